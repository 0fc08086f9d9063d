//! Makes the replication group of a region the primary of an ElastiCache global datastore.
//!
//! The act is `FailoverGlobalReplicationGroup`, which carries no client token and knows no mode without loss (Amazon
//! ElastiCache API Reference). It is called in the target's region.

mod kind;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::cloudwatch::LagPoint;
use aws::elasticache::{DatastoreMember, GlobalDatastore};
use aws::metrics::Statistic;
use aws::{Aws, Error};
use jiff::Timestamp;

pub use self::kind::ElasticacheGlobalPrimaryKind;

use super::again::{self, Twice};
use super::databases::{metric, minutes, told};
use crate::consent::{Judged, judge_plan};
use crate::gate::data_at_risk::{self, LagEvidence, SourceLife, data_at_risk};
use crate::gate::fenced::{OldWriter, fenced};
use crate::gate::{Gate, GateResult, Verdict};
use crate::kind::Case;
use crate::message::Message;
use crate::mode::Mode;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// Seconds that a secondary region's primary node is behind (Amazon ElastiCache User Guide, "Metrics for Redis OSS").
const LAG: &str = "GlobalDatastoreReplicationLag";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The global datastore.
    pub datastore: String,
    /// The target's replication group.
    pub group: String,
    /// The cache cluster that carries the lag, in the target's region.
    pub lag_cluster: Option<String>,
    /// Whether what it holds can be made anew, so that neither its loss nor a second writer is judged.
    pub disposable: bool,
    /// The execution.
    pub case: Case,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    at: Timestamp,
    datastore: GlobalDatastore,
    lag: Option<LagEvidence>,
}

/// `FailoverGlobalReplicationGroup`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act;

/// The step itself.
pub struct ElasticacheGlobalPrimary {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    request: Request,
}

impl Seen {
    fn primary(&self) -> Option<&DatastoreMember> {
        self.datastore.members.iter().find(|member| member.primary)
    }

    fn target(&self, request: &Request) -> Option<&DatastoreMember> {
        let mut members = self.datastore.members.iter();
        members.find(|it| it.region == request.case.target && it.group == request.group)
    }

    fn consents(&self, case: &Case) -> Judged {
        let target = case.target.as_str();
        judge_plan(&case.consents, self.at, &case.step, target, case.epoch)
    }
}

impl ElasticacheGlobalPrimary {
    /// The lag; the datastore answers for its primary, so a region that is not declared lost counts as writing.
    async fn lag(&self, datastore: &GlobalDatastore, strict: bool) -> Result<LagEvidence, Error> {
        let case = &self.request.case;
        let primary = datastore.members.iter().find(|member| member.primary);
        let now = self.clock.now();
        let source = match primary {
            None => SourceLife::Unknown("the datastore shows no primary".to_owned()),
            Some(primary) if !case.answers(&primary.region) => SourceLife::Dead {
                lost_at: case.lost_at.or(case.last_seen),
            },
            Some(_) => SourceLife::Accepting { at: now },
        };
        let until = match &source {
            SourceLife::Dead {
                lost_at: Some(lost_at),
            } => (*lost_at).min(now),
            _ => now,
        };
        let points = match &self.request.lag_cluster {
            None => Err("no cache cluster is named under lag_clusters".to_owned()),
            Some(cluster) => {
                let metric = metric("AWS/ElastiCache", LAG, &[("CacheClusterId", cluster)]);
                let aws = self.aws.as_ref();
                match minutes(aws, &case.target, &metric, Statistic::Maximum, until).await {
                    Ok(points) => Ok(points
                        .iter()
                        .map(|point| LagPoint {
                            at: point.at,
                            seconds: point.value,
                        })
                        .collect()),
                    Err(error) if strict && error.is_transient() => return Err(error),
                    Err(error) => Err(error.to_string()),
                }
            }
        };
        let target = datastore
            .members
            .iter()
            .find(|it| it.group == self.request.group);
        let status = target.map(|member| member.status.clone());
        Ok(LagEvidence {
            now: self.clock.now(),
            source,
            points,
            replicating: status.as_deref() == Some("associated"),
            replication: status,
            postgres: false,
            metric: LAG,
        })
    }
}

fn right_primary(seen: &Seen, case: &Case) -> GateResult {
    let primary = seen.primary();
    let fits = match (&case.from, primary) {
        (Some(from), Some(primary)) => primary.region == *from,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    let text = primary.map_or("no primary".to_owned(), |it| {
        format!("{} in {}", it.group, it.region)
    });
    let (verdict, next) = if fits {
        (Verdict::Passed, "")
    } else {
        let next = "see which region is active; somebody moved the primary since the execution was declared";
        (Verdict::Refused { may_change: false }, next)
    };
    let from = case
        .from
        .as_ref()
        .map_or("any region", |from| from.as_str());
    GateResult {
        gate: Gate::RightSource,
        verdict,
        message: Message::new(
            format!("the primary is {text}"),
            format!("a primary in {from}"),
            next,
        ),
        at_risk: None,
    }
}

#[async_trait]
impl Step for ElasticacheGlobalPrimary {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        let (group, target) = (&self.request.group, &self.request.case.target);
        format!(
            "{group} in {target} is the primary of {}",
            self.request.datastore
        )
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        let target = &self.request.case.target;
        let datastores = self.aws.global_datastores(target)?;
        let mut datastore = datastores.describe(&self.request.datastore).await?;
        let mut lag = None;
        if look != Look::Target && !self.request.disposable {
            lag = Some(self.lag(&datastore, look == Look::Everything).await?);
            datastore = datastores.describe(&self.request.datastore).await?;
        }
        Ok(Seen {
            at: self.clock.now(),
            datastore,
            lag,
        })
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        let datastore = &seen.datastore;
        let Some(target) = seen.target(&self.request) else {
            return Decision::Fail(Message::new(
                format!("{} is no member of {}", self.request.group, datastore.id),
                "a secondary replication group of the datastore",
                "name the right group under groups",
            ));
        };
        if datastore.status != "available" && datastore.status != "primary-only" {
            return Decision::Wait(format!("{} is {}", datastore.id, datastore.status));
        }
        if target.primary {
            return Decision::Done;
        }
        let words = "FailoverGlobalReplicationGroup";
        again::send(memory, Act, |_| true, words, Twice::Never)
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        let case = &self.request.case;
        let mut gates = vec![right_primary(seen, case)];
        if self.request.disposable {
            return gates;
        }
        let judged = seen.consents(case);
        let bound = match case.objective {
            Some(objective) if case.mode != Mode::Switchover => objective.rpo,
            _ => Duration::ZERO,
        };
        let nobody_looked = LagEvidence {
            now: seen.at,
            source: SourceLife::Unknown("it was not measured".to_owned()),
            points: Err("it was not measured".to_owned()),
            replication: None,
            replicating: false,
            postgres: false,
            metric: LAG,
        };
        let lag = seen.lag.as_ref().unwrap_or(&nobody_looked);
        gates.push(data_at_risk::gate(
            &data_at_risk(lag),
            &lag.source,
            bound,
            &judged,
        ));
        if case.mode != Mode::Switchover {
            let old = match seen.primary() {
                Some(primary) if case.answers(&primary.region) => OldWriter::Open(format!(
                    "{} in {} is {}",
                    primary.group, primary.region, primary.status
                )),
                Some(primary) => OldWriter::Unseen(format!("{} is declared lost", primary.region)),
                None => OldWriter::Unseen("no primary is shown".to_owned()),
            };
            gates.push(fenced(&old, &judged));
        }
        gates
    }

    async fn perform(&self, _: &Act) -> Result<(), Error> {
        let (request, target) = (&self.request, &self.request.case.target);
        let datastores = self.aws.global_datastores(target)?;
        datastores
            .failover(&request.datastore, target, &request.group)
            .await
    }

    fn risk(&self, _: &Act) -> Risk {
        Risk::OneWay
    }

    fn describe_act(&self, _: &Act) -> String {
        let (group, target) = (&self.request.group, &self.request.case.target);
        format!(
            "FailoverGlobalReplicationGroup {} to {group} in {target}",
            self.request.datastore
        )
    }

    fn warnings(&self, seen: &Seen) -> Vec<String> {
        let mut warnings = seen.consents(&self.request.case).warnings;
        if self.request.disposable {
            warnings.push(
                "what the cache holds is declared disposable: its loss was not judged".to_owned(),
            );
        }
        warnings
    }

    fn describe(&self, seen: &Seen) -> String {
        let primary = seen.primary();
        let primary = primary.map_or("none".to_owned(), |it| {
            format!("{} in {}", it.group, it.region)
        });
        format!(
            "{} is {}, its primary {primary}",
            seen.datastore.id, seen.datastore.status
        )
    }

    fn explain(&self, error: &Error) -> Message {
        told(
            error,
            "a global datastore with a member in the target region",
        )
    }
}
