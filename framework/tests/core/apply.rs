//! What applies leave behind, well and badly ended.

use terraform_framework::Value;
use terraform_framework::testing::json;

use crate::conformance::provider::fragile::Fragile;
use crate::conformance::provider::thing::Thing;
use crate::{demanding, errors, with_store};

#[tokio::test]
async fn c29_a_create_that_fails_half_way_is_kept_and_healed() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "fails": "create half way" }));
    let made = harness.apply("conf_fragile", None, &config).await;
    assert_eq!(errors(&made.diags), ["fails: Failed to create half way"]);
    let left = made.object.expect("what exists is kept");
    assert!(left.tainted);
    assert_eq!(left.text("id"), "fragile-1");
    assert!(
        left.model::<Fragile>().past.is_null(),
        "nothing unknown is kept"
    );
    let config = harness.config("conf_fragile", json!({}));
    let healed = harness.apply("conf_fragile", Some(&left), &config).await;
    assert!(healed.replaced);
    healed.expect_clean();
}

#[tokio::test]
async fn a_create_that_fails_at_once_leaves_nothing() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "fails": "create" }));
    let made = harness.apply("conf_fragile", None, &config).await;
    assert!(made.diags.has_errors() && made.object.is_none());
}

#[tokio::test]
async fn c30_an_update_that_fails_shows_what_really_holds() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "words": "old" }));
    let old = harness
        .apply("conf_fragile", None, &config)
        .await
        .expect_clean();
    let config = harness.config("conf_fragile", json!({ "words": "new", "fails": "update" }));
    let failed = harness.apply("conf_fragile", Some(&old), &config).await;
    assert!(failed.diags.has_errors());
    assert_eq!(failed.object.unwrap().text("words"), "old");
    let config = harness.config(
        "conf_fragile",
        json!({ "words": "new", "fails": "update half way" }),
    );
    let failed = harness.apply("conf_fragile", Some(&old), &config).await;
    let left = failed.object.unwrap();
    assert_eq!(
        (left.text("words"), left.text("past")),
        ("new", "made: true")
    );
    assert!(!left.tainted, "only what was half created is replaced");
}

#[tokio::test]
async fn a_delete_that_fails_keeps_the_object() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "fails": "delete" }));
    let object = harness
        .apply("conf_fragile", None, &config)
        .await
        .expect_clean();
    let failed = harness.destroy("conf_fragile", Some(&object)).await;
    assert!(failed.diags.has_errors());
    assert_eq!(failed.object.unwrap().state, object.state);
}

#[tokio::test]
async fn c25_private_state_does_not_leak_into_another_object() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({}));
    let object = harness
        .apply("conf_fragile", None, &config)
        .await
        .expect_clean();
    assert_eq!(object.text("past"), "made: true");
    // A replacement sends the private state of the first plan with the second one, whose prior is nothing.
    let created_again = terraform_framework::testing::Object {
        tainted: true,
        ..object
    };
    let replaced = harness
        .apply("conf_fragile", Some(&created_again), &config)
        .await;
    assert!(replaced.replaced);
    replaced.expect_clean();
}

#[tokio::test]
async fn c25_the_second_plan_of_a_replacement_starts_without_private_state() {
    use tfplugin6::v6;
    use tfplugin6::v6::provider_server::Provider as _;
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({}));
    let bytes = terraform_framework::cty::msgpack::encode(&config, config.ty()).unwrap();
    let config = Some(v6::DynamicValue {
        msgpack: bytes.into(),
        ..Default::default()
    });
    let request = v6::plan_resource_change::Request {
        type_name: "conf_fragile".to_owned(),
        proposed_new_state: config.clone(),
        config,
        prior_private: br#"{"made":true}"#.to_vec().into(),
        ..Default::default()
    };
    let response = harness
        .server()
        .plan_resource_change(tonic::Request::new(request))
        .await
        .unwrap()
        .into_inner();
    assert!(
        response.diagnostics.is_empty(),
        "{:?}",
        response.diagnostics
    );
}

#[tokio::test]
async fn c28_deleting_what_is_already_gone_succeeds() {
    let directory = tempfile::tempdir().unwrap();
    let harness = with_store(&directory).await;
    let config = harness.config("conf_thing", json!({ "name": "lamp" }));
    let lamp = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    std::fs::remove_file(directory.path().join("thing-lamp.json")).unwrap();
    let gone = harness.destroy("conf_thing", Some(&lamp)).await;
    assert!(gone.diags.is_empty() && gone.object.is_none());
}

#[tokio::test(start_paused = true)]
async fn c33_a_timeout_says_what_was_waited_for_and_keeps_the_object() {
    let harness = demanding().await;
    for (timeouts, limit) in [(json!(null), "1m"), (json!({ "create": "1h30m" }), "1h30m")] {
        let config = harness.config(
            "conf_fragile",
            json!({ "seconds": 86_400, "timeouts": timeouts }),
        );
        let made = harness.apply("conf_fragile", None, &config).await;
        let detail = &made.diags.iter().next().unwrap().detail;
        assert!(
            detail.contains(&format!(
                "after {limit} of waiting for the object to settle"
            )),
            "{detail}"
        );
        assert!(made.object.unwrap().tainted);
    }
}

#[tokio::test]
async fn c33_an_invalid_duration_names_its_path() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "timeouts": { "create": "soon" } }));
    let diags = harness.validate("conf_fragile", &config).await;
    assert_eq!(errors(&diags), ["timeouts.create: Invalid timeouts.create"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_what_is_in_flight_and_keeps_the_object() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "seconds": 30 }));
    let (made, ()) = tokio::join!(harness.apply("conf_fragile", None, &config), async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        harness.stop().await;
    });
    assert!(
        made.diags.iter().any(|d| d
            .detail
            .contains("stopped while waiting for the object to settle")),
        "{made:?}"
    );
    assert!(made.object.unwrap().tainted);
}

#[tokio::test]
async fn c41_a_write_only_value_reaches_the_provider_and_nothing_else() {
    let harness = demanding().await;
    let config = |key: &str, version: i64| {
        harness.config(
            "conf_thing",
            json!({ "name": "lamp", "key": key, "key_version": version }),
        )
    };
    let lamp = harness
        .apply("conf_thing", None, &config("topsecret", 1))
        .await
        .expect_clean();
    assert_eq!(lamp.model::<Thing>().key_length, Value::Known(9));
    assert!(!format!("{lamp:?}").contains("topsecret"));
    let unchanged = harness
        .plan("conf_thing", Some(&lamp), Some(&config("another one", 1)))
        .await;
    assert!(unchanged.is_empty, "a new key alone is not seen");
    let lamp = harness
        .apply("conf_thing", Some(&lamp), &config("another one", 2))
        .await
        .expect_clean();
    assert_eq!(lamp.model::<Thing>().key_length, Value::Known(11));
}
