//! Damages text: a few bytes, tokens and stretches at a time.

use fastrand::Rng;

/// Pieces that readers look at closely.
const TOKENS: &[&str] = &[
    "${",
    "%{",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\\",
    "<<E\n",
    "<<-E\n",
    "\nE\n",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "*",
    "...",
    "[*]",
    ".*",
    "?",
    ":",
    "=",
    "=>",
    "==",
    "&&",
    "||",
    "!",
    "-",
    "1e999999",
    "9223372036854775808",
    "-1",
    "0.1",
    "null",
    "true",
    "for",
    "in",
    "if",
    "each.key",
    "each.value",
    "count.index",
    "var.",
    "local.",
    "module.",
    "data.",
    "self.",
    "path.module",
    "terraform.workspace",
    "for_each",
    "count",
    "dynamic",
    "provider",
    "providers",
    "source",
    "toset(",
    "merge(",
    "try(",
    "can(",
    "range(",
    "templatefile(",
    "jsondecode(",
    "yamldecode(",
    "regex(",
    "format(",
    "cidrsubnet(",
    "sensitive(",
    "\"__unknown__\"",
    "\"aws_vpc\"",
    "\"index_key\"",
    "\"sensitive_values\"",
    "\"after_unknown\"",
    "[0]",
    "[\"a\"]",
    "{}",
    "[]",
    "//",
    "/*",
    "#",
    "\u{1b}[31m",
    "\\u0000",
    "\\ud800",
    ",",
    ".",
    "\"//\"",
    "depends_on",
    "lifecycle",
    "moved",
    "import",
];

/// Text with one to a few damages; pieces of the other text may come in.
pub(crate) fn damaged(text: &[u8], other: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut text = text.to_vec();
    let times = 1 << random.u32(0..4);
    for _ in 0..times {
        damage(&mut text, other, random);
    }
    text
}

fn damage(text: &mut Vec<u8>, other: &[u8], random: &mut Rng) {
    let at = random.usize(0..=text.len());
    let stretch = |length: usize, random: &mut Rng| {
        let longest = 1 << random.u32(0..9);
        let start = random.usize(0..=length);
        start..length.min(start + random.usize(0..=longest))
    };
    match random.u32(0..8) {
        0 if at < text.len() => text[at] ^= 1 << random.u32(0..8),
        1 if at < text.len() => text[at] = random.u8(..),
        2 => {
            let gone = stretch(text.len(), random);
            text.drain(gone);
        }
        3 => {
            let again = text[stretch(text.len(), random)].to_vec();
            text.splice(at..at, again);
        }
        4 => {
            let foreign = other[stretch(other.len(), random)].to_vec();
            text.splice(at..at, foreign);
        }
        5 => text.truncate(at),
        _ => {
            let token = TOKENS[random.usize(0..TOKENS.len())];
            let gone = at + random.usize(0..4).min(text.len() - at);
            text.splice(at..gone, token.bytes());
        }
    }
}
