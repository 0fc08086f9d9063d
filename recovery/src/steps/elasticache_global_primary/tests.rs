//! The primary of a global datastore against the fake.

use std::time::Duration;

use aws::elasticache::{DatastoreMember, GlobalDatastore};
use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::super::databases::metric;
use super::super::testing::{
    Estate, case, changes, east, east_lost, kill_everywhere, refusal, slow, west,
};
use super::{ElasticacheGlobalPrimaryKind as Primary, LAG};
use crate::consent::AcceptedRisk;
use crate::kind::Role;
use crate::mode::Mode;
use crate::outcome::Outcome;

fn estate(schedule: Schedule) -> Estate {
    let estate = Estate::with(schedule);
    let member = |region, group: &str, primary| DatastoreMember {
        group: group.to_owned(),
        region,
        primary,
        status: "associated".to_owned(),
    };
    estate.fake.put_datastore(GlobalDatastore {
        id: "ldgnf-sessions".to_owned(),
        status: "available".to_owned(),
        members: vec![
            member(east(), "sessions-east", true),
            member(west(), "sessions-west", false),
        ],
    });
    let lag = metric(
        "AWS/ElastiCache",
        LAG,
        &[("CacheClusterId", "sessions-west-001")],
    );
    estate.fake.set_metric_of_the_past(&west(), &lag, Some(0.4));
    estate
}

fn arguments(disposable: bool) -> Value {
    json!({
        "datastore": "ldgnf-sessions",
        "groups": { "us-east-1": "sessions-east", "us-west-2": "sessions-west" },
        "lag_clusters": { "us-east-1": "sessions-east-001", "us-west-2": "sessions-west-001" },
        "disposable": disposable,
    })
}

#[test]
fn a_disposable_cache_moves_when_its_primary_is_where_the_plan_thinks() {
    for mode in [Mode::Failover, Mode::Switchover] {
        let estate = estate(Schedule::calm());
        let ended = estate.run(&Primary, arguments(true), &case(mode));
        assert_eq!(ended.outcome, Outcome::Done);
        assert!(ended.warnings[0].contains("disposable"));
        let roles = estate.roles(&Primary, arguments(true));
        assert_eq!(
            (&roles[&east()], &roles[&west()]),
            (&Role::Standby, &Role::Active)
        );
        let again = estate.run(&Primary, arguments(true), &case(mode));
        assert_eq!(again.outcome, Outcome::AlreadyDone);
    }
}

#[test]
fn a_cache_that_matters_is_judged_like_a_database() {
    let estate = estate(Schedule::calm());
    let mut lost = east_lost(&estate);
    let ended = estate.run(&Primary, arguments(false), &lost);
    assert!(refusal(&ended).contains("fenced"));
    lost.consents = vec![estate.unfenced()];
    let ended = estate.run(&Primary, arguments(false), &lost);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(ended.unfenced);
}

#[test]
fn a_switchover_that_would_lose_something_needs_a_consent() {
    let estate = estate(Schedule::calm());
    let mut case = case(Mode::Switchover);
    let ended = estate.run(&Primary, arguments(false), &case);
    assert!(refusal(&ended).contains("data at risk"));
    let loss = AcceptedRisk::DataLossUpTo(Duration::from_mins(3));
    case.consents = vec![estate.consent(loss)];
    assert_eq!(
        estate.run(&Primary, arguments(false), &case).outcome,
        Outcome::Done
    );
}

#[test]
fn a_lag_that_nobody_can_read_refuses() {
    let estate = estate(Schedule::calm());
    let mut without = arguments(false);
    without.as_object_mut().unwrap().remove("lag_clusters");
    let mut case = east_lost(&estate);
    case.consents = vec![estate.unfenced()];
    let ended = estate.run(&Primary, without, &case);
    assert!(
        refusal(&ended).contains("lag_clusters"),
        "{}",
        refusal(&ended)
    );
    assert_eq!(changes(&estate), Vec::<&str>::new());
}

#[test]
fn a_primary_elsewhere_and_a_group_that_is_no_member_are_refused() {
    let estate = estate(Schedule::calm());
    let mut moved = case(Mode::Failover);
    moved.from = Some(aws::Region::new("eu-west-1").unwrap());
    let ended = estate.run(&Primary, arguments(true), &moved);
    assert!(refusal(&ended).contains("right source"));
    let mut other = arguments(true);
    other["groups"]["us-west-2"] = json!("other");
    let ended = estate.run(&Primary, other, &case(Mode::Failover));
    assert!(matches!(ended.outcome, Outcome::Failed(_)));
}

#[test]
fn a_lost_answer_leads_to_no_second_failover() {
    for fault in [Fault::ResetAfterEffect, Fault::ResetBeforeEffect] {
        let estate = estate(Schedule::calm().then("FailoverGlobalReplicationGroup", 0, fault));
        let ended = estate.run(&Primary, arguments(true), &case(Mode::Failover));
        assert_eq!(ended.outcome, Outcome::Done, "{fault:?}");
        assert_eq!(estate.fake.effects("FailoverGlobalReplicationGroup"), 1);
    }
}

#[test]
fn killed_anywhere_the_next_run_moves_the_primary_once() {
    let operation = "FailoverGlobalReplicationGroup";
    let lost_answer = slow().then(operation, 0, Fault::BlackHoleAfterEffect);
    for schedule in [slow(), lost_answer] {
        let world = || estate(schedule.clone());
        let arguments = arguments(true);
        let case = |_: &Estate| case(Mode::Failover);
        let points = kill_everywhere(world, &Primary, &arguments, case, &[operation]);
        assert!(points > 30, "{points}");
    }
}
