//! A region is lost and comes back: the steps one after another, on one fake, out and home again.

use std::time::Duration;

use aws::Region;
use aws::fake::connections;
use aws::metrics::Datapoint;
use serde_json::{Value, json};

use super::databases::EPOCH_TAG;
use super::fence_database::FenceDatabaseKind as Fence;
use super::rds_create_replica::RdsCreateReplicaKind as Create;
use super::rds_promote_replica::RdsPromoteReplicaKind as Promote;
use super::testing::{Estate, case, changes, east, east_lost, west};
use crate::kind::{Case, Kind, Role};
use crate::mode::Mode;
use crate::outcome::Outcome;

fn arguments() -> Value {
    json!({
        "instances": { "us-east-1": "orders", "us-west-2": "orders-replica" },
        "backup_retention_days": 7,
        "by": "quarantine",
        "quarantine": { "us-east-1": "sg-closed", "us-west-2": "sg-closed" },
        "suffix": "old",
        "security_groups": { "us-east-1": ["sg-open"], "us-west-2": ["sg-open"] },
    })
}

fn towards(mode: Mode, target: Region, from: Region, epoch: u64) -> Case {
    Case {
        target,
        from: Some(from),
        epoch,
        ..case(mode)
    }
}

fn done(estate: &Estate, kind: &dyn Kind, case: &Case) {
    let ended = estate.run(kind, arguments(), case);
    assert!(
        ended.outcome.is_done(),
        "{} {}: {ended:?}",
        kind.name(),
        case.mode
    );
    assert!(!ended.unfenced, "{} {}", kind.name(), case.mode);
}

fn active(estate: &Estate) -> Vec<Region> {
    let roles = estate.roles(&Promote, arguments()).into_iter();
    let active = roles.filter(|(_, role)| *role == Role::Active);
    active.map(|(region, _)| region).collect()
}

fn connected(estate: &Estate, region: &Region, id: &str) -> Vec<Datapoint> {
    let read = super::databases::connections(&estate.fake, &estate.clock, region, id);
    estate.clock.drive(read).unwrap().unwrap()
}

/// The west took over unfenced and the east is back, open and written to by whoever finds it.
fn east_is_back() -> Estate {
    let estate = Estate::new();
    estate.fake.close_group("sg-closed");
    let mut lost = east_lost(&estate);
    lost.consents = vec![estate.unfenced()];
    let ended = estate.run(&Promote, arguments(), &lost);
    assert_eq!(ended.outcome, Outcome::Done);
    assert!(ended.unfenced);
    estate.faulty.give_back(&east());
    estate
}

#[test]
fn out_by_failover_reprotected_and_home_by_switchover() {
    let estate = east_is_back();
    assert_eq!(active(&estate), [west()], "the epoch ranks the two writers");

    let reprotect = towards(Mode::Reprotect, west(), west(), 8);
    done(&estate, &Fence, &reprotect);
    assert!(connected(&estate, &east(), "orders")[0].value < 0.5);
    done(&estate, &Create, &reprotect);
    assert!(
        estate.fake.truth(&east(), "orders-old-8").is_some(),
        "never deleted"
    );
    let replica = estate.fake.truth(&east(), "orders").unwrap();
    assert!(replica.source.unwrap().as_str().contains("us-west-2"));

    let connections = connections("orders-replica");
    estate.fake.set_metric(&west(), &connections, Some(0.0));
    estate
        .fake
        .set_lag(&east(), "orders", aws::fake::Lag::Steady(0.0));
    estate.pass(Duration::from_mins(3));
    let home = towards(Mode::Switchover, east(), west(), 9);
    done(&estate, &Fence, &home);
    done(&estate, &Promote, &home);
    assert_eq!(active(&estate), [east()]);
    let writer = estate.fake.truth(&east(), "orders").unwrap();
    assert_eq!(writer.tags[EPOCH_TAG], "9");
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 2);
}

#[test]
fn reprotect_towards_the_wrong_region_touches_nothing() {
    let estate = east_is_back();
    let before = changes(&estate).len();
    let wrong = towards(Mode::Reprotect, east(), east(), 8);
    let ended = estate.run(&Fence, arguments(), &wrong);
    let Outcome::Failed(message) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(message.seen.contains("of 7"), "{message}");
    let ended = estate.run(&Create, arguments(), &wrong);
    assert!(!ended.outcome.is_done(), "{:?}", ended.outcome);
    assert_eq!(changes(&estate).split_off(before), Vec::<&str>::new());
    assert_eq!(active(&estate), [west()]);
}
