//! Replication lag as `CloudWatch` holds it.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::Error;

/// One datapoint of `AWS/RDS ReplicaLag`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LagPoint {
    /// Start of the datapoint's period.
    pub at: Timestamp,
    /// Seconds that the replica was behind, the largest of the period; -1 where it does not replicate
    /// (Amazon RDS User Guide, "Monitoring read replication").
    pub seconds: f64,
}

/// Reads lag metrics.
#[async_trait]
pub trait ReplicaLag: Send + Sync {
    /// Datapoints of an instance between two moments, newest first. `period_seconds` is a multiple of 60.
    async fn datapoints(
        &self,
        instance: &str,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<LagPoint>, Error>;
}
