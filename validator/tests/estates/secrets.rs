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

#[test]
fn expressions_over_sensitive_values_are_evaluated_but_not_shown() {
    for expression in [
        "var.db_password",
        "upper(var.db_password)",
        "module.data_primary",
        "{ all = [var.db_password] }",
        "var.db_password.nothing",
        "tonumber(var.db_password)",
        "file(var.db_password)",
    ] {
        for format in ["text", "json"] {
            let run = drcheck(
                &[
                    "eval",
                    "--format",
                    format,
                    "--var",
                    "db_password=not-a-real-password",
                    expression,
                ],
                &estate("two-region"),
            );
            let text = String::from_utf8(run.stdout).expect("UTF-8") + &run.stderr;
            let shown = text.replace(expression, "").to_lowercase();
            assert!(!shown.contains(PASSWORD), "{expression} shows {text}");
        }
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
