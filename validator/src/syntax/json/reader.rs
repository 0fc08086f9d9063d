//! JSON text into a plain tree with positions: order and duplicates are kept, strings are decoded.

mod nested;

use crate::source::Span;
use crate::syntax::SyntaxError;
use crate::syntax::parser::{BOM, MAX_NESTING, MOST_ERRORS};

/// A JSON value.
pub(super) struct Json {
    pub(super) kind: Kind,
    /// Where it stands, quotes and brackets included.
    pub(super) span: Span,
}

/// What a value is.
pub(super) enum Kind {
    /// Something that could not be read.
    Bad,
    Null,
    True,
    False,
    Number,
    /// Where the decoded text is: in the file where the text needs no decoding, else behind it.
    String(Span),
    Array(Vec<Json>),
    Object(Vec<Member>),
}

/// A property of an object.
pub(super) struct Member {
    pub(super) name: Name,
    pub(super) value: Json,
}

/// The name of a property.
#[derive(Clone, Copy)]
pub(super) struct Name {
    /// Where it stands, quotes included.
    pub(super) span: Span,
    /// Where the decoded text is.
    pub(super) text: Span,
}

/// What reading gave.
pub(super) struct Document {
    pub(super) root: Json,
    /// Decoded text, to be put behind the file.
    pub(super) decoded: Vec<u8>,
    /// Where each run of decoded text begins, and where in the file it came from.
    pub(super) runs: Vec<(u32, u32)>,
    pub(super) errors: Vec<SyntaxError>,
}

/// Reads a file.
pub(super) fn read(source: &[u8]) -> Document {
    let mut reader = Reader {
        source,
        at: 0,
        depth: 0,
        stopped: false,
        // One byte stays free behind the file, so that its end is never the start of decoded text.
        base: source.len() + 1,
        decoded: Vec::new(),
        runs: Vec::new(),
        errors: Vec::new(),
    };
    let root = reader.whole();
    Document {
        root,
        decoded: reader.decoded,
        runs: reader.runs,
        errors: reader.errors,
    }
}

pub(super) struct Reader<'a> {
    pub(super) source: &'a [u8],
    pub(super) at: usize,
    depth: u32,
    /// Nothing behind an error can be made sense of: everything that is open ends here.
    stopped: bool,
    /// Where decoded text will begin.
    pub(super) base: usize,
    pub(super) decoded: Vec<u8>,
    pub(super) runs: Vec<(u32, u32)>,
    errors: Vec<SyntaxError>,
}

/// Offsets have 31 bits: longer files are refused before.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

pub(super) fn between(start: usize, end: usize) -> Span {
    Span {
        start: offset(start),
        end: offset(end),
    }
}

impl Reader<'_> {
    fn whole(&mut self) -> Json {
        if self.source.starts_with(BOM) {
            self.note(
                0,
                BOM.len(),
                "a byte-order mark cannot stand in front of JSON",
            );
            self.at = BOM.len();
        }
        let root = self.value();
        self.blanks();
        if !self.stopped && self.at < self.source.len() {
            let message = format!(
                "expected the end of the file behind the value, found {}",
                self.found()
            );
            self.stop(message);
        }
        root
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    pub(super) fn note(&mut self, start: usize, end: usize, message: impl Into<String>) {
        self.errors.push(SyntaxError {
            span: between(start, end),
            message: message.into(),
        });
        self.stopped |= self.errors.len() >= MOST_ERRORS;
    }

    /// Notes an error at the place that is looked at, and gives up.
    pub(super) fn stop(&mut self, message: impl Into<String>) {
        let end = (self.at + 1).min(self.source.len());
        self.note(self.at, end, message);
        self.stopped = true;
    }

    /// What is looked at, as messages call it.
    fn found(&self) -> String {
        match self.peek() {
            None => "the end of the file".into(),
            Some(b'\'') => "a single quote (strings need double quotes)".into(),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => {
                let word = self
                    .source
                    .get(self.at..self.word_end().min(self.at + 24))
                    .unwrap_or_default();
                format!("`{}`", String::from_utf8_lossy(word))
            }
            Some(byte) if byte.is_ascii_graphic() => format!("`{}`", char::from(byte)),
            Some(_) => match crate::syntax::lexer::char_at(self.source, self.at) {
                Some(c) => format!("the character {c:?}"),
                None => "bytes that are not UTF-8".into(),
            },
        }
    }

    fn line(&self, at: usize) -> usize {
        let before = self.source.get(..at).unwrap_or_default();
        before.split(|byte| *byte == b'\n').count()
    }

    /// Past blanks. A comment is an error, but one that can be passed over.
    fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            let next = self.source.get(self.at + 1).copied();
            match (byte, next) {
                (b' ' | b'\t' | b'\n' | b'\r', _) => self.at += 1,
                (b'#', _) | (b'/', Some(b'/' | b'*')) if !self.stopped => {
                    self.comment(next == Some(b'*'));
                }
                _ => break,
            }
        }
    }

    fn comment(&mut self, block: bool) {
        let start = self.at;
        let rest = self.source.get(start..).unwrap_or_default();
        let length = if block {
            rest.windows(2)
                .skip(2)
                .position(|pair| pair == b"*/")
                .map(|at| at + 4)
        } else {
            rest.iter().position(|byte| *byte == b'\n')
        };
        let end = start + length.unwrap_or(rest.len());
        self.note(
            start,
            end,
            "JSON has no comments; a property named `//` is one",
        );
        self.at = end;
    }

    fn value(&mut self) -> Json {
        self.blanks();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{' | b'[') => self.nested(),
            Some(b'"') => match self.string() {
                Some(text) => Kind::String(text),
                None => Kind::Bad,
            },
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => self.keyword(),
            _ => {
                let message = format!("expected a value, found {}", self.found());
                self.stop(message);
                Kind::Bad
            }
        };
        Json {
            kind,
            span: between(start, self.at),
        }
    }

    fn nested(&mut self) -> Kind {
        if self.depth >= MAX_NESTING {
            self.stop(format!("nested deeper than {MAX_NESTING} levels"));
            return Kind::Bad;
        }
        self.depth += 1;
        let kind = if self.peek() == Some(b'{') {
            self.object()
        } else {
            self.array()
        };
        self.depth -= 1;
        kind
    }

    fn word_end(&self) -> usize {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let of_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-');
        self.at + rest.iter().take_while(|byte| of_word(byte)).count()
    }

    fn keyword(&mut self) -> Kind {
        let (start, end) = (self.at, self.word_end());
        self.at = end;
        match self.source.get(start..end).unwrap_or_default() {
            b"null" => Kind::Null,
            b"true" => Kind::True,
            b"false" => Kind::False,
            word => {
                let word = String::from_utf8_lossy(&word[..word.len().min(24)]).into_owned();
                self.note(
                    start,
                    end,
                    format!("expected a value, found `{word}` (strings need double quotes)"),
                );
                Kind::Bad
            }
        }
    }

    fn number(&mut self) -> Kind {
        let (start, end) = (self.at, self.word_end());
        self.at = end;
        if is_number(self.source.get(start..end).unwrap_or_default()) {
            return Kind::Number;
        }
        self.note(start, end, "this is not a number of JSON");
        Kind::Bad
    }
}

/// `-? digits (. digits)? ([eE] [+-]? digits)?` without leading zeros.
fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let leading_zero = text.first() == Some(&b'0') && text.get(1).is_some_and(u8::is_ascii_digit);
    let bare_point = text
        .iter()
        .position(|byte| *byte == b'.')
        .is_some_and(|at| {
            let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
            at == 0 || !digit(at + 1)
        });
    !leading_zero && !bare_point && crate::syntax::lexer::is_number(text)
}
