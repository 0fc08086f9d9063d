//! Values on their way through a provider.

use terraform_framework::Model;
use terraform_framework::cty::{Refinements, Value as Cty};
use terraform_framework::testing::{UNKNOWN, json};

use crate::conformance::provider::thing::Thing;
use crate::demanding;

#[tokio::test]
async fn c56_null_and_empty_are_kept_apart() {
    let harness = demanding().await;
    let empty = json!({ "name": "lamp", "words": [], "labels": [], "tags": {}, "document": "", "parts": [], "places": {} });
    let config = harness.config("conf_thing", empty);
    let full: Thing = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean()
        .model();
    assert_eq!(full.words.known().map(Vec::len), Some(0));
    assert_eq!(
        full.tags.known().map(std::collections::BTreeMap::len),
        Some(0)
    );
    assert_eq!(full.document, "".into());
    assert_eq!(full.parts.known().map(Vec::len), Some(0));
    let config = harness.config("conf_thing", json!({ "name": "lamp" }));
    let bare: Thing = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean()
        .model();
    assert!(
        bare.words.is_null()
            && bare.tags.is_null()
            && bare.document.is_null()
            && bare.parts.is_null()
    );
}

#[tokio::test]
async fn c57_blocks_of_every_nesting_are_empty_not_null() {
    let harness = demanding().await;
    let config = harness.config("conf_house", json!({ "street": "Elm" }));
    let house = harness
        .apply("conf_house", None, &config)
        .await
        .expect_clean();
    assert!(house.attribute("roof").is_null());
    assert_eq!(house.attribute("room").elements().map(<[_]>::len), Some(0));
    assert_eq!(house.attribute("door").elements().map(<[_]>::len), Some(0));
    assert!(house.attribute("garden").entries().is_some());
    assert!(
        house
            .attribute("owner")
            .attribute("person")
            .is_some_and(Cty::is_null)
    );
    let config = harness.config(
        "conf_house",
        json!({
            "street": "Elm", "roof": { "material": "tiles" }, "room": [{ "purpose": "sleep", "window": [{ "side": "north" }] }],
            "door": [{ "person": "Ada" }, { "person": "Bob" }, {}], "garden": { "back": { "purpose": "grow", "size": 50 } },
            "owner": { "person": "Ada" },
        }),
    );
    let house = harness
        .apply("conf_house", None, &config)
        .await
        .expect_clean();
    let room = &house.attribute("room").elements().unwrap()[0];
    assert_eq!(room.attribute("number"), Some(&Cty::string("room 0")));
    assert_eq!(room.attribute("size"), Some(&Cty::number(10)));
    assert_eq!(house.attribute("door").elements().map(<[_]>::len), Some(3));
    assert!(
        harness
            .plan("conf_house", Some(&house), Some(&config))
            .await
            .is_empty
    );
}

#[tokio::test]
async fn c52_what_is_promised_of_an_unknown_value_stays_promised() {
    let harness = demanding().await;
    let config = harness.config("conf_thing", json!({ "name": UNKNOWN }));
    let promised = Cty::unknown(cty_string()).with_refinements(Refinements {
        prefix: Some("u-".into()),
        ..Refinements::not_null()
    });
    let entries = config.entries().unwrap().iter();
    let config = Cty::object(entries.map(|(name, value)| {
        (
            name.clone(),
            if &**name == "name" {
                promised.clone()
            } else {
                value.clone()
            },
        )
    }));
    let planned = harness.plan("conf_thing", None, Some(&config)).await;
    assert!(planned.diags.is_empty(), "{:?}", planned.diags);
    assert_eq!(planned.attribute("name"), &promised);
}

fn cty_string() -> terraform_framework::cty::Type {
    terraform_framework::cty::Type::String
}

#[tokio::test]
async fn c52_exact_numbers_and_dynamic_values_pass_unharmed() {
    let harness = demanding().await;
    let exact = "123456789012345678901234567890.000000000000000000001";
    let number: serde_json::Value = serde_json::from_str(exact).unwrap();
    for anything in [
        json!("text"),
        json!(5),
        json!([1, "two", { "three": null }]),
        json!({ "a": { "b": [true] } }),
    ] {
        let config = harness.config(
            "conf_thing",
            json!({ "name": "lamp", "exact": number, "anything": anything }),
        );
        let made = harness
            .apply("conf_thing", None, &config)
            .await
            .expect_clean();
        assert_eq!(
            made.model::<Thing>().exact.known().unwrap().to_string(),
            exact
        );
        assert_eq!(
            Some(made.attribute("anything")),
            config.attribute("anything")
        );
    }
}

#[test]
fn a_model_reads_what_it_writes() {
    let thing = Thing {
        name: "lamp".into(),
        words: vec!["a".into()].into(),
        ..Thing::default()
    };
    let written = thing.write();
    assert_eq!(written.ty(), &Thing::ty());
    assert_eq!(Thing::from_cty(&written).unwrap().write(), written);
    assert!(Thing::from_cty(&Cty::object([("name", Cty::bool(true))])).is_err());
}
