//! RDS instances.

use aws::Region;
use aws::rds::InstanceId;
use jiff::Timestamp;
use recovery::replication::{self, Health, Replication};
use terraform_framework::cty::{Number, Path};
use terraform_framework::{Diagnostics, Model, Value};

use crate::client::{Barred, Client};
use crate::provider_block::region;
use crate::resources::replica_promotion::instance_id;

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

/// Fills in one instance; each that fails has an error of its own.
pub(super) async fn look(
    client: &Client,
    instance: &mut RdsInstance,
    path: &Path,
    diags: &mut Diagnostics,
) {
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
        // Silence is told, so that one region does not keep the others from being shown.
        Err(error) if error.is_transient() => {
            instance.health = Health::Unknown.name().into();
            instance.lag_unknown = error.to_string().into();
            diags.warning_at(
                path.clone(),
                format!("{region} does not tell of {id}"),
                format!("Seen: {error}.\nIts health is unknown.\nNext: if the region is lost, declare it: export DR_LOST_REGIONS={region}"),
            );
        }
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
