//! Tokens of the native syntax, one at a time: whoever asks says whether a line break is a token or a blank.

use unicode_ident::{is_xid_continue, is_xid_start};

use super::ast::BinaryOp;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    End,
    Newline,
    Word,
    Number,
    Quote,
    Heredoc,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Comma,
    Dot,
    Ellipsis,
    Colon,
    DoubleColon,
    Question,
    Assign,
    Arrow,
    /// `~}`
    TildeBrace,
    Operator(BinaryOp),
    Bang,
    /// Nothing of the language.
    Unknown,
}

/// A token, by the bytes it covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

const FIRST: u8 = 1;
const LATER: u8 = 2;

/// Which ASCII bytes begin or continue a word.
static WORD: [u8; 128] = {
    let mut table = [0_u8; 128];
    let mut byte = 0;
    while byte < 128 {
        #[allow(clippy::cast_possible_truncation)]
        let c = byte as u8;
        if c.is_ascii_alphabetic() || c == b'_' {
            table[byte] = FIRST | LATER;
        } else if c.is_ascii_digit() || c == b'-' {
            table[byte] = LATER;
        }
        byte += 1;
    }
    table
};

/// The character at `at`; `None` where the bytes are not UTF-8.
pub(super) fn char_at(source: &[u8], at: usize) -> Option<char> {
    let end = (at + 4).min(source.len());
    let bytes = source.get(at..end)?;
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().next(),
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()])
            .ok()?
            .chars()
            .next(),
    }
}

/// Where the word that begins at `start` ends; `start` itself where there is none.
pub(super) fn word_end(source: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(&byte) = source.get(at) {
        if byte < 128 {
            let wanted = if at == start { FIRST } else { LATER };
            if WORD[usize::from(byte)] & wanted == 0 {
                break;
            }
            at += 1;
            continue;
        }
        let Some(c) = char_at(source, at) else { break };
        // Joiners belong to words only in tables newer than Terraform's.
        let fits = if at == start {
            is_xid_start(c)
        } else {
            is_xid_continue(c) && !matches!(c, '\u{200c}' | '\u{200d}')
        };
        if !fits {
            break;
        }
        at += c.len_utf8();
    }
    at
}

/// Past blanks and comments; past line breaks too where they are blanks. An unfinished comment ends it.
fn skip(source: &[u8], mut at: usize, newlines: bool) -> usize {
    while let Some(&byte) = source.get(at) {
        match (byte, source.get(at + 1)) {
            (b' ' | b'\t', _) => at += 1,
            (b'\n', _) if !newlines => at += 1,
            (b'\r', Some(b'\n')) if !newlines => at += 2,
            (b'#', _) | (b'/', Some(b'/')) => at = line_end(source, at),
            (b'/', Some(b'*')) => match find(source, at + 2, *b"*/") {
                Some(end) => at = end + 2,
                None => break,
            },
            _ => break,
        }
    }
    at
}

/// Offset of the line break at or after `at`: of its `\r` where one belongs to it.
pub(super) fn line_end(source: &[u8], at: usize) -> usize {
    match source[at..].iter().position(|byte| *byte == b'\n') {
        Some(0) => at,
        Some(distance) if source[at + distance - 1] == b'\r' => at + distance - 1,
        Some(distance) => at + distance,
        None => source.len(),
    }
}

fn find(source: &[u8], from: usize, wanted: [u8; 2]) -> Option<usize> {
    let found = source
        .get(from..)?
        .windows(2)
        .position(|pair| pair == wanted)?;
    Some(from + found)
}

/// A number is greedy: digits, dots and exponents, as long as it does not end in a dot.
fn number_end(source: &[u8], start: usize) -> usize {
    let (mut at, mut good) = (start, start);
    loop {
        match source.get(at) {
            Some(byte) if byte.is_ascii_digit() => {
                at += 1;
                good = at;
            }
            Some(b'.') => at += 1,
            Some(b'e' | b'E') => {
                let sign = matches!(source.get(at + 1), Some(b'+' | b'-'));
                let digit = at + 1 + usize::from(sign);
                if !source.get(digit).is_some_and(u8::is_ascii_digit) {
                    return good;
                }
                at = digit + 1;
                good = at;
            }
            _ => return good,
        }
    }
}

/// `<<NAME` or `<<-NAME` with a line break right behind it: the end of the name.
fn heredoc_end(source: &[u8], start: usize) -> Option<usize> {
    let name = start + 2 + usize::from(source.get(start + 2) == Some(&b'-'));
    let end = word_end(source, name);
    let line_break = match source.get(end) {
        Some(b'\n') => true,
        Some(b'\r') => source.get(end + 1) == Some(&b'\n'),
        _ => false,
    };
    (end > name && line_break).then_some(end)
}

/// The next token at or after `from`.
pub(super) fn next(source: &[u8], from: usize, newlines: bool) -> Token {
    let start = skip(source, from, newlines);
    let (kind, length) = match source.get(start) {
        None => (TokenKind::End, 0),
        Some(&byte) => classify(source, start, byte),
    };
    Token {
        kind,
        start,
        end: start + length,
    }
}

fn classify(source: &[u8], start: usize, byte: u8) -> (TokenKind, usize) {
    use TokenKind as T;
    let second = source.get(start + 1).copied();
    match (byte, second) {
        (b'\n', _) => (T::Newline, 1),
        (b'\r', Some(b'\n')) => (T::Newline, 2),
        (b'"', _) => (T::Quote, 1),
        (b'{', _) => (T::OpenBrace, 1),
        (b'}', _) => (T::CloseBrace, 1),
        (b'[', _) => (T::OpenBracket, 1),
        (b']', _) => (T::CloseBracket, 1),
        (b'(', _) => (T::OpenParen, 1),
        (b')', _) => (T::CloseParen, 1),
        (b',', _) => (T::Comma, 1),
        (b'?', _) => (T::Question, 1),
        (b'.', Some(b'.')) if source.get(start + 2) == Some(&b'.') => (T::Ellipsis, 3),
        (b'.', _) => (T::Dot, 1),
        (b':', Some(b':')) => (T::DoubleColon, 2),
        (b':', _) => (T::Colon, 1),
        (b'=', Some(b'>')) => (T::Arrow, 2),
        (b'~', Some(b'}')) => (T::TildeBrace, 2),
        (b'<', Some(b'<')) => match heredoc_end(source, start) {
            Some(end) => (T::Heredoc, end - start),
            None => (T::Operator(BinaryOp::Less), 1),
        },
        (b'0'..=b'9', _) => (T::Number, number_end(source, start) - start),
        _ => operator(byte, second).unwrap_or_else(|| match word_end(source, start) {
            end if end > start => (T::Word, end - start),
            _ => (T::Unknown, char_at(source, start).map_or(1, char::len_utf8)),
        }),
    }
}

fn operator(byte: u8, second: Option<u8>) -> Option<(TokenKind, usize)> {
    let (op, length) = match (byte, second) {
        (b'=', Some(b'=')) => (BinaryOp::Equal, 2),
        (b'!', Some(b'=')) => (BinaryOp::NotEqual, 2),
        (b'<', Some(b'=')) => (BinaryOp::LessEqual, 2),
        (b'>', Some(b'=')) => (BinaryOp::GreaterEqual, 2),
        (b'&', Some(b'&')) => (BinaryOp::And, 2),
        (b'|', Some(b'|')) => (BinaryOp::Or, 2),
        (b'<', _) => (BinaryOp::Less, 1),
        (b'>', _) => (BinaryOp::Greater, 1),
        (b'+', _) => (BinaryOp::Add, 1),
        (b'-', _) => (BinaryOp::Subtract, 1),
        (b'*', _) => (BinaryOp::Multiply, 1),
        (b'%', _) => (BinaryOp::Modulo, 1),
        // What is left of an unfinished comment is no division.
        (b'/', second) if second != Some(b'*') => (BinaryOp::Divide, 1),
        (b'=', _) => return Some((TokenKind::Assign, 1)),
        (b'!', _) => return Some((TokenKind::Bang, 1)),
        _ => return None,
    };
    Some((TokenKind::Operator(op), length))
}

/// Words that begin a block at the top of a file.
const TOP_LEVEL: [&str; 15] = [
    "resource",
    "data",
    "module",
    "variable",
    "output",
    "locals",
    "provider",
    "terraform",
    "moved",
    "import",
    "removed",
    "check",
    "ephemeral",
    "list",
    "action",
];

/// Whether a top-level block seems to begin here: a word, then a label or a brace on the same line.
pub(super) fn begins_block(source: &[u8], at: usize) -> bool {
    let end = word_end(source, at);
    let known = TOP_LEVEL
        .iter()
        .any(|word| Some(word.as_bytes()) == source.get(at..end));
    // No look past the line: an open comment there would cost a look at all of the rest, on every such line.
    known && {
        let line = source.get(..line_end(source, end)).unwrap_or_default();
        matches!(
            next(line, end, true).kind,
            TokenKind::Quote | TokenKind::OpenBrace
        )
    }
}

/// Start of the next line on which a top-level block seems to begin.
pub(super) fn next_block(source: &[u8], mut at: usize) -> Option<usize> {
    while let Some(distance) = source.get(at..)?.iter().position(|byte| *byte == b'\n') {
        at += distance + 1;
        if begins_block(source, at) {
            return Some(at);
        }
    }
    None
}

/// Whether a comment begins here.
pub(super) fn at_comment(source: &[u8], at: usize) -> bool {
    source.get(at..).is_some_and(|rest| rest.starts_with(b"/*"))
}

/// Whether a line begins here.
pub(super) fn at_line_start(source: &[u8], at: usize) -> bool {
    at == 0 || source.get(at - 1) == Some(&b'\n')
}

/// Whether the text of a number token is a number: `1.e3` is one, `1e5.2` and `1.2.3` are none.
pub(super) fn is_number(text: &[u8]) -> bool {
    let mut at = 0;
    let digits = |at: &mut usize| {
        let start = *at;
        while text.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        *at > start
    };
    if !digits(&mut at) {
        return false;
    }
    if text.get(at) == Some(&b'.') {
        at += 1;
        digits(&mut at);
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(text.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        if !digits(&mut at) {
            return false;
        }
    }
    at == text.len()
}
