//! Replication of secrets against the fake: the west is active, the east is back.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, case as failover, denied, east, survives, told, unknown_region, west,
};

fn asked() -> Value {
    json!({ "secrets": { EAST: ["db"], WEST: ["db"] } })
}

fn case() -> Case {
    let mut case = failover();
    case.mode = Mode::Reprotect;
    case.from = Some(west());
    case
}

fn prepare(bench: &Bench) {
    bench.fake.add_secret(&west(), "db", "new", None);
}

fn replicated(bench: &Bench) -> usize {
    bench.fake.effects("ReplicateSecretToRegions")
}

#[test]
fn the_secret_is_in_sync_again() {
    let bench = Bench::new();
    prepare(&bench);
    assert_eq!(
        bench.run(&SecretReplicate, asked(), &case()).outcome,
        Outcome::Done
    );
    assert_eq!(
        bench.fake.secret_value(&east(), "db").as_deref(),
        Some("new")
    );
    assert_eq!(
        bench.run(&SecretReplicate, asked(), &case()).outcome,
        Outcome::AlreadyDone
    );
    assert_eq!(replicated(&bench), 1);
}

#[test]
fn another_value_is_lost_only_when_somebody_said_so() {
    let bench = Bench::new();
    prepare(&bench);
    bench.fake.add_secret(&east(), "db", "old", None);
    let ended = bench.run(&SecretReplicate, asked(), &case());
    assert!(
        matches!(ended.outcome, Outcome::Refused { .. }),
        "{:?}",
        ended.outcome
    );
    assert_eq!(
        bench.fake.secret_value(&east(), "db").as_deref(),
        Some("old")
    );
    assert!(
        !told(&ended).to_string().contains("old"),
        "{}",
        told(&ended)
    );

    let mut arguments = asked();
    arguments["overwrite"] = json!(true);
    let ended = bench.run(&SecretReplicate, arguments, &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(ended.gates[0].verdict, Verdict::Consented);
    assert_eq!(
        bench.fake.secret_value(&east(), "db").as_deref(),
        Some("new")
    );
}

#[test]
fn the_same_value_and_a_replica_may_be_replaced() {
    let bench = Bench::new();
    prepare(&bench);
    bench.fake.add_secret(&east(), "db", "new", None);
    assert_eq!(
        bench.run(&SecretReplicate, asked(), &case()).outcome,
        Outcome::Done
    );
}

#[test]
fn a_lost_region_is_left_and_told() {
    let bench = Bench::new();
    prepare(&bench);
    let mut case = case();
    case.lost.insert(east());
    let ended = bench.run(&SecretReplicate, asked(), &case);
    assert_eq!(ended.outcome, Outcome::AlreadyDone);
    assert!(ended.warnings[0].contains(EAST), "{:?}", ended.warnings);
    assert!(
        bench
            .faulty
            .attempts()
            .iter()
            .all(|attempt| attempt.region == west())
    );
}

#[test]
fn a_replica_cannot_be_replicated() {
    let bench = Bench::new();
    bench.fake.add_secret(&west(), "db", "new", Some(&east()));
    let mut case = case();
    case.lost.insert(east());
    let ended = bench.run(&SecretReplicate, asked(), &case);
    assert!(
        told(&ended).seen.contains("is a replica of us-east-1"),
        "{}",
        told(&ended)
    );
}

#[test]
fn after_a_switchover_the_replica_stays_one_and_is_told() {
    let bench = Bench::new();
    bench.fake.add_secret(&east(), "db", "new", None);
    bench.fake.add_secret(&west(), "db", "new", Some(&east()));
    let ended = bench.run(&SecretReplicate, asked(), &case());
    assert_eq!(ended.outcome, Outcome::AlreadyDone);
    assert!(
        ended.warnings[0].contains("stays a replica of us-east-1"),
        "{:?}",
        ended.warnings
    );
    assert_eq!(replicated(&bench), 0);
}

#[test]
fn under_faults_it_is_replicated_once() {
    for bench in survives(&SecretReplicate, &asked(), &case(), prepare) {
        assert_eq!(replicated(&bench), 1);
    }
    let bench = Bench::with(Schedule::calm().then("ReplicateSecretToRegions", 0, Fault::Throttle));
    prepare(&bench);
    assert_eq!(
        bench.run(&SecretReplicate, asked(), &case()).outcome,
        Outcome::Done
    );
}

#[test]
fn bad_input_is_told() {
    let both = |bench: &Bench| {
        prepare(bench);
        bench.fake.add_secret(&east(), "db", "new", None);
    };
    for operation in [
        "DescribeSecret",
        "GetSecretValue",
        "ReplicateSecretToRegions",
    ] {
        let permission = format!("secretsmanager:{operation}");
        denied(&SecretReplicate, &asked(), &case(), both, &permission);
    }
    unknown_region(&SecretReplicate, asked());
    let ended = Bench::new().run(&SecretReplicate, asked(), &case());
    assert!(
        told(&ended).seen.contains("ResourceNotFound"),
        "{}",
        told(&ended)
    );
}
