//! What the simulation found in the engine, each as the scenario that showed it.

use std::sync::Arc;
use std::time::Duration;

use aws::clock::Clock as _;
use aws::faults::{Fault, Faulty, Schedule};
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::engine::{End, Order, Refusal};

use super::invariants::{Known, Watch};
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
