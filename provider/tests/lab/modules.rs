//! The modules of this repository: their own tests run by real Terraform, and the usage of their README applied to the lab.

use std::path::Path;

use serde_json::Value;

use crate::harness::{Root, lab, workspace};

const README: &str = include_str!("../../../modules/failover-plan/README.md");

/// Copies a module, without what an `init` of somebody left in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("the module") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with(".terraform")
        {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// The usage that the README shows, with the module where it really is, and at a pace for emulators.
fn usage() -> String {
    let (_, rest) = README.split_once("```terraform\n").expect("a usage");
    let (usage, _) = rest.split_once("```").expect("its end");
    let module = workspace().join("modules/failover-plan");
    let placed = usage.replace("../../modules/failover-plan", &module.display().to_string());
    let paced = placed.replacen(
        "provider \"dr\" {",
        "provider \"dr\" {\n  heartbeat = \"3s\"\n  poll = \"1s\"",
        1,
    );
    assert_ne!(paced, usage);
    paced
}

/// A value of the output `failover`.
fn output(root: &Root) -> Value {
    let shown = root.run(&["output", "-json", "failover"]).ok(&[]).text;
    serde_json::from_str(&shown).expect("JSON")
}

#[test]
fn the_failover_plan_module_is_valid_formatted_and_passes_its_own_tests() {
    let root = Root::bare();
    copy(
        &workspace().join("modules/failover-plan"),
        root.directory.path(),
    );
    root.run(&["init", "-backend=false", "-no-color", "-input=false"])
        .ok(&[]);
    root.run(&["fmt", "-check", "-recursive"]).ok(&[]);
    root.run(&["validate", "-no-color"]).ok(&["is valid"]);
    let ran = root.run(&["test", "-no-color"]).ok(&["0 failed."]);
    for file in ["plans", "refusals", "failover"] {
        let passed = format!("tests/{file}.tftest.hcl... pass");
        assert!(ran.text.contains(&passed), "{}", ran.text);
    }
}

#[test]
fn the_usage_of_the_module_publishes_holds_and_fails_over() {
    lab().python("import moleculeflow; moleculeflow.NAME = 'shop'; moleculeflow.main()");
    let mut root = Root::bare();
    root.write_as_is(&usage());
    root.run(&["init", "-no-color", "-input=false"]).ok(&[]);
    root.apply(&[])
        .ok(&["us-east-1 already is active: adopted", "2 added"]);
    root.plan(&["-detailed-exitcode"])
        .ok(&["No changes"])
        .silent_on("Check block assertion failed");
    assert_eq!(output(&root)["ready"], true);

    // Data is at risk as long as writers write; the plan stops them first, so that is asked later.
    root.plan(&["-var=active_region=us-west-2"])
        .ok(&["switchover of shop to us-west-2", "1 to change"]);
    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-east-1".to_owned());
    let west = ["-var=active_region=us-west-2", "-var=mode=failover"];
    root.plan(&west)
        .fails(&["refuses: fenced", "risk        = \"unfenced\""]);
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(2);
    let consents = format!(
        "-var=consents=[{{risk = \"unfenced\", until = \"{until}\", epoch = 1, reason = \"a test\"}}]"
    );
    root.apply(&[west[0], west[1], &consents])
        .ok(&["Cannot be undone", "1 changed"]);
    let status = &output(&root)["status"];
    assert_eq!(status["active_region"], "us-west-2");
    assert_eq!(status["execution_status"], "done_unfenced");
    assert!(status["measured_rto_seconds"]["critical"].is_number());
    let host = lab().python("import boto3; print(boto3.client('ssm', region_name='us-west-2').get_parameter(Name='/shop/database/host')['Parameter']['Value'])");
    assert!(host.starts_with("shop-replica.us-west-2"), "{host}");
}
