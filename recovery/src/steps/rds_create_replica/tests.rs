//! Rebuilding replication against the fake.

use aws::fake::{connections, standalone};
use aws::faults::{Fault, Schedule};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::databases::EPOCH_TAG;
use super::super::testing::{
    Estate, case, changes, east, given, kill_everywhere, refusal, slow, west,
};
use super::{REPLACED_TAG, RdsCreateReplicaKind as Create};
use crate::gate::fenced::QUARANTINE_TAG;
use crate::kind::{Case, Kind};
use crate::mode::Mode;
use crate::outcome::Outcome;

fn arguments() -> Value {
    json!({
        "instances": { "us-east-1": "orders", "us-west-2": "orders-replica" },
        "suffix": "old",
        "security_groups": { "us-east-1": ["sg-open"], "us-west-2": ["sg-open"] },
    })
}

/// The west was promoted with epoch 7; the old primary in the east is back, in quarantine.
fn failed_over(schedule: Schedule) -> Estate {
    let estate = Estate::with(schedule);
    estate.fake.edit(&west(), "orders-replica", |it| {
        it.source = None;
        it.replication = None;
        it.backup_retention_days = 7;
        it.tags.insert(EPOCH_TAG.to_owned(), "7".to_owned());
    });
    let since = estate.now() - SignedDuration::from_mins(10);
    estate.fake.edit(&east(), "orders", |it| {
        it.replicas.clear();
        it.security_groups = vec!["sg-closed".to_owned()];
        it.tags
            .insert(QUARANTINE_TAG.to_owned(), format!("sg-closed {since}"));
    });
    let connected = connections("orders");
    estate
        .fake
        .set_metric_of_the_past(&east(), &connected, Some(0.0));
    estate
}

fn reprotect() -> Case {
    let mut case = case(Mode::Reprotect);
    case.from = Some(west());
    case.epoch = 8;
    case
}

#[test]
fn the_old_primary_is_tagged_renamed_and_kept_and_a_replica_stands_in_its_place() {
    let estate = failed_over(Schedule::calm());
    let ended = estate.run(&Create, arguments(), &reprotect());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        changes(&estate),
        [
            "AddTagsToResource",
            "ModifyDBInstance",
            "CreateDBInstanceReadReplica"
        ]
    );
    let old = estate
        .fake
        .truth(&east(), "orders-old-8")
        .expect("it is kept");
    assert!(old.tags[REPLACED_TAG].ends_with(":db:orders-replica"));
    let replica = estate.fake.truth(&east(), "orders").unwrap();
    assert!(replica.source.unwrap().as_str().contains("us-west-2"));
    assert_eq!(replica.security_groups, ["sg-open"], "not in quarantine");
    assert!(
        ended
            .warnings
            .iter()
            .any(|line| line.contains("orders-old-8")),
        "{:?}",
        ended.warnings
    );
    let again = estate.run(&Create, arguments(), &reprotect());
    assert_eq!(again.outcome, Outcome::AlreadyDone);
}

#[test]
fn a_second_writer_that_is_not_fenced_or_not_of_the_lower_epoch_is_left_as_it_is() {
    for (what, text) in [
        ("open", "accepts writes"),
        ("connected", "connections"),
        ("same epoch", "of epoch 7, orders of 7"),
        ("higher epoch", "of epoch 7, orders of 9"),
        ("no epoch", "of epoch none"),
    ] {
        let estate = failed_over(Schedule::calm());
        let tag = |region, id, epoch: &str| {
            let epoch = epoch.to_owned();
            estate.fake.edit(&region, id, |it| {
                it.tags.insert(EPOCH_TAG.to_owned(), epoch);
            });
        };
        match what {
            "open" => estate.fake.edit(&east(), "orders", |it| {
                it.security_groups = vec!["sg-open".to_owned()];
            }),
            "connected" => {
                let connected = connections("orders");
                estate
                    .fake
                    .set_metric_of_the_past(&east(), &connected, Some(3.0));
            }
            "same epoch" => tag(east(), "orders", "7"),
            "higher epoch" => tag(east(), "orders", "9"),
            _ => estate
                .fake
                .edit(&west(), "orders-replica", |it| it.tags.clear()),
        }
        let ended = estate.run(&Create, arguments(), &reprotect());
        assert!(
            refusal(&ended).contains(text),
            "{what}: {}",
            refusal(&ended)
        );
        assert_eq!(estate.fake.effects("ModifyDBInstance"), 0, "{what}");
        assert!(estate.fake.truth(&east(), "orders").is_some(), "{what}");
    }
}

#[test]
fn a_stopped_old_primary_is_left_as_it_is_since_aws_renames_no_stopped_instance() {
    let estate = failed_over(Schedule::calm());
    estate.fake.edit(&east(), "orders", |it| {
        it.status = aws::rds::DbStatus::from("stopped");
    });
    let ended = estate.run(&Create, arguments(), &reprotect());
    let Outcome::Failed(message) = ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(message.seen.contains("stopped"), "{message}");
    assert_eq!(estate.fake.effects("ModifyDBInstance"), 0);
}

#[test]
fn where_nothing_stands_a_replica_is_made_at_once() {
    let estate = failed_over(Schedule::calm());
    let mut other = arguments();
    other["instances"]["us-east-1"] = json!("orders-2");
    let ended = estate.run(&Create, other, &reprotect());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(changes(&estate), ["CreateDBInstanceReadReplica"]);
}

#[test]
fn what_cannot_be_followed_fails_before_anything_is_made() {
    for (what, text) in [
        ("key", "key"),
        ("backups", "backups"),
        ("key and an old primary", "key"),
        ("replica", "is a replica"),
        ("taken", "exists already"),
    ] {
        let estate = failed_over(Schedule::calm());
        let mut arguments = arguments();
        match what {
            "key" => {
                arguments["instances"]["us-east-1"] = json!("orders-2");
                estate.fake.edit(&west(), "orders-replica", |it| {
                    it.kms_key_id = Some("key".to_owned());
                });
            }
            "backups" => {
                arguments["instances"]["us-east-1"] = json!("orders-2");
                estate
                    .fake
                    .edit(&west(), "orders-replica", |it| it.backup_retention_days = 0);
            }
            "key and an old primary" => estate.fake.edit(&west(), "orders-replica", |it| {
                it.kms_key_id = Some("key".to_owned());
            }),
            "replica" => estate.fake.edit(&west(), "orders-replica", |it| {
                it.source = Some(aws::rds::SourceRef("x".to_owned()));
            }),
            _ => estate.fake.add(&east(), {
                let mut other = standalone(&east(), "orders-old-8");
                other.resource_id = "db-OTHER".to_owned();
                other
            }),
        }
        let ended = estate.run(&Create, arguments, &reprotect());
        let Outcome::Failed(message) = &ended.outcome else {
            panic!("{what}: {:?}", ended.outcome);
        };
        assert!(message.seen.contains(text), "{what}: {message}");
        for action in ["CreateDBInstanceReadReplica", "ModifyDBInstance"] {
            assert_eq!(estate.fake.effects(action), 0, "{what}: {action}");
        }
    }
}

#[test]
fn a_region_that_is_still_lost_is_not_called_and_is_no_success() {
    let estate = failed_over(Schedule::calm());
    let mut case = reprotect();
    case.lost.insert(east());
    let ended = estate.run(&Create, arguments(), &case);
    assert!(
        matches!(ended.outcome, Outcome::Failed(_)),
        "{:?}",
        ended.outcome
    );
    assert!(
        ended.warnings[0].contains("left out"),
        "{:?}",
        ended.warnings
    );
    assert!(
        estate
            .faulty
            .attempts()
            .iter()
            .all(|call| call.region == west())
    );
}

#[test]
fn lost_answers_lead_to_one_rename_and_one_replica() {
    for operation in ["ModifyDBInstance", "CreateDBInstanceReadReplica"] {
        for fault in [
            Fault::ResetAfterEffect,
            Fault::ResetBeforeEffect,
            Fault::BlackHoleAfterEffect,
        ] {
            let estate = failed_over(Schedule::calm().then(operation, 0, fault));
            let ended = estate.run(&Create, arguments(), &reprotect());
            assert_eq!(
                ended.outcome,
                Outcome::Done,
                "{operation} {fault:?}: {ended:?}"
            );
            assert_eq!(estate.fake.effects(operation), 1, "{operation} {fault:?}");
        }
    }
}

#[test]
fn a_name_too_long_for_the_old_primary_is_found_in_the_document() {
    let mut long = arguments();
    long["instances"]["us-east-1"] = json!("o".repeat(60));
    let wrong = Create.check(&given(long), &[east(), west()]);
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0].0, "suffix");
}

#[test]
fn killed_anywhere_the_next_run_renames_and_creates_once() {
    let lost_answer = |operation| slow().then(operation, 0, Fault::BlackHoleAfterEffect);
    let create = "CreateDBInstanceReadReplica";
    for schedule in [slow(), lost_answer("ModifyDBInstance"), lost_answer(create)] {
        let world = || failed_over(schedule.clone());
        let once = ["ModifyDBInstance", create];
        let points = kill_everywhere(world, &Create, &arguments(), |_| reprotect(), &once);
        assert!(points > 40, "{points}");
    }
}
