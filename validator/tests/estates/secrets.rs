//! What is sensitive never leaves the program: not as a value, not in a message, whatever it was read from.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::program::{
    ALL, CONFIGURATION, PASSWORD, PLAN, SEEDED_CONFIGURATION, SHOWN, STORED, Source, by_address,
    drcheck, estate, instances, inventory_run, keys, printed,
};

/// Values that the recorded documents mark as sensitive, as they would stand in any output.
const SECRETS: [&str; 5] = [
    PASSWORD,
    "\"password\":",
    "\\\"password\\\"",
    "\"250000\"",
    "\"2026.10.2\"",
];

fn holds_none(text: &str, of: &str) {
    for secret in SECRETS {
        // A saved inventory may name the attribute, never what it holds.
        let text = text
            .replace("\"path\":[\"password\"]", "")
            .replace("\"password\":[{", "");
        assert!(!text.contains(secret), "{of} shows {secret}");
    }
}

#[test]
fn the_documents_hold_what_is_looked_for() {
    let recorded = std::fs::read_to_string(estate("two-region").join("plan.json")).expect("a plan");
    for secret in SECRETS {
        assert!(recorded.contains(secret), "{secret}");
    }
}

#[test]
fn no_inventory_holds_a_sensitive_value() {
    for source in ALL {
        let text = String::from_utf8(printed(source).to_vec()).expect("UTF-8");
        holds_none(&text, &format!("the inventory of {source:?}"));
    }
}

#[test]
fn no_text_and_no_message_holds_a_sensitive_value() {
    for Source(name, arguments) in ALL {
        let mut all = vec!["inventory", "--values"];
        all.extend(arguments);
        let run = drcheck(&all, &estate(name));
        assert_eq!(run.code, Some(0), "{name} {arguments:?}");
        let text = String::from_utf8(run.stdout).expect("UTF-8");
        holds_none(&text, &format!("the tree of {name} {arguments:?}"));
        holds_none(
            &run.stderr,
            &format!("the messages of {name} {arguments:?}"),
        );
    }
}

/// Expressions over the password, most of them wrong in a way that might be told with the value.
const EXPRESSIONS: &str = include_str!("../data/estates/sensitive_expressions.txt");

#[test]
fn expressions_over_sensitive_values_are_evaluated_but_not_shown() {
    for format in ["text", "json"] {
        for expression in EXPRESSIONS.lines() {
            let mut arguments = vec!["eval", "--format", format];
            arguments.extend(["--var", "db_password=not-a-real-password", expression]);
            let run = drcheck(&arguments, &estate("two-region"));
            let text = String::from_utf8(run.stdout).expect("UTF-8") + &run.stderr;
            assert!(!text.is_empty(), "{expression}");
            assert!(
                !text.to_lowercase().contains(PASSWORD),
                "{expression} shows {text}"
            );
        }
    }
}

/// Values of a sensitive variable that do not fit it, by where they come from.
#[test]
fn a_sensitive_value_that_does_not_fit_is_not_shown_with_its_line() {
    let directory = TempDir::new().expect("a directory");
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(directory.path().join("child")).expect("a directory");
        std::fs::write(directory.path().join(name), text).expect("a file");
    };
    let declared =
        |ty: &str| format!("variable \"secret\" {{\n  type = {ty}\n  sensitive = true\n}}\n");
    let used = "resource \"aws_vpc\" \"main\" {\n  cidr_block = var.secret\n}\n";
    let called = "module \"child\" {\n  source = \"./child\"\n  secret = \"hidden-value\"\n}\n";
    write("child/main.tf", &(declared("number") + used));
    let root = |ty: &str| declared(ty) + used + called;
    for (ty, values, arguments) in [
        ("number", "secret = \"hidden-value\"", &["--values"][..]),
        ("number", "secret = upper(\"hidden-value\")", &[]),
        (
            "object({ port = number })",
            "",
            &["--var", "secret={port=\"hidden-value\"}"],
        ),
        (
            "object({ port = number })",
            "",
            &["--var", "secret=hidden-value"],
        ),
        ("list(string)", "", &["--var", "secret=[hidden-value"]),
    ] {
        write("main.tf", &root(ty));
        write("terraform.tfvars", values);
        let mut all = vec!["inventory"];
        all.extend(arguments);
        let run = drcheck(&all, directory.path());
        let text = String::from_utf8(run.stdout).expect("UTF-8") + &run.stderr;
        assert!(run.stderr.contains("var.secret"), "{text}");
        assert!(run.stderr.contains("module.child.var.secret"), "{text}");
        assert!(
            !text.contains("hidden-value"),
            "{ty} {values} {arguments:?}: {text}"
        );
    }
}

/// Digests by address and path.
fn digests(inventory: &BTreeMap<String, Json>) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    for (address, instance) in inventory {
        for note in instance["sensitive"].as_array().expect("a list") {
            if let Some(digest) = note["digest"].as_str() {
                found.insert(
                    (address.clone(), note["path"].to_string()),
                    digest.to_owned(),
                );
            }
        }
    }
    found
}

#[test]
fn under_one_key_equal_values_have_equal_digests_in_every_source() {
    let plan = digests(&instances(PLAN));
    let password = (
        "module.data_primary.aws_db_instance.primary[0]".to_owned(),
        "[\"password\"]".to_owned(),
    );
    assert!(plan.len() >= 10, "{plan:?}");
    assert!(plan.contains_key(&password));
    for source in [CONFIGURATION, STORED, SHOWN] {
        let other = digests(&instances(source));
        let mut met = 0;
        for (place, digest) in &plan {
            // What a data source reads is not known to a configuration.
            let Some(found) = other.get(place) else {
                assert!(
                    place.0.contains("data.aws_ssm_parameter"),
                    "{source:?} {place:?}"
                );
                continue;
            };
            assert_eq!(found, digest, "{source:?} {place:?}");
            met += 1;
        }
        assert!(met >= 10, "{source:?}");
    }
    let seeded = digests(&instances(SEEDED_CONFIGURATION));
    assert_eq!(seeded.get(&password), plan.get(&password));
}

#[test]
fn under_another_key_every_digest_is_another() {
    let one = digests(&instances(PLAN));
    let run = inventory_run(PLAN, &keys().other());
    let inventory: Json = serde_json::from_slice(&run.stdout).expect("JSON");
    let other = digests(&by_address(&inventory));
    assert!(one.keys().eq(other.keys()));
    for (place, digest) in &one {
        assert_ne!(other[place], *digest, "{place:?}");
    }
}

/// A plan of one security group, whose rules are sensitive as the mask says.
fn plan_of_rules(mask: &Json) -> String {
    let rule = json!({ "cidr_blocks": ["203.0.113.7/32"], "description": "hidden-description",
        "from_port": 54321, "to_port": 54321, "protocol": "tcp", "ipv6_cidr_blocks": [],
        "prefix_list_ids": [], "security_groups": [], "self": false });
    json!({ "format_version": "1.2", "resource_changes": [{
        "address": "aws_security_group.main", "mode": "managed", "type": "aws_security_group", "name": "main",
        "change": { "actions": ["create"], "before": null, "after_unknown": {},
            "after": { "name": "open", "ingress": [rule] }, "after_sensitive": mask } }] })
    .to_string()
}

#[test]
fn blocks_and_elements_that_are_sensitive_as_a_whole_are_hidden_as_a_whole() {
    let directory = TempDir::new().expect("a directory");
    for mask in [
        json!(true),
        json!({ "ingress": true }),
        json!({ "ingress": [true] }),
        json!({ "ingress": [{ "cidr_blocks": true, "description": true, "from_port": true, "to_port": true }] }),
        json!({ "ingress": [{ "cidr_blocks": [true], "description": true, "from_port": true, "to_port": true }] }),
    ] {
        let plan = directory.path().join("plan.json");
        std::fs::write(&plan, plan_of_rules(&mask)).expect("a plan");
        for format in ["json", "text"] {
            let run = drcheck(
                &[
                    "inventory",
                    "--plan",
                    "plan.json",
                    "--values",
                    "--format",
                    format,
                ],
                directory.path(),
            );
            let text = String::from_utf8(run.stdout).expect("UTF-8");
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            for hidden in ["203.0.113.7", "hidden-description", "54321"] {
                assert!(!text.contains(hidden), "{mask}: {hidden} in {text}");
            }
        }
    }
}

#[test]
fn a_configuration_hides_blocks_made_of_sensitive_values() {
    let directory = TempDir::new().expect("a directory");
    let text = r#"
        variable "rules" {
          sensitive = true
          default   = [{ port = 54321, from = "203.0.113.7/32", why = "hidden-description" }]
        }
        resource "aws_security_group" "inline" {
          ingress = [for rule in var.rules : {
            protocol = "tcp", from_port = rule.port, to_port = rule.port, cidr_blocks = [rule.from],
            description = rule.why, ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false
          }]
        }
        resource "aws_security_group" "block" {
          name = "x-${var.rules[0].why}"
          ingress {
            protocol    = "tcp"
            from_port   = var.rules[0].port
            to_port     = tonumber("${var.rules[0].port}")
            cidr_blocks = [for rule in var.rules : rule.from]
          }
          tags = { Why = var.rules[0].why }
        }
        output "seen" {
          value = var.rules
        }
    "#;
    std::fs::write(directory.path().join("main.tf"), text).expect("a file");
    for format in ["json", "text"] {
        let run = drcheck(
            &["inventory", "--values", "--format", format],
            directory.path(),
        );
        let text = String::from_utf8(run.stdout).expect("UTF-8");
        for hidden in ["203.0.113.7", "hidden-description", "54321"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
}
