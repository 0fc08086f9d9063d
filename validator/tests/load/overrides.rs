//! Override files, as Terraform 1.15.5 merges them.

use crate::scene::{Scene, holds, said, value};
use drcheck::load::config::{Configuration, Mode, ResourceKey};

fn resource<'a>(
    loaded: &'a Configuration,
    ty: &str,
    name: &str,
) -> &'a drcheck::load::config::Resource {
    let key = ResourceKey {
        mode: Mode::Managed,
        ty: ty.into(),
        name: name.into(),
    };
    &loaded.root().resources[&key]
}

#[test]
fn arguments_replace_arguments_and_blocks_all_blocks_of_their_type() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "resource \"aws_security_group\" \"a\" {\n  name = \"base\"\n  description = \"kept\"\n  ingress {\n  }\n  ingress {\n  }\n  egress {\n  }\n}",
        ),
        (
            "override.tf",
            "resource \"aws_security_group\" \"a\" {\n  name = \"new\"\n  dynamic \"ingress\" {\n    for_each = []\n    content {}\n  }\n}",
        ),
    ]);
    let loaded = scene.load();
    let content = &resource(&loaded, "aws_security_group", "a").content;
    let blocks: Vec<(&str, bool)> = content
        .blocks
        .iter()
        .map(|block| (&*block.ty, block.dynamic))
        .collect();
    assert_eq!(blocks, [("egress", false), ("ingress", true)]);
    assert_eq!(
        content
            .arguments
            .keys()
            .map(|name| &**name)
            .collect::<Vec<_>>(),
        ["description", "name"]
    );
    let name = content.arguments["name"].value;
    assert_eq!(&*loaded.sources.get(name.file).name, "override.tf");
    assert_eq!(said(&loaded), "");
}

#[test]
fn lifecycle_is_merged_by_argument() {
    let base = "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    ignore_changes = [input]\n    prevent_destroy = true\n  }\n}\n";
    let scene = Scene::new(&[
        ("main.tf", base),
        (
            "a_override.tf",
            "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    create_before_destroy = true\n  }\n}",
        ),
    ]);
    let ignored = |scene: &Scene| {
        resource(&scene.load(), "terraform_data", "a")
            .ignore_changes
            .clone()
    };
    assert_eq!(ignored(&scene), ["input".into()]);
    scene.write(
        "b_override.tf",
        "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    ignore_changes = all\n  }\n}",
    );
    assert_eq!(ignored(&scene), ["*".into()]);
}

#[test]
fn locals_variables_and_providers_are_merged_by_name() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "locals {\n  a = 1\n  b = 2\n}\nvariable \"v\" {\n  type = string\n  default = \"base\"\n}\n\
             terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\", version = \"5\" }\n    tls = { source = \"hashicorp/tls\" }\n  }\n  backend \"s3\" {}\n}\n",
        ),
        (
            "override.tf",
            "locals {\n  b = 3\n}\nvariable \"v\" {\n  default = \"new\"\n}\n\
             terraform {\n  required_providers {\n    aws = { source = \"example.com/own/aws\" }\n  }\n  cloud {\n  }\n}\nprovider \"aws\" {\n  region = \"x\"\n}\n",
        ),
    ]);
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    assert_eq!(
        value(&loaded, "\"${local.a} ${local.b} ${var.v}\""),
        "1 3 new"
    );
    assert!(loaded.root().variables["v"].ty.is_some());
    let providers = &loaded.root().required_providers;
    assert_eq!(
        providers["aws"].source.as_deref(),
        Some("example.com/own/aws")
    );
    assert_eq!(providers["tls"].source.as_deref(), Some("hashicorp/tls"));
    assert_eq!(&*loaded.root().backend.as_ref().unwrap().ty, "cloud");
    assert_eq!(loaded.root().providers.len(), 1);
}

#[test]
fn what_overrides_nothing_is_refused() {
    let scene = Scene::new(&[
        ("main.tf", "locals { a = 1 }"),
        (
            "override.tf",
            "locals { b = 2 }\nvariable \"v\" {}\nprovider \"aws\" {\n  alias = \"x\"\n}\nmoved {\n  from = terraform_data.a\n  to = terraform_data.b\n}\ncheck \"c\" {\n}\n",
        ),
    ]);
    let loaded = scene.load();
    let said = said(&loaded);
    holds(
        &said,
        &[
            "error override.tf:1:10: local.b overrides nothing",
            "error override.tf:2:1: variable \"v\" overrides nothing",
            "error override.tf:3:1: provider \"aws\" overrides nothing",
            "error override.tf:6:1: a moved block in an override file",
            "error override.tf:10:1: a check block in an override file",
        ],
    );
    assert_eq!(said.lines().count(), 5, "{said}");
    assert!(loaded.root().moved.is_empty());
}

#[test]
fn a_count_counts_more_than_a_for_each_that_overrides() {
    let scene = Scene::new(&[
        ("main.tf", "resource \"terraform_data\" \"a\" { count = 2 }"),
        (
            "override.tf",
            "resource \"terraform_data\" \"a\" { for_each = toset([\"x\"]) }",
        ),
    ]);
    assert_eq!(value(&scene.load(), "length(terraform_data.a)"), "2");
}
