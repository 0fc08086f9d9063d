//! The house rules that no compiler checks: the arrows between crates, what a file starts with, how long it may be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each crate may depend on, of our own. An arrow that is not here is a decision: change ARCHITECTURE.md with it.
const ARROWS: &[(&str, &[&str])] = &[
    ("cty", &[]),
    ("tfplugin6", &[]),
    ("terraform-framework-derive", &[]),
    (
        "terraform-framework",
        &["cty", "tfplugin6", "terraform-framework-derive"],
    ),
    ("aws", &[]),
    ("recovery", &["aws"]),
    ("drcheck", &["cty"]),
    (
        "terraform-provider-dr",
        &["cty", "terraform-framework", "recovery", "aws"],
    ),
];

/// Crates that must stay free of AWS, of the plugin wire, or of async: what a pure room does not know.
const STRANGERS: &[(&str, &[&str])] = &[
    ("cty", &["tokio", "tonic", "prost", "async-trait"]),
    (
        "terraform-framework",
        &["aws-config", "aws-sdk-rds", "aws-types"],
    ),
    // What reads untrusted configuration opens no socket and starts no process.
    (
        "drcheck",
        &["tokio", "tonic", "hyper-util", "rustls", "aws-config"],
    ),
    (
        "recovery",
        &[
            "aws-config",
            "aws-sdk-rds",
            "aws-sdk-cloudwatch",
            "aws-sdk-sts",
            "tonic",
            "prost",
        ],
    ),
    (
        "terraform-provider-dr",
        &[
            "aws-config",
            "aws-sdk-rds",
            "aws-sdk-cloudwatch",
            "aws-sdk-sts",
            "tonic",
            "prost",
        ],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the provider lies in the workspace")
        .to_path_buf()
}

/// Names of the normal and build dependencies of each workspace member.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let metadata: serde_json::Value =
        serde_json::from_slice(&out.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("name").to_owned();
            let needs = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter();
            let needs = needs.filter(|d| d["kind"].as_str() != Some("dev"));
            (
                name,
                needs
                    .map(|d| d["name"].as_str().expect("name").to_owned())
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn arrows_point_one_way() {
    let found = dependencies();
    let ours: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let members: Vec<&str> = found.keys().map(String::as_str).collect();
    for member in &members {
        assert!(ours.contains(member), "crate {member} has no row in ARROWS");
    }
    for (name, allowed) in ARROWS {
        let needs = found
            .get(*name)
            .unwrap_or_else(|| panic!("crate {name} is gone"));
        for need in needs.iter().filter(|need| ours.contains(&need.as_str())) {
            assert!(
                allowed.contains(&need.as_str()),
                "{name} -> {need} is an arrow that ARCHITECTURE.md does not draw"
            );
        }
    }
}

#[test]
fn pure_rooms_know_no_strangers() {
    let found = dependencies();
    for (name, strangers) in STRANGERS {
        for need in &found[*name] {
            assert!(
                !strangers.contains(&need.as_str()),
                "{name} must not depend on {need}"
            );
        }
    }
}

fn rust_files() -> Vec<PathBuf> {
    let out = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
        ])
        .current_dir(root())
        .output();
    let out = out.expect("git lists the files");
    String::from_utf8_lossy(&out.stdout)
        .split('\0')
        .filter(|f| !f.is_empty())
        .map(|f| root().join(f))
        .filter(|f| f.exists())
        .collect()
}

#[test]
fn every_file_says_what_it_is_for() {
    let files = rust_files();
    assert!(files.len() > 20, "git found {} Rust files", files.len());
    let silent: Vec<_> = files
        .iter()
        .filter(|file| {
            !std::fs::read_to_string(file)
                .expect("readable")
                .starts_with("//!")
        })
        .collect();
    assert!(
        silent.is_empty(),
        "files without a first line `//!`: {silent:#?}"
    );
}

#[test]
fn no_file_outgrows_its_reader() {
    let lines = |file: &PathBuf| {
        std::fs::read_to_string(file)
            .expect("readable")
            .lines()
            .count()
    };
    let long: Vec<_> = rust_files()
        .into_iter()
        .map(|file| (lines(&file), file))
        .filter(|(lines, _)| *lines > 400)
        .collect();
    assert!(
        long.is_empty(),
        "files past 400 lines, split them where a reader would look for the parts: {long:#?}"
    );
}
