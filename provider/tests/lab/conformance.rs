//! Items of the protocol's conformance list that need real Terraform, by number.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::harness::{Databases, Root, lab, promotion};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

#[test]
fn c05_a_temporary_directory_with_a_long_path_works() {
    let databases = Databases::new();
    let mut root = Root::new(&promotion(&databases, "replica", ""));
    let long = root
        .directory
        .path()
        .join("d".repeat(75))
        .join("e".repeat(75));
    std::fs::create_dir_all(&long).unwrap();
    root.extra
        .insert("TMPDIR".to_owned(), long.display().to_string());
    root.plan(&[]).ok(&["1 to add"]);
}

#[test]
fn c06_no_socket_file_is_left_behind() {
    let databases = Databases::new();
    let mut root = Root::new(&promotion(&databases, "replica", ""));
    let temporary = root.directory.path().join("t");
    std::fs::create_dir(&temporary).unwrap();
    root.extra
        .insert("TMPDIR".to_owned(), temporary.display().to_string());
    for _ in 0..5 {
        root.plan(&[]).ok(&["1 to add"]);
    }
    let left: Vec<_> = std::fs::read_dir(&temporary)
        .unwrap()
        .filter_map(Result::ok)
        .map(|e| e.path())
        .collect();
    let ours = left
        .iter()
        .filter(|p| p.to_string_lossy().contains("tfplugin-"));
    assert_eq!(ours.count(), 0, "{left:?}");
}

/// Attributes and blocks of a schema's block without a description, with the nested ones.
fn undescribed(block: &Value, place: &str) -> Vec<String> {
    let named = |kind: &str| block[kind].as_object().into_iter().flatten();
    let mut found = Vec::new();
    for (name, attribute) in named("attributes") {
        let place = format!("{place}.{name}");
        found.extend(undescribed(&attribute["nested_type"], &place));
        if attribute["description"].as_str().unwrap_or_default().len() < 10 {
            found.push(place);
        }
    }
    for (name, nested) in named("block_types") {
        let place = format!("{place}.{name}");
        found.extend(undescribed(&nested["block"], &place));
        if nested["block"]["description"].as_str().is_none() {
            found.push(place);
        }
    }
    found
}

#[test]
fn c14_c15_the_schema_loads_and_everything_is_described() {
    let root = Root::new("");
    let schema = root.run(&["providers", "schema", "-json"]).ok(&[]).text;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let provider = &schema["provider_schemas"]["registry.terraform.io/estate-recovery/dr"];
    for block in [
        &provider["provider"]["block"],
        &provider["resource_schemas"]["dr_replica_promotion"]["block"],
        &provider["resource_schemas"]["dr_global_cluster_writer"]["block"],
        &provider["data_source_schemas"]["dr_replication_status"]["block"],
    ] {
        assert!(block["attributes"].is_object(), "{block}");
        assert_eq!(undescribed(block, ""), Vec::<String>::new());
    }
    let functions = provider["functions"].as_object().unwrap();
    assert_eq!(functions.len(), 6);
    for (name, function) in functions {
        let parameters = function["parameters"].as_array().unwrap().iter();
        for described in parameters.chain([function]) {
            assert!(described["description"].is_string(), "{name}: {described}");
        }
    }
    assert!(provider["resource_identity_schemas"]["dr_replica_promotion"].is_object());
}

#[test]
fn c17_a_provider_region_known_only_at_apply_crashes_nothing() {
    let databases = Databases::new();
    let content = format!(
        "resource \"terraform_data\" \"region\" {{\n  input = \"us-west-2\"\n}}\nprovider \"dr\" {{\n  region = terraform_data.region.output\n}}\n{}",
        promotion(&databases, "replica", "")
    );
    let root = Root::new(&content);
    root.plan(&[]).ok(&["decided at apply", "2 to add"]);
    root.apply(&[]).ok(&["2 added"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
}

#[test]
fn c18_c19_all_errors_are_said_at_once_and_each_where_it_stands() {
    let wrong = "max_data_loss = \"soon\"\nlost_at = \"never\"\nconsent {\n  risk = \"any\"\n  until = \"later\"\n  source = \"x\"\n  target = \"y\"\n}";
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "replica", wrong));
    let ran = root.plan(&[]).fails(&[
        "max_data_loss = \"soon\"",
        "lost_at = \"never\"",
        "risk = \"any\"",
        "until = \"later\"",
    ]);
    assert_eq!(ran.text.matches("Error: ").count(), 4, "{}", ran.text);
}

#[test]
fn c20_a_plan_is_empty_after_every_apply_with_all_arguments_and_without() {
    let databases = Databases::new();
    let all = format!(
        "region = \"us-west-2\"\nfrom = \"replica\"\nsource = \"{0}\"\nmax_data_loss = \"1h30m\"\nlost_at = \"2026-05-01T12:00:00+02:00\"\nconsent {{\n  risk = \"data_loss_up_to\"\n  bound = \"90s\"\n  until = \"2026-05-01T12:00:00Z\"\n  source = \"{0}\"\n  target = \"{1}\"\n}}\non_promotion {{\n  backup_retention_days = 7\n  backup_window = \"03:00-04:00\"\n  multi_az = true\n  deletion_protection = true\n  instance_class = \"db.r6g.xlarge\"\n}}\ntimeouts {{\n  create = \"10m\"\n  update = \"20m\"\n}}",
        databases.source(),
        databases.replica
    );
    let root = Root::new(&promotion(&databases, "replica", ""));
    for (role, more) in [
        ("replica", ""),
        ("replica", all.as_str()),
        ("replica", ""),
        ("primary", all.as_str()),
        ("primary", ""),
    ] {
        root.write(&promotion(&databases, role, more));
        root.apply(&[]).ok(&["Apply complete"]);
        root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    }
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn c21_a_promotion_whose_settings_are_known_only_at_apply_keeps_the_plans_promises() {
    let databases = Databases::new();
    let content = format!(
        "resource \"terraform_data\" \"later\" {{\n  input = {{ id = {:?}, days = 7 }}\n}}\nresource \"dr_replica_promotion\" \"orders\" {{\n  db_instance_identifier = terraform_data.later.output.id\n  role = \"primary\"\n  from = \"replica\"\n  on_promotion {{\n    backup_retention_days = terraform_data.later.output.days\n  }}\n}}\n",
        databases.replica
    );
    let root = Root::new(&content);
    root.plan(&[]).ok(&["decided at apply"]);
    root.apply(&[]).ok(&["2 added"]);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 7);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn c22_what_an_update_cannot_change_stays_known() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(&databases, "replica", "max_data_loss = \"10m\""));
    root.plan(&["-out=saved"]).ok(&["1 to change"]);
    let plan = root.run(&["show", "-json", "saved"]).ok(&[]).text;
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let change = &plan["resource_changes"][0]["change"];
    assert_eq!(change["actions"], json!(["update"]));
    assert!(
        !change["after_unknown"].to_string().contains("true"),
        "{change}"
    );
    for name in ["arn", "observed", "last_applied", "region", "source_arn"] {
        assert_eq!(change["after"][name], change["before"][name], "{name}");
    }
}

#[test]
fn c20_c21_an_identifier_known_only_at_apply_keeps_the_plans_promises() {
    let databases = Databases::new();
    let content = format!(
        "resource \"terraform_data\" \"id\" {{\n  input = {:?}\n}}\nresource \"dr_replica_promotion\" \"orders\" {{\n  db_instance_identifier = terraform_data.id.output\n  role = \"replica\"\n}}\n",
        databases.replica
    );
    let root = Root::new(&content);
    root.apply(&[]).ok(&["decided at apply", "2 added"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
}

#[test]
fn c23_another_instance_is_another_resource() {
    let (one, two) = (Databases::new(), Databases::new());
    let root = Root::new(&promotion(&one, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(&two, "replica", ""));
    root.plan(&[])
        .ok(&["forces replacement", "1 to add, 0 to change, 1 to destroy"]);
}

#[test]
fn c27_a_setting_that_drifts_is_seen_and_one_that_is_not_managed_is_not() {
    let databases = Databases::new();
    let settings = "from = \"replica\"\non_promotion {\n  backup_retention_days = 7\n}";
    let root = Root::new(&promotion(&databases, "primary", settings));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(
        &databases,
        "primary",
        &settings.replace('7', "9"),
    ));
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 9);
    let modify = |settings: &str| {
        lab().python(&format!(
            "import boto3, seed; c = boto3.client('rds', region_name='us-west-2'); c.modify_db_instance(DBInstanceIdentifier={0:?}, ApplyImmediately=True, {settings}); import time; time.sleep(0.6); seed.wait(c, {0:?})",
            databases.replica
        ))
    };
    modify("DeletionProtection=True");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    modify("BackupRetentionPeriod=3");
    root.plan(&[])
        .ok(&["1 to change", "backup_retention_days = 3 -> 9"]);
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 9);
}

#[test]
fn c30_a_failed_update_leaves_what_really_holds_in_the_state() {
    let databases = Databases::new_in("eu-central-1");
    let content = |role: &str, days: u8| {
        let more = format!(
            "region = \"eu-central-1\"\non_promotion {{\n  backup_retention_days = {days}\n  deletion_protection = true\n}}"
        );
        promotion(&databases, role, &more)
    };
    let root = Root::new(&content("replica", 7));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&content("primary", 7));
    lab().fault("access_denied", "ModifyDBInstance", "eu-central-1");
    root.apply(&[])
        .fails(&["was not brought to", "allow rds:ModifyDBInstance"]);
    let state = root.state();
    assert_eq!(
        (&state["role"], &state["observed"]),
        (&json!("primary"), &json!("primary"))
    );
    root.apply(&[]).ok(&["1 changed"]);
    root.write(&content("primary", 9));
    lab().fault("access_denied", "ModifyDBInstance", "eu-central-1");
    root.apply(&[]).fails(&["allow rds:ModifyDBInstance"]);
    assert_eq!(root.state()["on_promotion"]["backup_retention_days"], 7);
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 9);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn c33_an_apply_that_takes_too_long_says_what_it_waited_for() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(
        &databases,
        "primary",
        "timeouts {\n  update = \"1s\"\n}",
    ));
    root.apply(&[])
        .fails(&["not ready in time", "timeout 1 s", "Next:"]);
    root.write(&promotion(&databases, "primary", ""));
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn c34_c35_imports_by_block_by_identity_and_with_a_bad_id() {
    let databases = Databases::new();
    let by_id = format!(
        "import {{\n  to = dr_replica_promotion.orders\n  id = \"us-west-2/{}\"\n}}\n",
        databases.replica
    );
    let root = Root::new(&format!("{by_id}{}", promotion(&databases, "replica", "")));
    root.apply(&[]).ok(&["1 imported, 0 added, 0 changed"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    let identity = format!(
        "import {{\n  to = dr_replica_promotion.orders\n  identity = {{\n    region = \"us-west-2\"\n    db_instance_identifier = {:?}\n  }}\n}}\n",
        databases.replica
    );
    let root = Root::new(&format!(
        "{identity}{}",
        promotion(&databases, "replica", "")
    ));
    root.apply(&[]).ok(&["1 imported, 0 added, 0 changed"]);
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.run(&[
        "import",
        "-no-color",
        "dr_replica_promotion.orders",
        "us-west-2/bad--id",
    ])
    .fails(&["REGION/IDENTIFIER", "us-west-2/orders-replica"]);
}

#[test]
fn c40_no_credential_is_in_anything_that_is_printed_or_stored() {
    const MARKER: &str = "hush-hush-do-not-tell";
    let databases = Databases::new();
    let mut root = Root::new(&promotion(&databases, "replica", ""));
    for (name, value) in [
        ("AWS_SECRET_ACCESS_KEY", MARKER),
        ("AWS_SESSION_TOKEN", "also-hush-hush"),
        ("TF_LOG", "TRACE"),
    ] {
        root.extra.insert(name.to_owned(), value.to_owned());
    }
    let said = root.apply(&[]).ok(&["1 added"]).text;
    assert!(said.contains("terraform-provider-dr"), "the log is there");
    let state = std::fs::read_to_string(root.directory.path().join("terraform.tfstate")).unwrap();
    for text in [&said, &state] {
        assert!(!text.contains(MARKER) && !text.contains("also-hush-hush"));
    }
}

#[test]
fn c64_the_mirror_install_is_locked_by_its_checksum() {
    let root = Root::new("");
    let lock = std::fs::read_to_string(root.directory.path().join(".terraform.lock.hcl")).unwrap();
    assert!(
        lock.contains("estate-recovery/dr") && lock.contains("h1:"),
        "{lock}"
    );
    root.run(&["init", "-no-color", "-lockfile=readonly"])
        .ok(&["has been successfully initialized"]);
    let at = lock.find("h1:").unwrap() + 3;
    let other = format!("{}AAAA{}", &lock[..at], &lock[at + 4..]);
    std::fs::write(root.directory.path().join(".terraform.lock.hcl"), other).unwrap();
    root.run(&["init", "-no-color", "-lockfile=readonly"])
        .fails(&["checksums"]);
}

#[test]
fn c65_everything_works_without_tls_too() {
    let databases = Databases::new();
    let mut root = Root::new(&promotion(&databases, "replica", ""));
    root.extra = HashMap::from([("TF_DISABLE_PLUGIN_TLS".to_owned(), "1".to_owned())]);
    root.apply(&[]).ok(&["1 added"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert!(lab().env.contains_key("AWS_ENDPOINT_URL"));
}
