//! JSON as text: encoding and decoding as Terraform does.

use cty::{Number, Refinements, Type, Value};
use serde_json::Value as Json;

use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, string};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "jsondecode",
        &[Parameter::new("str", Kind::String)],
        decode_type,
        decode,
    )
    .maybe_null(),
    Function::new(
        "jsonencode",
        &[Parameter::new("val", Kind::Any)
            .sees_unknown()
            .sees_dynamic()
            .nullable()],
        string,
        encode,
    ),
];

/// Nesting that is read.
const DEEPEST: usize = 512;

fn decode_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].as_str() {
        None => begun(&arguments[0]),
        Some(text) => parse(text).map(|value| value.ty().clone()),
    }
}

/// The type of a document of which only the beginning is known.
fn begun(value: &Value) -> Result<Type, FunctionError> {
    let refinements = value.unknown_info().and_then(cty::Unknown::refinements);
    let prefix = refinements.and_then(|promised| promised.prefix.as_deref());
    let first = prefix.and_then(|prefix| prefix.trim_start().chars().next());
    match first {
        Some('"') => Ok(Type::String),
        Some('-' | '0'..='9') => Ok(Type::Number),
        Some('t' | 'f') => Ok(Type::Bool),
        Some('{' | '[' | 'n') | None => Ok(Type::Dynamic),
        Some(other) => Err(FunctionError::argument(
            0,
            format!("this is not JSON: no document begins with {other:?}"),
        )),
    }
}

fn decode(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    parse(text(arguments, 0))
}

/// The value that JSON says: arrays are tuples, objects are objects, numbers keep their digits.
pub(super) fn parse(text: &str) -> Result<Value, FunctionError> {
    let wrong = |why: String| FunctionError::argument(0, format!("this is not JSON: {why}"));
    if nesting(text) > DEEPEST {
        return Err(wrong(format!("it is nested deeper than {DEEPEST} levels")));
    }
    let text = &paired(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let json: Json =
        serde::Deserialize::deserialize(&mut reader).map_err(|error| wrong(error.to_string()))?;
    reader.end().map_err(|error| wrong(error.to_string()))?;
    value_of(&json).map_err(wrong)
}

/// Escapes of half a character stand for the replacement character, as in Go.
fn paired(text: &str) -> std::borrow::Cow<'_, str> {
    let unit = |at: usize| {
        let hex = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(hex, 16).ok()
    };
    let high = |unit: u16| (0xd800..0xdc00).contains(&unit);
    let low = |unit: u16| (0xdc00..0xe000).contains(&unit);
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(distance) = text[at..].find('\\') {
        out.push_str(&text[at..at + distance]);
        at += distance;
        match (unit(at), unit(at + 6)) {
            (Some(first), Some(second)) if high(first) && low(second) => {
                out.push_str(&text[at..at + 12]);
                at += 12;
            }
            (Some(first), _) if high(first) || low(first) => {
                out.push_str("\\ufffd");
                at += 6;
            }
            _ => {
                let length = text[at + 1..]
                    .chars()
                    .next()
                    .map_or(1, |c| 1 + c.len_utf8());
                out.push_str(&text[at..at + length]);
                at += length;
            }
        }
    }
    out.push_str(&text[at..]);
    out.into()
}

/// How deep brackets are nested, strings aside.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn value_of(json: &Json) -> Result<Value, String> {
    Ok(match json {
        Json::Null => Value::null(Type::Dynamic),
        Json::Bool(truth) => Value::bool(*truth),
        Json::String(text) => Value::string(text),
        Json::Number(number) => {
            let text = number.to_string();
            Value::number(Number::parse(&text).map_err(|error| error.to_string())?)
        }
        Json::Array(elements) => {
            Value::tuple(elements.iter().map(value_of).collect::<Result<_, _>>()?)
        }
        Json::Object(entries) => {
            let entries: Result<Vec<(&String, Value)>, String> = entries
                .iter()
                .map(|(key, json)| Ok((key, value_of(json)?)))
                .collect();
            Value::object(entries?)
        }
    })
}

fn encode(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let value = &arguments[0];
    if value.is_wholly_known() {
        let mut out = String::new();
        write(value, &mut out);
        return Ok(Value::string(out));
    }
    // How the text begins may be clear already.
    let certain = value.is_known() || value.unknown_info().is_some_and(cty::Unknown::is_not_null);
    let prefix = match value.ty() {
        Type::String => "\"",
        Type::Object(_) | Type::Map(_) => "{",
        Type::Tuple(_) | Type::List(_) | Type::Set(_) => "[",
        _ => "",
    };
    let unknown = Value::unknown(ty.clone());
    if !certain || prefix.is_empty() {
        return Ok(unknown);
    }
    Ok(unknown.with_refinements(Refinements {
        null: Some(false),
        prefix: Some(prefix.into()),
        ..Refinements::default()
    }))
}

/// Writes a known value as Go does: sorted keys, all digits, HTML characters escaped.
pub(super) fn write(value: &Value, out: &mut String) {
    if let Some(text) = value.as_str() {
        quote(text, out);
    } else if let Some(number) = value.as_number() {
        out.push_str(&number.to_string());
    } else if let Some(truth) = value.as_bool() {
        out.push_str(if truth { "true" } else { "false" });
    } else if let Some(elements) = value.elements() {
        out.push('[');
        for (at, element) in elements.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write(element, out);
        }
        out.push(']');
    } else if let Some(entries) = value.entries() {
        out.push('{');
        for (at, (key, element)) in entries.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            quote(key, out);
            out.push(':');
            write(element, out);
        }
        out.push('}');
    } else {
        out.push_str("null");
    }
}

fn quote(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
