//! What holds of every kind, whatever it does.

use std::collections::BTreeSet;
use std::time::Duration;

use super::bench::{arguments, east, west};
use super::{KINDS, kind};
use crate::argument::{Argument, ArgumentType};
use crate::mode::Mode;

fn each(
    arguments: &'static [Argument],
    path: &str,
    visit: &mut impl FnMut(&str, &'static Argument),
) {
    for argument in arguments {
        let path = format!("{path}.{}", argument.name);
        visit(&path, argument);
        let mut of = &argument.of;
        while let ArgumentType::ByRegion(inner) = of {
            of = inner;
        }
        if let ArgumentType::Object(members) | ArgumentType::ObjectList(members) = of {
            each(members, &path, visit);
        }
    }
}

#[test]
fn names_are_words_and_unique() {
    let names: BTreeSet<_> = KINDS.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), KINDS.len());
    for name in names {
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        );
        assert_eq!(kind(name).map(crate::kind::Kind::name), Some(name));
    }
    assert!(kind("unknown").is_none());
}

#[test]
fn every_kind_says_what_it_was_tried_against_how_long_it_takes_and_when_it_runs() {
    for kind in KINDS {
        let name = kind.name();
        let (_, tried) = kind.doc().rsplit_once("Tried ").expect(name);
        assert!(
            tried.contains("in the lab") || tried.contains("alone"),
            "{name}: {tried}"
        );
        assert!(kind.usual_duration() > Duration::ZERO, "{name}");
        assert!(!kind.runs_in().is_empty(), "{name}");
    }
}

/// The plan of the example: what the lab fails over, kills, and brings home.
const EXAMPLE: &str = include_str!("../../../examples/region-failover/plan.json");

#[test]
fn kinds_that_the_lab_fails_over_say_so_and_no_others_do() {
    let (plan, _) = crate::document::Document::read(EXAMPLE, KINDS).expect("a plan");
    let mut tried: BTreeSet<&str> = plan.steps.iter().map(|step| step.kind.name()).collect();
    // The lab moves a global cluster by the provider's resource, which is the same step.
    tried.insert("aurora_global_writer");
    for kind in KINDS {
        let (name, doc) = (kind.name(), kind.doc());
        assert_eq!(doc.contains("in the lab"), tried.contains(name), "{name}");
    }
}

#[test]
fn defaults_are_of_their_type_and_what_is_required_has_none() {
    for kind in KINDS {
        each(kind.arguments(), kind.name(), &mut |path, argument| {
            assert!(!argument.doc.is_empty(), "{path}");
            let Some(text) = argument.default else { return };
            assert!(!argument.required, "{path}");
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let fits = match argument.of {
                ArgumentType::Text => value.is_string(),
                ArgumentType::Flag => value.is_boolean(),
                ArgumentType::Integer { min, max } => value
                    .as_i64()
                    .is_some_and(|number| (min..=max).contains(&number)),
                ArgumentType::Duration => value
                    .as_str()
                    .is_some_and(|text| crate::duration::parse(text).is_ok()),
                ArgumentType::Choice(words) => {
                    value.as_str().is_some_and(|word| words.contains(&word))
                }
                ArgumentType::TextList | ArgumentType::ObjectList(_) => value.is_array(),
                ArgumentType::TextMap | ArgumentType::ByRegion(_) | ArgumentType::Object(_) => {
                    value.is_object()
                }
            };
            assert!(fits, "{path}: {text}");
        });
    }
}

#[test]
fn examples_are_right_and_calls_are_named() {
    for kind in KINDS {
        let Some(text) = kind.example() else { continue };
        let arguments = arguments(*kind, serde_json::from_str(text).unwrap());
        assert_eq!(
            kind.check(&arguments, &[east(), west()]),
            [],
            "{}",
            kind.name()
        );
        for mode in Mode::ALL {
            let calls = kind.calls(&arguments, mode, &west(), Some(&east()));
            assert!(
                calls
                    .iter()
                    .all(|call| !call.operation.is_empty() && !call.service.is_empty())
            );
        }
    }
}

#[test]
fn a_one_way_kind_is_told_from_a_reversible_one() {
    let one_way = KINDS
        .iter()
        .filter(|kind| kind.one_way())
        .map(|kind| kind.name());
    let one_way: BTreeSet<_> = one_way.collect();
    for name in [
        "secret_promotion",
        "secret_replicate",
        "lambda_invoke",
        "failover_plan",
    ] {
        assert!(one_way.contains(name), "{name}");
    }
    for name in [
        "ecs_service_capacity",
        "arc_routing_control",
        "notify",
        "wait",
    ] {
        assert!(!one_way.contains(name), "{name}");
    }
}
