//! Text of others on a screen: whatever could steer a terminal, hide, or pass for another line is written out as an escape.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character has a face of its own: letters, marks, numbers, punctuation, symbols and the plain space. The same
/// characters stay as they are in Terraform's addresses.
pub(crate) fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // The escapes for debugging leave just these alone, and marks where they do not come first.
    let mut text = String::from("x");
    text.push(c);
    text.escape_debug().nth(1) != Some('\\')
}

/// Writes a character that is not printable as an escape of the language.
pub(crate) fn escape(out: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a string cannot fail.
    let _ = match c {
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        _ if code > 0xffff => write!(out, "\\U{code:08x}"),
        _ => write!(out, "\\u{code:04x}"),
    };
}

/// One line of text, whatever it was.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_control())
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_printable(c) {
            out.push(c);
        } else {
            escape(&mut out, c);
        }
    }
    Cow::Owned(out)
}

/// One line of text, its middle left out where it is longer than anybody reads.
pub(crate) fn short_line(text: &str) -> Cow<'_, str> {
    const HEAD: usize = 1_000;
    const TAIL: usize = 200;
    if text.len() <= 2 * HEAD {
        return line(text);
    }
    let head = &text[..text.floor_char_boundary(HEAD)];
    let tail = &text[text.ceil_char_boundary(text.len() - TAIL)..];
    let left = text.len() - head.len() - tail.len();
    Cow::Owned(format!("{} … {left} bytes … {}", line(head), line(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_screen_is_written_out_and_the_rest_stays() {
        assert_eq!(
            line("a\u{1b}[31m\u{9b}\u{202e}\u{7f}\n"),
            "a\\u001b[31m\\u009b\\u202e\\u007f\\n"
        );
        assert_eq!(
            line("\u{200d}\u{ad}\u{a0}\u{2028}\u{e000}\u{e0001}"),
            "\\u200d\\u00ad\\u00a0\\u2028\\ue000\\U000e0001"
        );
        for kept in [
            "plain",
            "é ü ß",
            "日本",
            "😀",
            "e\u{301}",
            "\u{93f}",
            "…“”",
            "\u{301}",
        ] {
            assert_eq!(line(kept), kept);
        }
    }

    #[test]
    fn long_text_keeps_both_ends() {
        let long = format!("begin{}end", "é".repeat(100_000));
        let short = short_line(&long);
        assert!(short.len() < 1_500 && short.starts_with("begin") && short.ends_with("end"));
        assert_eq!(short_line("short\n"), "short\\n");
    }
}
