//! Whether whoever holds the lock is alive, by looking alone.

use aws::clock::Clock as _;
use aws::faults::Schedule;
use recovery::lock::{Acquired, Life, acquire, held_by, life};

use crate::world::{World, east, request, seconds, west};

#[test]
fn nobody_is_told_at_once_and_nothing_is_written() {
    let world = World::new();
    let stores = world.calm();
    let seen = world.run(life(&stores, &west()));
    assert_eq!(seen.unwrap(), Life::Nobody);
    assert_eq!(world.run(held_by(&stores, &west())).unwrap(), None);
    assert_eq!(world.clock.monotonic(), seconds(0));
    assert_eq!(world.kept(&west(), "lock"), None);
}

#[test]
fn a_holder_that_writes_heartbeats_is_alive_by_its_next_one() {
    let world = World::new();
    let (runner, watcher) = (world.calm(), world.calm());
    let seen = world.run(async {
        let Ok(Acquired::Held(held)) = acquire(&request("alice", "e1"), &runner).await else {
            panic!("it is held");
        };
        world.clock.sleep(seconds(3)).await;
        let target = west();
        tokio::select! {
            seen = life(&watcher, &target) => seen,
            lost = held.keep_alive() => panic!("{lost:?}"),
        }
    });
    let Ok(Life::Alive(holder, ago)) = seen else {
        panic!("{seen:?}");
    };
    assert_eq!(holder.actor.as_deref(), Some("alice"));
    assert_eq!(holder.execution.as_deref(), Some("e1"));
    assert!(ago <= seconds(1), "{ago:?}");
    assert!(world.clock.monotonic() <= seconds(3 + 11));
}

#[test]
fn a_holder_that_is_gone_is_silent_after_three_intervals_and_keeps_its_lock() {
    let world = World::new();
    let (runner, watcher) = (world.calm(), world.calm());
    let before = world.run(async {
        let taken = acquire(&request("alice", "e1"), &runner).await;
        assert!(matches!(taken, Ok(Acquired::Held(_))), "{taken:?}");
        // Its process is killed: nothing is given back.
        std::mem::forget(taken);
        world.kept(&west(), "lock")
    });
    let seen = world.run(life(&watcher, &west()));
    let Ok(Life::Silent(holder, watched)) = seen else {
        panic!("{seen:?}");
    };
    assert_eq!(holder.actor.as_deref(), Some("alice"));
    assert!(
        watched >= seconds(30) && watched < seconds(32),
        "{watched:?}"
    );
    assert_eq!(world.kept(&west(), "lock"), before);
    let holder = world.run(held_by(&watcher, &west())).unwrap().unwrap();
    assert_eq!(holder.execution.as_deref(), Some("e1"));
}

#[test]
fn a_store_that_falls_silent_while_it_is_watched_says_nothing_of_its_holder() {
    let world = World::new();
    let runner = world.calm();
    let way = world.way(Schedule::calm());
    let watcher = world.stores(&way, &[]);
    let seen = world.run(async {
        let taken = acquire(&request("alice", "e1"), &runner).await;
        assert!(matches!(taken, Ok(Acquired::Held(_))), "{taken:?}");
        std::mem::forget(taken);
        let lost = async {
            world.clock.sleep(seconds(5)).await;
            way.lose(&west());
            std::future::pending::<()>().await;
        };
        let target = west();
        tokio::select! {
            seen = life(&watcher, &target) => seen,
            () = lost => unreachable!("it waits for ever"),
        }
    });
    assert!(seen.is_err(), "{seen:?}");
    // Where it is silent from the beginning another store tells.
    let seen = world.run(life(&watcher, &west()));
    assert!(
        matches!(&seen, Ok(Life::Silent(holder, _)) if holder.region == east()),
        "{seen:?}"
    );
}
