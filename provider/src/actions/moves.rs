//! `dr_failover` and `dr_switchover`: make another region active, on somebody's word.

use aws::Region;
use recovery::mode::Mode;
use terraform_framework::action::{Action, Progress};
use terraform_framework::validate::timestamp;
use terraform_framework::{About, Blocks, Cx, Diagnostics, Model, Value, async_trait};

use crate::client::Client;
use crate::execution::act::{Ask, act};
use crate::execution::children;
use crate::execution::consents::{self, ConsentBlock};
use crate::execution::given::{Given, given, is_region};
use crate::execution::run::Accepts;
use crate::execution::standing::Moments;
use crate::provider_block::region;

const GUIDE: &str = "Safe to invoke twice: a region that is active already is not made active again, and an execution that was begun is gone on with. Every line of progress comes as it happens. A refused gate ends the action with an error that shows how the risk is accepted: the `consent` block to write into `dr_failover`, or the line of `drctl` that goes on with a `dr_switchover`, which takes none. Needs Terraform 1.14.";

/// The action `dr_failover`.
#[derive(Debug)]
pub(crate) struct FailoverAction;

/// The action `dr_switchover`.
#[derive(Debug)]
pub(crate) struct SwitchoverAction;

/// Makes another region of a failover plan active and accepts bounded data loss: for when a region is lost.
///
/// Every one-way act passes its gates immediately before it. Regions that are declared lost (`lost_regions` of the
/// provider, or `DR_LOST_REGIONS`) are not called.
#[derive(Model, Clone, Debug)]
pub(crate) struct FailoverMove {
    /// The failover plan: `dr_failover_plan.NAME.document`, or the text of a plan file of `drctl`.
    #[attr(required)]
    pub(crate) failover_plan: Value<String>,
    /// Digest of the failover plan that was reviewed.
    #[attr(required)]
    pub(crate) plan_digest: Value<String>,
    /// Documents of the plans that steps of the kind `failover_plan` run: `dr_failover_plan.NAME.document` of each. Default:
    /// as they were published beside the plan.
    #[attr(optional)]
    pub(crate) child_plans: Value<Vec<Value<String>>>,
    /// The region that becomes active.
    #[attr(required, validate = region())]
    pub(crate) target_region: Value<String>,
    /// When the region was lost, in RFC 3339. Replication lag after that moment is not data loss.
    #[attr(optional, validate = timestamp())]
    pub(crate) lost_at: Value<String>,
    /// When the disaster was declared, in RFC 3339; the measured RTO counts from here. Default: now.
    #[attr(optional, validate = timestamp())]
    pub(crate) declared_at: Value<String>,
    /// A named risk that somebody accepts, for one plan, one epoch and the steps that it names.
    #[block]
    pub(crate) consent: Blocks<ConsentBlock>,
}

/// Makes another region of a failover plan active without losing anything: both regions have to answer.
///
/// Writers are quiesced first, and a replica is promoted only with a lag of 0 measured after that.
#[derive(Model, Clone, Debug)]
pub(crate) struct SwitchoverMove {
    /// The failover plan: `dr_failover_plan.NAME.document`, or the text of a plan file of `drctl`.
    #[attr(required)]
    pub(crate) failover_plan: Value<String>,
    /// Digest of the failover plan that was reviewed.
    #[attr(required)]
    pub(crate) plan_digest: Value<String>,
    /// Documents of the plans that steps of the kind `failover_plan` run: `dr_failover_plan.NAME.document` of each. Default:
    /// as they were published beside the plan.
    #[attr(optional)]
    pub(crate) child_plans: Value<Vec<Value<String>>>,
    /// The region that becomes active.
    #[attr(required, validate = region())]
    pub(crate) target_region: Value<String>,
}

#[async_trait]
impl Action for FailoverAction {
    type Client = Client;
    type Model = FailoverMove;

    fn name(&self) -> &'static str {
        "dr_failover"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: GUIDE,
        }
    }

    async fn validate(&self, config: &FailoverMove, diags: &mut Diagnostics) {
        consents::validate(&config.consent.items, diags);
    }

    async fn invoke(
        &self,
        cx: &Cx<Client>,
        config: FailoverMove,
        progress: &Progress,
        diags: &mut Diagnostics,
    ) {
        let consents = config.consent.items;
        let moves = Moves {
            plan: &config.failover_plan,
            digest: &config.plan_digest,
            target: &config.target_region,
            mode: Mode::Failover,
            child_plans: &config.child_plans,
            moments: Moments {
                lost_at: &config.lost_at,
                declared_at: &config.declared_at,
            },
            consents: &consents,
            accepts: Accepts::Action,
        };
        moves.invoke(cx, progress, diags).await;
    }
}

#[async_trait]
impl Action for SwitchoverAction {
    type Client = Client;
    type Model = SwitchoverMove;

    fn name(&self) -> &'static str {
        "dr_switchover"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: GUIDE,
        }
    }

    async fn invoke(
        &self,
        cx: &Cx<Client>,
        config: SwitchoverMove,
        progress: &Progress,
        diags: &mut Diagnostics,
    ) {
        let moves = Moves {
            plan: &config.failover_plan,
            digest: &config.plan_digest,
            target: &config.target_region,
            mode: Mode::Switchover,
            child_plans: &config.child_plans,
            moments: Moments {
                lost_at: &Value::Null,
                declared_at: &Value::Null,
            },
            consents: &[],
            accepts: Accepts::Drctl,
        };
        moves.invoke(cx, progress, diags).await;
    }
}

/// What both have in common.
struct Moves<'a> {
    plan: &'a Value<String>,
    digest: &'a Value<String>,
    target: &'a Value<String>,
    mode: Mode,
    child_plans: &'a children::Given,
    moments: Moments<'a>,
    consents: &'a [ConsentBlock],
    accepts: Accepts,
}

impl Moves<'_> {
    async fn invoke(&self, cx: &Cx<Client>, progress: &Progress, diags: &mut Diagnostics) {
        let document = match given(self.plan, self.digest, diags) {
            Given::Plan(document) => *document,
            Given::Bad => return,
            Given::NotYet => {
                return diags.error(
                    "The failover plan is not known",
                    "An action needs `failover_plan` and `plan_digest` when it is invoked.",
                );
            }
        };
        if !is_region(&document, "target_region", self.target, diags) {
            return;
        }
        let target = self.target.text().and_then(|text| Region::new(text).ok());
        let ask = Ask {
            document,
            mode: self.mode,
            target,
            child_plans: self.child_plans,
            moments: self.moments,
            consents: self.consents,
            accepts: self.accepts,
        };
        let tell = |line: &str| progress.say(line);
        act(cx.client(), cx.cancel(), ask, &tell, diags).await;
    }
}
