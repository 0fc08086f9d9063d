//! Promotions that come after no fence of their old writer.

use serde_json::{Value, json};

use crate::document::{Document, Warning};
use crate::steps::KINDS;

fn instances() -> Value {
    json!({ "us-east-1": "shop", "us-west-2": "shop-west" })
}

fn fence() -> Value {
    json!({ "name": "fence", "tier": "critical", "after": [],
        "fence_database": { "instances": instances(), "by": "stop" } })
}

fn promote(after: &[&str]) -> Value {
    json!({ "name": "promote", "tier": "critical", "after": after,
        "rds_promote_replica": { "instances": instances() } })
}

fn wait() -> Value {
    json!({ "name": "settle", "tier": "critical", "after": [],
        "wait": { "duration": "1m", "reason": "caches" } })
}

/// The warnings of a plan of these steps; the last one is its authority.
fn warnings(steps: Vec<Value>) -> Vec<Warning> {
    let authority = steps.last().unwrap()["name"].clone();
    let plan = json!({
        "schema": 1, "name": "shop", "regions": ["us-east-1", "us-west-2"],
        "tiers": { "critical": { "rto": "1h", "rpo": "5m" } },
        "authority": authority,
        "stores": { "us-east-1": { "directory": "e" }, "us-west-2": { "directory": "w" } },
        "steps": steps
    });
    let (_, warnings) = Document::read(&plan.to_string(), KINDS).unwrap();
    let of_fences = |it: &Warning| it.message.seen.contains("fence");
    warnings.into_iter().filter(of_fences).collect()
}

#[test]
fn a_promotion_after_its_fence_is_right_directly_or_through_others() {
    assert_eq!(warnings(vec![fence(), promote(&["fence"])]), []);
    let mut settle = wait();
    settle["after"] = json!(["fence"]);
    assert_eq!(warnings(vec![fence(), settle, promote(&["settle"])]), []);
    // Through a step that a failover does not run.
    let mut rebuild = wait();
    rebuild["after"] = json!(["fence"]);
    rebuild["run_in"] = json!(["switchover"]);
    assert_eq!(warnings(vec![fence(), rebuild, promote(&["settle"])]), []);
    // Only a failover leaves a writer that somebody has to fence.
    let mut switchover = promote(&[]);
    switchover["run_in"] = json!(["switchover"]);
    assert_eq!(warnings(vec![switchover]), []);
}

#[test]
fn a_promotion_beside_its_fence_is_warned_about_with_the_after_to_write() {
    let found = warnings(vec![wait(), fence(), promote(&["settle"])]);
    let [warning] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(warning.path, "steps[2].after");
    assert_eq!(
        warning.message.seen,
        "promote does not come after fence, which fences the same writer"
    );
    assert_eq!(
        warning.message.next,
        "write \"after\": [\"settle\", \"fence\"]"
    );
    // Where the document says nothing the step before it is kept.
    let mut last = promote(&[]);
    last.as_object_mut().unwrap().remove("after");
    let found = warnings(vec![fence(), wait(), last]);
    assert_eq!(found[0].path, "steps[2].after");
    assert_eq!(
        found[0].message.next,
        "write \"after\": [\"settle\", \"fence\"]"
    );
}

#[test]
fn a_promotion_that_nothing_fences_is_warned_about() {
    let none = "no step fences the writer that promote leaves";
    let found = warnings(vec![promote(&[])]);
    assert_eq!(
        (&*found[0].path, &*found[0].message.seen),
        ("steps[0]", none)
    );
    assert!(found[0].message.next.contains("fence_database"));
    // A fence of another writer is none of this one.
    let mut other = fence();
    other["fence_database"]["instances"] =
        json!({ "us-east-1": "billing", "us-west-2": "billing-west" });
    let found = warnings(vec![other, promote(&["fence"])]);
    assert_eq!(
        (&*found[0].path, &*found[0].message.seen),
        ("steps[1]", none)
    );
    // Nor is one that a failover does not run.
    let mut elsewhere = fence();
    elsewhere["run_in"] = json!(["reprotect"]);
    let found = warnings(vec![elsewhere, promote(&["fence"])]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .message
            .seen
            .ends_with("fence does not run in a failover"),
        "{}",
        found[0]
    );
    assert!(found[0].message.next.contains("\"run_in\""), "{}", found[0]);
    // A plan that it runs before may fence.
    let child = json!({ "name": "child", "after": [], "tier": "critical",
        "failover_plan": { "plan": "fences" } });
    assert_eq!(warnings(vec![child, promote(&["child"])]), []);
}

#[test]
fn a_writer_that_no_step_can_fence_is_no_reason_to_warn() {
    let aurora = json!({ "name": "writer", "tier": "critical", "after": [], "aurora_global_writer": {
        "global_cluster": "shop", "clusters": { "us-east-1": "e", "us-west-2": "w" } } });
    assert_eq!(warnings(vec![aurora]), []);
}
