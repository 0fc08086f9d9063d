//! The global writer against the fake.

use std::time::Duration;

use aws::aurora::FailoverState;
use aws::fake::cluster_arn;
use aws::faults::{Fault, Schedule};
use aws::metrics::Metric;
use serde_json::{Value, json};

use super::super::databases::metric;
use super::super::testing::{
    Estate, case, changes, east, east_lost, given, kill_everywhere, refusal, slow, west,
};
use super::AuroraGlobalWriterKind as Writer;
use crate::gate::Gate;
use crate::kind::{Kind, Role};
use crate::mode::Mode;
use crate::outcome::Outcome;

fn lag() -> Metric {
    let dimensions = [("DBClusterIdentifier", "orders-west")];
    metric("AWS/RDS", "AuroraGlobalDBRPOLag", &dimensions)
}

fn estate(schedule: Schedule) -> Estate {
    let estate = Estate::with(schedule);
    let members = [(&east(), "orders-east"), (&west(), "orders-west")];
    estate.fake.add_global_cluster("orders", &members);
    estate
        .fake
        .set_metric_of_the_past(&west(), &lag(), Some(850.0));
    estate
}

fn calm() -> Estate {
    estate(Schedule::calm())
}

fn arguments() -> Value {
    json!({
        "global_cluster": "orders",
        "clusters": { "us-east-1": "orders-east", "us-west-2": "orders-west" },
    })
}

#[test]
fn a_switchover_is_asked_where_the_writer_is_and_done_when_it_moved() {
    let estate = calm();
    let ended = estate.run(&Writer, arguments(), &case(Mode::Switchover));
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(!ended.unfenced);
    assert_eq!(changes(&estate), ["SwitchoverGlobalCluster"]);
    let called = estate.fake.calls().into_iter();
    let mut moves = called.filter(|call| call.operation == "SwitchoverGlobalCluster");
    assert_eq!(moves.next().unwrap().region, east());
    let roles = estate.roles(&Writer, arguments());
    assert_eq!(
        (&roles[&east()], &roles[&west()]),
        (&Role::Standby, &Role::Active)
    );
    let again = estate.run(&Writer, arguments(), &case(Mode::Switchover));
    assert_eq!(again.outcome, Outcome::AlreadyDone);
}

#[test]
fn a_failover_asks_for_the_loss_and_the_fence_and_calls_nothing_in_the_lost_region() {
    let estate = calm();
    let mut case = east_lost(&estate);
    let ended = estate.run(&Writer, arguments(), &case);
    assert!(refusal(&ended).contains("fenced"), "{}", refusal(&ended));
    let risk = ended
        .gates
        .iter()
        .find(|it| it.gate == Gate::DataAtRisk)
        .unwrap();
    // 0.85 s of lag, measured in the minute that began 60 s before the loss.
    assert_eq!(risk.at_risk, Some(Duration::from_millis(60_850)));
    case.consents = vec![estate.unfenced()];
    let ended = estate.run(&Writer, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(ended.unfenced);
    assert!(
        ended
            .warnings
            .iter()
            .any(|line| line.contains("lost writes")),
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
fn the_lag_is_judged_in_seconds_and_unknown_where_there_is_none() {
    for (value, at, opens) in [
        (Some(850.0), "known", true),
        (Some(301_000.0), "more than the RPO", false),
        (None, "none", false),
    ] {
        let estate = calm();
        estate.fake.set_metric_of_the_past(&west(), &lag(), value);
        let mut case = east_lost(&estate);
        case.consents = vec![estate.unfenced()];
        let ended = estate.run(&Writer, arguments(), &case);
        assert_eq!(ended.outcome.is_done(), opens, "{at}: {:?}", ended.outcome);
        if !opens {
            assert!(refusal(&ended).contains("data at risk"));
        }
    }
}

#[test]
fn the_lag_is_also_found_by_its_source_region() {
    let estate = calm();
    estate.fake.set_metric_of_the_past(&west(), &lag(), None);
    let dimensions = [
        ("DBClusterIdentifier", "orders-west"),
        ("SourceRegion", "us-east-1"),
    ];
    let other = metric("AWS/RDS", "AuroraGlobalDBRPOLag", &dimensions);
    estate
        .fake
        .set_metric_of_the_past(&west(), &other, Some(20.0));
    let mut case = east_lost(&estate);
    case.consents = vec![estate.unfenced()];
    assert_eq!(
        estate.run(&Writer, arguments(), &case).outcome,
        Outcome::Done
    );
}

#[test]
fn a_headless_target_is_refused_before_anything_starts() {
    for mode in [Mode::Failover, Mode::Switchover] {
        let estate = calm();
        estate
            .fake
            .edit_cluster(&west(), "orders-west", |it| it.instances = 0);
        let ended = estate.run(&Writer, arguments(), &case(mode));
        let Outcome::Failed(message) = ended.outcome else {
            panic!("{:?}", ended.outcome);
        };
        assert!(message.seen.contains("no instance"), "{message}");
        assert_eq!(changes(&estate), Vec::<&str>::new());
    }
}

#[test]
fn versions_that_differ_a_writer_elsewhere_and_a_member_out_of_sync_refuse_a_switchover() {
    for (what, gate) in [
        ("version", "ready"),
        ("writer", "right source"),
        ("sync", "ready"),
    ] {
        let estate = calm();
        let mut case = case(Mode::Switchover);
        match what {
            "version" => estate.fake.edit_cluster(&west(), "orders-west", |it| {
                it.engine_version = "15.4".to_owned();
            }),
            "writer" => case.from = Some(aws::Region::new("eu-west-1").unwrap()),
            _ => estate.fake.edit_global_cluster("orders", |it| {
                it.members[1].synchronization = Some("pending-resync".to_owned());
            }),
        }
        let ended = estate.run(&Writer, arguments(), &case);
        assert!(
            refusal(&ended).contains(gate),
            "{what}: {}",
            refusal(&ended)
        );
        assert_eq!(changes(&estate), Vec::<&str>::new());
    }
}

#[test]
fn a_move_that_is_under_way_is_waited_for_and_not_asked_again() {
    let estate = calm();
    estate.fake.edit_global_cluster("orders", |it| {
        it.status = "failing-over".to_owned();
        it.failover = Some(FailoverState {
            status: "failing-over".to_owned(),
            from: cluster_arn(&east(), "orders-east"),
            to: cluster_arn(&west(), "orders-west"),
            data_loss_allowed: true,
        });
    });
    let step = Writer.build(&given(arguments()), &case(Mode::Failover), &estate.means());
    let ended = estate.drive(step.unwrap().as_ref(), Duration::from_mins(5));
    assert!(
        matches!(ended.outcome, Outcome::TimedOut(_)),
        "{:?}",
        ended.outcome
    );
    assert!(ended.acts.is_empty());
}

#[test]
fn an_answer_that_was_lost_is_watched_and_never_leads_to_a_second_move() {
    for fault in [
        Fault::ResetAfterEffect,
        Fault::ServerErrorAfterEffect,
        Fault::BlackHoleAfterEffect,
    ] {
        let estate = estate(Schedule::calm().then("FailoverGlobalCluster", 0, fault));
        let mut case = east_lost(&estate);
        case.consents = vec![estate.unfenced()];
        let ended = estate.run(&Writer, arguments(), &case);
        assert_eq!(ended.outcome, Outcome::Done, "{fault:?}");
        assert_eq!(ended.acts.len(), 1, "{fault:?}");
    }
}

#[test]
fn lost_writes_are_copied_once_when_their_region_is_back() {
    let estate = calm();
    let mut lost = east_lost(&estate);
    lost.consents = vec![estate.unfenced()];
    assert_eq!(
        estate.run(&Writer, arguments(), &lost).outcome,
        Outcome::Done
    );
    estate.faulty.give_back(&east());
    let mut back = case(Mode::Reprotect);
    back.from = Some(west());
    let ended = estate.run(&Writer, arguments(), &back);
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(estate.fake.effects("CopyDBClusterSnapshot"), 1);
    assert!(
        ended.acts[0]
            .act
            .words
            .contains("kept-unplanned-global-failover-orders-east")
    );
    let again = estate.run(&Writer, arguments(), &back);
    assert_eq!(again.outcome, Outcome::AlreadyDone);
}

#[test]
fn over_many_seeds_of_faults_the_writer_moves_once() {
    let mut refused = 0;
    for seed in 0..60 {
        let estate = estate(Schedule::seeded(seed, 20));
        let mut case = east_lost(&estate);
        case.consents = vec![estate.unfenced()];
        let ended = estate.run(&Writer, arguments(), &case);
        // Metrics that do not answer for two minutes leave the loss unknown, and that refuses.
        if matches!(ended.outcome, Outcome::Refused { .. }) {
            assert!(refusal(&ended).contains("could not be read"), "seed {seed}");
            assert_eq!(changes(&estate), Vec::<&str>::new(), "seed {seed}");
            refused += 1;
            continue;
        }
        assert_eq!(ended.outcome, Outcome::Done, "seed {seed}: {ended:?}");
        assert_eq!(
            estate.fake.effects("FailoverGlobalCluster"),
            1,
            "seed {seed}"
        );
    }
    assert!(refused < 10, "{refused}");
}

#[test]
fn killed_anywhere_the_next_run_moves_the_writer_once() {
    let unfenced = |estate: &Estate| {
        let mut case = east_lost(estate);
        case.consents = vec![estate.unfenced()];
        case
    };
    let lost_answer = slow().then("FailoverGlobalCluster", 0, Fault::BlackHoleAfterEffect);
    for schedule in [slow(), lost_answer] {
        let world = || estate(schedule.clone());
        let once = ["FailoverGlobalCluster"];
        let points = kill_everywhere(world, &Writer, &arguments(), unfenced, &once);
        assert!(points > 40, "{points}");
    }
}
