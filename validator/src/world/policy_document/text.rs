//! JSON with holes: known text and values that are not known, in order.

use cty::{Marks, Type, Value};

use crate::symbol::{self, Symbol};

/// Writes JSON as Go does, indented or not.
pub(super) struct Writer {
    pretty: bool,
    depth: usize,
    /// Whether something stands before in the innermost object or list.
    started: bool,
    text: String,
    parts: Vec<Value>,
    marks: Marks,
}

impl Writer {
    pub(super) fn new(pretty: bool) -> Self {
        Writer {
            pretty,
            depth: 0,
            started: false,
            text: String::new(),
            parts: Vec::new(),
            marks: Marks::new(),
        }
    }

    pub(super) fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.started = false;
    }

    pub(super) fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if self.started {
            self.line();
        }
        self.text.push(bracket);
        self.started = true;
    }

    fn line(&mut self) {
        if self.pretty {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", self.depth));
        }
    }

    /// Begins an element of a list.
    pub(super) fn item(&mut self) {
        if self.started {
            self.text.push(',');
        }
        self.started = true;
        self.line();
    }

    /// Begins a member of an object.
    pub(super) fn key(&mut self, name: &str) {
        self.item();
        self.text.push('"');
        escape(name, &mut self.text);
        self.text.push_str(if self.pretty { "\": " } else { "\":" });
    }

    /// A string, known or not.
    pub(super) fn string(&mut self, value: &Value) {
        self.text.push('"');
        match value.as_str() {
            Some(text) => escape(text, &mut self.text),
            None => self.holes(value),
        }
        self.text.push('"');
        self.note(value);
    }

    /// Something that is not known at all.
    pub(super) fn hole(&mut self, value: &Value) {
        self.part(value.clone());
        self.note(value);
    }

    fn note(&mut self, value: &Value) {
        self.marks.extend(value.marks_deep());
    }

    /// An unknown string: its literal parts stay text.
    fn holes(&mut self, value: &Value) {
        let template = symbol::of(value).cloned();
        match template.as_deref() {
            Some(Symbol::Template(parts)) => {
                for part in parts {
                    match part.as_str() {
                        Some(text) => escape(text, &mut self.text),
                        None => self.part(part.clone()),
                    }
                }
            }
            _ => self.part(value.clone()),
        }
    }

    fn part(&mut self, value: Value) {
        if !self.text.is_empty() {
            self.parts
                .push(Value::string(std::mem::take(&mut self.text)));
        }
        self.parts.push(value.unmark().0);
    }

    /// The text, or an unknown string with its parts; and what clings to it.
    pub(super) fn finish(mut self) -> (Value, Marks) {
        if self.parts.is_empty() {
            return (Value::string(self.text), self.marks);
        }
        if !self.text.is_empty() {
            self.parts.push(Value::string(self.text));
        }
        (
            symbol::with(Value::unknown(Type::String), Symbol::Template(self.parts)),
            self.marks,
        )
    }
}

/// Escapes as Go's `encoding/json` does, HTML characters too.
fn escape(text: &str, out: &mut String) {
    use std::fmt::Write as _;
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
}
