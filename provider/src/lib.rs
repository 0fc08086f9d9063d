//! Terraform provider for disaster recovery on AWS.
//!
//! One explicit list of what it offers stands in [`DrProvider`]; each resource, data source and function is one file.

mod actions;
mod client;
mod contract;
mod data_sources;
mod execution;
mod functions;
mod messages;
mod provider_block;
mod resources;
mod roles;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use terraform_framework::action::ErasedAction;
use terraform_framework::data_source::ErasedDataSource;
use terraform_framework::function::Function;
use terraform_framework::provider::ConfigureCx;
use terraform_framework::resource::ErasedResource;
use terraform_framework::{Diagnostics, Provider, async_trait};

pub use client::Client;
use provider_block::ProviderBlock;

/// The address under which Terraform knows the provider.
pub const ADDRESS: &str = "registry.terraform.io/estate-recovery/dr";

/// The provider.
#[derive(Debug, Default)]
pub struct DrProvider;

#[async_trait]
impl Provider for DrProvider {
    type Config = ProviderBlock;
    type Client = Client;

    fn name(&self) -> &'static str {
        "dr"
    }

    async fn validate(&self, config: &ProviderBlock, diags: &mut Diagnostics) {
        provider_block::validate(config, diags);
    }

    async fn configure(
        &self,
        config: ProviderBlock,
        _: &ConfigureCx,
        diags: &mut Diagnostics,
    ) -> Option<Client> {
        provider_block::configure(&config, |name| std::env::var(name).ok(), diags).await
    }

    fn resources(&self) -> Vec<Box<dyn ErasedResource<Client>>> {
        vec![
            Box::new(resources::replica_promotion::ReplicaPromotionResource),
            Box::new(resources::failover_plan::FailoverPlanResource),
            Box::new(resources::failover::FailoverResource),
            Box::new(resources::global_cluster_writer::GlobalClusterWriterResource),
        ]
    }

    fn data_sources(&self) -> Vec<Box<dyn ErasedDataSource<Client>>> {
        vec![
            Box::new(data_sources::replication_status::ReplicationStatusSource),
            Box::new(data_sources::failover_status::FailoverStatusSource),
            Box::new(data_sources::failover_readiness::FailoverReadinessSource),
        ]
    }

    fn actions(&self) -> Vec<Box<dyn ErasedAction<Client>>> {
        vec![
            Box::new(actions::moves::FailoverAction),
            Box::new(actions::moves::SwitchoverAction),
            Box::new(actions::reprotect::ReprotectAction),
            Box::new(actions::promote_replica::PromoteReplicaAction),
        ]
    }

    fn functions(&self) -> Vec<Function> {
        functions::all()
    }
}

/// The clock of a running provider.
pub(crate) fn system_clock() -> Arc<dyn aws::clock::Clock> {
    Arc::new(aws::clock::SystemClock::new())
}
