//! Interrupted applies: Ctrl-C, a killed provider. The next apply goes on, and the promotion happens once.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Databases, Ran, Root, promotion};

fn held_then_edited(databases: &Databases) -> Root {
    let root = Root::new(&promotion(databases, "replica", ""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&promotion(
        databases,
        "primary",
        "on_promotion {\n  backup_retention_days = 8\n}",
    ));
    root
}

/// An apply in a process group of its own, as a terminal gives it.
fn apply_in_the_background(root: &Root) -> Child {
    let mut command = root.command(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    command
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("terraform runs")
}

fn ended(child: Child) -> Ran {
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

/// Waits until AWS was asked to promote.
fn until_promoting(databases: &Databases) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while databases.promotions() == 0 {
        assert!(Instant::now() < deadline, "no promotion within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn signal(signal: &str, target: &str) {
    let status = Command::new("kill")
        .args([signal, "--", target])
        .status()
        .expect("kill runs");
    assert!(status.success(), "kill {signal} {target}");
}

/// Processes of the provider in a process group.
fn providers(group: u32) -> Vec<String> {
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
fn a_killed_provider_leaves_an_apply_that_the_next_one_finishes() {
    for delay in [0, 300, 700, 1_100, 1_600] {
        let databases = Databases::new();
        let root = held_then_edited(&databases);
        let child = apply_in_the_background(&root);
        until_promoting(&databases);
        std::thread::sleep(Duration::from_millis(delay));
        for provider in providers(child.id()) {
            signal("-KILL", &provider);
        }
        let _ = ended(child);
        root.apply(&[]).ok(&[]);
        root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
        assert_eq!(
            databases.promotions(),
            1,
            "killed {delay} ms after the call"
        );
        assert_eq!(databases.seen()["BackupRetentionPeriod"], 8);
        assert_eq!(root.state()["last_applied"], "primary");
    }
}
