//! The fence against the fake: what is done, what proves it, and what only a consent opens.

use std::time::Duration;

use aws::fake::connections;
use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::super::testing::{
    Estate, case, changes, east, east_lost, kill_everywhere, refusal, slow,
};
use super::FenceDatabaseKind as Fence;
use crate::gate::fenced::QUARANTINE_TAG;
use crate::kind::Kind;
use crate::mode::Mode;
use crate::outcome::Outcome;

fn arguments() -> Value {
    json!({
        "instances": { "us-east-1": "orders", "us-west-2": "orders-replica" },
        "by": "quarantine",
        "quarantine": { "us-east-1": "sg-closed", "us-west-2": "sg-closed-west" },
    })
}

fn closed(estate: &Estate) {
    estate.fake.close_group("sg-closed");
}

#[test]
fn quarantine_then_restart_and_done_only_after_a_minute_without_a_connection() {
    let estate = Estate::new();
    closed(&estate);
    let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(!ended.unfenced, "{:?}", ended.warnings);
    assert_eq!(
        changes(&estate),
        ["ModifyDBInstance", "AddTagsToResource", "RebootDBInstance"]
    );
    let truth = estate.fake.truth(&east(), "orders").unwrap();
    assert_eq!(truth.security_groups, ["sg-closed"]);
    let again = estate.run(&Fence, arguments(), &case(Mode::Failover));
    assert_eq!(
        again.outcome,
        Outcome::AlreadyDone,
        "another run proves it without an act"
    );
}

#[test]
fn a_group_that_still_lets_connections_in_is_no_fence() {
    let estate = Estate::new();
    let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
    let text = refusal(&ended);
    assert!(text.contains("12 connections"), "{text}");
    assert_eq!(changes(&estate).last(), Some(&"RebootDBInstance"));
}

#[test]
fn a_tag_of_an_older_quarantine_proves_nothing_once_the_group_is_another() {
    let estate = Estate::new();
    closed(&estate);
    estate.fake.edit(&east(), "orders", |it| {
        let tag = "sg-closed 2026-08-01T10:00:00Z".to_owned();
        it.tags.insert(QUARANTINE_TAG.to_owned(), tag);
    });
    estate
        .fake
        .set_metric_of_the_past(&east(), &connections("orders"), Some(0.0));
    let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(changes(&estate)[0], "ModifyDBInstance");
}

#[test]
fn a_lost_region_is_not_called_and_refused_until_somebody_accepts_a_second_writer() {
    let estate = Estate::new();
    let mut case = east_lost(&estate);
    let ended = estate.run(&Fence, arguments(), &case);
    assert!(refusal(&ended).contains("declared lost"));
    assert!(ended.acts.is_empty());

    case.consents.push(estate.unfenced());
    let ended = estate.run(&Fence, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(ended.unfenced);
    assert!(
        ended.warnings[0].contains("unfenced"),
        "{:?}",
        ended.warnings
    );
    assert_eq!(
        estate.faulty.attempts(),
        [],
        "nothing is called in a lost region"
    );

    case.consents[0].epoch = 6;
    let ended = estate.run(&Fence, arguments(), &case);
    refusal(&ended);
    assert!(
        ended.warnings[0].contains("epoch 6"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn a_consent_does_not_spare_a_writer_that_answers() {
    let estate = Estate::new();
    closed(&estate);
    let mut case = case(Mode::Failover);
    case.consents.push(estate.unfenced());
    let ended = estate.run(&Fence, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(!ended.unfenced);
    assert_eq!(estate.fake.effects("RebootDBInstance"), 1);
}

#[test]
fn a_region_that_is_silent_and_not_declared_lost_says_what_to_do() {
    let estate = Estate::new();
    estate.faulty.lose(&east());
    let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
    let Outcome::Failed(message) = ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(message.next.contains("declare it lost"), "{message}");
}

#[test]
fn stopping_is_refused_before_the_call_where_replicas_follow_and_proved_by_the_status_elsewhere() {
    let mut by_stop = arguments();
    by_stop["by"] = json!("stop");
    let estate = Estate::new();
    let ended = estate.run(&Fence, by_stop.clone(), &case(Mode::Failover));
    assert!(
        matches!(ended.outcome, Outcome::Failed(_)),
        "{:?}",
        ended.outcome
    );
    assert_eq!(estate.fake.effects("StopDBInstance"), 0);

    estate
        .fake
        .edit(&east(), "orders", |it| it.replicas.clear());
    let ended = estate.run(&Fence, by_stop, &case(Mode::Failover));
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(ended.warnings[0].contains("seven days"));
}

#[test]
fn an_old_writer_that_is_gone_or_follows_the_new_one_is_fenced_already() {
    for change in ["source", "status"] {
        let estate = Estate::new();
        estate.fake.edit(&east(), "orders", |it| match change {
            "source" => it.source = Some(aws::rds::SourceRef("other".to_owned())),
            _ => it.status = aws::rds::DbStatus::from("stopped"),
        });
        let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
        assert_eq!(ended.outcome, Outcome::AlreadyDone, "{change}");
    }
}

#[test]
fn an_unclear_answer_is_watched_and_then_repeated() {
    for (fault, effects) in [(Fault::ResetBeforeEffect, 1), (Fault::ResetAfterEffect, 1)] {
        let estate = Estate::with(Schedule::calm().then("ModifyDBInstance", 0, fault));
        closed(&estate);
        let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
        assert_eq!(ended.outcome, Outcome::Done, "{fault:?}");
        assert_eq!(
            estate.fake.effects("ModifyDBInstance"),
            effects,
            "{fault:?}"
        );
        assert!(ended.elapsed > Duration::from_mins(2) || fault == Fault::ResetAfterEffect);
    }
}

#[test]
fn over_many_seeds_of_faults_it_ends_fenced() {
    for seed in 0..60 {
        let estate = Estate::with(Schedule::seeded(seed, 30));
        closed(&estate);
        let ended = estate.run(&Fence, arguments(), &case(Mode::Failover));
        assert_eq!(ended.outcome, Outcome::Done, "seed {seed}: {ended:?}");
        let truth = estate.fake.truth(&east(), "orders").unwrap();
        assert_eq!(truth.security_groups, ["sg-closed"], "seed {seed}");
    }
}

#[test]
fn a_document_without_a_group_for_a_region_is_told_so() {
    let mut without = arguments();
    without["quarantine"]["us-west-2"] = json!("closed");
    let wrong = Fence.check(
        &super::super::testing::given(without),
        &[east(), super::super::testing::west()],
    );
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0].0, "quarantine.us-west-2");
}

#[test]
fn killed_anywhere_the_next_run_fences_it() {
    let world = || {
        let estate = Estate::with(slow());
        closed(&estate);
        estate
    };
    let once = ["ModifyDBInstance"];
    let points = kill_everywhere(world, &Fence, &arguments(), |_| case(Mode::Failover), &once);
    assert!(points > 40, "{points}");
}
