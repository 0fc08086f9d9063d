//! More items of the protocol's conformance list with real Terraform, by number: those about life cycles, many instances,
//! and what other parts of Terraform do with the provider.

use std::fmt::Write as _;

use serde_json::Value;

use crate::failover::Estate;
use crate::harness::{Databases, Root, lab, promotion};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

/// The resource under test with a `lifecycle` block.
fn with_lifecycle(databases: &Databases, more: &str, lifecycle: &str) -> String {
    promotion(
        databases,
        "replica",
        &format!("{more}\n  lifecycle {{\n    {lifecycle}\n  }}"),
    )
}

#[test]
fn c24_create_before_destroy_holds_the_new_one_before_the_old_one_is_forgotten() {
    let (one, two) = (Databases::new(), Databases::new());
    let lifecycle = "create_before_destroy = true";
    let root = Root::new(&with_lifecycle(&one, "", lifecycle));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&with_lifecycle(&two, "", lifecycle));
    root.plan(&[])
        .ok(&["+/- create replacement and then destroy"]);
    root.apply(&[]).ok(&["1 added, 0 changed, 1 destroyed"]);
    assert_eq!(root.state()["db_instance_identifier"], two.replica.as_str());
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(one.promotions() + two.promotions(), 0);
}

#[test]
fn c36_configuration_that_terraform_writes_for_an_import_plans_nothing() {
    let databases = Databases::new();
    let import = format!(
        "import {{\n  to = dr_replica_promotion.orders\n  id = \"us-west-2/{}\"\n}}\n",
        databases.replica
    );
    let root = Root::new(&import);
    root.plan(&["-generate-config-out=generated.tf"])
        .ok(&["1 to import, 0 to add, 0 to change, 0 to destroy"]);
    let written = std::fs::read_to_string(root.directory.path().join("generated.tf")).unwrap();
    assert!(written.contains(&databases.replica), "{written}");
    for computed in ["last_applied", "observed", "execution_status", " arn"] {
        assert!(!written.contains(computed), "{computed} in:\n{written}");
    }
    root.apply(&[]).ok(&["1 imported, 0 added, 0 changed"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
}

#[test]
fn c39_a_move_from_another_type_is_refused_and_says_so() {
    let databases = Databases::new();
    let root = Root::new("resource \"terraform_data\" \"orders\" {\n  input = 1\n}\n");
    root.apply(&[]).ok(&["1 added"]);
    let moved =
        "moved {\n  from = terraform_data.orders\n  to   = dr_replica_promotion.orders\n}\n";
    root.write(&format!("{moved}{}", promotion(&databases, "replica", "")));
    root.plan(&[])
        .fails(&["does not support moved operations across resource types"]);
    // Within the type a move is Terraform's own: nothing is looked at twice, nothing is replaced.
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    let renamed = promotion(&databases, "replica", "").replace("\"orders\" {", "\"sales\" {");
    root.write(&format!(
        "moved {{\n  from = dr_replica_promotion.orders\n  to   = dr_replica_promotion.sales\n}}\n{renamed}"
    ));
    root.apply(&[]).ok(&["0 added, 0 changed, 0 destroyed"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
}

#[test]
fn c45_a_query_of_what_cannot_be_listed_says_so() {
    let root = Root::new("");
    let query = "list \"dr_replica_promotion\" \"all\" {\n  provider = dr\n}\n";
    std::fs::write(root.directory.path().join("all.tfquery.hcl"), query).unwrap();
    let ran = root.run(&["query", "-no-color"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(ran.text.contains("dr_replica_promotion"), "{}", ran.text);
}

/// So many failover plans of one step, each with stores of its own.
fn many_plans(estate: &Estate, count: u32) -> String {
    let one = estate.plan();
    let each = format!("resource \"dr_failover_plan\" \"orders\" {{\n  count = {count}");
    one.replace("resource \"dr_failover_plan\" \"orders\" {", &each)
        .replace("/us-east-1\"", "/us-east-1/${count.index}\"")
        .replace("/us-west-2\"", "/us-west-2/${count.index}\"")
}

#[test]
fn c49_many_instances_at_once_race_for_nothing() {
    let estate = Estate::new();
    let root = Root::new(&many_plans(&estate, 200));
    root.apply(&["-parallelism=100"])
        .ok(&["200 added, 0 changed"]);
    root.plan(&["-detailed-exitcode", "-parallelism=100"])
        .ok(&[NO_CHANGES]);
    root.run(&["destroy", "-no-color", "-auto-approve", "-parallelism=100"])
        .ok(&["200 destroyed"]);
}

#[test]
fn c50_twenty_aliases_are_twenty_providers_that_do_not_mix() {
    let databases = Databases::new();
    let mut content = String::new();
    for number in 0..20 {
        // Every second one is told that the region is lost: settings belong to one alias alone.
        let lost = if number % 2 == 1 {
            "us-east-1"
        } else {
            "eu-west-1"
        };
        write!(
            content,
            "provider \"dr\" {{\n  alias = \"p{number}\"\n  region = \"us-west-2\"\n  lost_regions = [\"{lost}\"]\n}}\ndata \"dr_replication_status\" \"p{number}\" {{\n  provider = dr.p{number}\n  rds_instances = {{ source = {{ region = \"us-east-1\", db_instance_identifier = {:?} }} }}\n}}\noutput \"p{number}\" {{\n  value = jsonencode(data.dr_replication_status.p{number}.rds_instances.source)\n}}\n",
            databases.primary
        )
        .expect("a string takes all");
    }
    let root = Root::new(&content);
    root.apply(&["-parallelism=100"]).ok(&["Apply complete"]);
    let shown = root.run(&["output", "-json"]).ok(&[]).text;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    for number in 0..20 {
        let seen = shown[format!("p{number}")]["value"].as_str().unwrap();
        let seen: Value = serde_json::from_str(seen).unwrap();
        assert_eq!(
            seen["health"].is_null(),
            number % 2 == 1,
            "p{number}: {seen}"
        );
    }
}

#[test]
fn c59_life_cycle_settings_and_flags_behave() {
    let databases = Databases::new();
    let ignoring = |loss: &str| {
        with_lifecycle(
            &databases,
            &format!("max_data_loss = \"{loss}\""),
            "ignore_changes = [max_data_loss]",
        )
    };
    let root = Root::new(&ignoring("5m"));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&ignoring("10m"));
    for more in [
        &["-detailed-exitcode"][..],
        &["-detailed-exitcode", "-refresh=false"],
        &["-detailed-exitcode", "-target=dr_replica_promotion.orders"],
    ] {
        root.plan(more).ok(&["No changes"]);
    }
    root.apply(&["-refresh-only"]).ok(&["Apply complete"]);
    assert_eq!(root.state()["max_data_loss"], "5m");

    let triggered = |input: u8| {
        format!(
            "resource \"terraform_data\" \"trigger\" {{\n  input = {input}\n}}\n{}",
            with_lifecycle(
                &databases,
                "",
                "replace_triggered_by = [terraform_data.trigger]"
            )
        )
    };
    let root = Root::new(&triggered(1));
    root.apply(&[]).ok(&["2 added"]);
    root.write(&triggered(2));
    root.plan(&[]).ok(&["1 to add, 1 to change, 1 to destroy"]);
    // A replacement forgets and adopts; nothing in AWS is touched.
    root.apply(&[])
        .ok(&["adopted", "1 added, 1 changed, 1 destroyed"]);
    root.apply(&["-replace=dr_replica_promotion.orders"])
        .ok(&["1 added, 0 changed, 1 destroyed"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(databases.promotions(), 0);
    assert!(databases.calls("ModifyDBInstance").is_empty());
}

#[test]
fn c60_a_saved_plan_is_applied_later_and_a_stale_one_refused() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(&databases, "replica", "max_data_loss = \"10m\""));
    root.plan(&["-out=first"]).ok(&["1 to change"]);
    root.plan(&["-out=second"]).ok(&["1 to change"]);
    root.run(&["apply", "-no-color", "first"])
        .ok(&["1 changed"]);
    root.run(&["apply", "-no-color", "second"])
        .fails(&["Saved plan is stale"]);
    assert_eq!(root.state()["max_data_loss"], "10m");
}

/// A test file in which the provider is a double: its schema is ours, nothing of it is called.
const MOCKED: &str = r#"
mock_provider "dr" {}

run "every_resource_and_data_source" {
  assert {
    condition     = dr_failover.all.active_region == "us-east-1" && dr_global_cluster_writer.all.writer_region == "us-east-1"
    error_message = "what is configured stays"
  }
  assert {
    condition     = dr_replica_promotion.all.last_applied != null && dr_failover_plan.all.digest != null
    error_message = "what is computed is made up"
  }
  assert {
    condition     = data.dr_failover_readiness.all.ready != null && data.dr_failover_status.all.active_region != null
    error_message = "data sources are made up too"
  }
}
"#;

#[test]
fn c61_every_resource_and_data_source_runs_under_terraform_test_with_a_double() {
    let estate = Estate::new();
    let content = format!(
        "{}\n{}\n{}\n{}",
        estate.plan().replace(
            "\"dr_failover_plan\" \"orders\"",
            "\"dr_failover_plan\" \"all\""
        ),
        "resource \"dr_replica_promotion\" \"all\" {\n  db_instance_identifier = \"orders-replica\"\n  role = \"replica\"\n}\nresource \"dr_global_cluster_writer\" \"all\" {\n  global_cluster_identifier = \"events\"\n  writer_region = \"us-east-1\"\n}",
        "resource \"dr_failover\" \"all\" {\n  failover_plan = dr_failover_plan.all.document\n  plan_digest = dr_failover_plan.all.digest\n  active_region = \"us-east-1\"\n}",
        "data \"dr_failover_readiness\" \"all\" {\n  failover_plan = dr_failover_plan.all.document\n}\ndata \"dr_failover_status\" \"all\" {\n  failover_plan = dr_failover_plan.all.document\n}\ndata \"dr_replication_status\" \"all\" {\n  rds_instances = { one = { db_instance_identifier = \"orders\" } }\n}",
    );
    let before = lab().control("GET", "/lab/calls?action=DescribeGlobalClusters", None);
    let root = Root::new(&content);
    let file = root.directory.path().join("all.tftest.hcl");
    std::fs::write(file, MOCKED).unwrap();
    root.run(&["test", "-no-color"])
        .ok(&["1 passed, 0 failed."]);
    let after = lab().control("GET", "/lab/calls?action=DescribeGlobalClusters", None);
    let events = |calls: &Value| calls.to_string().matches("\"events\"").count();
    assert_eq!(events(&before), events(&after), "nothing was called");
}
