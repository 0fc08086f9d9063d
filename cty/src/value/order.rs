//! The canonical order of set elements, as Terraform iterates over sets: expressions over sets depend on it.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::Data;
use crate::{Type, Value};

/// Elements of a set: sorted, equal ones once. What is not wholly known stays apart, since it may become anything.
pub(super) fn canonical(elements: Vec<Value>) -> Vec<Value> {
    let primitive = elements.iter().all(|e| e.ty.is_primitive());
    let mut keyed: Vec<(String, Value)> = elements
        .into_iter()
        .map(|element| {
            (
                if primitive {
                    String::new()
                } else {
                    key(&element)
                },
                element,
            )
        })
        .collect();
    keyed.sort_by(|(a_key, a), (b_key, b)| {
        rank(a)
            .cmp(&rank(b))
            .then_with(|| a_key.as_bytes().cmp(b_key.as_bytes()))
            .then_with(|| a.cmp(b))
    });
    keyed.dedup_by(|(_, b), (_, a)| a.is_wholly_known() && *a == *b);
    keyed.into_iter().map(|(_, element)| element).collect()
}

/// Unknowns come after what is known, nulls last.
fn rank(value: &Value) -> u8 {
    match value.data {
        Data::Null => 2,
        Data::Unknown(_) => 1,
        _ => 0,
    }
}

/// The text by which elements of compound types are sorted.
fn key(value: &Value) -> String {
    let mut out = String::new();
    write_key(value, &mut out);
    out
}

fn write_key(value: &Value, out: &mut String) {
    match &value.data {
        Data::Unknown(_) => out.push('?'),
        Data::Null => out.push('~'),
        Data::Bool(truth) => out.push(if *truth { 'T' } else { 'F' }),
        Data::Number(number) => out.push_str(&number.ten_digits()),
        Data::String(text) => write_quoted(text, out),
        Data::Elements(elements) => {
            let (open, close) = if matches!(value.ty, Type::Tuple(_)) {
                ('<', '>')
            } else {
                ('[', ']')
            };
            out.push(open);
            for element in elements.iter() {
                write_key(element, out);
                out.push(';');
            }
            out.push(close);
        }
        Data::Entries(entries) => {
            let map = matches!(value.ty, Type::Map(_));
            out.push(if map { '{' } else { '<' });
            for (name, entry) in entries.iter() {
                if map {
                    write_quoted(name, out);
                    out.push(':');
                }
                write_key(entry, out);
                out.push(';');
            }
            out.push(if map { '}' } else { '>' });
        }
    }
}

/// Text in double quotes, escaped as Go does it.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        let escape = match c {
            '\u{7}' => Some("\\a"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            '\u{b}' => Some("\\v"),
            '\\' => Some("\\\\"),
            '"' => Some("\\\""),
            _ => None,
        };
        let code = u32::from(c);
        // Writing to a string cannot fail.
        let _ = match escape {
            Some(escape) => out.write_str(escape),
            None if printable(c) => out.write_char(c),
            None if code < 0x80 => write!(out, "\\x{code:02x}"),
            None if code <= 0xffff => write!(out, "\\u{code:04x}"),
            None => write!(out, "\\U{code:08x}"),
        };
    }
    out.push('"');
}

fn printable(c: char) -> bool {
    // Behind another character only what cannot be printed is escaped; alone, a combining mark would be as well.
    c == ' '
        || c.is_ascii_graphic()
        || (!c.is_ascii() && format!("a{c}").escape_debug().nth(1) != Some('\\'))
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A fixed order over all values: for values of one primitive type that of strings, numbers and `false` before `true`.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        self.data
            .cmp(&other.data)
            .then_with(|| self.ty.cmp(&other.ty))
            .then_with(|| self.marks.cmp(&other.marks))
    }
}

impl Data {
    fn kind(&self) -> u8 {
        match self {
            Data::Bool(_) => 0,
            Data::Number(_) => 1,
            Data::String(_) => 2,
            Data::Elements(_) => 3,
            Data::Entries(_) => 4,
            Data::Unknown(_) => 5,
            Data::Null => 6,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
            (Data::Number(a), Data::Number(b)) => a.cmp(b),
            (Data::String(a), Data::String(b)) => a.cmp(b),
            (Data::Elements(a), Data::Elements(b)) => a.cmp(b),
            (Data::Entries(a), Data::Entries(b)) => a.cmp(b),
            (Data::Unknown(a), Data::Unknown(b)) => a.refinements().cmp(&b.refinements()),
            _ => self.kind().cmp(&other.kind()),
        }
    }
}
