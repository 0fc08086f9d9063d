//! What is looked at: the global cluster, the target's cluster, the lag, and snapshots of lost writes.

use std::fmt;
use std::time::Duration;

use aws::aurora::{Cluster, ClusterSnapshot, GlobalCluster, Member};
use aws::clock::Clock;
use aws::cloudwatch::LagPoint;
use aws::metrics::Statistic;
use aws::{Aws, Error, Region};
use jiff::Timestamp;

use super::super::databases::{metric, minutes};
use super::Request;
use crate::gate::data_at_risk::{LAG_PERIOD, LagEvidence, SourceLife};
use crate::kind::Case;
use crate::mode::Mode;
use crate::step::Look;

/// The metric that data at risk is judged by, in milliseconds.
const LAG: &str = "AuroraGlobalDBRPOLag";

/// What the snapshot of lost writes is called (Amazon Aurora User Guide, "Performing managed failovers").
const LOST_WRITES: &str = "rds:unplanned-global-failover-";

/// A snapshot of writes that the failover lost, and its copy.
#[derive(Clone, Debug)]
pub struct LostWrites {
    /// Where it is.
    pub region: Region,
    /// The snapshot.
    pub snapshot: ClusterSnapshot,
    /// Status of its copy, where there is one.
    pub copy: Option<String>,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Timestamp,
    /// The global cluster.
    pub global: GlobalCluster,
    /// The target's cluster.
    pub target: Cluster,
    /// The writer's cluster where it was asked for, or why it is not known; `None` when nobody asked.
    pub writer: Option<Result<Cluster, String>>,
    /// The lag, where it was asked for.
    pub lag: Option<LagEvidence>,
    /// Snapshots of lost writes.
    pub lost_writes: Vec<LostWrites>,
    /// Regions whose snapshots could not be looked for, and why.
    pub not_looked_at: Vec<String>,
}

impl Seen {
    /// Whether the target is the writer by now.
    pub fn is_writer(&self) -> bool {
        let mut members = self.global.members.iter();
        members.any(|member| member.writer && member.arn == self.target.arn)
    }

    /// The member that takes writes.
    pub fn writer(&self) -> Option<&Member> {
        self.global.members.iter().find(|member| member.writer)
    }

    /// The target as a member.
    pub fn member(&self) -> Option<&Member> {
        let mut members = self.global.members.iter();
        members.find(|member| member.arn == self.target.arn)
    }
}

/// The region of a cluster's ARN.
pub fn region_of(arn: &str) -> Option<Region> {
    Region::new(arn.split(':').nth(3)?).ok()
}

/// The name of a copy; only AWS may name a snapshot with `rds:`.
pub(super) fn copy_of(snapshot: &str) -> String {
    format!("kept-{}", snapshot.trim_start_matches("rds:"))
}

pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    request: &Request,
    look: Look,
) -> Result<Seen, Error> {
    let case = &request.case;
    let clusters = aws.global_clusters(&case.target)?;
    let name = request.cluster(&case.target).unwrap_or_default();
    let target = clusters.cluster(name).await?;
    let mut seen = Seen {
        at: clock.now(),
        global: clusters.describe(&request.global).await?,
        target,
        writer: None,
        lag: None,
        lost_writes: Vec::new(),
        not_looked_at: Vec::new(),
    };
    let strict = look != Look::WhatAnswers;
    if seen.is_writer() {
        if matches!(case.mode, Mode::Failover | Mode::Reprotect) {
            lost_writes(aws, request, &mut seen, strict).await?;
        }
        return Ok(seen);
    }
    if look != Look::Target {
        let (writer, life) = writer(aws, clock, case, &seen, strict).await?;
        seen.writer = Some(writer);
        // A switchover loses nothing: AWS waits for the target itself.
        if case.mode != Mode::Switchover {
            seen.lag = Some(lag(aws, clock, case, &seen, life, strict).await?);
        }
        // Described again: the measurements took a while, and the decision needs the state after them.
        seen.global = clusters.describe(&request.global).await?;
        seen.at = clock.now();
    }
    Ok(seen)
}

/// The writer's cluster, and whether it accepts writes.
async fn writer(
    aws: &dyn Aws,
    clock: &dyn Clock,
    case: &Case,
    seen: &Seen,
    strict: bool,
) -> Result<(Result<Cluster, String>, SourceLife), Error> {
    let unknown = |why: String| (Err(why.clone()), SourceLife::Unknown(why));
    let Some(writer) = seen.writer() else {
        return Ok(unknown("the global cluster shows no writer".to_owned()));
    };
    let Some(region) = region_of(&writer.arn) else {
        return Ok(unknown(format!("{} names no region", writer.arn)));
    };
    if !case.answers(&region) {
        let lost_at = case.lost_at.or(case.last_seen);
        return Ok((
            Err(format!("{region} is declared lost")),
            SourceLife::Dead { lost_at },
        ));
    }
    let answer = match aws.global_clusters(&region) {
        Ok(clusters) => clusters.cluster(&writer.arn).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(cluster) if cluster.status == "stopped" => {
            let lost_at = case.lost_at.or(case.last_seen);
            Ok((Ok(cluster), SourceLife::Dead { lost_at }))
        }
        Ok(cluster) => Ok((Ok(cluster), SourceLife::Accepting { at: clock.now() })),
        Err(error) if strict && error.is_transient() => Err(error),
        Err(error) => Ok(unknown(error.to_string())),
    }
}

/// The lag in seconds. AWS says to read it from the primary cluster, and also that it exists only for secondary
/// regions (Amazon Aurora User Guide, "Monitoring an Aurora global database"): the target's region is asked first, by
/// the cluster alone and with the source's region, then the writer's.
async fn lag(
    aws: &dyn Aws,
    clock: &dyn Clock,
    case: &Case,
    seen: &Seen,
    source: SourceLife,
    strict: bool,
) -> Result<LagEvidence, Error> {
    let until = match &source {
        SourceLife::Dead {
            lost_at: Some(lost_at),
        } => (*lost_at).min(clock.now()),
        _ => clock.now(),
    };
    let id = seen.target.id.as_str();
    let from = seen.writer().and_then(|writer| region_of(&writer.arn));
    let mut places = vec![(
        case.target.clone(),
        metric("AWS/RDS", LAG, &[("DBClusterIdentifier", id)]),
    )];
    if let Some(from) = from {
        let of_source = [("DBClusterIdentifier", id), ("SourceRegion", from.as_str())];
        places.push((case.target.clone(), metric("AWS/RDS", LAG, &of_source)));
        if case.answers(&from) {
            places.push((from, metric("AWS/RDS", LAG, &[("DBClusterIdentifier", id)])));
        }
    }
    let mut points = Ok(Vec::new());
    for (region, metric) in places {
        match minutes(aws, &region, &metric, Statistic::Maximum, until).await {
            Ok(found) if found.is_empty() => {}
            Ok(found) => {
                let lags = found.iter().map(|point| LagPoint {
                    at: point.at,
                    seconds: point.value / 1000.0,
                });
                points = Ok(lags.collect());
                break;
            }
            Err(error) if strict && error.is_transient() && region == case.target => {
                return Err(error);
            }
            Err(error) => points = Err(error.to_string()),
        }
    }
    let synchronization = seen
        .member()
        .and_then(|member| member.synchronization.clone());
    Ok(LagEvidence {
        now: clock.now(),
        source,
        points,
        replicating: synchronization.as_deref() == Some("connected"),
        replication: synchronization,
        // Its storage replicates; idle writers do not let this lag grow.
        postgres: false,
        metric: LAG,
    })
}

/// Looks for snapshots of lost writes in every other region. In a failover a region that does not answer is left to
/// reprotect, which needs it.
async fn lost_writes(
    aws: &dyn Aws,
    request: &Request,
    seen: &mut Seen,
    strict: bool,
) -> Result<(), Error> {
    let case = &request.case;
    for region in case.others() {
        let Some(cluster) = request.cluster(region) else {
            continue;
        };
        if !case.answers(region) {
            seen.not_looked_at
                .push(format!("{region} is declared lost"));
            continue;
        }
        let answer = match aws.global_clusters(region) {
            Ok(clusters) => clusters.snapshots(cluster).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(all) => seen.lost_writes.extend(kept(region, &all)),
            Err(error) if strict && case.mode == Mode::Reprotect && error.is_transient() => {
                return Err(error);
            }
            Err(error) => seen.not_looked_at.push(error.to_string()),
        }
    }
    Ok(())
}

fn kept(region: &Region, all: &[ClusterSnapshot]) -> Vec<LostWrites> {
    let lost = all.iter().filter(|it| it.id.starts_with(LOST_WRITES));
    lost.map(|snapshot| {
        let name = copy_of(&snapshot.id);
        let copy = all.iter().find(|it| it.id == name);
        LostWrites {
            region: region.clone(),
            snapshot: snapshot.clone(),
            copy: copy.map(|copy| copy.status.clone()),
        }
    })
    .collect()
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.global.id, self.global.status)?;
        match self.writer() {
            Some(writer) => write!(f, ", its writer {}", writer.arn)?,
            None => f.write_str(", without a writer")?,
        }
        if let Some(state) = &self.global.failover {
            write!(f, ", {} to {}", state.status, state.to)?;
        }
        for lost in &self.lost_writes {
            let copy = lost.copy.as_deref().unwrap_or("none");
            write!(f, "; lost writes in {} (copy: {copy})", lost.snapshot.id)?;
        }
        Ok(())
    }
}

/// Newest lag in seconds of a cluster in its own region, for measurements in peace.
pub(super) async fn newest_lag(
    aws: &dyn Aws,
    clock: &dyn Clock,
    region: &Region,
    cluster: &str,
) -> Option<(Timestamp, f64)> {
    let now = clock.now();
    let until = now.saturating_add(LAG_PERIOD).unwrap_or(now);
    let metric = metric("AWS/RDS", LAG, &[("DBClusterIdentifier", cluster)]);
    let points = minutes(aws, region, &metric, Statistic::Maximum, until)
        .await
        .ok()?;
    let newest = points.first()?;
    let age = Duration::try_from(now.duration_since(newest.at)).unwrap_or_default();
    (age <= super::super::databases::WINDOW).then_some((newest.at, newest.value / 1000.0))
}
