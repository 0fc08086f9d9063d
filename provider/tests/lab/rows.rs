//! The rows of the role contract, each with real Terraform.

use serde_json::json;

use crate::harness::{Databases, Root, lab, promotion};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

/// A root that holds the replica as it is.
fn held(databases: &Databases) -> Root {
    let root = Root::new(&promotion(databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root
}

#[test]
fn row_01_and_04_adopts_what_is_there_and_then_plans_nothing() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.apply(&[])
        .ok(&["already is replica: adopted", "1 added"]);
    assert_eq!(root.state()["last_applied"], "replica");
    assert_eq!(root.state()["observed"], "replica");
    assert_eq!(root.state()["source_arn"], databases.source().as_str());
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    root.plan(&["-detailed-exitcode", "-refresh=false"])
        .ok(&[NO_CHANGES])
        .silent_on("Warning: orders");
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn row_02_a_promotion_without_a_past_needs_the_present_role_named() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "primary", ""));
    root.plan(&[]).fails(&[
        "say that you know it before it becomes primary",
        "from = \"replica\"",
    ]);
    root.apply(&[]).fails(&["from = \"replica\""]);
    assert!(root.state().is_null());
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn row_03_promotes_in_the_create_with_its_settings() {
    let databases = Databases::new();
    let settings = "from = \"replica\"\non_promotion {\n  backup_retention_days = 7\n  backup_window = \"03:00-04:00\"\n  multi_az = true\n  deletion_protection = true\n}";
    let root = Root::new(&promotion(&databases, "primary", settings));
    root.plan(&[]).ok(&[
        "will be promoted: this cannot be undone",
        "PromoteReadReplica",
    ]);
    root.apply(&[]).ok(&["1 added"]);
    let seen = databases.seen();
    assert!(
        seen.get("ReadReplicaSourceDBInstanceIdentifier")
            .is_none_or(|s| s.is_null() || s == ""),
        "{seen}"
    );
    assert_eq!(
        (
            &seen["BackupRetentionPeriod"],
            &seen["MultiAZ"],
            &seen["DeletionProtection"]
        ),
        (&json!(7), &json!(true), &json!(true))
    );
    assert_eq!(seen["PreferredBackupWindow"], "03:00-04:00");
    assert_eq!(
        (
            root.state()["role"].as_str(),
            root.state()["last_applied"].as_str()
        ),
        (Some("primary"), Some("primary"))
    );
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn row_05_what_was_done_outside_is_one_warning_and_no_change() {
    let databases = Databases::new();
    let root = held(&databases);
    databases.promote_outside();
    for more in [&[][..], &["-refresh=false"]] {
        root.plan(more).ok(&[
            "is primary, not replica: changed outside Terraform",
            "role = \"primary\"",
            "No changes",
        ]);
    }
    root.apply(&[]).ok(&["0 added, 0 changed, 0 destroyed"]);
    assert_eq!(
        (
            root.state()["role"].as_str(),
            root.state()["last_applied"].as_str()
        ),
        (Some("primary"), Some("replica"))
    );
    root.plan(&[])
        .ok(&["changed outside Terraform", "No changes"]);
}

#[test]
fn row_05_other_arguments_still_change_without_an_act() {
    let databases = Databases::new();
    let root = held(&databases);
    databases.promote_outside();
    root.write(&promotion(&databases, "replica", "max_data_loss = \"10m\""));
    for more in [&["-refresh=false"][..], &[]] {
        root.plan(more)
            .ok(&["1 to change", "changed outside Terraform"]);
    }
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(root.state()["max_data_loss"], "10m");
    assert_eq!(databases.promotions(), 1, "the one outside");
}

#[test]
fn row_06_the_code_follows_the_world() {
    for more in [&[][..], &["-refresh=false"]] {
        let databases = Databases::new();
        let root = held(&databases);
        databases.promote_outside();
        root.write(&promotion(&databases, "primary", ""));
        root.apply(more)
            .ok(&["the configuration follows", "1 changed"]);
        assert_eq!(
            (
                root.state()["role"].as_str(),
                root.state()["last_applied"].as_str()
            ),
            (Some("primary"), Some("primary"))
        );
        root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
        assert_eq!(databases.promotions(), 1, "the one outside");
    }
}

#[test]
fn row_07_an_edit_promotes_and_the_next_plan_is_empty() {
    let databases = Databases::new();
    let root = held(&databases);
    let settings = format!(
        "source = \"{}\"\non_promotion {{\n  backup_retention_days = 14\n}}",
        databases.source()
    );
    root.write(&promotion(&databases, "primary", &settings));
    root.plan(&[])
        .ok(&["will be promoted: this cannot be undone", "1 to change"]);
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 14);
    assert_eq!(root.state()["execution_status"], "done");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn row_07_gates_refuse_and_touch_nothing() {
    let databases = Databases::new();
    let root = held(&databases);
    databases.lag(json!(900));
    root.write(&promotion(&databases, "primary", ""));
    root.plan(&[])
        .fails(&["cannot be promoted", "900", "Expected", "Next"]);
    root.apply(&[]).fails(&["cannot be promoted"]);
    assert_eq!(root.state()["role"], "replica");
    assert_eq!(databases.promotions(), 0);
    for unknown in [json!(-1), json!(null)] {
        databases.lag(unknown);
        // Waiting may change it, so the plan only says so; the apply asks again and refuses.
        root.plan(&[]).ok(&[
            "only if this gate opens: data at risk",
            "checked again before the act",
        ]);
        root.apply(&[])
            .fails(&["was not promoted: data at risk", "unknown_lag"]);
    }
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn row_07_a_consent_opens_the_gate_for_one_source_and_one_day() {
    let databases = Databases::new();
    let root = held(&databases);
    databases.lag(json!(900));
    let consent = |source: &str, hours: i64| {
        let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
        let block = format!(
            "consent {{\n  risk = \"data_loss_up_to\"\n  bound = \"30m\"\n  until = \"{until}\"\n  source = \"{source}\"\n  target = \"{}\"\n}}",
            databases.replica
        );
        promotion(&databases, "primary", &block)
    };
    root.write(&consent("arn:aws:rds:us-east-1:123456789012:db:billing", 2));
    root.plan(&[]).fails(&["cannot be promoted"]);
    root.write(&consent(&databases.source(), 48));
    root.plan(&[]).fails(&["cannot be promoted"]);
    root.write(&consent(&databases.source(), 2));
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn row_09_a_promotion_under_way_is_resumed_not_repeated() {
    let databases = Databases::new();
    let root = held(&databases);
    root.write(&promotion(
        &databases,
        "primary",
        "on_promotion {\n  backup_retention_days = 9\n}",
    ));
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 6.0 })));
    databases.begin_promotion_outside();
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 0.4 })));
    root.apply(&[]).ok(&[
        "on its way to primary: the apply goes on with it",
        "1 changed",
    ]);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 9);
    assert_eq!(databases.promotions(), 1, "the one outside");
}

#[test]
fn row_10_and_11_neither_crosses_nor_forgets_a_promotion_under_way() {
    let databases = Databases::new();
    let root = held(&databases);
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 12.0 })));
    databases.begin_promotion_outside();
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 0.4 })));
    root.plan(&["-refresh=false"])
        .fails(&["is on its way to primary", "role = \"primary\""]);
    root.run(&["destroy", "-no-color", "-auto-approve", "-refresh=false"])
        .fails(&["is on its way to primary"]);
}

#[test]
fn row_11_a_destroy_forgets_and_touches_nothing() {
    let databases = Databases::new();
    let root = held(&databases);
    root.run(&["destroy", "-no-color", "-auto-approve"])
        .ok(&["1 destroyed"]);
    assert_eq!(databases.seen()["DBInstanceStatus"], "available");
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn row_12_an_import_is_quiet_and_vouches_for_nothing() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.run(&[
        "import",
        "-no-color",
        "dr_replica_promotion.orders",
        &format!("us-west-2/{}", databases.replica),
    ])
    .ok(&["Import successful"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    root.write(&promotion(&databases, "primary", ""));
    root.plan(&[]).fails(&["from = \"replica\""]);
    root.write(&promotion(&databases, "primary", "from = \"replica\""));
    root.plan(&[]).ok(&["will be promoted", "1 to change"]);
}

#[test]
fn row_13_a_lost_region_keeps_its_record_and_refuses_a_promotion_there() {
    let databases = Databases::new();
    let mut root = held(&databases);
    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-west-2".to_owned());
    let before = databases.calls("DescribeDBInstances").len();
    root.plan(&["-detailed-exitcode"])
        .ok(&["us-west-2 is declared lost", "No changes"]);
    root.write(&promotion(&databases, "primary", ""));
    root.plan(&[]).fails(&[
        "its own region us-west-2 is declared lost",
        "unset DR_LOST_REGIONS",
        "role = \"replica\"",
    ]);
    // Row 12: an import has to see it.
    let other = Root {
        extra: root.extra.clone(),
        ..Root::new(&promotion(&databases, "replica", ""))
    };
    let id = format!("us-west-2/{}", databases.replica);
    other
        .run(&["import", "-no-color", "dr_replica_promotion.orders", &id])
        .fails(&[
            "cannot be imported: its region is declared lost",
            "unset DR_LOST_REGIONS",
        ]);
    assert_eq!(
        databases.calls("DescribeDBInstances").len(),
        before,
        "nothing called the region"
    );
}

#[test]
fn row_14_silence_is_an_error_that_says_how_to_declare_it() {
    let databases = Databases::new();
    let mut root = held(&databases);
    root.silence();
    root.plan(&[])
        .fails(&["us-west-2 does not answer", "DR_LOST_REGIONS=us-west-2"]);
    assert_eq!(root.state()["role"], "replica");
}

#[test]
fn row_15_there_is_no_way_back_by_an_edit() {
    let databases = Databases::new();
    databases.promote_outside();
    let root = Root::new(&promotion(&databases, "primary", ""));
    root.apply(&[]).ok(&["adopted"]);
    root.write(&promotion(&databases, "replica", ""));
    root.plan(&[]).fails(&[
        "cannot become replica again",
        "reprotect",
        "role = \"primary\"",
    ]);
}

#[test]
fn taint_and_replace_forget_the_past_and_so_need_the_role_named() {
    let databases = Databases::new();
    let root = held(&databases);
    root.plan(&["-replace=dr_replica_promotion.orders"])
        .ok(&["1 to add, 0 to change, 1 to destroy"]);
    root.write(&promotion(&databases, "primary", ""));
    root.plan(&["-replace=dr_replica_promotion.orders"])
        .fails(&["from = \"replica\""]);
    root.run(&["taint", "dr_replica_promotion.orders"]).ok(&[]);
    root.plan(&[]).fails(&["from = \"replica\""]);
    root.run(&["untaint", "dr_replica_promotion.orders"])
        .ok(&[]);
    root.run(&["state", "rm", "dr_replica_promotion.orders"])
        .ok(&[]);
    root.plan(&[]).fails(&["from = \"replica\""]);
    assert_eq!(databases.promotions(), 0);
}

#[test]
fn a_saved_plan_is_decided_again_when_it_is_applied() {
    let databases = Databases::new();
    let root = held(&databases);
    root.write(&promotion(&databases, "primary", ""));
    root.plan(&["-out=saved"]).ok(&["will be promoted"]);
    databases.promote_outside();
    root.run(&["apply", "-no-color", "saved"]);
    assert_eq!(databases.promotions(), 1, "the one outside");
    root.apply(&[]).ok(&[]);
    assert_eq!(root.state()["last_applied"], "primary");
    assert_eq!(databases.promotions(), 1);
}
