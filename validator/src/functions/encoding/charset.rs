//! Encodings of text under the names that Terraform takes: those of one byte by their tables, the others by a library.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

/// What Terraform answered for each byte of each encoding.
#[derive(Deserialize)]
struct Listed {
    /// Names of encodings with several bytes a character, and which those are.
    several: BTreeMap<String, String>,
    single: Vec<ListedSingle>,
}

#[derive(Deserialize)]
struct ListedSingle {
    names: Vec<String>,
    /// A character for each byte; the replacement character where there is none.
    table: String,
}

/// An encoding of one byte a character.
struct Single {
    table: Vec<char>,
    bytes: HashMap<char, u8>,
}

struct Names {
    several: BTreeMap<String, String>,
    single: HashMap<String, usize>,
    tables: Vec<Single>,
}

/// Stands where bytes mean nothing.
const NOTHING: char = '\u{fffd}';

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let listed: Listed = serde_json::from_str(include_str!("../../../data/charsets.json"))
        .expect("the file is part of the program, and a test reads it");
    let mut names = Names {
        several: listed.several,
        single: HashMap::new(),
        tables: Vec::new(),
    };
    for (at, single) in listed.single.into_iter().enumerate() {
        let table: Vec<char> = single.table.chars().collect();
        let mut bytes = HashMap::new();
        for (byte, c) in (0..=u8::MAX).zip(&table) {
            if *c != NOTHING {
                bytes.entry(*c).or_insert(byte);
            }
        }
        names.tables.push(Single { table, bytes });
        names
            .single
            .extend(single.names.into_iter().map(|name| (name, at)));
    }
    names
});

/// An encoding.
pub(super) enum Charset {
    Utf8,
    /// With the byte order; a mark in front where none is named.
    Utf16 {
        little: bool,
        mark: bool,
    },
    Single(usize),
    Library(&'static encoding_rs::Encoding),
}

/// The encoding of this name, in whatever case.
pub(super) fn find(name: &str) -> Option<Charset> {
    let name = name.trim().to_ascii_lowercase();
    if let Some(at) = NAMES.single.get(&name) {
        return Some(Charset::Single(*at));
    }
    let utf16 = |little, mark| Charset::Utf16 { little, mark };
    Some(match NAMES.several.get(&name)?.as_str() {
        "utf-8" => Charset::Utf8,
        "utf-16" => utf16(false, true),
        "utf-16le" => utf16(true, false),
        "utf-16be" => utf16(false, false),
        other => Charset::Library(encoding_rs::Encoding::for_label_no_replacement(
            other.as_bytes(),
        )?),
    })
}

impl Charset {
    /// The bytes of a text; none where it has characters that the encoding has not.
    pub(super) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Charset::Utf8 => Some(text.as_bytes().to_vec()),
            Charset::Utf16 { little, mark } => {
                let units = mark.then_some(0xfeff).into_iter();
                let order = |unit: u16| {
                    if *little {
                        unit.to_le_bytes()
                    } else {
                        unit.to_be_bytes()
                    }
                };
                Some(units.chain(text.encode_utf16()).flat_map(order).collect())
            }
            Charset::Single(at) => {
                let bytes = &NAMES.tables.get(*at)?.bytes;
                text.chars().map(|c| bytes.get(&c).copied()).collect()
            }
            Charset::Library(encoding) => {
                let (bytes, _, unmappable) = encoding.encode(text);
                // The yen and the overline have no place of their own there.
                let borrowed =
                    *encoding == encoding_rs::SHIFT_JIS && text.contains(['\u{a5}', '\u{203e}']);
                (!unmappable && !borrowed).then(|| bytes.into_owned())
            }
        }
    }

    /// The text of bytes; none where they mean nothing, or the character that stands for that.
    pub(super) fn decode(&self, bytes: Vec<u8>) -> Option<String> {
        let text = match self {
            Charset::Utf8 => String::from_utf8(bytes).ok()?,
            Charset::Utf16 { little, mark } => utf16(&bytes, *little, *mark),
            Charset::Single(at) => {
                let table = &NAMES.tables.get(*at)?.table;
                let decoded = bytes.iter().map(|byte| table.get(usize::from(*byte)));
                decoded.collect::<Option<String>>()?
            }
            Charset::Library(encoding) => {
                let (text, _) = encoding.decode_without_bom_handling(&bytes);
                text.into_owned()
            }
        };
        (!text.contains(NOTHING)).then_some(text)
    }
}

fn utf16(bytes: &[u8], little: bool, mark: bool) -> String {
    let (little, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] if mark => (true, rest),
        [0xfe, 0xff, rest @ ..] if mark => (false, rest),
        all => (little, all),
    };
    let unit = |pair: &[u8]| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0xfffd,
    };
    let units: Vec<u16> = bytes.chunks(2).map(unit).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_character_for_each_byte_and_finds_the_way_back() {
        assert!(NAMES.tables.len() > 30);
        for single in &NAMES.tables {
            assert_eq!(single.table.len(), 256);
            for (c, byte) in &single.bytes {
                assert_eq!(single.table[usize::from(*byte)], *c);
            }
        }
    }

    #[test]
    fn labels_of_the_web_are_no_names() {
        for name in ["utf8", "ascii", "x-sjis", "cp1252", "", "none"] {
            assert!(find(name).is_none(), "{name}");
        }
        for name in ["UTF-8", " utf-16 ", "Latin1", "US-ASCII", "csGBK", "EUC-KR"] {
            assert!(find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn half_a_character_is_refused() {
        let decode = |name: &str, bytes: &[u8]| find(name)?.decode(bytes.to_vec());
        assert_eq!(decode("UTF-16LE", b"a"), None);
        assert_eq!(decode("UTF-16LE", b"\x00\xd8"), None);
        assert_eq!(decode("UTF-8", b"\x80"), None);
        assert_eq!(decode("windows-1252", b"\x81"), None);
        assert_eq!(decode("windows-1252", b"\x80").as_deref(), Some("€"));
    }
}
