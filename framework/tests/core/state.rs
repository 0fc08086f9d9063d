//! Stored states of other releases.

use terraform_framework::testing::json;

use crate::conformance::provider::thing::Thing;
use crate::{demanding, errors};

#[tokio::test]
async fn c37_an_older_state_is_upgraded_and_a_newer_one_refused() {
    let harness = demanding().await;
    let found = harness
        .upgrade("conf_thing", 1, json!({ "name": "lamp", "hue": "green" }))
        .await;
    assert!(found.diags.is_empty(), "{:?}", found.diags);
    assert_eq!(found.object.unwrap().text("color"), "green");
    let found = harness
        .upgrade("conf_thing", 3, json!({ "name": "lamp" }))
        .await;
    assert_eq!(
        errors(&found.diags),
        [": State of conf_thing was written by a newer provider"]
    );
    let found = harness
        .upgrade("conf_thing", 0, json!({ "name": "lamp" }))
        .await;
    assert!(
        found.diags.iter().next().unwrap().detail.contains("clay"),
        "the resource says why"
    );
}

#[tokio::test]
async fn c38_dropped_attributes_are_tolerated_and_new_ones_are_null() {
    let harness = demanding().await;
    let stored =
        json!({ "name": "lamp", "gone": { "deep": true }, "parts": [{ "label": "p", "gone": 1 }] });
    let found = harness.upgrade("conf_thing", 2, stored).await;
    assert!(found.diags.is_empty(), "{:?}", found.diags);
    let thing: Thing = found.object.unwrap().model();
    assert_eq!(thing.name, "lamp".into());
    assert!(thing.color.is_null());
    assert_eq!(thing.parts.known().map(Vec::len), Some(1));
}

#[tokio::test]
async fn c38_blocks_that_came_later_are_empty_not_null() {
    let harness = demanding().await;
    let found = harness
        .upgrade("conf_house", 0, json!({ "street": "Elm" }))
        .await;
    assert!(found.diags.is_empty(), "{:?}", found.diags);
    let house = found.object.unwrap();
    for name in ["room", "door"] {
        assert_eq!(
            house.attribute(name).elements().map(<[_]>::len),
            Some(0),
            "{name}"
        );
    }
    assert!(
        house
            .attribute("garden")
            .entries()
            .is_some_and(std::collections::BTreeMap::is_empty)
    );
    assert!(house.attribute("roof").is_null());
    assert!(!house.attribute("owner").is_null());
}

#[tokio::test]
async fn c52_numbers_in_a_stored_state_are_read_to_the_last_digit() {
    let harness = demanding().await;
    let stored =
        serde_json::from_str(r#"{ "name": "lamp", "exact": 12345678901234567890.123456789 }"#)
            .unwrap();
    let found = harness.upgrade("conf_thing", 2, stored).await;
    let thing: Thing = found.object.unwrap().model();
    assert_eq!(
        thing.exact.known().unwrap().to_string(),
        "12345678901234567890.123456789"
    );
}
