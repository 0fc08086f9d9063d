//! Refresh, import, data sources.

use terraform_framework::cty::Value as Cty;
use terraform_framework::testing::json;

use crate::conformance::provider::thing::Thing;
use crate::{demanding, errors, with_store};

#[tokio::test]
async fn c26_what_was_deleted_outside_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let harness = with_store(&directory).await;
    let config = harness.config("conf_thing", json!({ "name": "lamp" }));
    let lamp = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    std::fs::remove_file(directory.path().join("thing-lamp.json")).unwrap();
    let found = harness.refresh("conf_thing", &lamp).await;
    assert!(found.object.is_none() && found.diags.is_empty());
}

#[tokio::test]
async fn c27_drift_is_shown_but_another_spelling_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let harness = with_store(&directory).await;
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "document": "{\"a\":1,\"b\":2}" }),
    );
    let lamp = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    let file = directory.path().join("thing-lamp.json");
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
    };
    edit(r#"{\"a\":1,\"b\":2}"#, r#"{ \"b\": 2, \"a\": 1 }"#);
    let same = harness.refresh("conf_thing", &lamp).await.object.unwrap();
    assert_eq!(same.state, lamp.state);
    edit("\"red\"", "\"green\"");
    let drifted = harness.refresh("conf_thing", &lamp).await.object.unwrap();
    assert_eq!(drifted.text("color"), "green");
}

#[tokio::test]
async fn an_error_while_reading_keeps_the_state() {
    let harness = demanding().await;
    let config = harness.config("conf_fragile", json!({ "fails": "read" }));
    let object = harness
        .apply("conf_fragile", None, &config)
        .await
        .expect_clean();
    let found = harness.refresh("conf_fragile", &object).await;
    assert!(found.diags.has_errors());
    assert_eq!(found.object.unwrap().state, object.state);
}

#[tokio::test]
async fn c34_imported_by_id_and_by_identity_plans_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let harness = with_store(&directory).await;
    let config = harness.config(
        "conf_thing",
        json!({ "name": "lamp", "parts": [{ "label": "p" }] }),
    );
    let made = harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean();
    let identity = made.identity.clone().expect("a thing has an identity");
    assert_eq!(identity, Cty::object([("name", Cty::string("lamp"))]));
    let by_id = harness.import("conf_thing", "thing-lamp").await;
    let by_identity = harness.import_by_identity("conf_thing", &identity).await;
    for found in [by_id, by_identity] {
        assert!(found.diags.is_empty(), "{:?}", found.diags);
        let object = found.object.unwrap();
        assert_eq!(object.state, made.state);
        assert_eq!(object.identity, Some(identity.clone()));
        assert!(
            harness
                .plan("conf_thing", Some(&object), Some(&config))
                .await
                .is_empty
        );
    }
}

#[tokio::test]
async fn c35_a_bad_import_id_shows_what_one_looks_like() {
    let harness = demanding().await;
    let found = harness.import("conf_thing", "lamp").await;
    let said = found.diags.iter().next().unwrap();
    assert!(
        found.object.is_none() && said.detail.contains("thing-lamp"),
        "{said:?}"
    );
    let found = harness.import("conf_house", "elm").await;
    assert_eq!(errors(&found.diags), [": conf_house cannot be imported"]);
}

#[tokio::test]
async fn importing_what_does_not_exist_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let harness = with_store(&directory).await;
    let found = harness.import("conf_thing", "thing-ghost").await;
    assert_eq!(
        errors(&found.diags),
        [": Cannot import non-existent remote object"]
    );
}

#[tokio::test]
async fn c44_a_data_source_finds_or_says_where_it_looked() {
    let directory = tempfile::tempdir().unwrap();
    let harness = with_store(&directory).await;
    let config = harness.config("conf_thing", json!({ "name": "lamp", "color": "blue" }));
    harness
        .apply("conf_thing", None, &config)
        .await
        .expect_clean()
        .model::<Thing>();
    let lookup = |name: &str| harness.config("conf_lookup", json!({ "name": name }));
    let found = harness
        .read_data_source("conf_lookup", &lookup("lamp"))
        .await;
    assert_eq!(found.object.unwrap().text("color"), "blue");
    let found = harness
        .read_data_source("conf_lookup", &lookup("ghost"))
        .await;
    assert_eq!(errors(&found.diags), ["name: There is no thing ghost"]);
    let found = harness.read_data_source("conf_lookup", &lookup("")).await;
    assert_eq!(errors(&found.diags), ["name: Invalid name"]);
}
