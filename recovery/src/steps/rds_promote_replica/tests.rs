//! Tables: what is decided about each state that AWS shows, what is previewed, and what the strict done condition asks.

use std::collections::BTreeMap;

use aws::cloudwatch::LagPoint;
use aws::rds::{DbInstance, DbStatus, PendingModifications, ReplicationStatus, SourceRef};

use super::preview::preview;
use super::settings::unmet;
use super::*;
use crate::gate::data_at_risk::LagEvidence;
use crate::step::{Answer, Performed};

const SOURCE: &str = "arn:aws:rds:us-east-1:123456789012:db:orders";

fn instance(status: &str, source: bool, replication: Option<&str>) -> DbInstance {
    DbInstance {
        identifier: "orders-replica".to_owned(),
        arn: "arn:aws:rds:us-west-2:123456789012:db:orders-replica".to_owned(),
        resource_id: "db-ABC".to_owned(),
        engine: "mysql".to_owned(),
        engine_version: "8.4.3".to_owned(),
        status: DbStatus::from(status),
        source: source.then(|| SourceRef(SOURCE.to_owned())),
        replicas: Vec::new(),
        replication: replication.map(|status| ReplicationStatus(status.to_owned())),
        backup_retention_days: 0,
        backup_window: None,
        multi_az: false,
        deletion_protection: false,
        instance_class: "db.t4g.medium".to_owned(),
        kms_key_id: None,
        endpoint: None,
        security_groups: Vec::new(),
        pending: PendingModifications::default(),
        tags: BTreeMap::new(),
    }
}

fn seen(target: DbInstance) -> Seen {
    Seen {
        at: "2026-08-01T12:00:00Z".parse().unwrap(),
        target,
        evidence: None,
    }
}

fn measured(target: DbInstance, lag: f64) -> Seen {
    let mut seen = seen(target);
    seen.evidence = Some(Evidence {
        lag: LagEvidence {
            now: seen.at,
            source: SourceLife::Accepting { at: seen.at },
            points: Ok(vec![LagPoint {
                at: seen.at,
                seconds: lag,
            }]),
            replication: Some("replicating".to_owned()),
            replicating: true,
            postgres: false,
            metric: "ReplicaLag",
        },
        plan: None,
    });
    seen
}

fn request() -> Request {
    let mut request = Request::new(
        Region::new("us-west-2").unwrap(),
        InstanceId::new("orders-replica").unwrap(),
        Duration::from_mins(5),
    );
    request.source = Some(SOURCE.to_owned());
    request.settings.backup_retention_days = Some(7);
    request
}

fn remembering(act: Act, answer: Answer, seconds_ago: u64) -> Memory<Act> {
    let elapsed = Duration::from_secs(1000);
    Memory {
        performed: vec![Performed {
            act,
            at: elapsed.saturating_sub(Duration::from_secs(seconds_ago)),
            answer,
            error: None,
        }],
        elapsed,
    }
}

fn word(decision: &Decision<Act>) -> &'static str {
    match decision {
        Decision::Done => "done",
        Decision::Wait(_) => "wait",
        Decision::Act(Act::Promote) => "promote",
        Decision::Act(Act::Modify(_)) => "modify",
        Decision::Act(Act::Mark { .. }) => "mark",
        Decision::Fail(_) => "fail",
    }
}

#[test]
fn each_state_that_aws_shows_has_its_answer() {
    let mut writer = instance("available", false, None);
    writer.backup_retention_days = 7;
    let mut late = writer.clone();
    late.backup_retention_days = 1;
    let mut pending = writer.clone();
    pending.pending.others.push("StorageType".to_owned());
    let mut coming = late.clone();
    coming.pending.backup_retention_days = Some(7);
    for (target, expected) in [
        (instance("available", true, Some("replicating")), "promote"),
        (instance("available", true, Some("error")), "promote"),
        (instance("backing-up", true, Some("replicating")), "wait"),
        (instance("modifying", true, Some("replicating")), "wait"),
        (instance("rebooting", true, None), "wait"),
        (
            instance("storage-optimization", true, Some("replicating")),
            "wait",
        ),
        (instance("rebooting", false, None), "wait"),
        // Available, but not done: replication is still shown, settings are not as asked, something is pending.
        (instance("available", false, Some("terminated")), "wait"),
        (late, "modify"),
        (coming, "wait"),
        (pending, "wait"),
        (writer, "done"),
        (instance("failed", true, None), "fail"),
        (instance("storage-full", true, Some("error")), "fail"),
        (instance("incompatible-parameters", false, None), "fail"),
        (
            instance("inaccessible-encryption-credentials", true, None),
            "fail",
        ),
        (instance("stopped", true, None), "fail"),
        (instance("deleting", false, None), "fail"),
    ] {
        let text = format!("{target:?}");
        let decision = decide(&seen(target), &request(), &Memory::default());
        assert_eq!(word(&decision), expected, "{text}");
    }
}

#[test]
fn a_promotion_that_aws_accepted_is_never_sent_again_and_an_unclear_one_not_before_the_status_lag()
{
    let replica = seen(instance("available", true, Some("replicating")));
    for (answer, ago, expected) in [
        (Answer::Accepted, 1, "wait"),
        (Answer::Accepted, 900, "wait"),
        (Answer::Ambiguous, 119, "wait"),
        (Answer::Ambiguous, 120, "promote"),
        (Answer::Rejected, 119, "wait"),
        (Answer::Rejected, 120, "promote"),
    ] {
        let memory = remembering(Act::Promote, answer, ago);
        assert_eq!(
            word(&decide(&replica, &request(), &memory)),
            expected,
            "{answer:?} {ago}"
        );
    }
}

#[test]
fn after_three_rejections_aws_is_believed_and_its_words_are_passed_on() {
    let mut memory = remembering(Act::Promote, Answer::Rejected, 500);
    memory.performed[0].error = Some("InvalidDBInstanceState: not now (request r-9)".to_owned());
    let last = memory.performed[0].clone();
    memory.performed.extend([last.clone(), last]);
    let decision = decide(
        &seen(instance("available", true, Some("replicating"))),
        &request(),
        &memory,
    );
    let Decision::Fail(message) = decision else {
        panic!("{decision:?}");
    };
    assert!(message.seen.contains("request r-9"), "{message}");
}

#[test]
fn settings_are_sent_once_and_only_those_that_do_not_hold() {
    let mut asked = request();
    asked.settings.multi_az = Some(true);
    asked.settings.deletion_protection = Some(false);
    let mut writer = instance("available", false, None);
    writer.backup_retention_days = 7;
    let expected = Act::Modify(Settings {
        multi_az: Some(true),
        ..Settings::default()
    });
    let decision = decide(&seen(writer.clone()), &asked, &Memory::default());
    assert_eq!(decision, Decision::Act(expected.clone()));
    let memory = remembering(expected, Answer::Accepted, 30);
    assert_eq!(
        word(&decide(&seen(writer.clone()), &asked, &memory)),
        "wait"
    );
    writer.pending.multi_az = Some(true);
    assert_eq!(
        word(&decide(&seen(writer.clone()), &asked, &Memory::default())),
        "wait"
    );
    writer.pending = PendingModifications::default();
    writer.multi_az = true;
    assert_eq!(
        decide(&seen(writer), &asked, &Memory::default()),
        Decision::Done
    );
}

#[test]
fn drift_names_each_managed_setting_that_differs_and_no_other() {
    let mut writer = instance("available", false, None);
    writer.backup_retention_days = 1;
    writer.multi_az = true;
    let settings = Settings {
        backup_retention_days: Some(7),
        deletion_protection: Some(true),
        multi_az: Some(true),
        ..Settings::default()
    };
    let found: Vec<String> = unmet(&writer, &settings)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "backup_retention_days is 1, wanted 7",
            "deletion_protection is false, wanted true"
        ]
    );
    assert_eq!(unmet(&writer, &Settings::default()), []);
    // A value that is about to be replaced does not hold.
    writer.pending.multi_az = Some(false);
    assert_eq!(unmet(&writer, &settings).len(), 3);
}

#[test]
fn a_promotion_under_way_is_told_from_an_ordinary_modification_where_aws_tells_it() {
    for (target, expected) in [
        (
            instance("available", true, Some("replicating")),
            UnderWay::No,
        ),
        (instance("available", true, Some("error")), UnderWay::No),
        (
            instance("modifying", true, Some("replicating")),
            UnderWay::Perhaps,
        ),
        (instance("rebooting", true, None), UnderWay::Perhaps),
        (
            instance("rebooting", true, Some("terminated")),
            UnderWay::Yes,
        ),
        (
            instance("available", false, Some("terminated")),
            UnderWay::Yes,
        ),
        (instance("backing-up", false, None), UnderWay::No),
    ] {
        assert_eq!(under_way(&target), expected, "{target:?}");
    }
}

#[test]
fn a_preview_lists_acts_gates_with_numbers_and_the_second_writer() {
    let mut asked = request();
    asked.settings.multi_az = Some(true);
    let shown = preview(
        &measured(instance("available", true, Some("replicating")), 42.0),
        &asked,
    );
    let operations: Vec<_> = shown
        .acts
        .iter()
        .map(|act| (act.operation, act.risk))
        .collect();
    assert_eq!(
        operations,
        [
            ("PromoteReadReplica", Risk::OneWay),
            ("ModifyDBInstance", Risk::Reversible)
        ]
    );
    assert!(shown.is_one_way());
    assert_eq!(shown.refusal(), None);
    let text = shown.to_string();
    assert!(text.contains("up to 42 s of data at risk"), "{text}");
    assert!(text.contains("backup_retention_days = 7"), "{text}");
    assert!(text.contains("two writers"), "{text}");
}

#[test]
fn a_preview_refuses_what_nothing_changes_any_more_and_lists_the_rest_as_checked_later() {
    let replica = || instance("available", true, Some("replicating"));
    let above = preview(&measured(replica(), 301.0), &request());
    assert!(
        above.refusal().unwrap().seen.contains("5 min 1 s"),
        "{above}"
    );

    let mut other = request();
    other.source = Some("arn:aws:rds:us-east-1:123456789012:db:billing".to_owned());
    let wrong = preview(&measured(replica(), 1.0), &other);
    assert!(
        wrong.refusal().unwrap().expected.contains("billing"),
        "{wrong}"
    );

    let unmeasured = preview(&seen(replica()), &request());
    assert_eq!(unmeasured.refusal(), None);
    assert_eq!(unmeasured.checked_later().count(), 1);

    let broken = preview(&seen(instance("failed", true, None)), &request());
    assert!(
        broken.refusal().unwrap().seen.contains("failed"),
        "{broken}"
    );
}

#[test]
fn a_preview_of_a_writer_has_no_gate_and_nothing_one_way() {
    let mut writer = instance("available", false, None);
    let shown = preview(&seen(writer.clone()), &request());
    assert_eq!(shown.acts.len(), 1, "the retention is not as asked");
    assert!(!shown.is_one_way());
    assert!(shown.gates.is_empty());
    writer.backup_retention_days = 7;
    assert!(
        preview(&seen(writer), &request())
            .to_string()
            .ends_with("nothing to do")
    );
}

#[test]
fn lost_at_is_not_believed_against_a_source_that_answers_and_that_is_said() {
    let mut asked = request();
    asked.lost_at = Some("2026-08-01T11:00:00Z".parse().unwrap());
    let said = warnings(
        &measured(instance("available", true, Some("replicating")), 1.0),
        &asked,
    );
    assert!(said.iter().any(|line| line.contains("lost_at")), "{said:?}");
}
