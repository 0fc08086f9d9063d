//! Verifies that what was written to a bucket has reached the other region, or how much has not; changes nothing.
//!
//! A bucket's backlog is judged like a database's lag: a minute in which no operation was pending proves that everything
//! before it has arrived, and `ReplicationLatency` dates the rest. Both are published in the region of the destination
//! (Amazon S3 User Guide, "Using S3 Replication metrics"), so they can be read when the source is lost. What failed to
//! replicate is in no backlog: it is counted apart and told.

mod kind;
mod observe;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::{Aws, Error, Region};

pub use self::kind::S3ReplicationKind;
pub use self::observe::{FlowSeen, Seen};

use super::again::accepted;
use super::databases::told;
use crate::consent::{Judged, judge_plan};
use crate::gate::data_at_risk::{self, data_at_risk};
use crate::gate::{GateResult, Verdict};
use crate::kind::Case;
use crate::message::Message;
use crate::mode::Mode;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// How long a metric that says nothing is waited for where nobody is in a hurry.
const PATIENCE: Duration = Duration::from_mins(15);

/// One direction of replication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Region and bucket that are written to.
    pub source: (Region, String),
    /// Region and bucket that follow.
    pub destination: (Region, String),
    /// Id of the replication rule of the source's bucket.
    pub rule: String,
}

/// No call: going on although something may be missing, which the gate or a consent allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoOn;

/// The step itself.
pub struct S3Replication {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    flows: Vec<Flow>,
    case: Case,
}

impl S3Replication {
    fn consents(&self, seen: &Seen) -> Judged {
        let target = self.case.target.as_str();
        judge_plan(
            &self.case.consents,
            seen.at,
            &self.case.step,
            target,
            self.case.epoch,
        )
    }

    fn bound(&self) -> Duration {
        match self.case.objective {
            Some(objective) if self.case.mode != Mode::Switchover => objective.rpo,
            _ => Duration::ZERO,
        }
    }

    /// Outside of a failover the backlog is waited for until it is empty.
    fn drained(seen: &Seen, memory: &Memory<GoOn>) -> Decision<GoOn> {
        let open: Vec<&FlowSeen> = seen
            .flows
            .iter()
            .filter(|flow| !flow.is_drained())
            .collect();
        if open.is_empty() {
            return Decision::Done;
        }
        let silent = open.iter().any(|flow| flow.pending.is_none());
        if silent && memory.elapsed > PATIENCE {
            return Decision::Act(GoOn);
        }
        let open: Vec<String> = open.iter().map(ToString::to_string).collect();
        Decision::Wait(format!(
            "waiting until nothing is pending for two minutes: {}",
            open.join("; ")
        ))
    }
}

#[async_trait]
impl Step for S3Replication {
    type Seen = Seen;
    type Act = GoOn;

    fn title(&self) -> String {
        let flows = self.flows.iter().map(|flow| {
            let ((_, source), (region, bucket)) = (&flow.source, &flow.destination);
            format!("{bucket} in {region} has what {source} has")
        });
        flows.collect::<Vec<_>>().join(", ")
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        observe::look(
            self.aws.as_ref(),
            self.clock.as_ref(),
            &self.flows,
            &self.case,
            look,
        )
        .await
    }

    fn decide(&self, seen: &Seen, memory: &Memory<GoOn>) -> Decision<GoOn> {
        if accepted(memory, |_| true).is_some() {
            return Decision::Done;
        }
        if self.case.mode != Mode::Failover {
            return Self::drained(seen, memory);
        }
        let passed = |gate: &GateResult| gate.verdict == Verdict::Passed;
        if self.gates(seen).iter().all(passed) {
            return Decision::Done;
        }
        Decision::Act(GoOn)
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        let judged = self.consents(seen);
        let flows = seen.flows.iter();
        flows
            .map(|flow| {
                let risk = data_at_risk(&flow.lag);
                data_at_risk::gate(&risk, &flow.lag.source, self.bound(), &judged)
            })
            .collect()
    }

    async fn perform(&self, _: &GoOn) -> Result<(), Error> {
        Ok(())
    }

    fn risk(&self, _: &GoOn) -> Risk {
        // What is begun after it cannot be undone, so the gate stands here.
        Risk::OneWay
    }

    fn describe_act(&self, _: &GoOn) -> String {
        "go on with what has not arrived (no call)".to_owned()
    }

    fn warnings(&self, seen: &Seen) -> Vec<String> {
        let mut warnings = self.consents(seen).warnings;
        for flow in &seen.flows {
            let bucket = &flow.flow.source.1;
            match &flow.failed {
                Ok(count) if *count > 0.0 => warnings.push(format!(
                    "{count} operations of {bucket} failed to replicate in the last day and are in no backlog: find \
                     them with s3:HeadObject (status FAILED) or an inventory, and copy them"
                )),
                Ok(_) => {}
                Err(why) => warnings.push(format!(
                    "how many operations of {bucket} failed to replicate is not known: {why}"
                )),
            }
        }
        warnings
    }

    fn describe(&self, seen: &Seen) -> String {
        let flows: Vec<String> = seen.flows.iter().map(ToString::to_string).collect();
        flows.join("; ")
    }

    fn explain(&self, error: &Error) -> Message {
        told(
            error,
            "the metrics of S3 Replication in the region of the destination",
        )
    }
}
