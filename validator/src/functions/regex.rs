//! Functions of regular expressions, in Go's syntax.

mod syntax;

use std::cell::RefCell;
use std::rc::Rc;

use cty::{Type, Value};
use regex::{Regex, RegexBuilder};

use super::support::{bounded, list};
use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, string};

const PATTERN: &[Parameter] = &[
    Parameter::new("pattern", Kind::String),
    Parameter::new("string", Kind::String),
];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", PATTERN, regex_type, regex),
    Function::new("regexall", PATTERN, regexall_type, regexall),
    Function::new(
        "replace",
        &[
            Parameter::new("str", Kind::String),
            Parameter::new("substr", Kind::String),
            Parameter::new("replace", Kind::String),
        ],
        string,
        replace,
    ),
];

/// Size of a compiled pattern; what is larger is hostile.
const LARGEST: usize = 4 * 1024 * 1024;
/// A pattern that was compiled, with the names of its groups.
struct Pattern {
    regex: Regex,
    names: Vec<Option<String>>,
}

thread_local! {
    /// The pattern of the last call: its type and its value ask for the same one, and so do all turns of a loop.
    static LAST: RefCell<Option<(String, Rc<Pattern>)>> = const { RefCell::new(None) };
}

fn compile(pattern: &str, argument: usize) -> Result<Rc<Pattern>, FunctionError> {
    let known = LAST.with_borrow(|last| {
        let (text, compiled) = last.as_ref()?;
        (text == pattern).then(|| Rc::clone(compiled))
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let wrong = |why: String| {
        FunctionError::argument(argument, format!("invalid regular expression: {why}"))
    };
    let translated = syntax::translate(pattern).map_err(wrong)?;
    let regex = RegexBuilder::new(&translated.pattern)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => wrong("it is too large".into()),
            regex::Error::Syntax(text) => wrong(
                text.lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ")
                    .to_owned(),
            ),
            other => wrong(other.to_string()),
        })?;
    let compiled = Rc::new(Pattern {
        regex,
        names: translated.names,
    });
    LAST.set(Some((pattern.to_owned(), Rc::clone(&compiled))));
    Ok(compiled)
}

/// A string without groups, a tuple of unnamed groups, or an object of named ones.
fn result_type(pattern: &Pattern) -> Result<Type, FunctionError> {
    let groups = &pattern.names;
    let named = groups.iter().flatten().count();
    if groups.is_empty() {
        return Ok(Type::String);
    }
    if named == 0 {
        return Ok(Type::tuple(vec![Type::String; groups.len()]));
    }
    if named < groups.len() {
        return Err(FunctionError::argument(
            0,
            "named and unnamed groups cannot be mixed",
        ));
    }
    let names = groups.iter().flatten();
    Ok(Type::object(
        names.map(|name| (name.as_str(), Type::String)),
    ))
}

fn regex_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].as_str() {
        // What it gives depends on its groups.
        None => Ok(Type::Dynamic),
        Some(pattern) => result_type(compile(pattern, 0)?.as_ref()),
    }
}

fn regexall_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    regex_type(arguments).map(Type::list)
}

fn captured(captures: &regex::Captures<'_>, names: &[Option<String>]) -> Value {
    let group = |at: usize| {
        captures.get(at).map_or_else(
            || Value::null(Type::String),
            |found| Value::string(found.as_str()),
        )
    };
    if names.is_empty() {
        return group(0);
    }
    // Of several groups with one name the last one counts.
    let named = (1..).zip(names);
    let named: Vec<(&str, Value)> = named
        .filter_map(|(at, name)| Some((name.as_deref()?, group(at))))
        .collect();
    if named.is_empty() {
        return Value::tuple((1..=names.len()).map(group).collect());
    }
    Value::object(named)
}

fn regex(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let pattern = compile(text(arguments, 0), 0)?;
    match pattern.regex.captures(text(arguments, 1)) {
        Some(captures) => Ok(captured(&captures, &pattern.names)),
        None => Err(FunctionError::new(
            "the pattern did not match any part of the string",
        )),
    }
}

fn regexall(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let pattern = compile(text(arguments, 0), 0)?;
    let element = super::support::element_of(ty);
    let mut found = Vec::new();
    for captures in pattern.regex.captures_iter(text(arguments, 1)) {
        found.push(captured(&captures, &pattern.names));
        bounded(found.len())?;
    }
    list(&element, found)
}

/// Bytes that a replacement may make.
const LONGEST: usize = 64 * 1024 * 1024;

fn replace(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (text, wanted, new) = (text(arguments, 0), text(arguments, 1), text(arguments, 2));
    if new.len().saturating_mul(text.len() + 1) > LONGEST {
        let count = if wanted.is_empty() {
            text.len() + 1
        } else {
            text.matches(wanted).count()
        };
        if new.len().saturating_mul(count) > LONGEST {
            return Err(FunctionError::new("the text would be too long"));
        }
    }
    match wanted
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'))
    {
        Some(pattern) if wanted.len() > 1 => replaced(text, pattern, new).map(Value::string),
        _ => Ok(Value::string(text.replace(wanted, new))),
    }
}

fn bounded_text(length: usize, more: usize) -> Result<(), FunctionError> {
    if length.saturating_add(more) > LONGEST {
        return Err(FunctionError::new("the text would be too long"));
    }
    Ok(())
}

/// Replaces what a pattern finds by a template.
fn replaced(text: &str, pattern: &str, template: &str) -> Result<String, FunctionError> {
    let pattern = compile(pattern, 1)?;
    let groups = template.matches('$').count();
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for captures in pattern.regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        out.push_str(&text[done..whole.start()]);
        // No group is longer than the match.
        let most = template.len() + groups.saturating_mul(whole.len());
        bounded_text(out.len(), most)?;
        expand(template, &captures, &pattern.names, &mut out);
        done = whole.end();
    }
    out.push_str(&text[done..]);
    Ok(out)
}

/// Writes a template: `$1`, `${1}`, `$name` and `${name}` stand for groups, `$$` for one sign.
fn expand(
    template: &str,
    captures: &regex::Captures<'_>,
    names: &[Option<String>],
    out: &mut String,
) {
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let Some((name, behind)) = group_name(rest) else {
            out.push('$');
            continue;
        };
        rest = behind;
        let leading = name.len() > 1 && name.starts_with('0');
        let group = match name.parse::<usize>() {
            Ok(at) if !leading => captures.get(at),
            _ => {
                let same = (1..).zip(names);
                let mut same = same.filter(|(_, other)| other.as_deref() == Some(name));
                same.find_map(|(at, _)| captures.get(at))
            }
        };
        out.push_str(group.map_or("", |found| found.as_str()));
    }
    out.push_str(rest);
}

/// The name at the start of a text, in braces or as long as it goes, and what follows.
fn group_name(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = match text.strip_prefix('{') {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    if braced {
        return Some((name, rest.strip_prefix('}')?));
    }
    Some((name, rest))
}
