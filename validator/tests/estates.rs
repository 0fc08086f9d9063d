//! Real estates through the program: one inventory, whichever source it is read from.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn estate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/estates")
        .join(name)
}

fn run(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_drcheck"))
        .args(["inventory", "--quiet", "--format", "json"])
        .args(arguments)
        .current_dir(directory)
        .env_remove("AWS_REGION")
        .output()
        .expect("drcheck starts")
}

fn inventory(arguments: &[&str]) -> Value {
    let output = run(arguments, &estate("two-region"));
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    assert!(
        !text.contains("not-a-real-password"),
        "a secret is printed from {arguments:?}"
    );
    serde_json::from_str(&text).expect("the inventory is JSON")
}

fn instances(inventory: &Value) -> &[Value] {
    inventory["instances"].as_array().expect("instances")
}

#[test]
fn configuration_and_plan_give_the_same_instances_in_the_same_regions() {
    let (code, plan) = (inventory(&["."]), inventory(&["--plan", "plan.json"]));
    let places = |inventory: &Value| {
        let mut places: Vec<_> = instances(inventory)
            .iter()
            .map(|i| (i["address"].to_string(), i["region"].to_string()))
            .collect();
        places.sort();
        places
    };
    assert_eq!(places(&code).len(), 318);
    assert_eq!(places(&code), places(&plan));
}

#[test]
fn both_forms_of_state_hold_the_same_addresses() {
    let addresses = |file: &str| {
        let mut addresses: Vec<_> = instances(&inventory(&["--state", file]))
            .iter()
            .map(|i| i["address"].to_string())
            .collect();
        addresses.sort();
        addresses
    };
    assert_eq!(addresses("terraform.tfstate").len(), 317);
    assert_eq!(addresses("terraform.tfstate"), addresses("state.json"));
}

#[test]
fn the_wrong_document_is_refused_with_its_name() {
    let directory = estate("two-region");
    for arguments in [
        ["--plan", "terraform.tfstate"],
        ["--state", "terraform.tfvars"],
        ["--inventory", "plan.json"],
        ["--plan", "missing.json"],
    ] {
        let output = run(&arguments, &directory);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(arguments[1]), "{arguments:?}: {errors}");
    }
}
