//! Promotion of secrets against the fake.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, case, denied, east, region, survives, told, unknown_region, west,
};

fn asked() -> Value {
    json!({ "secrets": { EAST: ["db", "api"], WEST: ["db", "api"] } })
}

fn prepare(bench: &Bench) {
    for name in ["db", "api"] {
        bench.fake.add_secret(&east(), name, "s", None);
        bench.fake.add_secret(&west(), name, "s", Some(&east()));
    }
}

fn bench() -> Bench {
    let bench = Bench::new();
    prepare(&bench);
    bench
}

#[test]
fn replicas_stand_alone_and_the_old_region_is_not_asked() {
    let bench = bench();
    let before = bench.roles(&SecretPromotion, asked());
    assert_eq!((before[EAST], before[WEST]), ("active", "standby"));
    bench.faulty.lose(&east());
    let ended = bench.run(&SecretPromotion, asked(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(bench.fake.effects("StopReplicationToReplica"), 2);
    assert!(ended.gates.iter().all(GateResult::is_open));
    assert_eq!(bench.roles(&SecretPromotion, asked())[WEST], "active");
    assert_eq!(
        bench.run(&SecretPromotion, asked(), &case()).outcome,
        Outcome::AlreadyDone
    );
    assert_eq!(bench.fake.effects("StopReplicationToReplica"), 2);
}

#[test]
fn a_replica_of_another_region_is_refused() {
    let bench = bench();
    bench
        .fake
        .add_secret(&west(), "api", "s", Some(&region("eu-west-1")));
    for from in [Some(east()), None] {
        let mut case = case();
        case.from = from;
        let ended = bench.run(&SecretPromotion, asked(), &case);
        assert!(
            matches!(ended.outcome, Outcome::Refused { .. }),
            "{:?}",
            ended.outcome
        );
        assert!(told(&ended).seen.contains("eu-west-1"), "{}", told(&ended));
    }
    assert_eq!(bench.fake.effects("StopReplicationToReplica"), 0);
}

#[test]
fn it_runs_in_failovers_alone() {
    for mode in [Mode::Switchover, Mode::Reprotect, Mode::Drill] {
        let mut case = case();
        case.mode = mode;
        assert!(
            bench().build(&SecretPromotion, asked(), &case).is_err(),
            "{mode}"
        );
    }
}

#[test]
fn under_faults_each_replica_is_stopped_once() {
    for bench in survives(&SecretPromotion, &asked(), &case(), prepare) {
        assert_eq!(bench.fake.effects("StopReplicationToReplica"), 2);
    }
    for fault in [
        Fault::Throttle,
        Fault::ResetAfterEffect,
        Fault::ResetBeforeEffect,
    ] {
        let bench = Bench::with(Schedule::calm().then("StopReplicationToReplica", 0, fault));
        prepare(&bench);
        assert_eq!(
            bench.run(&SecretPromotion, asked(), &case()).outcome,
            Outcome::Done
        );
        assert_eq!(
            bench.fake.effects("StopReplicationToReplica"),
            2,
            "{fault:?}"
        );
    }
}

#[test]
fn bad_input_is_told() {
    for operation in ["DescribeSecret", "StopReplicationToReplica"] {
        let permission = format!("secretsmanager:{operation}");
        denied(&SecretPromotion, &asked(), &case(), prepare, &permission);
    }
    unknown_region(&SecretPromotion, asked());
    let ended = Bench::new().run(&SecretPromotion, asked(), &case());
    assert!(
        told(&ended).seen.contains("ResourceNotFound"),
        "{}",
        told(&ended)
    );
}
