//! What is looked at: the source's life, lost regions, and the replication status for data sources.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws::clock::Clock;
use aws::rds::InstanceId;
use aws::{ErrorKind, Region};
use recovery::consent::{AcceptedRisk, Consent};
use recovery::gate::data_at_risk::Basis;
use recovery::outcome::Outcome;
use recovery::progress::{Phase, Progress};
use recovery::replication::{Health, Replication, Role, observe};
use recovery::runner::{Context, Pace, run};
use recovery::step::{Look, Step};
use recovery::steps::rds_promote_replica::{PromoteReplica, Request, risk_of};
use tokio_util::sync::CancellationToken;

use crate::clock::drive;
use crate::scenario::Scenario;
use crate::shapes::SOURCE;
use crate::world::{Event, World};
use crate::{one_run, request};

fn calm() -> World {
    let mut scenario = Scenario::draw(5).calm();
    scenario.backing_up = Duration::ZERO;
    scenario.lag_age = 30;
    World::new(scenario)
}

fn region(name: &str) -> Region {
    Region::new(name).expect("a region")
}

fn with(world: &World, change: impl FnOnce(&mut Request)) -> PromoteReplica {
    let mut request = request(world);
    change(&mut request);
    PromoteReplica::new(
        Arc::new(world.clone()),
        Arc::new(world.clock.clone()),
        request,
    )
}

fn calls(world: &World, operation: &str) -> usize {
    let is = |event: &&Event| matches!(event, Event::Call(called, _) if *called == operation);
    world.log().iter().filter(is).count()
}

#[test]
fn nothing_in_a_region_declared_lost_is_called_and_the_loss_counts_from_lost_at() {
    let world = calm();
    let lost_at = world.clock.now() - Duration::from_secs(10);
    let step = with(&world, |request| {
        request.lost_regions.insert(region("us-east-1"));
        request.lost_at = Some(lost_at);
    });
    let (report, _) = one_run(&world, &step, None, None);
    let report = report.expect("not killed");
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(calls(&world, "describe source"), 0);
    let risk = risk_of(&report.gated_on.expect("gates were asked"))
        .expect("a replica has something at risk");
    assert_eq!(risk.basis, Basis::BeforeLoss);
    assert_eq!(risk.writes_until, Some(lost_at));
    assert!(
        risk.upper_bound.expect("known") < Duration::from_secs(40),
        "{risk:?}"
    );
}

#[test]
fn a_replica_in_a_region_declared_lost_is_refused_without_a_call() {
    let world = calm();
    let step = with(&world, |request| {
        request.lost_regions.insert(region("us-west-2"));
    });
    let (report, _) = one_run(&world, &step, None, None);
    let Outcome::Failed(message) = report.expect("not killed").outcome else {
        panic!("a lost region was asked");
    };
    assert!(
        message.expected.contains("us-west-2 is declared lost"),
        "{message}"
    );
    assert_eq!(world.log(), [Event::RunStarts]);
}

#[test]
fn a_source_that_cannot_be_observed_leaves_the_amount_unknown_until_somebody_accepts_that() {
    for kind in [
        ErrorKind::AccessDenied,
        ErrorKind::NotFound,
        ErrorKind::Other,
    ] {
        let world = calm();
        world.deny("describe source", kind);
        let (report, _) = one_run(&world, &with(&world, |_| {}), None, None);
        let outcome = report.expect("not killed").outcome;
        assert!(
            matches!(outcome, Outcome::Refused { .. }),
            "{kind:?}: {outcome:?}"
        );
        assert_eq!(calls(&world, "promote"), 0, "{kind:?}");

        let step = with(&world, |request| {
            request.consents.push(Consent {
                risk: AcceptedRisk::UnknownLag,
                until: world.clock.now() + Duration::from_hours(1),
                source: SOURCE.to_owned(),
                target: "orders-replica".to_owned(),
            });
        });
        let (report, _) = one_run(&world, &step, None, None);
        assert_eq!(
            report.expect("not killed").outcome,
            Outcome::Done,
            "{kind:?}"
        );
    }
}

#[test]
fn an_unreachable_source_is_tried_for_a_while_and_then_counts_as_unknown() {
    let world = calm();
    world.deny("describe source", ErrorKind::Unreachable);
    let token = CancellationToken::new();
    let context = Context {
        clock: &world.clock,
        cancel: &token,
        progress: &recovery::progress::NoProgress,
        witness: &recovery::witness::NoWitness,
        timeout: Duration::from_hours(1),
        pace: Pace {
            seed: Some(1),
            ..Pace::default()
        },
    };
    let step = with(&world, |_| {});
    let (report, _) = drive(&world.clock, run(&step, &context), None, |_| {});
    let outcome = report.expect("not killed").outcome;
    let Outcome::Refused { gate } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(gate.message.next.contains("lost_at"), "{}", gate.message);
    assert!(world.clock.elapsed() > Pace::default().measure_patience);
    assert!(world.clock.elapsed() < Duration::from_mins(5));
}

#[test]
fn a_replica_of_another_source_is_refused_and_nothing_is_changed() {
    let world = calm();
    let step = with(&world, |request| {
        request.source = Some("arn:aws:rds:us-east-1:123456789012:db:billing".to_owned());
    });
    let (report, _) = one_run(&world, &step, None, None);
    let outcome = report.expect("not killed").outcome;
    let Outcome::Refused { gate } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(gate.message.seen.contains(SOURCE), "{}", gate.message);
    assert_eq!(calls(&world, "promote"), 0);
}

#[test]
fn progress_tells_the_gates_then_the_act_then_the_waits_and_the_proof() {
    let world = calm();
    let lines: Mutex<Vec<Progress>> = Mutex::new(Vec::new());
    let sink = |line: &Progress| {
        lines
            .lock()
            .expect("no panic holds the lock")
            .push(line.clone());
    };
    let token = CancellationToken::new();
    let context = Context {
        clock: &world.clock,
        cancel: &token,
        progress: &sink,
        witness: &recovery::witness::NoWitness,
        timeout: Duration::from_hours(1),
        pace: Pace {
            seed: Some(1),
            ..Pace::default()
        },
    };
    let step = with(&world, |_| {});
    drive(&world.clock, run(&step, &context), None, |_| {});
    let mut phases: Vec<Phase> = lines
        .lock()
        .expect("no panic holds the lock")
        .iter()
        .map(|line| line.phase)
        .collect();
    phases.dedup();
    assert_eq!(
        phases[..3],
        [Phase::Gated, Phase::Performing, Phase::Waiting]
    );
    assert_eq!(phases.last(), Some(&Phase::Verified));
}

fn status(world: &World) -> Replication {
    let id = InstanceId::new("orders-replica").expect("an identifier");
    let (answer, _) = drive(
        &world.clock,
        observe(world, &world.clock, &region("us-west-2"), &id),
        None,
        |_| {},
    );
    answer.expect("not killed").expect("described")
}

#[test]
fn the_replication_status_tells_role_source_lag_and_health() {
    let world = calm();
    let seen = status(&world);
    assert_eq!(
        (seen.role, seen.health),
        (Role::Replica, Health::Replicating)
    );
    assert_eq!(seen.source.as_deref(), Some(SOURCE));
    assert_eq!(seen.source_region.as_deref(), Some("us-east-1"));
    assert_eq!(seen.lag_seconds, Some(3.0));
    assert!(seen.measured_at.is_some_and(|at| at < seen.observed_at));

    one_run(&world, &with(&world, |_| {}), None, None);
    let seen = status(&world);
    assert_eq!(
        (seen.role, seen.health),
        (Role::Primary, Health::NotAReplica)
    );
    assert_eq!(
        (seen.source, seen.lag_seconds, seen.lag_unknown),
        (None, None, None)
    );
}

#[test]
fn a_lag_that_is_missing_is_told_with_its_reason_and_never_as_zero() {
    for (lag, part) in [(None, "no ReplicaLag datapoint"), (Some(-1.0), "-1")] {
        let mut scenario = calm().scenario;
        scenario.lag = lag;
        let seen = status(&World::new(scenario));
        assert_eq!((seen.lag_seconds, seen.health), (None, Health::Unmeasured));
        assert!(
            seen.lag_unknown
                .as_deref()
                .is_some_and(|why| why.contains(part)),
            "{seen:?}"
        );
    }
    let world = calm();
    world.deny("lag", ErrorKind::AccessDenied);
    let seen = status(&world);
    assert!(
        seen.lag_unknown
            .is_some_and(|why| why.contains("AccessDenied"))
    );
}

#[test]
fn a_look_for_polling_asks_only_for_the_replica() {
    let world = calm();
    let step = with(&world, |_| {});
    drive(&world.clock, step.look(Look::Target), None, |_| {});
    assert_eq!(
        (
            calls(&world, "describe"),
            calls(&world, "lag"),
            calls(&world, "describe source")
        ),
        (1, 0, 0)
    );
}
