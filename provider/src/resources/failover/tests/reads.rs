//! How much is read of the stores: each journal once in a process, however many looks there are and executions were.

use std::collections::BTreeMap;

use aws::fake::Call;
use serde_json::json;
use terraform_framework::testing::Object;

use super::standing::{give_back, reprotected};
use super::{NAME, failed_over, held, plan};
use crate::testing::{House, east, said, west};

/// What `terraform plan` asks the provider for: a refresh, the readiness, and the plan. The calls that it makes.
fn planned(house: &House, object: &Object) -> Vec<Call> {
    let before = house.estate.fake.calls().len();
    let read = house.drive(house.harness.refresh(NAME, object));
    assert!(!read.diags.has_errors(), "{}", said(&read.diags));
    let config = json!({ "failover_plan": house.document() });
    let config = house.harness.config("dr_failover_readiness", config);
    let readiness = house
        .harness
        .read_data_source("dr_failover_readiness", &config);
    assert!(house.drive(readiness).object.is_some());
    let planned = plan(house, Some(object), "us-west-2", &json!({}));
    assert!(!planned.diags.has_errors(), "{}", said(&planned.diags));
    house.estate.fake.calls_since(before)
}

/// How often each entry of a journal was read.
fn entries_read(calls: &[Call]) -> BTreeMap<&str, usize> {
    let mut read = BTreeMap::new();
    for call in calls.iter().filter(|call| call.operation == "GetObject") {
        if let Some((_, entry)) = call.id.split_once("/executions/") {
            *read.entry(entry).or_default() += 1;
        }
    }
    read
}

fn of<'a>(calls: &'a [Call], operation: &'a str) -> impl Iterator<Item = &'a Call> {
    let ours = move |call: &&Call| call.operation == operation && call.id.contains("-dr-");
    calls.iter().filter(ours)
}

#[test]
fn four_executions_are_read_once_for_all_looks_of_a_plan_and_then_never_again() {
    let (house, object) = held();
    let object = failed_over(&house, &object);
    give_back(&house);
    for _ in 0..3 {
        reprotected(&house, &west());
        house.drive(aws::clock::Clock::sleep(
            &house.estate.clock,
            std::time::Duration::from_secs(5),
        ));
    }
    // A process of its own, as Terraform starts one.
    house.declare(&[]);
    let first = planned(&house, &object);
    let read = entries_read(&first);
    let executions: std::collections::BTreeSet<&str> = read
        .keys()
        .filter_map(|entry| entry.split_once('/'))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(executions.len(), 4, "{read:?}");
    assert!(read.values().all(|times| *times == 1), "{read:?}");
    let again = planned(&house, &object);
    assert_eq!(entries_read(&again), BTreeMap::new());
    // What is left does not grow with what was executed.
    let (gets, lists) = (
        of(&again, "GetObject").count(),
        of(&again, "ListObjectsV2").count(),
    );
    assert!(gets <= 30 && lists <= 20, "{gets} GETs, {lists} LISTs");
}

#[test]
fn an_execution_under_way_is_read_anew_by_every_look() {
    let (house, object) = held();
    house.lose(&east());
    let order = super::accepted(&house);
    house.kill_in_the_middle(&order);
    for _ in 0..2 {
        let before = house.estate.fake.calls().len();
        let read = house.drive(house.harness.refresh(NAME, &object));
        assert!(!read.diags.has_errors(), "{}", said(&read.diags));
        let calls = house.estate.fake.calls_since(before);
        assert!(!entries_read(&calls).is_empty());
    }
}
