//! The promotion within a failover plan, against the fake.

use std::time::Duration;

use aws::fake::{Lag, connections, standalone};
use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::super::databases::EPOCH_TAG;
use super::super::fence_database::FenceDatabaseKind as Fence;
use super::super::testing::{
    Estate, case, changes, east, east_lost, given, kill_everywhere, refusal, slow, west,
};
use super::RdsPromoteReplicaKind as Promote;
use crate::consent::AcceptedRisk;
use crate::gate::{Gate, Verdict};
use crate::kind::{Kind, Role};
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::plan_step::{Ended, Intent};

fn arguments() -> Value {
    json!({
        "instances": { "us-east-1": "orders", "us-west-2": "orders-replica" },
        "backup_retention_days": 7,
    })
}

fn verdict(ended: &Ended, gate: Gate) -> Verdict {
    let found = ended.gates.iter().find(|answer| answer.gate == gate);
    found.expect("it was asked").verdict
}

#[test]
fn in_a_failover_a_fenced_source_opens_the_way_and_the_writer_carries_the_epoch() {
    let estate = Estate::new();
    estate.fake.close_group("sg-closed");
    let mut fence = arguments();
    fence["quarantine"] = json!({ "us-east-1": "sg-closed", "us-west-2": "sg-closed" });
    let fenced = estate.run(&Fence, fence, &case(Mode::Failover));
    assert_eq!(fenced.outcome, Outcome::Done);

    let ended = estate.run(&Promote, arguments(), &case(Mode::Failover));
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(!ended.unfenced);
    for gate in [
        Gate::RightSource,
        Gate::DataAtRisk,
        Gate::Fenced,
        Gate::ReadyToServe,
    ] {
        assert_eq!(verdict(&ended, gate), Verdict::Passed, "{gate}");
    }
    let writer = estate.fake.truth(&west(), "orders-replica").unwrap();
    assert_eq!(writer.source, None);
    assert_eq!(writer.tags.get(EPOCH_TAG).map(String::as_str), Some("7"));
    let again = estate.run(&Promote, arguments(), &case(Mode::Failover));
    assert_eq!(again.outcome, Outcome::AlreadyDone);
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 1);
}

#[test]
fn a_source_that_accepts_writes_refuses_the_promotion() {
    let estate = Estate::new();
    let ended = estate.run(&Promote, arguments(), &case(Mode::Failover));
    assert!(refusal(&ended).contains("fenced"), "{}", refusal(&ended));
    assert_eq!(changes(&estate), Vec::<&str>::new());
}

#[test]
fn a_lost_source_needs_a_consent_of_this_epoch_and_leaves_the_execution_unfenced() {
    let estate = Estate::new();
    let mut case = east_lost(&estate);
    let ended = estate.run(&Promote, arguments(), &case);
    assert_eq!(verdict(&ended, Gate::DataAtRisk), Verdict::Passed);
    assert!(refusal(&ended).contains("declared lost"));

    for wrong in ["epoch", "target", "step"] {
        let mut consent = estate.unfenced();
        match wrong {
            "epoch" => consent.epoch = 6,
            "target" => consent.target = "us-east-1".to_owned(),
            _ => consent.step = Some("another".to_owned()),
        }
        case.consents = vec![consent];
        refusal(&estate.run(&Promote, arguments(), &case));
    }

    case.consents = vec![estate.unfenced()];
    let ended = estate.run(&Promote, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(ended.unfenced);
    assert_eq!(verdict(&ended, Gate::Fenced), Verdict::Consented);
    assert!(
        estate
            .faulty
            .attempts()
            .iter()
            .all(|call| call.region == west()),
        "nothing is called in a lost region"
    );
}

#[test]
fn what_would_be_lost_is_bound_by_the_tier_and_a_consent_of_the_plan() {
    let estate = Estate::new();
    estate
        .fake
        .set_lag_of_the_past(&west(), "orders-replica", Lag::Steady(900.0));
    let mut case = east_lost(&estate);
    case.consents = vec![estate.unfenced()];
    let ended = estate.run(&Promote, arguments(), &case);
    assert!(refusal(&ended).contains("data at risk"));
    let accepted = AcceptedRisk::DataLossUpTo(Duration::from_hours(1));
    case.consents.push(estate.consent(accepted));
    let ended = estate.run(&Promote, arguments(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(verdict(&ended, Gate::DataAtRisk), Verdict::Consented);
}

#[test]
fn a_replica_of_the_same_name_elsewhere_is_not_the_right_source() {
    let estate = Estate::new();
    let mut case = east_lost(&estate);
    case.consents = vec![estate.unfenced()];
    estate.fake.edit(&west(), "orders-replica", |it| {
        let arn = "arn:aws:rds:eu-west-1:123456789012:db:orders".to_owned();
        it.source = Some(aws::rds::SourceRef(arn));
    });
    let ended = estate.run(&Promote, arguments(), &case);
    assert!(refusal(&ended).contains("eu-west-1"), "{}", refusal(&ended));
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);
}

#[test]
fn a_switchover_waits_until_the_last_write_is_replayed_and_loses_nothing() {
    let estate = Estate::new();
    let writers = connections("orders");
    estate.fake.set_metric(&east(), &writers, Some(0.0));
    estate
        .fake
        .set_lag(&west(), "orders-replica", Lag::Steady(400.0));
    // The minute in which the last connection ended still shows it.
    estate.pass(Duration::from_mins(2));
    let step = Promote
        .build(
            &given(arguments()),
            &case(Mode::Switchover),
            &estate.means(),
        )
        .unwrap();
    // 400 s behind for good: it waits, and never promotes.
    let ended = estate.drive(step.as_ref(), Duration::from_mins(20));
    let Outcome::TimedOut(message) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(message.seen.contains("replayed"), "{message}");
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);

    estate
        .fake
        .set_lag(&west(), "orders-replica", Lag::Steady(0.0));
    let ended = estate.run(&Promote, arguments(), &case(Mode::Switchover));
    assert_eq!(ended.outcome, Outcome::Done);
    let risk = ended.gates.iter().find(|it| it.gate == Gate::DataAtRisk);
    assert_eq!(risk.unwrap().at_risk, Some(Duration::ZERO));
    assert!(!ended.unfenced);
}

#[test]
fn an_idle_postgres_source_is_no_reason_to_refuse_a_switchover() {
    let estate = Estate::new();
    estate
        .fake
        .set_metric(&east(), &connections("orders"), Some(0.0));
    estate
        .fake
        .set_lag(&west(), "orders-replica", Lag::IdlePostgres);
    // The minute in which the last connection ended still shows it.
    estate.pass(Duration::from_mins(2));
    let ended = estate.run(&Promote, arguments(), &case(Mode::Switchover));
    assert_eq!(ended.outcome, Outcome::Done);
}

#[test]
fn a_switchover_with_connected_writers_is_refused() {
    let estate = Estate::new();
    let mut case = case(Mode::Switchover);
    let ended = estate.run(&Promote, arguments(), &case);
    assert!(matches!(ended.outcome, Outcome::Refused { .. }));
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);
    // Nor does a consent for a failover's fence make up for lost data.
    case.consents = vec![estate.unfenced()];
    let ended = estate.run(&Promote, arguments(), &case);
    assert!(
        refusal(&ended).contains("data at risk"),
        "{}",
        refusal(&ended)
    );
}

#[test]
fn a_target_with_a_change_of_its_version_pending_is_not_ready() {
    let estate = Estate::new();
    let mut case = east_lost(&estate);
    case.consents = vec![estate.unfenced()];
    estate.fake.edit(&west(), "orders-replica", |it| {
        it.pending.others.push("EngineVersion".to_owned());
    });
    let ended = estate.run(&Promote, arguments(), &case);
    assert!(
        refusal(&ended).contains("ready to serve"),
        "{}",
        refusal(&ended)
    );
}

#[test]
fn a_preview_shows_every_gate_and_changes_nothing() {
    let estate = Estate::new();
    let preview = estate.preview(&Promote, arguments(), &case(Mode::Failover));
    assert!(
        matches!(preview.intent, Intent::Act(_)),
        "{:?}",
        preview.intent
    );
    assert_eq!(preview.gates.len(), 4);
    assert_eq!(changes(&estate), Vec::<&str>::new());
}

#[test]
fn the_writer_is_active_its_replica_stands_by_and_of_two_writers_the_higher_epoch_counts() {
    let estate = Estate::new();
    let roles = estate.roles(&Promote, arguments());
    assert_eq!(
        (&roles[&east()], &roles[&west()]),
        (&Role::Active, &Role::Standby)
    );

    let epoch = |region, id, epoch: &str| {
        let epoch = epoch.to_owned();
        estate.fake.edit(&region, id, |it| {
            it.source = None;
            it.tags.insert(EPOCH_TAG.to_owned(), epoch);
        });
    };
    epoch(west(), "orders-replica", "10");
    let roles = estate.roles(&Promote, arguments());
    assert_eq!(
        (&roles[&east()], &roles[&west()]),
        (&Role::Neither, &Role::Active)
    );
    epoch(east(), "orders", "9");
    let roles = estate.roles(&Promote, arguments());
    assert_eq!(
        (&roles[&east()], &roles[&west()]),
        (&Role::Neither, &Role::Active)
    );
    // Nobody can rank these two: both are shown.
    epoch(east(), "orders", "10");
    let roles = estate.roles(&Promote, arguments());
    assert_eq!(
        (&roles[&east()], &roles[&west()]),
        (&Role::Active, &Role::Active)
    );

    estate.faulty.lose(&east());
    let roles = estate.roles(&Promote, arguments());
    assert!(matches!(roles[&east()], Role::Unknown(_)));
}

#[test]
fn a_step_without_a_tier_or_towards_a_lost_region_is_not_built() {
    let estate = Estate::new();
    let mut without = case(Mode::Failover);
    without.objective = None;
    let built = Promote.build(&given(arguments()), &without, &estate.means());
    assert!(built.err().unwrap().next.contains("tier"));
    let mut lost = case(Mode::Failover);
    lost.lost.insert(west());
    let built = Promote.build(&given(arguments()), &lost, &estate.means());
    assert!(built.err().unwrap().seen.contains("declared lost"));
}

#[test]
fn over_many_seeds_of_faults_it_is_promoted_once_and_done() {
    let mut refused = 0;
    for seed in 0..60 {
        let estate = Estate::with(Schedule::seeded(seed, 20));
        let mut case = east_lost(&estate);
        case.consents = vec![estate.unfenced()];
        let ended = estate.run(&Promote, arguments(), &case);
        // Metrics that do not answer for two minutes leave the loss unknown, and that refuses.
        if matches!(ended.outcome, Outcome::Refused { .. }) {
            assert!(refusal(&ended).contains("could not be read"), "seed {seed}");
            assert_eq!(changes(&estate), Vec::<&str>::new(), "seed {seed}");
            refused += 1;
            continue;
        }
        assert_eq!(ended.outcome, Outcome::Done, "seed {seed}: {ended:?}");
        assert_eq!(estate.fake.effects("PromoteReadReplica"), 1, "seed {seed}");
        let writer = estate.fake.truth(&west(), "orders-replica").unwrap();
        assert_eq!(writer.backup_retention_days, 7, "seed {seed}");
    }
    assert!(refused < 10, "{refused}");
}

#[test]
fn what_is_measured_in_peace_says_role_and_lag() {
    let estate = Estate::new();
    let arguments = given(arguments());
    let (region, means) = (west(), estate.means());
    let figures = Promote.measure(&arguments, &region, &means);
    let figures = estate.clock.drive(figures).unwrap().unwrap();
    assert_eq!(
        (&figures["role"], &figures["lag_seconds"]),
        (&json!("replica"), &json!(1.0))
    );
    assert_eq!(standalone(&east(), "orders").source, None);
}

#[test]
fn killed_anywhere_the_next_run_promotes_it_once() {
    let unfenced = |estate: &Estate| {
        let mut case = east_lost(estate);
        case.consents = vec![estate.unfenced()];
        case
    };
    let lost_answer = slow().then("PromoteReadReplica", 0, Fault::BlackHoleAfterEffect);
    for schedule in [slow(), lost_answer] {
        let world = || Estate::with(schedule.clone());
        let once = ["PromoteReadReplica"];
        let points = kill_everywhere(world, &Promote, &arguments(), unfenced, &once);
        assert!(points > 40, "{points}");
    }
}
