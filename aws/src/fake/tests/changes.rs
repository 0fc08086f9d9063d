//! What else can be done to an instance: restarted, stopped, put behind other groups, renamed, followed.

use super::super::{connections, standalone};
use super::{Estate, PRIMARY, REPLICA, east, modification, west};
use crate::Aws;
use crate::clock::Clock;
use crate::metrics::Statistic;
use crate::rds::{CreateReplica, InstanceId, ModifyDbInstance};

fn id(text: &str) -> InstanceId {
    InstanceId::new(text).unwrap()
}

/// Connections of the primary in the newest minute that is over.
fn connected(estate: &Estate) -> Option<f64> {
    let metrics = estate.aws.metrics(&east()).unwrap();
    let now = estate.clock.now();
    let from = now - jiff::SignedDuration::from_mins(5);
    let metric = connections(PRIMARY);
    let points = metrics.datapoints(&metric, Statistic::Maximum, from, now, 60);
    let points = estate.clock.drive(points).unwrap().unwrap();
    points.first().map(|point| point.value)
}

#[test]
fn connections_outlive_a_change_of_groups_and_end_with_a_restart_behind_a_closed_one() {
    let estate = Estate::new();
    estate.aws.close_group("sg-closed");
    estate
        .aws
        .set_metric_of_the_past(&east(), &connections(PRIMARY), Some(5.0));
    let rds = estate.aws.rds(&east()).unwrap();
    let mut call = ModifyDbInstance::new(id(PRIMARY));
    call.security_groups = Some(vec!["sg-closed".to_owned()]);
    estate.clock.drive(rds.modify(&call)).unwrap().unwrap();
    assert_ne!(
        estate.describe(&east(), PRIMARY).unwrap().security_groups,
        ["sg-closed"],
        "it shows later"
    );
    estate.pass(600);
    assert_eq!(
        estate.describe(&east(), PRIMARY).unwrap().security_groups,
        ["sg-closed"]
    );
    assert_eq!(connected(&estate), Some(5.0), "tracked connections go on");
    let reboot = rds.reboot(&call.id);
    estate.clock.drive(reboot).unwrap().unwrap();
    estate.pass(50);
    assert_eq!(
        estate
            .describe(&east(), PRIMARY)
            .unwrap()
            .status
            .to_string(),
        "rebooting"
    );
    estate.pass(300);
    assert_eq!(connected(&estate), Some(0.0));
}

#[test]
fn a_renamed_instance_keeps_its_resource_and_its_followers_and_frees_its_name() {
    let estate = Estate::new();
    let before = estate.describe(&east(), PRIMARY).unwrap();
    let rds = estate.aws.rds(&east()).unwrap();
    let mut call = ModifyDbInstance::new(id(PRIMARY));
    call.new_identifier = Some(id("orders-old"));
    estate.clock.drive(rds.modify(&call)).unwrap().unwrap();
    estate.pass(600);
    assert!(estate.describe(&east(), PRIMARY).is_err());
    let after = estate.describe(&east(), "orders-old").unwrap();
    assert_eq!(after.resource_id, before.resource_id);
    assert_ne!(after.arn, before.arn);
    assert_eq!(estate.replica().source.unwrap().as_str(), after.arn);

    let mut taken = modification();
    taken.new_identifier = Some(id("taken"));
    estate.aws.add(&west(), standalone(&west(), "taken"));
    let error = estate.modify(&taken).unwrap_err();
    assert_eq!(error.code.as_deref(), Some("DBInstanceAlreadyExists"));
}

#[test]
fn an_instance_with_replicas_or_a_replica_cannot_be_stopped() {
    let estate = Estate::new();
    for (region, name) in [(east(), PRIMARY), (west(), REPLICA)] {
        let rds = estate.aws.rds(&region).unwrap();
        let error = estate
            .clock
            .drive(rds.stop(&id(name)))
            .unwrap()
            .unwrap_err();
        assert_eq!(error.kind, crate::ErrorKind::InvalidState, "{name}");
    }
    estate.aws.edit(&east(), PRIMARY, |it| it.replicas.clear());
    let rds = estate.aws.rds(&east()).unwrap();
    estate.clock.drive(rds.stop(&id(PRIMARY))).unwrap().unwrap();
    estate.pass(600);
    let status = estate.describe(&east(), PRIMARY).unwrap().status;
    assert_eq!(status.to_string(), "stopped");
}

#[test]
fn a_replica_is_made_of_an_available_source_with_backups_and_a_key_where_it_is_encrypted() {
    let estate = Estate::new();
    let rds = estate.aws.rds(&west()).unwrap();
    let source = estate.describe(&east(), PRIMARY).unwrap().arn;
    let call = |name: &str| CreateReplica {
        id: id(name),
        source: source.clone(),
        source_region: east(),
        instance_class: None,
        subnet_group: None,
        security_groups: vec!["sg-open".to_owned()],
        parameter_group: None,
        kms_key_id: None,
        tags: Vec::new(),
    };
    let create = |name: &str| {
        let call = call(name);
        estate.clock.drive(rds.create_replica(&call)).unwrap()
    };
    assert!(create(REPLICA).is_err(), "the name is taken");
    estate
        .aws
        .edit(&east(), PRIMARY, |it| it.backup_retention_days = 0);
    assert!(create("second").is_err(), "no backups");
    estate.aws.edit(&east(), PRIMARY, |it| {
        it.backup_retention_days = 1;
        it.kms_key_id = Some("key".to_owned());
    });
    assert!(create("second").is_err(), "no key");
    estate.aws.edit(&east(), PRIMARY, |it| it.kms_key_id = None);
    let made = create("second").unwrap();
    assert_eq!(made.status.to_string(), "creating");
    estate.pass(3600);
    let replica = estate.describe(&west(), "second").unwrap();
    assert!(replica.replication.unwrap().is_replicating());
    assert_eq!(replica.source.unwrap().as_str(), source);
    let replicas = estate.describe(&east(), PRIMARY).unwrap().replicas;
    assert!(replicas.contains(&made.arn), "{replicas:?}");
}
