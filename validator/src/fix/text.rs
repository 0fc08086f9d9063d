//! Changes of text: what stands where, and how a file reads after them.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::source::Location;

/// A range of bytes with what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// What stands there afterwards.
    pub text: String,
}

impl Change {
    /// Puts text somewhere.
    pub(super) fn insert(at: usize, text: String) -> Self {
        Change {
            start: at,
            end: at,
            text,
        }
    }
}

/// The offset of a place, as [`crate::source::SourceFile::location`] counts.
pub(super) fn offset(text: &[u8], location: &Location) -> Option<usize> {
    let mut start = 0;
    for _ in 1..location.line {
        start += text.get(start..)?.iter().position(|byte| *byte == b'\n')? + 1;
    }
    if start == 0 && text.starts_with("\u{feff}".as_bytes()) {
        start = "\u{feff}".len();
    }
    let line = text.get(start..)?;
    let end = line
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(line.len());
    let line = std::str::from_utf8(&line[..end]).ok()?;
    let before = usize::try_from(location.column.checked_sub(1)?).ok()?;
    let length: usize = line.graphemes(true).take(before).map(str::len).sum();
    Some(start + length)
}

/// The first byte of the line that an offset lies in.
pub(super) fn line_start(text: &[u8], at: usize) -> usize {
    text[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1)
}

/// The end of the line that an offset lies in, without its line break.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let end = text[at..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(text.len(), |newline| at + newline);
    if end > at && text[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

/// The blanks that a line begins with.
pub(super) fn indentation(text: &[u8], at: usize) -> String {
    text[line_start(text, at)..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .map(|byte| char::from(*byte))
        .collect()
}

/// The text after all changes; `None` where two of them are about the same bytes.
pub(super) fn changed(text: &[u8], changes: &[Change]) -> Option<Vec<u8>> {
    let windows = text.windows(2).any(|pair| pair == b"\r\n");
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|change| (change.start, change.end));
    sorted.dedup();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for change in sorted {
        if change.start < at || change.end < change.start {
            return None;
        }
        out.extend_from_slice(text.get(at..change.start)?);
        if windows {
            out.extend_from_slice(change.text.replace('\n', "\r\n").as_bytes());
        } else {
            out.extend_from_slice(change.text.as_bytes());
        }
        at = change.end;
    }
    out.extend_from_slice(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_graphemes() {
        let text = "a = 1\né\u{301}x = 2\n".as_bytes();
        let at = |line, column| {
            offset(
                text,
                &Location {
                    file: "x".into(),
                    line,
                    column,
                },
            )
        };
        assert_eq!(at(1, 5), Some(4));
        assert_eq!(at(2, 2), Some(6 + "é\u{301}".len()));
        assert_eq!(at(4, 1), None);
    }

    #[test]
    fn changes_of_the_same_bytes_are_refused() {
        let change = |start, end, text: &str| Change {
            start,
            end,
            text: text.into(),
        };
        let once = [change(4, 5, "2"), change(4, 5, "2")];
        assert_eq!(changed(b"a = 1", &once).as_deref(), Some(&b"a = 2"[..]));
        let twice = [change(4, 5, "2"), change(3, 5, "3")];
        assert_eq!(changed(b"a = 1", &twice), None);
        let line = [change(5, 5, "\nb = 2")];
        assert_eq!(
            changed(b"a = 1\r\n", &line).as_deref(),
            Some(&b"a = 1\r\nb = 2\r\n"[..])
        );
    }
}
