//! The provider block: checks and configuration.

use std::sync::{Arc, PoisonError};

use cty::Path;
use tfplugin6::v6;

use super::Server;
use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::provider::{ConfigureCx, Provider};
use crate::{validate, wire};

impl<P: Provider> Server<P> {
    pub(super) async fn validate_provider(&self, config: Option<&v6::DynamicValue>) -> Diagnostics {
        let mut diags = Diagnostics::new();
        if let Some(config) = Self::provider_config(config, &mut diags, true) {
            self.0.provider.validate(&config, &mut diags).await;
        }
        diags
    }

    /// Makes the client; a client of an earlier configuration is replaced, or gone when this one fails.
    pub(super) async fn configure(&self, request: v6::configure_provider::Request) -> Diagnostics {
        let mut diags = Diagnostics::new();
        self.renew();
        let cx = ConfigureCx {
            terraform_version: request.terraform_version,
            cancel: self.cancel(),
        };
        let mut client = None;
        if let Some(config) = Self::provider_config(request.config.as_ref(), &mut diags, false) {
            client = self.0.provider.configure(config, &cx, &mut diags).await;
        }
        if diags.has_errors() {
            client = None;
        }
        *self
            .0
            .client
            .write()
            .unwrap_or_else(PoisonError::into_inner) = client.map(Arc::new);
        diags
    }

    fn provider_config(
        config: Option<&v6::DynamicValue>,
        diags: &mut Diagnostics,
        check: bool,
    ) -> Option<P::Config> {
        let block = P::Config::block();
        let value = wire::value(config, &block.ty())
            .map_err(|error| diags.mismatch("a provider configuration", &error))
            .ok()?;
        if check {
            validate::walk(&block, &value, &Path::root(), diags);
        }
        P::Config::from_cty(&value)
            .map_err(|error| diags.mismatch("a provider configuration", &error))
            .ok()
    }
}
