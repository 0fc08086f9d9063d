//! The plugin protocol served: each RPC from the wire to a provider's types and back.
//!
//! No RPC relies on another having been called, except that resources need a configured provider. Ordinary failures
//! are diagnostics, never status codes; a panic is caught and becomes one too, and the process lives on.

mod actions;
mod configure;
mod guard;
mod lifecycle;
mod reading;
mod refusal;
mod rpc;
mod schemas;
mod stored;
mod unsupported;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use cty::Type;
use tokio_util::sync::CancellationToken;

use crate::action::ErasedAction;
use crate::data_source::ErasedDataSource;
use crate::diagnostics::Diagnostics;
use crate::function::Function;
use crate::provider::{Cx, Provider};
use crate::resource::ErasedResource;
use crate::schema::Block;

pub(crate) use stored::fit;

/// A provider behind the protocol. Cloning is cheap.
pub struct Server<P: Provider>(Arc<Inner<P>>);

impl<P: Provider> Clone for Server<P> {
    fn clone(&self) -> Self {
        Server(Arc::clone(&self.0))
    }
}

struct Inner<P: Provider> {
    provider: P,
    resources: BTreeMap<&'static str, Box<dyn ErasedResource<P::Client>>>,
    data_sources: BTreeMap<&'static str, Box<dyn ErasedDataSource<P::Client>>>,
    actions: BTreeMap<&'static str, Box<dyn ErasedAction<P::Client>>>,
    functions: BTreeMap<&'static str, Function>,
    /// Replaced as a whole when the provider is configured again.
    client: RwLock<Option<Arc<P::Client>>>,
    /// Cancelled by `StopProvider`. In debug mode one process serves many commands, so the next configuration renews it.
    cancel: RwLock<CancellationToken>,
}

impl<P: Provider> Server<P> {
    /// Serves a provider; `cancel` is cancelled by `StopProvider`, and stops what is in flight.
    pub fn new(provider: P, cancel: CancellationToken) -> Self {
        Server(Arc::new(Inner {
            resources: provider
                .resources()
                .into_iter()
                .map(|r| (r.name(), r))
                .collect(),
            data_sources: provider
                .data_sources()
                .into_iter()
                .map(|d| (d.name(), d))
                .collect(),
            actions: provider
                .actions()
                .into_iter()
                .map(|a| (a.name(), a))
                .collect(),
            functions: provider
                .functions()
                .into_iter()
                .map(|f| (f.name, f))
                .collect(),
            provider,
            client: RwLock::new(None),
            cancel: RwLock::new(cancel),
        }))
    }

    /// The context of an operation, or an error when the provider is not configured.
    fn cx(&self, diags: &mut Diagnostics) -> Option<Cx<P::Client>> {
        let client = self
            .0
            .client
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if client.is_none() {
            diags.error(
                format!("The provider {} is not configured", self.0.provider.name()),
                "Its configuration failed, or it was not configured at all. The error that came first says why.",
            );
        }
        Some(Cx {
            client: client?,
            cancel: self.cancel(),
        })
    }

    /// The token of the command that is being served.
    fn cancel(&self) -> CancellationToken {
        let cancel = self.0.cancel.read();
        cancel.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets a stop that an earlier command was asked for.
    fn renew(&self) {
        let mut cancel = self
            .0
            .cancel
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if cancel.is_cancelled() {
            *cancel = CancellationToken::new();
        }
    }

    fn resource(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Option<&dyn ErasedResource<P::Client>> {
        let found = self.0.resources.get(name);
        if found.is_none() {
            self.no_such("resource", name, diags);
        }
        found.map(|r| &**r)
    }

    /// The schema of a resource, data source or action; resources first.
    pub(crate) fn block(&self, name: &str) -> Option<Block> {
        let resource = self.0.resources.get(name).map(|r| r.block());
        let source = || self.0.data_sources.get(name).map(|d| d.block());
        let action = || self.0.actions.get(name).map(|a| a.block());
        resource.or_else(source).or_else(action)
    }

    /// The schema of an action.
    pub(crate) fn action_block(&self, name: &str) -> Option<Block> {
        self.0.actions.get(name).map(|action| action.block())
    }

    /// The schema of a resource's identity.
    pub(crate) fn identity_block(&self, name: &str) -> Option<Block> {
        self.0.resources.get(name)?.identity_block()
    }

    /// The types of a function's parameters and of its result.
    pub(crate) fn signature(&self, name: &str) -> Option<(Vec<Type>, Type)> {
        let function = self.0.functions.get(name)?;
        Some((
            function.parameters.iter().map(|p| p.ty.clone()).collect(),
            function.result.clone(),
        ))
    }

    fn no_such(&self, kind: &str, name: &str, diags: &mut Diagnostics) {
        diags.error(
            format!("No such {kind}: {name}"),
            format!(
                "This release of the provider {} does not have it.",
                self.0.provider.name()
            ),
        );
    }
}
