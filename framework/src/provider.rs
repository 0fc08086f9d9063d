//! The provider: its configuration, its client, and the one list of what it offers.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::action::ErasedAction;
use crate::data_source::ErasedDataSource;
use crate::diagnostics::Diagnostics;
use crate::function::Function;
use crate::model::Model;
use crate::resource::ErasedResource;

/// What the documentation says of a resource, data source or action beyond its schema.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    /// Heading under which the registry lists it.
    pub subcategory: &'static str,
    /// Markdown that stands behind the example.
    pub guide: &'static str,
}

/// A provider.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The provider block.
    type Config: Model;
    /// What resources work with once the provider is configured.
    type Client: Send + Sync + 'static;

    /// The name that all types begin with, such as `dr`.
    fn name(&self) -> &'static str;

    /// What the documentation's first page says beyond the schema.
    fn about(&self) -> About {
        About::default()
    }

    /// Checks the configuration beyond what the schema says. Anything may be unknown.
    async fn validate(&self, _config: &Self::Config, _diags: &mut Diagnostics) {}

    /// Makes the client. Anything in the configuration may be unknown while planning: configure lazily.
    async fn configure(
        &self,
        config: Self::Config,
        cx: &ConfigureCx,
        diags: &mut Diagnostics,
    ) -> Option<Self::Client>;

    /// The resources.
    fn resources(&self) -> Vec<Box<dyn ErasedResource<Self::Client>>> {
        Vec::new()
    }

    /// The data sources.
    fn data_sources(&self) -> Vec<Box<dyn ErasedDataSource<Self::Client>>> {
        Vec::new()
    }

    /// The actions.
    fn actions(&self) -> Vec<Box<dyn ErasedAction<Self::Client>>> {
        Vec::new()
    }

    /// The functions.
    fn functions(&self) -> Vec<Function> {
        Vec::new()
    }
}

/// What is known when the provider is configured.
#[derive(Clone, Debug)]
pub struct ConfigureCx {
    /// The version of the Terraform that calls.
    pub terraform_version: String,
    /// Cancelled when Terraform asks the provider to stop.
    pub cancel: CancellationToken,
}

/// What an operation works with.
pub struct Cx<C> {
    pub(crate) client: Arc<C>,
    pub(crate) cancel: CancellationToken,
}

impl<C> Cx<C> {
    /// The client that `configure` made.
    pub fn client(&self) -> &C {
        &self.client
    }

    /// Cancelled when Terraform asks the provider to stop: finish the call in flight, then end.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }
}
