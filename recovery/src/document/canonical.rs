//! The canonical form of a document: RFC 8785 of its JSON with every default written out, and the SHA-256 of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws::Region;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::fields::LARGEST_EXACT;
use super::{Document, OnFailure, SCHEMA, StepEntry, StorePlace};
use crate::duration;

/// A number that documents do not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the number {0} is no whole number of at most 53 bits; documents hold no others")]
pub struct NotWhole(String);

/// The document as JSON with every default written out.
pub(super) fn to_json(document: &Document) -> Value {
    let tiers = document.tiers.iter().map(|(name, objective)| {
        let rto = duration::text(objective.rto);
        let rpo = duration::text(objective.rpo);
        (name.clone(), json!({ "rto": rto, "rpo": rpo }))
    });
    let accounts = document.accounts.iter().map(|(region, account)| {
        let mut members = Map::new();
        members.insert(
            "role_arn".to_owned(),
            Value::from(account.role_arn.as_str()),
        );
        put(&mut members, "external_id", account.external_id.as_deref());
        (region.to_string(), Value::Object(members))
    });
    let probes = document.probes.iter().map(|(name, probe)| {
        let mut members = Map::new();
        members.insert("url".to_owned(), by_region(&probe.url));
        members.insert("status".to_owned(), Value::from(probe.status));
        put(&mut members, "contains", probe.contains.as_deref());
        (name.clone(), Value::Object(members))
    });
    let stores = document.stores.iter();
    let stores = stores.map(|(region, place)| (region.to_string(), store(place)));
    let regions: Vec<&str> = document.regions.iter().map(Region::as_str).collect();
    json!({
        "schema": SCHEMA,
        "name": document.name,
        "description": document.description,
        "regions": regions,
        "tiers": Value::Object(tiers.collect()),
        "authority": document.authority,
        "stores": Value::Object(stores.collect()),
        "accounts": Value::Object(accounts.collect()),
        "probes": Value::Object(probes.collect()),
        "at_once": document.at_once,
        "require_rto": document.require_rto,
        "steps": document.steps.iter().map(step).collect::<Vec<Value>>(),
    })
}

fn by_region(texts: &BTreeMap<Region, String>) -> Value {
    let pairs = texts.iter();
    let pairs = pairs.map(|(region, text)| (region.to_string(), Value::from(text.as_str())));
    Value::Object(pairs.collect())
}

fn put(members: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        members.insert(name.to_owned(), Value::from(text));
    }
}

fn store(place: &StorePlace) -> Value {
    match place {
        StorePlace::Directory(directory) => json!({ "directory": directory }),
        StorePlace::Bucket {
            bucket,
            prefix,
            kms_key,
        } => {
            let mut members = Map::new();
            put(&mut members, "bucket", Some(bucket));
            put(&mut members, "prefix", Some(prefix));
            put(&mut members, "kms_key", kms_key.as_deref());
            Value::Object(members)
        }
    }
}

fn step(step: &StepEntry) -> Value {
    let mut members = Map::new();
    let modes: Vec<&str> = step.run_in.iter().map(|mode| mode.name()).collect();
    let on_failure = match step.on_failure {
        OnFailure::Stop => "stop",
        OnFailure::Continue => "continue",
    };
    put(&mut members, "name", Some(&step.name));
    put(&mut members, "tier", step.tier.as_deref());
    put(&mut members, "timeout", Some(&duration::text(step.timeout)));
    put(&mut members, "on_failure", Some(on_failure));
    members.insert("after".to_owned(), Value::from(step.after.clone()));
    members.insert("run_in".to_owned(), Value::from(modes));
    let arguments = Value::Object(step.arguments.as_json().clone());
    members.insert(step.kind.name().to_owned(), arguments);
    Value::Object(members)
}

/// The SHA-256 of a text, in hexadecimal.
pub(super) fn digest(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").expect("writing to a string never fails");
    }
    hex
}

/// The JSON Canonicalization Scheme of RFC 8785, for values whose numbers are whole.
///
/// # Errors
/// When there is a number that is not whole, or that a double would not keep exact.
pub fn canonical(value: &Value) -> Result<String, NotWhole> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Ok(text)
}

fn write_value(value: &Value, out: &mut String) -> Result<(), NotWhole> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::String(text) => write_string(text, out),
        Value::Number(number) => {
            let whole = number.as_i64();
            let whole = whole.filter(|whole| whole.unsigned_abs() <= LARGEST_EXACT.unsigned_abs());
            let whole = whole.ok_or_else(|| NotWhole(super::json::clip(&number.to_string())))?;
            out.push_str(&whole.to_string());
        }
        Value::Array(list) => {
            out.push('[');
            for (position, element) in list.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_value(element, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            // By UTF-16 code units (section 3.2.3), which is another order than that of UTF-8 from U+E000 on.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (position, (key, value)) in members.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write_value(value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Section 3.2.2.2: short escapes where there are some, `\u00xx` for other control characters, all else as it is.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                write!(out, "\\u{:04x}", u32::from(character))
                    .expect("writing to a string never fails");
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, NotWhole> {
        canonical(&serde_json::from_str::<Value>(text).unwrap())
    }

    /// The example of RFC 8785 section 3.2.2 without its numbers, of which documents hold none.
    #[test]
    fn writes_strings_and_words_as_the_rfc_does() {
        let text = r#"{
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        assert_eq!(
            of(text).unwrap(),
            r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
        assert_eq!(
            of(r#""\b\f\r\t\u007f\u2028""#).unwrap(),
            "\"\\b\\f\\r\\t\u{7f}\u{2028}\""
        );
    }

    /// The example of RFC 8785 section 3.2.3.
    #[test]
    fn sorts_names_as_the_rfc_does() {
        let text = r#"{
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let canonical = of(text).unwrap();
        let order = [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ];
        let places = order.map(|value| canonical.find(value).unwrap());
        assert!(places.is_sorted(), "{canonical}");
    }

    /// The whole numbers of RFC 8785 appendix B, and its others refused.
    #[test]
    fn writes_whole_numbers_and_no_others() {
        for (text, written) in [
            ("0", Some("0")),
            ("-0", Some("0")),
            ("9007199254740991", Some("9007199254740991")),
            ("-9007199254740991", Some("-9007199254740991")),
            ("9007199254740992", None),
            ("-9007199254740992", None),
            ("295147905179352830000", None),
            ("333333333.33333329", None),
            ("1E30", None),
            ("4.50", None),
            ("2e-3", None),
            ("0.000000000000000000000000001", None),
            ("1.0", None),
        ] {
            assert_eq!(of(text).ok().as_deref(), written, "{text}");
        }
    }

    #[test]
    fn the_digest_is_sha_256() {
        // FIPS 180-4, example "abc".
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
