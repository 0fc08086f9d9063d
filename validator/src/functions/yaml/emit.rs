//! Writes YAML: keys and strings quoted, text of several lines as a literal block, lines folded past 80 columns.

use cty::Value;

/// Column behind which a quoted string goes on in the next line.
const WIDTH: usize = 80;
/// Longest key that is written in front of its colon.
const LONGEST_KEY: usize = 128;

/// A document of a known value.
pub(super) fn document(value: &Value) -> String {
    let mut out = Writer {
        text: String::new(),
        column: 0,
    };
    out.node(value, 0, false);
    out.line();
    // A plain scalar could go on: an end says that it does not.
    if !is_container(value) && value.as_str().is_none() {
        out.text.push_str("...\n");
    }
    out.text
}

struct Writer {
    text: String,
    column: usize,
}

fn is_container(value: &Value) -> bool {
    value.elements().is_some() || value.entries().is_some()
}

fn is_empty(value: &Value) -> bool {
    value.elements().is_some_and(<[Value]>::is_empty)
        || value
            .entries()
            .is_some_and(std::collections::BTreeMap::is_empty)
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    /// Ends the line, if something stands on it.
    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.column = 0;
    }

    fn begin(&mut self, indent: usize) {
        self.line();
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// A value whose container is indented so far; `here` where its first item stands on the line that was begun.
    fn node(&mut self, value: &Value, indent: usize, here: bool) {
        if let Some(text) = value.as_str() {
            self.string(text, indent + 2, false);
        } else if let Some(number) = value.as_number() {
            self.push(&number.to_string());
        } else if let Some(truth) = value.as_bool() {
            self.push(if truth { "true" } else { "false" });
        } else if let Some(elements) = value.elements() {
            self.sequence(elements, indent, here);
        } else if let Some(entries) = value.entries() {
            self.mapping(entries, indent, here);
        } else {
            self.push("null");
        }
    }

    fn sequence(&mut self, elements: &[Value], indent: usize, here: bool) {
        if elements.is_empty() {
            return self.push("[]");
        }
        for (at, element) in elements.iter().enumerate() {
            if !(here && at == 0) {
                self.begin(indent);
            }
            self.push("- ");
            let inner = if is_container(element) {
                indent + 2
            } else {
                indent
            };
            self.node(element, inner, true);
        }
    }

    fn mapping(
        &mut self,
        entries: &std::collections::BTreeMap<std::sync::Arc<str>, Value>,
        indent: usize,
        here: bool,
    ) {
        if entries.is_empty() {
            return self.push("{}");
        }
        for (at, (key, value)) in entries.iter().enumerate() {
            if !(here && at == 0) {
                self.begin(indent);
            }
            if key.len() <= LONGEST_KEY && !key.contains('\n') {
                self.string(key, indent + 2, true);
                self.push(":");
            } else {
                self.push("? ");
                self.string(key, indent + 2, false);
                self.begin(indent);
                self.push(":");
            }
            self.value_of_key(value, indent);
        }
    }

    fn value_of_key(&mut self, value: &Value, indent: usize) {
        if !is_container(value) || is_empty(value) {
            self.push(" ");
            self.node(value, indent, true);
        } else if value.elements().is_some() {
            // A list below a key is not indented further.
            self.node(value, indent, false);
        } else {
            self.node(value, indent + 2, false);
        }
    }

    fn string(&mut self, text: &str, indent: usize, key: bool) {
        if !key && text.contains('\n') && fits_block(text) {
            self.block(text, indent);
        } else {
            self.quoted(text, indent, !key);
        }
    }

    fn block(&mut self, text: &str, indent: usize) {
        self.push("|");
        if text.starts_with([' ', '\n']) {
            self.push("2");
        }
        let ends = text.len() - text.trim_end_matches('\n').len();
        match ends {
            0 => self.push("-"),
            1 if text.len() > 1 => {}
            _ => self.push("+"),
        }
        let body = text.strip_suffix('\n').unwrap_or(text);
        for line in body.split('\n') {
            self.text.push('\n');
            if !line.is_empty() {
                self.text.extend(std::iter::repeat_n(' ', indent));
                self.text.push_str(line);
            }
        }
        if ends > 0 {
            self.text.push('\n');
        }
        self.column = 0;
    }

    fn quoted(&mut self, text: &str, indent: usize, folds: bool) {
        self.push("\"");
        // Behind a byte order mark nothing stands as it is.
        let all = text.starts_with('\u{feff}');
        let mut chars = text.chars().peekable();
        let (mut first, mut after_blank) = (true, false);
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            if c == ' ' && !all {
                if folds && !after_blank && self.column > WIDTH && !first && next.is_some() {
                    self.begin_folded(indent);
                    if next == Some(' ') {
                        self.push("\\");
                    }
                } else {
                    self.push(" ");
                }
                after_blank = true;
            } else {
                self.character(c, all);
                after_blank = false;
            }
            first = false;
        }
        self.push("\"");
    }

    fn begin_folded(&mut self, indent: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn character(&mut self, c: char, always: bool) {
        let escape = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            c if is_printable(c) && !always => {
                self.text.push(c);
                self.column += 1;
                return;
            }
            c => {
                let code = u32::from(c);
                let escape = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.push(&escape);
            }
        };
        self.push(escape);
    }
}

/// What may stand as it is; characters beyond the first plane may not.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && c != '\u{feff}'
}

/// Whether a literal block can hold the text: everything printable, no blank at the end of a line.
fn fits_block(text: &str) -> bool {
    let breaks = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    text.chars().all(|c| is_printable(c) && !breaks(c))
        && !text.contains(" \n")
        && !text.ends_with(' ')
}
