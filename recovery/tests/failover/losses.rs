//! When the lost region was lost: said by somebody, or read from an observation that is fresh enough.

use std::time::Duration;

use aws::clock::Clock as _;
use aws::faults::Schedule;
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::engine::{End, Event, Execution, Order};
use recovery::gate::Gate;
use recovery::outcome::Outcome;

use crate::estate::{Estate, east, west};

/// The estate, observed at noon; so many minutes later its first region is lost.
fn observed_before(minutes: u64) -> Estate {
    let estate = Estate::new(Schedule::calm());
    estate.prepare();
    let wait = estate.clock.sleep(Duration::from_mins(minutes));
    estate.clock.drive(wait).expect("it ends");
    estate.faulty.lose(&east());
    estate
}

/// A failover of which nobody says when the region was lost.
fn failover(estate: &Estate) -> Order {
    Order {
        lost_at: None,
        consents: vec![PlanConsent {
            risk: AcceptedRisk::Unfenced,
            step: None,
            until: "2026-08-01T18:00:00Z".parse().unwrap(),
            target: west().to_string(),
            epoch: 1,
            by: "ada".to_owned(),
            reason: "us-east-1 is gone".to_owned(),
        }],
        ..estate.failover()
    }
}

fn refused_for_data(execution: &Execution) -> bool {
    let mut steps = execution.steps.iter();
    steps.any(|(_, step)| {
        matches!(&step.outcome, Some(Outcome::Refused { gate }) if gate.gate == Gate::DataAtRisk)
    })
}

fn told(estate: &Estate, words: &str) -> bool {
    let events = estate.events.lock().unwrap();
    events
        .iter()
        .any(|event| matches!(event, Event::Notice(line) if line.contains(words)))
}

#[test]
fn a_fresh_observation_stands_for_the_moment_of_the_loss() {
    let estate = observed_before(2);
    let done = estate.run(&failover(&estate)).expect("it begins");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    assert!(!told(&estate, "--lost-at"));
}

#[test]
fn an_old_observation_does_not_and_whoever_says_when_goes_on() {
    let estate = observed_before(8);
    let order = failover(&estate);
    let refused = estate.run(&order).expect("it begins");
    assert_eq!(refused.end, End::Refused, "{refused:#?}");
    assert!(refused_for_data(&refused), "{refused:#?}");
    assert!(told(
        &estate,
        "us-east-1 was last seen active at 2026-08-01T12:00:00Z, 8 min before its loss was declared"
    ));
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);
    let said = Order {
        lost_at: Some("2026-08-01T12:07:30Z".parse().unwrap()),
        resume: Some(refused.id.clone()),
        ..order
    };
    let done = estate.run(&said).expect("it goes on");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 1);
}
