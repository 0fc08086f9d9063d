//! The schema, and the checks that need more than one value.

use std::collections::BTreeMap;

use terraform_framework::validate::{one_of, timestamp};
use terraform_framework::{Blocks, Diagnostics, Model, Value};

use crate::execution::consents::{self, ConsentBlock};
use crate::provider_block::region;

/// Holds which region of a failover plan is active: an edit of `active_region` fails the whole estate over.
///
/// Every one-way act passes its gates immediately before it. A change that was made outside Terraform, for example with
/// `drctl`, is recorded and never reverted. Destroying the resource forgets it; nothing in AWS is touched.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Failover {
    /// The failover plan: `dr_failover_plan.NAME.document`, or the text of a plan file of `drctl`. It has to be
    /// published before a role changes.
    #[attr(required, name = "failover_plan")]
    pub(crate) plan: Value<String>,
    /// Digest of the failover plan that was reviewed: `dr_failover_plan.NAME.digest`, or a digest written out. Only the
    /// plan of this digest is previewed and run.
    #[attr(required)]
    pub(crate) plan_digest: Value<String>,
    /// Documents of the plans that steps of the kind `failover_plan` run: `dr_failover_plan.NAME.document` of each. Default:
    /// as they were published beside the plan.
    #[attr(optional)]
    pub(crate) child_plans: Value<Vec<Value<String>>>,
    /// The region that should be active. Changing it executes the plan.
    #[attr(required, validate = region())]
    pub(crate) active_region: Value<String>,
    /// `switchover`: nothing is lost, and both regions have to answer. `failover`: bounded data loss is accepted, for
    /// when a region is lost. Default: `switchover`.
    #[attr(default = "switchover", validate = one_of(["failover", "switchover"]))]
    pub(crate) mode: Value<String>,
    /// The region that you know to be the active one. Needed to change it where nothing records what was applied last:
    /// for a new, imported, tainted or replaced resource, or after its state was lost.
    #[attr(optional, validate = region())]
    pub(crate) from: Value<String>,
    /// When the region was lost, in RFC 3339. Replication lag after that moment is not data loss.
    #[attr(optional, validate = timestamp())]
    pub(crate) lost_at: Value<String>,
    /// When the disaster was declared, in RFC 3339: `measured_rto_seconds` counts from here. Default: when the execution
    /// begins.
    #[attr(optional, validate = timestamp())]
    pub(crate) declared_at: Value<String>,
    /// The region that this resource applied last.
    #[attr(computed)]
    pub(crate) last_applied: Value<String>,
    /// The region that was last seen active, by the plan's authority.
    #[attr(computed)]
    pub(crate) observed: Value<String>,
    /// The newest failover or switchover of the plan, by anybody; null where there was none.
    #[attr(computed)]
    pub(crate) execution_id: Value<String>,
    /// `adopted` where the region was found active, `done` or `done_unfenced` after an execution by this resource, else
    /// how the newest execution stands: `running`, `refused`, `failed`, `interrupted`, `aborted`.
    #[attr(computed)]
    pub(crate) execution_status: Value<String>,
    /// Steps whose resource does not serve where the authority says, or serves elsewhere too.
    #[attr(computed)]
    pub(crate) divergent_steps: Value<Vec<Value<String>>>,
    /// How many role changes were completed; null before the first one.
    #[attr(computed)]
    pub(crate) epoch: Value<i64>,
    /// By tier, the seconds from the declaration to the tier's last verified step, of the execution when it is finished.
    #[attr(computed)]
    pub(crate) measured_rto_seconds: Value<BTreeMap<String, Value<i64>>>,
    /// By tier, the largest upper bound of lost data in seconds that a gate measured, of the execution when it is
    /// finished; null where none was measured.
    #[attr(computed)]
    pub(crate) measured_rpo_seconds: Value<BTreeMap<String, Value<i64>>>,
    /// The evidence of the finished execution as JSON: who, gates with numbers, consents, times, what stays open. `drctl
    /// report` makes a page of it.
    #[attr(computed)]
    pub(crate) evidence: Value<String>,
    /// A named risk that somebody accepts. It counts for one plan, one epoch and the steps that it names, and ends within
    /// 24 hours; one that does not fit is inert and warned about. A refused gate shows the block to write.
    #[block]
    pub(crate) consent: Blocks<ConsentBlock>,
}

/// Checks what one attribute alone cannot say. What is unknown never complains.
pub(super) fn validate(config: &Failover, diags: &mut Diagnostics) {
    consents::validate(&config.consent.items, diags);
}
