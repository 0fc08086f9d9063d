//! Schemas, metadata, unknown names.

use terraform_framework::schema::lint_provider;
use terraform_framework::testing::{Harness, json};
use terraform_framework::{Model, Value, schema};
use tfplugin6::v6;
use tfplugin6::v6::provider_server::Provider as _;
use tonic::Request;

use crate::conformance::provider::Conformance;
use crate::demanding;
use crate::greeting::Greeting;

#[test]
fn c14_schemas_pass_what_terraform_checks() {
    assert_eq!(lint_provider(&Conformance), Vec::<String>::new());
    assert_eq!(lint_provider(&Greeting), Vec::<String>::new());
}

/// What Terraform refuses, all in one.
#[derive(Model, Clone, Debug)]
struct Wrong {
    /// Both.
    #[attr(required, optional)]
    both: Value<String>,
    /// Neither.
    #[attr(sensitive)]
    neither: Value<String>,
    /// Kept though never stored.
    #[attr(computed, write_only)]
    kept: Value<String>,
    /// Shouting.
    #[attr(optional, name = "LOUD")]
    loud: Value<String>,
    /// Single blocks are there or not.
    #[block(max = 1)]
    single: Option<Inner>,
    /// Gone in a set.
    #[block]
    set: terraform_framework::SetBlocks<Inner>,
}

/// A block with what no set can hold.
#[derive(Model, Clone, Debug)]
struct Inner {
    /// Never stored.
    #[attr(optional, write_only)]
    secret: Value<String>,
}

#[test]
fn c14_the_linter_names_every_mistake() {
    let found = schema::lint(&Wrong::block()).join("\n");
    for part in [
        "both: required together",
        "neither: neither required",
        "kept: write-only together",
        "LOUD: names are",
        "single: 0 to 1 blocks",
        "set: a set cannot hold write-only",
    ] {
        assert!(found.contains(part), "{part} is missing in:\n{found}");
    }
}

#[tokio::test]
async fn c13_unknown_type_names_are_diagnostics() {
    let harness = demanding().await;
    let server = harness.server();
    let name = || "conf_ghost".to_owned();
    let validate = v6::validate_resource_config::Request {
        type_name: name(),
        ..Default::default()
    };
    let read = v6::read_resource::Request {
        type_name: name(),
        ..Default::default()
    };
    let data = v6::read_data_source::Request {
        type_name: name(),
        ..Default::default()
    };
    let answers = [
        server
            .validate_resource_config(Request::new(validate))
            .await
            .unwrap()
            .into_inner()
            .diagnostics,
        server
            .read_resource(Request::new(read))
            .await
            .unwrap()
            .into_inner()
            .diagnostics,
        server
            .read_data_source(Request::new(data))
            .await
            .unwrap()
            .into_inner()
            .diagnostics,
    ];
    for diagnostics in answers {
        assert!(
            diagnostics[0].summary.contains("conf_ghost"),
            "{diagnostics:?}"
        );
    }
}

#[tokio::test]
async fn c62_nothing_needs_the_schema_to_have_been_asked_for() {
    // Every other test here proves it too: none asks for the schema first.
    let harness = Harness::configured(Greeting, json!({})).await;
    let config = harness.config("greeting_note", json!({ "name": "Ada" }));
    let note = harness
        .apply("greeting_note", None, &config)
        .await
        .expect_clean();
    assert_eq!(note.text("text"), "Hello, Ada!");
    let schema = harness
        .server()
        .get_provider_schema(Request::new(v6::get_provider_schema::Request {}));
    let capabilities = schema
        .await
        .unwrap()
        .into_inner()
        .server_capabilities
        .unwrap();
    assert!(capabilities.get_provider_schema_optional && capabilities.plan_destroy);
}

#[tokio::test]
async fn metadata_and_schema_name_the_same() {
    let harness = demanding().await;
    let schema = harness
        .server()
        .get_provider_schema(Request::new(v6::get_provider_schema::Request {}));
    let metadata = harness
        .server()
        .get_metadata(Request::new(v6::get_metadata::Request {}));
    let (schema, metadata) = (
        schema.await.unwrap().into_inner(),
        metadata.await.unwrap().into_inner(),
    );
    let mut resources: Vec<&String> = schema.resource_schemas.keys().collect();
    resources.sort();
    assert_eq!(resources, ["conf_fragile", "conf_house", "conf_thing"]);
    assert_eq!(
        metadata
            .resources
            .iter()
            .map(|r| &r.type_name)
            .collect::<Vec<_>>(),
        resources
    );
    assert_eq!(metadata.functions.len(), schema.functions.len());
    assert_eq!(schema.action_schemas.len(), 1);
    for schema in schema
        .resource_schemas
        .values()
        .chain(schema.data_source_schemas.values())
    {
        assert!(
            schema.block.is_some(),
            "Terraform fails on a schema without its block"
        );
    }
}
