//! `CloudWatch` metrics and alarms.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::Error;

/// Which metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Such as `AWS/S3`.
    pub namespace: String,
    /// Such as `ReplicationLatency`.
    pub name: String,
    /// Name and value of each dimension.
    pub dimensions: Vec<(String, String)>,
}

/// What `CloudWatch` makes of the values within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The largest.
    Maximum,
    /// The smallest.
    Minimum,
    /// The mean.
    Average,
    /// All together.
    Sum,
}

/// One datapoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Datapoint {
    /// Start of its period.
    pub at: Timestamp,
    /// Its value.
    pub value: f64,
}

/// State of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmState {
    /// `OK`.
    Ok,
    /// `ALARM`.
    Alarm,
    /// `INSUFFICIENT_DATA`.
    InsufficientData,
}

/// Metrics and alarms of a region.
#[async_trait]
pub trait Metrics: Send + Sync {
    /// Datapoints between two moments, newest first. `period_seconds` is a multiple of 60. Harmless, retried.
    async fn datapoints(
        &self,
        metric: &Metric,
        statistic: Statistic,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<Datapoint>, Error>;

    /// The alarm's state; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn alarm(&self, name: &str) -> Result<AlarmState, Error>;

    /// Sets the alarm's state until its next evaluation. Reversible, harmless to repeat, never retried here. It moves no
    /// health check of Route 53: those follow the alarm's data stream, not its state (Amazon Route 53 Developer Guide,
    /// "How Amazon Route 53 determines whether a health check is healthy").
    async fn set_alarm(&self, name: &str, state: AlarmState, reason: &str) -> Result<(), Error>;
}
