//! The backlog against the fake.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::databases::metric;
use super::super::testing::{Estate, case, changes, east, east_lost, given, refusal, west};
use super::S3ReplicationKind as Backlog;
use crate::consent::AcceptedRisk;
use crate::kind::Kind;
use crate::mode::Mode;
use crate::outcome::Outcome;

fn arguments() -> Value {
    json!({
        "buckets": { "us-east-1": "files-east", "us-west-2": "files-west" },
        "rules": { "us-east-1": "all", "us-west-2": "all-back" },
    })
}

fn named(name: &str) -> aws::metrics::Metric {
    let dimensions = [
        ("SourceBucket", "files-east"),
        ("DestinationBucket", "files-west"),
        ("RuleId", "all"),
    ];
    metric("AWS/S3", name, &dimensions)
}

fn estate(pending: Option<f64>, latency: Option<f64>) -> Estate {
    let estate = Estate::new();
    let set = |name, value| {
        estate
            .fake
            .set_metric_of_the_past(&west(), &named(name), value);
    };
    set("OperationsPendingReplication", pending);
    set("ReplicationLatency", latency);
    set(
        "BytesPendingReplication",
        pending.map(|count| count * 1024.0),
    );
    estate
}

#[test]
fn in_a_failover_the_backlog_is_bound_by_the_rpo_and_read_where_the_files_arrive() {
    for (pending, latency, word) in [
        (Some(0.0), None, "already done"),
        (Some(40.0), Some(200.0), "already done"),
        (Some(40.0), Some(301.0), "refused"),
        // Something is pending, and nobody knows since when.
        (Some(40.0), None, "refused"),
        (None, Some(0.0), "refused"),
        (None, None, "refused"),
    ] {
        let estate = estate(pending, latency);
        let ended = estate.run(&Backlog, arguments(), &east_lost(&estate));
        assert_eq!(
            ended.outcome.name(),
            word,
            "{pending:?} {latency:?}: {:?}",
            ended.outcome
        );
        assert!(
            estate
                .faulty
                .attempts()
                .iter()
                .all(|call| call.region == west())
        );
        assert_eq!(changes(&estate), Vec::<&str>::new());
    }
}

#[test]
fn after_the_loss_silence_and_growth_say_nothing() {
    let estate = estate(Some(0.0), None);
    let case = east_lost(&estate);
    estate
        .fake
        .set_metric(&west(), &named("OperationsPendingReplication"), None);
    estate.pass(Duration::from_hours(1));
    let ended = estate.run(&Backlog, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::AlreadyDone);
}

#[test]
fn a_consent_lets_a_failover_go_on() {
    let estate = estate(Some(40.0), Some(1_000.0));
    let mut case = east_lost(&estate);
    let ended = estate.run(&Backlog, arguments(), &case);
    assert!(
        refusal(&ended).contains("17 min 40 s"),
        "{}",
        refusal(&ended)
    );
    case.consents = vec![estate.consent(AcceptedRisk::DataLossUpTo(Duration::from_mins(20)))];
    let ended = estate.run(&Backlog, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        changes(&estate),
        Vec::<&str>::new(),
        "no call stands behind it"
    );
}

#[test]
fn a_switchover_waits_until_nothing_is_pending_for_two_minutes() {
    let estate = estate(Some(7.0), Some(20.0));
    let step = Backlog.build(
        &given(arguments()),
        &case(Mode::Switchover),
        &estate.means(),
    );
    let ended = estate.drive(step.unwrap().as_ref(), Duration::from_mins(10));
    let Outcome::TimedOut(message) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(message.seen.contains("7 operations pending"), "{message}");
    estate
        .fake
        .set_metric(&west(), &named("OperationsPendingReplication"), Some(0.0));
    let ended = estate.run(&Backlog, arguments(), &case(Mode::Switchover));
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(
        ended.elapsed >= Duration::from_mins(2),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn a_switchover_does_not_take_silence_for_nothing() {
    let estate = estate(None, None);
    let ended = estate.run(&Backlog, arguments(), &case(Mode::Switchover));
    assert!(refusal(&ended).contains("unknown"), "{}", refusal(&ended));
}

#[test]
fn what_failed_is_counted_and_told_and_unknown_is_told_too() {
    let estate = estate(Some(0.0), None);
    // Three in the newest hour that is over; a sum counts each minute once.
    estate
        .fake
        .set_metric(&east(), &named("OperationsFailedReplication"), Some(3.0));
    estate.pass(Duration::from_mins(1));
    estate
        .fake
        .set_metric(&east(), &named("OperationsFailedReplication"), None);
    estate.pass(Duration::from_hours(1));
    let ended = estate.run(&Backlog, arguments(), &case(Mode::Switchover));
    assert_eq!(ended.outcome, Outcome::AlreadyDone);
    assert!(
        ended.warnings[0].contains("3 operations of files-east failed"),
        "{:?}",
        ended.warnings
    );

    let ended = estate.run(&Backlog, arguments(), &east_lost(&estate));
    assert!(
        ended.warnings[0].contains("not known"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn reprotect_looks_the_other_way() {
    let estate = estate(Some(9.0), Some(10.0));
    let back = [
        ("SourceBucket", "files-west"),
        ("DestinationBucket", "files-east"),
        ("RuleId", "all-back"),
    ];
    let back = metric("AWS/S3", "OperationsPendingReplication", &back);
    estate
        .fake
        .set_metric_of_the_past(&east(), &back, Some(0.0));
    let mut case = case(Mode::Reprotect);
    case.from = Some(west());
    assert_eq!(
        estate.run(&Backlog, arguments(), &case).outcome,
        Outcome::AlreadyDone
    );
}

#[test]
fn what_is_measured_in_peace_is_the_backlog_of_each_source() {
    let estate = estate(Some(5.0), Some(3.0));
    let arguments = given(arguments());
    let (region, means) = (west(), estate.means());
    let figures = estate
        .clock
        .drive(Backlog.measure(&arguments, &region, &means));
    let expected = json!({ "files-east": { "pending_operations": 5.0, "pending_bytes": 5120.0 } });
    assert_eq!(figures.unwrap(), Some(expected));
}
