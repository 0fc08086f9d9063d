//! The schema.

use std::collections::BTreeMap;

use terraform_framework::validate::{Validator, duration, one_of, text, timestamp};
use terraform_framework::{Blocks, Model, Value};

use crate::provider_block::region;
use crate::roles::consents::ConsentBlock;
use crate::roles::timeouts::Timeouts;

/// Holds which region's cluster is the writer of an Aurora global cluster.
///
/// A switchover loses nothing and needs both regions; a failover goes without the region that is lost, under gates: the
/// data at risk is known and within `max_data_loss`, and the old writer is fenced or a consent accepts that it is not.
/// A writer that was moved outside Terraform is recorded and never moved back. Destroying the resource forgets it;
/// nothing in AWS is touched.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct GlobalClusterWriter {
    /// Identifier of the global cluster. Changing it makes this another resource.
    #[attr(required, replace, validate = cluster_id())]
    pub(crate) global_cluster_identifier: Value<String>,
    /// Region whose cluster should be the writer. Changing it moves the writer.
    #[attr(required, validate = region())]
    pub(crate) writer_region: Value<String>,
    /// How the writer moves: `switchover` loses nothing and needs both regions, `failover` goes without the old one and
    /// may lose data. Changing it alone does nothing. Default: `switchover`.
    #[attr(default = "switchover", validate = one_of(["switchover", "failover"]))]
    pub(crate) mode: Value<String>,
    /// The region that you know to be the writer's now. Needed to move the writer where nothing records what was
    /// applied last: for a new, imported, tainted or replaced resource, or after its state was lost.
    #[attr(optional, validate = region())]
    pub(crate) from: Value<String>,
    /// How much data a failover may lose, as time, such as `5m`. The bound on the data at risk, which is the measured lag
    /// plus the age of that measurement; `CloudWatch` publishes it once a minute. Default: `5m`.
    #[attr(default = "5m", validate = duration())]
    pub(crate) max_data_loss: Value<String>,
    /// When the writer's region was lost, in RFC 3339. Replication lag after that moment is not data loss. Default: not
    /// known, so that the data at risk is not known either once the region is declared lost.
    #[attr(optional, validate = timestamp())]
    pub(crate) lost_at: Value<String>,
    /// The region that this resource applied last.
    #[attr(computed)]
    pub(crate) last_applied: Value<String>,
    /// The writer's region as it was last seen in AWS.
    #[attr(computed)]
    pub(crate) observed: Value<String>,
    /// `adopted` where the writer was found as configured, `done` after a move by this resource.
    #[attr(computed)]
    pub(crate) execution_status: Value<String>,
    /// ARN of the member cluster of each region.
    #[attr(computed)]
    pub(crate) member_arns: Value<BTreeMap<String, Value<String>>>,
    /// A named risk that somebody accepts. It counts for one writer (`source`, the ARN of its cluster) and one cluster
    /// that takes over (`target`, its identifier), and ends within 24 hours; one that does not fit is inert and warned
    /// about.
    #[block]
    pub(crate) consent: Blocks<ConsentBlock>,
    /// How long the operations may take.
    #[block]
    pub(crate) timeouts: Option<Timeouts>,
}

/// What names the resource for good.
#[derive(Model, Clone, Debug)]
pub(crate) struct Identity {
    /// Identifier of the global cluster.
    #[attr(required)]
    pub(crate) global_cluster_identifier: Value<String>,
}

/// The check of an identifier (Amazon RDS API Reference, `CreateGlobalCluster`: as that of a cluster).
fn cluster_id() -> impl Validator {
    text("global cluster identifier", |seen| {
        let whole = seen.starts_with(|c: char| c.is_ascii_alphabetic())
            && seen.len() <= 63
            && !seen.ends_with('-')
            && !seen.contains("--")
            && seen.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if whole {
            Ok(())
        } else {
            Err(format!(
                "{seen:?} is not an identifier; expected up to 63 letters, digits and single hyphens, a letter first, such as orders-global"
            ))
        }
    })
}
