//! The rows of the role contract for `dr_failover`, each with real Terraform: a plan of one step, published to directories.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::{Databases, Root, lab};
use crate::interruptions::{apply_in_the_background, ended, signal, until_promoting};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

/// Two databases with a failover plan of their own, and where it is published.
pub(crate) struct Estate {
    pub(crate) databases: Databases,
    stores: tempfile::TempDir,
}

impl Estate {
    pub(crate) fn new() -> Self {
        Estate {
            databases: Databases::new(),
            stores: tempfile::tempdir().expect("a directory"),
        }
    }

    pub(crate) fn store(&self, region: &str) -> PathBuf {
        self.stores.path().join(region)
    }

    /// The plan alone.
    pub(crate) fn plan(&self) -> String {
        format!(
            r#"
provider "dr" {{
  region    = "us-west-2"
  heartbeat = "3s"
  poll      = "300ms"
}}

resource "dr_failover_plan" "orders" {{
  name      = "{name}"
  regions   = ["us-east-1", "us-west-2"]
  authority = "promote"
  tiers     = {{ critical = {{ rto = "1h", rpo = "5m" }} }}
  stores = {{
    us-east-1 = {{ directory = "{east}" }}
    us-west-2 = {{ directory = "{west}" }}
  }}
  steps = [{{
    name = "promote"
    tier = "critical"
    rds_promote_replica = {{
      instances = {{ us-east-1 = "{name}", us-west-2 = "{replica}" }}
    }}
  }}]
}}
"#,
            name = self.databases.primary,
            replica = self.databases.replica,
            east = self.store("us-east-1").display(),
            west = self.store("us-west-2").display(),
        )
    }

    /// The plan with its failover.
    pub(crate) fn both(&self, region: &str, more: &str) -> String {
        format!(
            "{}\nresource \"dr_failover\" \"orders\" {{\n  failover_plan = dr_failover_plan.orders.document\n  plan_digest   = dr_failover_plan.orders.digest\n  active_region = \"{region}\"\n{more}\n}}\n",
            self.plan()
        )
    }

    /// Identifier of the replica in a third region, where there is one.
    pub(crate) fn third(&self) -> String {
        format!("{}-third", self.databases.primary)
    }

    /// The plan over three regions, with its failover.
    pub(crate) fn in_three(&self, region: &str, more: &str) -> String {
        let both = self.both(region, more);
        let third = format!(", eu-west-1 = \"{}\" }}\n    }}\n  }}]", self.third());
        let stores = format!(
            "  stores = {{\n    eu-west-1 = {{ directory = \"{}\" }}\n",
            self.store("eu-west-1").display()
        );
        both.replacen("\"us-west-2\"]", "\"us-west-2\", \"eu-west-1\"]", 1)
            .replacen(" }\n    }\n  }]", &third, 1)
            .replacen("  stores = {\n", &stores, 1)
    }

    /// Whether an execution has begun its journal in the west.
    pub(crate) fn has_journal(&self) -> bool {
        let executions = self.store("us-west-2").join("executions");
        executions
            .read_dir()
            .is_ok_and(|mut it| it.next().is_some())
    }

    /// Lets customers be connected to the database of the east, whatever runs.
    fn connected(&self) {
        let metric = json!({
            "region": "us-east-1", "namespace": "AWS/RDS", "name": "DatabaseConnections",
            "dimensions": { "DBInstanceIdentifier": self.databases.primary }, "value": 12,
        });
        lab().control("POST", "/lab/metrics", Some(&metric));
    }

    /// A root that holds the east as active.
    pub(crate) fn held(&self) -> Root {
        let root = Root::new(&self.both("us-east-1", ""));
        root.apply(&[])
            .ok(&["us-east-1 already is active: adopted", "2 added"]);
        root
    }

    /// Another root with the same plan, which fails over behind the back of the first one.
    pub(crate) fn fail_over_outside(&self) {
        let mut other = self.held();
        lose(&mut other);
        other.write(&self.both("us-west-2", &consented()));
        other.apply(&[]).ok(&["1 changed"]);
    }
}

/// What lets a failover from a lost region through.
pub(crate) fn consented() -> String {
    let now = jiff::Timestamp::now();
    let (until, lost_at) = (
        now + jiff::SignedDuration::from_hours(2),
        now - jiff::SignedDuration::from_secs(10),
    );
    format!(
        "mode = \"failover\"\nlost_at = \"{lost_at}\"\nconsent {{\n  risk = \"unfenced\"\n  until = \"{until}\"\n  plan_digest = dr_failover_plan.orders.digest\n  epoch = 1\n  steps = [\"promote\"]\n  reason = \"a test\"\n}}"
    )
}

/// Declares the east lost, without any edit.
pub(crate) fn lose(root: &mut Root) {
    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-east-1".to_owned());
}

/// The attributes of the failover in the state; null when there is none.
pub(crate) fn state(root: &Root) -> Value {
    let shown = root.run(&["show", "-json"]).ok(&[]).text;
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    let resources = shown["values"]["root_module"]["resources"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut found = resources
        .into_iter()
        .filter(|it| it["type"] == "dr_failover");
    found.next().map_or(Value::Null, |it| it["values"].clone())
}

#[test]
fn rows_01_04_11_and_12_adopt_keep_forget_and_import() {
    let estate = Estate::new();
    let root = estate.held();
    assert_eq!(state(&root)["last_applied"], "us-east-1");
    assert_eq!(state(&root)["execution_status"], "adopted");
    for more in [
        &["-detailed-exitcode"][..],
        &["-detailed-exitcode", "-refresh=false"],
    ] {
        root.plan(more).ok(&[NO_CHANGES]).silent_on("Warning:");
    }
    root.run(&["state", "rm", "dr_failover.orders"]).ok(&[]);
    let id = format!("us-west-2/{}", estate.store("us-west-2").display());
    root.run(&["import", "-no-color", "dr_failover.orders", &id])
        .ok(&["Import successful"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    root.write(&estate.both("us-west-2", ""));
    root.plan(&[]).fails(&["from = \"us-east-1\""]);
    root.run(&["state", "rm", "dr_failover_plan.orders"])
        .ok(&[]);
    root.write(&estate.both("us-east-1", ""));
    root.run(&["import", "-no-color", "dr_failover_plan.orders", &id])
        .ok(&["Import successful"]);
    root.apply(&[]).ok(&["0 added"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    root.run(&["destroy", "-no-color", "-auto-approve"])
        .ok(&["2 destroyed"]);
    assert!(!estate.store("us-west-2").join("current").exists());
    assert_eq!(estate.databases.promotions(), 0);
}

#[test]
fn row_02_taint_replace_and_a_lost_state_need_the_active_region_named() {
    let estate = Estate::new();
    let root = estate.held();
    root.plan(&["-replace=dr_failover.orders"])
        .ok(&["1 to add, 0 to change, 1 to destroy"]);
    root.write(&estate.both("us-west-2", ""));
    // Terraform first plans it as an update, and a switchover of a plan without quiesced writers is refused there, as
    // long as customers are connected.
    estate.connected();
    root.plan(&["-replace=dr_failover.orders"])
        .fails(&["promote refuses"]);
    root.run(&["taint", "dr_failover.orders"]).ok(&[]);
    root.plan(&["-refresh=false"])
        .fails(&["from = \"us-east-1\""]);
    root.run(&["state", "rm", "dr_failover.orders"]).ok(&[]);
    root.apply(&[]).fails(&["from = \"us-east-1\""]);
    assert!(state(&root).is_null());
    assert_eq!(estate.databases.promotions(), 0);
}

#[test]
fn row_03_a_plan_that_is_not_published_runs_nothing() {
    let estate = Estate::new();
    let mut root = Root::new(&estate.both(
        "us-west-2",
        &format!("from = \"us-east-1\"\n{}", consented()),
    ));
    lose(&mut root);
    root.plan(&[]).fails(&["Apply the failover plan first"]);
    root.apply(&["-target=dr_failover_plan.orders"])
        .ok(&["1 added"]);
    root.apply(&[])
        .ok(&["failover of", "not proved to be fenced", "1 added"]);
    assert_eq!(state(&root)["execution_status"], "done_unfenced");
    assert_eq!(estate.databases.promotions(), 1);
    root.plan(&["-detailed-exitcode"])
        .ok(&[NO_CHANGES, "A consent is stale"]);
}

#[test]
fn row_07_an_edit_fails_over_under_gates_and_the_next_plan_is_empty() {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    root.write(&estate.both("us-west-2", ""));
    root.plan(&[]).fails(&["mode = \"failover\""]);
    root.write(&estate.both("us-west-2", "mode = \"failover\""));
    for more in [
        &[][..],
        &["-refresh=false"],
        &["-target=dr_failover.orders"],
    ] {
        root.plan(more).fails(&[
            "refuses: fenced",
            "risk        = \"unfenced\"",
            "steps       = [\"promote\"]",
        ]);
    }
    root.apply(&[]).fails(&["refuses: fenced"]);
    assert_eq!(state(&root)["active_region"], "us-east-1");
    assert_eq!(estate.databases.promotions(), 0);
    root.write(&estate.both("us-west-2", &consented()));
    root.plan(&[]).ok(&[
        "Data at risk",
        "critical: serves in about",
        "Cannot be undone",
        "PromoteReadReplica",
        "1 to change",
    ]);
    root.apply(&[]).ok(&["1 changed"]);
    let state = state(&root);
    assert_eq!(
        (&state["last_applied"], &state["epoch"]),
        (&Value::from("us-west-2"), &Value::from(1))
    );
    assert!(
        state["measured_rto_seconds"]["critical"].is_number(),
        "{state}"
    );
    assert_eq!(estate.databases.promotions(), 1);
    root.write(&estate.both("us-west-2", ""));
    root.apply(&[]).ok(&["1 changed"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
}

#[test]
fn rows_05_and_06_what_was_done_outside_is_told_and_followed() {
    let estate = Estate::new();
    let mut root = estate.held();
    estate.fail_over_outside();
    lose(&mut root);
    for more in [&[][..], &["-refresh=false"]] {
        root.plan(more).ok(&[
            "us-west-2 is active, not us-east-1: changed outside Terraform",
            "active_region = \"us-west-2\"",
            "epoch 1",
            "No changes",
        ]);
    }
    root.plan(&["-refresh-only"]).ok(&["us-west-2"]);
    root.apply(&[]).ok(&["0 added, 0 changed, 0 destroyed"]);
    assert_eq!(
        (
            &state(&root)["active_region"],
            &state(&root)["last_applied"]
        ),
        (&Value::from("us-west-2"), &Value::from("us-east-1"))
    );
    root.write(&estate.both("us-west-2", ""));
    root.apply(&["-refresh=false"])
        .ok(&["the configuration follows", "1 changed"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
}

#[test]
fn rows_09_10_and_11_an_interrupted_execution_is_gone_on_with_and_nothing_else() {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    root.write(&estate.both("us-west-2", &consented()));
    lab().control(
        "POST",
        "/lab/settings",
        Some(&serde_json::json!({ "phase": 3.0 })),
    );
    let child = apply_in_the_background(&root);
    until_promoting(&estate.databases);
    signal("-INT", &format!("-{}", child.id()));
    let ran = ended(child);
    lab().control(
        "POST",
        "/lab/settings",
        Some(&serde_json::json!({ "phase": 0.4 })),
    );
    assert_ne!(ran.code, Some(0), "{}", ran.text);
    assert!(ran.text.contains("was interrupted"), "{}", ran.text);
    assert_eq!(state(&root)["active_region"], "us-east-1");
    root.write(&estate.both("us-east-1", ""));
    root.plan(&["-refresh=false"])
        .fails(&["an execution to us-west-2 is not finished", "drctl resume"]);
    root.run(&["destroy", "-no-color", "-auto-approve", "-refresh=false"])
        .fails(&["drctl resume"]);
    root.write(&estate.both("us-west-2", &consented()));
    root.apply(&[]).ok(&["Goes on with execution", "1 changed"]);
    assert_eq!(state(&root)["active_region"], "us-west-2");
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn row_13_a_lost_region_keeps_its_record_and_is_not_called() {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    let calls = |region: &str| {
        let calls = lab().control("GET", "/lab/calls?action=DescribeDBInstances", None);
        let calls = calls.as_array().cloned().unwrap_or_default();
        let ours = calls
            .iter()
            .filter(|it| it["params"]["DBInstanceIdentifier"] == estate.databases.primary.as_str());
        ours.filter(|it| it["region"] == region).count()
    };
    let before = calls("us-east-1");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(calls("us-east-1"), before, "nothing called the region");
}

#[test]
fn row_14_silence_is_an_error_that_says_how_to_declare_it() {
    let estate = Estate::new();
    let mut root = estate.held();
    root.silence();
    root.plan(&[])
        .fails(&["who is active is not known", "export DR_LOST_REGIONS="]);
    assert_eq!(state(&root)["active_region"], "us-east-1");
}
