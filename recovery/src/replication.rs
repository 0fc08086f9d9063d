//! The replication status of one RDS instance, and below of what lives in several regions: read only, for data sources
//! and status lines.

pub mod bucket;
pub mod datastore;
pub mod global_cluster;
pub mod several;
pub mod table;

use std::time::Duration;

use aws::clock::Clock;
use aws::rds::InstanceId;
use aws::{Aws, Error, Region};
use jiff::Timestamp;

use crate::gate::data_at_risk::LAG_PERIOD;
use crate::instance_name::{InstanceArn, resolve_source};

/// How far back the newest lag is looked for.
const LAG_WINDOW: Duration = Duration::from_mins(15);

/// What an instance is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It follows a source and takes no writes.
    Replica,
    /// It follows nobody: it is a writer.
    Primary,
}

impl Role {
    /// The role that a description shows.
    pub fn of(instance: &aws::rds::DbInstance) -> Self {
        if instance.source.is_some() {
            Role::Replica
        } else {
            Role::Primary
        }
    }

    /// `replica` or `primary`, as configurations write it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Replica => "replica",
            Role::Primary => "primary",
        }
    }
}

/// How well a replica follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It says that it replicates and its lag was measured lately.
    Replicating,
    /// It says that it replicates, but how far behind it is is not known.
    Unmeasured,
    /// It says that it does not replicate.
    Broken,
    /// It does not say whether it replicates.
    Unknown,
    /// It follows nobody.
    NotAReplica,
}

impl Health {
    /// The word that attributes use.
    pub fn name(self) -> &'static str {
        match self {
            Health::Replicating => "replicating",
            Health::Unmeasured => "unmeasured",
            Health::Broken => "broken",
            Health::Unknown => "unknown",
            Health::NotAReplica => "not_a_replica",
        }
    }
}

/// The status, as of one look.
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    /// The instance's ARN.
    pub arn: String,
    /// Its engine.
    pub engine: String,
    /// Its status as AWS names it.
    pub status: String,
    /// Replica or primary.
    pub role: Role,
    /// The source by ARN, for a replica.
    pub source: Option<String>,
    /// The region that the source lives in, where the ARN tells it.
    pub source_region: Option<String>,
    /// Those that follow this instance, as AWS shows them.
    pub replicas: Vec<String>,
    /// The status of replication as AWS names it, with its message.
    pub replication_status: Option<String>,
    /// How well it follows.
    pub health: Health,
    /// The newest `ReplicaLag` in seconds; `None` when there is none, or AWS says -1.
    pub lag_seconds: Option<f64>,
    /// When that lag was measured.
    pub measured_at: Option<Timestamp>,
    /// Why there is no lag, for a replica.
    pub lag_unknown: Option<String>,
    /// When the instance was described.
    pub observed_at: Timestamp,
}

/// Observes one instance. That the lag cannot be read is told in the result, not an error; an instance that cannot be
/// described is one.
pub async fn observe(
    aws: &dyn Aws,
    clock: &dyn Clock,
    region: &Region,
    id: &InstanceId,
) -> Result<Replication, Error> {
    let instance = aws.rds(region)?.describe(id).await?;
    let role = Role::of(&instance);
    let source = instance
        .source
        .as_ref()
        .map(|source| resolve_source(source.as_str(), &instance.arn));
    let source_region = source
        .as_deref()
        .and_then(InstanceArn::parse)
        .map(|arn| arn.region.to_owned());
    let lag = match role {
        Role::Replica => newest_lag(aws, clock, region, &instance.identifier).await,
        Role::Primary => Ok(None),
    };
    let replicating = instance
        .replication
        .as_ref()
        .map(aws::rds::ReplicationStatus::is_replicating);
    let measured = matches!(lag, Ok(Some((_, seconds))) if seconds >= 0.0);
    let health = match (role, replicating) {
        (Role::Primary, _) => Health::NotAReplica,
        (Role::Replica, None) => Health::Unknown,
        (Role::Replica, Some(false)) => Health::Broken,
        (Role::Replica, Some(true)) if measured => Health::Replicating,
        (Role::Replica, Some(true)) => Health::Unmeasured,
    };
    let (lag_seconds, measured_at, lag_unknown) = match (role, lag) {
        (Role::Primary, _) => (None, None, None),
        (_, Ok(Some((at, seconds)))) if seconds >= 0.0 => (Some(seconds), Some(at), None),
        (_, Ok(Some((at, _)))) => (
            None,
            Some(at),
            Some("ReplicaLag is -1: replication is not running".to_owned()),
        ),
        (_, Ok(None)) => (
            None,
            None,
            Some(format!(
                "no ReplicaLag datapoint in the last {} minutes",
                LAG_WINDOW.as_secs() / 60
            )),
        ),
        (_, Err(error)) => (
            None,
            None,
            Some(format!("ReplicaLag could not be read: {error}")),
        ),
    };
    Ok(Replication {
        role,
        source,
        source_region,
        health,
        lag_seconds,
        measured_at,
        lag_unknown,
        replication_status: instance.replication.as_ref().map(ToString::to_string),
        status: instance.status.to_string(),
        engine: instance.engine,
        arn: instance.arn,
        replicas: instance.replicas,
        observed_at: clock.now(),
    })
}

async fn newest_lag(
    aws: &dyn Aws,
    clock: &dyn Clock,
    region: &Region,
    identifier: &str,
) -> Result<Option<(Timestamp, f64)>, Error> {
    let now = clock.now();
    let from = now.saturating_sub(LAG_WINDOW).unwrap_or(now);
    let to = now.saturating_add(LAG_PERIOD).unwrap_or(now);
    let points = aws
        .replica_lag(region)?
        .datapoints(identifier, from, to, 60)
        .await?;
    Ok(points
        .iter()
        .max_by_key(|point| point.at)
        .map(|point| (point.at, point.seconds)))
}
