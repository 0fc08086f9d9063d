//! Items of the protocol's conformance list that need real Terraform, by number.

use std::collections::HashMap;

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

#[test]
fn c14_c15_the_schema_loads_and_everything_is_described() {
    let root = Root::new("");
    let schema = root.run(&["providers", "schema", "-json"]).ok(&[]).text;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let provider = &schema["provider_schemas"]["registry.terraform.io/estate-recovery/dr"];
    let resource = &provider["resource_schemas"]["dr_replica_promotion"]["block"];
    for (name, attribute) in resource["attributes"].as_object().unwrap() {
        assert!(
            attribute["description"]
                .as_str()
                .is_some_and(|d| d.len() > 10),
            "{name}"
        );
    }
    assert_eq!(provider["functions"].as_object().unwrap().len(), 6);
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
fn c27_settings_that_drift_are_seen_once_the_role_is_primary() {
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
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
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
fn c43_functions_take_null_name_the_argument_and_answer_alike_each_time() {
    let content = r#"
output "cidr" { value = provider::dr::mirror_cidr("10.0.3.0/24", "10.0.0.0/16", "10.1.0.0/16") }
output "zone" { value = provider::dr::mirror_availability_zone("b", ["a", "b"], ["x", "y"]) }
output "none" { value = provider::dr::arn_region(null) == null }
output "role" { value = provider::dr::arn_region("arn:aws:iam::123456789012:role/x") == null }
output "moved" { value = provider::dr::arn_in_region("arn:aws:sns:us-east-1:123456789012:a", "us-west-2") }
output "seconds" { value = provider::dr::duration_seconds("1h30m") }
output "short" { value = provider::dr::region_short_name("ap-southeast-2") }
"#;
    let root = Root::new(content);
    root.apply(&[]).ok(&[
        "10.1.3.0/24",
        "\"y\"",
        "none = true",
        "role = true",
        "arn:aws:sns:us-west-2:123456789012:a",
        "5400",
        "apse2",
    ]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    root.write("output \"x\" {\n  value = provider::dr::mirror_cidr(\"10.0.3.0/24\", \"ten\", \"10.1.0.0/16\")\n}\n");
    root.plan(&[]).fails(&["\"ten\" is not a network", "from"]);
}

#[test]
fn c44_a_data_source_with_unknown_configuration_is_read_at_apply() {
    let databases = Databases::new();
    let content = format!(
        "resource \"terraform_data\" \"id\" {{\n  input = {:?}\n}}\ndata \"dr_replication_status\" \"x\" {{\n  rds_instances = {{ db = {{ db_instance_identifier = terraform_data.id.output }} }}\n}}\noutput \"role\" {{\n  value = data.dr_replication_status.x.rds_instances[\"db\"].role\n}}\n",
        databases.replica
    );
    let root = Root::new(&content);
    root.plan(&[]).ok(&["(known after apply)"]);
    root.apply(&[]).ok(&["role = \"replica\""]);
}

#[test]
fn c64_the_mirror_install_is_locked_by_its_checksum() {
    let root = Root::new("");
    let lock = std::fs::read_to_string(root.directory.path().join(".terraform.lock.hcl")).unwrap();
    assert!(
        lock.contains("estate-recovery/dr") && lock.contains("h1:"),
        "{lock}"
    );
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
