//! What users are told.

use terraform_framework::testing::{Harness, UNKNOWN, json};
use tfplugin6::v6;
use tfplugin6::v6::provider_server::Provider as _;

use crate::conformance::provider::Conformance;
use crate::{demanding, errors};

#[tokio::test]
async fn c16_what_is_unknown_never_complains() {
    let harness = demanding().await;
    for name in ["conf_thing", "conf_house", "conf_fragile"] {
        let config = harness.all_unknown(name);
        let diags = harness.validate(name, &config).await;
        assert!(diags.is_empty(), "{name}: {diags:?}");
        let planned = harness.plan(name, None, Some(&config)).await;
        assert!(planned.diags.is_empty(), "{name}: {:?}", planned.diags);
    }
    let diags = harness
        .plan_action("conf_announce", &harness.all_unknown("conf_announce"))
        .await;
    assert!(diags.is_empty(), "{diags:?}");
}

#[tokio::test]
async fn c18_c19_all_errors_at_once_each_with_its_path() {
    let harness = demanding().await;
    let config = harness.config(
        "conf_thing",
        json!({
            "name": "", "color": "pink", "paint": "pink",
            "parts": [{ "label": "p" }, { "label": "p", "count": 0 }],
            "places": { "here": { "label": "" } },
        }),
    );
    let found = errors(&harness.validate("conf_thing", &config).await);
    assert_eq!(
        found,
        [
            "name: Invalid name",
            "color: Invalid color",
            "parts[1].count: Invalid parts[1].count",
            "places[\"here\"].label: Invalid places[\"here\"].label",
            "paint: paint conflicts with color",
        ]
    );
}

#[tokio::test]
async fn c18_an_error_in_a_set_names_the_set_and_one_in_a_block_its_index() {
    let harness = demanding().await;
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "spares": [{ "label": "" }] }),
    );
    let diags = harness.validate("conf_thing", &config).await;
    assert_eq!(diags.iter().next().unwrap().path.to_string(), "spares");
    let room = |window: &str| json!({ "purpose": "p", "window": [{ "side": window }] });
    let config = harness.config(
        "conf_house",
        json!({ "street": "Elm", "room": [room("north"), room("west")] }),
    );
    let found = errors(&harness.validate("conf_house", &config).await);
    assert_eq!(
        found,
        ["room[1].window[0].side: Invalid room[1].window[0].side"]
    );
}

#[tokio::test]
async fn c19_warnings_survive_success() {
    let harness = demanding().await;
    let on = harness.config("conf_thing", json!({ "name": "lamp", "on": true }));
    let lamp = harness.apply("conf_thing", None, &on).await.expect_clean();
    let off = harness.config("conf_thing", json!({ "name": "lamp", "on": false }));
    let outcome = harness.apply("conf_thing", Some(&lamp), &off).await;
    assert!(
        outcome
            .diags
            .iter()
            .any(|d| !d.error && d.summary == "The thing is switched off")
    );
    outcome.expect_clean();
}

#[tokio::test]
async fn c40_a_sensitive_value_is_in_no_message() {
    let harness = demanding().await;
    let config = harness.config("conf_thing", json!({ "name": "lamp", "password": "abc" }));
    let diags = harness.validate("conf_thing", &config).await;
    assert_eq!(errors(&diags), ["password: Invalid password"]);
    assert!(!format!("{diags:?}").contains("abc"), "{diags:?}");
}

#[tokio::test]
async fn c41_an_old_terraform_is_told_that_it_would_store_a_write_only_value() {
    let harness = demanding().await;
    let config = harness.config("conf_thing", json!({ "name": "lamp", "key": "secret" }));
    let msgpack = terraform_framework::cty::msgpack::encode(&config, config.ty())
        .unwrap()
        .into();
    let request = v6::validate_resource_config::Request {
        type_name: "conf_thing".to_owned(),
        config: Some(v6::DynamicValue {
            msgpack,
            ..Default::default()
        }),
        client_capabilities: None,
    };
    let answer = harness
        .server()
        .validate_resource_config(tonic::Request::new(request))
        .await
        .unwrap();
    let summary = &answer.into_inner().diagnostics[0].summary;
    assert!(summary.contains("Write-only"), "{summary}");
}

#[tokio::test]
async fn c51_a_panic_is_an_error_that_names_the_operation_and_the_provider_lives_on() {
    let harness = demanding().await;
    for operation in ["plan", "create", "create half way"] {
        let config = harness.config("conf_fragile", json!({ "panics": operation }));
        let outcome = harness.apply("conf_fragile", None, &config).await;
        let said = outcome.diags.iter().next().unwrap();
        assert!(
            said.summary.contains("conf_fragile") && said.detail.contains(operation),
            "{said:?}"
        );
        assert!(outcome.object.is_none());
    }
    let config = harness.config("conf_fragile", json!({ "panics": "update" }));
    let calm = harness.config("conf_fragile", json!({}));
    let object = harness
        .apply("conf_fragile", None, &calm)
        .await
        .expect_clean();
    let outcome = harness.apply("conf_fragile", Some(&object), &config).await;
    assert!(outcome.diags.has_errors());
    assert_eq!(
        outcome.object.unwrap().state,
        object.state,
        "a panic forgets nothing"
    );
    let config = harness.config("conf_lookup", json!({ "name": "panic" }));
    assert!(
        harness
            .read_data_source("conf_lookup", &config)
            .await
            .diags
            .has_errors()
    );
    harness
        .apply("conf_fragile", Some(&object), &calm)
        .await
        .expect_clean();
}

#[tokio::test]
async fn c51_a_panic_while_configuring_is_an_error_too() {
    let harness = Harness::new(Conformance);
    let diags = harness.configure(json!({ "panics": true })).await;
    assert!(
        errors(&diags)[0].contains("configuring the provider"),
        "{diags:?}"
    );
}

#[tokio::test]
async fn c63_a_provider_that_is_not_configured_says_so() {
    let harness = Harness::new(Conformance);
    assert!(
        harness
            .configure(json!({ "broken": true }))
            .await
            .has_errors()
    );
    let config = harness.config("conf_thing", json!({ "name": "lamp" }));
    let diags = harness.plan("conf_thing", None, Some(&config)).await.diags;
    assert_eq!(errors(&diags), [": The provider conf is not configured"]);
    // The next configuration replaces the failed one, and a failing one replaces a good one.
    assert!(harness.configure(json!({})).await.is_empty());
    harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    assert!(
        harness
            .configure(json!({ "broken": true }))
            .await
            .has_errors()
    );
    assert!(
        harness
            .plan("conf_thing", None, Some(&config))
            .await
            .diags
            .has_errors()
    );
    let unknown = harness
        .configure(json!({ "store": UNKNOWN, "broken": UNKNOWN }))
        .await;
    assert!(!unknown.has_errors());
}
