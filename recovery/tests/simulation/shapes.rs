//! What the simulated AWS answers with: descriptions of the replica and its source, and errors.

use std::collections::BTreeMap;

use aws::rds::{DbInstance, DbStatus, PendingModifications, ReplicationStatus, SourceRef};
use aws::{Error, ErrorKind};

/// The source, in the other region.
pub(crate) const SOURCE: &str = "arn:aws:rds:us-east-1:123456789012:db:orders";

/// The replica, or what became of it.
pub(crate) fn instance(status: &str, source: bool, replication: Option<&str>) -> DbInstance {
    DbInstance {
        identifier: "orders-replica".to_owned(),
        arn: "arn:aws:rds:us-west-2:123456789012:db:orders-replica".to_owned(),
        resource_id: "db-REPLICA".to_owned(),
        engine: "mysql".to_owned(),
        engine_version: "8.4.3".to_owned(),
        status: DbStatus::from(status),
        source: source.then(|| SourceRef(SOURCE.to_owned())),
        replicas: Vec::new(),
        replication: replication.map(|status| ReplicationStatus(status.to_owned())),
        backup_retention_days: 0,
        backup_window: None,
        multi_az: false,
        deletion_protection: false,
        instance_class: "db.t4g.medium".to_owned(),
        kms_key_id: None,
        endpoint: None,
        security_groups: Vec::new(),
        pending: PendingModifications::default(),
        tags: BTreeMap::new(),
    }
}

/// An error of this kind, as the client gives it.
pub(crate) fn error(kind: ErrorKind, operation: &str) -> Error {
    Error {
        kind,
        service: "rds".to_owned(),
        operation: operation.to_owned(),
        region: "us-west-2".to_owned(),
        code: Some(format!("{kind:?}")),
        message: "simulated".to_owned(),
        request_id: Some("r-1".to_owned()),
    }
}
