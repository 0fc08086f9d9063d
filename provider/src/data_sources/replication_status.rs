//! `dr_replication_status`: role, source, lag and health of what replicates, several at once.

use std::collections::BTreeMap;

use aws::Region;
use aws::rds::InstanceId;
use jiff::Timestamp;
use recovery::replication::{self, Replication};
use terraform_framework::cty::{Number, Path};
use terraform_framework::data_source::DataSource;
use terraform_framework::{About, Cx, Diagnostics, Model, Nested, Value, async_trait};

use crate::client::{Barred, Client};
use crate::provider_block::region;
use crate::resources::replica_promotion::instance_id;

/// The data source.
#[derive(Debug)]
pub(crate) struct ReplicationStatusSource;

/// Role, source, lag and health of databases, as AWS shows them now. Reads only.
///
/// The values differ from plan to plan; use them in outputs and checks, not in arguments of resources.
#[derive(Model, Clone, Debug)]
pub(crate) struct ReplicationStatus {
    /// RDS instances to look at, by names of your own.
    #[attr(optional)]
    pub(crate) rds_instances: Value<BTreeMap<String, Value<Nested<RdsInstance>>>>,
}

/// One RDS instance.
#[derive(Model, Clone, Debug)]
pub(crate) struct RdsInstance {
    /// Region that the instance lives in. Default: the provider's region.
    #[attr(optional, computed, validate = region())]
    pub(crate) region: Value<String>,
    /// Identifier of the instance.
    #[attr(required, validate = instance_id())]
    pub(crate) db_instance_identifier: Value<String>,
    /// `replica` or `primary`.
    #[attr(computed)]
    pub(crate) role: Value<String>,
    /// Status of the instance, as AWS names it.
    #[attr(computed)]
    pub(crate) status: Value<String>,
    /// ARN of the instance.
    #[attr(computed)]
    pub(crate) arn: Value<String>,
    /// ARN of the instance that it follows; null for a primary.
    #[attr(computed)]
    pub(crate) source_arn: Value<String>,
    /// `replicating`, `unmeasured` (replicates, but nobody knows how far behind), `broken`, `unknown`, or `not_a_replica`.
    #[attr(computed)]
    pub(crate) health: Value<String>,
    /// Seconds that the replica was behind when it was last measured; null where that is not known.
    #[attr(computed)]
    pub(crate) lag_seconds: Value<Number>,
    /// When the lag was measured, in RFC 3339.
    #[attr(computed)]
    pub(crate) measured_at: Value<String>,
    /// Why there is no lag, for a replica.
    #[attr(computed)]
    pub(crate) lag_unknown: Value<String>,
}

#[async_trait]
impl DataSource for ReplicationStatusSource {
    type Client = Client;
    type Model = ReplicationStatus;

    fn name(&self) -> &'static str {
        "dr_replication_status"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: "",
        }
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        config: ReplicationStatus,
        diags: &mut Diagnostics,
    ) -> Option<ReplicationStatus> {
        let mut found = config;
        if let Value::Known(instances) = &mut found.rds_instances {
            for (name, instance) in instances {
                if let Value::Known(instance) = instance {
                    let path = Path::root().attribute("rds_instances").key(name);
                    look(cx.client(), &mut instance.0, &path, diags).await;
                }
            }
        }
        Some(found)
    }
}

/// Fills in one instance; each that fails has an error of its own.
async fn look(client: &Client, instance: &mut RdsInstance, path: &Path, diags: &mut Diagnostics) {
    let named = instance
        .region
        .text()
        .map(str::to_owned)
        .or_else(|| client.default_region.as_ref().map(Region::to_string));
    let region = named.and_then(|text| Region::new(text).ok());
    let id = instance
        .db_instance_identifier
        .text()
        .and_then(|text| InstanceId::new(text).ok());
    let (Some(region), Some(id)) = (region, id) else {
        diags.error_at(path.attribute("region"), "No region", "Neither this instance nor the provider names a region. Write region = \"us-west-2\" here or in the provider block, or export AWS_REGION.");
        return;
    };
    instance.region = region.to_string().into();
    if client.is_lost(&region) {
        let detail = "Nothing in that region is asked; its values are null.";
        diags.warning_at(
            path.clone(),
            format!("{region} is declared lost: {id} was not looked at"),
            detail,
        );
        return;
    }
    match client.admit(&region).await {
        Err(Barred::Account { seen }) => {
            diags.error_at(
                path.clone(),
                format!("The AWS credentials belong to account {seen}"),
                "It is not among `allowed_account_ids` of the provider.",
            );
            return;
        }
        Err(Barred::Unknown(error)) => return refuse(&region, &id, &error, path, diags),
        Ok(()) => {}
    }
    match replication::observe(&*client.aws, &*client.clock, &region, &id).await {
        Ok(seen) => fill(instance, seen),
        Err(error) => refuse(&region, &id, &error, path, diags),
    }
}

fn refuse(
    region: &Region,
    id: &InstanceId,
    error: &aws::Error,
    path: &Path,
    diags: &mut Diagnostics,
) {
    let request = recovery::steps::rds_promote_replica::Request::new(
        region.clone(),
        id.clone(),
        std::time::Duration::ZERO,
    );
    let said = recovery::steps::rds_promote_replica::explain(error, &request);
    diags.error_at(
        path.attribute("db_instance_identifier"),
        format!("{id} in {region} cannot be looked at"),
        said.to_string(),
    );
}

fn fill(instance: &mut RdsInstance, seen: Replication) {
    instance.role = seen.role.name().into();
    instance.status = seen.status.into();
    instance.arn = seen.arn.into();
    instance.source_arn = seen.source.into();
    instance.health = seen.health.name().into();
    instance.lag_seconds = seen
        .lag_seconds
        .and_then(|seconds| Number::try_from(seconds).ok())
        .into();
    instance.measured_at = seen.measured_at.as_ref().map(Timestamp::to_string).into();
    instance.lag_unknown = seen.lag_unknown.into();
}
