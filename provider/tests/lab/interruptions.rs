//! Interrupted applies: Ctrl-C, a killed provider. The next apply goes on, and the promotion happens once.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Databases, Ran, Root, lab, promotion};

fn held_then_edited(databases: &Databases) -> Root {
    let root = Root::new(&promotion(databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(
        databases,
        "primary",
        "on_promotion {\n  backup_retention_days = 8\n  deletion_protection = true\n}",
    ));
    root
}

/// The same, with the region of the databases written down, and without settings.
fn held_in(databases: &Databases) -> Root {
    let region = format!("region = {:?}", databases.region);
    let root = Root::new(&promotion(databases, "replica", &region));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(databases, "primary", &region));
    root
}

/// A command in a process group of its own, as a terminal gives it.
fn in_the_background(root: &Root, arguments: &[&str]) -> Child {
    let mut command = root.command(arguments);
    command
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("terraform runs")
}

pub(crate) fn apply_in_the_background(root: &Root) -> Child {
    in_the_background(
        root,
        &["apply", "-no-color", "-input=false", "-auto-approve"],
    )
}

pub(crate) fn ended(child: Child) -> Ran {
    let out = child.wait_with_output().expect("terraform ends");
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    Ran {
        code: out.status.code(),
        text,
    }
}

/// Waits until something is the case.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until AWS was asked to promote.
pub(crate) fn until_promoting(databases: &Databases) {
    until("a promotion", || databases.promotions() > 0);
}

pub(crate) fn signal(signal: &str, target: &str) {
    let status = Command::new("kill")
        .args([signal, "--", target])
        .status()
        .expect("kill runs");
    assert!(status.success(), "kill {signal} {target}");
}

/// Processes of the provider in a process group.
pub(crate) fn providers(group: u32) -> Vec<String> {
    let out = Command::new("pgrep")
        .args(["-g", &group.to_string(), "-f", "terraform-provider-dr_v"])
        .output()
        .expect("pgrep runs");
    String::from_utf8_lossy(&out.stdout)
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

#[test]
fn c08_ctrl_c_ends_the_apply_in_order_and_the_next_one_goes_on() {
    let databases = Databases::new();
    let root = held_then_edited(&databases);
    let child = apply_in_the_background(&root);
    until_promoting(&databases);
    signal("-INT", &format!("-{}", child.id()));
    let ran = ended(child)
        .fails(&["interrupted; the next apply goes on", "PromoteReadReplica"])
        .silent_on("did not respond")
        .silent_on("Request cancelled");
    assert!(ran.text.contains("Next:"), "{}", ran.text);
    assert_eq!(root.state()["role"], "replica");
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.promotions(), 1);
    assert_eq!(databases.seen()["BackupRetentionPeriod"], 8);
}

#[test]
fn c08_ctrl_c_in_a_create_taints_nothing_and_the_next_apply_goes_on() {
    let databases = Databases::new();
    let root = Root::new(&promotion(&databases, "primary", "from = \"replica\""));
    let child = apply_in_the_background(&root);
    until_promoting(&databases);
    signal("-INT", &format!("-{}", child.id()));
    ended(child)
        .fails(&[
            "interrupted; the next apply goes on",
            "PromoteReadReplica",
            "was accepted and goes on in AWS",
        ])
        .silent_on("did not respond");
    assert!(root.state().is_null());
    root.apply(&[]).ok(&["1 added"]).silent_on("tainted");
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
    assert_eq!(databases.promotions(), 1);
}

#[test]
fn c08_ctrl_c_before_the_act_begins_nothing() {
    let databases = Databases::new_in("ap-south-1");
    let root = held_in(&databases);
    root.run(&["plan", "-no-color", "-out=saved"])
        .ok(&["will be promoted"]);
    let looks = || databases.calls("DescribeDBInstances").len();
    let planned = looks();
    // The apply looks several times before it acts; each look takes a second, and the interrupt comes into a late one.
    let slow = json!({ "kind": "slow", "action": "DescribeDBInstances", "region": "ap-south-1", "seconds": 1.0, "times": 4 });
    lab().control("POST", "/lab/faults", Some(&slow));
    let child = in_the_background(&root, &["apply", "-no-color", "saved"]);
    until("a look of the apply", || looks() >= planned + 4);
    signal("-INT", &format!("-{}", child.id()));
    let ran = ended(child).fails(&[]).silent_on("did not respond");
    // Terraform itself stops between a plan and an act; in the act it is the provider that does.
    if !ran.text.contains("execution halted") {
        ran.fails(&["interrupted; the next apply goes on", "nothing was changed"]);
    }
    assert_eq!(databases.promotions(), 0);
    assert_eq!(root.state()["last_applied"], "replica");
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(databases.promotions(), 1);
}

/// Kills the provider of an apply at a moment, and lets the next apply finish.
#[track_caller]
fn killed_when(moment: &str, comes: impl Fn(&Databases, usize) -> bool, delay: u64) {
    let databases = Databases::new();
    let root = held_then_edited(&databases);
    let before = databases.calls("DescribeDBInstances").len();
    let child = apply_in_the_background(&root);
    until(moment, || comes(&databases, before));
    std::thread::sleep(Duration::from_millis(delay));
    // Terraform starts one process for each phase; between two there is a moment without any.
    let mut found = Vec::new();
    until("a provider to kill", || {
        found = providers(child.id());
        !found.is_empty()
    });
    for provider in found {
        signal("-KILL", &provider);
    }
    // A process that was about to end anyway is missed by nobody: then the apply got through.
    if ended(child).code == Some(0) {
        assert_eq!(databases.promotions(), 1, "killed at: {moment}");
    }
    root.apply(&[]).ok(&["Apply complete"]);
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
    assert_eq!(databases.promotions(), 1, "killed at: {moment}");
    let seen = databases.seen();
    assert_eq!(
        (&seen["BackupRetentionPeriod"], &seen["DeletionProtection"]),
        (&json!(8), &json!(true))
    );
    assert_eq!(root.state()["last_applied"], "primary");
}

#[test]
fn a_provider_killed_while_it_plans_has_begun_nothing() {
    let looked = |d: &Databases, before| d.calls("DescribeDBInstances").len() > before;
    killed_when("the refresh", looked, 0);
}

#[test]
fn a_provider_killed_with_the_call_or_soon_after_leaves_a_promotion_to_go_on_with() {
    for delay in [0, 300, 700] {
        killed_when("the promotion", |d, _| d.promotions() > 0, delay);
    }
}

#[test]
fn a_provider_killed_when_settings_follow_leaves_them_to_the_next_apply() {
    let modifying = |d: &Databases, _| !d.calls("ModifyDBInstance").is_empty();
    killed_when("the modification", modifying, 0);
}
