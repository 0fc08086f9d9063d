//! What Terraform counts as one character: a cluster of code points that a reader sees as one.

use unicode_segmentation::UnicodeSegmentation as _;

/// The characters of a text.
///
/// Terraform follows Unicode 15.0, which ends a character behind the sign that joins two consonants of an Indic script; later
/// versions go on. So what the library keeps together there is taken apart.
pub fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(Apart)
}

/// A cluster whose joined consonants are still to be taken apart.
struct Apart<'a>(&'a str);

impl<'a> IntoIterator for Apart<'a> {
    type Item = &'a str;
    type IntoIter = ApartIter<'a>;

    fn into_iter(self) -> ApartIter<'a> {
        ApartIter { rest: self.0 }
    }
}

struct ApartIter<'a> {
    rest: &'a str,
}

impl<'a> Iterator for ApartIter<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let mut chars = self.rest.char_indices();
        let (_, mut before) = chars.next()?;
        let mut end = self.rest.len();
        for (at, c) in chars {
            // A letter in a cluster that goes on behind a mark, though it is no mark: only such a sign brought it there.
            if c.is_alphabetic() && !attaches(c) && attaches(before) {
                end = at;
                break;
            }
            before = c;
        }
        let (found, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(found)
    }
}

/// Whether a code point belongs to whatever stands before it.
fn attaches(c: char) -> bool {
    let mut text = [0; 5];
    text[0] = b'a';
    let length = 1 + c.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..length]).is_ok_and(|text| text.graphemes(true).count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_consonants_are_two_characters_and_all_else_stays_together() {
        for (text, count) in [
            ("", 0),
            ("abc", 3),
            ("e\u{301}\u{302}", 1),
            ("\r\n\r\n", 2),
            ("क्षि", 2),
            ("क्\u{200d}ष", 2),
            ("ন্ম", 2),
            ("കി", 1),
            ("👨\u{200d}👩\u{200d}👧", 1),
            ("👍🏽", 1),
            ("🇩🇪🇫🇷", 2),
            ("한국", 2),
            ("\u{1112}\u{1161}\u{11ab}", 1),
            ("กำ", 1),
            ("\u{600}a", 1),
        ] {
            assert_eq!(characters(text).count(), count, "{text:?}");
            assert_eq!(characters(text).collect::<String>(), text);
        }
    }
}
