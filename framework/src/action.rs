//! Actions: what is done once, on somebody's word, with progress while it happens.

use async_trait::async_trait;
use cty::{Path, Value};
use tokio::sync::mpsc;

use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::provider::{About, Cx};
use crate::schema::Block;
use crate::validate;

/// Where an action says how far it is.
#[derive(Clone, Debug)]
pub struct Progress(pub(crate) mpsc::UnboundedSender<Said>);

/// What an action says to the server: lines, and in the end the verdict.
#[derive(Debug)]
pub(crate) enum Said {
    Line(String),
    Verdict(Diagnostics),
}

impl Progress {
    /// Shows a line to whoever waits. A line that nobody reads any more is dropped.
    pub fn say(&self, line: impl Into<String>) {
        let _ = self.0.send(Said::Line(line.into()));
    }
}

/// An action. The server always ends it with a verdict: on success, error, panic and cancellation alike.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// What the provider's `configure` made.
    type Client: Send + Sync + 'static;
    /// Configuration.
    type Model: Model;

    /// The full type name.
    fn name(&self) -> &'static str;

    /// What the documentation says beyond the schema.
    fn about(&self) -> About {
        About::default()
    }

    /// Checks the configuration beyond what the schema says. Anything may be unknown.
    async fn validate(&self, _config: &Self::Model, _diags: &mut Diagnostics) {}

    /// Looks at what would be done; anything may be unknown.
    async fn plan(&self, _cx: &Cx<Self::Client>, _config: &Self::Model, _diags: &mut Diagnostics) {}

    /// Does it.
    async fn invoke(
        &self,
        cx: &Cx<Self::Client>,
        config: Self::Model,
        progress: &Progress,
        diags: &mut Diagnostics,
    );
}

/// An action whose types the server need not know. Implemented for every [`Action`].
#[async_trait]
pub trait ErasedAction<C>: Send + Sync {
    /// See [`Action::name`].
    fn name(&self) -> &'static str;
    /// See [`Action::about`].
    fn about(&self) -> About;
    /// The schema.
    fn block(&self) -> Block;
    /// Checks a configuration.
    async fn validate(&self, config: Value, diags: &mut Diagnostics);
    /// Looks at what would be done.
    async fn plan(&self, cx: &Cx<C>, config: Value, diags: &mut Diagnostics);
    /// Does it.
    async fn invoke(&self, cx: &Cx<C>, config: Value, progress: &Progress, diags: &mut Diagnostics);
}

fn typed<M: Model>(value: &Value, diags: &mut Diagnostics) -> Option<M> {
    M::from_cty(value)
        .map_err(|error| diags.mismatch("a configuration", &error))
        .ok()
}

#[async_trait]
impl<A: Action> ErasedAction<A::Client> for A {
    fn name(&self) -> &'static str {
        Action::name(self)
    }

    fn about(&self) -> About {
        Action::about(self)
    }

    fn block(&self) -> Block {
        A::Model::block()
    }

    async fn validate(&self, config: Value, diags: &mut Diagnostics) {
        validate::walk(&A::Model::block(), &config, &Path::root(), diags);
        if let Some(config) = typed(&config, diags) {
            Action::validate(self, &config, diags).await;
        }
    }

    async fn plan(&self, cx: &Cx<A::Client>, config: Value, diags: &mut Diagnostics) {
        if let Some(config) = typed(&config, diags) {
            Action::plan(self, cx, &config, diags).await;
        }
    }

    async fn invoke(
        &self,
        cx: &Cx<A::Client>,
        config: Value,
        progress: &Progress,
        diags: &mut Diagnostics,
    ) {
        if let Some(config) = typed(&config, diags) {
            Action::invoke(self, cx, config, progress, diags).await;
        }
    }
}
