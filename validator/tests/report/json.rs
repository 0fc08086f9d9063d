//! The JSON report holds what its published schema says, and its figures agree with its lists.

use serde_json::Value as Json;

use super::program::{ALL, closed, json, list, text, top};

fn schema() -> Json {
    let file = top().join("docs/drcheck/report.schema.json");
    serde_json::from_str(&std::fs::read_to_string(file).expect("a schema")).expect("JSON")
}

#[test]
fn every_key_of_every_report_is_described() {
    let mut schema = schema();
    closed(&mut schema);
    let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
    for estate in ALL {
        let report = json(estate);
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{estate}: {errors:?}");
    }
}

#[test]
fn keys_of_a_later_version_are_allowed() {
    let validator = jsonschema::draft202012::new(&schema()).expect("a valid schema");
    let mut report = json(ALL[0]);
    report["later"] = Json::Bool(true);
    report["findings"][0]["later"] = Json::Bool(true);
    assert!(validator.is_valid(&report));
}

#[test]
fn figures_agree_with_lists() {
    for estate in ALL {
        let report = json(estate);
        let figure = |name: &str| report["summary"][name].as_u64().expect("a figure");
        let counted = |severity: &str| {
            list(&report, "/findings")
                .iter()
                .filter(|finding| {
                    finding["severity"] == severity
                        && finding["accepted"].is_null()
                        && finding["in_baseline"] == false
                })
                .count() as u64
        };
        assert_eq!(figure("broken"), list(&report, "/findings").len() as u64);
        assert_eq!(figure("undecided"), list(&report, "/gaps").len() as u64);
        assert_eq!(figure("pairs"), list(&report, "/pairs").len() as u64);
        assert_eq!(figure("strays"), list(&report, "/strays").len() as u64);
        assert_eq!(figure("decided"), figure("hold") + figure("broken"));
        assert_eq!(figure("relations"), figure("decided") + figure("undecided"));
        for severity in ["breaks", "degrades", "drifts"] {
            assert_eq!(figure(severity), counted(severity), "{estate}: {severity}");
        }
    }
}

#[test]
fn findings_come_worst_first() {
    for estate in ALL {
        let report = json(estate);
        let ranks: Vec<usize> = list(&report, "/findings")
            .iter()
            .map(|finding| {
                ["breaks", "degrades", "drifts"]
                    .iter()
                    .position(|word| *word == text(finding, "/severity"))
                    .expect("a severity")
            })
            .collect();
        assert!(ranks.is_sorted(), "{estate}");
    }
}

#[test]
fn fingerprints_are_there_once() {
    for estate in ALL {
        let report = json(estate);
        let mut all: Vec<&str> = list(&report, "/findings")
            .iter()
            .chain(list(&report, "/gaps"))
            .map(|one| text(one, "/fingerprint"))
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "{estate}");
    }
}
