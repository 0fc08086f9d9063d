//! Aurora global clusters.

use async_trait::async_trait;

use crate::Error;

/// A member of a global cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// ARN of the cluster.
    pub arn: String,
    /// Whether it takes writes.
    pub writer: bool,
    /// `connected` or `pending-resync`, where AWS says it.
    pub synchronization: Option<String>,
}

/// A switchover or failover under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailoverState {
    /// As AWS writes it: `pending`, `failing-over`, `switching-over`, `cancelling`, …
    pub status: String,
    /// ARN of the cluster that the writer leaves.
    pub from: String,
    /// ARN of the cluster that becomes the writer.
    pub to: String,
    /// Whether data may be lost.
    pub data_loss_allowed: bool,
}

/// A global cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalCluster {
    /// Its identifier.
    pub id: String,
    /// `available`, `failing-over`, …
    pub status: String,
    /// The engine, such as `aurora-postgresql`.
    pub engine: String,
    /// Its version.
    pub engine_version: String,
    /// Its members.
    pub members: Vec<Member>,
    /// What is under way; `None` when nothing is.
    pub failover: Option<FailoverState>,
}

/// A cluster of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its identifier.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// `available`, …
    pub status: String,
    /// The engine's version.
    pub engine_version: String,
    /// Instances in it; a cluster without any is headless and serves nobody.
    pub instances: u32,
    /// Days that snapshots are kept.
    pub backup_retention_days: u8,
    /// The key it is encrypted with.
    pub kms_key_id: Option<String>,
    /// Host name of the writer's endpoint.
    pub endpoint: Option<String>,
}

/// A snapshot of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSnapshot {
    /// Its identifier, such as `rds:unplanned-global-failover-…`.
    pub id: String,
    /// `available`, `creating`, `copying`, …
    pub status: String,
    /// Percent that is done.
    pub progress: u8,
    /// When it was made.
    pub created_at: Option<jiff::Timestamp>,
}

/// Global clusters, their members and snapshots, asked in a region.
#[async_trait]
pub trait GlobalClusters: Send + Sync {
    /// The global cluster; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn describe(&self, id: &str) -> Result<GlobalCluster, Error>;

    /// A cluster of this region by identifier or ARN. Harmless, retried.
    async fn cluster(&self, id: &str) -> Result<Cluster, Error>;

    /// Makes a member the writer without losing data; both regions have to answer. Never retried here.
    async fn switchover(&self, id: &str, target_arn: &str) -> Result<(), Error>;

    /// Makes a member the writer although data may be lost (`AllowDataLoss`). One-way, never retried here.
    async fn failover(&self, id: &str, target_arn: &str) -> Result<(), Error>;

    /// Snapshots of a cluster of this region, the automatic ones too. Harmless, retried.
    async fn snapshots(&self, cluster: &str) -> Result<Vec<ClusterSnapshot>, Error>;

    /// Copies a snapshot within this region, so that the old cluster's retention does not delete it. Harmless to
    /// repeat (the copy exists already), never retried here.
    async fn copy_snapshot(&self, snapshot: &str, copy: &str) -> Result<(), Error>;
}
