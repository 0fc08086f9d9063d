//! SARIF: the parts that the standard requires and code scanning reads.
//!
//! `DRCHECK_SARIF_SCHEMA=FILE` validates against the schema of the standard too. It is not kept here: `make test` gets it
//! from the registry by `data/sarif-schema/schema.py`.

use serde_json::Value as Json;

use super::program::{ALL, BROKEN, SEEDED, json, list, report, run, text, top};

fn sarif(estate: &str) -> Json {
    serde_json::from_str(&report(estate, "sarif")).expect("JSON")
}

#[test]
fn the_schema_of_the_standard_holds() {
    let Ok(file) = std::env::var("DRCHECK_SARIF_SCHEMA") else {
        println!("skipped: DRCHECK_SARIF_SCHEMA names no schema; make test does");
        return;
    };
    let mut schema: Json =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a schema")).expect("JSON");
    // Some copies have a pattern for languages that is no regular expression.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        if let Some(language) = language.as_object_mut() {
            language.remove("pattern");
        }
    }
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for estate in ALL {
        let log = sarif(estate);
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{estate}: {errors:?}");
    }
}

#[test]
fn every_result_names_a_rule_that_is_described() {
    for estate in ALL {
        let log = sarif(estate);
        assert_eq!(log["version"], "2.1.0");
        let rules = list(&log, "/runs/0/tool/driver/rules");
        let mut ids: Vec<&str> = rules.iter().map(|rule| text(rule, "/id")).collect();
        for rule in rules {
            let page = text(rule, "/helpUri").rsplit('/').next().expect("a page");
            assert!(top().join("docs/rules").join(page).is_file(), "{page}");
            assert!(!text(rule, "/help/text").is_empty());
        }
        for result in list(&log, "/runs/0/results") {
            let index =
                usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
            assert_eq!(ids[index], text(result, "/ruleId"));
        }
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}

#[test]
fn results_are_the_findings_and_gaps() {
    for estate in ALL {
        let (log, report) = (sarif(estate), json(estate));
        let wanted: Vec<(&str, &str)> = list(&report, "/findings")
            .iter()
            .map(|finding| {
                let level = match text(finding, "/severity") {
                    "breaks" => "error",
                    "degrades" => "warning",
                    _ => "note",
                };
                (level, text(finding, "/fingerprint"))
            })
            .chain(
                list(&report, "/gaps")
                    .iter()
                    .map(|gap| ("none", text(gap, "/fingerprint"))),
            )
            .collect();
        let found: Vec<(&str, &str)> = list(&log, "/runs/0/results")
            .iter()
            .map(|result| {
                let kind = text(result, "/kind");
                assert_eq!(kind == "open", text(result, "/level") == "none");
                (
                    text(result, "/level"),
                    text(result, "/partialFingerprints/drcheck~1v1"),
                )
            })
            .collect();
        assert_eq!(found, wanted, "{estate}");
    }
}

/// Every place of a result.
fn places(result: &Json) -> impl Iterator<Item = &Json> {
    ["/locations", "/relatedLocations"]
        .into_iter()
        .filter_map(|pointer| result.pointer(pointer)?.as_array())
        .flatten()
        .filter_map(|location| location.get("physicalLocation"))
}

#[test]
fn files_are_named_from_the_top_of_the_repository() {
    for estate in [SEEDED, BROKEN] {
        let log = sarif(estate);
        let mut seen = 0;
        for place in list(&log, "/runs/0/results").iter().flat_map(places) {
            let uri = text(place, "/artifactLocation/uri");
            let file = top().join(uri);
            let lines = std::fs::read_to_string(&file)
                .unwrap_or_else(|error| panic!("{uri}: {error}"))
                .lines()
                .count();
            let line = place["region"]["startLine"].as_u64().expect("a line");
            assert!((1..=lines as u64).contains(&line), "{uri}:{line}");
            seen += 1;
        }
        assert!(seen > 10, "{estate}: {seen} places");
    }
}

#[test]
fn rules_that_were_not_asked_are_not_described() {
    let run = run(&[
        "check", "-q", SEEDED, "--select", "objects", "--format", "sarif",
    ]);
    let log: Json = serde_json::from_str(&run.stdout).expect("JSON");
    for rule in list(&log, "/runs/0/tool/driver/rules") {
        assert_eq!(text(rule, "/properties/family"), "objects");
    }
}
