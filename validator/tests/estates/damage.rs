//! Damaged documents: whatever the bytes are, the readers answer with an inventory or an error.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use drcheck::inventory::Sealer;
use drcheck::{inventory, plan, state};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::program::{KEYS_CONFIGURATION, STORED, estate, printed};

/// Small documents of each kind: damage should meet structure, not the middle of long lists.
fn documents() -> &'static [Vec<u8>] {
    static DOCUMENTS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let read = |path: &str| std::fs::read(estate(path)).expect("a document");
        vec![
            read("provider-keys/plan.json"),
            first(&read("two-region/plan.json"), "/resource_changes"),
            first(
                &read("two-region/state.json"),
                "/values/root_module/resources",
            ),
            first(&read("two-region/terraform.tfstate"), "/resources"),
            printed(KEYS_CONFIGURATION).to_vec(),
            first(printed(STORED), "/instances"),
        ]
    })
}

/// A document with the first of the elements in a list only, and nothing else that is large.
fn first(document: &[u8], list: &str) -> Vec<u8> {
    let mut json: Json = serde_json::from_slice(document).expect("JSON");
    let all = json.pointer_mut(list).expect("a list");
    *all = all
        .as_array()
        .expect("a list")
        .iter()
        .take(8)
        .cloned()
        .collect();
    for large in [
        "planned_values",
        "prior_state",
        "relevant_attributes",
        "configuration",
    ] {
        if json.get(large).is_some() {
            json[large] = json!({});
        }
    }
    if let Some(children) = json.pointer_mut("/values/root_module/child_modules") {
        *children = json!([]);
    }
    serde_json::to_vec(&json).expect("JSON")
}

/// Reads the bytes as each kind of document; the answer does not matter, only that there is one.
fn read_all(bytes: &[u8]) {
    let sealer = Sealer::with_key("key");
    let accounts = BTreeMap::new();
    let read = [
        plan::read(bytes, "p", &accounts, &sealer),
        state::read(bytes, "s", &accounts, &sealer),
        inventory::json::read(bytes, "i"),
    ];
    for answer in read {
        match answer {
            Ok(read) => {
                let mut out = Vec::new();
                inventory::json::write(&read, &mut out).expect("memory is writable");
                serde_json::from_slice::<Json>(&out).expect("what is written is JSON");
            }
            Err(error) => assert!(!error.summary.is_empty() && !error.summary.ends_with('.')),
        }
    }
}

/// Values that no writer puts where they end up.
fn strange() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1e300)),
        Just(json!(18_446_744_073_709_551_615_u64)),
        Just(json!("")),
        Just(json!("[\"a.b[0]\"].module.é")),
        Just(json!([])),
        Just(json!([[null]])),
        Just(json!({})),
        Just(json!({ "": { "a": [true] } })),
        Just(json!([
            "ingress",
            18_446_744_073_709_551_615_u64,
            "cidr_blocks",
            0
        ])),
    ]
}

/// Puts a value at the place that the walk leads to.
fn replaced(json: &mut Json, walk: &[usize], value: Json) {
    let Some((step, rest)) = walk.split_first() else {
        *json = value;
        return;
    };
    let part = match json {
        Json::Array(all) if !all.is_empty() => {
            let at = step % all.len();
            &mut all[at]
        }
        Json::Object(all) if !all.is_empty() => {
            let at = step % all.len();
            all.values_mut().nth(at).expect("it is shorter")
        }
        leaf => {
            *leaf = value;
            return;
        }
    };
    replaced(part, rest, value);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn truncated_documents_are_answered(which in 0_usize..6, at in 0.0_f64..1.0) {
        let document = &documents()[which];
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let length = (document.len() as f64 * at) as usize;
        read_all(&document[..length]);
    }

    #[test]
    fn damaged_bytes_are_answered(
        which in 0_usize..6,
        damage in vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut document = documents()[which].clone();
        for (at, byte) in damage {
            let at = at.index(document.len());
            document[at] = byte;
        }
        read_all(&document);
    }

    #[test]
    fn strange_values_in_any_place_are_answered(
        which in 0_usize..6,
        changes in vec((vec(any::<usize>(), 1..9), strange()), 1..4),
    ) {
        let mut json: Json = serde_json::from_slice(&documents()[which]).expect("JSON");
        for (walk, value) in changes {
            replaced(&mut json, &walk, value);
        }
        read_all(&serde_json::to_vec(&json).expect("JSON"));
    }
}

#[test]
fn deep_and_wide_documents_are_answered() {
    for text in [
        "[".repeat(200_000),
        "{\"values\":".repeat(100_000),
        format!(
            "{{\"format_version\":\"1.2\",\"resource_changes\":{}",
            "[".repeat(100_000)
        ),
        format!(
            "{{\"version\":4,\"resources\":{}{}}}",
            "[".repeat(100),
            "]".repeat(100)
        ),
        format!(
            "{{\"format_version\":\"1.0\",\"instances\":[{}]}}",
            "{},".repeat(1_000)
        ),
    ] {
        read_all(text.as_bytes());
    }
}
