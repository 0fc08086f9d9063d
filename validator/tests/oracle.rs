//! Real Terraform's answers, recorded by the scripts of `validator/oracle/`, replayed against the built program.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/deviations.rs"]
mod deviations;
#[path = "oracle/probes.rs"]
mod probes;
#[path = "oracle/program.rs"]
mod program;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

fn crate_directory() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn data() -> PathBuf {
    crate_directory().join("tests/data")
}

/// The records of a file, one a line.
fn records(path: &Path) -> Vec<Json> {
    let text = std::fs::read_to_string(path).unwrap();
    let records: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!records.is_empty(), "{} holds no records", path.display());
    records
}

fn expression(record: &Json) -> &str {
    record["expr"].as_str().unwrap()
}

/// What differs between recorded answers and those of the program, but for the deviations that are known.
fn differences(
    root: &Path,
    records: &[Json],
    compare: fn(&Json, &Json) -> Option<String>,
) -> Vec<String> {
    let asked: Vec<&str> = records.iter().map(expression).collect();
    let answers = program::evaluate(root, &asked);
    let mut found = Vec::new();
    for (record, answer) in records.iter().zip(&answers) {
        let difference = compare(record, answer);
        match (deviations::reason(expression(record)), difference) {
            (None, Some(difference)) => {
                found.push(format!("{}\n    {difference}", expression(record)));
            }
            (Some(reason), None) => {
                found.push(format!(
                    "{}\n    no longer deviates: {reason}",
                    expression(record)
                ));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_recorded_expression_has_the_value_that_terraform_gave_it() {
    let mut found = Vec::new();
    let (mut asked, mut refused) = (0, 0);
    for entry in std::fs::read_dir(data().join("oracle")).unwrap() {
        let path = entry.unwrap().path();
        let group = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() || group.starts_with("unknowns") {
            continue;
        }
        let records = records(&path);
        asked += records.len();
        refused += records
            .iter()
            .filter(|record| record["ok"] == false)
            .count();
        let here = differences(
            &crate_directory().join("oracle/files"),
            &records,
            compare::known,
        );
        found.extend(here.into_iter().map(|text| format!("{group}: {text}")));
    }
    assert!(
        asked >= 2_000 && refused >= 500,
        "only {asked} expressions, {refused} of them refused"
    );
    assert!(
        found.is_empty(),
        "{} of {asked} differ:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn nothing_is_known_that_terraform_does_not_know_and_nothing_else_is_unknown() {
    let records = records(&data().join("oracle/unknowns.json"));
    let unknown = records
        .iter()
        .filter(|record| record.to_string().contains(r#""unknown":true"#));
    assert!(
        unknown.count() >= 150,
        "most of these are about what is not known"
    );
    let found = differences(
        &data().join("oracle/unknowns"),
        &records,
        compare::partly_known,
    );
    assert!(
        found.is_empty(),
        "{} of {} differ:\n{}",
        found.len(),
        records.len(),
        found.join("\n")
    );
}

#[test]
fn attributes_of_aws_are_unknown_as_its_provider_leaves_them() {
    let records = records(&data().join("oracle/unknowns_aws.json"));
    let found = differences(&data().join("oracle/aws"), &records, compare::partly_known);
    assert!(
        found.is_empty(),
        "{} of {} differ:\n{}",
        found.len(),
        records.len(),
        found.join("\n")
    );
}

#[test]
fn every_deviation_that_is_listed_is_about_a_recorded_expression() {
    let mut known = Vec::new();
    for entry in std::fs::read_dir(data().join("oracle")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            known.extend(
                records(&path)
                    .iter()
                    .map(|record| expression(record).to_owned()),
            );
        }
    }
    for (expression, _) in deviations::LISTED {
        assert!(
            known.iter().any(|one| one == expression),
            "{expression} was never recorded"
        );
    }
}
