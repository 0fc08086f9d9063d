//! Values for people and for programs.

use std::fmt::Write as _;

use cty::{Mark, Type, Value};
use serde_json::{Map, Number, Value as Json};

use crate::printable;
use crate::symbol;

/// Whether something of it must not be shown.
pub(crate) fn is_sensitive(value: &Value) -> bool {
    value.is_marked_deep()
        && value
            .marks_deep()
            .iter()
            .any(|mark| matches!(mark, Mark::Sensitive | Mark::Ephemeral))
}

/// A value as JSON; what is not known is null.
pub(crate) fn json(value: &Value) -> Json {
    if let Some(text) = value.as_str() {
        return Json::String(text.into());
    }
    if let Some(truth) = value.as_bool() {
        return Json::Bool(truth);
    }
    if let Some(number) = value.as_number() {
        // All digits stay; an infinity has no JSON of its own.
        let text = number.to_string();
        return serde_json::from_str::<Number>(&text).map_or(Json::String(text), Json::Number);
    }
    if let Some(elements) = value.elements() {
        return Json::Array(elements.iter().map(json).collect());
    }
    if let Some(entries) = value.entries() {
        return Json::Object(
            entries
                .iter()
                .map(|(key, value)| (key.to_string(), json(value)))
                .collect(),
        );
    }
    Json::Null
}

/// Which parts are not known, in the shape of the value: `true` where one is not, as plans have it.
pub(crate) fn unknown_mask(value: &Value) -> Json {
    if !value.is_known() {
        return Json::Bool(true);
    }
    if let Some(elements) = value.elements() {
        return Json::Array(elements.iter().map(unknown_mask).collect());
    }
    if let Some(entries) = value.entries() {
        let inner: Map<String, Json> = entries
            .iter()
            .filter(|(_, value)| !value.is_wholly_known())
            .map(|(key, value)| (key.to_string(), unknown_mask(value)))
            .collect();
        return Json::Object(inner);
    }
    Json::Bool(false)
}

/// A value as it would be written, with what is unknown and why.
pub(crate) fn text(value: &Value, reveal: bool) -> String {
    let mut out = String::new();
    write(value, reveal, 0, &mut out);
    out
}

fn write(value: &Value, reveal: bool, depth: usize, out: &mut String) {
    let secret = |mark: &Mark| matches!(mark, Mark::Sensitive | Mark::Ephemeral);
    if !reveal && value.marks().is_some_and(|marks| marks.iter().any(secret)) {
        out.push_str("(sensitive value)");
        return;
    }
    if value.is_null() {
        out.push_str(&printable::line(&null(value.ty())));
        return;
    }
    if !value.is_known() {
        match symbol::of(value) {
            Some(symbol) => {
                let text = symbol::text(symbol);
                out.push_str("(unknown: ");
                out.push_str(&printable::line(&text));
                out.push(')');
            }
            None => out.push_str("(unknown)"),
        }
        return;
    }
    if let Some(text) = value.as_str() {
        out.push_str(&quoted(text));
        return;
    }
    if let Some(truth) = value.as_bool() {
        out.push_str(if truth { "true" } else { "false" });
        return;
    }
    if let Some(number) = value.as_number() {
        // Writing to a string cannot fail.
        let _ = write!(out, "{number}");
        return;
    }
    let (open, close) = match value.ty() {
        Type::List(_) => ("tolist([", "])"),
        Type::Set(_) => ("toset([", "])"),
        Type::Map(_) => ("tomap({", "})"),
        Type::Object(_) => ("{", "}"),
        _ => ("[", "]"),
    };
    out.push_str(open);
    let mut lines = 0;
    for element in value.elements().unwrap_or_default() {
        line(depth + 1, out);
        write(element, reveal, depth + 1, out);
        out.push(',');
        lines += 1;
    }
    for (key, element) in value
        .entries()
        .into_iter()
        .flat_map(|entries| entries.iter())
    {
        line(depth + 1, out);
        out.push_str(&quoted(key));
        out.push_str(" = ");
        write(element, reveal, depth + 1, out);
        lines += 1;
    }
    if lines > 0 {
        line(depth, out);
    }
    out.push_str(close);
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "null".into(),
        Type::String | Type::Number | Type::Bool => format!("to{ty}(null)"),
        other => format!("null (of type {other})"),
    }
}

/// Text in quotes, as a configuration would have it.
pub(crate) fn quoted(text: &str) -> String {
    crate::world::quoted(text)
}
