//! RDS instances and their replication.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;

use crate::Error;

/// The identifier of an instance, or its ARN: 1 to 63 letters, digits and hyphens, beginning with a letter, without two
/// hyphens in a row or one at the end (Amazon RDS API Reference, `CreateDBInstance`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(String);

/// The text is no identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not an identifier of an RDS instance; expected 1 to 63 letters, digits and single hyphens, beginning with a letter, such as orders-replica"
)]
pub struct InvalidInstanceId(String);

impl InstanceId {
    /// Takes an identifier.
    ///
    /// # Errors
    /// When the text has another shape.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidInstanceId> {
        let text = text.into();
        let fits = (1..=63).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !text.contains("--")
            && !text.ends_with('-');
        if fits {
            Ok(InstanceId(text))
        } else {
            Err(InvalidInstanceId(text.chars().take(80).collect()))
        }
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The status of an instance; AWS adds some from time to time, so it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbStatus {
    /// Serves.
    Available,
    /// Is being changed.
    Modifying,
    /// Restarts.
    Rebooting,
    /// Takes a backup; a promotion is refused meanwhile.
    BackingUp,
    /// Any other, as AWS writes it.
    Other(String),
}

impl DbStatus {
    /// As AWS writes it.
    pub fn as_str(&self) -> &str {
        match self {
            DbStatus::Available => "available",
            DbStatus::Modifying => "modifying",
            DbStatus::Rebooting => "rebooting",
            DbStatus::BackingUp => "backing-up",
            DbStatus::Other(text) => text,
        }
    }
}

impl From<&str> for DbStatus {
    fn from(text: &str) -> Self {
        match text {
            "available" => DbStatus::Available,
            "modifying" => DbStatus::Modifying,
            "rebooting" => DbStatus::Rebooting,
            "backing-up" => DbStatus::BackingUp,
            other => DbStatus::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for DbStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The source of a replica as AWS gives it: an identifier within the region, an ARN across regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRef(pub String);

impl SourceRef {
    /// The identifier or ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The "read replication" status of a replica, as AWS writes it: `replicating`, `error`, `stopped`, `terminated`, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicationStatus(pub String);

impl ReplicationStatus {
    /// Whether changes arrive.
    pub fn is_replicating(&self) -> bool {
        self.0 == "replicating"
    }
}

impl fmt::Display for ReplicationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Changes that AWS has accepted and not made yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingModifications {
    /// Days that backups are kept.
    pub backup_retention_days: Option<u8>,
    /// Whether there is a standby in another zone.
    pub multi_az: Option<bool>,
    /// The class.
    pub instance_class: Option<String>,
    /// Anything else that is pending, by AWS's names.
    pub others: Vec<String>,
}

impl PendingModifications {
    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An instance as `DescribeDBInstances` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbInstance {
    /// Its identifier.
    pub identifier: String,
    /// Its ARN.
    pub arn: String,
    /// The id that it keeps when it is renamed.
    pub resource_id: String,
    /// The engine, such as `postgres`.
    pub engine: String,
    /// The engine's version.
    pub engine_version: String,
    /// What it is doing.
    pub status: DbStatus,
    /// The instance that it follows; `None` for a standalone one.
    pub source: Option<SourceRef>,
    /// Replicas that follow it, by identifier, or by ARN in other regions.
    pub replicas: Vec<String>,
    /// How its replication does; `None` for a standalone one.
    pub replication: Option<ReplicationStatus>,
    /// Days that backups are kept; 0 for none.
    pub backup_retention_days: u8,
    /// Daily window of backups in UTC, such as `03:00-04:00`.
    pub backup_window: Option<String>,
    /// Whether there is a standby in another zone.
    pub multi_az: bool,
    /// Whether it is protected from deletion.
    pub deletion_protection: bool,
    /// The class, such as `db.r6g.large`.
    pub instance_class: String,
    /// The key it is encrypted with.
    pub kms_key_id: Option<String>,
    /// Host name of the endpoint.
    pub endpoint: Option<String>,
    /// Its security groups.
    pub security_groups: Vec<String>,
    /// What is accepted and not made yet.
    pub pending: PendingModifications,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What to promote, and what the promotion takes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromoteReadReplica {
    /// The replica.
    pub id: InstanceId,
    /// Days that backups are kept; AWS's default is 1.
    pub backup_retention_days: Option<u8>,
    /// Daily window of backups in UTC.
    pub backup_window: Option<String>,
}

impl PromoteReadReplica {
    /// A promotion without settings.
    pub fn new(id: InstanceId) -> Self {
        PromoteReadReplica {
            id,
            backup_retention_days: None,
            backup_window: None,
        }
    }
}

/// What to change of an instance, at once; `None` stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModifyDbInstance {
    /// The instance.
    pub id: InstanceId,
    /// Days that backups are kept.
    pub backup_retention_days: Option<u8>,
    /// Daily window of backups in UTC.
    pub backup_window: Option<String>,
    /// Whether there is a standby in another zone.
    pub multi_az: Option<bool>,
    /// Whether it is protected from deletion.
    pub deletion_protection: Option<bool>,
    /// The class.
    pub instance_class: Option<String>,
    /// The security groups, all of them.
    pub security_groups: Option<Vec<String>>,
    /// A new identifier; the ARN and the endpoint change with it.
    pub new_identifier: Option<InstanceId>,
}

/// What replica to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateReplica {
    /// The replica's identifier.
    pub id: InstanceId,
    /// ARN of the source.
    pub source: String,
    /// The region of the source.
    pub source_region: crate::Region,
    /// The class; the source's where it is not given.
    pub instance_class: Option<String>,
    /// The subnet group.
    pub subnet_group: Option<String>,
    /// The security groups.
    pub security_groups: Vec<String>,
    /// The parameter group.
    pub parameter_group: Option<String>,
    /// A key of this region; needed when the source is encrypted.
    pub kms_key_id: Option<String>,
    /// Tags.
    pub tags: Vec<(String, String)>,
}

impl ModifyDbInstance {
    /// A change of nothing yet.
    pub fn new(id: InstanceId) -> Self {
        ModifyDbInstance {
            id,
            backup_retention_days: None,
            backup_window: None,
            multi_az: None,
            deletion_protection: None,
            instance_class: None,
            security_groups: None,
            new_identifier: None,
        }
    }
}

/// RDS instances of one region.
#[async_trait]
pub trait RdsInstances: Send + Sync {
    /// The instance; [`NotFound`](crate::ErrorKind::NotFound) when there is none. Harmless, retried.
    async fn describe(&self, id: &InstanceId) -> Result<DbInstance, Error>;

    /// Makes a replica a standalone writer. One-way, without a client token, never retried here: after a failed call
    /// look before doing anything.
    async fn promote_read_replica(&self, request: &PromoteReadReplica)
    -> Result<DbInstance, Error>;

    /// Changes settings at once (`ApplyImmediately`). Reversible, never retried here.
    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error>;

    /// Restarts it, which ends every connection. Never retried here.
    async fn reboot(&self, id: &InstanceId) -> Result<(), Error> {
        let _ = id;
        Err(crate::not_offered("rds", ""))
    }

    /// Stops it; AWS starts it again after seven days (Amazon RDS User Guide, "Stopping an Amazon RDS DB instance
    /// temporarily"), and refuses it where replicas follow or it is one. Reversible, never retried here.
    async fn stop(&self, id: &InstanceId) -> Result<(), Error> {
        let _ = id;
        Err(crate::not_offered("rds", ""))
    }

    /// Makes a replica in this region of an instance anywhere. Never retried here.
    async fn create_replica(&self, request: &CreateReplica) -> Result<DbInstance, Error> {
        let _ = request;
        Err(crate::not_offered("rds", ""))
    }

    /// Sets tags on an instance by ARN. Harmless to repeat, never retried here.
    async fn add_tags(&self, arn: &str, tags: &[(String, String)]) -> Result<(), Error> {
        let _ = (arn, tags);
        Err(crate::not_offered("rds", ""))
    }
}
