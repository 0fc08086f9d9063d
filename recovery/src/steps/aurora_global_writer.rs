//! Makes the cluster of a region the writer of an Aurora global cluster.
//!
//! A switchover is `SwitchoverGlobalCluster`, asked in the region of the writer, and loses nothing; a failover is
//! `FailoverGlobalCluster` with `AllowDataLoss`, asked in the target's region (Amazon Aurora User Guide, "Using
//! switchover or failover in Amazon Aurora Global Database"). Neither carries a client token, so neither is repeated
//! once it was accepted. Done is an available global cluster whose writer is the target, with nothing under way. AWS
//! fences the old writer at best effort, which is no proof. What the old writer had and the new one has not is kept by
//! AWS as a snapshot that the old cluster's retention deletes: it is copied.

mod decide;
mod kind;
mod observe;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::{Aws, Error, Region};

pub use self::decide::decide;
pub use self::kind::AuroraGlobalWriterKind;
pub use self::observe::{LostWrites, Seen, region_of};

use super::databases::told;
use crate::consent::Consent;
use crate::gate::GateResult;
use crate::kind::Case;
use crate::message::Message;
use crate::mode::Mode;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// What the step can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `SwitchoverGlobalCluster` in the region of the writer, to the target's ARN.
    Switchover(Region, String),
    /// `FailoverGlobalCluster` with `AllowDataLoss` in the target's region, to its ARN.
    Failover(Region, String),
    /// `CopyDBClusterSnapshot` of lost writes, in their region.
    Copy(Region, String),
}

/// The global cluster and what is to become its writer.
#[derive(Clone, Debug)]
pub struct Request {
    /// The global cluster.
    pub global: String,
    /// The cluster of each region, by identifier or ARN.
    pub clusters: Vec<(Region, String)>,
    /// What somebody accepted outside of a failover plan, for one writer and one target.
    pub consents: Vec<Consent>,
    /// The execution.
    pub case: Case,
}

impl Request {
    /// The cluster of a region.
    pub fn cluster(&self, region: &Region) -> Option<&str> {
        let named = self.clusters.iter().find(|(there, _)| there == region);
        named.map(|(_, cluster)| cluster.as_str())
    }
}

/// The step itself.
pub struct AuroraGlobalWriter {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    request: Request,
}

impl AuroraGlobalWriter {
    /// The step for one global cluster.
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

#[async_trait]
impl Step for AuroraGlobalWriter {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        format!(
            "the cluster of {} is the writer of {}",
            self.request.case.target, self.request.global
        )
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        observe::look(self.aws.as_ref(), self.clock.as_ref(), &self.request, look).await
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        decide(seen, &self.request, memory)
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        decide::gates(seen, &self.request)
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        let global = &self.request.global;
        match act {
            Act::Switchover(region, target) => {
                self.aws
                    .global_clusters(region)?
                    .switchover(global, target)
                    .await
            }
            Act::Failover(region, target) => {
                self.aws
                    .global_clusters(region)?
                    .failover(global, target)
                    .await
            }
            Act::Copy(region, snapshot) => {
                let copy = observe::copy_of(snapshot);
                self.aws
                    .global_clusters(region)?
                    .copy_snapshot(snapshot, &copy)
                    .await
            }
        }
    }

    fn risk(&self, act: &Act) -> Risk {
        match act {
            Act::Switchover(..) | Act::Failover(..) => Risk::OneWay,
            Act::Copy(..) => Risk::Harmless,
        }
    }

    fn describe_act(&self, act: &Act) -> String {
        let global = &self.request.global;
        match act {
            Act::Switchover(region, target) => {
                format!("SwitchoverGlobalCluster {global} to {target}, in {region}")
            }
            Act::Failover(region, target) => {
                format!("FailoverGlobalCluster {global} to {target} (AllowDataLoss), in {region}")
            }
            Act::Copy(region, snapshot) => format!(
                "CopyDBClusterSnapshot {snapshot} to {}, in {region}",
                observe::copy_of(snapshot)
            ),
        }
    }

    fn warnings(&self, seen: &Seen) -> Vec<String> {
        let mut warnings = decide::consents(seen, &self.request).warnings;
        let lossy = self.request.case.mode == Mode::Failover;
        if lossy && seen.lost_writes.is_empty() && seen.is_writer() {
            warnings.push(
                "no snapshot of lost writes was seen yet: AWS makes one when the old region is back, and the old \
                 cluster's retention deletes it. Reprotect copies it"
                    .to_owned(),
            );
        }
        warnings.extend(
            seen.not_looked_at
                .iter()
                .map(|why| format!("snapshots of lost writes were not looked for: {why}")),
        );
        warnings
    }

    fn describe(&self, seen: &Seen) -> String {
        seen.to_string()
    }

    fn explain(&self, error: &Error) -> Message {
        told(error, "a global cluster with a member in the target region")
    }
}
