//! `dr_promote_replica`: promotes one RDS instance, on somebody's word.

use terraform_framework::action::{Action, Progress};
use terraform_framework::validate::{duration, timestamp};
use terraform_framework::{About, Blocks, Cx, Diagnostics, Model, Value, async_trait};

use crate::client::Client;
use crate::provider_block::region;
use crate::resources::replica_promotion::{ReplicaPromotion, instance_id, promote};
use crate::roles::consents::{self, ConsentBlock};

/// The action.
#[derive(Debug)]
pub(crate) struct PromoteReplicaAction;

/// Promotes an RDS read replica to a standalone primary, under the gates of the resource `dr_replica_promotion`.
#[derive(Model, Clone, Debug)]
pub(crate) struct PromoteReplica {
    /// Region that the instance lives in. Default: the provider's region.
    #[attr(optional, validate = region())]
    pub(crate) region: Value<String>,
    /// Identifier of the instance.
    #[attr(required, validate = instance_id())]
    pub(crate) db_instance_identifier: Value<String>,
    /// The instance that it must be following: an ARN, or an identifier in the same region. Default: any source.
    #[attr(optional)]
    pub(crate) source: Value<String>,
    /// How much data may be lost, as time, such as `5m`. Default: `5m`.
    #[attr(optional, validate = duration())]
    pub(crate) max_data_loss: Value<String>,
    /// When the source was lost, in RFC 3339. Replication lag after that moment is not data loss.
    #[attr(optional, validate = timestamp())]
    pub(crate) lost_at: Value<String>,
    /// A named risk that somebody accepts. It counts for one source and one target, and ends within 24 hours.
    #[block]
    pub(crate) consent: Blocks<ConsentBlock>,
}

impl PromoteReplica {
    /// The resource that asks for the same.
    fn resource(self) -> ReplicaPromotion {
        ReplicaPromotion {
            region: self.region,
            db_instance_identifier: self.db_instance_identifier,
            role: "primary".into(),
            from: Value::Null,
            source: self.source,
            max_data_loss: self.max_data_loss,
            lost_at: self.lost_at,
            last_applied: Value::Null,
            observed: Value::Null,
            execution_status: Value::Null,
            arn: Value::Null,
            source_arn: Value::Null,
            consent: self.consent,
            on_promotion: None,
            timeouts: None,
        }
    }
}

#[async_trait]
impl Action for PromoteReplicaAction {
    type Client = Client;
    type Model = PromoteReplica;

    fn name(&self) -> &'static str {
        "dr_promote_replica"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: "Safe to invoke twice: an instance that is primary already is left alone, and a promotion that is under way is waited for. Settings of the promoted database are those of AWS; the resource `dr_replica_promotion` manages them. Needs Terraform 1.14.",
        }
    }

    async fn validate(&self, config: &PromoteReplica, diags: &mut Diagnostics) {
        consents::validate(&config.consent.items, diags);
    }

    async fn invoke(
        &self,
        cx: &Cx<Client>,
        config: PromoteReplica,
        progress: &Progress,
        diags: &mut Diagnostics,
    ) {
        let tell = |line: &str| progress.say(line);
        promote(cx, &config.resource(), &tell, diags).await;
    }
}
