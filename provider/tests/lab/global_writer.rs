//! The rows of the role contract for the writer of an Aurora global cluster, with real Terraform.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Root, lab};
use crate::interruptions::{apply_in_the_background, providers, signal, until};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";
pub(crate) const ADDRESS: &str = "dr_global_cluster_writer.orders";

/// A global cluster of its own name: the writer in us-east-1, a member in us-west-2, an instance in each.
pub(crate) struct Globals {
    pub(crate) id: String,
}

impl Globals {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let globals = Globals {
            id: format!("events-{number}"),
        };
        globals.python(
            "common = dict(Engine='aurora-postgresql', MasterUsername='app', MasterUserPassword='not-a-real-password')
source = east.create_db_cluster(DBClusterIdentifier=f'{g}-east', **common)['DBCluster']['DBClusterArn']
east.create_global_cluster(GlobalClusterIdentifier=g, SourceDBClusterIdentifier=source)
west.create_db_cluster(DBClusterIdentifier=f'{g}-west', GlobalClusterIdentifier=g, **common)
for word, rds in (('east', east), ('west', west)):
    rds.create_db_instance(DBInstanceIdentifier=f'{g}-{word}-1', DBClusterIdentifier=f'{g}-{word}', Engine='aurora-postgresql', DBInstanceClass='db.r6g.large')",
        );
        globals
    }

    /// Runs code with a client for each region.
    pub(crate) fn python(&self, code: &str) -> String {
        lab().python(&format!(
            "import boto3, json, time\ng = {:?}\neast, west = (boto3.client('rds', region_name=r) for r in ('us-east-1', 'us-west-2'))\ndef see(): return west.describe_global_clusters(GlobalClusterIdentifier=g)['GlobalClusters'][0]\n{code}",
            self.id
        ))
    }

    fn arn(&self, region: &str) -> String {
        let word = region.split('-').nth(1).expect("a region");
        format!(
            "arn:aws:rds:{region}:123456789012:cluster:{}-{word}",
            self.id
        )
    }

    /// Begins a switchover behind Terraform's back.
    pub(crate) fn move_begins(&self, region: &str) {
        let target = self.arn(region);
        self.python(&format!(
            "w = [m['DBClusterArn'] for m in see()['GlobalClusterMembers'] if m['IsWriter']][0]\nboto3.client('rds', region_name=w.split(':')[3]).switchover_global_cluster(GlobalClusterIdentifier=g, TargetDbClusterIdentifier={target:?})"
        ));
    }

    /// The same, and waits until it is over.
    pub(crate) fn move_outside(&self, region: &str) {
        self.move_begins(region);
        self.python("while see()['Status'] != 'available': time.sleep(0.1)");
    }

    /// The region of the writer, as AWS shows it.
    pub(crate) fn writer(&self) -> String {
        let arn = self.python(
            "print([m['DBClusterArn'] for m in see()['GlobalClusterMembers'] if m['IsWriter']][0])",
        );
        arn.split(':').nth(3).expect("an ARN").to_owned()
    }

    /// Moves that took effect, whoever asked.
    pub(crate) fn moves(&self) -> usize {
        let moved = |action: &str| {
            let calls = lab().control("GET", &format!("/lab/calls?action={action}"), None);
            let calls = calls.as_array().expect("a list").clone().into_iter();
            calls
                .filter(|c| {
                    c["params"]["GlobalClusterIdentifier"] == self.id.as_str()
                        && c["took_effect"] == true
                })
                .count()
        };
        moved("SwitchoverGlobalCluster") + moved("FailoverGlobalCluster")
    }

    fn lag(&self, milliseconds: u32) {
        let metric = json!({
            "region": "us-west-2", "namespace": "AWS/RDS", "name": "AuroraGlobalDBRPOLag",
            "dimensions": { "DBClusterIdentifier": format!("{}-west", self.id) }, "value": milliseconds,
        });
        lab().control("POST", "/lab/metrics", Some(&metric));
    }

    pub(crate) fn resource(&self, region: &str, more: &str) -> String {
        format!(
            "resource \"dr_global_cluster_writer\" \"orders\" {{\n  global_cluster_identifier = {:?}\n  writer_region = {region:?}\n{more}\n}}\n",
            self.id
        )
    }

    /// A root that holds the writer where it is.
    pub(crate) fn held(&self) -> Root {
        let root = Root::new(&self.resource("us-east-1", ""));
        root.apply(&[])
            .ok(&["already is in us-east-1: adopted", "1 added"]);
        root
    }
}

/// Terraform's ways to plan the same root.
pub(crate) const WAYS: [&[&str]; 3] = [
    &[],
    &["-refresh=false"],
    &["-target=dr_global_cluster_writer.orders"],
];

#[test]
fn row_01_and_04_adopts_what_is_there_and_then_plans_nothing_in_any_way() {
    let globals = Globals::new();
    let root = globals.held();
    let state = root.state();
    assert_eq!(state["last_applied"], "us-east-1");
    assert_eq!(
        state["member_arns"],
        json!({ "us-east-1": globals.arn("us-east-1"), "us-west-2": globals.arn("us-west-2") })
    );
    for way in WAYS {
        root.plan(way).ok(&["No changes"]).silent_on("adopted");
    }
    assert_eq!(globals.moves(), 0);
}

#[test]
fn row_02_without_a_past_the_present_region_has_to_be_named_in_every_way() {
    let globals = Globals::new();
    let from = "from = \"us-east-1\"";
    let root = Root::new(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way)
            .fails(&["say that you know it before it moves to us-west-2", from]);
    }
    root.apply(&[]).fails(&[from]);
    assert!(root.state().is_null());
    let root = globals.held();
    root.write(&globals.resource("us-west-2", ""));
    root.plan(&[&format!("-replace={ADDRESS}")]).fails(&[from]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.plan(&[]).fails(&[from]);
    root.run(&["untaint", ADDRESS]).ok(&[]);
    root.plan(&[]).ok(&["1 to change"]);
    root.run(&["state", "rm", ADDRESS]).ok(&[]);
    root.plan(&[]).fails(&[from]);
    assert_eq!(globals.moves(), 0);
}

#[test]
fn row_03_moves_the_writer_in_the_create() {
    let globals = Globals::new();
    let root = Root::new(&globals.resource("us-west-2", "from = \"us-east-1\""));
    for way in WAYS {
        root.plan(way)
            .ok(&["switchover from us-east-1 to us-west-2, nothing lost"]);
    }
    root.apply(&[]).ok(&["1 added"]);
    assert_eq!(globals.writer(), "us-west-2");
    assert_eq!(root.state()["execution_status"], "done");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(globals.moves(), 1);
}

#[test]
fn row_05_and_06_what_was_moved_outside_stays_and_the_record_follows() {
    let globals = Globals::new();
    let root = globals.held();
    globals.move_outside("us-west-2");
    for way in WAYS {
        root.plan(way).ok(&[
            "changed outside Terraform",
            "writer_region = \"us-west-2\"",
            "No changes",
        ]);
    }
    root.apply(&["-refresh-only"]).ok(&["Apply complete"]);
    assert_eq!(root.state()["observed"], "us-west-2");
    assert_eq!(root.state()["last_applied"], "us-east-1");
    root.write(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way).ok(&["the configuration follows"]);
    }
    root.apply(&["-refresh=false"]).ok(&["1 changed"]);
    assert_eq!(root.state()["last_applied"], "us-west-2");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(globals.moves(), 1, "the one outside");
}

#[test]
fn row_07_moves_there_and_back_by_an_edit() {
    let globals = Globals::new();
    let root = globals.held();
    for (number, region) in (1..).zip(["us-west-2", "us-east-1"]) {
        root.write(&globals.resource(region, ""));
        for way in WAYS {
            root.plan(way).ok(&["nothing lost", "1 to change"]);
        }
        root.apply(&[]).ok(&["1 changed"]);
        assert_eq!(globals.writer(), region);
        root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
        assert_eq!(globals.moves(), number);
    }
}

#[test]
fn row_09_10_and_11_a_move_under_way_is_finished_never_crossed_or_forgotten() {
    let globals = Globals::new();
    let root = globals.held();
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 12.0 })));
    globals.move_begins("us-west-2");
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 0.4 })));
    root.plan(&["-refresh=false"])
        .fails(&["on its way to us-west-2", "writer_region = \"us-west-2\""]);
    root.run(&["destroy", "-no-color", "-auto-approve", "-refresh=false"])
        .fails(&["on its way to us-west-2"]);
    root.write(&globals.resource("us-west-2", ""));
    root.apply(&[])
        .ok(&["the apply goes on with it", "1 changed"]);
    assert_eq!(root.state()["execution_status"], "done");
    assert_eq!(globals.moves(), 1, "the one outside");
    root.run(&["destroy", "-no-color", "-auto-approve"])
        .ok(&["1 destroyed"]);
    assert_eq!(globals.writer(), "us-west-2");
    assert_eq!(globals.moves(), 1);
}

#[test]
fn row_12_imports_by_id_and_by_identity_are_quiet_and_vouch_for_nothing() {
    let globals = Globals::new();
    let root = Root::new(&globals.resource("us-east-1", ""));
    root.run(&[
        "import",
        "-no-color",
        ADDRESS,
        &format!("us-west-2/{}", globals.id),
    ])
    .ok(&["Import successful"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    root.write(&globals.resource("us-west-2", ""));
    root.plan(&[]).fails(&["from = \"us-east-1\""]);
    let identity = format!(
        "import {{\n  to = {ADDRESS}\n  identity = {{ global_cluster_identifier = {:?} }}\n}}\n{}",
        globals.id,
        globals.resource("us-east-1", "")
    );
    Root::new(&identity)
        .apply(&[])
        .ok(&["1 imported, 0 added, 0 changed"]);
    assert_eq!(globals.moves(), 0);
}

#[test]
fn row_13_a_lost_region_is_left_by_a_failover_with_the_consent_that_the_plan_prints() {
    let globals = Globals::new();
    let mut root = globals.held();
    globals.lag(850);
    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-east-1".to_owned());
    root.plan(&[]).ok(&["declared lost", "No changes"]);
    root.write(&globals.resource("us-west-2", ""));
    root.plan(&[]).fails(&["a switchover needs it"]);
    let now = jiff::Timestamp::now();
    let order = format!("mode = \"failover\"\nlost_at = \"{now}\"");
    root.write(&globals.resource("us-west-2", &order));
    root.plan(&[]).fails(&["fenced", "\"unfenced\""]);
    assert_eq!(globals.moves(), 0);
    let until = now + jiff::SignedDuration::from_hours(2);
    let consent = format!(
        "{order}\nconsent {{\n  risk = \"unfenced\"\n  until = \"{until}\"\n  source = {:?}\n  target = \"{}-west\"\n}}",
        globals.arn("us-east-1"),
        globals.id
    );
    root.write(&globals.resource("us-west-2", &consent));
    root.plan(&[])
        .ok(&["failover from us-east-1 to us-west-2, at most"]);
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(globals.writer(), "us-west-2");
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
    assert_eq!(globals.moves(), 1);
}

#[test]
fn row_14_silence_everywhere_is_an_error_that_says_how_to_declare_it() {
    let globals = Globals::new();
    let mut root = globals.held();
    root.silence();
    root.plan(&["-refresh=false"])
        .fails(&["No region tells", "DR_LOST_REGIONS"]);
    assert_eq!(root.state()["writer_region"], "us-east-1");
}

#[test]
fn row_15_a_region_without_a_member_says_what_to_add() {
    let globals = Globals::new();
    let root = globals.held();
    root.write(&globals.resource("eu-west-1", ""));
    root.plan(&[])
        .fails(&["cannot move to eu-west-1", "no member"]);
}

#[test]
fn a_saved_plan_is_decided_again_when_the_world_moved_before_its_apply() {
    let globals = Globals::new();
    let root = globals.held();
    root.write(&globals.resource("us-west-2", ""));
    root.plan(&["-out=saved"]).ok(&["nothing lost"]);
    globals.move_outside("us-west-2");
    root.run(&["apply", "-no-color", "saved"]);
    assert_eq!(globals.moves(), 1, "the one outside");
    root.apply(&[]).ok(&[]);
    assert_eq!(root.state()["last_applied"], "us-west-2");
    assert_eq!(globals.moves(), 1);
}

#[test]
fn two_applies_at_once_from_two_roots_move_the_writer_once() {
    let globals = Globals::new();
    let roots = [globals.held(), globals.held()];
    for root in &roots {
        root.write(&globals.resource("us-west-2", ""));
    }
    let both = [
        apply_in_the_background(&roots[0]),
        apply_in_the_background(&roots[1]),
    ];
    for child in both {
        child.wait_with_output().expect("it ends");
    }
    assert_eq!(globals.moves(), 1);
    for root in &roots {
        root.apply(&[]).ok(&["Apply complete"]);
        assert_eq!(root.state()["last_applied"], "us-west-2");
    }
    assert_eq!(globals.moves(), 1);
}

#[test]
fn a_provider_killed_while_the_writer_moves_leaves_a_move_to_go_on_with() {
    for delay in [0, 300] {
        let globals = Globals::new();
        let root = globals.held();
        root.write(&globals.resource("us-west-2", ""));
        let child = apply_in_the_background(&root);
        until("a move", || globals.moves() > 0);
        std::thread::sleep(Duration::from_millis(delay));
        let found = providers(child.id());
        assert!(!found.is_empty(), "the move takes longer than {delay} ms");
        for provider in found {
            signal("-KILL", &provider);
        }
        child.wait_with_output().expect("it ends");
        root.apply(&[]).ok(&["Apply complete"]);
        root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
        assert_eq!(root.state()["last_applied"], Value::from("us-west-2"));
        assert_eq!(globals.moves(), 1, "killed {delay} ms after the call");
    }
}
