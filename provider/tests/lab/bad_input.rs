//! Bad input, and a world that refuses: one diagnostic each, and a state that keeps what is true.
//!
//! A fault is ordered for one action in one region. Tests that order one have a region of their own, so that they hit
//! nobody else.

use serde_json::{Value, json};

use crate::harness::{Databases, Root, lab, promotion};

/// What `terraform validate` says of this content.
fn judged(root: &Root, content: &str) -> Vec<Value> {
    root.write(content);
    let said = root.run(&["validate", "-json"]).text;
    let said: Value = serde_json::from_str(&said).expect("JSON");
    said["diagnostics"].as_array().expect("a list").clone()
}

/// One error, said of a line of the configuration with this text.
#[track_caller]
fn refused_at(root: &Root, content: &str, line: &str, words: &str) {
    let said = judged(root, content);
    assert_eq!(said.len(), 1, "{content}: {said:?}");
    let code = said[0]["snippet"]["code"].as_str().unwrap_or_default();
    assert!(code.contains(line), "{line:?}: {said:?}");
    let text = format!("{} {}", said[0]["summary"], said[0]["detail"]).replace("\\\"", "\"");
    assert!(text.contains(words), "{words:?} is not in {text}");
}

/// The resource with these lines in it.
fn resource(lines: &str) -> String {
    let identifier = if lines.contains("db_instance_identifier") {
        ""
    } else {
        "  db_instance_identifier = \"orders-replica\"\n"
    };
    let role = if lines.contains("role =") {
        ""
    } else {
        "  role = \"replica\"\n"
    };
    format!("resource \"dr_replica_promotion\" \"orders\" {{\n{identifier}{role}{lines}\n}}\n")
}

/// A root that holds the replica as it is, with the region written down.
fn held(databases: &Databases) -> Root {
    let root = Root::new(&in_region(databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root
}

fn in_region(databases: &Databases, role: &str, more: &str) -> String {
    let region = databases.region;
    promotion(databases, role, &format!("  region = \"{region}\"\n{more}"))
}

#[test]
fn an_argument_of_the_wrong_shape_is_refused_at_validate_where_it_stands() {
    let root = Root::new("");
    for (line, words) in [
        ("region = \"mars\"", "\"mars\" is not a region"),
        ("db_instance_identifier = \"1st orders\"", "1st orders"),
        ("role = \"master\"", "\"replica\", \"primary\""),
        ("from = \"standby\"", "\"replica\", \"primary\""),
        (
            "max_data_loss = \"5 minutes\"",
            "expected whole numbers with units",
        ),
        ("max_data_loss = \"-5m\"", "is not a duration"),
        ("lost_at = \"yesterday\"", "expected RFC 3339"),
        (
            "on_promotion { backup_retention_days = -1 }",
            "from 1 to 35",
        ),
        (
            "on_promotion { backup_retention_days = 36 }",
            "from 1 to 35",
        ),
        (
            "on_promotion { backup_window = \"03:00-03:10\" }",
            "30 minutes",
        ),
        (
            "on_promotion { instance_class = \"large\" }",
            "db.r6g.xlarge",
        ),
        ("timeouts { update = \"soon\" }", "is not a duration"),
    ] {
        refused_at(&root, &resource(line), line, words);
    }
}

#[test]
fn a_consent_that_says_too_little_or_too_much_is_refused_at_validate() {
    let root = Root::new("");
    let consent = |lines: &str| {
        resource(&format!(
            "consent {{\n{lines}\nsource = \"arn:aws:rds:us-east-1:123456789012:db:orders\"\ntarget = \"orders-replica\"\n}}"
        ))
    };
    let until = "until = \"2026-05-01T12:00:00Z\"";
    for (lines, line, words) in [
        (
            format!("risk = \"data_loss_up_to\"\n{until}"),
            "consent",
            "write bound = \"15m\"",
        ),
        (
            format!("risk = \"unknown_lag\"\nbound = \"15m\"\n{until}"),
            "bound",
            "Only a consent to data_loss_up_to",
        ),
        (
            format!("risk = \"any\"\n{until}"),
            "risk",
            "\"unknown_lag\"",
        ),
        (
            "risk = \"unknown_lag\"\nuntil = \"tomorrow\"".to_owned(),
            "until",
            "RFC 3339",
        ),
        (
            format!("risk = \"data_loss_up_to\"\nbound = \"much\"\n{until}"),
            "bound",
            "is not a duration",
        ),
    ] {
        refused_at(&root, &consent(&lines), line, words);
    }
}

#[test]
fn a_provider_block_of_the_wrong_shape_is_refused_at_validate_where_it_stands() {
    let root = Root::new("");
    for (line, words) in [
        ("region = \"us_west_2\"", "is not a region"),
        ("max_retries = 11", "from 0 to 10"),
        ("poll = \"0.3s\"", "such as 2s, 300ms or 1s500ms"),
        ("heartbeat = \"300ms\"", "such as 90s, 5m, 1h30m or 1d"),
        ("lost_regions = [\"moon\"]", "is not a region"),
        ("allowed_account_ids = [\"12\"]", "expected twelve digits"),
        (
            "assume_role = { role_arn = \"recovery\" }",
            "is not the ARN of a role",
        ),
        ("regions = { mars = {} }", "is not a region"),
        (
            "endpoints = { redshift = \"http://127.0.0.1\" }",
            "expected one of",
        ),
    ] {
        let content = format!("provider \"dr\" {{\n  {line}\n}}\n{}", resource(""));
        refused_at(&root, &content, line, words);
    }
}

#[test]
fn an_instance_that_is_not_there_is_named_with_its_region_and_the_request() {
    let root = Root::new(&resource("from = \"replica\"\nrole = \"primary\""));
    for ran in [root.plan(&[]), root.apply(&[])] {
        ran.fails(&[
            "orders-replica does not exist in us-west-2",
            "Seen: rds DescribeDBInstances in us-west-2: DBInstanceNotFound",
            "(request ",
            "Expected: an RDS instance orders-replica in us-west-2",
            "Next: check identifier, region and account",
        ])
        .once();
    }
    assert!(root.state().is_null());
}

#[test]
fn a_primary_cannot_be_held_as_a_replica() {
    let databases = Databases::new();
    let root = Root::new(&resource(&format!(
        "region = \"us-east-1\"\ndb_instance_identifier = \"{}\"",
        databases.primary
    )));
    for ran in [root.plan(&[]), root.apply(&[])] {
        ran.fails(&[
            "in us-east-1 is primary and cannot become replica again",
            "a standalone writer",
            "Next: reprotect",
            "role = \"primary\"",
        ])
        .once();
    }
    assert!(root.state().is_null());
}

#[test]
fn a_replica_of_another_source_is_refused_in_peace_and_on_the_worst_day() {
    let databases = Databases::new();
    let root = held(&databases);
    let other = "  source = \"arn:aws:rds:us-east-1:123456789012:db:billing\"";
    for role in ["replica", "primary"] {
        root.write(&in_region(&databases, role, other));
        for ran in [root.plan(&[]), root.apply(&[])] {
            ran.fails(&[
                &databases.replica,
                &format!("the replica follows {}", databases.source()),
                "Expected: a replica of arn:aws:rds:us-east-1:123456789012:db:billing",
                &format!("source = \"{}\"", databases.source()),
            ])
            .once();
        }
    }
    assert_eq!(root.state()["role"], "replica");
    assert!(root.state()["source"].is_null());
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn a_failed_instance_is_not_promoted_and_its_status_is_said() {
    let databases = Databases::new();
    let root = held(&databases);
    let failed =
        json!({ "region": "us-west-2", "instance": databases.replica, "status": "failed" });
    lab().control("POST", "/lab/status", Some(&failed));
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
    root.write(&in_region(&databases, "primary", ""));
    for ran in [root.plan(&[]), root.apply(&[])] {
        ran.fails(&[
            &format!("{} in us-west-2 is failed", databases.replica),
            "Expected: an instance that is available",
            "Next: see the instance's events",
        ])
        .once();
    }
    assert_eq!(root.state()["last_applied"], "replica");
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn a_denied_look_names_the_permission_and_forgets_nothing() {
    let databases = Databases::new_in("eu-north-1");
    let root = held(&databases);
    let before = root.state();
    lab().fault("access_denied", "DescribeDBInstances", "eu-north-1");
    let denied = format!("AWS denies access to {} in eu-north-1", databases.replica);
    let said = [
        denied.as_str(),
        "(request lab-fault)",
        "Next: allow rds:DescribeDBInstances to the caller",
    ];
    root.plan(&[]).fails(&said).once();
    lab().fault("access_denied", "DescribeDBInstances", "eu-north-1");
    root.plan(&["-refresh=false"]).fails(&said).once();
    lab().fault("access_denied", "DescribeDBInstances", "eu-north-1");
    root.apply(&[]).fails(&said).once();
    assert_eq!(root.state(), before);
}

#[test]
fn a_denied_promotion_names_the_permission_and_the_next_apply_promotes() {
    let databases = Databases::new_in("eu-west-3");
    let root = held(&databases);
    lab().fault("access_denied", "PromoteReadReplica", "eu-west-3");
    root.write(&in_region(&databases, "primary", ""));
    root.apply(&[]).fails(&[
        &format!("{} in eu-west-3 was not brought to", databases.replica),
        "rds PromoteReadReplica in eu-west-3: AccessDenied",
        "(request lab-fault)",
        "Next: allow rds:PromoteReadReplica to the caller",
    ]);
    assert_eq!(
        (&root.state()["role"], &root.state()["last_applied"]),
        (&json!("replica"), &json!("replica"))
    );
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn a_dead_endpoint_is_one_error_and_the_state_stays() {
    let databases = Databases::new();
    let mut root = held(&databases);
    let before = root.state();
    root.silence();
    for role in ["replica", "primary"] {
        root.write(&in_region(&databases, role, ""));
        root.plan(&["-refresh=false"])
            .fails(&[
                "us-west-2 does not answer",
                "Seen: rds DescribeDBInstances in us-west-2",
                "export DR_LOST_REGIONS=us-west-2",
            ])
            .once();
    }
    root.apply(&[]).fails(&["us-west-2 does not answer"]);
    assert_eq!(root.state(), before);
}
