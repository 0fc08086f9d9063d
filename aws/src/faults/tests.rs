//! Faults, and that a seed replays them.

use std::sync::Arc;
use std::time::Duration;

use super::{Attempt, Fault, Faulty, Schedule};
use crate::clock::{Clock, VirtualClock};
use crate::fake::{FakeAws, standalone};
use crate::rds::{DbInstance, InstanceId, PromoteReadReplica};
use crate::{Aws, Error, ErrorKind, Region};

fn region(name: &str) -> Region {
    Region::new(name).unwrap()
}

struct Estate {
    clock: VirtualClock,
    fake: FakeAws,
    faulty: Faulty,
}

fn estate(schedule: Schedule) -> Estate {
    let (east, west) = (region("us-east-1"), region("us-west-2"));
    let clock = VirtualClock::starting_at("2026-08-01T12:00:00Z".parse().unwrap());
    let fake = FakeAws::new(Arc::new(clock.clone()));
    fake.add(&east, standalone(&east, "orders"));
    fake.add_replica(&west, "orders", &east, "orders");
    let faulty = Faulty::new(Arc::new(fake.clone()), Arc::new(clock.clone()), schedule);
    Estate {
        clock,
        fake,
        faulty,
    }
}

impl Estate {
    fn describe(&self, region: &str) -> Option<Result<DbInstance, Error>> {
        let rds = self.faulty.rds(&self::region(region)).unwrap();
        let id = InstanceId::new("orders").unwrap();
        self.clock.drive(rds.describe(&id))
    }

    fn promote(&self) -> Option<Result<DbInstance, Error>> {
        let rds = self.faulty.rds(&region("us-west-2")).unwrap();
        let request = PromoteReadReplica::new(InstanceId::new("orders").unwrap());
        self.clock.drive(rds.promote_read_replica(&request))
    }
}

#[test]
fn each_fault_takes_effect_or_not_as_it_says_and_the_caller_sees_what_a_client_would() {
    let faults = [
        (Fault::Throttle, ErrorKind::Throttled, 0),
        (Fault::ServerErrorBeforeEffect, ErrorKind::Unavailable, 0),
        (Fault::ServerErrorAfterEffect, ErrorKind::Unavailable, 1),
        (Fault::ResetBeforeEffect, ErrorKind::Timeout, 0),
        (Fault::ResetAfterEffect, ErrorKind::Timeout, 1),
        (Fault::BlackHoleBeforeEffect, ErrorKind::Timeout, 0),
        (Fault::BlackHoleAfterEffect, ErrorKind::Timeout, 1),
        (Fault::AccessDenied, ErrorKind::AccessDenied, 0),
        (Fault::RegionLost, ErrorKind::Unreachable, 0),
    ];
    for (fault, kind, effects) in faults {
        let estate = estate(Schedule::calm().then("PromoteReadReplica", 0, fault));
        let error = estate.promote().unwrap().unwrap_err();
        assert_eq!(
            (error.kind, error.operation.as_str()),
            (kind, "PromoteReadReplica"),
            "{fault:?}"
        );
        assert_eq!(
            estate.fake.effects("PromoteReadReplica"),
            effects,
            "{fault:?}"
        );
        assert!(
            effects == 0 || error.may_have_taken_effect(),
            "{fault:?} must not be told as harmless"
        );
        let cut = Attempt {
            operation: "PromoteReadReplica",
            region: region("us-west-2"),
            fault: Some(fault),
            answer: Some(Err(kind)),
        };
        assert_eq!(estate.faulty.attempts(), [cut]);
    }
}

#[test]
fn a_scripted_fault_meets_only_the_call_it_names() {
    let estate = estate(Schedule::calm().then("DescribeDBInstances", 1, Fault::Throttle));
    let answers = [0, 1, 2].map(|_| estate.describe("us-west-2").unwrap().is_ok());
    assert_eq!(answers, [true, false, true]);
}

#[test]
fn a_black_hole_lasts_as_long_as_the_client_waits() {
    let hole = Schedule::calm().then("DescribeDBInstances", 0, Fault::BlackHoleBeforeEffect);
    let bounded = estate(hole.clone());
    bounded.describe("us-west-2").unwrap().unwrap_err();
    assert_eq!(bounded.clock.monotonic(), Duration::from_secs(15));
    let endless = estate(Schedule {
        attempt_timeout: None,
        ..hole
    });
    assert!(endless.describe("us-west-2").is_none());
    assert_eq!(endless.faulty.attempts()[0].answer, None, "it never ended");
}

#[test]
fn a_lost_region_answers_nothing_until_it_is_back_and_the_other_goes_on() {
    let estate = estate(Schedule::calm());
    estate.faulty.lose(&region("us-east-1"));
    let error = estate.describe("us-east-1").unwrap().unwrap_err();
    assert_eq!(
        (error.kind, error.region.as_str()),
        (ErrorKind::Unreachable, "us-east-1")
    );
    assert!(estate.describe("us-west-2").unwrap().is_ok());
    assert_eq!(
        estate.fake.calls().len(),
        1,
        "the lost region was not reached"
    );
    estate.faulty.give_back(&region("us-east-1"));
    assert!(estate.describe("us-east-1").unwrap().is_ok());
}

#[test]
fn a_denied_operation_names_its_permission_and_others_go_on() {
    let estate = estate(Schedule::calm());
    estate.faulty.deny("PromoteReadReplica");
    let error = estate.promote().unwrap().unwrap_err();
    assert_eq!(error.missing_permission(), Some("rds:PromoteReadReplica"));
    assert!(estate.describe("us-west-2").unwrap().is_ok());
    estate.faulty.allow("PromoteReadReplica");
    assert!(estate.promote().unwrap().is_ok());
}

#[test]
fn a_seed_replays_and_another_seed_differs() {
    let course = |seed| {
        let estate = estate(Schedule::seeded(seed, 40));
        let answers: Vec<_> = (0..40)
            .map(|_| {
                estate
                    .describe("us-west-2")
                    .unwrap()
                    .map_err(|e| e.kind)
                    .err()
            })
            .collect();
        (answers, estate.clock.monotonic())
    };
    assert_eq!(course(1), course(1));
    assert_ne!(course(1), course(2));
}

#[test]
fn what_meets_a_call_does_not_depend_on_other_calls() {
    let faults = |disturbed: bool| {
        let estate = estate(Schedule {
            most: u32::MAX,
            ..Schedule::seeded(3, 50)
        });
        for _ in 0..20 {
            if disturbed {
                let _other = estate.describe("us-east-1");
            }
            let _this = estate.describe("us-west-2");
        }
        let attempts = estate.faulty.attempts().into_iter();
        let west = attempts.filter(|attempt| attempt.region == region("us-west-2"));
        west.map(|attempt| attempt.fault).collect::<Vec<_>>()
    };
    assert_eq!(faults(false), faults(true));
}

#[test]
fn over_many_seeds_every_passing_fault_comes_and_never_more_than_allowed() {
    let mut seen = Vec::new();
    for seed in 0..50 {
        let estate = estate(Schedule {
            most: 5,
            ..Schedule::seeded(seed, 90)
        });
        let calls = (0..30).map(|_| estate.describe("us-west-2").unwrap().is_ok());
        assert_eq!(calls.filter(|fine| !fine).count(), 5);
        seen.extend(
            estate
                .faulty
                .attempts()
                .into_iter()
                .filter_map(|attempt| attempt.fault),
        );
    }
    for fault in Fault::PASSING {
        assert!(seen.contains(&fault), "{fault:?}");
    }
}

#[test]
fn a_caller_that_stops_waiting_leaves_the_effect_behind() {
    let hole = Schedule::calm().then("PromoteReadReplica", 0, Fault::BlackHoleAfterEffect);
    let estate = estate(Schedule {
        attempt_timeout: None,
        ..hole
    });
    let rds = estate.faulty.rds(&region("us-west-2")).unwrap();
    let request = PromoteReadReplica::new(InstanceId::new("orders").unwrap());
    let given_up = estate.clock.drive(async {
        tokio::select! {
            _ = rds.promote_read_replica(&request) => false,
            () = estate.clock.sleep(Duration::from_secs(20)) => true,
        }
    });
    assert_eq!(given_up, Some(true));
    assert_eq!(estate.fake.effects("PromoteReadReplica"), 1);
}

#[test]
fn every_capability_of_the_fake_goes_through_the_schedule() {
    let estate = estate(Schedule::calm());
    let here = region("us-west-2");
    estate.faulty.lose(&here);
    let instance = InstanceId::new("orders").unwrap();
    let clusters = estate.faulty.global_clusters(&here).unwrap();
    let stores = estate.faulty.global_datastores(&here).unwrap();
    let tables = estate.faulty.tables(&here).unwrap();
    let metrics = estate.faulty.metrics(&here).unwrap();
    let rds = estate.faulty.rds(&here).unwrap();
    let kinds = estate.clock.drive(async {
        [
            clusters.describe("a").await.unwrap_err().kind,
            clusters.cluster("a").await.unwrap_err().kind,
            clusters.switchover("a", "b").await.unwrap_err().kind,
            clusters.failover("a", "b").await.unwrap_err().kind,
            clusters.snapshots("a").await.unwrap_err().kind,
            clusters.copy_snapshot("a", "b").await.unwrap_err().kind,
            stores.describe("a").await.unwrap_err().kind,
            stores.failover("a", &here, "b").await.unwrap_err().kind,
            tables.describe("a").await.unwrap_err().kind,
            metrics.alarm("a").await.unwrap_err().kind,
            rds.reboot(&instance).await.unwrap_err().kind,
            rds.stop(&instance).await.unwrap_err().kind,
            rds.add_tags("a", &[]).await.unwrap_err().kind,
        ]
    });
    let kinds = kinds.unwrap();
    assert!(
        kinds.iter().all(|kind| *kind == ErrorKind::Unreachable),
        "{kinds:?}"
    );
    assert_eq!(estate.faulty.attempts().len(), kinds.len());
    assert_eq!(estate.fake.calls().len(), 0);
}
