//! The life of a published plan: publication, drift, lost stores, destroy, import.

use recovery::publication;
use serde_json::{Value as Json, json};

use super::NAME;
use crate::testing::{House, arguments, east, said, west};

pub(super) fn apply(
    house: &House,
    object: Option<&terraform_framework::testing::Object>,
    plan: Json,
) -> terraform_framework::testing::Outcome {
    let config = house.harness.config(NAME, plan);
    house.drive(house.harness.apply(NAME, object, &config))
}

/// What a store points to.
pub(super) fn pointer(house: &House, region: &aws::Region) -> Option<Json> {
    let bucket = format!("moleculeflow-dr-{region}");
    let body = house
        .estate
        .fake
        .object(region, &bucket, "failover/current")?;
    serde_json::from_slice(&body).ok()
}

#[test]
fn an_apply_publishes_to_every_store_and_the_next_plan_is_empty() {
    let house = House::new();
    let object = apply(&house, None, arguments()).expect_clean();
    assert_eq!(object.text("published_digest"), house.digest());
    assert_eq!(
        object.attribute("stale_stores").elements().map(<[_]>::len),
        Some(0)
    );
    for region in [east(), west()] {
        assert_eq!(
            pointer(&house, &region).expect("published")["digest"],
            json!(house.digest())
        );
    }
    let config = house.harness.config(NAME, arguments());
    let found = house.drive(house.harness.refresh(NAME, &object));
    assert!(found.diags.is_empty(), "{}", said(&found.diags));
    let object = found.object.expect("it is there");
    let planned = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    assert!(
        planned.is_empty && planned.diags.is_empty(),
        "{}",
        said(&planned.diags)
    );
}

#[test]
fn a_pointer_that_somebody_moved_is_put_right_and_old_versions_stay() {
    let house = House::new();
    let mut other = arguments();
    other["description"] = json!("Another one.");
    let object = apply(&house, None, other).expect_clean();
    let before = object.text("digest").to_owned();
    house.estate.prepare();
    let found = house
        .drive(house.harness.refresh(NAME, &object))
        .object
        .expect("there");
    assert_eq!(found.text("published_digest"), house.digest());
    let mut other = arguments();
    other["description"] = json!("Another one.");
    let config = house.harness.config(NAME, other.clone());
    let planned = house.drive(house.harness.plan(NAME, Some(&found), Some(&config)));
    assert!(
        !planned.is_empty && !planned.diags.has_errors(),
        "{}",
        said(&planned.diags)
    );
    let object = apply(&house, Some(&found), other).expect_clean();
    assert_eq!(object.text("published_digest"), before);
    for digest in [before, house.digest()] {
        let key = format!("failover/documents/{digest}.json");
        assert!(
            house
                .estate
                .fake
                .object(&west(), "moleculeflow-dr-us-west-2", &key)
                .is_some()
        );
    }
}

#[test]
fn a_lost_regions_store_is_published_to_when_it_is_back() {
    let house = House::new();
    house.lose(&east());
    let outcome = apply(&house, None, arguments());
    assert!(
        said(&outcome.diags).contains("The store of us-east-1 does not point to this plan yet")
    );
    let object = outcome.expect_clean();
    assert_eq!(
        object.attribute("stale_stores").elements().expect("a list")[0].as_str(),
        Some("us-east-1")
    );
    assert!(pointer(&house, &east()).is_none() && pointer(&house, &west()).is_some());
    let config = house.harness.config(NAME, arguments());
    let planned = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    assert!(
        planned.is_empty,
        "nothing can be done while it is lost: {}",
        said(&planned.diags)
    );
    house.estate.faulty.give_back(&east());
    house.declare(&[]);
    let object = house
        .drive(house.harness.refresh(NAME, &object))
        .object
        .expect("there");
    let object = apply(&house, Some(&object), arguments()).expect_clean();
    assert_eq!(
        object.attribute("stale_stores").elements().map(<[_]>::len),
        Some(0)
    );
    assert!(pointer(&house, &east()).is_some());
}

#[test]
fn an_argument_that_changes_nothing_of_the_document_is_applied_while_a_region_is_lost() {
    let house = House::new();
    let object = apply(&house, None, arguments()).expect_clean();
    house.lose(&east());
    let mut same = arguments();
    same["at_once"] = json!(8);
    let object = apply(&house, Some(&object), same.clone()).expect_clean();
    assert_eq!(object.text("digest"), house.digest());
    house.estate.faulty.give_back(&east());
    house.declare(&[]);
    let found = house.drive(house.harness.refresh(NAME, &object));
    let object = apply(&house, found.object.as_ref(), same).expect_clean();
    assert_eq!(
        object.attribute("stale_stores").elements().map(<[_]>::len),
        Some(0)
    );
}

#[test]
fn a_destroy_removes_the_pointer_alone() {
    let house = House::new();
    let object = apply(&house, None, arguments()).expect_clean();
    let gone = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(
        gone.object.is_none() && gone.diags.is_empty(),
        "{}",
        said(&gone.diags)
    );
    assert!(pointer(&house, &west()).is_none());
    let digest = house.digest();
    let key = format!("failover/documents/{digest}.json");
    let kept = house
        .estate
        .fake
        .object(&west(), "moleculeflow-dr-us-west-2", &key);
    assert_eq!(kept.map(|bytes| publication::digest(&bytes)), Some(digest));
}

#[test]
fn a_plan_in_the_middle_of_an_execution_neither_changes_nor_goes() {
    let house = House::new();
    let object = apply(&house, None, arguments()).expect_clean();
    // A runner that was killed: its journal has no end.
    let mut order = house.estate.failover();
    order.lost.clear();
    house.kill_in_the_middle(&order);
    let refused = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(
        said(&refused.diags).contains("drctl resume") && refused.object.is_some(),
        "{}",
        said(&refused.diags)
    );
    let mut other = arguments();
    other["description"] = json!("Another one.");
    let refused = apply(&house, Some(&object), other);
    assert!(
        said(&refused.diags).contains("is being executed"),
        "{}",
        said(&refused.diags)
    );
    assert_eq!(
        pointer(&house, &west()).expect("there")["digest"],
        json!(house.digest())
    );
}

const STORES: [&str; 2] = [
    "us-east-1/s3://moleculeflow-dr-us-east-1/failover/",
    "us-west-2/s3://moleculeflow-dr-us-west-2/failover/",
];

/// The identity of the plan with these stores.
fn identity(name: &str, stores: &[&str]) -> terraform_framework::cty::Value {
    use terraform_framework::cty::{Type, Value};
    let stores = stores.iter().map(|&store| Value::string(store)).collect();
    let stores = Value::list(Type::String, stores).expect("texts");
    Value::object([("name", Value::string(name)), ("stores", stores)])
}

#[test]
fn an_import_by_identity_asks_the_stores_that_answer_and_keeps_all_of_them() {
    let house = House::prepared();
    let whole = identity("moleculeflow", &STORES);
    for (resource, lost, stores) in [
        (NAME, None, &STORES[..]),
        (NAME, None, &STORES[1..]),
        (NAME, Some(east()), &STORES[..]),
        ("dr_failover", None, &STORES[..]),
        ("dr_failover", None, &STORES[..1]),
    ] {
        house.declare(lost.as_slice());
        let named = identity("moleculeflow", stores);
        let found = house.drive(house.harness.import_by_identity(resource, &named));
        assert!(!found.diags.has_errors(), "{}", said(&found.diags));
        let object = found.object.expect("imported");
        assert_eq!(object.identity.as_ref(), Some(&whole), "{resource}");
        let read = house.drive(house.harness.refresh(resource, &object));
        let read = read.object.expect("there");
        assert_eq!(read.identity, Some(whole.clone()), "{resource}");
    }
}

#[test]
fn an_identity_that_leads_nowhere_or_elsewhere_says_what_to_write() {
    let house = House::prepared();
    house.declare(&[east()]);
    for (name, stores, words) in [
        ("billing", &STORES[1..], "write name = \"moleculeflow\""),
        ("moleculeflow", &STORES[..1], "unset DR_LOST_REGIONS"),
        ("moleculeflow", &[], "one store at least"),
        (
            "moleculeflow",
            &[
                STORES[0],
                "us-west-2/s3://moleculeflow-dr-us-west-2/nowhere/",
            ],
            "write a store of the plan that answers",
        ),
    ] {
        for resource in [NAME, "dr_failover"] {
            let named = identity(name, stores);
            let found = house.drive(house.harness.import_by_identity(resource, &named));
            let told = said(&found.diags);
            assert!(found.object.is_none() && told.contains(words), "{told}");
        }
    }
}

#[test]
fn an_import_finds_the_plan_by_any_of_its_stores() {
    let house = House::prepared();
    let id = "us-west-2/s3://moleculeflow-dr-us-west-2/failover/";
    let found = house.drive(house.harness.import(NAME, id));
    assert!(found.diags.is_empty(), "{}", said(&found.diags));
    let object = found.object.expect("imported");
    assert_eq!(object.text("digest"), house.digest());
    assert_eq!(object.text("published_digest"), house.digest());
    assert_eq!(
        object.attribute("steps").elements().map(<[_]>::len),
        Some(12)
    );
    let config = house.harness.config(NAME, arguments());
    let planned = house.drive(house.harness.plan(NAME, Some(&object), Some(&config)));
    assert!(!planned.diags.has_errors() && planned.replace.is_empty());
    assert_eq!(
        planned.attribute("digest").as_str(),
        Some(house.digest().as_str())
    );
    let wrong = house.drive(house.harness.import(NAME, "moleculeflow"));
    assert!(
        said(&wrong.diags).contains("REGION/s3://"),
        "{}",
        said(&wrong.diags)
    );
}
