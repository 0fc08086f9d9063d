//! What stands in the stores before and after the day: documents, observations, epochs.

use std::collections::BTreeMap;

use aws::clock::Clock as _;
use aws::faults::{Fault, Schedule};
use recovery::epoch::{self, EpochRecord};
use recovery::kind::Role;
use recovery::observation::{self, Freshness, MAX_AGE, Observation, Sight, freshness};
use recovery::publication::{self, CURRENT, current, document, publish};
use serde_json::json;

use crate::world::{World, east, seconds, west};

const FIRST: &[u8] = br#"{"name":"orders"}"#;
const SECOND: &[u8] = br#"{"name":"orders","schema":1}"#;

#[test]
fn a_published_document_is_found_by_its_digest_in_every_store() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        assert!(
            current(&stores, Some(&west()))
                .await
                .unwrap_err()
                .seen
                .contains("us-west-2")
        );
        assert!(
            current(&stores, None)
                .await
                .unwrap_err()
                .seen
                .contains("any store")
        );
        for bytes in [FIRST, SECOND, SECOND, FIRST] {
            assert_eq!(publish(&stores, "orders", bytes, "alice").await, Ok(vec![]));
            for target in [Some(east()), Some(west()), None] {
                let found = current(&stores, target.as_ref()).await.unwrap();
                assert_eq!(found.bytes, bytes);
                assert_eq!(
                    (found.digest, found.stale_stores),
                    (publication::digest(bytes), vec![])
                );
            }
        }
    });
}

#[test]
fn another_digest_elsewhere_refuses_unless_that_region_is_lost() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let (all, without) = (world.stores(&way, &[]), world.stores(&way, &[east()]));
    world.run(async {
        publish(&all, "orders", FIRST, "alice").await.unwrap();
        let stale = publish(&without, "orders", SECOND, "alice").await.unwrap();
        assert_eq!(stale[0].region, east());
        let refused = current(&all, Some(&west())).await.unwrap_err();
        assert!(refused.next.contains("--lost us-east-1"), "{refused}");
        assert!(current(&all, None).await.is_err());
        let found = current(&without, Some(&west())).await.unwrap();
        assert_eq!(
            (found.bytes.as_slice(), found.stale_stores.len()),
            (SECOND, 1)
        );
        assert_eq!(publish(&all, "orders", SECOND, "alice").await, Ok(vec![]));
        assert_eq!(current(&all, Some(&west())).await.unwrap().bytes, SECOND);
    });
}

#[test]
fn a_silent_store_is_stale_and_the_targets_silence_refuses() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let stores = world.stores(&way, &[]);
    world.run(async {
        publish(&stores, "orders", FIRST, "alice").await.unwrap();
        way.lose(&east());
        let found = current(&stores, Some(&west())).await.unwrap();
        assert_eq!(found.stale_stores[0].region, east());
        let refused = current(&stores, Some(&east())).await.unwrap_err();
        assert!(refused.seen.contains("could not be read"), "{refused}");
        way.lose(&west());
        assert!(publish(&stores, "orders", SECOND, "alice").await.is_err());
    });
}

#[test]
fn a_document_with_other_bytes_than_its_digest_does_not_count() {
    let world = World::new();
    let stores = world.calm();
    let digest = publication::digest(FIRST);
    let key = format!("orders/documents/{digest}.json");
    world.run(async {
        publish(&stores, "orders", FIRST, "alice").await.unwrap();
        world
            .aws
            .set_object(&west(), "dr", &key, Some(b"changed".to_vec()));
        // The other store has the true one.
        assert_eq!(
            document(&stores, &digest, Some(&west())).await.unwrap(),
            FIRST
        );
        world.aws.set_object(&east(), "dr", &key, None);
        let refused = current(&stores, Some(&west())).await.unwrap_err();
        assert!(refused.seen.contains("it was changed"), "{refused}");
        let stale = publish(&stores, "orders", FIRST, "alice").await.unwrap();
        assert!(
            stale[0].region == west() && stale[0].why.contains("other bytes"),
            "{stale:?}"
        );
    });
}

#[test]
fn a_lost_answer_while_publishing_is_looked_after() {
    for number in 0..2 {
        let world = World::new();
        let schedule = Schedule::calm().then("PutObject", number, Fault::ResetAfterEffect);
        let stores = world.stores(&world.way(schedule), &[]);
        world.run(async {
            assert_eq!(publish(&stores, "orders", FIRST, "alice").await, Ok(vec![]));
        });
        assert!(world.kept(&west(), CURRENT).is_some());
    }
}

fn observed(world: &World, tasks: u32) -> Observation {
    let sight = |role, tasks| Sight::new(Some(&role), Some(json!({ "tasks": tasks })));
    let regions = BTreeMap::from([
        ("us-east-1".to_owned(), sight(Role::Active, tasks)),
        (
            "us-west-2".to_owned(),
            sight(Role::Unknown("denied".into()), 0),
        ),
    ]);
    Observation {
        schema: 1,
        plan: "orders".into(),
        digest: publication::digest(FIRST),
        at: world.clock.now(),
        by: "alice".into(),
        steps: BTreeMap::from([("api".to_owned(), regions)]),
    }
}

#[test]
fn the_newest_observation_is_found_whatever_day_it_was_made_on() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        assert_eq!(observation::newest(&stores).await.observation, None);
        for (tasks, hours) in [(1, 0), (2, 10), (3, 10), (4, 15), (5, 200)] {
            world.clock.advance(seconds(hours * 3_600));
            let made = observed(&world, tasks);
            assert_eq!(observation::write(&stores, &made).await, []);
            world.clock.advance(seconds(60));
            let newest = observation::newest(&stores).await;
            assert_eq!(newest.observation.as_ref(), Some(&made));
            assert_eq!(newest.stale, []);
            let age = freshness(Some(made.at), newest.now.unwrap(), MAX_AGE);
            assert_eq!(age, Freshness::Fresh(seconds(60)));
        }
        world.clock.advance(seconds(9 * 86_400));
        let old = observation::newest(&stores).await.observation.unwrap();
        assert_eq!(old.baseline("api")[&east()], json!({ "tasks": 5 }));
        assert!(old.was_active("api", &east()) && !old.was_active("api", &west()));
        assert_eq!(
            old.sight("api", &west()).unwrap().why.as_deref(),
            Some("denied")
        );
    });
}

#[test]
fn two_observers_of_one_moment_both_keep_theirs_and_a_store_that_missed_one_is_stale() {
    let world = World::new();
    let way = world.way(Schedule::calm().then("PutObject", 0, Fault::ResetAfterEffect));
    let stores = world.stores(&way, &[]);
    world.run(async {
        observation::write(&stores, &observed(&world, 1)).await;
        let other = Observation {
            by: "bob".into(),
            ..observed(&world, 1)
        };
        assert_eq!(observation::write(&stores, &other).await, []);
        world.clock.advance(seconds(60));
        way.lose(&east());
        let made = observed(&world, 2);
        let stale = observation::write(&stores, &made).await;
        assert_eq!(stale[0].region, east());
        way.give_back(&east());
        let newest = observation::newest(&stores).await;
        assert_eq!(newest.observation, Some(made));
        assert!(
            newest.stale[0].why.contains("newest observation is of"),
            "{:?}",
            newest.stale
        );
    });
}

#[test]
fn an_observation_that_cannot_be_read_is_passed_over_or_told() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        let bad = "orders/observations/20260801T235959.000Z.json";
        world
            .aws
            .set_object(&west(), "dr", bad, Some(b"{".to_vec()));
        let told = observation::newest(&stores).await;
        assert!(
            told.observation.is_none() && told.stale[0].why.contains("is no observation"),
            "{told:?}"
        );
        let made = observed(&world, 1);
        observation::write(&stores, &made).await;
        assert_eq!(observation::newest(&stores).await.observation, Some(made));
    });
}

#[test]
fn age_is_judged_by_the_stores_time_and_the_future_is_not_fresh() {
    let now = "2026-08-01T12:00:00Z".parse().unwrap();
    for (made, expected) in [
        ("2026-08-01T11:45:00Z", Freshness::Fresh(seconds(900))),
        ("2026-08-01T11:44:59Z", Freshness::Old(seconds(901))),
        ("2026-08-01T12:01:00Z", Freshness::Fresh(seconds(0))),
        ("2026-08-01T12:01:01Z", Freshness::Ahead(seconds(61))),
    ] {
        let freshness = freshness(Some(made.parse().unwrap()), now, MAX_AGE);
        assert_eq!(freshness, expected, "{made}");
        let fine = matches!(expected, Freshness::Fresh(_));
        assert_eq!(freshness.problem(MAX_AGE).is_none(), fine, "{made}");
    }
    assert!(
        freshness(None, now, MAX_AGE)
            .problem(MAX_AGE)
            .unwrap()
            .next
            .contains("drctl observe")
    );
}

fn record(number: u64, execution: &str) -> EpochRecord {
    EpochRecord {
        schema: 1,
        plan: "orders".into(),
        epoch: number,
        active: "us-west-2".into(),
        execution: execution.into(),
        at: None,
        entry: 13,
        head: "00".into(),
    }
}

#[test]
fn epochs_only_grow_in_every_store() {
    let world = World::new();
    let way = world.way(Schedule::calm().then("PutObject", 0, Fault::ResetAfterEffect));
    let (all, without) = (world.stores(&way, &[]), world.stores(&way, &[east()]));
    world.run(async {
        assert_eq!(epoch::read(&all).await.next(), 1);
        assert_eq!(epoch::write(&all, &record(1, "e1")).await, []);
        assert_eq!(
            epoch::write(&without, &record(2, "e2")).await.len(),
            1,
            "the lost store is stale"
        );
        let epochs = epoch::read(&all).await;
        assert_eq!((epochs.next(), &epochs.stale[0].region), (3, &east()));
        let late = epoch::write(&all, &record(1, "e0")).await;
        assert_eq!(late.len(), 2, "nothing is written over: {late:?}");
        assert_eq!(
            epoch::write(&all, &record(2, "e2")).await,
            [],
            "again is harmless"
        );
        assert!(
            epoch::write(&all, &record(2, "e9")).await[0]
                .why
                .contains("e2")
        );
        assert_eq!(epoch::read(&all).await.highest, Some(record(2, "e2")));
    });
}

#[test]
fn of_writers_of_epochs_at_once_the_highest_stays_whatever_faults_they_meet() {
    for seed in 0..200 {
        let world = World::new();
        world.aws.set_conflicts(20, seed);
        let stores =
            |number| world.stores(&world.way(Schedule::seeded(seed * 3 + number, 15)), &[]);
        let (a, b, c) = (stores(0), stores(1), stores(2));
        let (first, second, third) = (record(1, "e1"), record(2, "e2"), record(3, "e3"));
        let (_, _, stale) = world.run(async {
            tokio::join!(
                epoch::write(&a, &first),
                epoch::write(&b, &second),
                epoch::write(&c, &third)
            )
        });
        let highest = world.run(epoch::read(&world.calm())).highest;
        assert!(
            highest == Some(third) || stale.len() == 2,
            "seed {seed}: {highest:?} {stale:?}"
        );
    }
}
