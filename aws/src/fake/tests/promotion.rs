//! A replica becomes a writer.

use std::time::Duration;

use super::super::{Effect, Lifecycle};
use super::{Estate, PRIMARY, REPLICA, east, promotion, west};
use crate::rds::PromoteReadReplica;
use crate::{Aws, ErrorKind};

#[test]
fn a_cross_region_replica_and_its_source_name_each_other_by_arn() {
    let estate = Estate::new();
    let replica = estate.replica();
    let source = estate.describe(&east(), PRIMARY).unwrap();
    assert_eq!(replica.source.unwrap().as_str(), source.arn);
    assert_eq!(source.replicas, [replica.arn]);
    assert!(replica.replication.unwrap().is_replicating());
    assert_eq!(
        replica.backup_retention_days, 0,
        "replicas are made without backups"
    );
}

#[test]
fn a_promotion_lies_then_modifies_reboots_backs_up_and_only_then_is_a_writer() {
    let estate = Estate::new();
    let accepted = estate.promote(&promotion()).unwrap();
    assert_eq!(
        accepted.status.as_str(),
        "available",
        "the answer shows nothing yet"
    );
    let mut seen = Vec::new();
    for _ in 0..90 {
        let shown = estate.replica();
        let is_replica = shown.source.is_some() && shown.replication.is_some();
        let stage = (shown.status.to_string(), is_replica);
        if seen.last() != Some(&stage) {
            seen.push(stage);
        }
        estate.pass(5);
    }
    let stages: Vec<(&str, bool)> = seen
        .iter()
        .map(|(status, is)| (status.as_str(), *is))
        .collect();
    assert_eq!(
        stages,
        [
            ("available", true),
            ("modifying", true),
            ("rebooting", true),
            ("backing-up", true),
            ("available", false)
        ]
    );
    assert!(
        estate
            .describe(&east(), PRIMARY)
            .unwrap()
            .replicas
            .is_empty()
    );
}

#[test]
fn backups_are_kept_for_a_day_unless_asked_otherwise() {
    for (asked, kept) in [(None, 1), (Some(14), 14), (Some(0), 0)] {
        let estate = Estate::new();
        let window = Some("05:00-06:00".to_owned());
        let request = PromoteReadReplica {
            backup_retention_days: asked,
            backup_window: window.clone(),
            ..promotion()
        };
        estate.promote(&request).unwrap();
        estate.pass(3600);
        let writer = estate.replica();
        assert_eq!(
            (writer.backup_retention_days, writer.backup_window),
            (kept, window)
        );
    }
}

#[test]
fn without_backups_there_is_no_backing_up() {
    let estate = Estate::new();
    let request = PromoteReadReplica {
        backup_retention_days: Some(0),
        ..promotion()
    };
    estate.promote(&request).unwrap();
    let of_promotion = Lifecycle::default();
    let end = of_promotion.lie + of_promotion.modifying + of_promotion.rebooting;
    estate
        .clock
        .advance(end.saturating_sub(Duration::from_secs(1)));
    assert_eq!(estate.status(), "rebooting");
    estate.pass(1);
    assert_eq!(estate.status(), "available");
    assert_eq!(estate.replica().source, None);
}

#[test]
fn a_second_promotion_is_refused_at_every_moment_and_takes_no_effect() {
    let estate = Estate::new();
    estate.promote(&promotion()).unwrap();
    for _ in 0..60 {
        let error = estate.promote(&promotion()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidState);
        assert_eq!(error.code.as_deref(), Some("InvalidDBInstanceState"));
        assert!(error.request_id.is_some());
        estate.pass(10);
    }
    assert_eq!(estate.aws.effects("PromoteReadReplica"), 1);
    assert_eq!(estate.aws.truth(&west(), REPLICA).unwrap().source, None);
}

#[test]
fn what_is_no_replica_is_busy_or_is_not_there_is_not_promoted() {
    let estate = Estate::new();
    let before = estate.replica();
    for status in ["backing-up", "modifying", "failed", "storage-full"] {
        estate.aws.set_status(&west(), REPLICA, status);
        let error = estate.promote(&promotion()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidState, "{status}");
        assert_eq!(estate.status(), status);
    }
    estate.aws.set_status(&west(), REPLICA, "available");
    let too_long = PromoteReadReplica {
        backup_retention_days: Some(36),
        ..promotion()
    };
    assert_eq!(
        estate.promote(&too_long).unwrap_err().kind,
        ErrorKind::Other
    );
    estate.pass(3600);
    assert_eq!(estate.replica(), before, "a refusal changes nothing");
    estate.aws.edit(&west(), REPLICA, |it| it.source = None);
    assert_eq!(
        estate.promote(&promotion()).unwrap_err().kind,
        ErrorKind::InvalidState
    );
    let absent = estate.describe(&east(), REPLICA).unwrap_err();
    assert_eq!(
        (absent.kind, absent.code.as_deref()),
        (ErrorKind::NotFound, Some("DBInstanceNotFound"))
    );
}

#[test]
fn reads_are_stale_for_a_bounded_while_and_differ_by_seed_alone() {
    let course = |seed| {
        let estate = Estate::new();
        estate.aws.set_staleness(Duration::from_secs(30), seed);
        estate.promote(&promotion()).unwrap();
        let first = Lifecycle::default().lie;
        estate.clock.advance(first);
        let shown: Vec<String> = (0..29)
            .map(|_| {
                let status = estate.status();
                estate.pass(1);
                status
            })
            .collect();
        estate.pass(1);
        assert_eq!(
            estate.status(),
            "modifying",
            "after the bound the truth shows"
        );
        shown
    };
    let shown = course(7);
    assert!(shown.contains(&"available".to_owned()) && shown.contains(&"modifying".to_owned()));
    assert_eq!(shown, course(7));
    assert_ne!(shown, course(8));
}

#[test]
fn the_call_log_tells_what_each_call_did() {
    let estate = Estate::new();
    estate.replica();
    estate.promote(&promotion()).unwrap();
    estate.promote(&promotion()).unwrap_err();
    let identity = estate.aws.identity(&west()).unwrap();
    let caller = estate.clock.drive(identity.caller()).unwrap().unwrap();
    assert_eq!(caller.account, super::super::ACCOUNT);
    let log: Vec<(&str, Effect)> = estate
        .aws
        .calls()
        .iter()
        .map(|call| (call.operation, call.effect))
        .collect();
    assert_eq!(
        log,
        [
            ("DescribeDBInstances", Effect::Read),
            ("PromoteReadReplica", Effect::Changed),
            (
                "PromoteReadReplica",
                Effect::Refused(ErrorKind::InvalidState)
            ),
            ("GetCallerIdentity", Effect::Read),
        ]
    );
}

#[test]
fn a_replica_of_the_same_region_is_named_by_identifier_and_forgotten_by_it() {
    let estate = Estate::new();
    let (id, source) = ("orders-near", PRIMARY);
    estate.aws.add_replica(&east(), id, &east(), source);
    assert_eq!(
        estate
            .describe(&east(), id)
            .unwrap()
            .source
            .unwrap()
            .as_str(),
        source
    );
    let rds = estate.aws.rds(&east()).unwrap();
    let request = PromoteReadReplica::new(crate::rds::InstanceId::new(id).unwrap());
    estate
        .clock
        .drive(rds.promote_read_replica(&request))
        .unwrap()
        .unwrap();
    estate.pass(3600);
    let left = estate.describe(&east(), source).unwrap().replicas;
    assert_eq!(left, [estate.replica().arn], "the other replica follows on");
}
