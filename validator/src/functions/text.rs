//! Functions of plain text. Characters are grapheme clusters where Terraform counts them so.

use std::collections::HashSet;

use cty::{Type, Value};
use unicode_segmentation::UnicodeSegmentation as _;

use super::support::{list, whole};
use super::{Environment, Function, FunctionError, Kind, Parameter, bool, string, string_list};

const STR: &[Parameter] = &[Parameter::new("str", Kind::String)];
const STRING: Kind = Kind::String;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", STR, string, |a, _, _| {
        of(text(a, 0).trim_end_matches(['\r', '\n']))
    }),
    Function::new("lower", STR, string, |a, _, _| {
        of(text(a, 0).chars().map(lower).collect::<String>())
    }),
    Function::new("upper", STR, string, |a, _, _| {
        of(text(a, 0).chars().map(upper).collect::<String>())
    }),
    Function::new("title", STR, string, |a, _, _| of(title(text(a, 0)))),
    Function::new("strrev", STR, string, |a, _, _| {
        of(text(a, 0).graphemes(true).rev().collect::<String>())
    }),
    Function::new("trimspace", STR, string, |a, _, _| of(text(a, 0).trim())),
    Function::new(
        "trim",
        &[
            Parameter::new("str", STRING),
            Parameter::new("cutset", STRING),
        ],
        string,
        trim,
    ),
    Function::new(
        "trimprefix",
        &[
            Parameter::new("str", STRING),
            Parameter::new("prefix", STRING),
        ],
        string,
        |a, _, _| of(text(a, 0).strip_prefix(text(a, 1)).unwrap_or(text(a, 0))),
    ),
    Function::new(
        "trimsuffix",
        &[
            Parameter::new("str", STRING),
            Parameter::new("suffix", STRING),
        ],
        string,
        |a, _, _| of(text(a, 0).strip_suffix(text(a, 1)).unwrap_or(text(a, 0))),
    ),
    Function::new(
        "startswith",
        &[
            Parameter::new("str", STRING).sees_unknown(),
            Parameter::new("prefix", STRING),
        ],
        bool,
        startswith,
    ),
    Function::new(
        "endswith",
        &[
            Parameter::new("str", STRING),
            Parameter::new("suffix", STRING),
        ],
        bool,
        |a, _, _| Ok(Value::bool(text(a, 0).ends_with(text(a, 1)))),
    ),
    Function::new(
        "strcontains",
        &[
            Parameter::new("str", STRING),
            Parameter::new("substr", STRING),
        ],
        bool,
        |a, _, _| Ok(Value::bool(text(a, 0).contains(text(a, 1)))),
    )
    .promising_nothing(),
    Function::new(
        "indent",
        &[
            Parameter::new("spaces", Kind::Number),
            Parameter::new("str", STRING),
        ],
        string,
        indent,
    ),
    Function::new("join", &[Parameter::new("separator", STRING)], string, join)
        .with_more(Parameter::new("lists", Kind::StringList).sees_unknown()),
    Function::new(
        "split",
        &[
            Parameter::new("separator", STRING),
            Parameter::new("str", STRING),
        ],
        string_list,
        split,
    ),
    Function::new(
        "substr",
        &[
            Parameter::new("str", STRING),
            Parameter::new("offset", Kind::Number),
            Parameter::new("length", Kind::Number),
        ],
        string,
        substr,
    ),
];

/// The text of an argument that is known.
pub(super) fn text(arguments: &[Value], at: usize) -> &str {
    arguments
        .get(at)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn of(text: impl AsRef<str>) -> Result<Value, FunctionError> {
    Ok(Value::string(text))
}

/// One character for one character: what would become several stays as it is.
fn upper(c: char) -> char {
    match c {
        // Greek letters with an iota beneath: alone they have a capital of their own.
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(c) + 8).unwrap_or(c)
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => char::from_u32(u32::from(c) + 9).unwrap_or(c),
        _ => {
            let mut upper = c.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(only), None) => only,
                _ => c,
            }
        }
    }
}

fn lower(c: char) -> char {
    // The dotted capital I becomes two characters elsewhere; here its dot is lost.
    c.to_lowercase().next().unwrap_or(c)
}

fn title(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|c| {
            let begins = separates(before);
            before = c;
            if begins { title_case(c) } else { c }
        })
        .collect()
}

/// Whether a word may begin behind this character.
fn separates(c: char) -> bool {
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !c.is_alphanumeric() && c.is_whitespace()
}

fn title_case(c: char) -> char {
    match c {
        // Two letters in one: only the first is a capital.
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        // Georgian has capitals, but not for titles.
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => upper(c),
    }
}

fn trim(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let cutset: HashSet<char> = text(arguments, 1).chars().collect();
    of(text(arguments, 0).trim_matches(|c| cutset.contains(&c)))
}

/// The beginning of an unknown string may be known, and may be enough.
fn startswith(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let prefix = text(arguments, 1);
    if let Some(known) = arguments[0].as_str() {
        return Ok(Value::bool(known.starts_with(prefix)));
    }
    let promised = arguments[0]
        .unknown_info()
        .and_then(|unknown| unknown.refinements()?.prefix.clone());
    let promised = promised.as_deref().unwrap_or_default();
    if prefix.is_empty() || promised.starts_with(prefix) {
        return Ok(Value::bool(true));
    }
    if !prefix.starts_with(promised) || promised.len() >= prefix.len() {
        return Ok(Value::bool(false));
    }
    Ok(Value::unknown(Type::Bool))
}

/// Characters that one function may put in.
const MOST: usize = 64 * 1024 * 1024;

fn indent(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let spaces = usize::try_from(whole(&arguments[0], 0)?)
        .map_err(|_| FunctionError::argument(0, "the number of spaces must not be negative"))?;
    let text = text(arguments, 1);
    let lines = text.matches('\n').count();
    if spaces.saturating_mul(lines) > MOST {
        return Err(FunctionError::argument(
            0,
            format!("{spaces} spaces before each of {lines} lines are too many"),
        ));
    }
    of(text.replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

fn join(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if arguments.len() < 2 {
        return Err(FunctionError::new("at least one list is required"));
    }
    let separator = text(arguments, 0);
    let mut parts: Vec<&str> = Vec::new();
    if arguments.iter().any(|argument| !argument.is_wholly_known()) {
        return Ok(Value::unknown(ty.clone()));
    }
    for (at, list) in arguments.iter().enumerate().skip(1) {
        for (i, element) in list.elements().unwrap_or_default().iter().enumerate() {
            if element.is_null() {
                return Err(FunctionError::argument(
                    at,
                    format!("element {i} is null, which cannot be joined"),
                ));
            }
            parts.push(element.as_str().unwrap_or_default());
        }
    }
    let length = parts.iter().map(|part| part.len()).sum::<usize>()
        + separator.len().saturating_mul(parts.len());
    if length > MOST {
        return Err(FunctionError::new("the text would be too long"));
    }
    of(parts.join(separator))
}

fn split(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (separator, text) = (text(arguments, 0), text(arguments, 1));
    let parts: Vec<Value> = if separator.is_empty() {
        text.chars().map(|c| Value::string(c.to_string())).collect()
    } else {
        text.split(separator).map(Value::string).collect()
    };
    list(&Type::String, parts)
}

fn substr(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let text = text(arguments, 0);
    let (offset, length) = (whole(&arguments[1], 1)?, whole(&arguments[2], 2)?);
    let skipped = if offset < 0 {
        let total = i64::try_from(text.graphemes(true).count()).unwrap_or(i64::MAX);
        total.saturating_add(offset)
    } else {
        offset
    };
    let rest = text
        .graphemes(true)
        .skip(usize::try_from(skipped).unwrap_or(0));
    // Terraform notices that nothing is wanted only where it counts from the start.
    let length = if length == 0 && offset < 0 {
        -1
    } else {
        length
    };
    match usize::try_from(length) {
        Ok(length) => of(rest.take(length).collect::<String>()),
        Err(_) => of(rest.collect::<String>()),
    }
}
