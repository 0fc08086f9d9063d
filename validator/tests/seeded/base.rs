//! The base estate has five flaws of its own; anything else that is said of it is a false alarm.

use super::run::{Source, named, report};

const SETTINGS: &str = "estate \"base\" {\n  primary = \"us-east-1\"\n  secondary = [\"us-west-2\"]\n  cidr = \"shifted\"\n}\n";

fn rules(source: Source) -> Vec<String> {
    let mut rules: Vec<String> = named(&report("two-region", source, SETTINGS))
        .into_iter()
        .map(|(rule, _)| rule)
        .collect();
    rules.sort();
    rules
}

#[test]
fn code_shows_the_four_that_it_can_show() {
    for source in [Source::Code, Source::Joined] {
        assert_eq!(
            rules(source),
            [
                "counterpart-missing",
                "depends-on-primary",
                "replication-role-cannot",
                "retention-shorter"
            ],
            "{source:?}"
        );
    }
}

#[test]
fn a_plan_alone_shows_three_and_leaves_the_role_open() {
    assert_eq!(
        rules(Source::Plan),
        [
            "counterpart-missing",
            "depends-on-primary",
            "retention-shorter"
        ]
    );
    let report = report("two-region", Source::Plan, SETTINGS);
    let gaps = report["gaps"].as_array().expect("gaps");
    assert!(
        gaps.iter()
            .any(|gap| gap["rule"] == "replication-role-cannot")
    );
}

#[test]
fn a_state_shows_the_cache_too() {
    assert_eq!(
        rules(Source::State),
        [
            "cache-not-global",
            "counterpart-missing",
            "depends-on-primary",
            "replication-role-cannot",
            "retention-shorter",
        ]
    );
}

#[test]
fn the_same_finding_has_the_same_fingerprint_from_every_source() {
    let prints = |source| -> Vec<String> {
        let report = report("two-region", source, SETTINGS);
        let list = report["findings"].as_array().expect("findings").clone();
        list.iter()
            .filter_map(|finding| finding["fingerprint"].as_str().map(str::to_owned))
            .collect()
    };
    let (code, state) = (prints(Source::Code), prints(Source::State));
    assert!(
        code.iter().all(|print| state.contains(print)),
        "{code:?} {state:?}"
    );
    let plan = prints(Source::Plan);
    assert!(
        plan.iter().all(|print| code.contains(print)),
        "{plan:?} {code:?}"
    );
}
