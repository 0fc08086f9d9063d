//! What the simulation found in the engine, each as the scenario that showed it.

use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::engine::{End, Order, Refusal};

use super::runs::{Ran, one_run};
use super::world::{Fate, Scenario, World};
use crate::estate::{east, west};

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
