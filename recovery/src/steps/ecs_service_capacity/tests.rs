//! Capacity of services against the fake.

use std::time::Duration;

use aws::faults::{Fault, Schedule};
use serde_json::json;

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, case, denied, east, survives, told, unknown_region, west,
};

fn asked() -> Value {
    let place = json!({ "cluster": "shop", "service": "web" });
    json!({ "services": { EAST: place, WEST: place } })
}

fn observed() -> Case {
    let mut case = case();
    case.baseline.insert(east(), json!({ "running": 4 }));
    case
}

fn prepare(bench: &Bench) {
    bench
        .fake
        .add_service(&east(), "shop", "web", 4, Some((4, 10)));
    bench
        .fake
        .add_service(&west(), "shop", "web", 1, Some((1, 10)));
}

fn bench() -> Bench {
    let bench = Bench::new();
    prepare(&bench);
    bench
}

fn west_now(bench: &Bench) -> (u32, u32, Option<ScalingBounds>) {
    let ecs = bench.fake.ecs(&west()).unwrap();
    let service = bench
        .clock
        .drive(ecs.describe("shop", "web"))
        .unwrap()
        .unwrap();
    let bounds = bench
        .clock
        .drive(ecs.bounds("shop", "web"))
        .unwrap()
        .unwrap();
    (service.desired, service.running, bounds)
}

#[test]
fn what_the_old_region_ran_runs_and_the_minimum_holds_it() {
    let bench = bench();
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::Done);
    let (desired, running, bounds) = west_now(&bench);
    assert_eq!((desired, running), (4, 4));
    assert_eq!(
        bounds.map(|bounds| (bounds.minimum, bounds.maximum)),
        Some((4, 10))
    );
    assert!(
        ended.elapsed >= Duration::from_secs(90),
        "tasks need a while: {:?}",
        ended.elapsed
    );
    let again = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert_eq!(again.outcome, Outcome::AlreadyDone);
    assert_eq!(again.acts, []);
}

#[test]
fn nothing_is_ever_scaled_down() {
    let bench = Bench::new();
    bench
        .fake
        .add_service(&west(), "shop", "web", 9, Some((8, 10)));
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::AlreadyDone);
    assert_eq!(west_now(&bench).0, 9);
}

#[test]
fn a_service_without_autoscaling_is_asked_directly() {
    let bench = Bench::new();
    bench.fake.add_service(&west(), "shop", "web", 1, None);
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(ended.acts.len(), 1);
    assert_eq!(west_now(&bench).1, 4);
}

#[test]
fn without_an_observation_nothing_is_guessed() {
    let bench = bench();
    let ended = bench.run(&EcsServiceCapacity, asked(), &case());
    assert!(told(&ended).next.contains("floor"), "{}", told(&ended));
    assert_eq!(west_now(&bench).0, 1);
    let mut arguments = asked();
    arguments["floor"] = json!(2);
    let ended = bench.run(&EcsServiceCapacity, arguments, &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(
        ended.warnings[0].contains("floor of 2"),
        "{:?}",
        ended.warnings
    );
    assert_eq!(west_now(&bench).0, 2);
}

#[test]
fn a_maximum_that_is_too_small_fails_before_anything_is_changed() {
    let bench = Bench::new();
    bench
        .fake
        .add_service(&west(), "shop", "web", 1, Some((1, 3)));
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert!(matches!(ended.outcome, Outcome::Failed(_)));
    assert!(told(&ended).seen.contains("3 at most"), "{}", told(&ended));
    assert_eq!(ended.acts, []);
}

#[test]
fn suspended_scaling_is_told() {
    let bench = bench();
    bench
        .fake
        .edit_service(&west(), "shop", "web", |_, bounds| {
            bounds.as_mut().unwrap().suspended = true;
        });
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(
        ended.warnings[0].contains("suspended"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn too_few_running_tasks_are_not_done_and_a_failed_deployment_is_a_failure() {
    let bench = bench();
    bench.fake.limit_tasks(&west(), "shop", "web", 3);
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert!(
        matches!(ended.outcome, Outcome::TimedOut(_)),
        "{:?}",
        ended.outcome
    );
    assert!(told(&ended).seen.contains("3 of 4"), "{}", told(&ended));

    for (status, rollout) in [
        ("ACTIVE", "FAILED"),
        ("INACTIVE", "COMPLETED"),
        ("DRAINING", ""),
    ] {
        let bench = self::bench();
        bench
            .fake
            .edit_service(&west(), "shop", "web", |service, _| {
                service.status = status.to_owned();
                service.rollout = rollout.to_owned();
            });
        let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
        assert!(
            matches!(ended.outcome, Outcome::Failed(_)),
            "{status} {rollout}"
        );
        assert_eq!(ended.acts, []);
    }
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&EcsServiceCapacity, &asked(), &observed(), prepare) {
        assert_eq!(west_now(&bench).0, 4);
    }
    let schedule = Schedule::calm().then("DescribeServices", 0, Fault::Throttle);
    let schedule = schedule.then("UpdateService", 0, Fault::Throttle);
    let bench = Bench::with(schedule);
    bench.fake.add_service(&west(), "shop", "web", 1, None);
    let ended = bench.run(&EcsServiceCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::Done);
}

#[test]
fn bad_input_is_told() {
    for permission in [
        "ecs:DescribeServices",
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:RegisterScalableTarget",
    ] {
        denied(
            &EcsServiceCapacity,
            &asked(),
            &observed(),
            prepare,
            permission,
        );
    }
    let alone = |bench: &Bench| bench.fake.add_service(&west(), "shop", "web", 1, None);
    denied(
        &EcsServiceCapacity,
        &asked(),
        &observed(),
        alone,
        "ecs:UpdateService",
    );
    unknown_region(&EcsServiceCapacity, asked());
    let ended = Bench::new().run(&EcsServiceCapacity, asked(), &observed());
    assert!(
        told(&ended).seen.contains("ServiceNotFoundException"),
        "{}",
        told(&ended)
    );
}

#[test]
fn a_lost_target_is_not_called() {
    let bench = bench();
    let mut case = observed();
    case.lost.insert(west());
    assert!(bench.build(&EcsServiceCapacity, asked(), &case).is_err());
    assert_eq!(bench.faulty.attempts(), []);
}

#[test]
fn figures_of_peace_are_what_a_later_execution_goes_by() {
    let bench = bench();
    let arguments = crate::steps::bench::arguments(&EcsServiceCapacity, asked());
    let means = bench.means();
    let figures = bench
        .clock
        .drive(EcsServiceCapacity.measure(&arguments, &east(), &means));
    let figures = figures.unwrap().unwrap();
    assert_eq!(
        figures,
        json!({ "running": 4, "desired": 4, "minimum": 4, "maximum": 10 })
    );
    let mut case = case();
    case.baseline.insert(east(), figures);
    assert_eq!(
        bench.run(&EcsServiceCapacity, asked(), &case).outcome,
        Outcome::Done
    );
    bench.faulty.lose(&east());
    let unknown = bench
        .clock
        .drive(EcsServiceCapacity.measure(&arguments, &east(), &means));
    assert_eq!(unknown, Some(None));
}
