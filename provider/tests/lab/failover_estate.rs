//! The whole estate of the example through Terraform: `examples/region-failover/main.tf` as it is documented.

use serde_json::{Value, json};

use crate::harness::{Root, lab};

const EXAMPLE: &str = include_str!("../../../examples/region-failover/main.tf");
const PLAN: &str = include_str!("../../../examples/region-failover/plan.json");

/// The example, at a pace for emulators.
fn example() -> String {
    let paced = "provider \"dr\" {\n  heartbeat = \"3s\"\n  poll = \"1s\"";
    let example = EXAMPLE.replacen("provider \"dr\" {", paced, 1);
    // The harness writes the block of the provider's source.
    let (begin, rest) = example
        .split_once("terraform {")
        .expect("a terraform block");
    let (_, rest) = rest.split_once("\n}\n").expect("its end");
    format!("{begin}{rest}")
}

#[test]
fn the_estate_of_the_example_fails_over_by_an_edit() {
    lab().python("import moleculeflow; moleculeflow.main()");
    let metric = json!({
        "region": "us-east-1", "namespace": "AWS/RDS", "name": "DatabaseConnections",
        "dimensions": { "DBInstanceIdentifier": "moleculeflow-prod" }, "value": 12,
    });
    lab().control("POST", "/lab/metrics", Some(&metric));
    let mut root = Root::new(&example());
    root.apply(&[])
        .ok(&["us-east-1 already is active: adopted", "2 added"]);
    let (document, _) =
        recovery::document::Document::read(PLAN, recovery::steps::KINDS).expect("a plan");
    let digest = document.digest().expect("whole numbers");
    root.run(&["output", "-raw", "digest"]).ok(&[&digest]);
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);

    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-east-1".to_owned());
    let west = ["-var=active_region=us-west-2", "-var=mode=failover"];
    root.plan(&west)
        .fails(&["refuses: fenced", "fence-database"]);
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(2);
    let accepted = format!("-var=accept_unfenced_until={until}");
    let all = [west[0], west[1], &accepted];
    root.apply(&all).ok(&[
        "Cannot be undone",
        "PromoteReadReplica",
        "not proved to be fenced",
    ]);
    let seen = lab().python(
        "import boto3, json\nd = boto3.client('rds', region_name='us-west-2').describe_db_instances(DBInstanceIdentifier='moleculeflow-replica')['DBInstances'][0]\nh = boto3.client('ssm', region_name='us-west-2').get_parameter(Name='/moleculeflow/database/host')['Parameter']['Value']\nprint(json.dumps([d.get('ReadReplicaSourceDBInstanceIdentifier'), d['BackupRetentionPeriod'], h]))",
    );
    let seen: Value = serde_json::from_str(&seen).expect("JSON");
    assert_eq!(seen[0], Value::Null);
    assert_eq!(seen[1], 30);
    assert!(
        seen[2]
            .as_str()
            .is_some_and(|it| it.starts_with("moleculeflow-replica")),
        "{seen}"
    );
    root.plan(&[&all[..], &["-detailed-exitcode"]].concat());
}
