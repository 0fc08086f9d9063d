//! The JSON form of configuration and of values.

use crate::scene::{Scene, holds, said, value};

#[test]
fn json_and_native_files_make_one_module() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "locals { a = var.v + 1 }\nmodule \"m\" {\n  source = \"./m\"\n}",
        ),
        (
            "more.tf.json",
            r#"{"//": "a comment", "variable": {"v": {"type": "number", "default": 1, "sensitive": false}},
                "locals": {"b": "${local.a + 1}", "c": "x${local.b}"},
                "output": {"o": {"value": "${local.b}"}},
                "provider": {"aws": [{"region": "us-east-1"}, {"alias": "west", "region": "us-west-2"}]},
                "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5"}},
                              "backend": {"s3": {"bucket": "b", "key": "k"}}},
                "resource": {"terraform_data": {"a": {"count": 2, "input": "${local.c}", "lifecycle": {"ignore_changes": ["input"]}}},
                             "aws_vpc": {"w": {"provider": "aws.west", "cidr_block": "10.0.0.0/16", "depends_on": ["terraform_data.a"]}}},
                "data": {"aws_region": {"here": {}}},
                "moved": [{"from": "terraform_data.x", "to": "terraform_data.a"}],
                "module": {"n": {"source": "./m", "providers": {"aws": "aws.west"}}}}"#,
        ),
        (
            "m/main.tf.json",
            r#"{"output": {"o": {"value": "${path.module}"}}}"#,
        ),
    ]);
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    assert_eq!(
        value(
            &loaded,
            "\"${local.b} ${terraform_data.a[1].input} ${module.n.o}\""
        ),
        "3 x3 m"
    );
    let root = loaded.root();
    assert_eq!(root.resources.len(), 3);
    assert_eq!(root.providers.len(), 2);
    assert_eq!(root.providers[1].provider.alias.as_deref(), Some("west"));
    assert_eq!(
        root.required_providers["aws"].source.as_deref(),
        Some("hashicorp/aws")
    );
    let backend = root.backend.as_ref().unwrap();
    assert_eq!((&*backend.ty, backend.content.arguments.len()), ("s3", 2));
    assert_eq!(
        (&*root.moved[0].from, &*root.moved[0].to),
        ("terraform_data.x", "terraform_data.a")
    );
    assert_eq!(root.calls["n"].providers.len(), 1);
    let vpc = root
        .resources
        .iter()
        .find(|(key, _)| &*key.ty == "aws_vpc")
        .unwrap()
        .1;
    assert_eq!(
        vpc.provider.as_ref().unwrap().0.alias.as_deref(),
        Some("west")
    );
    assert_eq!(
        vpc.content
            .arguments
            .keys()
            .map(|name| &**name)
            .collect::<Vec<_>>(),
        ["cidr_block"]
    );
    let data = root
        .resources
        .iter()
        .find(|(key, _)| &*key.ty == "terraform_data")
        .unwrap()
        .1;
    assert_eq!(data.ignore_changes, ["input".into()]);
}

#[test]
fn a_json_override_replaces_what_native_files_say() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "resource \"aws_security_group\" \"a\" {\n  name = \"base\"\n  ingress {\n  }\n  egress {\n  }\n}\nvariable \"v\" { default = 1 }",
        ),
        (
            "x_override.tf.json",
            r#"{"resource": {"aws_security_group": {"a": {"name": "new", "ingress": [{}]}}}, "variable": {"v": {"default": 2}}}"#,
        ),
    ]);
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    assert_eq!(value(&loaded, "var.v"), "2");
    let content = &loaded.root().resources.values().next().unwrap().content;
    assert!(content.json && content.arguments.contains_key("ingress"));
    assert_eq!(
        content
            .blocks
            .iter()
            .map(|block| &*block.ty)
            .collect::<Vec<_>>(),
        ["egress"]
    );
}

#[test]
fn a_native_override_replaces_blocks_of_the_json_form() {
    let scene = Scene::new(&[
        (
            "main.tf.json",
            r#"{"resource": {"aws_security_group": {"a": {"name": "base", "ingress": [{}, {}]}}}}"#,
        ),
        (
            "override.tf",
            "resource \"aws_security_group\" \"a\" {\n  ingress {\n  }\n}\n",
        ),
    ]);
    let loaded = scene.load();
    let content = &loaded.root().resources.values().next().unwrap().content;
    assert_eq!(content.arguments.len(), 1);
    assert_eq!(content.blocks.len(), 1);
}

#[test]
fn json_values_count_in_their_place() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "variable \"a\" {}\nvariable \"b\" { default = \"d\" }",
        ),
        ("terraform.tfvars", "a = \"native\""),
        ("terraform.tfvars.json", r#"{"a": "json ${x}"}"#),
        ("b.auto.tfvars.json", r#"{"b": "b"}"#),
        ("a.auto.tfvars", "b = \"a\""),
    ]);
    let loaded = scene.load();
    assert_eq!(value(&loaded, "var.b"), "b");
    let plain = scene.path("terraform.tfvars.json");
    std::fs::write(plain, r#"{"a": "json"}"#).unwrap();
    assert_eq!(value(&scene.load(), "var.a"), "json");
}

#[test]
fn broken_json_is_told_with_its_place() {
    let scene = Scene::new(&[
        ("a.tf.json", "{\n  \"locals\": {\"a\": }\n}"),
        ("b.tf", "locals { b = 2 }"),
    ]);
    let loaded = scene.load();
    holds(&said(&loaded), &["error a.tf.json:2:"]);
    assert_eq!(value(&loaded, "local.b"), "2");
}
