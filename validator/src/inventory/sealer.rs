//! Digests in the place of sensitive values: equal values have equal digests, and nobody without the key can try values.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Name, Node, Sealed};
use crate::world::REGIONS;

/// Makes digests under one key.
pub struct Sealer {
    key: Vec<u8>,
}

impl Sealer {
    /// Under a key of one's own: digests of different runs can be compared.
    pub fn with_key(key: impl Into<Vec<u8>>) -> Self {
        Sealer { key: key.into() }
    }

    /// Under a random key: digests can be compared within this run only.
    pub fn random() -> Self {
        // The standard library seeds each of these from the system's randomness.
        let word = |_| RandomState::new().build_hasher().finish().to_ne_bytes();
        Sealer {
            key: (0..4).flat_map(word).collect(),
        }
    }

    /// A value that is known, sealed.
    pub fn seal(&self, node: &Node) -> Sealed {
        let mut text = Vec::new();
        write(node, &mut text);
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(&text);
        let digest = mac.finalize().into_bytes();
        let half = digest.get(..16).unwrap_or(&digest);
        let hex = crate::functions::hex(half);
        Sealed {
            digest: Some(hex.into()),
            because: Vec::new(),
            regions: regions(node),
        }
    }

    /// A value that is not known.
    pub fn unknown(&self, because: Vec<Name>) -> Sealed {
        Sealed {
            digest: None,
            because,
            regions: Vec::new(),
        }
    }
}

/// Regions that texts of a node name.
fn regions(node: &Node) -> Vec<Name> {
    let mut found: Vec<Name> = match node {
        Node::String(text) => REGIONS
            .iter()
            .filter(|(region, _)| names(text, region))
            .map(|(region, _)| Name::from(*region))
            .collect(),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().flat_map(regions).collect(),
        Node::Map(nodes) | Node::Object(nodes) => nodes.values().flat_map(regions).collect(),
        _ => Vec::new(),
    };
    found.sort();
    found.dedup();
    found
}

/// Whether a text names a region as a word of its own, or a zone of it.
fn names(text: &str, region: &str) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    text.match_indices(region).any(|(at, _)| {
        let bytes = text.as_bytes();
        let behind = at + region.len();
        let zone = matches!(bytes.get(behind), Some(b'a'..=b'f')) && !letter(bytes.get(behind + 1));
        !letter(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && (zone || !letter(bytes.get(behind)))
    })
}

/// A text with every region that it names replaced by the same word.
pub(crate) fn without_regions(text: &str) -> String {
    let mut text = text.to_owned();
    if !text.contains('-') {
        return text;
    }
    for (region, _) in REGIONS {
        if names(&text, region) {
            text = text.replace(region, "{region}");
        }
    }
    text
}

/// A node as bytes, the same for equal nodes and different for others. Maps and objects are alike, and so are lists and
/// sets: which of them a value is depends on whether its type is known.
fn write(node: &Node, out: &mut Vec<u8>) {
    let text = |tag: u8, text: &str, out: &mut Vec<u8>| {
        out.push(tag);
        out.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend(text.as_bytes());
    };
    match node {
        Node::Null => out.push(b'0'),
        Node::Bool(truth) => out.push(if *truth { b't' } else { b'f' }),
        Node::Number(number) => text(b'n', &number.to_string(), out),
        Node::String(string) => text(b's', string, out),
        Node::List(nodes) | Node::Set(nodes) => {
            out.push(b'[');
            for node in nodes.iter() {
                write(node, out);
            }
            out.push(b']');
        }
        Node::Map(nodes) | Node::Object(nodes) => {
            out.push(b'{');
            for (name, node) in nodes.iter() {
                text(b'k', name, out);
                write(node, out);
            }
            out.push(b'}');
        }
        Node::Unknown(_) | Node::Sensitive(_) => out.push(b'?'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Node {
        Node::String(text.into())
    }

    #[test]
    fn equal_values_have_equal_digests_under_one_key_only() {
        let sealer = Sealer::with_key("key");
        assert_eq!(
            sealer.seal(&string("secret")),
            sealer.seal(&string("secret"))
        );
        assert_ne!(
            sealer.seal(&string("secret")),
            sealer.seal(&string("Secret"))
        );
        assert_ne!(
            sealer.seal(&string("secret")),
            Sealer::with_key("other").seal(&string("secret"))
        );
        assert_ne!(
            Sealer::random().seal(&string("secret")),
            Sealer::random().seal(&string("secret"))
        );
    }

    #[test]
    fn of_a_text_only_its_regions_are_kept() {
        let sealed =
            Sealer::random().seal(&string("https://db.us-east-1.rds.amazonaws.com/us-west-2a"));
        let regions: Vec<&str> = sealed.regions.iter().map(|name| &**name).collect();
        assert_eq!(regions, ["us-east-1", "us-west-2"]);
        assert!(
            Sealer::random()
                .seal(&string("xus-east-1 us-east-11"))
                .regions
                .is_empty()
        );
    }

    #[test]
    fn neighbours_do_not_run_together() {
        let sealer = Sealer::with_key("key");
        let list = |parts: &[&str]| Node::List(parts.iter().map(|part| string(part)).collect());
        assert_ne!(
            sealer.seal(&list(&["ab", "c"])),
            sealer.seal(&list(&["a", "bc"]))
        );
    }
}
