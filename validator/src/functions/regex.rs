//! Functions of regular expressions, in Go's syntax.

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
/// Repetitions that Go allows.
const MOST_REPETITIONS: u32 = 1000;

/// A pattern, translated: classes such as `\d` are ASCII in Go, and `\Q…\E` quotes.
fn compile(pattern: &str, argument: usize) -> Result<Regex, FunctionError> {
    let wrong = |why: String| {
        FunctionError::argument(argument, format!("invalid regular expression: {why}"))
    };
    let translated = translate(pattern).map_err(wrong)?;
    RegexBuilder::new(&translated)
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
        })
}

/// Rewrites a pattern of Go for the library here.
fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    let mut class = 0_u32;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let Some(next) = chars.next() else {
                    return Err("it ends in a backslash".into());
                };
                escape(next, class > 0, &mut chars, &mut out)?;
            }
            '[' if class == 0 => {
                class = 1;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    chars.next();
                    out.push('^');
                }
                // A bracket right at the start is itself.
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            '[' => {
                // Inside of a class only names such as [:alpha:] are brackets.
                if chars.peek() == Some(&':') {
                    out.push('[');
                    for c in chars.by_ref() {
                        out.push(c);
                        if c == ']' {
                            break;
                        }
                    }
                } else {
                    out.push_str("\\[");
                }
            }
            ']' if class > 0 => {
                class = 0;
                out.push(']');
            }
            // Operators between classes, which Go does not have.
            '&' | '~' | '-' if class > 0 && chars.peek() == Some(&c) => {
                chars.next();
                out.push('\\');
                out.push(c);
                if c != '-' {
                    out.push('\\');
                    out.push(c);
                }
            }
            '{' if class == 0 => repetition(&mut chars, &mut out)?,
            _ => out.push(c),
        }
    }
    Ok(out)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn escape(
    next: char,
    in_class: bool,
    chars: &mut Chars<'_>,
    out: &mut String,
) -> Result<(), String> {
    match next {
        'd' => out.push_str(if in_class { "0-9" } else { "[0-9]" }),
        'D' => out.push_str("[^0-9]"),
        's' => out.push_str(if in_class {
            "\\t\\n\\f\\r "
        } else {
            "[\\t\\n\\f\\r ]"
        }),
        'S' => out.push_str("[^\\t\\n\\f\\r ]"),
        'w' => out.push_str(if in_class {
            "0-9A-Za-z_"
        } else {
            "[0-9A-Za-z_]"
        }),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        'b' => out.push_str("(?-u:\\b)"),
        'B' => out.push_str("(?-u:\\B)"),
        'C' => return Err("\\C, a single byte, is not supported here".into()),
        'Q' => {
            let rest: String = chars.clone().collect();
            let quoted = rest
                .split_once("\\E")
                .map_or(rest.as_str(), |(quoted, _)| quoted);
            out.push_str(&regex::escape(quoted));
            let skipped = quoted.chars().count() + if rest.contains("\\E") { 2 } else { 0 };
            for _ in 0..skipped {
                chars.next();
            }
        }
        'A' | 'z' | 'a' | 'f' | 't' | 'n' | 'r' | 'v' | 'x' | 'p' | 'P' => {
            out.push('\\');
            out.push(next);
        }
        '1'..='7' | '0' => {
            // Octal in Go, where it is one; else a reference back, which Go does not have.
            let mut digits = String::from(next);
            while digits.len() < 3 && chars.peek().is_some_and(|c| ('0'..='7').contains(c)) {
                digits.extend(chars.next());
            }
            if next != '0' && digits.len() == 1 {
                return Err(format!("invalid escape \\{next}"));
            }
            let code = u32::from_str_radix(&digits, 8).map_err(|error| error.to_string())?;
            let escape = format!("\\x{{{code:x}}}");
            out.push_str(&escape);
        }
        c if c.is_ascii_punctuation() => {
            out.push('\\');
            out.push(c);
        }
        other => return Err(format!("invalid escape \\{other}")),
    }
    Ok(())
}

/// `{2}`, `{2,}`, `{2,5}`; any other brace is itself.
fn repetition(chars: &mut Chars<'_>, out: &mut String) -> Result<(), String> {
    let rest: String = chars.clone().take(16).collect();
    let inner = rest
        .split_once('}')
        .map(|(inner, _)| inner)
        .filter(|inner| {
            let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
            !low.is_empty()
                && low
                    .bytes()
                    .chain(high.bytes())
                    .all(|byte| byte.is_ascii_digit())
        });
    let Some(inner) = inner else {
        out.push_str("\\{");
        return Ok(());
    };
    for number in inner.split(',').filter(|number| !number.is_empty()) {
        if number
            .parse::<u32>()
            .is_ok_and(|number| number > MOST_REPETITIONS)
        {
            return Err(format!("more than {MOST_REPETITIONS} repetitions"));
        }
    }
    out.push('{');
    out.push_str(inner);
    out.push('}');
    for _ in 0..=inner.chars().count() {
        chars.next();
    }
    Ok(())
}

/// A string without groups, a tuple of unnamed groups, or an object of named ones.
fn result_type(regex: &Regex) -> Result<Type, FunctionError> {
    let groups: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
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
    Ok(Type::object(
        groups
            .into_iter()
            .flatten()
            .map(|name| (name.to_owned(), Type::String)),
    ))
}

fn regex_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].as_str() {
        // What it gives depends on its groups.
        None => Ok(Type::Dynamic),
        Some(pattern) => result_type(&compile(pattern, 0)?),
    }
}

fn regexall_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    regex_type(arguments).map(Type::list)
}

fn captured(captures: &regex::Captures<'_>, ty: &Type) -> Value {
    let group = |found: Option<regex::Match<'_>>| {
        found.map_or_else(
            || Value::null(Type::String),
            |found| Value::string(found.as_str()),
        )
    };
    match ty {
        Type::Tuple(parts) => Value::tuple(
            (1..=parts.len())
                .map(|at| group(captures.get(at)))
                .collect(),
        ),
        Type::Object(object) => {
            let names = object.attributes().keys();
            Value::object(
                names
                    .map(|name| (name.clone(), group(captures.name(name))))
                    .collect::<Vec<_>>(),
            )
        }
        _ => group(captures.get(0)),
    }
}

fn regex(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let regex = compile(text(arguments, 0), 0)?;
    match regex.captures(text(arguments, 1)) {
        Some(captures) => Ok(captured(&captures, ty)),
        None => Err(FunctionError::new(
            "the pattern did not match any part of the string",
        )),
    }
}

fn regexall(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let regex = compile(text(arguments, 0), 0)?;
    let element = super::support::element_of(ty);
    let mut found = Vec::new();
    for captures in regex.captures_iter(text(arguments, 1)) {
        found.push(captured(&captures, &element));
        bounded(found.len())?;
    }
    list(&element, found)
}

/// Bytes that a replacement may make.
const LONGEST: usize = 64 * 1024 * 1024;

fn replace(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (text, wanted, new) = (text(arguments, 0), text(arguments, 1), text(arguments, 2));
    let pattern = wanted
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    if let Some(pattern) = pattern {
        return replace_all(&compile(pattern, 1)?, text, new).map(Value::string);
    }
    // Counted only where it could be too much.
    if new.len().saturating_mul(text.len() + 1) > LONGEST {
        let count = text.matches(wanted).count();
        bounded_text(text.len(), new.len().saturating_mul(count))?;
    }
    Ok(Value::string(text.replace(wanted, new)))
}

/// Replaces each match; `$1` and `${name}` stand for groups.
fn replace_all(regex: &Regex, text: &str, new: &str) -> Result<String, FunctionError> {
    let groups = new.matches('$').count();
    let mut out = String::new();
    let mut done = 0;
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        out.push_str(&text[done..whole.start()]);
        // No group is longer than the match.
        let most = new.len() + groups.saturating_mul(whole.len());
        bounded_text(out.len(), most)?;
        captures.expand(new, &mut out);
        done = whole.end();
    }
    out.push_str(&text[done..]);
    Ok(out)
}

fn bounded_text(length: usize, more: usize) -> Result<(), FunctionError> {
    if length.saturating_add(more) > LONGEST {
        return Err(FunctionError::new("the text would be too long"));
    }
    Ok(())
}
