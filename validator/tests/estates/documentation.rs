//! The published schema and page of the inventory format hold for what is printed.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value as Json, json};

use super::program::{ALL, KEYS_CONFIGURATION, PLAN, instances, inventory};

fn published(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/drcheck")
        .join(name)
}

fn schema() -> Json {
    let text = std::fs::read_to_string(published("inventory.schema.json")).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator(schema: &Json) -> Validator {
    jsonschema::draft202012::new(schema).expect("a valid schema")
}

/// The schema with no room for keys that it does not describe.
fn closed(schema: &mut Json) {
    match schema {
        Json::Object(all) => {
            if all.contains_key("properties") {
                all.insert("additionalProperties".into(), json!(false));
            }
            all.values_mut().for_each(closed);
        }
        Json::Array(all) => all.iter_mut().for_each(closed),
        _ => {}
    }
}

fn errors(validator: &Validator, document: &Json) -> Vec<String> {
    validator
        .iter_errors(document)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn every_key_of_every_inventory_is_described_in_the_schema() {
    let mut schema = schema();
    closed(&mut schema);
    let validator = validator(&schema);
    for source in ALL {
        let found = errors(&validator, &inventory(source));
        assert!(found.is_empty(), "{source:?}: {found:?}");
    }
}

#[test]
fn keys_of_a_later_version_are_allowed() {
    let mut document = inventory(PLAN);
    document["later"] = json!(1);
    document["instances"][0]["later"] = json!({ "a": 1 });
    document["format_version"] = json!("1.7");
    let found = errors(&validator(&schema()), &document);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn wrong_documents_do_not_pass() {
    let validator = validator(&schema());
    let good = inventory(PLAN);
    assert!(validator.is_valid(&good));
    for (pointer, value) in [
        ("/format_version", json!("2.0")),
        ("/format_version", json!(1)),
        ("/instances", json!({})),
        ("/instances/0/address", json!(null)),
        ("/instances/0/mode", json!("ephemeral")),
        ("/instances/0/region", json!(["us-east-1"])),
        ("/instances/0/scope", json!("local")),
        (
            "/instances/0/unknown",
            json!([{ "path": "id", "because": [] }]),
        ),
        ("/instances/0/unknown", json!([{ "path": ["id"] }])),
        (
            "/instances/0/unknown",
            json!([{ "path": [true], "because": [] }]),
        ),
        (
            "/instances/0/sensitive",
            json!([{ "path": ["a"], "digest": "secret" }]),
        ),
        (
            "/instances/0/references",
            json!([{ "path": [], "to": "a.b" }]),
        ),
        (
            "/instances/0/places",
            json!({ "a": [{ "file": "a", "line": 0, "column": 1, "what": "a" }] }),
        ),
        ("/instances/0/values", json!([])),
        ("/sources/0/kind", json!("live")),
        ("/sources/0/files", json!(-1)),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(pointer).expect("it is there") = value.clone();
        assert!(!validator.is_valid(&wrong), "{pointer} may be {value}");
    }
    assert!(!validator.is_valid(&json!({ "format_version": "1.0" })));
}

#[test]
fn every_part_of_the_schema_says_what_it_means() {
    fn check(schema: &Json, at: &str) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}.{name}");
            let told = ["description", "$ref", "enum"]
                .iter()
                .any(|key| property.get(key).is_some());
            assert!(told, "{at} has no description");
            check(property, &at);
            check(&property["items"], &at);
        }
    }
    let schema = schema();
    check(&schema, "inventory");
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        assert!(definition["description"].is_string(), "{name}");
        check(definition, name);
    }
}

#[test]
fn the_example_on_the_page_is_what_is_printed() {
    let page = std::fs::read_to_string(published("inventory.md")).expect("a page");
    let (_, rest) = page.split_once("```json\n").expect("an example");
    let (example, _) = rest.split_once("\n```").expect("its end");
    let example: Json = serde_json::from_str(example).expect("JSON");
    let printed = &instances(KEYS_CONFIGURATION)["module.deep.aws_vpc.x"];
    let pretty = serde_json::to_string_pretty(printed).expect("JSON");
    assert_eq!(&example, printed, "the page should show\n{pretty}");
}
