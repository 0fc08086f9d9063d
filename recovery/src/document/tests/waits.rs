//! Objectives against what is waited for on purpose, and what is only warned about.

use serde_json::json;

use super::{base, read, refused};

const SHORTEN: &str =
    "shorten the waits, take them off the tier's way (\"after\"), or promise a longer RTO";

#[test]
fn an_objective_has_to_be_longer_than_the_waits_on_its_way() {
    refused(&[
        (
            |d| d["tiers"]["high"]["rto"] = json!("11m59s"),
            &[(
                "tiers.high.rto",
                "an RTO of 11m59s with waits of 12m on the way in a failover: hold 2m, settle 10m",
                SHORTEN,
            )],
        ),
        (
            |d| {
                d["tiers"]["critical"]["rto"] = json!("1m");
                d["steps"][0]["run_in"] = json!(["switchover"]);
            },
            &[(
                "tiers.critical.rto",
                "an RTO of 1m with waits of 2m on the way in a switchover: hold 2m",
                SHORTEN,
            )],
        ),
    ]);
    // Just long enough; and what no way leads over does not count.
    let mut value = base();
    value["tiers"]["high"]["rto"] = json!("12m");
    assert!(read(&value).is_ok());
    value["tiers"]["high"]["rto"] = json!("10m");
    value["steps"][1]["after"] = json!([]);
    assert!(read(&value).is_ok());
    // A wait of reprotect is none of an RTO.
    value["steps"][2]["run_in"] = json!(["reprotect"]);
    value["tiers"]["high"]["rto"] = json!("1s");
    assert!(read(&value).is_ok());
}

#[test]
fn what_is_no_error_but_worth_to_know_is_warned_about() {
    let mut value = base();
    value["steps"].as_array_mut().unwrap().pop();
    value["steps"][1].as_object_mut().unwrap().remove("tier");
    value["steps"][0]["tier"] = json!("high");
    let (_, warnings) = read(&value).unwrap();
    let found: Vec<(&str, &str)> = warnings
        .iter()
        .map(|warning| (&*warning.path, &*warning.message.seen))
        .collect();
    assert_eq!(
        found,
        [
            ("steps", "no step runs in reprotect"),
            (
                "steps[1]",
                "a step of the one-way kind move_writer without a tier"
            ),
            ("tiers.critical", "no step of this tier"),
        ]
    );
}

#[test]
fn a_plan_that_recovers_nothing_is_warned_about() {
    let mut value = base();
    for step in value["steps"].as_array_mut().unwrap() {
        step["run_in"] = json!(["switchover", "reprotect"]);
    }
    let (_, warnings) = read(&value).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].message.seen, "no step runs in failover");
}
