//! Capacity of groups against the fake.

use aws::faults::{Fault, Schedule};
use serde_json::json;

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, case, denied, east, survives, told, unknown_region, west,
};

fn asked() -> Value {
    json!({ "groups": { EAST: "web", WEST: "web-dr" } })
}

fn observed() -> Case {
    let mut case = case();
    case.baseline.insert(east(), json!({ "running": 6 }));
    case
}

fn group(minimum: u32, maximum: u32, running: u32) -> Group {
    Group {
        name: "web-dr".to_owned(),
        minimum,
        maximum,
        desired: running,
        in_service: running,
        suspended: Vec::new(),
    }
}

fn prepare(bench: &Bench) {
    bench.fake.add_group(&west(), group(0, 12, 1));
}

fn now(bench: &Bench) -> Group {
    let groups = bench.fake.groups(&west()).unwrap();
    bench
        .clock
        .drive(groups.describe("web-dr"))
        .unwrap()
        .unwrap()
}

#[test]
fn what_the_old_region_had_comes_into_service() {
    let bench = Bench::new();
    prepare(&bench);
    let ended = bench.run(&AsgCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        now(&bench),
        Group {
            minimum: 6,
            desired: 6,
            in_service: 6,
            ..group(0, 12, 1)
        }
    );
    let again = bench.run(&AsgCapacity, asked(), &observed());
    assert_eq!(again.outcome, Outcome::AlreadyDone);
}

#[test]
fn a_larger_group_is_left_alone_but_for_its_minimum() {
    let bench = Bench::new();
    bench.fake.add_group(&west(), group(2, 12, 9));
    let ended = bench.run(&AsgCapacity, asked(), &observed());
    assert!(ended.outcome.is_done());
    assert_eq!((now(&bench).minimum, now(&bench).desired), (6, 9));
}

#[test]
fn what_cannot_work_fails_before_anything_is_changed() {
    let mut suspended = group(0, 12, 1);
    suspended.suspended = vec!["Launch".to_owned()];
    for (group, word) in [
        (group(0, 5, 1), "5 at most"),
        (suspended, "Launch is suspended"),
    ] {
        let bench = Bench::new();
        bench.fake.add_group(&west(), group);
        let ended = bench.run(&AsgCapacity, asked(), &observed());
        assert!(matches!(ended.outcome, Outcome::Failed(_)), "{word}");
        assert!(told(&ended).seen.contains(word), "{}", told(&ended));
        assert_eq!(ended.acts, []);
    }
    let bench = Bench::new();
    prepare(&bench);
    let ended = bench.run(&AsgCapacity, asked(), &case());
    assert!(told(&ended).next.contains("floor"), "{}", told(&ended));
    assert_eq!(now(&bench).desired, 1);
}

#[test]
fn other_suspended_processes_are_told() {
    let bench = Bench::new();
    let mut group = group(0, 12, 1);
    group.suspended = vec!["AlarmNotification".to_owned()];
    bench.fake.add_group(&west(), group);
    let ended = bench.run(&AsgCapacity, asked(), &observed());
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(
        ended.warnings[0].contains("AlarmNotification"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&AsgCapacity, &asked(), &observed(), prepare) {
        assert_eq!(now(&bench).in_service, 6);
    }
    let schedule = Schedule::calm().then("UpdateAutoScalingGroup", 0, Fault::Throttle);
    let bench = Bench::with(schedule);
    prepare(&bench);
    assert_eq!(
        bench.run(&AsgCapacity, asked(), &observed()).outcome,
        Outcome::Done
    );
}

#[test]
fn bad_input_is_told() {
    for operation in ["DescribeAutoScalingGroups", "UpdateAutoScalingGroup"] {
        let permission = format!("autoscaling:{operation}");
        denied(&AsgCapacity, &asked(), &observed(), prepare, &permission);
    }
    unknown_region(&AsgCapacity, asked());
    let ended = Bench::new().run(&AsgCapacity, asked(), &observed());
    assert!(
        told(&ended).seen.contains("web-dr was not found"),
        "{}",
        told(&ended)
    );
}

#[test]
fn figures_of_peace_name_what_is_in_service() {
    let bench = Bench::new();
    prepare(&bench);
    let arguments = crate::steps::bench::arguments(&AsgCapacity, asked());
    let means = bench.means();
    let figures = bench
        .clock
        .drive(AsgCapacity.measure(&arguments, &west(), &means));
    let expected = json!({ "running": 1, "desired": 1, "minimum": 0, "maximum": 12 });
    assert_eq!(figures, Some(Some(expected)));
}
