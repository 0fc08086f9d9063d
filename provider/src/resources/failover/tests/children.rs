//! Plans that the plan of the resource runs, and what an execution was told that is gone on with.

use std::collections::BTreeSet;

use recovery::document::Document;
use recovery::publication;
use recovery::steps::KINDS;
use serde_json::{Value as Json, json};

use super::{NAME, accepted, apply, consent, held, plan};
use crate::testing::{House, east, said, west};

/// A plan that switches names, and runs others.
fn document(name: &str, runs: &[&str]) -> Document {
    let mut steps = vec![json!({
        "name": "switch",
        "tier": "critical",
        "route53_health_check_switch": { "switches": [
            { "region": "us-west-2", "bucket": "moleculeflow-switch-us-west-2", "key": format!("active-{name}") }
        ] },
    })];
    for child in runs {
        steps.push(json!({
            "name": format!("run-{child}"), "tier": "critical", "failover_plan": { "plan": child },
        }));
    }
    let store = |region: &str| json!({ "bucket": format!("moleculeflow-dr-{region}"), "prefix": format!("{name}/") });
    let text = json!({
        "schema": 1, "name": name, "regions": ["us-east-1", "us-west-2"], "authority": "switch",
        "tiers": { "critical": { "rto": "1h", "rpo": "5m" } },
        "stores": { "us-east-1": store("us-east-1"), "us-west-2": store("us-west-2") },
        "steps": steps,
    });
    match Document::read(&text.to_string(), KINDS) {
        Ok((document, _)) => document,
        Err(problems) => panic!("{}", problems[0]),
    }
}

/// Writes a plan to its own stores.
fn publish(house: &House, document: &Document) {
    let document = std::sync::Arc::new(document.clone());
    let aws = std::sync::Arc::new(house.estate.faulty.clone());
    let around = house.estate.around_with(aws, &document, &BTreeSet::new());
    let text = document.canonical().expect("whole numbers");
    let published = publication::publish(&around.stores, &document.name, text.as_bytes(), "ada");
    house.drive(published).expect("published");
}

fn switched(house: &House, name: &str) -> bool {
    let (bucket, key) = ("moleculeflow-switch-us-west-2", format!("active-{name}"));
    house.estate.fake.object(&west(), bucket, &key).is_some()
}

fn with(document: &Document) -> Json {
    json!({
        "from": "us-east-1",
        "mode": "failover",
        "child_plans": [document.canonical().expect("whole numbers")],
    })
}

#[test]
fn a_plan_that_runs_plans_needs_them_at_hand_and_runs_them() {
    let house = House::of(document("shop", &["billing"]));
    let child = document("billing", &[]);
    publish(&house, &house.estate.document);
    publish(&house, &child);
    let alone = json!({ "from": "us-east-1", "mode": "failover" });
    let planned = plan(&house, None, "us-west-2", &alone);
    let told = said(&planned.diags);
    assert!(
        told.contains("the plan billing, which shop runs, is not at hand")
            && told.contains("give it with `child_plans`"),
        "{told}"
    );
    let stranger = plan(&house, None, "us-west-2", &with(&document("ledger", &[])));
    assert!(stranger.diags.has_errors(), "{}", said(&stranger.diags));
    assert!(!switched(&house, "shop"), "nothing was begun");

    let outcome = apply(&house, None, "us-west-2", &with(&child));
    let told = said(&outcome.diags);
    for words in [
        "runs the plan billing",
        "run-billing: acts",
        "billing/switch: ",
    ] {
        assert!(told.contains(words), "{words} is not in:\n{told}");
    }
    outcome.expect_clean();
    assert!(switched(&house, "billing") && switched(&house, "shop"));
}

#[test]
fn a_child_that_is_not_published_is_refused_by_the_plan_with_the_next_move() {
    let house = House::of(document("shop", &["billing"]));
    let child = document("billing", &[]);
    publish(&house, &house.estate.document);
    let refused = |told: &str| {
        for words in [
            "the plan billing, which shop runs, is not published as it is",
            "apply its own dr_failover_plan first, for example with -target=dr_failover_plan.NAME",
        ] {
            assert!(told.contains(words), "{words} is not in:\n{told}");
        }
    };
    let planned = plan(&house, None, "us-west-2", &with(&child));
    assert!(planned.diags.has_errors());
    refused(&said(&planned.diags));
    // Published as another document, it is not the one that was previewed.
    publish(&house, &document("billing", &["ledger"]));
    refused(&said(&plan(&house, None, "us-west-2", &with(&child)).diags));
    publish(&house, &child);
    let planned = plan(&house, None, "us-west-2", &with(&child));
    assert!(!planned.diags.has_errors(), "{}", said(&planned.diags));
    assert!(!switched(&house, "shop") && !switched(&house, "billing"));
}

#[test]
fn readiness_shows_the_steps_of_children_under_their_plan() {
    let house = House::of(document("shop", &["billing"]));
    let child = document("billing", &[]);
    publish(&house, &house.estate.document);
    publish(&house, &child);
    let config = json!({
        "failover_plan": house.document(),
        "child_plans": [child.canonical().expect("whole numbers")],
    });
    let config = house.harness.config("dr_failover_readiness", config);
    let read = house
        .harness
        .read_data_source("dr_failover_readiness", &config);
    let ready = house.drive(read).object.expect("read");
    let steps = format!("{:?}", ready.attribute("steps"));
    for name in ["run-billing", "billing/switch"] {
        assert!(steps.contains(&format!("{name:?}")), "{name}: {steps}");
    }
}

#[test]
fn readiness_tells_of_a_plan_that_is_not_at_hand() {
    let house = House::of(document("shop", &["billing"]));
    publish(&house, &house.estate.document);
    let read = |more: Json| {
        let mut config = json!({ "failover_plan": house.document() });
        config["child_plans"] = more;
        let config = house.harness.config("dr_failover_readiness", config);
        let read = house
            .harness
            .read_data_source("dr_failover_readiness", &config);
        let ready = house.drive(read).object.expect("read");
        format!("{:?}", ready.attribute("problems"))
    };
    let words = "which shop runs, is not at hand";
    let problems = read(Json::Null);
    assert!(problems.contains(words), "{problems}");
    let text = document("billing", &[]).canonical().expect("whole numbers");
    let problems = read(json!([text]));
    assert!(!problems.contains(words), "{problems}");
}

#[test]
fn what_an_execution_under_way_was_told_is_lost_counts_for_whoever_goes_on() {
    let (house, object) = held();
    house.lose(&east());
    let order = accepted(&house);
    house.kill_in_the_middle(&order);
    // Whoever goes on says nothing of the region, and it is silent still.
    house.declare(&[]);
    let more = consent(&house);
    let planned = plan(&house, Some(&object), "us-west-2", &more);
    let told = said(&planned.diags);
    assert!(
        told.contains("It was told that us-east-1 is lost") && !planned.diags.has_errors(),
        "{told}"
    );
    let done = apply(&house, Some(&object), "us-west-2", &more).expect_clean();
    assert_eq!(done.text("active_region"), "us-west-2");
    let config = json!({ "failover_plan": house.document() });
    let config = house.harness.config("dr_failover_status", config);
    let read = house
        .harness
        .read_data_source("dr_failover_status", &config);
    let status = house.drive(read).object.expect("read");
    assert_eq!(
        status.attribute("executions").elements().map(<[_]>::len),
        Some(1),
        "{NAME} went on with it"
    );
}
