//! Values of variables and the workspace, in the order in which Terraform 1.15.5 takes them.

use crate::scene::{Scene, holds, parts, said, value};

/// Adds one source after another, each stronger than those before.
#[test]
fn the_stronger_source_counts() {
    let scene = Scene::new(&[("main.tf", "variable \"a\" { default = \"default\" }")]);
    let seen = |given: &[&str], environment: &[(&str, &str)]| {
        value(&scene.load_with(given, environment), "var.a")
    };
    let environment = [("TF_VAR_a", "environment")];
    assert_eq!(seen(&[], &[]), "default");
    assert_eq!(seen(&[], &environment), "environment");
    scene.write("terraform.tfvars", "a = \"tfvars\"");
    assert_eq!(seen(&[], &environment), "tfvars");
    scene.write("b.auto.tfvars", "a = \"b\"");
    assert_eq!(seen(&[], &environment), "b");
    scene.write(".a.auto.tfvars", "a = \"hidden\"");
    assert_eq!(seen(&[], &environment), "b");
    scene.write("z.auto.tfvars", "a = \"z\"");
    assert_eq!(seen(&[], &environment), "z");
    scene.write("one.tfvars", "a = \"one\"");
    assert_eq!(seen(&["one.tfvars"], &environment), "one");
    assert_eq!(seen(&["one.tfvars", "a=text"], &environment), "text");
    assert_eq!(seen(&["a=text", "one.tfvars"], &environment), "one");
    assert_eq!(seen(&["a=text", "a=last"], &environment), "last");
}

#[test]
fn a_hidden_automatic_file_is_read_too() {
    let scene = Scene::new(&[
        ("main.tf", "variable \"a\" {}"),
        (".a.auto.tfvars", "a = \"hidden\""),
    ]);
    assert_eq!(value(&scene.load(), "var.a"), "hidden");
}

#[test]
fn an_empty_variable_of_the_environment_is_empty_text() {
    let scene = Scene::new(&[("main.tf", "variable \"a\" { default = \"d\" }")]);
    assert_eq!(
        value(&scene.load_with(&[], &[("TF_VAR_a", "")]), "\"<${var.a}>\""),
        "<>"
    );
}

#[test]
fn values_without_a_variable_are_told_by_where_they_come_from() {
    let scene = Scene::new(&[
        ("main.tf", "variable \"region\" { default = 1 }"),
        ("terraform.tfvars", "regoin = 1"),
    ]);
    let loaded = scene.load_with(&["nothing=1"], &[("TF_VAR_other", "1")]);
    let said = said(&loaded);
    holds(
        &said,
        &[
            "warning terraform.tfvars:1:1: the root module has no variable \"regoin\". Did you mean \"region\"?",
            "error: --var nothing: the root module has no variable \"nothing\"",
        ],
    );
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn thousands_of_values_without_a_variable_are_summed_up() {
    let values = parts(20_000, |at| format!("some_other_value_{at} = {at}\n"));
    let variables = parts(2_000, |at| {
        format!("variable \"some_known_value_{at}\" {{\n  default = 1\n}}\n")
    });
    let scene = Scene::new(&[("main.tf", &variables), ("terraform.tfvars", &values)]);
    let said = said(&scene.load());
    assert_eq!(said.lines().count(), 11);
    holds(
        &said,
        &["terraform.tfvars: the root module has no variables for 19990 more values"],
    );
}

#[test]
fn a_variable_without_value_is_named_once_with_its_type() {
    let scene = Scene::new(&[(
        "main.tf",
        "variable \"a\" {\n  type = list(string)\n}\nlocals { b = var.a }",
    )]);
    let loaded = scene.load();
    assert_eq!(value(&loaded, "local.b"), "unknown");
    let said = said(&loaded);
    holds(
        &said,
        &[
            "note main.tf:1:1: var.a has no value",
            "list(string)",
            "--var a=VALUE",
        ],
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_broken_file_of_values_leaves_the_others() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "variable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}",
        ),
        ("terraform.tfvars", "a = [1\nb = 2\n"),
        ("x.auto.tfvars", "c = 3\nblock {\n}\n"),
    ]);
    let loaded = scene.load();
    assert_eq!(value(&loaded, "var.c"), "3");
    holds(
        &said(&loaded),
        &[
            "error terraform.tfvars:",
            "error x.auto.tfvars:2:1: a block in a file of values",
        ],
    );
}

#[test]
fn a_named_file_that_is_missing_is_an_error() {
    let scene = Scene::new(&[("main.tf", "variable \"a\" { default = 1 }")]);
    holds(
        &said(&scene.load_with(&["gone.tfvars"], &[])),
        &["gone.tfvars cannot be read"],
    );
}

#[test]
fn the_workspace_is_what_was_asked_for_then_set_then_selected() {
    let scene = Scene::new(&[("main.tf", "")]);
    let workspace = |asked: Option<&str>, set: &str| {
        let request = drcheck::load::Request {
            workspace: asked.map(str::to_owned),
            environment: [("TF_WORKSPACE".to_owned(), set.to_owned())].into(),
            ..scene.request("")
        };
        value(
            &drcheck::load::load(&request).unwrap(),
            "terraform.workspace",
        )
    };
    assert_eq!(workspace(None, ""), "default");
    scene.write(".terraform/environment", "selected\n");
    assert_eq!(workspace(None, ""), "selected");
    assert_eq!(workspace(None, "set"), "set");
    assert_eq!(workspace(Some("asked"), "set"), "asked");
    scene.write(".terraform/environment", "");
    assert_eq!(workspace(None, ""), "default");
}
