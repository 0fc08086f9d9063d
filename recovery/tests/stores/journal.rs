//! The journal: one chain whatever answers are lost, whoever dies, and whoever else writes.

use std::sync::Arc;

use aws::clock::Clock as _;
use aws::faults::{Fault, Schedule};
use recovery::journal::{
    Declaration, Entry, Journal, NotAppended, Note, Phase, Raw, State, Verification, read, verify,
};
use recovery::lock::{Acquired, Held, acquire};
use recovery::store::Stores;

use crate::world::{World, east, killed, request, seconds, west};

pub(crate) async fn lock(actor: &str, stores: &Stores) -> Arc<Held> {
    match acquire(&request(actor, "e1"), stores).await {
        Ok(Acquired::Held(held)) => held,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn open(stores: &Stores, held: &Arc<Held>) -> (Journal, State) {
    Journal::open("e1", stores, &west(), held.clone())
        .await
        .unwrap()
}

pub(crate) fn declared() -> Note {
    Note {
        actor: Some("alice".into()),
        declaration: Some(Declaration {
            plan: "orders".into(),
            digest: "d1".into(),
            mode: "failover".into(),
            target: "us-west-2".into(),
            from: Some("us-east-1".into()),
            lost: vec!["us-east-1".into()],
            declared_at: "2026-08-01T11:58:00Z".parse().unwrap(),
            lost_at: Some("2026-08-01T11:50:00Z".parse().unwrap()),
            last_seen: None,
            epoch: 3,
            only: Vec::new(),
            lost_stores: vec!["us-east-1".into()],
        }),
        ..Note::new(Phase::Declared)
    }
}

fn remark(text: &str) -> Note {
    Note {
        outcome: Some(text.into()),
        ..Note::new(Phase::Remark)
    }
}

pub(crate) fn entries(world: &World) -> Vec<Raw> {
    let stores = world.calm();
    let store = stores.of(&west()).unwrap().clone();
    world.run(read(&stores, store.as_ref(), "e1")).unwrap()
}

pub(crate) fn whole(entries: &[Raw]) -> Verification {
    let verification = verify("e1", entries, &[], &[]);
    assert_eq!(verification.problems, [], "{verification:?}");
    verification
}

fn remarks(entries: &[Raw]) -> Vec<String> {
    let read = entries
        .iter()
        .map(|raw| serde_json::from_slice::<Entry>(&raw.bytes).unwrap());
    read.filter_map(|entry| entry.note.outcome).collect()
}

#[test]
fn an_entry_is_one_request_and_carries_the_stores_time_and_the_hash_of_the_one_before() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        let held = lock("alice", &stores).await;
        let (journal, state) = open(&stores, &held).await;
        assert_eq!(state, State::default());
        let before = world.aws.calls().len();
        assert_eq!(journal.append(declared()).await, Ok(1));
        world.clock.sleep(seconds(7)).await;
        assert_eq!(journal.append(remark("two")).await, Ok(2));
        assert_eq!(world.aws.calls().len() - before, 2);
    });
    let entries = entries(&world);
    let second: Entry = serde_json::from_slice(&entries[1].bytes).unwrap();
    assert_eq!(second.time, Some("2026-08-01T12:00:07Z".parse().unwrap()));
    assert!(second.previous.is_some());
    whole(&entries);
    assert!(world.kept(&west(), "executions/e1/0002.json").is_some());
}

#[test]
fn a_transition_with_a_renewed_lock_is_two_requests_to_the_target() {
    let world = World::new();
    let stores = world.calm();
    world.run(async {
        let held = lock("alice", &stores).await;
        let (journal, _) = open(&stores, &held).await;
        let before = world.aws.calls().len();
        held.before_one_way(seconds(15)).await.unwrap();
        journal.append(declared()).await.unwrap();
        let calls = world.aws.calls().split_off(before);
        assert_eq!(calls.iter().filter(|call| call.region == west()).count(), 2);
    });
}

#[test]
fn a_lost_answer_is_read_back_and_writes_nothing_twice() {
    for fault in [
        Fault::ResetAfterEffect,
        Fault::ServerErrorAfterEffect,
        Fault::BlackHoleAfterEffect,
        Fault::ResetBeforeEffect,
        Fault::Throttle,
    ] {
        let world = World::new();
        // Of the writes to us-west-2 the first is the lock.
        let schedule = Schedule::calm()
            .then("PutObject", 1, fault)
            .then("PutObject", 4, fault);
        let stores = world.stores(&world.way(schedule), &[]);
        world.run(async {
            let held = lock("alice", &stores).await;
            let (journal, _) = open(&stores, &held).await;
            assert_eq!(journal.append(declared()).await, Ok(1), "{fault:?}");
            assert_eq!(journal.append(remark("two")).await, Ok(2), "{fault:?}");
            assert_eq!(journal.append(remark("three")).await, Ok(3), "{fault:?}");
        });
        assert_eq!(remarks(&entries(&world)), ["two", "three"], "{fault:?}");
        whole(&entries(&world));
    }
}

#[test]
fn an_entry_whose_writing_was_given_up_is_adopted_when_it_is_there() {
    for arrives in [true, false] {
        let world = World::new();
        let way = world.way(Schedule::calm());
        let stores = world.stores(&way, &[]);
        world.run(async {
            let held = lock("alice", &stores).await;
            let (journal, _) = open(&stores, &held).await;
            journal.append(declared()).await.unwrap();
            way.lose(&west());
            let failed = journal.append(remark("given up")).await;
            assert!(
                matches!(failed, Err(NotAppended::NotWritten(_))),
                "{failed:?}"
            );
            way.give_back(&west());
            if arrives {
                // The same bytes as were sent, late.
                let first = world.kept(&west(), "executions/e1/0001.json").unwrap();
                let mut late: Entry = serde_json::from_str(&first).unwrap();
                late.number = 2;
                late.previous = Some(recovery::publication::digest(first.as_bytes()));
                late.note = remark("given up");
                let bytes = late.bytes();
                world
                    .aws
                    .set_object(&west(), "dr", "orders/executions/e1/0002.json", Some(bytes));
            }
            let expected = if arrives { 3 } else { 2 };
            assert_eq!(journal.append(remark("next")).await, Ok(expected));
        });
        whole(&entries(&world));
    }
}

#[test]
fn an_append_that_was_dropped_on_the_way_is_found_by_the_next() {
    for at_poll in 1..4 {
        let world = World::new();
        let schedule = Schedule::calm().then("PutObject", 2, Fault::BlackHoleAfterEffect);
        let stores = world.stores(&world.way(schedule), &[]);
        world.run(async {
            let held = lock("alice", &stores).await;
            let (journal, _) = open(&stores, &held).await;
            journal.append(declared()).await.unwrap();
            let dropped = killed(at_poll, journal.append(remark("dropped"))).await;
            let next = journal.append(remark("next")).await.unwrap();
            assert_eq!(next, 3, "{at_poll} {dropped:?}");
        });
        assert_eq!(remarks(&entries(&world)), ["dropped", "next"], "{at_poll}");
        whole(&entries(&world));
    }
}

#[test]
fn somebody_elses_entry_ends_the_run_and_the_lock_is_known_to_be_lost() {
    let world = World::new();
    let (first, second) = (world.calm(), world.calm());
    world.run(async {
        let sleeper = lock("alice", &first).await;
        let (theirs, _) = open(&first, &sleeper).await;
        theirs.append(declared()).await.unwrap();
        let held = lock("bob", &second).await;
        let (ours, state) = open(&second, &held).await;
        assert_eq!((state.entries, state.actor.as_deref()), (1, Some("alice")));
        let note = Note {
            actor: Some("bob".into()),
            ..Note::new(Phase::Resumed)
        };
        ours.append(note).await.unwrap();
        let answer = theirs.append(remark("too late")).await;
        let Err(NotAppended::Lost(lost)) = answer else {
            panic!("{answer:?}")
        };
        assert!(
            lost.message().to_string().contains("bob"),
            "{}",
            lost.message()
        );
        assert!(sleeper.lost().is_some());
        sleeper.before_one_way(seconds(1)).await.unwrap_err();
        let again = theirs.append(remark("still too late")).await;
        assert!(matches!(again, Err(NotAppended::Lost(_))));
    });
    assert_eq!(remarks(&entries(&world)), Vec::<String>::new());
}

#[test]
fn copies_follow_when_their_store_answers_and_block_nothing_while_it_does_not() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let stores = world.stores(&way, &[]);
    world.run(async {
        let held = lock("alice", &stores).await;
        let (journal, _) = open(&stores, &held).await;
        journal.append(declared()).await.unwrap();
        assert_eq!(journal.mirror().await, []);
        way.lose(&east());
        let started = world.clock.monotonic();
        journal.append(remark("two")).await.unwrap();
        assert_eq!(
            world.clock.monotonic(),
            started,
            "the other store is not waited for"
        );
        let stale = journal.mirror().await;
        assert!(
            stale[0].region == east() && stale[0].why.contains("1 entries"),
            "{stale:?}"
        );
        way.give_back(&east());
        tokio::select! {
            () = journal.keep_mirrored() => unreachable!(),
            () = world.clock.sleep(seconds(60)) => {}
        }
        for number in 1..=2 {
            let key = format!("executions/e1/{number:04}.json");
            assert_eq!(world.kept(&east(), &key), world.kept(&west(), &key));
            assert!(world.kept(&east(), &key).is_some(), "{key}");
        }
        world.aws.set_object(
            &east(),
            "dr",
            "orders/executions/e1/0003.json",
            Some(b"{}".to_vec()),
        );
        journal.append(remark("three")).await.unwrap();
        let stale = journal.mirror().await;
        assert!(stale[0].why.contains("another entry 3"), "{stale:?}");
        let stale = recovery::journal::mirror(&stores, &west(), "e1").await;
        assert!(stale[0].why.contains("another entry 3"), "{stale:?}");
    });
}

#[test]
fn killed_at_any_await_with_faults_the_next_run_continues_one_chain_and_loses_no_entry() {
    for seed in 0..300_u64 {
        let world = World::new();
        let mut random = fastrand::Rng::with_seed(seed);
        world.aws.set_conflicts(random.u32(0..20), seed);
        let told = std::sync::Mutex::new(Vec::new());
        world.run(async {
            for run in 0..4_u64 {
                let schedule = Schedule::seeded(seed * 5 + run, random.u32(0..30));
                let stores = world.stores(&world.way(schedule), &[]);
                let life = async {
                    let Ok(Acquired::Held(held)) = acquire(&request("alice", "e1"), &stores).await
                    else {
                        return;
                    };
                    let Ok((journal, state)) =
                        Journal::open("e1", &stores, &west(), held.clone()).await
                    else {
                        return;
                    };
                    let work = async {
                        if state.entries == 0 && journal.append(declared()).await.is_err() {
                            return;
                        }
                        for note in 0..6 {
                            let text = format!("run {run} note {note}");
                            if journal.append(remark(&text)).await.is_ok() {
                                told.lock().unwrap().push(text);
                            }
                        }
                        journal.mirror().await;
                    };
                    tokio::select! {
                        () = work => {}
                        _ = held.keep_alive() => {}
                    }
                };
                killed(random.usize(1..120), life).await;
            }
        });
        let entries = entries(&world);
        whole(&entries);
        let kept = remarks(&entries);
        let mut sorted = kept.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(
            sorted.len(),
            kept.len(),
            "seed {seed}: an entry is there twice: {kept:?}"
        );
        let told = told.into_inner().unwrap();
        let missing: Vec<_> = told.iter().filter(|text| !kept.contains(text)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "seed {seed}");
        let order: Vec<_> = kept.iter().filter(|text| told.contains(text)).collect();
        assert_eq!(order, told.iter().collect::<Vec<_>>(), "seed {seed}");
    }
}
