//! Consents that end while a run is under way.

use std::sync::Arc;

use aws::faults::Schedule;
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::document::Document;
use recovery::engine::{End, Event, Order};
use recovery::gate::Gate;
use recovery::outcome::Outcome;
use recovery::steps::KINDS;
use serde_json::{Value, json};

use crate::estate::{Estate, PLAN, east, west};

/// The estate whose plan waits ten minutes before it fences and promotes; its first region is lost.
fn waiting() -> Estate {
    let mut plan: Value = serde_json::from_str(PLAN).unwrap();
    let steps = plan["steps"].as_array_mut().unwrap();
    let wait = json!({ "name": "settle", "tier": "critical", "after": [], "run_in": ["failover"],
        "wait": { "duration": "10m", "reason": "caches expire" } });
    steps.insert(0, wait);
    for step in steps.iter_mut() {
        if step["name"] == "quiesce-writers" {
            step["after"] = json!(["settle"]);
        }
    }
    let (document, _) = Document::read(&plan.to_string(), KINDS).expect("a plan");
    let estate = Estate::of(Schedule::calm(), document);
    estate.prepare();
    estate.faulty.lose(&east());
    estate
}

fn accepted(estate: &Estate, until: &str, resume: Option<String>) -> Order {
    Order {
        consents: vec![PlanConsent {
            risk: AcceptedRisk::Unfenced,
            step: None,
            until: until.parse().unwrap(),
            target: west().to_string(),
            epoch: 1,
            by: "ada".to_owned(),
            reason: "us-east-1 is gone".to_owned(),
        }],
        resume,
        ..estate.failover()
    }
}

#[test]
fn a_consent_that_ended_before_the_gate_was_asked_opens_nothing_and_a_new_one_does() {
    let estate = waiting();
    // Given at noon for five minutes; the gate is asked ten minutes later.
    let order = accepted(&estate, "2026-08-01T12:05:00Z", None);
    let refused = estate.run(&order).expect("it begins");
    assert_eq!(refused.end, End::Refused, "{refused:#?}");
    let of = |name: &str| {
        let mut steps = refused.steps.iter();
        &steps.find(|(step, _)| step == name).unwrap().1
    };
    assert!(
        matches!(&of("fence-database").outcome, Some(Outcome::Refused { gate }) if gate.gate == Gate::Fenced),
        "{:#?}",
        of("fence-database")
    );
    assert!(of("settle").outcome.as_ref().unwrap().is_done());
    // It says why the consent did not count.
    let told = told(&estate);
    assert!(
        told.contains(
            "the consent unfenced of ada does not count: it ended at 2026-08-01T12:05:00Z"
        ),
        "{told}"
    );
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);

    // The old one, read from the journal, does not open it later either.
    let again = Order {
        consents: Vec::new(),
        ..accepted(&estate, "2026-08-01T12:05:00Z", Some(refused.id.clone()))
    };
    let refused = estate.run(&again).expect("it goes on");
    assert_eq!(refused.end, End::Refused, "{refused:#?}");
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);

    let order = accepted(&estate, "2026-08-01T14:00:00Z", Some(refused.id.clone()));
    let done = estate.run(&order).expect("it goes on");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 1);
}

#[test]
fn a_consent_that_lasts_until_the_gate_is_asked_opens_it() {
    let estate = waiting();
    let order = accepted(&estate, "2026-08-01T13:00:00Z", None);
    let done = estate.run(&order).expect("it begins");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 1);
}

/// All that was told, line by line.
fn told(estate: &Estate) -> String {
    let events = Arc::clone(&estate.events);
    let events = events.lock().unwrap();
    let lines: Vec<String> = events.iter().map(Event::to_string).collect();
    lines.join("\n")
}
