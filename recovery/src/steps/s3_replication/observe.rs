//! What is looked at: pending operations and bytes, latency, and what failed, for each direction.

use std::fmt;

use aws::clock::Clock;
use aws::cloudwatch::LagPoint;
use aws::metrics::{Datapoint, Metric, Statistic};
use aws::{Aws, Error, Region};
use jiff::{SignedDuration, Timestamp};

use super::super::databases::{fresh, metric, minutes, quiet_since};
use super::Flow;
use crate::gate::data_at_risk::{LagEvidence, SourceLife};
use crate::kind::Case;
use crate::step::Look;

/// What was seen of one direction.
#[derive(Clone, Debug)]
pub struct FlowSeen {
    /// Which.
    pub flow: Flow,
    /// The backlog as a lag.
    pub lag: LagEvidence,
    /// Operations that are pending, by the newest datapoint that says something about now.
    pub pending: Option<Datapoint>,
    /// Bytes of objects that are pending.
    pub bytes: Option<f64>,
    /// Whether nothing was pending for two minutes.
    pub quiet: bool,
    /// Operations that failed in the last day, or why nobody knows.
    pub failed: Result<f64, String>,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Timestamp,
    /// Each direction.
    pub flows: Vec<FlowSeen>,
}

impl FlowSeen {
    /// Whether everything has arrived.
    pub fn is_drained(&self) -> bool {
        self.quiet
    }
}

impl fmt::Display for FlowSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((_, source), (region, bucket)) = (&self.flow.source, &self.flow.destination);
        write!(f, "{source} to {bucket} in {region}: ")?;
        match &self.pending {
            Some(point) => write!(f, "{} operations pending at {}", point.value, point.at)?,
            None => f.write_str("pending operations not known")?,
        }
        if let Some(bytes) = self.bytes {
            write!(f, ", {bytes} bytes")?;
        }
        Ok(())
    }
}

fn of_rule(flow: &Flow, name: &str) -> Metric {
    let dimensions = [
        ("SourceBucket", flow.source.1.as_str()),
        ("DestinationBucket", flow.destination.1.as_str()),
        ("RuleId", flow.rule.as_str()),
    ];
    metric("AWS/S3", name, &dimensions)
}

pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    flows: &[Flow],
    case: &Case,
    look: Look,
) -> Result<Seen, Error> {
    let mut seen = Vec::new();
    for flow in flows {
        seen.push(look_at(aws, clock, flow, case, look != Look::WhatAnswers).await?);
    }
    Ok(Seen {
        at: clock.now(),
        flows: seen,
    })
}

async fn look_at(
    aws: &dyn Aws,
    clock: &dyn Clock,
    flow: &Flow,
    case: &Case,
    strict: bool,
) -> Result<FlowSeen, Error> {
    let now = clock.now();
    let source = if case.answers(&flow.source.0) {
        // A bucket always accepts writes.
        SourceLife::Accepting { at: now }
    } else {
        SourceLife::Dead {
            lost_at: case.lost_at.or(case.last_seen),
        }
    };
    let until = match &source {
        SourceLife::Dead {
            lost_at: Some(lost_at),
        } => (*lost_at).min(now),
        _ => now,
    };
    let read = async |name: &str| {
        let metric = of_rule(flow, name);
        let points = minutes(aws, &flow.destination.0, &metric, Statistic::Maximum, until).await;
        match points {
            Err(error) if strict && error.is_transient() => Err(error),
            answer => Ok(answer.map_err(|error| error.to_string())),
        }
    };
    let pending = read("OperationsPendingReplication").await?;
    let latency = read("ReplicationLatency").await?;
    let bytes = read("BytesPendingReplication").await?.unwrap_or_default();
    let points = match (&pending, &latency) {
        (Ok(pending), Ok(latency)) => Ok(as_lag(pending, latency)),
        (Err(why), _) | (_, Err(why)) => Err(why.clone()),
    };
    let pending = pending.unwrap_or_default();
    let failed = failed(aws, clock, flow, case).await;
    let now = clock.now();
    Ok(FlowSeen {
        flow: flow.clone(),
        pending: fresh(&pending, until),
        bytes: fresh(&bytes, until).map(|point| point.value),
        quiet: quiet_since(&pending, now).is_some(),
        failed,
        lag: LagEvidence {
            now,
            source,
            points,
            replication: None,
            // A minute with a datapoint of what is pending is one in which S3 looked.
            replicating: !pending.is_empty(),
            postgres: false,
            metric: "ReplicationLatency",
        },
    })
}

/// A minute with nothing pending is one without lag; with something pending its latency is, and without that nothing
/// is known of it.
fn as_lag(pending: &[Datapoint], latency: &[Datapoint]) -> Vec<LagPoint> {
    let minutes = pending.iter().filter_map(|point| {
        let seconds = if point.value == 0.0 {
            0.0
        } else {
            latency.iter().find(|it| it.at == point.at)?.value
        };
        Some(LagPoint {
            at: point.at,
            seconds,
        })
    });
    minutes.collect()
}

/// Operations that failed in the last day. Where the metric is published is not told for every partition, so both
/// regions are asked that answer, and the larger number counts.
async fn failed(aws: &dyn Aws, clock: &dyn Clock, flow: &Flow, case: &Case) -> Result<f64, String> {
    let now = clock.now();
    let from = now
        .saturating_sub(SignedDuration::from_hours(24))
        .unwrap_or(now);
    let metric = of_rule(flow, "OperationsFailedReplication");
    let (source, destination) = (&flow.source.0, &flow.destination.0);
    let mut most: Option<f64> = None;
    let mut why = None;
    for region in [source, destination] {
        if !case.answers(region) {
            why = Some(format!("{region} is declared lost"));
            continue;
        }
        match sum(aws, region, &metric, from, now).await {
            Ok(Some(count)) => most = Some(most.unwrap_or_default().max(count)),
            Ok(None) => {}
            Err(error) => why = Some(error.to_string()),
        }
    }
    match (most, why) {
        (Some(count), _) => Ok(count),
        (None, Some(why)) => Err(why),
        // It is published only where something failed.
        (None, None) => Ok(0.0),
    }
}

async fn sum(
    aws: &dyn Aws,
    region: &Region,
    metric: &Metric,
    from: Timestamp,
    to: Timestamp,
) -> Result<Option<f64>, Error> {
    let metrics = aws.metrics(region)?;
    let points = metrics
        .datapoints(metric, Statistic::Sum, from, to, 3600)
        .await?;
    let values = points.iter().map(|point| point.value);
    Ok((!points.is_empty()).then(|| values.sum()))
}

/// Pending operations and bytes now, for measurements in peace; `None` for what no fresh datapoint says.
pub(super) async fn backlog(
    aws: &dyn Aws,
    clock: &dyn Clock,
    flow: &Flow,
) -> (Option<f64>, Option<f64>) {
    let now = clock.now();
    let newest = async |name: &str| {
        let metric = of_rule(flow, name);
        let points = minutes(aws, &flow.destination.0, &metric, Statistic::Maximum, now).await;
        Some(fresh(&points.ok()?, now)?.value)
    };
    let pending = newest("OperationsPendingReplication").await;
    (pending, newest("BytesPendingReplication").await)
}
