//! Tests of all kinds over AWS in memory: what is seen, and what a region that is lost or silent makes unknown.

use aws::elasticache::{DatastoreMember, GlobalDatastore};
use aws::metrics::Metric;
use aws::objects::{BucketFacts, ReplicationRule};
use aws::tables::Table;
use serde_json::{Value as Json, json};
use terraform_framework::cty;
use terraform_framework::testing::Found;

use crate::testing::{House, east, said, west};

fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Metric {
    Metric {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: dimensions
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

/// One of each kind in two regions, the east writing.
fn estate() -> House {
    let house = House::new();
    let fake = &house.estate.fake;
    fake.add_global_cluster(
        "ledger",
        &[(&east(), "ledger-east"), (&west(), "ledger-west")],
    );
    let lag = metric(
        "AWS/RDS",
        "AuroraGlobalDBRPOLag",
        &[("DBClusterIdentifier", "ledger-west")],
    );
    fake.set_metric_of_the_past(&west(), &lag, Some(1500.0));
    for (region, other) in [(east(), west()), (west(), east())] {
        let replicas = vec![(other, "ACTIVE".to_owned())];
        let (name, status) = ("carts".to_owned(), "ACTIVE".to_owned());
        fake.put_table(
            &region,
            Table {
                name,
                status,
                replicas,
            },
        );
    }
    let latency = [("TableName", "carts"), ("ReceivingRegion", "us-west-2")];
    let latency = metric("AWS/DynamoDB", "ReplicationLatency", &latency);
    fake.set_metric_of_the_past(&east(), &latency, Some(700.0));
    let rule = ReplicationRule {
        id: "to-west".to_owned(),
        enabled: true,
        prefix: String::new(),
        destination: "arn:aws:s3:::documents-west".to_owned(),
        delete_markers: true,
    };
    let facts = BucketFacts {
        versioned: true,
        rules: vec![rule],
        lock_days: None,
    };
    fake.set_bucket(&east(), "documents-east", facts);
    let of_rule = [
        ("SourceBucket", "documents-east"),
        ("DestinationBucket", "documents-west"),
        ("RuleId", "to-west"),
    ];
    for (name, value) in [
        ("ReplicationLatency", 4.0),
        ("OperationsPendingReplication", 2.0),
        ("BytesPendingReplication", 9.0),
    ] {
        fake.set_metric_of_the_past(&west(), &metric("AWS/S3", name, &of_rule), Some(value));
    }
    let member = |group: &str, region: aws::Region, primary: bool| DatastoreMember {
        group: group.to_owned(),
        region,
        primary,
        status: "associated".to_owned(),
    };
    fake.put_datastore(GlobalDatastore {
        id: "sessions".to_owned(),
        status: "available".to_owned(),
        members: vec![
            member("sessions-east", east(), true),
            member("sessions-west", west(), false),
        ],
    });
    let behind = [("CacheClusterId", "sessions-west-001")];
    let behind = metric("AWS/ElastiCache", "GlobalDatastoreReplicationLag", &behind);
    fake.set_metric_of_the_past(&west(), &behind, Some(3.0));
    house
}

fn config() -> Json {
    let regions = json!(["us-east-1", "us-west-2"]);
    json!({
        "aurora_global_clusters": { "it": { "global_cluster_identifier": "ledger", "regions": regions } },
        "dynamodb_tables": { "it": { "table_name": "carts", "regions": regions } },
        "s3_rules": { "it": {
            "source_region": "us-east-1", "source_bucket": "documents-east",
            "destination_region": "us-west-2", "destination_bucket": "documents-west", "rule_id": "to-west",
        } },
        "elasticache_global_datastores": { "it": {
            "global_replication_group_id": "sessions", "regions": regions,
            "cache_clusters": { "us-west-2": "sessions-west-001" },
        } },
        "rds_instances": { "it": { "region": "us-west-2", "db_instance_identifier": "moleculeflow-replica" } },
    })
}

fn read(house: &House, config: Json) -> Found {
    let config = house.harness.config("dr_replication_status", config);
    house.drive(
        house
            .harness
            .read_data_source("dr_replication_status", &config),
    )
}

/// A value of an entry as text; empty where there is none.
fn shown(read: &Found, kind: &str, path: &[&str]) -> String {
    let object = read.object.as_ref().expect("read");
    let mut value: cty::Value = object
        .attribute(kind)
        .attribute("it")
        .cloned()
        .expect("the entry");
    for name in path {
        value = value.attribute(name).cloned().expect("an attribute");
    }
    match (value.as_str(), value.as_number(), value.as_bool()) {
        (Some(text), ..) => text.to_owned(),
        (_, Some(number), _) => number.to_string(),
        (.., Some(yes)) => yes.to_string(),
        _ => String::new(),
    }
}

const KINDS: [&str; 3] = [
    "aurora_global_clusters",
    "dynamodb_tables",
    "elasticache_global_datastores",
];

#[test]
fn every_kind_shows_who_writes_who_follows_and_how_far_behind() {
    let house = estate();
    let found = read(&house, config());
    assert!(found.diags.is_empty(), "{}", said(&found.diags));
    for kind in ["aurora_global_clusters", "elasticache_global_datastores"] {
        assert_eq!(
            shown(&found, kind, &["writer_region"]),
            "us-east-1",
            "{kind}"
        );
        assert_eq!(
            shown(&found, kind, &["members", "us-east-1", "role"]),
            "writer",
            "{kind}"
        );
        assert_eq!(
            shown(&found, kind, &["members", "us-west-2", "role"]),
            "reader",
            "{kind}"
        );
    }
    for (kind, lag) in KINDS.into_iter().zip(["1.5", "0.7", "3"]) {
        let of = |name| shown(&found, kind, &["members", "us-west-2", name]);
        assert_eq!(
            (of("health").as_str(), of("lag_seconds").as_str()),
            ("replicating", lag),
            "{kind}"
        );
        assert!(of("measured_at").starts_with("2026-08-01T"), "{kind}");
    }
    let of = |name| shown(&found, "s3_rules", &[name]);
    assert_eq!(
        (of("enabled").as_str(), of("health").as_str()),
        ("true", "replicating")
    );
    assert_eq!(
        (
            of("pending_operations").as_str(),
            of("pending_bytes").as_str()
        ),
        ("2", "9")
    );
    assert_eq!(of("lag_seconds"), "4");
    let changes = house.estate.fake.calls();
    assert!(
        changes
            .iter()
            .all(|call| !call.operation.starts_with("Put")),
        "{changes:?}"
    );
}

#[test]
fn a_region_that_is_lost_or_silent_is_unknown_with_its_reason_and_no_error() {
    for declared in [true, false] {
        let house = estate();
        if declared {
            house.lose(&east());
        } else {
            house.estate.faulty.lose(&east());
        }
        let found = read(&house, config());
        assert!(!found.diags.has_errors(), "{}", said(&found.diags));
        for kind in KINDS {
            let of = |name| shown(&found, kind, &["members", "us-east-1", name]);
            assert_eq!(of("health"), "unknown", "{kind}");
            assert!(
                of("reason").contains("us-east-1"),
                "{kind}: {}",
                of("reason")
            );
            assert_eq!(shown(&found, kind, &["seen_in"]), "us-west-2", "{kind}");
        }
        assert_eq!(shown(&found, "s3_rules", &["enabled"]), "");
        assert_eq!(
            shown(&found, "s3_rules", &["health"]),
            "replicating",
            "the destination knows"
        );
        assert!(shown(&found, "s3_rules", &["reason"]).contains("us-east-1"));
        if declared {
            let calls = house.estate.faulty.attempts();
            assert!(calls.iter().all(|call| call.region != east()), "{calls:?}");
        }
    }
}

#[test]
fn where_nobody_answers_it_is_an_error_that_says_how_to_declare_it() {
    let house = estate();
    house.estate.faulty.lose(&east());
    house.estate.faulty.lose(&west());
    let mut only = config();
    only.as_object_mut()
        .expect("an object")
        .retain(|kind, _| KINDS.contains(&kind.as_str()));
    let found = read(&house, only);
    let told = said(&found.diags);
    assert_eq!(
        found.diags.iter().filter(|it| it.error).count(),
        3,
        "{told}"
    );
    assert!(told.contains("export DR_LOST_REGIONS=us-east-1"), "{told}");
}

#[test]
fn what_is_broken_is_told_as_such() {
    let house = estate();
    let fake = &house.estate.fake;
    fake.edit_global_cluster("ledger", |global| {
        for member in global.members.iter_mut().filter(|it| !it.writer) {
            member.synchronization = Some("pending-resync".to_owned());
        }
    });
    let facts = BucketFacts {
        versioned: true,
        rules: Vec::new(),
        lock_days: None,
    };
    fake.set_bucket(&east(), "documents-east", facts);
    let (name, status) = (
        "carts".to_owned(),
        "INACCESSIBLE_ENCRYPTION_CREDENTIALS".to_owned(),
    );
    let replicas = vec![(east(), "ACTIVE".to_owned())];
    fake.put_table(
        &west(),
        Table {
            name,
            status,
            replicas,
        },
    );
    let found = read(&house, config());
    for kind in ["aurora_global_clusters", "dynamodb_tables"] {
        assert_eq!(
            shown(&found, kind, &["members", "us-west-2", "health"]),
            "broken",
            "{kind}"
        );
    }
    assert_eq!(shown(&found, "s3_rules", &["health"]), "broken");
    assert!(shown(&found, "s3_rules", &["reason"]).contains("has no rule to-west"));
}
