//! Routing controls against the fake.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{Bench, EAST, WEST, case, denied, east, survives, told, unknown_region};

const REGIONS: [&str; 5] = [EAST, "eu-west-1", WEST, "ap-southeast-2", "ap-northeast-1"];

fn url(region: &str) -> String {
    format!("https://{region}.cluster.example/v1")
}

fn asked() -> Value {
    let endpoints = REGIONS.map(|region| json!({ "region": region, "url": url(region) }));
    json!({ "controls": { EAST: "arn:east", WEST: "arn:west" }, "endpoints": endpoints })
}

fn prepare(bench: &Bench) {
    bench.fake.add_control("arn:east", true);
    bench.fake.add_control("arn:west", false);
}

fn bench() -> Bench {
    let bench = Bench::new();
    prepare(&bench);
    bench
}

#[test]
fn the_target_alone_is_on_by_one_call() {
    let bench = bench();
    let before = bench.roles(&ArcRoutingControl, asked());
    assert_eq!((before[EAST], before[WEST]), ("active", "standby"));
    assert_eq!(
        bench.run(&ArcRoutingControl, asked(), &case()).outcome,
        Outcome::Done
    );
    assert_eq!(bench.fake.effects("UpdateRoutingControlStates"), 1);
    let after = bench.roles(&ArcRoutingControl, asked());
    assert_eq!((after[EAST], after[WEST]), ("standby", "active"));
    assert_eq!(
        bench.run(&ArcRoutingControl, asked(), &case()).outcome,
        Outcome::AlreadyDone
    );
}

#[test]
fn a_lost_region_loses_its_endpoint_and_its_control_is_off_all_the_same() {
    let bench = bench();
    bench.fake.kill_endpoint(&url(WEST));
    let mut case = case();
    case.lost.insert(east());
    assert_eq!(
        bench.run(&ArcRoutingControl, asked(), &case).outcome,
        Outcome::Done
    );
    let tried = bench.fake.tried_endpoints();
    assert_eq!(tried[..2], [url(WEST), url("eu-west-1")]);
    assert!(!tried.contains(&url(EAST)), "{tried:?}");
    assert_eq!(bench.roles(&ArcRoutingControl, asked())[EAST], "standby");
}

#[test]
fn without_an_endpoint_nothing_is_known() {
    let bench = bench();
    for region in REGIONS {
        bench.fake.kill_endpoint(&url(region));
    }
    let ended = bench.run(&ArcRoutingControl, asked(), &case());
    assert!(
        matches!(ended.outcome, Outcome::Failed(_)),
        "{:?}",
        ended.outcome
    );
    assert_eq!(bench.roles(&ArcRoutingControl, asked())[WEST], "unknown");
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&ArcRoutingControl, &asked(), &case(), prepare) {
        assert_eq!(bench.fake.effects("UpdateRoutingControlStates"), 1);
    }
    let bench =
        Bench::with(Schedule::calm().then("UpdateRoutingControlStates", 0, Fault::Throttle));
    prepare(&bench);
    assert_eq!(
        bench.run(&ArcRoutingControl, asked(), &case()).outcome,
        Outcome::Done
    );
}

#[test]
fn bad_input_is_told() {
    for operation in ["GetRoutingControlState", "UpdateRoutingControlStates"] {
        let permission = format!("{SERVICE}:{operation}");
        denied(&ArcRoutingControl, &asked(), &case(), prepare, &permission);
    }
    unknown_region(&ArcRoutingControl, asked());
    let ended = Bench::new().run(&ArcRoutingControl, asked(), &case());
    assert!(
        told(&ended).seen.contains("arn:east was not found"),
        "{}",
        told(&ended)
    );
    let endpoints = json!({ "endpoints": [{ "region": "moon", "url": "http://x" }] });
    let arguments = crate::steps::bench::arguments(&ArcRoutingControl, endpoints);
    let problems = ArcRoutingControl.check(&arguments, &[]);
    let paths: Vec<_> = problems.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        ["endpoints", "endpoints[0].region", "endpoints[0].url"]
    );
    let good = crate::steps::bench::arguments(&ArcRoutingControl, asked());
    assert_eq!(ArcRoutingControl.check(&good, &[]), []);
}
