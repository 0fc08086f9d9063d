//! Stores that move in place, and accounts that may not be touched.

use aws::Region;
use recovery::engine::{End, Order};
use recovery::mode::Mode;
use serde_json::{Value as Json, json};
use terraform_framework::testing::Object;

use super::NAME;
use super::life::{apply, pointer};
use crate::testing::{House, arguments, east, said, west};

/// The plan with its stores under another prefix.
fn moved() -> Json {
    let mut plan = arguments();
    for region in [east(), west()] {
        plan["stores"][region.as_str()]["prefix"] = json!("moved/");
    }
    plan
}

fn there(house: &House, region: &Region, key: &str) -> Option<Json> {
    let bucket = format!("moleculeflow-dr-{region}");
    let body = house.estate.fake.object(region, &bucket, key)?;
    serde_json::from_slice(&body).ok()
}

/// A published plan that has failed over to the west, unfenced.
fn failed_over() -> (House, Object) {
    let house = House::prepared();
    let object = apply(&house, None, arguments()).expect_clean();
    house.lose(&east());
    let mut order = house.estate.failover();
    order.consents = vec![recovery::consent::PlanConsent {
        risk: recovery::consent::AcceptedRisk::Unfenced,
        step: None,
        until: aws::clock::Clock::now(&house.estate.clock) + jiff::SignedDuration::from_hours(2),
        target: west().to_string(),
        epoch: 1,
        by: "ada".to_owned(),
        reason: "us-east-1 is gone".to_owned(),
    }];
    let done = house.estate.run(&order).expect("it begins");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    house.estate.faulty.give_back(&east());
    house.declare(&[]);
    (house, object)
}

#[test]
fn a_move_is_refused_while_the_old_stores_know_of_an_unfenced_writer() {
    let (house, object) = failed_over();
    let config = house.harness.config(NAME, moved());
    let planned = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    let told = said(&planned.diags);
    assert!(
        told.contains("The stores of moleculeflow cannot move now")
            && told.contains("drctl fence --plan FILE"),
        "{told}"
    );
}

#[test]
fn a_move_is_refused_in_the_middle_of_an_execution() {
    let house = House::prepared();
    let object = apply(&house, None, arguments()).expect_clean();
    house.lose(&east());
    let refused = house
        .estate
        .run(&house.estate.failover())
        .expect("it begins");
    assert_eq!(refused.end, End::Refused);
    let config = house.harness.config(NAME, moved());
    let planned = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    let told = said(&planned.diags);
    assert!(
        told.contains(&format!("drctl abort {} --plan FILE", refused.id)),
        "{told}"
    );
}

#[test]
fn a_move_takes_the_epoch_along_and_the_old_pointer_away() {
    let (house, object) = failed_over();
    let order = Order {
        mode: Mode::Reprotect,
        target: west(),
        lost: std::collections::BTreeSet::new(),
        lost_at: None,
        ..house.estate.failover()
    };
    let done = house.estate.run(&order).expect("it begins");
    assert_eq!(done.end, End::Done, "{done:#?}");
    let outcome = apply(&house, Some(&object), moved());
    let told = said(&outcome.diags);
    assert!(told.contains("Epoch 1 was carried over"), "{told}");
    let object = outcome.expect_clean();
    for region in [east(), west()] {
        let epoch = there(&house, &region, "moved/epoch").expect("carried over");
        assert_eq!(
            (&epoch["epoch"], &epoch["active"]),
            (&json!(1), &json!("us-west-2"))
        );
        let now = there(&house, &region, "moved/current").expect("published");
        assert_eq!(now["digest"], json!(object.text("digest")));
        assert!(pointer(&house, &region).is_none(), "{region}");
    }
    let config = house.harness.config(NAME, moved());
    let again = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    assert!(again.is_empty, "{}", said(&again.diags));
}

#[test]
fn stores_of_another_account_are_neither_read_nor_written() {
    let house = House::prepared();
    let object = apply(&house, None, arguments()).expect_clean();
    house.allow(&["999999999999"]);
    let words = "the AWS credentials belong to account";
    let read = house.drive(house.harness.refresh(NAME, &object));
    assert!(said(&read.diags).contains(words), "{}", said(&read.diags));
    let mut other = arguments();
    other["description"] = json!("Another one.");
    let config = house.harness.config(NAME, other);
    let planned = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    assert!(
        said(&planned.diags).contains(words),
        "{}",
        said(&planned.diags)
    );
    let id = "us-west-2/s3://moleculeflow-dr-us-west-2/failover/";
    for name in [NAME, "dr_failover"] {
        let before = house.estate.fake.calls().len();
        let found = house.drive(house.harness.import(name, id));
        let told = said(&found.diags);
        assert!(
            found.object.is_none() && told.contains(words),
            "{name}: {told}"
        );
        let calls = house.estate.fake.calls_since(before);
        let read = calls
            .iter()
            .filter(|it| it.operation == "GetObject")
            .count();
        assert_eq!(read, 0, "{name}: {calls:?}");
    }
}
