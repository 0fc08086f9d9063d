//! Policy documents as the provider writes them: empty lists, blocks of one kind, documents inside documents.

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::drcheck;

const PROVIDER: &str = "provider \"aws\" {\n  region = \"us-east-1\"\n}\n";

/// The statements of the last document in a configuration.
fn statements(configuration: &str, name: &str) -> Json {
    let directory = TempDir::new().expect("a temporary directory");
    std::fs::write(
        directory.path().join("main.tf"),
        format!("{PROVIDER}{configuration}"),
    )
    .expect("a new file");
    let run = drcheck(&["inventory", "--format", "json"], directory.path());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let printed: Json = serde_json::from_slice(&run.stdout).expect("JSON");
    let document = printed["instances"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|instance| instance["name"] == name)
        .expect("the document");
    let text = document["values"]["json"].as_str().expect("it is known");
    serde_json::from_str::<Json>(text).expect("JSON")["Statement"].clone()
}

/// A document with one statement.
fn statement(blocks: &str) -> Json {
    let text =
        format!("data \"aws_iam_policy_document\" \"it\" {{\n  statement {{\n{blocks}\n  }}\n}}\n");
    statements(&text, "it")[0].clone()
}

/// A document made of another one.
fn merged(source: &str) -> Json {
    let text = format!(
        "data \"aws_iam_policy_document\" \"it\" {{\n  source_policy_documents = [jsonencode({{ Statement = [{source}] }})]\n}}\n"
    );
    statements(&text, "it")[0].clone()
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).expect("JSON")
}

/// Blocks of one name, one after another.
fn blocks<T>(all: &[T], arguments: impl Fn(&T) -> String) -> String {
    all.iter().map(arguments).collect::<Vec<_>>().join("\n")
}

fn principals(all: &[(&str, &str)]) -> String {
    blocks(all, |(ty, identifiers)| {
        format!("principals {{\n  type = \"{ty}\"\n  identifiers = {identifiers}\n}}")
    })
}

fn conditions(all: &[&str]) -> String {
    blocks(all, |values| {
        format!("condition {{\n  test = \"T\"\n  variable = \"v\"\n  values = {values}\n}}")
    })
}

#[test]
fn principals_without_identifiers_are_written_and_actions_are_not() {
    let nobody = principals(&[("AWS", "[]"), ("Service", "[]")]);
    assert_eq!(
        statement(&format!("actions = []\nresources = []\n{nobody}")),
        json(r#"{"Effect": "Allow", "Principal": {"AWS": [], "Service": []}}"#)
    );
}

#[test]
fn principals_of_one_type_are_one_list() {
    for (blocks, expected) in [
        (vec![("AWS", "[\"x\"]"), ("AWS", "[]")], r#"{"AWS": ["x"]}"#),
        (
            vec![("AWS", "[\"x\"]"), ("AWS", "[\"x\"]")],
            r#"{"AWS": "x"}"#,
        ),
        (vec![("*", "[\"*\"]")], r#""*""#),
        (
            vec![("*", "[\"*\"]"), ("AWS", "[]")],
            r#"{"*": "*", "AWS": []}"#,
        ),
    ] {
        let written = statement(&principals(&blocks));
        assert_eq!(written["Principal"], json(expected), "{blocks:?}");
    }
}

#[test]
fn conditions_on_one_variable_are_one_list() {
    for (blocks, expected) in [
        (vec!["[]"], "[]"),
        (vec!["[]", "[]"], "[]"),
        (vec!["[]", "[\"x\"]"], "\"x\""),
        (vec!["[\"x\"]", "[]"], "\"x\""),
        (vec!["[\"x\"]", "[\"x\"]"], "\"x\""),
        (vec!["[\"x\"]", "[\"y\"]"], r#"["x", "y"]"#),
        (vec!["[\"y\", \"z\"]", "[\"x\"]"], r#"["y", "z", "x"]"#),
    ] {
        let written = statement(&conditions(&blocks));
        assert_eq!(written["Condition"]["T"]["v"], json(expected), "{blocks:?}");
    }
}

#[test]
fn documents_are_read_and_written_again() {
    for (source, expected) in [
        (
            r#"{ Effect = "Deny", Principal = { AWS = ["a", "b"], Service = "z" } }"#,
            r#"{"Effect": "Deny", "Principal": {"AWS": ["b", "a"], "Service": "z"}}"#,
        ),
        (
            r#"{ Action = ["a"], Principal = { "*" = ["*"] }, Condition = { T = { v = ["x"] }, U = {} } }"#,
            r#"{"Action": ["a"], "Principal": "*", "Condition": {"T": {"v": "x"}}}"#,
        ),
        (
            r"{ Action = [], Principal = {}, Condition = {} }",
            r#"{"Action": []}"#,
        ),
        (
            r#"{ Action = "a", Principal = { AWS = [] }, Condition = { T = { v = [], w = ["a", "b"] } } }"#,
            r#"{"Action": "a", "Principal": {"AWS": []}, "Condition": {"T": {"v": [], "w": ["a", "b"]}}}"#,
        ),
    ] {
        assert_eq!(merged(source), json(expected), "{source}");
    }
}
