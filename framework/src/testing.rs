//! Runs a provider in process, the way Terraform would: through the protocol's messages, and held to the rules that
//! Terraform's core holds providers to. For the unit tests of providers.
//!
//! ```no_run
//! # async fn test(provider: impl terraform_framework::Provider) {
//! use terraform_framework::testing::{Harness, json};
//!
//! let harness = Harness::configured(provider, json!({})).await;
//! let config = harness.config("greeting_note", json!({ "name": "Ada" }));
//! let created = harness.apply("greeting_note", None, &config).await;
//! created.expect_clean();
//! # }
//! ```

mod calls;
mod literal;
mod outcome;
mod proposed;
mod resources;
mod rules;

use cty::Value;
use tfplugin6::v6;
use tfplugin6::v6::provider_server::Provider as Rpc;
use tokio_util::sync::CancellationToken;
use tonic::Request;

use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::provider::Provider;
use crate::schema::Block;
use crate::server::Server;
use crate::wire;

pub use literal::UNKNOWN;
pub use outcome::{Found, Invoked, Object, Outcome, Planned};
pub use serde_json::json;

/// A provider under test.
pub struct Harness<P: Provider> {
    server: Server<P>,
    cancel: CancellationToken,
}

/// What a message of the framework's own always does.
const ENCODES: &str = "a value made with a schema can be written with its type";

impl<P: Provider> Harness<P> {
    /// A provider that is not configured yet.
    pub fn new(provider: P) -> Self {
        let cancel = CancellationToken::new();
        Harness {
            server: Server::new(provider, cancel.clone()),
            cancel,
        }
    }

    /// A provider with this configuration.
    ///
    /// # Panics
    /// When the provider refuses it.
    pub async fn configured(provider: P, config: serde_json::Value) -> Self {
        let harness = Harness::new(provider);
        let diags = harness.configure(config).await;
        assert!(
            !diags.has_errors(),
            "the provider refuses its configuration: {diags:?}"
        );
        harness
    }

    /// Checks a provider configuration, then configures with it.
    pub async fn configure(&self, config: serde_json::Value) -> Diagnostics {
        let block = P::Config::block();
        let config = dynamic(&literal::value(config, &block), &block);
        let check = v6::validate_provider_config::Request {
            config: Some(config.clone()),
        };
        let checked = answer(
            self.server
                .validate_provider_config(Request::new(check))
                .await,
        );
        let mut diags = wire::read_diagnostics(checked.diagnostics);
        if !diags.has_errors() {
            let configure = v6::configure_provider::Request {
                terraform_version: "1.15.5".to_owned(),
                config: Some(config),
                client_capabilities: Some(CAPABILITIES),
            };
            let configured = answer(
                self.server
                    .configure_provider(Request::new(configure))
                    .await,
            );
            diags.extend(wire::read_diagnostics(configured.diagnostics));
        }
        diags
    }

    /// The token that `StopProvider` cancels.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// The provider as Terraform calls it.
    pub fn server(&self) -> &Server<P> {
        &self.server
    }

    /// Asks the provider to stop, as Terraform does on Ctrl-C.
    pub async fn stop(&self) {
        answer(
            self.server
                .stop_provider(Request::new(v6::stop_provider::Request {}))
                .await,
        );
    }

    /// A configuration of a resource, data source or action. What is left out is not set; [`UNKNOWN`] is known later.
    ///
    /// # Panics
    /// When there is no such type, or the text does not fit its schema.
    pub fn config(&self, name: &str, config: serde_json::Value) -> Value {
        literal::value(config, &self.block(name))
    }

    /// A configuration of an action, where a resource may have the same name.
    ///
    /// # Panics
    /// When there is no such action, or the text does not fit its schema.
    pub fn action_config(&self, name: &str, config: serde_json::Value) -> Value {
        literal::value(config, &self.action_block(name))
    }

    fn action_block(&self, name: &str) -> Block {
        let block = self.server.action_block(name);
        block.unwrap_or_else(|| panic!("the provider has no action {name}"))
    }

    /// A configuration in which every attribute is unknown.
    ///
    /// # Panics
    /// When there is no such type.
    pub fn all_unknown(&self, name: &str) -> Value {
        literal::all_unknown(&self.block(name))
    }

    fn block(&self, name: &str) -> Block {
        let block = self.server.block(name);
        block
            .unwrap_or_else(|| panic!("the provider has no resource, data source or action {name}"))
    }
}

const CAPABILITIES: v6::ClientCapabilities = v6::ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
    store_planned_private: false,
    computed_blocks_allowed: false,
};

/// The answer itself: a provider never answers with a status.
fn answer<T>(response: Result<tonic::Response<T>, tonic::Status>) -> T {
    match response {
        Ok(response) => response.into_inner(),
        Err(status) => {
            panic!("the provider answered with a status instead of a diagnostic: {status}")
        }
    }
}

fn dynamic(value: &Value, block: &Block) -> v6::DynamicValue {
    wire::dynamic(value, &block.ty()).expect(ENCODES)
}

/// A value of an answer, and a diagnostic if it is none.
fn undynamic(message: Option<&v6::DynamicValue>, block: &Block, diags: &mut Diagnostics) -> Value {
    wire::value(message, &block.ty()).unwrap_or_else(|error| {
        diags.error(
            "The provider answered with something that is not a value",
            error.to_string(),
        );
        Value::null(block.ty())
    })
}
