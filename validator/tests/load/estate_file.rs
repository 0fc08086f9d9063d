//! `dr.hcl` itself: what is wrong with it and where, and what it may not reach.

use crate::estates::{root_said, root_value, try_load};
use crate::scene::{Scene, holds, parts};
use drcheck::load::estate::{self, EstateRequest};

fn refused(text: &str) -> String {
    let scene = Scene::new(&[("dr.hcl", text), ("live/main.tf", "")]);
    match try_load(&scene) {
        Err(error) => error,
        Ok(_) => panic!("this is accepted:\n{text}"),
    }
}

#[test]
fn what_is_wrong_with_the_file_is_told_with_line_and_column() {
    let cases = [
        ("root \"a\" {\n  path = \n}\n", "dr.hcl:2:", "expected"),
        (
            "root \"a\" {\n  path = 1\n}\n",
            "dr.hcl:2:10:",
            "text in quotes",
        ),
        (
            "root \"a\" {\n  path = \"live\"\n  var_file = [\"x\"]\n}\n",
            "dr.hcl:3:3:",
            "var_files",
        ),
        (
            "root \"a\" {\n  path = \"live\"\n  var_files = \"x\"\n}\n",
            "dr.hcl:3:3:",
            "var_files",
        ),
        (
            "root \"a\" {\n  path = \"./${var.x}\"\n}\n",
            "dr.hcl:2:10:",
            "plain text",
        ),
        (
            "root \"a\" {\n  path = local.x\n}\n",
            "dr.hcl:2:10:",
            "plain text",
        ),
        (
            "root {\n  path = \"live\"\n}\n",
            "dr.hcl:1:1:",
            "root \"prod\"",
        ),
        ("root \"a\" {\n}\n", "dr.hcl:1:1:", "has no path"),
        (
            "root \"a\" { path = \"live\" }\nroot \"a\" { path = \"live\" }\n",
            "dr.hcl:2:1:",
            "declared twice",
        ),
        (
            "estate \"a\" {\n}\nestate \"b\" {\n}\n",
            "dr.hcl:3:1:",
            "second estate",
        ),
        (
            "estate \"a\" {\n  accounts = { \"us-east-1\" = \"12\" }\n}\n",
            "dr.hcl:2:14:",
            "twelve digits",
        ),
        (
            "estate \"a\" {\n  accounts = { \"us-east-1\" = 123456789012 }\n}\n",
            "dr.hcl:2:30:",
            "text in quotes",
        ),
        (
            "estate \"a\" {\n  accounts = [\"123456789012\"]\n}\n",
            "dr.hcl:2:3:",
            "accounts",
        ),
        (
            "root \"a\" {\n  path = \"live\"\n  extra {\n  }\n}\n",
            "dr.hcl:1:1:",
            "extra",
        ),
        ("zones {\n}\n", "dr.hcl:1:1:", "zones = {"),
        (
            "zones = { \"us-east-1\" = \"a\" }\n",
            "dr.hcl:1:9:",
            "zones",
        ),
        ("root \"a\" { path = \"gone\" }\n", "dr.hcl:1:19:", "gone"),
        (
            "root \"a\" { path = \"..\" }\n",
            "dr.hcl:1:19:",
            "outside of the boundary",
        ),
        (
            "root \"a\" { path = \"/etc\" }\n",
            "dr.hcl:1:19:",
            "outside of the boundary",
        ),
        (
            "root \"a\" { plan = \"/etc/passwd\" }\n",
            "dr.hcl:1:19:",
            "outside of the boundary",
        ),
        (
            "root \"a\" {\n  path = \"live\"\n  outputs_of = { \"data.terraform_remote_state.x\" = \"b\" }\n}\n",
            "dr.hcl:3:16:",
            "there is no root \"b\"",
        ),
    ];
    for (text, place, message) in cases {
        holds(&refused(text), &[place, message]);
    }
}

#[test]
fn a_name_that_means_nothing_is_told() {
    let scene = Scene::new(&[
        (
            "dr.hcl",
            "roots \"a\" {\n}\nroot \"a\" { path = \"live\" }\n",
        ),
        ("live/main.tf", ""),
    ]);
    let estate = try_load(&scene).unwrap();
    assert_eq!(estate.diagnostics.len(), 1);
    holds(
        &estate.diagnostics[0].summary,
        &["\"roots\" means nothing here"],
    );
}

#[test]
fn files_of_values_that_lead_out_are_not_read() {
    let scene = Scene::new(&[
        ("secret.tfvars", "v = \"secret\""),
        ("repo/.git/HEAD", ""),
        (
            "repo/dr.hcl",
            "root \"a\" {\n  path = \"live\"\n  var_files = [\"../../secret.tfvars\"]\n}\n",
        ),
        ("repo/live/main.tf", "variable \"v\" {}"),
    ]);
    let request = EstateRequest {
        file: scene.path("repo/dr.hcl"),
        ..EstateRequest::default()
    };
    let estate = estate::load(&request).unwrap();
    assert_eq!(root_value(&estate, "a", "var.v"), "unknown");
    holds(
        &root_said(&estate, "a"),
        &[
            "error: ../../secret.tfvars cannot be read",
            "outside of the boundary",
        ],
    );
}

#[test]
fn rubbish_is_refused_or_read_but_never_ends_the_program() {
    let mut random = fastrand::Rng::with_seed(3);
    let words = [
        "root",
        "estate",
        "\"a\"",
        "\"b\"",
        "{",
        "}",
        "=",
        "\n",
        "[",
        "]",
        "path",
        "\"live\"",
        "var_files",
        "zones",
        "outputs_of",
        "accounts",
        "null",
        "1",
        ",",
        "${",
        "\u{0}",
        "é",
        "<<E\n",
        "E\n",
        "workspace",
        "plan",
        "true",
    ];
    let scene = Scene::new(&[("live/main.tf", "")]);
    for _ in 0..2_000 {
        let count = random.usize(..40);
        let text = parts(count, |_| {
            format!("{} ", words[random.usize(..words.len())])
        });
        scene.write("dr.hcl", text);
        let _ = try_load(&scene);
    }
}

#[test]
fn nesting_and_size_past_all_bounds_are_refused() {
    let deep = format!("zones = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("zones = {{ {} }}\n", "a = [], ".repeat(200_000));
    let long = "# a comment\n".repeat(500_000);
    holds(&refused(&deep), &["dr.hcl:1:"]);
    holds(&refused(&wide), &["more than 5000 entries"]);
    holds(&refused(&long), &["bytes; up to"]);
}
