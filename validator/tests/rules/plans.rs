//! Recorded plans of one estate, checked as the program does: alone, with their code, and from a saved inventory.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

/// Roles as the code has them.
pub(super) const ROLES: &str =
    "estate \"shop\" {\n  primary   = \"us-east-1\"\n  secondary = [\"us-west-2\"]\n}\n";

/// A recorded plan.
pub(super) fn recorded(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/estates/after-switch")
        .join(format!("{name}.json"))
}

/// A directory with `dr.hcl`, and with the code of the estate where it is asked for, in which one text became another.
pub(super) fn scene(settings: &str, code: Option<(&str, &str)>) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("dr.hcl"), settings).expect("dr.hcl");
    if let Some((from, to)) = code {
        let text = std::fs::read_to_string(recorded("first").with_file_name("main.tf"));
        let text = text.expect("the code");
        assert!(text.contains(from), "{from} stands in the code");
        std::fs::write(directory.path().join("main.tf"), text.replacen(from, to, 1))
            .expect("main.tf");
    }
    directory
}

/// What the program prints in a directory.
pub(super) fn run(directory: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_drcheck"))
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("drcheck runs");
    assert!(
        !output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// The report of a check with these arguments.
pub(super) fn report(directory: &Path, arguments: &[&str]) -> Json {
    let mut all = vec!["check", "--format", "json", "--quiet"];
    all.extend(arguments);
    serde_json::from_slice(&run(directory, &all)).expect("a report")
}

/// What rules of a name say: `severity address path`, or `? address path`, sorted.
pub(super) fn said(report: &Json, rule: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for list in ["findings", "gaps"] {
        for entry in report[list].as_array().into_iter().flatten() {
            if entry["rule"] != rule {
                continue;
            }
            let severity = match list {
                "gaps" => "?",
                _ => entry["severity"].as_str().expect("a severity"),
            };
            let sides = [&entry["secondary"], &entry["primary"]];
            let side = sides.iter().find(|side| side["address"].is_string());
            let text = |name: &str| side.and_then(|side| side[name].as_str()).unwrap_or("-");
            lines.push(
                format!("{severity} {} {}", text("address"), text("path"))
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    lines.sort();
    lines
}

/// The same of a recorded plan alone.
pub(super) fn of_plan(name: &str, rule: &str, settings: &str) -> Vec<String> {
    let directory = scene(settings, None);
    let plan = recorded(name);
    let report = report(directory.path(), &["--plan", &plan.to_string_lossy()]);
    said(&report, rule)
}

/// Fingerprints of a rule's findings and gaps, sorted.
pub(super) fn fingerprints(report: &Json, rule: &str) -> Vec<String> {
    let entries = ["findings", "gaps"]
        .iter()
        .filter_map(|list| report[*list].as_array())
        .flatten();
    let mut all: Vec<String> = entries
        .filter(|entry| entry["rule"] == rule)
        .map(|entry| {
            entry["fingerprint"]
                .as_str()
                .expect("a fingerprint")
                .to_owned()
        })
        .collect();
    all.sort();
    all
}
