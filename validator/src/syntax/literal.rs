//! Literal text of strings, heredocs and template files: where it ends, what its escapes mean, what `~` and `<<-` take away.

use super::lexer::{self, TokenKind};

/// A run of literal text.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) end: usize,
    /// The bytes are the value: nothing has to be decoded.
    pub(super) plain: bool,
}

/// Literal text between holes.
pub(super) struct Literal {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The value, where the bytes are not it.
    pub(super) decoded: Option<String>,
}

/// What is wrong, and where.
pub(super) type Wrong = (usize, String);

fn is_mark(byte: u8) -> bool {
    byte == b'$' || byte == b'%'
}

/// `$${` or `%%{`: a literal `${` or `%{`.
fn is_escaped(source: &[u8], at: usize) -> bool {
    source.get(at + 1) == source.get(at) && source.get(at + 2) == Some(&b'{')
}

/// Up to the closing quote, a hole, a line break or the end of the file.
pub(super) fn quoted(source: &[u8], mut at: usize) -> Run {
    let mut plain = true;
    while let Some(&byte) = source.get(at) {
        match byte {
            b'"' | b'\n' | b'\r' => break,
            b'\\' => {
                plain = false;
                at += if matches!(source.get(at + 1), Some(b'\n' | b'\r')) {
                    1
                } else {
                    2
                };
            }
            b'$' | b'%' if source.get(at + 1) == Some(&b'{') => break,
            b'$' | b'%' if is_escaped(source, at) => {
                plain = false;
                at += 3;
            }
            _ => at += 1,
        }
    }
    Run {
        end: at.min(source.len()),
        plain,
    }
}

/// Up to a hole, or past the line break. Backslashes mean nothing here. In a file a carriage return may stand alone.
pub(super) fn heredoc_line(source: &[u8], from: usize, file: bool) -> Run {
    let mut at = from;
    let mut plain = true;
    while let Some(&byte) = source.get(at) {
        match byte {
            b'\n' => {
                let end = match shielded(source, from, at) {
                    Some(end) => end,
                    None => at + 1,
                };
                return Run { end, plain };
            }
            b'$' | b'%' if source.get(at + 1) == Some(&b'{') => break,
            b'$' | b'%' if is_escaped(source, at) => {
                plain = false;
                at += 3;
            }
            b'\r' if !file && source.get(at + 1) != Some(&b'\n') => break,
            _ => at += 1,
        }
    }
    Run {
        end: at.min(source.len()),
        plain,
    }
}

/// A `$` or `%` and one blank at the end of a line: Terraform begins a new run at the line break then, so that a `~` of the
/// next line does not reach the blank. The same holds for a single mark before the `\r` of a line break.
fn shielded(source: &[u8], from: usize, newline: usize) -> Option<usize> {
    let before = |distance: usize| {
        let at = newline.checked_sub(distance).filter(|at| *at >= from)?;
        source.get(at).copied()
    };
    let carriage = before(1) == Some(b'\r');
    let single_mark = before(2).is_some_and(is_mark) && !before(3).is_some_and(is_mark);
    let end = if carriage && !single_mark {
        newline - 1
    } else {
        newline
    };
    let at = |distance: usize| {
        source
            .get(end.checked_sub(distance).filter(|at| *at >= from)?)
            .copied()
    };
    let blank = at(1).is_some_and(|byte| byte.is_ascii_whitespace());
    (blank && at(2).is_some_and(is_mark)).then_some(end)
}

/// If the line at `at` closes the heredoc: its end before the line break, which is required.
pub(super) fn closing_line(source: &[u8], at: usize, marker: &[u8]) -> Option<usize> {
    let newline = at + source.get(at..)?.iter().position(|byte| *byte == b'\n')?;
    let line = &source[at..newline];
    let content = line.strip_suffix(b"\r").unwrap_or(line);
    if content.len() < marker.len() || content.contains(&b'\r') {
        return None;
    }
    let trimmed = std::str::from_utf8(line).ok()?.trim();
    let end = if line.ends_with(b"\r") {
        newline - 1
    } else {
        newline
    };
    (trimmed.as_bytes() == marker).then_some(end)
}

/// The value of literal text.
pub(super) fn decode(
    source: &[u8],
    start: usize,
    end: usize,
    escapes: bool,
) -> Result<String, Wrong> {
    let bytes = source.get(start..end).unwrap_or_default();
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(start + error.valid_up_to()))?;
    let mut out = String::with_capacity(text.len());
    let (mut at, mut done) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'$' | b'%' if is_escaped(bytes, at) => {
                out.push_str(&text[done..=at]);
                at += 2;
                done = at;
            }
            b'\\' if escapes => {
                out.push_str(&text[done..at]);
                let (c, length) = escape(bytes, at).map_err(|message| (start + at, message))?;
                out.push(c);
                at += length;
                done = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[done..]);
    Ok(out)
}

fn not_utf8(at: usize) -> Wrong {
    (at, "bytes that are not UTF-8".to_owned())
}

/// The character that an escape stands for, and the length of the escape.
fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), String> {
    let kind = bytes.get(at + 1).copied();
    Ok(match kind {
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'"') => ('"', 2),
        Some(b'\\') => ('\\', 2),
        Some(b'u' | b'U') => {
            let digits = if kind == Some(b'u') { 4 } else { 8 };
            let value = bytes.get(at + 2..at + 2 + digits).and_then(|hex| {
                let hex = std::str::from_utf8(hex)
                    .ok()
                    .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
                u32::from_str_radix(hex, 16).ok()
            });
            let value = value.ok_or_else(|| {
                format!(
                    "expected {digits} hexadecimal digits after `\\{}`",
                    if digits == 4 { 'u' } else { 'U' }
                )
            })?;
            let c = char::from_u32(value)
                .ok_or_else(|| "this escape is not a Unicode character".to_owned())?;
            (c, 2 + digits)
        }
        _ => {
            return Err(
                "unknown escape; the known ones are \\n \\r \\t \\\" \\\\ \\uXXXX \\UXXXXXXXX"
                    .to_owned(),
            );
        }
    })
}

impl Literal {
    /// A run of text, decoded where that is needed.
    pub(super) fn new(source: &[u8], start: usize, run: Run, escapes: bool) -> Result<Self, Wrong> {
        let decoded = if run.plain {
            let bytes = source.get(start..run.end).unwrap_or_default();
            if let Err(error) = std::str::from_utf8(bytes) {
                return Err(not_utf8(start + error.valid_up_to()));
            }
            None
        } else {
            Some(decode(source, start, run.end, escapes)?)
        };
        Ok(Literal {
            start,
            end: run.end,
            decoded,
        })
    }

    pub(super) fn text<'a>(&'a self, source: &'a [u8]) -> &'a str {
        match &self.decoded {
            Some(text) => text,
            None => std::str::from_utf8(source.get(self.start..self.end).unwrap_or_default())
                .expect("checked when the literal was made; trimming cuts between characters"),
        }
    }

    /// `~}` before it: leading white space goes, decoded white space too.
    pub(super) fn trim_start(&mut self, source: &[u8]) {
        let kept = self.text(source).trim_start().len();
        match &mut self.decoded {
            Some(text) => *text = text.trim_start().to_owned(),
            None => self.start = self.end - kept,
        }
    }

    /// `${~` behind it: trailing white space goes.
    pub(super) fn trim_end(&mut self, source: &[u8]) {
        let kept = self.text(source).trim_end().len();
        match &mut self.decoded {
            Some(text) => text.truncate(kept),
            None => self.end = self.start + kept,
        }
    }

    /// Takes so many characters away at the start.
    pub(super) fn dedent(&mut self, source: &[u8], characters: usize) {
        let length: usize = self
            .text(source)
            .chars()
            .take(characters)
            .map(char::len_utf8)
            .sum();
        match &mut self.decoded {
            Some(text) => drop(text.drain(..length)),
            None => self.start += length,
        }
    }
}

/// For getting past damaged code: from behind an opening quote to behind the closing one, or to the end of a line that
/// leaves it open.
pub(super) fn past_quoted(source: &[u8], at: usize) -> usize {
    past_quoted_at(source, at, 0)
}

/// Strings inside of holes inside of strings that are followed.
const DEEPEST: u32 = 64;

fn past_quoted_at(source: &[u8], mut at: usize, depth: u32) -> usize {
    loop {
        let run = quoted(source, at);
        match source.get(run.end) {
            Some(b'"') => return run.end + 1,
            Some(b'$' | b'%') if depth < DEEPEST => {
                let mut open = 1;
                at = run.end + 2;
                while open > 0 {
                    let token = lexer::next(source, at, true);
                    at = token.end;
                    match token.kind {
                        TokenKind::End | TokenKind::Newline => return token.start,
                        TokenKind::OpenBrace => open += 1,
                        TokenKind::CloseBrace | TokenKind::TildeBrace => open -= 1,
                        TokenKind::Quote => at = past_quoted_at(source, at, depth + 1),
                        _ => {}
                    }
                }
            }
            _ => return run.end,
        }
    }
}

/// For getting past damaged code: the end of the closing line of a heredoc, if there is one.
pub(super) fn past_heredoc(source: &[u8], start: usize, end: usize) -> Option<usize> {
    let name = start + 2 + usize::from(source.get(start + 2) == Some(&b'-'));
    let marker = source.get(name..end).unwrap_or_default();
    let mut at = end;
    while let Some(distance) = source[at..].iter().position(|byte| *byte == b'\n') {
        at += distance + 1;
        if let Some(end) = closing_line(source, at, marker) {
            return Some(end);
        }
    }
    None
}
