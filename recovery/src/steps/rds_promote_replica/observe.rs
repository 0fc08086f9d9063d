//! What is looked at: the replica, its source, and the lag, in this order reversed, so that the status is the freshest.

use std::time::Duration;

use aws::clock::Clock;
use aws::rds::{DbInstance, InstanceId, SourceRef};
use aws::{Aws, Error, ErrorKind, Region};
use jiff::Timestamp;

use super::Request;
use super::terms::{self, PlanEvidence};
use crate::gate::data_at_risk::{LAG_PERIOD, LagEvidence, SourceLife};
use crate::instance_name::{InstanceArn, resolve_source};
use crate::step::Look;

/// How far back datapoints are read: enough to say how old the newest is when it is too old.
const LAG_WINDOW: Duration = Duration::from_mins(15);

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When the replica was described.
    pub at: Timestamp,
    /// The replica, or by now the writer.
    pub target: DbInstance,
    /// What the gates ask for; `None` when it was not looked at.
    pub evidence: Option<Evidence>,
}

/// What the gates ask for, measured together with the replica.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The lag and whether the source accepts writes.
    pub lag: LagEvidence,
    /// What a failover plan asks for beyond that.
    pub plan: Option<PlanEvidence>,
}

/// What was seen of the source.
pub(super) enum SourceSeen {
    /// It was described.
    Described(Box<DbInstance>),
    /// Its region is declared lost, and was not asked.
    Lost(Region),
    /// It does not exist.
    Gone,
    /// It could not be asked; the text says why.
    Silent(String),
}

impl Seen {
    /// The source's ARN where it can be told, the text that AWS shows otherwise; `None` for a standalone instance.
    pub fn source_arn(&self) -> Option<String> {
        let source = self.target.source.as_ref()?;
        Some(resolve_source(source_text(source), &self.target.arn))
    }
}

/// The source as AWS shows it.
pub(super) fn source_text(source: &SourceRef) -> &str {
    source.as_str()
}

/// Looks. With [`Look::Everything`] a passing failure of any part is an error; with [`Look::WhatAnswers`] only the
/// replica has to answer.
pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    request: &Request,
    look: Look,
) -> Result<Seen, Error> {
    if request.lost_regions.contains(&request.region) {
        return Err(declared_lost(&request.region));
    }
    let rds = aws.rds(&request.region)?;
    let mut target = rds.describe(&request.instance).await?;
    if look == Look::Target || target.source.is_none() {
        return Ok(Seen {
            at: clock.now(),
            target,
            evidence: None,
        });
    }
    let strict = look == Look::Everything;
    let (mut source, seen) = source_life(aws, clock, request, &target, strict).await?;
    let mut plan = None;
    if request.plan.is_some() {
        let (evidence, life) = terms::look(aws, clock, request, seen, strict).await?;
        plan = Some(evidence);
        source = life.unwrap_or(source);
    }
    let points = lag_points(aws, clock, request, &target, &source, strict).await?;
    // Described again: the measurements took a while, and the decision needs the status after them.
    target = rds.describe(&request.instance).await?;
    let at = clock.now();
    let lag = evidence(at, &target, source, points);
    Ok(Seen {
        at,
        target,
        evidence: Some(Evidence { lag, plan }),
    })
}

/// Nothing is called in a region that is declared lost, not even to find out that it is there.
fn declared_lost(region: &Region) -> Error {
    Error {
        kind: ErrorKind::Other,
        service: "rds".to_owned(),
        operation: "DescribeDBInstances".to_owned(),
        region: region.to_string(),
        code: None,
        message: "not called: the region is declared lost".to_owned(),
        request_id: None,
    }
}

/// The evidence of a look that did not measure.
pub(super) fn not_measured(seen: &Seen) -> Evidence {
    let why = "it was not measured".to_owned();
    Evidence {
        lag: evidence(
            seen.at,
            &seen.target,
            SourceLife::Unknown(why.clone()),
            Err(why),
        ),
        plan: None,
    }
}

fn evidence(
    now: Timestamp,
    target: &DbInstance,
    source: SourceLife,
    points: Result<Vec<aws::cloudwatch::LagPoint>, String>,
) -> LagEvidence {
    LagEvidence {
        now,
        source,
        points,
        replication: target.replication.as_ref().map(ToString::to_string),
        replicating: target
            .replication
            .as_ref()
            .is_some_and(aws::rds::ReplicationStatus::is_replicating),
        postgres: target.engine.contains("postgres"),
        metric: "ReplicaLag",
    }
}

/// Whether the source accepts writes. A source in a region declared lost is not asked.
async fn source_life(
    aws: &dyn Aws,
    clock: &dyn Clock,
    request: &Request,
    target: &DbInstance,
    strict: bool,
) -> Result<(SourceLife, SourceSeen), Error> {
    let unknown = |why: String| (SourceLife::Unknown(why.clone()), SourceSeen::Silent(why));
    let Some(source) = &target.source else {
        return Ok(unknown("the instance has no source".to_owned()));
    };
    let dead = SourceLife::Dead {
        lost_at: request.lost_at.or(request.source_last_seen),
    };
    let (region, id) = match address(source_text(source), target, &request.region) {
        Ok(found) => found,
        Err(why) => return Ok(unknown(why)),
    };
    if request.lost_regions.contains(&region) {
        return Ok((dead, SourceSeen::Lost(region)));
    }
    let terms = request.plan.as_ref();
    if terms.is_some_and(|terms| !terms.regions.contains(&region)) {
        return Ok(unknown(format!(
            "the source is in {region}, which is no region of the plan"
        )));
    }
    let answer = match aws.rds(&region) {
        Ok(rds) => rds.describe(&id).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(source) => {
            let life = if takes_no_writes(source.status.as_str()) {
                dead
            } else {
                SourceLife::Accepting { at: clock.now() }
            };
            Ok((life, SourceSeen::Described(Box::new(source))))
        }
        // Deleted: nothing was written after that, and only the operator knows when it was.
        Err(error) if error.kind == ErrorKind::NotFound => Ok((dead, SourceSeen::Gone)),
        Err(error) if strict && error.is_transient() => Err(error),
        Err(error) => Ok(unknown(format!(
            "the source could not be observed: {error}"
        ))),
    }
}

/// Region and name by which the source is described.
fn address(
    source: &str,
    target: &DbInstance,
    own_region: &Region,
) -> Result<(Region, InstanceId), String> {
    let unreadable = |what: &str| format!("the source {source} cannot be asked: {what}");
    let Some(arn) = InstanceArn::parse(source) else {
        let id = InstanceId::new(source).map_err(|error| unreadable(&error.to_string()))?;
        return Ok((own_region.clone(), id));
    };
    let region = Region::new(arn.region).map_err(|error| unreadable(&error.to_string()))?;
    let same_account = InstanceArn::parse(&target.arn).is_none_or(|own| own.account == arn.account);
    let name = if same_account { arn.identifier } else { source };
    let id = InstanceId::new(name).map_err(|error| unreadable(&error.to_string()))?;
    Ok((region, id))
}

/// Statuses in which nobody can write. Any other is taken to accept writes: that counts the lag up to now, which is
/// the larger number.
fn takes_no_writes(status: &str) -> bool {
    matches!(
        status,
        "stopped"
            | "stopping"
            | "failed"
            | "deleting"
            | "delete-precheck"
            | "restore-error"
            | "inaccessible-encryption-credentials"
            | "inaccessible-encryption-credentials-recoverable"
            | "incompatible-network"
            | "incompatible-restore"
    )
}

/// The datapoints up to the moment that counts, or why there are none.
async fn lag_points(
    aws: &dyn Aws,
    clock: &dyn Clock,
    request: &Request,
    target: &DbInstance,
    source: &SourceLife,
    strict: bool,
) -> Result<Result<Vec<aws::cloudwatch::LagPoint>, String>, Error> {
    let until = match source {
        SourceLife::Dead {
            lost_at: Some(lost_at),
        } => (*lost_at).min(clock.now()),
        _ => clock.now(),
    };
    // CloudWatch leaves out the end of the range, and stamps a datapoint with the start of its period.
    let to = until.saturating_add(LAG_PERIOD).unwrap_or(until);
    let from = until.saturating_sub(LAG_WINDOW).unwrap_or(until);
    let answer = match aws.replica_lag(&request.region) {
        Ok(metric) => metric.datapoints(&target.identifier, from, to, 60).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(points) => Ok(Ok(points)),
        Err(error) if strict && error.is_transient() => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}
