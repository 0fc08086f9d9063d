//! What the simulation found in the engine, each as the scenario that showed it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws::clock::Clock as _;
use aws::fake::Effect;
use aws::faults::{Fault, Faulty, Schedule};
use recovery::command::{self, Command};
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::engine::{End, Event, Order, Refusal, execute};
use recovery::journal::{Entry, Phase};
use tokio_util::sync::CancellationToken;

use super::invariants::{Known, Watch, journals, newest};
use super::orders;
use super::rivals::{self, Operator, Story, operate};
use super::runs::{self, Ran, one_run};
use super::world::{Fate, Scenario, World};
use crate::estate::{east, west};
use crate::life::{Life, live};

fn run(world: &World, order: &Order) -> Ran {
    let ran = one_run(world, &world.way(1), order, None, |_| {});
    assert!(ran.found.is_empty(), "{:#?}", ran.found);
    ran
}

fn failed_over(lost: bool) -> World {
    let shape = "fence; promote<fence; point<promote";
    let mut scenario = Scenario::calm(3, shape);
    scenario.fate = if lost { Fate::Lost } else { Fate::Healthy };
    let world = World::new(scenario);
    let way = world.way(1);
    if lost {
        way.lose(&east());
    }
    let order = world.order("ada", lost);
    let ran = one_run(&world, &way, &order, None, |_| {});
    let end = ran.end.expect("it lives").expect("it begins").end;
    let wanted = if lost { End::DoneUnfenced } else { End::Done };
    assert_eq!(end, wanted);
    world
}

/// Nothing was done to the writer that is active, and the other one did not become it.
fn refused_untouched(world: &World, order: &Order) {
    let Some(Err(Refusal::Unfit(message))) = run(world, order).end else {
        panic!("it began");
    };
    assert!(message.next.contains("reprotect"), "{message}");
    let fake = &world.estate.fake;
    let active = fake.truth(&west(), "moleculeflow-replica").expect("there");
    assert_ne!(active.security_groups, ["sg-0bbbbbbbbbbbbbbbb"]);
    let left = fake.truth(&east(), "moleculeflow-prod").expect("there");
    assert_eq!(left.tags.get("dr:epoch"), None);
}

#[test]
fn a_writer_that_was_fenced_does_not_become_the_active_one_by_adoption() {
    let world = failed_over(false);
    refused_untouched(&world, &world.order_to(&east(), "bob", None, 2));
}

#[test]
fn a_writer_that_came_back_with_its_region_does_not_become_the_active_one_by_adoption() {
    let world = failed_over(true);
    let mut order = world.order_to(&east(), "bob", None, 2);
    order.consents = vec![PlanConsent {
        risk: AcceptedRisk::Unfenced,
        step: None,
        until: "2026-08-02T11:00:00Z".parse().expect("a moment"),
        target: east().to_string(),
        epoch: 2,
        by: "bob".to_owned(),
        reason: "home again".to_owned(),
    }];
    refused_untouched(&world, &order);
}

#[test]
fn a_fenced_writer_is_not_adopted_when_the_promoted_one_is_lost_either() {
    let world = failed_over(false);
    let order = world.order_to(&east(), "bob", Some(west()), 2);
    let way = world.way(1);
    way.lose(&west());
    let ran = one_run(&world, &way, &order, None, |_| {});
    let done = matches!(&ran.end, Some(Ok(execution)) if matches!(execution.end, End::Done | End::DoneUnfenced));
    assert!(!done, "{:?}", ran.end);
    let left = world
        .estate
        .fake
        .truth(&east(), "moleculeflow-prod")
        .expect("there");
    assert_eq!(left.tags.get("dr:epoch"), None);
}

/// The first look of the one who leads to the east was throttled.
#[test]
fn a_failover_to_the_region_that_is_active_does_not_begin_while_the_authority_cannot_be_asked() {
    let world = World::new(Scenario::calm(4, "fence; promote<fence; point<promote"));
    let order = world.order_to(&east(), "bob", None, 1);
    let mut schedule = Schedule::calm();
    for number in 0..3 {
        schedule = schedule.then("DescribeDBInstances", number, Fault::Throttle);
    }
    let (fake, clock) = (world.estate.fake.clone(), world.estate.clock.clone());
    let way = Faulty::new(Arc::new(fake), Arc::new(clock), schedule);
    let ran = one_run(&world, &way, &order, None, |_| {});
    let Some(Err(Refusal::NoAnswer(message))) = ran.end else {
        panic!("{:?}", ran.end);
    };
    assert!(message.seen.contains("could not be asked"), "{message}");
    let active = world.estate.fake.truth(&east(), "moleculeflow-prod");
    assert_eq!(active.expect("there").tags.get("dr:epoch"), None);
}

/// Seed 79 of two operators, one of whom is cut off from a store for a while.
#[test]
fn what_a_store_did_not_take_is_written_to_the_journal_before_what_comes_after_it() {
    rivals::play(79, Story::CutOff, None).unwrap_or_else(|found| panic!("{found}"));
}

/// Seed 421 of two operators: somebody brought home what had moved already, and did not come to the end.
#[test]
fn a_writer_that_the_role_was_taken_from_nobody_for_is_tagged_only_when_the_execution_is_complete()
{
    rivals::play(421, Story::Opposite, None).unwrap_or_else(|found| panic!("{found}"));
}

/// What became of ada's promotion when her machine fell asleep around it, and of bob who came meanwhile.
fn asleep(nap: Option<(Duration, Duration)>, bob: Duration) -> (World, Duration) {
    let world = World::new(Scenario::calm(11, "fence; promote<fence; point<promote"));
    let operator = |number: u64, actor: &'static str, starts: Duration| Operator {
        actor,
        target: west(),
        lost: None,
        skew: 0,
        starts,
        way: world.way(number),
        random: fastrand::Rng::with_seed(number),
    };
    let (ada, bob) = (operator(1, "ada", Duration::ZERO), operator(2, "bob", bob));
    let known = |actor: &str| Known {
        actor: actor.to_owned(),
        lost: Vec::new(),
    };
    let start = world.estate.clock.monotonic();
    let mut watch = Watch::new(&world, vec![known("ada"), known("bob")]).asleep(nap.is_some());
    let mut lives = [
        Life::new(operate(&world, ada)).paused(nap),
        Life::new(operate(&world, bob)),
    ];
    live(&world.estate.clock, &mut lives, |life, _| {
        watch.polled(life);
    });
    assert!(watch.found.is_empty(), "{:#?}", watch.found);
    drop(lives);
    (world, start)
}

/// When the promotion arrived, on the clock of the world.
fn promoted(world: &World, start: Duration) -> Duration {
    let lasted = world.estate.clock.monotonic().saturating_sub(start);
    let began = world.estate.clock.now() - lasted;
    let calls = world.estate.fake.calls_since(0);
    let sent = calls.iter().find(|it| it.operation == "PromoteReadReplica");
    let after = sent.expect("it was promoted").at.duration_since(began);
    start + Duration::try_from(after).expect("later")
}

/// Ada's machine falls asleep right before her promotion leaves it, and bob takes over.
#[test]
fn whoever_sleeps_past_the_lease_right_before_an_act_is_sent_does_not_send_it() {
    let (world, start) = asleep(None, Duration::from_hours(1));
    let at = promoted(&world, start).saturating_sub(Duration::from_millis(1));
    asleep(Some((at, at + Duration::from_mins(3))), at);
}

/// The store took the order, and its answer was lost until the next look.
#[test]
fn an_order_whose_writing_was_not_answered_is_obeyed_once() {
    orders::of_seed(3158).unwrap_or_else(|found| panic!("{found}"));
}

/// A store that is silent for a while is no misfit between plan and stores: it is asked again.
#[test]
fn a_silent_store_is_told_as_no_answer() {
    runs::of_seed(7754).unwrap_or_else(|found| panic!("{found}"));
}

/// A function may answer late, but whoever slept past the lease does not call it any more.
#[test]
fn whoever_sleeps_past_the_lease_does_not_call_what_answers_late_either() {
    rivals::of_seed(1859, None).unwrap_or_else(|found| panic!("{found}"));
}

/// One store call of a child plan that nobody answered is asked again, and does not end the parent.
#[test]
fn a_store_of_a_child_that_is_silent_once_does_not_fail_its_parent() {
    runs::of_seed(4634).unwrap_or_else(|found| panic!("{found}"));
}

/// A failover whose process was killed, and something that somebody orders of it after that.
fn killed_and_ordered(order: command::Order) -> (World, Order) {
    let world = World::new(Scenario::calm(5, "fence; promote<fence; point<promote"));
    let first = world.order("ada", false);
    let ran = one_run(&world, &world.way(1), &first, Some(60), |_| {});
    assert!(ran.end.is_none(), "it was killed");
    let id = newest(&world, &west()).expect("it was begun");
    let around = world.around(Arc::new(world.calm_way()), &BTreeSet::new());
    let now = world.estate.clock.now();
    let mut random = fastrand::Rng::with_seed(5);
    let command = Command::new(&id, "eve", order, None, now, &mut random).expect("it fits");
    let issued = command::issue(&around.stores, &command);
    let stale = world.estate.clock.drive(issued).expect("it ends");
    assert_eq!(stale, Ok(Vec::new()));
    let mut again = world.order("bob", false);
    again.resume = Some(id);
    (world, again)
}

/// Changes of the world beside its stores.
fn changes(world: &World) -> usize {
    let calls = world.estate.fake.calls_since(0);
    let changes = calls.iter().filter(|call| {
        call.effect == Effect::Changed && !matches!(call.operation, "PutObject" | "DeleteObject")
    });
    changes.count()
}

/// How often the newest journal tells of a phase.
fn told(world: &World, phase: Phase) -> usize {
    let id = newest(world, &west()).expect("it was begun");
    let entries = journals(world).0.remove(&id).unwrap_or_default();
    let entries = entries.iter().map(|raw| serde_json::from_slice(&raw.bytes));
    let entries: Vec<Entry> = entries.collect::<Result<_, _>>().expect("entries");
    entries.iter().filter(|it| it.note.phase == phase).count()
}

/// `drctl abort`, then `drctl resume`: steps began before the first look at what was ordered.
#[test]
fn an_order_to_end_it_that_lies_there_is_obeyed_before_the_first_step() {
    let (world, order) = killed_and_ordered(command::Order::Abort);
    let (before, begun) = (changes(&world), told(&world, Phase::Waiting));
    let end = run(&world, &order).end.expect("it lives");
    assert_eq!(end.expect("it begins").end, End::Aborted);
    assert_eq!(
        (changes(&world), told(&world, Phase::Waiting)),
        (before, begun)
    );
    // And it is over for good.
    let Some(Err(Refusal::Unfit(message))) = run(&world, &order).end else {
        panic!("it was gone on with");
    };
    assert!(message.seen.contains("was aborted"), "{message}");
}

#[test]
fn a_pause_that_lies_there_is_obeyed_before_the_first_step() {
    let (world, order) = killed_and_ordered(command::Order::Pause);
    let (before, begun) = (changes(&world), told(&world, Phase::Waiting));
    let around = world.around(Arc::new(world.calm_way()), &BTreeSet::new());
    let cancel = CancellationToken::new();
    let sink = |_: Event| {};
    let clock = &world.estate.clock;
    let ended = clock.drive(async {
        tokio::select! {
            ended = execute(&around, &order, &cancel, &sink) => Some(ended),
            () = clock.sleep(Duration::from_mins(5)) => None,
        }
    });
    assert!(ended.expect("it ends").is_none(), "it waits");
    assert_eq!(
        (changes(&world), told(&world, Phase::Waiting)),
        (before, begun)
    );
}

/// The process died between the entry that obeys and the end: whoever goes on only ends it.
#[test]
fn an_order_to_end_it_that_was_obeyed_is_not_forgotten_when_its_runner_dies() {
    let died = (40..400).find_map(|poll| {
        let (world, order) = killed_and_ordered(command::Order::Abort);
        let ran = one_run(&world, &world.way(2), &order, Some(poll), |_| {});
        assert!(ran.end.is_none(), "it came to its end");
        (told(&world, Phase::Obeyed) == 1).then_some((world, order))
    });
    let (world, order) = died.expect("it obeys within so many polls");
    assert_eq!(told(&world, Phase::Ended), 0);
    let (before, begun) = (changes(&world), told(&world, Phase::Waiting));
    let end = run(&world, &order).end.expect("it lives");
    assert_eq!(end.expect("it begins").end, End::Aborted);
    assert_eq!(told(&world, Phase::Obeyed), 1);
    assert_eq!(
        (changes(&world), told(&world, Phase::Waiting)),
        (before, begun)
    );
}
