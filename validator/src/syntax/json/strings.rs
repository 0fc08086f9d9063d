//! Strings of JSON: decoded text goes behind the file, with a note of where each piece of it came from.

use super::reader::{Reader, between, offset};
use crate::source::Span;

impl Reader<'_> {
    /// A string whose opening quote is looked at: where its decoded text is.
    pub(super) fn string(&mut self) -> Option<Span> {
        let start = self.at + 1;
        let (end, plain) = self.closing_quote(start)?;
        let raw = self.source.get(start..end).unwrap_or_default();
        self.at = end + 1;
        if plain && std::str::from_utf8(raw).is_ok() {
            return Some(between(start, end));
        }
        let begin = self.base + self.decoded.len();
        self.decode(start, end);
        Some(between(begin, self.base + self.decoded.len()))
    }

    /// Offset of the closing quote, and whether there is no escape before it.
    fn closing_quote(&mut self, start: usize) -> Option<(usize, bool)> {
        let mut at = start;
        let mut plain = true;
        loop {
            match self.source.get(at) {
                Some(b'"') => return Some((at, plain)),
                Some(b'\\') => {
                    plain = false;
                    // A control character behind it is an error of its own.
                    at += if self.source.get(at + 1).is_some_and(|byte| *byte >= 0x20) {
                        2
                    } else {
                        1
                    };
                }
                Some(byte) if *byte >= 0x20 => at += 1,
                Some(b'\n' | b'\r') => {
                    self.at = start - 1;
                    self.stop("this string is not closed on its line");
                    return None;
                }
                Some(b'\t') => {
                    self.at = at;
                    self.stop("a tab cannot stand in a string; it is written \\t");
                    return None;
                }
                Some(byte) => {
                    let byte = *byte;
                    self.at = at;
                    self.stop(format!(
                        "the control character {byte:#04x} cannot stand in a string"
                    ));
                    return None;
                }
                None => {
                    self.at = start - 1;
                    self.stop("this string is not closed before the end of the file");
                    return None;
                }
            }
        }
    }

    /// Notes that what is decoded next came from `at`.
    fn run(&mut self, at: usize) {
        let here = offset(self.base + self.decoded.len());
        match self.runs.last_mut() {
            Some((start, real)) if *start == here => *real = offset(at),
            _ => self.runs.push((here, offset(at))),
        }
    }

    fn decode(&mut self, start: usize, end: usize) {
        let source = self.source;
        let mut at = start;
        while at < end {
            self.run(at);
            let rest = source.get(at..end).unwrap_or_default();
            let piece = rest
                .iter()
                .position(|byte| *byte == b'\\')
                .unwrap_or(rest.len());
            // Bytes that are not UTF-8 become U+FFFD, as in Terraform.
            let text = String::from_utf8_lossy(&rest[..piece]);
            self.decoded.extend_from_slice(text.as_bytes());
            at += piece;
            if at < end {
                self.run(at);
                let (c, length) = escape(source, at, end);
                if c.is_none() {
                    self.note(
                        at,
                        at + length,
                        "unknown escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
                    );
                }
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                self.decoded
                    .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += length;
            }
        }
    }
}

/// The character that an escape stands for, if there is one, and the length of the escape.
fn escape(source: &[u8], at: usize, end: usize) -> (Option<char>, usize) {
    let kind = source.get(at + 1..end).and_then(<[u8]>::first).copied();
    let c = match kind {
        Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(source, at, end),
        _ => return (None, 2.min(end - at)),
    };
    (Some(c), 2)
}

/// `\uXXXX`, or two of them that are one character. Half of a pair is U+FFFD, as in Terraform.
fn unicode(source: &[u8], at: usize, end: usize) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let text = source.get(at..(at + 6).min(end))?.strip_prefix(b"\\u")?;
        let digits = std::str::from_utf8(text)
            .ok()
            .filter(|text| text.len() == 4)?;
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| hex)
    };
    let Some(first) = unit(at) else {
        return (None, 2);
    };
    if let Some(second) = unit(at + 6) {
        let pair = char::decode_utf16([first, second]).next();
        if let (0xd800..=0xdbff, Some(Ok(c))) = (first, pair) {
            return (Some(c), 12);
        }
    }
    let alone = char::decode_utf16([first]).next().and_then(Result::ok);
    (Some(alone.unwrap_or(char::REPLACEMENT_CHARACTER)), 6)
}
