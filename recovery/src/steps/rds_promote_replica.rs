//! Makes a read replica of an RDS instance a standalone writer, with the settings asked for.
//!
//! The act is `PromoteReadReplica` (control plane of the replica's own region; one-way; carries no client token) and,
//! for what it does not take, `ModifyDBInstance`. AWS shows no status of its own for a promotion, and `available` with
//! the source still set goes on for a while after the call was accepted. So done is what [`settings::unmet`] and the
//! replica's own shape prove together: `available`, no source, no "read replication" status, the settings as asked,
//! and nothing pending.

mod decide;
mod kind;
mod observe;
#[cfg(test)]
mod plan_tests;
pub mod preview;
pub mod settings;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::rds::{InstanceId, PromoteReadReplica};
use aws::{Aws, Error, ErrorKind, Region};
use jiff::Timestamp;

pub use self::decide::{MOST_REJECTIONS, STATUS_LAG, UnderWay, decide, under_way};
pub use self::kind::RdsPromoteReplicaKind;
pub use self::observe::{Evidence, Seen};
pub use self::settings::Settings;
pub use self::terms::{PlanEvidence, PlanTerms};

use super::databases::EPOCH_TAG;
use crate::consent::{Consent, Judged, judge, judge_plan};
use crate::gate::data_at_risk::{self, DataAtRisk, SourceLife};
use crate::gate::{GateResult, right_source};
use crate::message::Message;
use crate::mode::Mode;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// Which replica, under which conditions, with which settings.
#[derive(Clone, Debug)]
pub struct Request {
    /// The replica's region.
    pub region: Region,
    /// The replica.
    pub instance: InstanceId,
    /// The instance that it has to follow, by ARN or identifier; `None` compares none.
    pub source: Option<String>,
    /// Regions that are declared lost: nothing there is called.
    pub lost_regions: BTreeSet<Region>,
    /// When the source was lost, as the operator says.
    pub lost_at: Option<Timestamp>,
    /// When the source was last seen accepting writes, by an earlier observation; used where `lost_at` is missing.
    pub source_last_seen: Option<Timestamp>,
    /// The objective: the most data, in time, that may be lost without a consent.
    pub max_data_loss: Duration,
    /// What somebody accepted.
    pub consents: Vec<Consent>,
    /// The settings of the promoted database.
    pub settings: Settings,
    /// What a failover plan asks for beyond that; `None` outside one.
    pub plan: Option<PlanTerms>,
}

impl Request {
    /// A request without conditions beyond the bound: any source, no region lost, no consent, no settings.
    pub fn new(region: Region, instance: InstanceId, max_data_loss: Duration) -> Self {
        Self {
            region,
            instance,
            source: None,
            lost_regions: BTreeSet::new(),
            lost_at: None,
            source_last_seen: None,
            max_data_loss,
            consents: Vec::new(),
            settings: Settings::default(),
            plan: None,
        }
    }

    /// The most data that may be lost: none in a switchover.
    pub fn bound(&self) -> Duration {
        match &self.plan {
            Some(terms) if terms.mode == Mode::Switchover => Duration::ZERO,
            _ => self.max_data_loss,
        }
    }
}

/// What the step can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `PromoteReadReplica` with what it takes of the settings.
    Promote,
    /// `ModifyDBInstance` with the settings that do not hold yet.
    Modify(Settings),
    /// `AddTagsToResource` with the epoch, within a failover plan.
    Mark {
        /// The instance.
        arn: String,
        /// The epoch that the execution completes.
        epoch: u64,
    },
}

/// The step itself.
pub struct PromoteReplica {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    request: Request,
}

impl PromoteReplica {
    /// The step for one replica.
    pub fn new(aws: Arc<dyn Aws>, clock: Arc<dyn Clock>, request: Request) -> Self {
        Self {
            aws,
            clock,
            request,
        }
    }

    /// What was asked for.
    pub fn request(&self) -> &Request {
        &self.request
    }
}

/// The consents of the request that count for what was seen, and why the others do not.
pub fn consents(seen: &Seen, request: &Request) -> Judged {
    let of_plan = request.plan.as_ref().map(|terms| {
        let region = request.region.as_str();
        judge_plan(&terms.consents, seen.at, &terms.step, region, terms.epoch)
    });
    let own = judge(
        &request.consents,
        seen.at,
        seen.target.source.as_ref().map(observe::source_text),
        &seen.target.identifier,
        &seen.target.arn,
    );
    own.and(of_plan.unwrap_or_default())
}

/// How much data is at risk by what was seen; `None` when that was not looked at, or there is no source to lose it.
pub fn risk_of(seen: &Seen) -> Option<DataAtRisk> {
    seen.target.source.as_ref()?;
    let evidence = seen.evidence.as_ref()?;
    Some(data_at_risk::data_at_risk(&evidence.lag))
}

/// Every gate of the promotion. Without evidence (nobody looked) the amount at risk is unknown.
pub fn gates(seen: &Seen, request: &Request) -> Vec<GateResult> {
    let Some(source) = &seen.target.source else {
        return Vec::new();
    };
    let judged = consents(seen, request);
    let evidence = match &seen.evidence {
        Some(evidence) => evidence.clone(),
        None => observe::not_measured(seen),
    };
    let named = terms::named_source(request, &seen.target.arn);
    let mut gates = vec![
        right_source::right_source(
            named.as_deref(),
            observe::source_text(source),
            &seen.target.arn,
        ),
        data_at_risk::gate(
            &data_at_risk::data_at_risk(&evidence.lag),
            &evidence.lag.source,
            request.bound(),
            &judged,
        ),
    ];
    if request.plan.is_some() {
        gates.extend(terms::gates(&seen.target, evidence.plan.as_ref(), &judged));
    }
    gates
}

/// What somebody should know although it opens and closes nothing: inert consents, a second writer, a contradiction.
pub fn warnings(seen: &Seen, request: &Request) -> Vec<String> {
    let judged = consents(seen, request);
    let mut warnings = judged.warnings.clone();
    let accepting = seen
        .evidence
        .as_ref()
        .is_some_and(|evidence| matches!(evidence.lag.source, SourceLife::Accepting { .. }));
    if accepting && !judged.unfenced() && request.plan.is_none() {
        warnings.push(format!(
            "the source {} still accepts writes and this step does not fence it: after the promotion there are two \
             writers. Stop writing to the source first",
            seen.source_arn().unwrap_or_default()
        ));
    }
    if accepting && let Some(lost_at) = request.lost_at {
        warnings.push(format!(
            "lost_at {lost_at} is not used: the source was seen accepting writes at {}. Declare its region lost if \
             that answer is wrong",
            seen.at
        ));
    }
    warnings
}

#[async_trait]
impl Step for PromoteReplica {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        format!(
            "{} in {} is a standalone writer with the settings asked for",
            self.request.instance, self.request.region
        )
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        observe::look(self.aws.as_ref(), self.clock.as_ref(), &self.request, look).await
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        decide(seen, &self.request, memory)
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        gates(seen, &self.request)
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        let rds = self.aws.rds(&self.request.region)?;
        match act {
            Act::Promote => {
                let settings = &self.request.settings;
                let mut call = PromoteReadReplica::new(self.request.instance.clone());
                call.backup_retention_days = settings.backup_retention_days;
                call.backup_window.clone_from(&settings.backup_window);
                rds.promote_read_replica(&call).await?;
            }
            Act::Modify(settings) => {
                rds.modify(&settings.modification(self.request.instance.clone()))
                    .await?;
            }
            Act::Mark { arn, epoch } => {
                rds.add_tags(arn, &[(EPOCH_TAG.to_owned(), epoch.to_string())])
                    .await?;
            }
        }
        Ok(())
    }

    fn risk(&self, act: &Act) -> Risk {
        act.risk()
    }

    fn describe_act(&self, act: &Act) -> String {
        act.describe(&self.request)
    }

    fn describe(&self, seen: &Seen) -> String {
        seen.to_string()
    }

    fn explain(&self, error: &Error) -> Message {
        explain(error, &self.request)
    }
}

impl Act {
    /// Promoting cannot be undone; settings can.
    pub fn risk(&self) -> Risk {
        match self {
            Act::Promote => Risk::OneWay,
            Act::Modify(_) | Act::Mark { .. } => Risk::Reversible,
        }
    }

    /// The AWS operation.
    pub fn operation(&self) -> &'static str {
        match self {
            Act::Promote => "PromoteReadReplica",
            Act::Modify(_) => "ModifyDBInstance",
            Act::Mark { .. } => "AddTagsToResource",
        }
    }

    /// The operation with what it is called on.
    pub fn describe(&self, request: &Request) -> String {
        let settings = match self {
            Act::Promote => request.settings.taken_by_promotion(),
            Act::Modify(settings) => settings.clone(),
            Act::Mark { arn, epoch } => {
                return format!("AddTagsToResource {arn} ({EPOCH_TAG} = {epoch})");
            }
        };
        let (operation, place) = (
            self.operation(),
            format!("{} in {}", request.instance, request.region),
        );
        if settings == Settings::default() {
            format!("{operation} {place}")
        } else {
            format!("{operation} {place} ({settings})")
        }
    }
}

/// What to tell about an AWS error that ends the step, or a look at its instance.
pub fn explain(error: &Error, request: &Request) -> Message {
    let (instance, region) = (&request.instance, &request.region);
    let (expected, next) = match error.kind {
        _ if request.lost_regions.contains(region) => (
            format!("a replica in a region that is not lost; {region} is declared lost"),
            "promote a replica in another region, or withdraw the declaration".to_owned(),
        ),
        ErrorKind::NotFound => (
            format!("an RDS instance {instance} in {region}"),
            format!("check identifier, region and account: aws rds describe-db-instances --region {region}"),
        ),
        ErrorKind::AccessDenied => (
            format!("a caller that may {} {instance} in {region}", error.operation),
            format!(
                "allow {} to the caller, or use other credentials; a promotion needs rds:DescribeDBInstances, \
                 rds:PromoteReadReplica, rds:ModifyDBInstance and cloudwatch:GetMetricStatistics in {region}",
                error.missing_permission().unwrap_or("what is denied")
            ),
        ),
        ErrorKind::Credentials => (
            "usable AWS credentials".to_owned(),
            "renew the credentials (an expired session token is the usual reason) and run it again".to_owned(),
        ),
        ErrorKind::Unreachable => (
            format!("an answer from RDS in {region}"),
            format!("check network and endpoint of {region}; if the region is lost, promote a replica in another one"),
        ),
        _ => (
            format!("{} on {instance} in {region} to be accepted", error.operation),
            "settle what AWS names, then run it again: it looks first and goes on from what it sees".to_owned(),
        ),
    };
    Message::new(error.to_string(), expected, next)
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.target.identifier, self.target.status)?;
        match self.source_arn() {
            Some(source) => write!(f, ", a replica of {source}")?,
            None => write!(f, ", a standalone writer")?,
        }
        if let Some(replication) = &self.target.replication {
            write!(f, ", read replication {replication}")?;
        }
        Ok(())
    }
}
