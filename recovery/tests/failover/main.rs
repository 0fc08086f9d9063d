//! Whole failover plans on virtual time: the plan of the example, its stores, lock and journal.

#![allow(
    clippy::unwrap_used,
    clippy::result_large_err,
    reason = "a test that fails says where; a failed call costs a round trip in the world that is played"
)]
#![allow(
    clippy::print_stdout,
    reason = "a simulation tells what was played, and which world went wrong"
)]

mod consents;
mod estate;
mod fences;
mod life;
mod losses;
mod reading;
mod silent_store;
mod simulation;

use recovery::engine::End;
use recovery::gate::Gate;
use recovery::outcome::Outcome;
use recovery::schedule::StepState;

use aws::faults::Schedule;

use crate::estate::{Estate, east, west};

#[test]
fn a_lost_region_fails_over_only_with_the_consent_that_nobody_can_prove_it_fenced() {
    let estate = Estate::new(Schedule::calm());
    estate.prepare();
    estate.faulty.lose(&east());
    let refused = estate.run(&estate.failover()).expect("it begins");
    assert_eq!(refused.end, End::Refused, "{refused:#?}");
    let fence = &refused
        .steps
        .iter()
        .find(|(name, _)| name == "fence-database")
        .unwrap()
        .1;
    assert!(
        matches!(&fence.outcome, Some(Outcome::Refused { gate }) if gate.gate == Gate::Fenced),
        "{fence:#?}"
    );
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);

    let mut order = estate.failover();
    order.resume = Some(refused.id.clone());
    order.consents = vec![recovery::consent::PlanConsent {
        risk: recovery::consent::AcceptedRisk::Unfenced,
        step: None,
        until: "2026-08-01T14:00:00Z".parse().unwrap(),
        target: west().to_string(),
        epoch: 1,
        by: "ada".to_owned(),
        reason: "us-east-1 is gone".to_owned(),
    }];
    let done = estate.run(&order).expect("it begins");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    assert_eq!(done.epoch, Some(1));
    assert!(
        done.steps
            .iter()
            .all(|(_, step)| step.state == StepState::Done),
        "{done:#?}"
    );
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 1);
}
