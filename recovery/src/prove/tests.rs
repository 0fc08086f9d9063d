//! Which dependencies break a proof, and which are only noted.

use serde_json::{Value, json};

use super::*;
use crate::document::tests::{base, document};

fn region(name: &str) -> Region {
    name.parse().unwrap()
}

/// The findings of a target as weight, subject and what was seen.
fn found(proof: &Proof, target: &str) -> Vec<(Weight, Subject, String)> {
    let case = proof
        .cases
        .iter()
        .find(|case| case.target.as_str() == target)
        .unwrap();
    let findings = case.findings.iter();
    findings
        .map(|finding| {
            (
                finding.weight,
                finding.subject.clone(),
                finding.message.seen.clone(),
            )
        })
        .collect()
}

fn step(name: &str) -> Subject {
    Subject::Step(name.to_owned())
}

#[test]
fn a_plan_that_only_calls_its_target_is_proven_and_says_what_it_does_without() {
    let proof = prove(&document(&base()), &region("us-east-1"));
    assert!(proof.is_proven());
    assert_eq!(proof.cases.len(), 1);
    assert_eq!(
        found(&proof, "us-west-2"),
        [
            (
                Weight::Note,
                step("promote"),
                "rds:DescribeDBInstances, answered by the control plane of rds in us-east-1; \
                 the step does without its answer"
                    .to_owned()
            ),
            (
                Weight::Note,
                Subject::Store(region("us-east-1")),
                "the store of us-east-1 is lost with its region".to_owned()
            ),
        ]
    );
}

fn with_step(step: Value) -> Document {
    let mut value = base();
    value["steps"][2] = step;
    document(&value)
}

#[test]
fn a_global_control_plane_in_the_lost_region_breaks_it_and_the_way_out_is_named() {
    let plan = with_step(json!({ "name": "records", "tier": "high", "point_records": {} }));
    let proof = prove(&plan, &region("us-east-1"));
    assert!(!proof.is_proven());
    let finding = &proof.cases[0].findings[0];
    assert_eq!(
        (finding.weight, &finding.subject),
        (Weight::Breaks, &step("records"))
    );
    // The kind said that the target answers; Route 53's control plane is in us-east-1.
    assert_eq!(finding.call.as_ref().unwrap().region, region("us-east-1"));
    assert_eq!(
        finding.message.seen,
        "route53:ChangeResourceRecordSets, answered by the control plane of Route 53 in us-east-1"
    );
    assert!(finding.message.next.contains("route53_health_check_switch"));

    // With us-west-2 lost it is the target's own region: noted, and no more.
    let proof = prove(&plan, &region("us-west-2"));
    assert!(proof.is_proven());
    let notes = found(&proof, "us-east-1");
    assert!(
        notes
            .iter()
            .any(|note| (note.0, &note.1) == (Weight::Note, &step("records")))
    );

    // Of a plan in Europe it is somebody else's region.
    let text = plan.to_json().to_string();
    let text = text
        .replace("us-east-1", "eu-west-1")
        .replace("us-west-2", "eu-central-1");
    let europe = crate::document::Document::read(&text, crate::document::tests::kinds::KINDS)
        .unwrap()
        .0;
    for lost in ["eu-west-1", "us-east-1"] {
        assert!(!prove(&europe, &region(lost)).is_proven(), "{lost}");
    }
    assert_eq!(prove(&europe, &region("us-east-1")).cases.len(), 2);
}

#[test]
fn a_call_that_needs_the_lost_region_breaks_it() {
    // A document that was read has no such step; one that was built otherwise is proved all the same.
    let mut plan = with_step(json!({ "name": "ask", "run_in": ["switchover"], "ask_old": {} }));
    assert!(prove(&plan, &region("us-east-1")).is_proven());
    plan.steps[2].run_in = vec![Mode::Failover];
    let proof = prove(&plan, &region("us-east-1"));
    assert!(!proof.is_proven());
    assert_eq!(proof.cases[0].findings[0].weight, Weight::Breaks);
    // A third region that somebody else lost: nothing is asked there.
    assert!(prove(&plan, &region("eu-west-1")).cases.iter().all(|case| {
        case.findings
            .iter()
            .all(|finding| finding.weight != Weight::Unknown)
    }));
}

#[test]
fn keys_secrets_and_images_of_the_lost_region_break_it_where_the_target_uses_them() {
    let key = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/k");
    let plan = |west: Value, image: &str| {
        with_step(json!({
            "name": "read",
            "tier": "high",
            "read_old": {
                "keys": { "us-east-1": [key("us-east-1")], "us-west-2": west },
                "image": image
            }
        }))
    };
    let lost = region("us-east-1");
    let fine = plan(
        json!([key("us-west-2")]),
        "123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1",
    );
    assert!(prove(&fine, &lost).is_proven());
    for (west, image, seen) in [
        (
            json!(["alias/x", key("us-east-1")]),
            "app:1",
            "keys.us-west-2[1] names a key in us-east-1: arn:aws:kms:us-east-1:123456789012:key/k",
        ),
        (
            json!(["arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf"]),
            "app:1",
            "keys.us-west-2[0] names a secret in us-east-1: \
             arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf",
        ),
        (
            json!([]),
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1",
            "image names an image of a registry in us-east-1: 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1",
        ),
    ] {
        let proof = prove(&plan(west, image), &lost);
        assert!(!proof.is_proven(), "{seen}");
        let first = found(&proof, "us-west-2").remove(0);
        assert_eq!(first, (Weight::Breaks, step("read"), seen.to_owned()));
    }
    // A source that is only compared with is named, and breaks nothing.
    let source = json!([
        "arn:aws:rds:us-east-1:123456789012:db:orders",
        "orders-us-east-1-copy"
    ]);
    let proof = prove(&plan(source, "app:1"), &lost);
    assert!(proof.is_proven());
    let of_read = found(&proof, "us-west-2");
    assert_eq!(
        of_read
            .iter()
            .filter(|found| found.1 == step("read"))
            .count(),
        1
    );
}

#[test]
fn stores_and_probes() {
    let mut value = base();
    value["probes"]["front"]["url"]["us-west-2"] =
        json!("https://front.us-east-1.elb.amazonaws.com/");
    let proof = prove(&document(&value), &region("us-east-1"));
    assert_eq!(
        found(&proof, "us-west-2")[0].1,
        Subject::Probe("front".to_owned())
    );
    assert!(!proof.is_proven());

    let mut value = base();
    value["stores"]["us-west-2"] = json!({ "directory": "/var/dr" });
    let proof = prove(&document(&value), &region("us-east-1"));
    assert_eq!(found(&proof, "us-west-2")[0].0, Weight::Unknown);
    assert!(!proof.is_proven(), "unknown is never fine");
    assert!(prove(&document(&value), &region("us-west-2")).is_proven());

    let mut plan = document(&base());
    plan.stores.remove(&region("us-west-2"));
    assert!(!prove(&plan, &region("us-east-1")).is_proven());
    plan.stores.insert(
        region("us-west-2"),
        StorePlace::Bucket {
            bucket: "dr".to_owned(),
            prefix: String::new(),
            kms_key: Some("arn:aws:kms:us-east-1:1:key/k".to_owned()),
        },
    );
    assert!(!prove(&plan, &region("us-east-1")).is_proven());
}

#[test]
fn nothing_to_run_is_nothing_proven() {
    let mut plan = document(&base());
    plan.regions.clear();
    assert!(!prove(&plan, &region("us-east-1")).is_proven());

    let mut plan = document(&base());
    for step in &mut plan.steps {
        step.run_in = vec![Mode::Reprotect];
    }
    let proof = prove(&plan, &region("us-east-1"));
    assert!(!proof.is_proven());
    assert_eq!(proof.cases[0].findings[0].subject, Subject::Plan);
}

#[test]
fn permissions_are_listed_by_region_with_who_uses_them() {
    let mut value = base();
    value["steps"][2] = json!({
        "name": "read",
        "tier": "high",
        "read_old": { "keys": { "us-east-1": [], "us-west-2": [] } }
    });
    value["accounts"] = json!({ "us-west-2": { "role_arn": "arn:aws:iam::123456789012:role/dr" } });
    value["steps"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "point", "point_records": {} }));
    let all = permissions(&document(&value));
    let actions =
        |name: &str| -> Vec<&str> { all[&region(name)].keys().map(String::as_str).collect() };
    let common = ["rds:DescribeDBInstances", "rds:PromoteReadReplica"];
    let east = actions("us-east-1");
    let west = actions("us-west-2");
    assert!(
        common
            .iter()
            .all(|action| east.contains(action) && west.contains(action))
    );
    // Control of Route 53 is called in one region, whatever the target is.
    assert!(east.contains(&"route53:ChangeResourceRecordSets"));
    assert!(!west.contains(&"route53:ChangeResourceRecordSets"));
    // IAM has another word for the operation.
    assert!(west.contains(&"s3:ListBucket") && !west.contains(&"s3:ListObjectsV2"));
    let list = &all[&region("us-west-2")]["s3:ListBucket"];
    let users: Vec<&str> = list.used_by.iter().map(String::as_str).collect();
    assert_eq!(users, ["read", "the store"]);
    // The key of the store in the west, and its account.
    assert!(west.contains(&"kms:GenerateDataKey") && !east.contains(&"kms:GenerateDataKey"));
    assert!(west.contains(&"sts:AssumeRole") && !east.contains(&"sts:AssumeRole"));
    let promote = &all[&region("us-east-1")]["rds:PromoteReadReplica"];
    assert!(promote.changes && promote.needed);
    // Needed in a switchover, although a failover does without it.
    assert!(all[&region("us-east-1")]["rds:DescribeDBInstances"].needed);
}
