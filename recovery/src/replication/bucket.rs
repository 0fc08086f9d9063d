//! The replication status of one rule of an S3 bucket. Its metrics are kept in the destination's region.

use aws::clock::Clock;
use aws::objects::ReplicationRule;
use aws::{Aws, Error, Region};
use jiff::Timestamp;

use super::Health;
use super::several::{metric, newest};

/// A rule: from where to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Region and name of the source.
    pub source: (Region, String),
    /// Region and name of the destination.
    pub destination: (Region, String),
    /// Its id.
    pub id: String,
}

/// What was seen of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleSeen {
    /// Whether the source has it and it is enabled; `None` where the source does not say.
    pub enabled: Option<bool>,
    /// Operations that are pending.
    pub pending: Option<f64>,
    /// Bytes that are pending.
    pub pending_bytes: Option<f64>,
    /// Seconds that the slowest operation is behind, with when that was measured.
    pub lag: Option<(Timestamp, f64)>,
    /// What is not known, and why.
    pub unknown: Vec<String>,
}

impl RuleSeen {
    /// How well it replicates.
    pub fn health(&self) -> Health {
        match (self.enabled, self.lag.is_some() || self.pending.is_some()) {
            (Some(false), _) => Health::Broken,
            (_, true) => Health::Replicating,
            (Some(true), false) => Health::Unmeasured,
            (None, false) => Health::Unknown,
        }
    }
}

/// Observes a rule. Regions of `barred` are not called; whatever does not answer is told, and is no error.
pub async fn rule(
    aws: &dyn Aws,
    clock: &dyn Clock,
    rule: &Rule,
    barred: &std::collections::BTreeMap<Region, String>,
) -> RuleSeen {
    let mut seen = RuleSeen::default();
    let (source, bucket) = &rule.source;
    match barred.get(source) {
        Some(why) => seen.unknown.push(why.clone()),
        None => match facts(aws, source, bucket, &rule.id).await {
            Ok(Some(found)) => seen.enabled = Some(found.enabled),
            Ok(None) => {
                seen.enabled = Some(false);
                seen.unknown
                    .push(format!("{bucket} has no rule {}", rule.id));
            }
            Err(error) => seen.unknown.push(error.to_string()),
        },
    }
    if let Some(why) = barred.get(&rule.destination.0) {
        seen.unknown.push(why.clone());
        return seen;
    }
    for (name, which) in [
        ("ReplicationLatency", 0),
        ("OperationsPendingReplication", 1),
        ("BytesPendingReplication", 2),
    ] {
        match figure(aws, clock, rule, name).await {
            Ok(Some(point)) => match which {
                0 => seen.lag = Some(point),
                1 => seen.pending = Some(point.1),
                _ => seen.pending_bytes = Some(point.1),
            },
            Ok(None) => seen
                .unknown
                .push(format!("no {name} datapoint in the last 15 minutes")),
            // The others would be answered alike.
            Err(error) => {
                seen.unknown
                    .push(format!("{name} could not be read: {error}"));
                break;
            }
        }
    }
    seen
}

/// The newest figure of a rule.
async fn figure(
    aws: &dyn Aws,
    clock: &dyn Clock,
    rule: &Rule,
    name: &str,
) -> Result<Option<(Timestamp, f64)>, Error> {
    let dimensions = [
        ("SourceBucket", rule.source.1.as_str()),
        ("DestinationBucket", rule.destination.1.as_str()),
        ("RuleId", rule.id.as_str()),
    ];
    let metric = metric("AWS/S3", name, &dimensions);
    newest(aws, clock, &rule.destination.0, &metric).await
}

async fn facts(
    aws: &dyn Aws,
    region: &Region,
    bucket: &str,
    rule: &str,
) -> Result<Option<ReplicationRule>, Error> {
    let facts = aws.objects(region)?.bucket(bucket).await?;
    Ok(facts.rules.into_iter().find(|it| it.id == rule))
}
