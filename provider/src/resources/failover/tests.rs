//! Tests of the resource in process: the rows of the contract over the estate of the engine's own tests.

mod children;
mod hints;
mod reads;
mod running;
mod standing;

use recovery::engine::End;
use serde_json::{Value as Json, json};
use terraform_framework::cty;
use terraform_framework::testing::{Object, Outcome, Planned};

use crate::testing::{House, east, said, west};

const NAME: &str = "dr_failover";

/// The resource with its plan, and more arguments.
fn config(house: &House, region: &str, more: &Json) -> cty::Value {
    let mut config = json!({
        "failover_plan": house.document(),
        "plan_digest": house.digest(),
        "active_region": region,
    });
    for (name, value) in more.as_object().expect("arguments") {
        config[name] = value.clone();
    }
    house.harness.config(NAME, config)
}

fn plan(house: &House, object: Option<&Object>, region: &str, more: &Json) -> Planned {
    let config = config(house, region, more);
    house.drive(house.harness.plan(NAME, object, Some(&config)))
}

fn apply(house: &House, object: Option<&Object>, region: &str, more: &Json) -> Outcome {
    let config = config(house, region, more);
    house.drive(house.harness.apply(NAME, object, &config))
}

/// A published plan, and the resource that found the east active.
fn held() -> (House, Object) {
    let house = House::prepared();
    let object = apply(&house, None, "us-east-1", &json!({})).expect_clean();
    (house, object)
}

/// What the refusal says to write.
fn consent(house: &House) -> Json {
    let until = aws::clock::Clock::now(&house.estate.clock) + jiff::SignedDuration::from_hours(2);
    json!({
        "mode": "failover",
        "consent": [{
            "risk": "unfenced",
            "until": until.to_string(),
            "plan_digest": house.digest(),
            "epoch": 1,
            "steps": ["fence-database", "promote-database"],
            "reason": "us-east-1 is gone",
        }],
    })
}

/// The state of the resource after the region of its plan was left for the west, with consent.
fn failed_over(house: &House, object: &Object) -> Object {
    house.lose(&east());
    apply(house, Some(object), "us-west-2", &consent(house)).expect_clean()
}

fn promotions(house: &House) -> usize {
    house.estate.fake.effects("PromoteReadReplica")
}

#[test]
fn rows_01_and_04_adopt_what_is_active_and_then_plan_nothing() {
    let house = House::prepared();
    let planned = plan(&house, None, "us-east-1", &json!({}));
    assert!(said(&planned.diags).contains("already is active: adopted"));
    let object = apply(&house, None, "us-east-1", &json!({})).expect_clean();
    assert_eq!(
        (object.text("last_applied"), object.text("observed")),
        ("us-east-1", "us-east-1")
    );
    assert_eq!(object.text("execution_status"), "adopted");
    let object = house
        .drive(house.harness.refresh(NAME, &object))
        .object
        .expect("there");
    let again = plan(&house, Some(&object), "us-east-1", &json!({}));
    assert!(
        again.is_empty && again.diags.is_empty(),
        "{}",
        said(&again.diags)
    );
}

#[test]
fn row_02_without_a_past_the_active_region_has_to_be_named() {
    let house = House::prepared();
    let planned = plan(&house, None, "us-west-2", &json!({}));
    assert!(
        said(&planned.diags).contains("from = \"us-east-1\""),
        "{}",
        said(&planned.diags)
    );
    let planned = plan(&house, None, "us-west-2", &json!({ "from": "us-west-2" }));
    assert!(planned.diags.has_errors());
}

#[test]
fn row_03_a_gate_that_nothing_opens_refuses_in_the_plan_with_the_consent_to_write() {
    let house = House::prepared();
    house.lose(&east());
    let more = json!({ "mode": "failover", "from": "us-east-1" });
    for _ in 0..2 {
        let refused = apply(&house, None, "us-west-2", &more);
        let told = said(&refused.diags);
        assert!(refused.object.is_none(), "nothing is tainted");
        assert!(
            told.contains("fence-database, promote-database refuses: fenced"),
            "{told}"
        );
        assert!(told.contains("risk        = \"unfenced\""), "{told}");
        assert!(
            told.contains(&format!("plan_digest = \"{}\"", house.digest())),
            "{told}"
        );
        assert!(
            told.contains("steps       = [\"fence-database\", \"promote-database\"]"),
            "{told}"
        );
    }
    assert_eq!(promotions(&house), 0);
    let mut more = consent(&house);
    more["from"] = json!("us-east-1");
    let outcome = apply(&house, None, "us-west-2", &more);
    let told = said(&outcome.diags);
    assert!(
        told.contains("failover of moleculeflow to us-west-2: data at risk"),
        "{told}"
    );
    assert!(told.contains("not proved to be fenced"), "{told}");
    let object = outcome.expect_clean();
    assert_eq!(object.text("execution_status"), "done_unfenced");
    assert_eq!(
        object
            .attribute("epoch")
            .as_number()
            .and_then(cty::Number::to_i64),
        Some(1)
    );
    assert_eq!(promotions(&house), 1);
}

#[test]
fn row_05_a_change_outside_is_one_warning_and_no_change() {
    let (house, object) = held();
    house.lose(&east());
    outside(&house);
    let planned = plan(&house, Some(&object), "us-east-1", &json!({}));
    let told = said(&planned.diags);
    assert!(
        planned.is_empty && told.contains("changed outside Terraform"),
        "{told}"
    );
    assert!(
        told.contains("active_region = \"us-west-2\"") && told.contains("by ada"),
        "{told}"
    );
    let read = house
        .drive(house.harness.refresh(NAME, &object))
        .object
        .expect("there");
    assert_eq!(
        (read.text("active_region"), read.text("last_applied")),
        ("us-west-2", "us-east-1")
    );
    let planned = plan(&house, Some(&read), "us-east-1", &json!({}));
    assert!(
        planned.is_empty && !planned.diags.has_errors(),
        "{}",
        said(&planned.diags)
    );
    let other = plan(
        &house,
        Some(&read),
        "us-east-1",
        &json!({ "mode": "failover" }),
    );
    assert!(
        !other.is_empty && !other.diags.has_errors(),
        "other arguments change"
    );
    assert_eq!(other.attribute("active_region").as_str(), Some("us-west-2"));
}

/// Somebody fails over with `drctl`.
fn outside(house: &House) {
    let done = house.estate.run(&accepted(house)).expect("it begins");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
}

/// The order of a failover, by somebody who accepts that the old writer is not fenced.
fn accepted(house: &House) -> recovery::engine::Order {
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
    order
}

/// Somebody begins with `drctl`, and a gate refuses.
fn begun(house: &House) {
    let refused = house
        .estate
        .run(&house.estate.failover())
        .expect("it begins");
    assert_eq!(refused.end, End::Refused, "{refused:#?}");
}

#[test]
fn row_06_the_configuration_follows_the_world() {
    let (house, object) = held();
    house.lose(&east());
    outside(&house);
    let outcome = apply(&house, Some(&object), "us-west-2", &json!({}));
    assert!(said(&outcome.diags).contains("the configuration follows"));
    let object = outcome.expect_clean();
    assert_eq!(
        (object.text("active_region"), object.text("last_applied")),
        ("us-west-2", "us-west-2")
    );
    let read = house
        .drive(house.harness.refresh(NAME, &object))
        .object
        .expect("there");
    let again = plan(&house, Some(&read), "us-west-2", &json!({}));
    assert!(
        again.is_empty
            && again.diags.iter().count() == 1
            && said(&again.diags).contains("left the old writer unfenced"),
        "{}",
        said(&again.diags)
    );
    assert_eq!(promotions(&house), 1, "the one outside");
}

#[test]
fn rows_07_and_09_an_edit_fails_over_under_gates_and_what_was_begun_is_gone_on_with() {
    let (house, object) = held();
    house.lose(&east());
    let refused = apply(
        &house,
        Some(&object),
        "us-west-2",
        &json!({ "mode": "failover" }),
    );
    assert!(refused.diags.has_errors());
    let kept = refused.object.expect("the state from before");
    assert_eq!(kept.state, object.state);
    begun(&house);
    let consented = consent(&house);
    let outcome = apply(&house, Some(&kept), "us-west-2", &consented);
    let told = said(&outcome.diags);
    assert!(told.contains("Goes on with execution"), "{told}");
    let object = outcome.expect_clean();
    assert_eq!(
        (object.text("active_region"), object.text("observed")),
        ("us-west-2", "us-west-2")
    );
    let evidence: Json = serde_json::from_str(object.text("evidence")).expect("JSON");
    assert_eq!(evidence["end"], "done_unfenced");
    let rto = object
        .attribute("measured_rto_seconds")
        .attribute("critical");
    assert!(rto.and_then(|it| it.as_number()).is_some(), "{rto:?}");
    // The consent has done its work: it is told to be stale, and nothing is planned.
    let read = house
        .drive(house.harness.refresh(NAME, &object))
        .object
        .expect("there");
    let again = plan(&house, Some(&read), "us-west-2", &consented);
    assert!(
        again.is_empty && said(&again.diags).contains("A consent is stale"),
        "{}",
        said(&again.diags)
    );
    assert_eq!(promotions(&house), 1);
}

#[test]
fn rows_10_and_11_neither_cross_nor_forget_an_unfinished_execution() {
    let (house, object) = held();
    house.lose(&east());
    begun(&house);
    for more in [json!({}), json!({ "mode": "failover" })] {
        let planned = plan(&house, Some(&object), "us-east-1", &more);
        let told = said(&planned.diags);
        assert!(
            planned.diags.has_errors()
                && told.contains("drctl resume")
                && told.contains("active_region = \"us-west-2\""),
            "{told}"
        );
    }
    let destroyed = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(
        destroyed.diags.has_errors() && destroyed.object.is_some(),
        "{}",
        said(&destroyed.diags)
    );
}

#[test]
fn row_11_a_destroy_forgets_and_touches_nothing() {
    let (house, object) = held();
    let gone = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(
        gone.object.is_none() && gone.diags.is_empty(),
        "{}",
        said(&gone.diags)
    );
    assert_eq!(promotions(&house), 0);
}

#[test]
fn row_12_an_import_is_quiet_and_vouches_for_nothing() {
    let house = House::prepared();
    let id = "us-west-2/s3://moleculeflow-dr-us-west-2/failover/";
    let found = house.drive(house.harness.import(NAME, id));
    assert!(found.diags.is_empty(), "{}", said(&found.diags));
    let object = found.object.expect("imported");
    let same = plan(&house, Some(&object), "us-east-1", &json!({}));
    assert!(
        same.is_empty && same.diags.is_empty(),
        "{}",
        said(&same.diags)
    );
    let other = plan(&house, Some(&object), "us-west-2", &json!({}));
    assert!(
        said(&other.diags).contains("from = \"us-east-1\""),
        "{}",
        said(&other.diags)
    );
}

#[test]
fn row_13_without_a_region_only_a_failover_goes() {
    let (house, object) = held();
    house.lose(&east());
    let kept = plan(&house, Some(&object), "us-east-1", &json!({}));
    assert!(
        kept.is_empty && !kept.diags.has_errors(),
        "{}",
        said(&kept.diags)
    );
    let switch = plan(&house, Some(&object), "us-west-2", &json!({}));
    assert!(
        said(&switch.diags).contains("mode = \"failover\""),
        "{}",
        said(&switch.diags)
    );
}

#[test]
fn row_14_silence_is_an_error_that_says_how_to_declare_it() {
    let (house, object) = held();
    house.estate.faulty.lose(&east());
    house.estate.faulty.lose(&west());
    let planned = plan(&house, Some(&object), "us-east-1", &json!({}));
    assert!(
        said(&planned.diags).contains("DR_LOST_REGIONS="),
        "{}",
        said(&planned.diags)
    );
}
