//! Documents: bad ones and exactly what is told about them, good ones and what never changes their digest.

mod bad_steps;
mod bad_tops;
mod digests;
mod fences;
pub(crate) mod kinds;
mod waits;

use serde_json::{Value, json};

use self::kinds::KINDS;
use super::{Document, Problem, Warning};

/// A plan that is right, with most defaults left out.
pub(crate) fn base() -> Value {
    json!({
        "schema": 1,
        "name": "orders",
        "regions": ["us-east-1", "us-west-2"],
        "tiers": {
            "critical": { "rto": "1h", "rpo": "5m" },
            "high": { "rto": "4h", "rpo": "15m" }
        },
        "authority": "promote",
        "stores": {
            "us-east-1": { "bucket": "dr-east", "prefix": "dr" },
            "us-west-2": { "bucket": "dr-west", "kms_key": "alias/dr" }
        },
        "probes": {
            "front": {
                "url": {
                    "us-east-1": "https://east.example.com/health",
                    "us-west-2": "https://west.example.com/health"
                }
            }
        },
        "steps": [
            { "name": "hold", "tier": "critical", "pause": { "for": "120s" } },
            {
                "name": "promote",
                "tier": "critical",
                "timeout": "30m",
                "move_writer": { "instances": { "us-east-1": "orders-e", "us-west-2": "orders-w" } }
            },
            { "name": "settle", "tier": "high", "after": ["promote"], "pause": { "for": "10m" } },
            { "name": "rebuild", "rebuild": { "style": "fast" } }
        ]
    })
}

pub(crate) fn read(value: &Value) -> Result<(Document, Vec<Warning>), Vec<Problem>> {
    Document::read(&value.to_string(), KINDS)
}

/// The document of a plan that is right.
pub(crate) fn document(value: &Value) -> Document {
    match read(value) {
        Ok((document, _)) => document,
        Err(problems) => panic!("{}", told(&problems)),
    }
}

fn told(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n\n")
}

/// A change of [`base`], and for each problem its path, what was seen, and the next move.
type Bad<'a> = (fn(&mut Value), &'a [(&'a str, &'a str, &'a str)]);

fn refused(table: &[Bad<'_>]) {
    for (row, (change, expected)) in table.iter().enumerate() {
        let mut value = base();
        change(&mut value);
        let Err(problems) = read(&value) else {
            panic!("row {row} was read, expected {expected:?}");
        };
        let found: Vec<(&str, &str, &str)> = problems
            .iter()
            .map(|problem| {
                let message = &problem.message;
                assert!(!message.expected.is_empty(), "row {row}: {problem}");
                (&*problem.path, &*message.seen, &*message.next)
            })
            .collect();
        assert_eq!(found, *expected, "row {row}:\n{}", told(&problems));
    }
}

#[test]
fn the_base_is_right_and_defaults_are_what_the_reference_says() {
    use crate::document::{OnFailure, StorePlace};
    use crate::mode::Mode;
    use std::time::Duration;

    let (document, warnings) = read(&base()).unwrap();
    assert_eq!(warnings, []);
    assert_eq!((document.at_once, document.require_rto), (8, false));
    assert_eq!(document.description, "");
    let [hold, promote, settle, rebuild] = &*document.steps else {
        panic!("{:?}", document.steps)
    };
    assert_eq!(hold.after, Vec::<String>::new());
    assert_eq!(promote.after, ["hold"]);
    assert_eq!(rebuild.after, ["settle"]);
    assert_eq!(promote.on_failure, OnFailure::Stop);
    assert_eq!(promote.run_in, [Mode::Failover, Mode::Switchover]);
    assert_eq!(rebuild.run_in, [Mode::Reprotect]);
    assert_eq!(promote.timeout, Duration::from_mins(30));
    // Three times what it waits, at least five minutes.
    assert_eq!(hold.timeout, Duration::from_mins(6));
    assert_eq!(settle.timeout, Duration::from_mins(30));
    let short = super::default_timeout(&kinds::AskOld, &hold.arguments);
    assert_eq!(short, Duration::from_mins(5));
    assert_eq!(rebuild.timeout, Duration::from_hours(6));
    assert_eq!(hold.arguments.text("for"), Some("2m"));
    assert_eq!(promote.arguments.integer("backup_days"), Some(7));
    assert_eq!(document.probes["front"].status, 200);
    let east = "us-east-1".parse().unwrap();
    assert_eq!(
        document.stores[&east],
        StorePlace::Bucket {
            bucket: "dr-east".to_owned(),
            prefix: "dr/".to_owned(),
            kms_key: None
        }
    );
}

#[test]
fn syntax_is_told_with_line_and_column_and_nothing_else_is() {
    for (text, place, seen) in [
        (
            "{\n  \"schema\": 1,\n  \"name\": orders\n}",
            "line 3, column 11",
            "'o'",
        ),
        ("{\n  \"schema\": 1,\n}", "line 3, column 1", "'}'"),
        ("{\"é\": 1 2}", "line 1, column 9", "'2'"),
        ("", "line 1, column 1", "the end of the text"),
    ] {
        let problems = Document::read(text, KINDS).unwrap_err();
        let [problem] = &*problems else {
            panic!("{}", told(&problems))
        };
        assert_eq!(problem.place.unwrap().to_string(), place, "{text}");
        assert_eq!(problem.message.seen, seen, "{text}");
    }
}

#[test]
fn every_problem_stands_at_its_place_in_the_order_of_the_text() {
    let text = "{\n \"schema\": 1,\n \"nmae\": \"x\",\n \"regions\": [\"us-east-1\",\n  \"nowhere\"],\n \"steps\": 5\n}";
    let problems = Document::read(text, KINDS).unwrap_err();
    let found: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.path, problem.place.unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            " line 1, column 1",
            " line 1, column 1",
            " line 1, column 1",
            "nmae line 3, column 10",
            "regions[1] line 5, column 3",
            "steps line 6, column 11",
        ],
        "{}",
        told(&problems)
    );
}

#[test]
fn size_and_number_of_problems_are_bounded() {
    let large = format!("{{{}", " ".repeat(super::LARGEST));
    let problems = Document::read(&large, KINDS).unwrap_err();
    assert_eq!(problems[0].message.seen, "1048577 bytes");

    let mut value = base();
    value["steps"] = (0..700).map(|_| json!(5)).collect();
    let problems = read(&value).unwrap_err();
    assert_eq!(problems.len(), 201);
    assert_eq!(problems[200].message.seen, "501 more problems");

    value["steps"] = (0..1_001).map(|_| json!(5)).collect();
    let problems = read(&value).unwrap_err();
    assert_eq!(problems.last().unwrap().message.seen, "1001 steps");
}

/// Plans that are as large as they may be, and wrong everywhere: the bounds keep this in fractions of a second, where
/// looking for the nearest word of every unknown one would take minutes.
#[test]
fn the_largest_and_worst_plans_are_told_about_too() {
    let name = |step: usize| format!("{step:0>40}");
    let mut value = base();
    value["steps"] = (0..1_000)
        .map(|step| {
            let after: Vec<String> = (0..20).map(|other| format!("{other:x>40}")).collect();
            json!({ "name": name(step), "after": after, "tier": name(step + 1), "pause": { "for": "1s" } })
        })
        .collect();
    let text = value.to_string();
    assert!(
        text.len() > super::LARGEST * 9 / 10 && text.len() <= super::LARGEST,
        "{}",
        text.len()
    );
    assert_eq!(read(&value).unwrap_err().len(), 201);

    // Right, and every step after all the earlier ones that fit.
    value = base();
    value["steps"] = (0..1_000)
        .map(|step: usize| {
            let after: Vec<String> = (step.saturating_sub(80)..step).map(|other| other.to_string()).collect();
            json!({ "name": step.to_string(), "after": after, "tier": "high", "pause": { "for": "1s" } })
        })
        .collect();
    value["authority"] = json!("last");
    value["steps"][999] = json!({
        "name": "last",
        "tier": "critical",
        "move_writer": { "instances": { "us-east-1": "e", "us-west-2": "w" } }
    });
    let document = document(&value);
    let prediction = crate::predict::predict(
        &document,
        crate::mode::Mode::Failover,
        &crate::predict::History::new(),
    );
    let ends: Vec<u64> = prediction
        .tiers
        .iter()
        .map(|tier| tier.predicted.as_ref().unwrap().p95.as_secs())
        .collect();
    assert_eq!(ends, [999 + 600, 999]);
}

#[test]
fn kinds_of_this_version_have_defaults_and_examples_that_can_be_read() {
    for kind in crate::steps::KINDS {
        crate::reference::tests::example_is_read(*kind, crate::steps::KINDS);
    }
    for kind in KINDS {
        crate::reference::tests::example_is_read(*kind, KINDS);
    }
}
