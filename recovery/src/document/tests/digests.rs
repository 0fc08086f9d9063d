//! What changes a document's digest, and what never does.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::kinds::KINDS;
use super::{base, document, read};
use crate::document::Document;

fn digest(value: &Value) -> String {
    document(value).digest().unwrap()
}

#[test]
fn the_canonical_form_is_pinned() {
    // A change here changes the digest of every plan that is in use: that is a new schema.
    let mut value = base();
    value["steps"].as_array_mut().unwrap().truncate(2);
    value["tiers"].as_object_mut().unwrap().remove("high");
    let canonical = document(&value).canonical().unwrap();
    assert_eq!(
        canonical,
        "{\"accounts\":{},\"at_once\":8,\"authority\":\"promote\",\"description\":\"\",\"name\":\"orders\",\
         \"probes\":{\"front\":{\"status\":200,\"url\":{\"us-east-1\":\"https://east.example.com/health\",\
         \"us-west-2\":\"https://west.example.com/health\"}}},\"regions\":[\"us-east-1\",\"us-west-2\"],\
         \"require_rto\":false,\"schema\":1,\"steps\":[{\"after\":[],\"name\":\"hold\",\"on_failure\":\"stop\",\
         \"pause\":{\"for\":\"2m\"},\"run_in\":[\"failover\",\"switchover\"],\"tier\":\"critical\",\"timeout\":\"6m\"},\
         {\"after\":[\"hold\"],\"move_writer\":{\"backup_days\":7,\"instances\":{\"us-east-1\":\"orders-e\",\
         \"us-west-2\":\"orders-w\"}},\"name\":\"promote\",\"on_failure\":\"stop\",\
         \"run_in\":[\"failover\",\"switchover\"],\"tier\":\"critical\",\"timeout\":\"30m\"}],\
         \"stores\":{\"us-east-1\":{\"bucket\":\"dr-east\",\"prefix\":\"dr/\"},\
         \"us-west-2\":{\"bucket\":\"dr-west\",\"kms_key\":\"alias/dr\",\"prefix\":\"\"}},\
         \"tiers\":{\"critical\":{\"rpo\":\"5m\",\"rto\":\"1h\"}}}"
    );
}

/// Changes of meaning, one for every field there is.
const MEANINGS: &[fn(&mut Value)] = &[
    |d| d["name"] = json!("other"),
    |d| d["description"] = json!("what it is for"),
    |d| d["regions"] = json!(["us-west-2", "us-east-1"]),
    |d| d["tiers"]["critical"]["rto"] = json!("59m"),
    |d| d["tiers"]["critical"]["rpo"] = json!("0s"),
    |d| d["tiers"]["low"] = json!({ "rto": "1d", "rpo": "1d" }),
    |d| {
        d["steps"][2] = json!({
            "name": "settle",
            "tier": "high",
            "move_writer": { "instances": { "us-east-1": "a", "us-west-2": "b" } }
        });
    },
    |d| d["stores"]["us-east-1"]["bucket"] = json!("dr-other"),
    |d| d["stores"]["us-east-1"]["prefix"] = json!(""),
    |d| d["stores"]["us-east-1"]["kms_key"] = json!("alias/dr"),
    |d| d["stores"]["us-east-1"] = json!({ "directory": "/var/dr" }),
    |d| d["accounts"] = json!({ "us-east-1": { "role_arn": "arn:aws:iam::123456789012:role/dr" } }),
    |d| {
        d["accounts"] = json!({
            "us-east-1": { "role_arn": "arn:aws:iam::123456789012:role/dr", "external_id": "x" }
        });
    },
    |d| d["probes"]["front"]["status"] = json!(204),
    |d| d["probes"]["front"]["contains"] = json!("ok"),
    |d| d["probes"]["front"]["url"]["us-east-1"] = json!("http://east.example.com/health"),
    |d| d["at_once"] = json!(7),
    |d| d["require_rto"] = json!(true),
    |d| d["steps"][1]["name"] = json!("hold2"),
    |d| d["steps"][1]["after"] = json!([]),
    |d| d["steps"][1]["tier"] = json!("high"),
    |d| {
        d["steps"][3]["tier"] = json!("high");
    },
    |d| d["steps"][1]["timeout"] = json!("31m"),
    |d| d["steps"][1]["on_failure"] = json!("continue"),
    |d| d["steps"][1]["run_in"] = json!(["failover"]),
    |d| d["steps"][0]["pause"]["for"] = json!("121s"),
    |d| d["steps"][1]["move_writer"]["backup_days"] = json!(8),
    |d| d["steps"][3]["rebuild"]["force"] = json!(true),
    |d| d["steps"][3]["rebuild"]["tags"] = json!({ "a": "b" }),
    |d| d["steps"][3]["rebuild"]["names"] = json!(["x"]),
    |d| d["steps"][3]["rebuild"]["names"] = json!(["x", "y"]),
    |d| d["steps"][3]["rebuild"]["names"] = json!(["y", "x"]),
    |d| d["steps"][3]["rebuild"]["part"] = json!({ "name": "p" }),
    |d| d["steps"][3]["rebuild"]["parts"] = json!([{ "name": "p" }]),
];

#[test]
fn every_change_of_meaning_changes_the_digest() {
    let mut digests = vec![digest(&base())];
    for (row, change) in MEANINGS.iter().enumerate() {
        let mut value = base();
        change(&mut value);
        // The authority follows the step that is renamed.
        if value["steps"][1]["name"] == "hold2" {
            value["authority"] = json!("hold2");
            value["steps"][2]["after"] = json!(["hold2"]);
        }
        let found = digest(&value);
        assert!(!digests.contains(&found), "row {row} changes nothing");
        digests.push(found);
    }
    let mut value = base();
    MEANINGS[6](&mut value);
    let before = digest(&value);
    value["authority"] = json!("settle");
    assert_ne!(digest(&value), before);
}

/// The value as text, its members in an order that `order` decides, with white space in between.
fn scrambled(value: &Value, order: &mut dyn Iterator<Item = usize>) -> String {
    let spaces = [" ", "", "\n", "\t "];
    let space = |order: &mut dyn Iterator<Item = usize>| spaces[order.next().unwrap() % 4];
    match value {
        Value::Object(members) => {
            let mut left: Vec<_> = members.iter().collect();
            let mut parts = Vec::new();
            while !left.is_empty() {
                let (key, value) = left.swap_remove(order.next().unwrap() % left.len());
                let key = escaped(key, order.next().unwrap());
                let (a, b) = (space(order), space(order));
                parts.push(format!("{a}{key}{b}:{}", scrambled(value, order)));
            }
            format!("{{{}{}}}", parts.join(","), space(order))
        }
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().map(|value| scrambled(value, order)).collect();
            format!("[{}{}]", parts.join(","), space(order))
        }
        Value::String(text) => format!("{}{}", space(order), escaped(text, order.next().unwrap())),
        other => format!("{}{other}", space(order)),
    }
}

/// A string, one of its characters perhaps written as an escape.
fn escaped(text: &str, which: usize) -> String {
    let characters = text.chars().enumerate().map(|(position, character)| {
        if position == which % 40 && character.is_ascii() {
            format!("\\u{:04X}", u32::from(character))
        } else {
            let quoted = Value::from(character.to_string()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    });
    format!("\"{}\"", characters.collect::<String>())
}

/// Takes over some of the defaults that `whole` writes out.
fn partly(sparse: &Value, whole: &Value, take: &mut dyn Iterator<Item = usize>) -> Value {
    match (sparse, whole) {
        (Value::Object(sparse), Value::Object(whole)) => {
            let members = whole
                .iter()
                .filter_map(|(key, whole)| match sparse.get(key) {
                    Some(sparse) => Some((key.clone(), partly(sparse, whole, take))),
                    None => (take.next().unwrap().is_multiple_of(2))
                        .then(|| (key.clone(), whole.clone())),
                });
            Value::Object(members.collect::<Map<_, _>>())
        }
        (Value::Array(sparse), Value::Array(whole)) if sparse.len() == whole.len() => sparse
            .iter()
            .zip(whole)
            .map(|(sparse, whole)| partly(sparse, whole, take))
            .collect(),
        _ if take.next().unwrap().is_multiple_of(2) => whole.clone(),
        _ => sparse.clone(),
    }
}

/// Plans that are right: the base with some changes of meaning that go with each other.
fn any_plan() -> impl Strategy<Value = Value> {
    let rows = [
        0, 1, 3, 4, 5, 7, 9, 12, 13, 14, 16, 17, 22, 23, 24, 25, 26, 27, 28, 29, 32, 33,
    ];
    proptest::collection::vec(proptest::sample::select(rows.to_vec()), 0..8).prop_map(|rows| {
        let mut value = base();
        for row in rows {
            MEANINGS[row](&mut value);
        }
        value
    })
}

fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    let mut random = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(move || random.usize(..))
}

proptest! {
    #[test]
    fn the_canonical_form_reads_back_as_the_same_document(plan in any_plan()) {
        let first = document(&plan);
        let text = first.canonical().unwrap();
        let (second, _) = Document::read(&text, KINDS).unwrap();
        prop_assert_eq!(second.canonical().unwrap(), text);
        prop_assert_eq!(second.digest().unwrap(), first.digest().unwrap());
        prop_assert_eq!(second, first);
    }

    #[test]
    fn order_space_escapes_and_defaults_written_out_change_nothing(plan in any_plan(), seed in any::<u64>()) {
        let first = document(&plan);
        let mut random = numbers(seed);
        let other = partly(&plan, &first.to_json(), &mut random);
        let text = scrambled(&other, &mut random);
        let (second, _) = Document::read(&text, KINDS).unwrap();
        prop_assert_eq!(second.digest().unwrap(), first.digest().unwrap());
        prop_assert_eq!(second, first);
    }

    #[test]
    fn different_documents_have_different_digests(one in any_plan(), other in any_plan()) {
        let (one, other) = (document(&one), document(&other));
        prop_assert_eq!(one == other, one.digest().unwrap() == other.digest().unwrap());
    }

    #[test]
    fn damaged_documents_are_refused_or_read_and_never_panic(plan in any_plan(), at in any::<prop::sample::Index>(), byte in any::<char>()) {
        let mut text: Vec<char> = plan.to_string().chars().collect();
        let at = at.index(text.len());
        text[at] = byte;
        let text: String = text.into_iter().collect();
        match Document::read(&text, KINDS) {
            Ok((document, _)) => prop_assert!(read(&document.to_json()).is_ok()),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
