//! Operators' commands: from any store that answers, each once, in order.

use std::collections::BTreeSet;

use aws::clock::Clock as _;
use aws::faults::{Fault, Schedule};
use recovery::command::{Command, Order, issue, read};

use crate::world::{World, east, seconds, west};

fn command(world: &World, order: Order, reason: Option<&str>, seed: u64) -> Command {
    let mut random = fastrand::Rng::with_seed(seed);
    let reason = reason.map(str::to_owned);
    Command::new("e1", "carol", order, reason, world.clock.now(), &mut random).unwrap()
}

fn ids(commands: &[Command]) -> Vec<&str> {
    commands.iter().map(|command| command.id.as_str()).collect()
}

#[test]
fn commands_are_read_once_each_in_the_order_they_were_given() {
    let world = World::new();
    let stores = world.calm();
    let retry = Order::Retry {
        step: "database".into(),
    };
    let first = command(&world, Order::Pause, None, 1);
    world.clock.advance(seconds(1));
    let second = command(&world, retry, None, 2);
    world.run(async {
        assert_eq!(issue(&stores, &second).await, Ok(vec![]));
        assert_eq!(issue(&stores, &first).await, Ok(vec![]));
        let found = read(&stores, "e1", &BTreeSet::new()).await;
        assert_eq!(found.new, [first.clone(), second.clone()]);
        assert_eq!(
            found.new[1].at(),
            Some("2026-08-01T12:00:01Z".parse().unwrap())
        );
        let obeyed = BTreeSet::from([first.id.clone()]);
        assert_eq!(
            ids(&read(&stores, "e1", &obeyed).await.new),
            [second.id.as_str()]
        );
        assert_eq!(read(&stores, "e2", &BTreeSet::new()).await.new, []);
    });
}

#[test]
fn one_store_that_answers_is_enough_to_give_and_to_hear_a_command() {
    let world = World::new();
    let way = world.way(Schedule::calm());
    let stores = world.stores(&way, &[]);
    let abort = command(&world, Order::Abort, None, 1);
    world.run(async {
        way.lose(&east());
        let stale = issue(&stores, &abort).await.unwrap();
        assert_eq!(stale[0].region, east());
        let found = read(&stores, "e1", &BTreeSet::new()).await;
        assert_eq!(
            (ids(&found.new), found.silent.len()),
            (vec![abort.id.as_str()], 1)
        );
        way.lose(&west());
        let message = issue(&stores, &abort).await.unwrap_err();
        assert!(
            message.seen.contains("abort") && message.seen.contains("us-west-2"),
            "{message}"
        );
    });
}

#[test]
fn a_lost_answer_gives_the_command_once() {
    let world = World::new();
    let schedule = Schedule::calm().then("PutObject", 0, Fault::ResetAfterEffect);
    let stores = world.stores(&world.way(schedule), &[]);
    let pause = command(&world, Order::Pause, None, 1);
    world.run(async {
        assert_eq!(issue(&stores, &pause).await, Ok(vec![]));
        assert_eq!(read(&stores, "e1", &BTreeSet::new()).await.new.len(), 1);
    });
}

#[test]
fn what_is_no_command_of_this_execution_is_told_and_not_obeyed() {
    let world = World::new();
    let stores = world.calm();
    let skip = command(
        &world,
        Order::Skip {
            step: "mail".into(),
        },
        Some("no mail"),
        1,
    );
    let mut copied = command(&world, Order::Abort, None, 2);
    world.run(async {
        issue(&stores, &skip).await.unwrap();
        let put = |id: &str, body: Vec<u8>| {
            let key = format!("orders/commands/e1/{id}.json");
            world.aws.set_object(&west(), "dr", &key, Some(body));
        };
        put(
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            serde_json::to_vec(&copied).unwrap(),
        );
        copied.execution = "e2".into();
        put(&copied.id.clone(), serde_json::to_vec(&copied).unwrap());
        put("notes", b"call me".to_vec());
        let mut unreasoned = skip.clone();
        unreasoned.id = "01ARZ3NDEKTSV4RRFFQ69G5FAW".into();
        unreasoned.reason = None;
        put(
            &unreasoned.id.clone(),
            serde_json::to_vec(&unreasoned).unwrap(),
        );
        let found = read(&stores, "e1", &BTreeSet::new()).await;
        assert_eq!(ids(&found.new), [skip.id.as_str()]);
        assert_eq!(found.unreadable.len(), 4, "{:?}", found.unreadable);
    });
}

#[test]
fn a_skip_needs_a_reason_and_tokens_stand_in_no_note() {
    let world = World::new();
    let mut random = fastrand::Rng::with_seed(1);
    let skip = Order::Skip {
        step: "mail".into(),
    };
    for reason in [None, Some(" ".to_owned())] {
        let refused = Command::new(
            "e1",
            "carol",
            skip.clone(),
            reason,
            world.clock.now(),
            &mut random,
        );
        assert!(refused.unwrap_err().next.contains("--reason"));
    }
    let approve = Order::Approve {
        step: "go".into(),
        token: "s3cret".into(),
    };
    let note = command(&world, approve, None, 1).note();
    assert!(!format!("{note:?}").contains("s3cret"), "{note:?}");
}
