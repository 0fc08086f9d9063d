//! The lock, story by story.

use std::sync::Arc;

use aws::clock::Clock as _;
use aws::faults::{Fault, Schedule};
use recovery::lock::{Acquired, Held, Holder, NotNow, Request, acquire};
use recovery::message::Message;
use recovery::store::Stores;

use crate::world::{World, east, killed, millis, paused, request, seconds, west};

async fn taken(request: &Request, stores: &Stores) -> Arc<Held> {
    match acquire(request, stores).await {
        Ok(Acquired::Held(held)) => held,
        other => panic!("{other:?}"),
    }
}

async fn held_by(request: &Request, stores: &Stores) -> Holder {
    match acquire(request, stores).await {
        Ok(Acquired::HeldBy(holder)) => holder,
        other => panic!("{other:?}"),
    }
}

async fn refused(request: &Request, stores: &Stores) -> Message {
    match acquire(request, stores).await {
        Err(message) => message,
        other => panic!("{other:?}"),
    }
}

fn changes(world: &World, operation: &str) -> Vec<String> {
    let calls = world.aws.calls().into_iter();
    let made = calls.filter(|call| call.operation == operation);
    made.map(|call| call.region.to_string()).collect()
}

#[test]
fn it_is_taken_in_the_plans_order_and_released_in_reverse() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        let held = taken(&request("alice", "e1"), &stores).await;
        assert_eq!(held.lost_stores().await, []);
        assert_eq!(changes(&world, "PutObject"), ["us-east-1", "us-west-2"]);
        assert_eq!(held.release().await, []);
    });
    assert_eq!(changes(&world, "DeleteObject"), ["us-west-2", "us-east-1"]);
    assert_eq!(world.kept(&east(), "lock"), None);
    assert_eq!(world.kept(&west(), "lock"), None);
}

#[test]
fn a_second_runner_is_told_who_holds_it_since_when_and_how_to_follow() {
    let world = World::new();
    let (first, second) = (world.calm(), world.calm());
    let holder = world.run(async {
        let held = taken(&request("alice", "e1"), &first).await;
        world.clock.sleep(seconds(25)).await;
        held.renew().await.unwrap();
        let wanted = request("bob", "e2");
        tokio::select! {
            holder = held_by(&wanted, &second) => holder,
            lost = held.keep_alive() => panic!("{lost:?}"),
        }
    });
    assert_eq!(holder.actor.as_deref(), Some("alice"));
    assert_eq!(holder.since, Some("2026-08-01T12:00:00Z".parse().unwrap()));
    let message = holder.message().to_string();
    assert!(message.contains("drctl watch e1"), "{message}");
    assert!(message.contains("s3://dr/orders/"), "{message}");
    assert!(
        world.clock.monotonic() <= seconds(25 + 15),
        "one interval is enough to see it alive"
    );
}

#[test]
fn a_silent_owner_is_taken_over_after_three_intervals_in_all_stores_at_once() {
    let world = World::new();
    let (first, second) = (world.calm(), world.calm());
    world.run(async {
        drop(taken(&request("alice", "e1"), &first).await);
        let started = world.clock.monotonic();
        let held = taken(&request("bob", "e2"), &second).await;
        let waited = world.clock.monotonic().saturating_sub(started);
        assert!(waited >= seconds(30) && waited < seconds(40), "{waited:?}");
        let takeovers = held.takeovers().await;
        assert_eq!(takeovers.len(), 2);
        for takeover in takeovers {
            assert_eq!(takeover.from.actor.as_deref(), Some("alice"));
            assert_eq!(takeover.from.execution.as_deref(), Some("e1"));
            assert!(takeover.watched >= seconds(30) && takeover.at.is_some());
        }
        held.before_one_way(seconds(15)).await.unwrap();
    });
}

#[test]
fn an_owner_that_slept_through_the_takeover_never_acts() {
    let world = World::new();
    let (first, second) = (world.calm(), world.calm());
    let sleeper = async {
        let held = taken(&request("alice", "e1"), &first).await;
        held.before_one_way(seconds(15)).await.unwrap();
        world.clock.sleep(seconds(6)).await;
        held.before_one_way(seconds(15)).await
    };
    let sleeper = paused(&world.clock, seconds(5), seconds(90), sleeper);
    let other = async {
        world.clock.sleep(seconds(1)).await;
        let held = taken(&request("bob", "e2"), &second).await;
        tokio::select! {
            lost = held.keep_alive() => panic!("{lost:?}"),
            () = world.clock.sleep(seconds(120)) => {}
        }
    };
    let (woken, ()) = world.run(async { tokio::join!(sleeper, other) });
    let Err(NotNow::Lost(lost)) = woken else {
        panic!("{woken:?}");
    };
    assert_eq!(lost.to.as_ref().unwrap().actor.as_deref(), Some("bob"));
    assert!(
        lost.message().to_string().contains("drctl watch e2"),
        "{}",
        lost.message()
    );
}

#[test]
fn a_lease_counts_from_before_the_renewal_was_sent_however_late_its_answer_is_heard() {
    for lost_first in [false, true] {
        let world = World::new();
        let mut schedule = Schedule {
            latency_millis: 1_000..=1_000,
            ..Schedule::calm()
        };
        if lost_first {
            schedule = schedule.then("PutObject", 1, Fault::ResetAfterEffect);
        }
        let stores = world.stores(&world.way(schedule), &[east()]);
        // The renewal is sent at 2 s (the lock was looked for and taken before). Where its first answer is lost, it is
        // written again at 3.5 s and read back at 4.5 s.
        let (from, to) = if lost_first { (4, 28) } else { (2, 26) };
        let asleep = paused(
            &world.clock,
            millis(from * 1_000 + 500),
            seconds(to),
            async {
                let held = taken(&request("alice", "e1"), &stores).await;
                held.before_one_way(seconds(5)).await
            },
        );
        let answer = world.run(asleep);
        assert!(
            matches!(answer, Err(NotNow::NotRenewed(_))),
            "{lost_first}: {answer:?} at {:?}",
            world.clock.monotonic()
        );
    }
}

#[test]
fn a_permit_that_was_slept_over_does_not_hold() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        let held = taken(&request("alice", "e1"), &stores).await;
        let permit = held.before_one_way(seconds(15)).await.unwrap();
        assert!(permit.still_holds(&world.clock, seconds(15)));
        world.clock.sleep(seconds(13)).await;
        assert!(!permit.still_holds(&world.clock, seconds(15)));
    });
}

#[test]
fn cut_off_from_one_store_nothing_one_way_starts_until_its_region_is_given_up() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let stores = world.stores(&way, &[]);
    world.run(async {
        let held = taken(&request("alice", "e1"), &stores).await;
        way.lose(&east());
        let Err(NotNow::NotRenewed(message)) = held.before_one_way(seconds(15)).await else {
            panic!("it must not act");
        };
        assert!(message.next.contains("--lost us-east-1"), "{message}");
        held.give_up(&east()).await.unwrap();
        assert_eq!(held.lost_stores().await, [east()]);
        held.before_one_way(seconds(15)).await.unwrap();
        held.give_up(&west()).await.unwrap_err();
        way.lose(&west());
        held.before_one_way(seconds(15)).await.unwrap_err();
        let stale = held.release().await;
        assert_eq!(stale.len(), 1, "{stale:?}");
    });
}

#[test]
fn lost_answers_and_conflicts_cost_time_and_not_the_lock() {
    let world = World::new();
    let schedule = Schedule::calm()
        .then("PutObject", 0, Fault::ResetAfterEffect)
        .then("PutObject", 2, Fault::BlackHoleAfterEffect)
        .then("PutObject", 4, Fault::ServerErrorAfterEffect)
        .then("PutObject", 6, Fault::Throttle)
        .then("GetObject", 2, Fault::ResetBeforeEffect)
        .then("DeleteObject", 0, Fault::ResetAfterEffect);
    let stores = world.stores(&world.way(schedule), &[]);
    world.run(async {
        let held = taken(&request("alice", "e1"), &stores).await;
        assert_eq!(held.takeovers().await, [], "its own create is no takeover");
        for _ in 0..3 {
            assert_eq!(held.renew().await, Ok(vec![]));
        }
        world.aws.set_conflicts(50, 7);
        for _ in 0..3 {
            assert_eq!(held.renew().await, Ok(vec![]));
        }
        assert_eq!(held.release().await, []);
    });
    assert_eq!(world.kept(&west(), "lock"), None);
}

#[test]
fn a_renewal_that_was_dropped_on_the_way_is_recognised_by_the_next() {
    for at_poll in 1..6 {
        let world = World::new();
        let schedule = Schedule {
            latency_millis: 100..=100,
            ..Schedule::calm()
        };
        let way = world.way(schedule.then("PutObject", 1, Fault::BlackHoleAfterEffect));
        let stores = world.stores(&way, &[]);
        world.run(async {
            let held = taken(&request("alice", "e1"), &stores).await;
            killed(at_poll, held.renew()).await;
            held.before_one_way(seconds(15)).await.unwrap();
        });
    }
}

#[test]
fn stores_of_lost_regions_are_never_called_and_are_recorded() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let stores = world.stores(&way, &[east()]);
    world.run(async {
        let held = taken(&request("alice", "e1"), &stores).await;
        assert_eq!(held.lost_stores().await, [east()]);
        held.before_one_way(seconds(15)).await.unwrap();
        held.release().await;
    });
    let called = way.attempts().into_iter().map(|attempt| attempt.region);
    assert!(called.into_iter().all(|region| region == west()));
}

#[test]
fn without_the_targets_store_there_is_no_lock() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let message = world.run(refused(
        &request("alice", "e1"),
        &world.stores(&way, &[west()]),
    ));
    assert!(message.seen.contains("us-west-2"), "{message}");
    assert_eq!(way.attempts(), []);
}

#[test]
fn a_store_that_is_silent_and_not_declared_lost_refuses_and_the_others_are_given_back() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    way.lose(&west());
    let message = world.run(refused(&request("alice", "e1"), &world.stores(&way, &[])));
    assert!(message.next.contains("--lost us-west-2"), "{message}");
    assert_eq!(world.kept(&east(), "lock"), None, "given back");
    assert!(world.clock.monotonic() < seconds(30));
}

#[test]
fn a_denied_write_refuses_at_once() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    way.deny("PutObject");
    let message = world.run(refused(&request("alice", "e1"), &world.stores(&way, &[])));
    assert!(
        message
            .seen
            .contains("not authorized to perform: s3:PutObject"),
        "{message}"
    );
    assert!(world.clock.monotonic() < seconds(1));
}

#[test]
fn a_lock_that_nobody_can_read_is_taken_over_like_a_silent_one() {
    let world = World::new();
    world
        .aws
        .set_object(&east(), "dr", "orders/lock", Some(b"\xff\xfe".to_vec()));
    world.run(async {
        let held = taken(&request("alice", "e1"), &world.calm()).await;
        let takeovers = held.takeovers().await;
        assert_eq!(takeovers[0].from.actor, None);
        assert!(world.clock.monotonic() >= seconds(30));
    });
}

#[test]
fn a_lock_that_was_removed_by_hand_is_lost() {
    let world = World::new();
    world.run(async {
        let held = taken(&request("alice", "e1"), &world.calm()).await;
        world.aws.set_object(&west(), "dr", "orders/lock", None);
        let lost = held.renew().await.unwrap_err();
        assert_eq!(lost.to, None);
        held.before_one_way(seconds(15)).await.unwrap_err();
        assert_eq!(held.keep_alive().await, lost, "the heartbeat ends too");
    });
}

#[test]
fn an_attempt_longer_than_the_lease_never_starts() {
    let world = World::new();
    world.run(async {
        let held = taken(&request("alice", "e1"), &world.calm()).await;
        let answer = held.before_one_way(seconds(28)).await;
        assert!(matches!(answer, Err(NotNow::NotRenewed(_))), "{answer:?}");
        held.before_one_way(seconds(27)).await.unwrap();
    });
}

#[test]
fn after_a_release_nothing_is_renewed() {
    let world = World::new();
    world.run(async {
        let held = taken(&request("alice", "e1"), &world.calm()).await;
        held.release().await;
        assert!(held.renew().await.is_err() && held.lost().is_some());
    });
    assert_eq!(world.kept(&west(), "lock"), None);
}
