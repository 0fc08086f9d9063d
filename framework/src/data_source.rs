//! Data sources: what is read, never changed.

use async_trait::async_trait;
use cty::{Path, Value};

use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::provider::{About, Cx};
use crate::schema::Block;
use crate::validate;

/// A data source.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// What the provider's `configure` made.
    type Client: Send + Sync + 'static;
    /// Configuration and result.
    type Model: Model;

    /// The full type name.
    fn name(&self) -> &'static str;

    /// What the documentation says beyond the schema.
    fn about(&self) -> About {
        About::default()
    }

    /// Checks the configuration beyond what the schema says. Anything may be unknown.
    async fn validate(&self, _config: &Self::Model, _diags: &mut Diagnostics) {}

    /// Reads; the configuration is wholly known. Without a result there must be an error.
    async fn read(
        &self,
        cx: &Cx<Self::Client>,
        config: Self::Model,
        diags: &mut Diagnostics,
    ) -> Option<Self::Model>;
}

/// A data source whose types the server need not know. Implemented for every [`DataSource`].
#[async_trait]
pub trait ErasedDataSource<C>: Send + Sync {
    /// See [`DataSource::name`].
    fn name(&self) -> &'static str;
    /// See [`DataSource::about`].
    fn about(&self) -> About;
    /// The schema.
    fn block(&self) -> Block;
    /// Checks a configuration.
    async fn validate(&self, config: Value, diags: &mut Diagnostics);
    /// Reads.
    async fn read(&self, cx: &Cx<C>, config: Value, diags: &mut Diagnostics) -> Option<Value>;
}

#[async_trait]
impl<D: DataSource> ErasedDataSource<D::Client> for D {
    fn name(&self) -> &'static str {
        DataSource::name(self)
    }

    fn about(&self) -> About {
        DataSource::about(self)
    }

    fn block(&self) -> Block {
        D::Model::block()
    }

    async fn validate(&self, config: Value, diags: &mut Diagnostics) {
        validate::walk(&D::Model::block(), &config, &Path::root(), diags);
        match D::Model::from_cty(&config) {
            Ok(config) => DataSource::validate(self, &config, diags).await,
            Err(error) => diags.mismatch("a configuration", &error),
        }
    }

    async fn read(
        &self,
        cx: &Cx<D::Client>,
        config: Value,
        diags: &mut Diagnostics,
    ) -> Option<Value> {
        match D::Model::from_cty(&config) {
            Ok(config) => DataSource::read(self, cx, config, diags)
                .await
                .map(|found| found.write()),
            Err(error) => {
                diags.mismatch("a configuration", &error);
                None
            }
        }
    }
}
