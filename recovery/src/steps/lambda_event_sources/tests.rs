//! Event sources against the fake.

use aws::fake::Effect;
use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, case, denied, east, survives, told, unknown_region, west,
};

fn asked() -> Value {
    json!({ "mappings": { EAST: ["e1", "e2"], WEST: ["w1", "w2"] } })
}

fn prepare(bench: &Bench) {
    for (region, uuid, state) in [
        (east(), "e1", "Enabled"),
        (east(), "e2", "Enabled"),
        (west(), "w1", "Disabled"),
        (west(), "w2", "Disabled"),
    ] {
        bench.fake.add_mapping(&region, uuid, state);
    }
}

fn bench() -> Bench {
    let bench = Bench::new();
    prepare(&bench);
    bench
}

/// Regions of the changes, in order.
fn order(bench: &Bench) -> Vec<String> {
    let calls = bench.fake.calls();
    let changed = calls.iter().filter(|call| call.effect == Effect::Changed);
    changed.map(|call| call.region.to_string()).collect()
}

#[test]
fn the_target_is_enabled_first_in_a_failover_and_last_in_a_switchover() {
    for (mode, expected) in [
        (Mode::Failover, [WEST, WEST, EAST, EAST]),
        (Mode::Switchover, [EAST, EAST, WEST, WEST]),
    ] {
        let bench = bench();
        let mut case = case();
        case.mode = mode;
        assert_eq!(
            bench.run(&LambdaEventSources, asked(), &case).outcome,
            Outcome::Done
        );
        assert_eq!(order(&bench), expected, "{mode}");
        let roles = bench.roles(&LambdaEventSources, asked());
        assert_eq!((roles[EAST], roles[WEST]), ("standby", "active"));
        assert_eq!(
            bench.run(&LambdaEventSources, asked(), &case).outcome,
            Outcome::AlreadyDone
        );
    }
}

#[test]
fn a_lost_region_is_left_and_told() {
    let bench = bench();
    let mut case = case();
    case.lost.insert(east());
    let ended = bench.run(&LambdaEventSources, asked(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
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
fn a_region_that_is_lost_but_not_declared_blocks_nothing_of_the_target() {
    let bench = bench();
    bench.faulty.lose(&east());
    let ended = bench.run(&LambdaEventSources, asked(), &case());
    assert!(
        told(&ended).next.contains("--lost us-east-1"),
        "{}",
        told(&ended)
    );
    assert_eq!(order(&bench), [WEST, WEST]);
    assert!(
        ended.elapsed < Duration::from_mins(3),
        "{:?}",
        ended.elapsed
    );
    let roles = bench.roles(&LambdaEventSources, asked());
    assert_eq!((roles[EAST], roles[WEST]), ("unknown", "active"));
}

#[test]
fn a_switchover_enables_nothing_while_another_region_is_unknown() {
    let bench = bench();
    bench.faulty.lose(&east());
    let mut case = case();
    case.mode = Mode::Switchover;
    assert!(
        !bench
            .run(&LambdaEventSources, asked(), &case)
            .outcome
            .is_done()
    );
    assert_eq!(order(&bench), Vec::<String>::new());
}

#[test]
fn a_mapping_that_is_deleted_is_a_failure() {
    let bench = bench();
    bench.fake.add_mapping(&west(), "w1", "Deleting");
    let ended = bench.run(&LambdaEventSources, asked(), &case());
    assert!(
        told(&ended).seen.contains("being deleted"),
        "{}",
        told(&ended)
    );
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&LambdaEventSources, &asked(), &case(), prepare) {
        for (region, uuid, state) in [(east(), "e1", "Disabled"), (west(), "w2", "Enabled")] {
            let functions = bench.fake.functions(&region).unwrap();
            let mapping = bench.clock.drive(functions.mapping(uuid)).unwrap().unwrap();
            assert_eq!(mapping.state, state, "{uuid}");
        }
    }
    let bench = Bench::with(Schedule::calm().then("UpdateEventSourceMapping", 0, Fault::Throttle));
    prepare(&bench);
    assert_eq!(
        bench.run(&LambdaEventSources, asked(), &case()).outcome,
        Outcome::Done
    );
}

#[test]
fn bad_input_is_told() {
    for permission in [
        "lambda:GetEventSourceMapping",
        "lambda:UpdateEventSourceMapping",
    ] {
        denied(&LambdaEventSources, &asked(), &case(), prepare, permission);
    }
    unknown_region(&LambdaEventSources, asked());
    let ended = Bench::new().run(&LambdaEventSources, asked(), &case());
    assert!(
        told(&ended).seen.contains("ResourceNotFound"),
        "{}",
        told(&ended)
    );
}
