//! Managed resources.

mod erased;

use async_trait::async_trait;
use cty::Path;

use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::private::Private;
use crate::provider::{About, Cx};

pub use erased::{ErasedResource, WireApply, WireImported, WirePlan, WirePlanRequest, WireRead};

/// A managed resource: one struct, and what happens to it.
///
/// Every operation reports through `diags`; an error there stops it. Nothing here speaks of the wire.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// What the provider's `configure` made.
    type Client: Send + Sync + 'static;
    /// Configuration and state.
    type Model: Model;
    /// What names an object for good; [`NoIdentity`](crate::identity::NoIdentity) for none.
    type Identity: Model;

    /// The full type name, such as `dr_replica_promotion`.
    fn name(&self) -> &'static str;

    /// What the documentation says beyond the schema.
    fn about(&self) -> About {
        About::default()
    }

    /// Version of the state's schema; it grows when stored states must be rewritten.
    fn version(&self) -> i64 {
        0
    }

    /// Rewrites a stored state of an older version into the present one's attributes.
    ///
    /// # Errors
    /// When that version cannot be read.
    fn upgrade(
        &self,
        version: i64,
        _state: serde_json::Value,
    ) -> Result<serde_json::Value, String> {
        Err(format!(
            "states of version {version} are not known to this release"
        ))
    }

    /// The identity of an object.
    fn identity(&self, _model: &Self::Model) -> Option<Self::Identity> {
        None
    }

    /// Checks the configuration beyond what the schema says. Anything may be unknown.
    async fn validate(&self, _config: &Self::Model, _diags: &mut Diagnostics) {}

    /// Looks at a plan after defaults, unknowns and attribute rules were applied. It may set the planned values freely
    /// (back to prior ones, to unknown), ask for replacement, warn, and refuse.
    async fn plan(
        &self,
        _cx: &Cx<Self::Client>,
        _request: PlanRequest<'_, Self::Model>,
        _plan: &mut Plan<Self::Model>,
        _diags: &mut Diagnostics,
    ) {
    }

    /// Whether the object may be destroyed; asked while planning.
    async fn plan_destroy(
        &self,
        _cx: &Cx<Self::Client>,
        _state: &Self::Model,
        _private: &Private,
        _diags: &mut Diagnostics,
    ) {
    }

    /// Creates the object. On an error, a state that is returned is kept and the object counts as tainted; none is kept of `None`.
    async fn create(
        &self,
        cx: &Cx<Self::Client>,
        request: ApplyRequest<Self::Model>,
        diags: &mut Diagnostics,
    ) -> Applied<Self::Model>;

    /// Reads the object; `None` when it is gone.
    async fn read(
        &self,
        cx: &Cx<Self::Client>,
        state: Self::Model,
        private: &mut Private,
        diags: &mut Diagnostics,
    ) -> Option<Self::Model>;

    /// Changes the object. On an error, the state that is returned is what really holds; `None` keeps the prior one.
    async fn update(
        &self,
        cx: &Cx<Self::Client>,
        request: ApplyRequest<Self::Model>,
        diags: &mut Diagnostics,
    ) -> Applied<Self::Model>;

    /// Deletes the object; one that is already gone is deleted.
    async fn delete(
        &self,
        cx: &Cx<Self::Client>,
        state: Self::Model,
        private: &Private,
        diags: &mut Diagnostics,
    );

    /// Finds an existing object.
    async fn import(
        &self,
        _cx: &Cx<Self::Client>,
        _from: ImportFrom<Self::Identity>,
        diags: &mut Diagnostics,
    ) -> Option<Imported<Self::Model>> {
        diags.error(
            format!("{} cannot be imported", self.name()),
            "This resource has no object outside Terraform that could be found",
        );
        None
    }
}

/// What a plan is made from.
pub struct PlanRequest<'a, M> {
    /// The configuration.
    pub config: &'a M,
    /// The state; `None` for a new object.
    pub prior: Option<&'a M>,
    /// Private state of the prior object.
    pub private: &'a Private,
}

/// A plan in the making.
#[derive(Debug)]
pub struct Plan<M> {
    /// What the state will be.
    pub planned: M,
    /// Attributes whose change needs a new object.
    pub replace: Vec<Path>,
    /// Private state for the apply.
    pub private: Private,
}

/// What an apply is made from.
pub struct ApplyRequest<M> {
    /// The configuration.
    pub config: M,
    /// The state; `None` for a new object.
    pub prior: Option<M>,
    /// What was planned; every known value in it is a promise.
    pub planned: M,
    /// Private state from the plan.
    pub private: Private,
}

/// What an apply left behind.
pub struct Applied<M> {
    /// The state.
    pub state: Option<M>,
    /// Private state.
    pub private: Private,
}

/// How an object to import is named.
#[derive(Clone, Debug)]
pub enum ImportFrom<I> {
    /// By the text of an import id.
    Id(String),
    /// By identity.
    Identity(I),
}

/// An imported object.
pub struct Imported<M> {
    /// Its state; attributes that a read fills in may be null.
    pub state: M,
    /// Private state.
    pub private: Private,
}
