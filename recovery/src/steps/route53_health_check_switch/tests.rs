//! Switches against doubles of S3 and the web.

use aws::ErrorKind;
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, arguments, case, east, region, told, unknown_region, west,
};

const URL: &str = "https://shop.example/where";

fn asked() -> Value {
    json!({ "switches": [{ "region": WEST, "bucket": "b", "key": "west" }] })
}

fn proved() -> Value {
    let mut arguments = asked();
    arguments["proof_url"] = json!(URL);
    arguments["proof_contains"] = json!({ EAST: "here is east", WEST: "here is west" });
    arguments
}

fn set(bench: &Bench, region: &Region, key: &str) {
    let place = (region.clone(), "b".to_owned(), key.to_owned());
    bench
        .doubles
        .objects
        .lock()
        .unwrap()
        .insert(place, Vec::new());
}

#[test]
fn the_object_appears_and_goes_again_on_the_way_home() {
    let bench = Bench::new();
    let roles = bench.roles(&Route53HealthCheckSwitch, asked());
    assert_eq!((roles[EAST], roles[WEST]), ("active", "standby"));
    assert_eq!(
        bench
            .run(&Route53HealthCheckSwitch, asked(), &case())
            .outcome,
        Outcome::Done
    );
    assert!(bench.doubles.has(&west(), "b", "west"));
    let roles = bench.roles(&Route53HealthCheckSwitch, asked());
    assert_eq!((roles[EAST], roles[WEST]), ("standby", "active"));
    assert_eq!(
        bench
            .run(&Route53HealthCheckSwitch, asked(), &case())
            .outcome,
        Outcome::AlreadyDone
    );

    let mut home = case();
    (home.target, home.from) = (east(), Some(west()));
    assert_eq!(
        bench.run(&Route53HealthCheckSwitch, asked(), &home).outcome,
        Outcome::Done
    );
    assert!(!bench.doubles.has(&west(), "b", "west"));
}

#[test]
fn of_several_switches_the_targets_comes_first_and_a_lost_one_is_left_and_told() {
    let third = region("eu-west-1");
    let mut arguments = asked();
    let more = json!({ "region": "eu-west-1", "bucket": "b", "key": "third" });
    arguments["switches"]
        .as_array_mut()
        .unwrap()
        .insert(0, more);
    let mut case = case();
    case.regions.push(third.clone());
    let bench = Bench::new();
    set(&bench, &third, "third");
    let ended = bench.run(&Route53HealthCheckSwitch, arguments.clone(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    let words: Vec<_> = ended
        .acts
        .iter()
        .map(|past| past.act.words.as_str())
        .collect();
    assert_eq!(
        words,
        [
            "PutObject s3://b/west in us-west-2",
            "DeleteObject s3://b/third in eu-west-1"
        ]
    );

    let bench = Bench::new();
    set(&bench, &third, "third");
    case.lost.insert(third.clone());
    let ended = bench.run(&Route53HealthCheckSwitch, arguments, &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(bench.doubles.has(&third, "b", "third"));
    assert!(
        ended.warnings[0].contains("eu-west-1"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn with_a_proof_it_is_done_when_the_target_answers() {
    let bench = Bench::new();
    for (status, body) in [
        (200, "here is east"),
        (0, ""),
        (503, "here is west"),
        (200, "here is west"),
    ] {
        bench.fake.answer_web(URL, status, body);
    }
    let ended = bench.run(&Route53HealthCheckSwitch, proved(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    let bench = Bench::new();
    bench.fake.answer_web(URL, 200, "here is east");
    let ended = bench.run(&Route53HealthCheckSwitch, proved(), &case());
    assert!(matches!(ended.outcome, Outcome::TimedOut(_)));
    assert!(
        told(&ended).seen.contains("from elsewhere"),
        "{}",
        told(&ended)
    );
}

#[test]
fn passing_faults_never_fail_it() {
    for kind in [
        ErrorKind::Throttled,
        ErrorKind::Unavailable,
        ErrorKind::Timeout,
        ErrorKind::Unreachable,
    ] {
        for before in 0..3 {
            let bench = Bench::new();
            // Errors are met from the end: the first calls are answered by them.
            *bench.doubles.errors.lock().unwrap() = vec![kind; before];
            let ended = bench.run(&Route53HealthCheckSwitch, asked(), &case());
            assert_eq!(ended.outcome, Outcome::Done, "{kind:?} {before}");
        }
    }
}

#[test]
fn bad_input_is_told() {
    let bench = Bench::new();
    bench
        .doubles
        .errors
        .lock()
        .unwrap()
        .push(ErrorKind::AccessDenied);
    let ended = bench.run(&Route53HealthCheckSwitch, asked(), &case());
    assert!(
        told(&ended).next.contains("allow s3:GetObject"),
        "{}",
        told(&ended)
    );
    unknown_region(&Route53HealthCheckSwitch, asked());
    let regions = [east(), west()];
    let wrong = json!({
        "switches": [{ "region": EAST, "bucket": "b", "key": "k" }],
        "proof_url": "ftp://x",
    });
    let problems =
        Route53HealthCheckSwitch.check(&arguments(&Route53HealthCheckSwitch, wrong), &regions);
    let paths: Vec<_> = problems.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["switches[0].region", "switches", "proof_url"]);
    let good = arguments(&Route53HealthCheckSwitch, proved());
    assert_eq!(Route53HealthCheckSwitch.check(&good, &regions), []);
}

#[test]
fn where_a_switch_is_unknown_the_first_region_is_too() {
    let bench = Bench::new();
    bench
        .doubles
        .errors
        .lock()
        .unwrap()
        .push(ErrorKind::Unreachable);
    let roles = bench.roles(&Route53HealthCheckSwitch, asked());
    assert_eq!((roles[EAST], roles[WEST]), ("unknown", "unknown"));
}

#[test]
fn it_stays_on_data_planes() {
    let arguments = arguments(&Route53HealthCheckSwitch, asked());
    let calls = Route53HealthCheckSwitch.calls(&arguments, Mode::Failover, &west(), Some(&east()));
    assert_eq!(calls.len(), 2);
    assert!(
        calls
            .iter()
            .all(|call| call.plane == Plane::Data && call.region == west())
    );
}
