//! What plans say before anything is done.

use terraform_framework::Value;
use terraform_framework::cty;
use terraform_framework::testing::{UNKNOWN, json};

use crate::conformance::provider::thing::Thing;
use crate::{demanding, errors};

#[tokio::test]
async fn a_create_has_defaults_and_knows_only_later_what_is_computed() {
    let harness = demanding().await;
    let config = harness.config("conf_thing", json!({ "name": "lamp", "key": "secret" }));
    let planned = harness.plan("conf_thing", None, Some(&config)).await;
    assert!(planned.diags.is_empty(), "{:?}", planned.diags);
    let thing: Thing = planned.model();
    assert_eq!(thing.color, "red".into());
    assert!(thing.id.is_unknown() && thing.revision.is_unknown() && thing.zone.is_unknown());
    assert!(thing.on.is_null());
    assert!(thing.key.is_null(), "write-only values are in no plan");
    assert!(planned.replace.is_empty());
}

#[tokio::test]
async fn c20_unchanged_configuration_plans_nothing() {
    let harness = demanding().await;
    for config in [
        json!({ "name": "bare" }),
        json!({
            "name": "full", "color": "blue", "on": false, "exact": 1.5, "zone": "z", "words": ["a", "b"],
            "labels": ["x", "y"], "tags": { "k": "v" }, "anything": { "deep": [1, "two"] }, "password": "hidden",
            "key": "secret", "key_version": 1, "document": "{\"a\": 1}",
            "main_part": { "label": "m" }, "parts": [{ "label": "p" }, { "label": "q", "count": 3 }],
            "spares": [{ "label": "s" }, { "label": "t", "count": 2 }], "places": { "here": { "label": "h" } },
            "timeouts": { "create": "5m" },
        }),
    ] {
        let config = harness.config("conf_thing", config);
        let thing = harness
            .apply("conf_thing", None, &config)
            .await
            .expect_clean();
        let again = harness
            .plan("conf_thing", Some(&thing), Some(&config))
            .await;
        assert!(again.diags.is_empty(), "{:?}", again.diags);
        assert!(
            again.is_empty,
            "planned {:?}\nover {:?}",
            again.state, thing.state
        );
    }
}

#[tokio::test]
async fn c21_what_is_known_only_at_apply_keeps_the_promises_of_the_plan() {
    let harness = demanding().await;
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "words": ["a", UNKNOWN], "color": UNKNOWN }),
    );
    let planned = harness.plan("conf_thing", None, Some(&config)).await;
    assert!(planned.diags.is_empty(), "{:?}", planned.diags);
    let thing: Thing = planned.model();
    assert!(thing.color.is_unknown());
    assert_eq!(thing.words.known().map(Vec::len), Some(2));
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "words": ["a", "b"], "color": "blue" }),
    );
    let made = harness
        .apply_planned("conf_thing", None, &config, &planned)
        .await;
    assert_eq!(made.expect_clean().text("color"), "blue");
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "words": ["x", "b"], "color": "blue" }),
    );
    let broken = harness
        .apply_planned("conf_thing", None, &config, &planned)
        .await;
    assert_eq!(
        errors(&broken.diags),
        ["words[0]: Provider produced inconsistent final plan"]
    );
}

#[tokio::test]
async fn c22_computed_attributes_that_cannot_change_stay_known_on_update() {
    let harness = demanding().await;
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "parts": [{ "label": "p" }] }),
    );
    let lamp = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "color": "blue", "parts": [{ "label": "p", "count": 2 }] }),
    );
    let planned = harness.plan("conf_thing", Some(&lamp), Some(&config)).await;
    let thing: Thing = planned.model();
    assert_eq!(thing.id, "thing-lamp".into());
    assert_eq!(thing.zone, "zone-1".into());
    assert!(thing.revision.is_unknown(), "nothing keeps the revision");
    let parts = thing.parts.known().unwrap();
    assert_eq!(parts[0].known().unwrap().serial, "lamp-0".into());
    let updated = harness.apply("conf_thing", Some(&lamp), &config).await;
    assert!(!updated.replaced);
    assert_eq!(
        updated.expect_clean().model::<Thing>().revision,
        Value::Known(2)
    );
}

#[tokio::test]
async fn c23_replacement_is_exactly_where_it_is_documented() {
    let harness = demanding().await;
    let all = |name: &str, zone: Option<&str>, material: &str| {
        json!({
            "name": name, "zone": zone,
            "main_part": { "label": "m", "material": material }, "parts": [{ "label": "p", "material": material }],
            "places": { "here": { "label": "h", "material": material } },
        })
    };
    let config = harness.config("conf_thing", all("lamp", Some("a"), "oak"));
    let lamp = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    for (config, expected) in [
        (all("lamp", Some("a"), "oak"), vec![]),
        (all("desk", Some("a"), "oak"), vec!["name"]),
        (all("lamp", Some("b"), "oak"), vec!["zone"]),
        (all("lamp", None, "oak"), vec![]),
        (
            all("lamp", Some("a"), "elm"),
            vec![
                "main_part.material",
                "parts[0].material",
                "places[\"here\"].material",
            ],
        ),
    ] {
        let config = harness.config("conf_thing", config);
        let planned = harness.plan("conf_thing", Some(&lamp), Some(&config)).await;
        assert_eq!(planned.replace, expected);
    }
    let config = harness.config("conf_thing", all("lamp", Some("a"), "elm"));
    assert!(
        harness
            .apply("conf_thing", Some(&lamp), &config)
            .await
            .replaced
    );
}

#[tokio::test]
async fn c23_a_block_can_ask_for_replacement_too() {
    let harness = demanding().await;
    let house = |material: &str| json!({ "street": "Elm", "roof": { "material": material } });
    let config = harness.config("conf_house", house("tiles"));
    let built = harness
        .apply("conf_house", None, &config)
        .await
        .expect_clean();
    let config = harness.config("conf_house", house("straw"));
    let planned = harness
        .plan("conf_house", Some(&built), Some(&config))
        .await;
    assert_eq!(planned.replace, ["roof.material"]);
}

#[tokio::test]
async fn c48_a_protected_object_is_refused_while_planning_its_destroy() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "protected": true }));
    let kept = harness
        .apply("conf_fragile", None, &config)
        .await
        .expect_clean();
    let planned = harness.plan("conf_fragile", Some(&kept), None).await;
    assert_eq!(errors(&planned.diags), [": The object is protected"]);
    let config = harness.config("conf_fragile", json!({ "protected": false }));
    let free = harness
        .apply("conf_fragile", Some(&kept), &config)
        .await
        .expect_clean();
    let gone = harness.destroy("conf_fragile", Some(&free)).await;
    assert!(gone.object.is_none() && gone.diags.is_empty(), "{gone:?}");
}

#[tokio::test]
async fn c17_an_unknown_provider_configuration_plans() {
    let harness = demanding().await;
    let diags = harness.configure(json!({ "store": UNKNOWN })).await;
    assert_eq!(diags.iter().filter(|d| !d.error).count(), 1);
    let config = harness.config("conf_thing", json!({ "name": "lamp" }));
    assert!(
        !harness
            .plan("conf_thing", None, Some(&config))
            .await
            .diags
            .has_errors()
    );
}

#[tokio::test]
async fn c27_another_spelling_of_the_same_is_no_change() {
    let harness = demanding().await;
    let config = |document: &str| {
        harness.config(
            "conf_thing",
            json!({ "name": "lamp", "document": document }),
        )
    };
    let lamp = harness
        .apply("conf_thing", None, &config("{\"a\":1,\"b\":2}"))
        .await
        .expect_clean();
    let planned = harness
        .plan(
            "conf_thing",
            Some(&lamp),
            Some(&config("{ \"b\": 2, \"a\": 1 }")),
        )
        .await;
    assert!(planned.diags.is_empty(), "{:?}", planned.diags);
    assert!(planned.is_empty);
    let planned = harness
        .plan("conf_thing", Some(&lamp), Some(&config("{\"a\":2}")))
        .await;
    assert!(!planned.is_empty);
}

#[tokio::test]
async fn c55_elements_of_a_set_keep_what_was_computed_for_them() {
    let harness = demanding().await;
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "spares": [{ "label": "a" }, { "label": "b" }] }),
    );
    let lamp = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "spares": [{ "label": "b" }, { "label": "c" }, { "label": "c" }] }),
    );
    let planned: Thing = harness
        .plan("conf_thing", Some(&lamp), Some(&config))
        .await
        .model();
    let spares = planned.spares.known().unwrap().0.clone();
    assert_eq!(spares.len(), 2, "equal elements fall together");
    let serial = |label: &str| {
        let part = spares
            .iter()
            .filter_map(Value::known)
            .find(|p| p.label.text() == Some(label));
        part.unwrap().serial.clone()
    };
    assert_eq!(serial("b"), "lamp-b".into());
    assert!(serial("c").is_unknown());
}

#[tokio::test]
async fn c58_dynamic_blocks_that_do_not_know_their_number_plan() {
    let harness = demanding().await;
    let config = harness.config(
        "conf_house",
        json!({ "street": "Elm", "room": UNKNOWN, "garden": UNKNOWN }),
    );
    let planned = harness.plan("conf_house", None, Some(&config)).await;
    assert!(planned.diags.is_empty(), "{:?}", planned.diags);
    assert!(!planned.attribute("room").is_known());
    assert_eq!(
        planned.attribute("door"),
        &cty::Value::set(
            planned.attribute("door").ty().element().unwrap().clone(),
            vec![]
        )
        .unwrap()
    );
}
