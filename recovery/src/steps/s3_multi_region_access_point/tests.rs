//! Routes against the fake.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{Bench, EAST, WEST, case, denied, east, region, survives, told, west};

const ARN: &str = "arn:aws:s3::123456789012:accesspoint/shop.mrap";

fn asked() -> Value {
    json!({ "access_point_arn": ARN })
}

fn prepare(bench: &Bench) {
    let third = region("eu-west-1");
    bench
        .fake
        .add_access_point(ARN, &[(&east(), 100), (&west(), 0), (&third, 0)]);
}

fn bench() -> Bench {
    let bench = Bench::new();
    prepare(&bench);
    bench
}

#[test]
fn everything_is_routed_to_the_target() {
    let bench = bench();
    let ended = bench.run(&S3MultiRegionAccessPoint, asked(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    let roles = bench.roles(&S3MultiRegionAccessPoint, asked());
    assert_eq!((roles[EAST], roles[WEST]), ("standby", "active"));
    assert_eq!(
        bench
            .run(&S3MultiRegionAccessPoint, asked(), &case())
            .outcome,
        Outcome::AlreadyDone
    );
    assert_eq!(bench.fake.effects("SubmitMultiRegionAccessPointRoutes"), 1);
}

#[test]
fn a_lost_endpoint_is_skipped_and_a_silent_one_passed_over() {
    let bench = bench();
    let mut case = case();
    case.lost.insert(east());
    bench.faulty.lose(&west());
    assert_eq!(
        bench.run(&S3MultiRegionAccessPoint, asked(), &case).outcome,
        Outcome::Done
    );
    assert!(
        bench
            .faulty
            .attempts()
            .iter()
            .all(|attempt| attempt.region != east())
    );
    let calls = bench.fake.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.region.as_str() == "ap-southeast-2"),
        "{calls:?}"
    );
}

#[test]
fn where_no_endpoint_answers_it_is_told_which_were_asked() {
    let bench = bench();
    let mut case = case();
    case.timeout = Duration::from_mins(10);
    for name in ROUTE_REGIONS {
        bench.faulty.lose(&region(name));
    }
    let ended = bench.run(&S3MultiRegionAccessPoint, asked(), &case);
    assert!(
        matches!(ended.outcome, Outcome::Failed(_)),
        "{:?}",
        ended.outcome
    );
    assert_eq!(
        bench.roles(&S3MultiRegionAccessPoint, asked())[WEST],
        "unknown"
    );
}

#[test]
fn an_access_point_without_the_target_is_a_failure() {
    let bench = Bench::new();
    bench.fake.add_access_point(ARN, &[(&east(), 100)]);
    let ended = bench.run(&S3MultiRegionAccessPoint, asked(), &case());
    assert!(
        told(&ended).seen.contains("no bucket in us-west-2"),
        "{}",
        told(&ended)
    );
    assert_eq!(ended.acts, []);
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&S3MultiRegionAccessPoint, &asked(), &case(), prepare) {
        assert_eq!(bench.fake.effects("SubmitMultiRegionAccessPointRoutes"), 1);
    }
    let schedule = Schedule::calm().then("SubmitMultiRegionAccessPointRoutes", 0, Fault::Throttle);
    let bench = Bench::with(schedule);
    prepare(&bench);
    assert_eq!(
        bench
            .run(&S3MultiRegionAccessPoint, asked(), &case())
            .outcome,
        Outcome::Done
    );
}

#[test]
fn bad_input_is_told() {
    for operation in [
        "GetMultiRegionAccessPointRoutes",
        "SubmitMultiRegionAccessPointRoutes",
    ] {
        let permission = format!("s3:{operation}");
        denied(
            &S3MultiRegionAccessPoint,
            &asked(),
            &case(),
            prepare,
            &permission,
        );
    }
    let ended = Bench::new().run(&S3MultiRegionAccessPoint, asked(), &case());
    assert!(
        told(&ended).seen.contains("NoSuchMultiRegionAccessPoint"),
        "{}",
        told(&ended)
    );
}
