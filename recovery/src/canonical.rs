//! Bytes that a record always has, and their hash.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Compact JSON with sorted keys and absent fields left out.
///
/// Records hold text, whole numbers, booleans, lists and maps with text keys, so this always succeeds.
pub(crate) fn bytes(record: &impl Serialize) -> Vec<u8> {
    let value = serde_json::to_value(record).expect("records have text keys only");
    serde_json::to_vec(&value).expect("a JSON value is written as JSON")
}

/// Reads a record, and says in a line why it is none.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// SHA-256 in lower-case hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            use std::fmt::Write as _;
            let _infallible = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::{bytes, hash};

    #[test]
    fn keys_are_sorted_whatever_order_they_were_declared_in() {
        #[derive(serde::Serialize)]
        struct Record {
            zone: u8,
            after: &'static str,
        }
        let record = Record {
            zone: 1,
            after: "x",
        };
        assert_eq!(bytes(&record), br#"{"after":"x","zone":1}"#);
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(
            hash(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
