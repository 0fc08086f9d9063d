//! `dr_reprotect`: after a failover, when the lost region is back: replication rebuilt, so that a switchover home
//! becomes possible.

use aws::Region;
use recovery::mode::Mode;
use terraform_framework::action::{Action, Progress};
use terraform_framework::{About, Cx, Diagnostics, Model, Value, async_trait};

use crate::client::Client;
use crate::execution::act::{Ask, act};
use crate::execution::given::{Given, given, is_region};
use crate::execution::run::Accepts;
use crate::execution::standing::Moments;
use crate::provider_block::region;

/// The action.
#[derive(Debug)]
pub(crate) struct ReprotectAction;

/// After a failover, when the lost region answers again: fences what came back, keeps what was written there, and
/// rebuilds replication from the active region, so that a switchover home becomes possible.
#[derive(Model, Clone, Debug)]
pub(crate) struct Reprotect {
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
    /// The region that is and stays active. Default: the one that the plan's authority names.
    #[attr(optional, validate = region())]
    pub(crate) active_region: Value<String>,
}

#[async_trait]
impl Action for ReprotectAction {
    type Client = Client;
    type Model = Reprotect;

    fn name(&self) -> &'static str {
        "dr_reprotect"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: "Safe to invoke twice: a step whose target state holds does nothing. The old primary is renamed and tagged, never deleted. Needs Terraform 1.14; below it `drctl run --mode reprotect --to REGION --plan FILE`, with the active region, does the same.",
        }
    }

    async fn invoke(
        &self,
        cx: &Cx<Client>,
        config: Reprotect,
        progress: &Progress,
        diags: &mut Diagnostics,
    ) {
        let document = match given(&config.failover_plan, &config.plan_digest, diags) {
            Given::Plan(document) => *document,
            Given::Bad => return,
            Given::NotYet => {
                return diags.error(
                    "The failover plan is not known",
                    "An action needs `failover_plan` and `plan_digest` when it is invoked.",
                );
            }
        };
        if !is_region(&document, "active_region", &config.active_region, diags) {
            return;
        }
        let target = config.active_region.text();
        let ask = Ask {
            document,
            mode: Mode::Reprotect,
            target: target.and_then(|text| Region::new(text).ok()),
            child_plans: &config.child_plans,
            moments: Moments {
                lost_at: &Value::Null,
                declared_at: &Value::Null,
            },
            consents: &[],
            accepts: Accepts::Drctl,
        };
        let tell = |line: &str| progress.say(line);
        act(cx.client(), cx.cancel(), ask, &tell, diags).await;
    }
}
