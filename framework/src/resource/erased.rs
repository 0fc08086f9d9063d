//! The same resource without its types, for the server: values in, values out.

use async_trait::async_trait;
use cty::{Path, Value};

use super::{Applied, ApplyRequest, ImportFrom, Plan, PlanRequest, Resource};
use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::plan;
use crate::private::Private;
use crate::provider::{About, Cx};
use crate::schema::Block;
use crate::validate;

/// A plan to make.
pub struct WirePlanRequest {
    /// The configuration.
    pub config: Value,
    /// The state, or null.
    pub prior: Value,
    /// Terraform's proposal, or null for a destroy.
    pub proposed: Value,
    /// Private state.
    pub private: Private,
}

/// A plan made.
pub struct WirePlan {
    /// What the state will be.
    pub planned: Value,
    /// Attributes whose change needs a new object.
    pub replace: Vec<Path>,
    /// Private state for the apply.
    pub private: Private,
    /// The identity, where it is known.
    pub identity: Option<Value>,
}

/// What an apply left.
pub struct WireApply {
    /// The state, or null.
    pub state: Value,
    /// Private state.
    pub private: Private,
    /// The identity.
    pub identity: Option<Value>,
}

/// What a read found.
pub struct WireRead {
    /// The state, or null.
    pub state: Value,
    /// Private state.
    pub private: Private,
    /// The identity.
    pub identity: Option<Value>,
}

/// What an import found.
pub struct WireImported {
    /// The state.
    pub state: Value,
    /// Private state.
    pub private: Private,
    /// The identity.
    pub identity: Option<Value>,
}

/// A resource whose types the server need not know. Implemented for every [`Resource`].
#[async_trait]
pub trait ErasedResource<C>: Send + Sync {
    /// See [`Resource::name`].
    fn name(&self) -> &'static str;
    /// See [`Resource::about`].
    fn about(&self) -> About;
    /// See [`Resource::version`].
    fn version(&self) -> i64;
    /// The schema.
    fn block(&self) -> Block;
    /// The identity's schema, if there is one.
    fn identity_block(&self) -> Option<Block>;
    /// See [`Resource::upgrade`].
    ///
    /// # Errors
    /// When that version cannot be read.
    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, String>;
    /// Checks a configuration.
    async fn validate(&self, config: Value, diags: &mut Diagnostics);
    /// Plans a create, an update or a destroy.
    async fn plan(
        &self,
        cx: &Cx<C>,
        request: WirePlanRequest,
        diags: &mut Diagnostics,
    ) -> Option<WirePlan>;
    /// Applies a plan.
    async fn apply(
        &self,
        cx: &Cx<C>,
        config: Value,
        prior: Value,
        planned: Value,
        private: Private,
        diags: &mut Diagnostics,
    ) -> WireApply;
    /// Reads the object.
    async fn read(
        &self,
        cx: &Cx<C>,
        state: Value,
        private: Private,
        diags: &mut Diagnostics,
    ) -> WireRead;
    /// Finds an existing object.
    async fn import(
        &self,
        cx: &Cx<C>,
        from: ImportFrom<Value>,
        diags: &mut Diagnostics,
    ) -> Option<WireImported>;
}

fn typed<M: Model>(value: &Value, what: &str, diags: &mut Diagnostics) -> Option<M> {
    M::from_cty(value)
        .map_err(|error| diags.mismatch(what, &error))
        .ok()
}

fn identity<R: Resource>(resource: &R, state: Option<&R::Model>) -> Option<Value> {
    resource
        .identity(state?)
        .map(|identity| identity.write())
        .filter(Value::is_wholly_known)
}

#[async_trait]
impl<R: Resource> ErasedResource<R::Client> for R {
    fn name(&self) -> &'static str {
        Resource::name(self)
    }

    fn about(&self) -> About {
        Resource::about(self)
    }

    fn version(&self) -> i64 {
        Resource::version(self)
    }

    fn block(&self) -> Block {
        R::Model::block()
    }

    fn identity_block(&self) -> Option<Block> {
        Some(R::Identity::block()).filter(|block| !block.attributes.is_empty())
    }

    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, String> {
        Resource::upgrade(self, version, state)
    }

    async fn validate(&self, config: Value, diags: &mut Diagnostics) {
        validate::walk(&R::Model::block(), &config, &Path::root(), diags);
        if let Some(config) = typed::<R::Model>(&config, "a configuration", diags) {
            Resource::validate(self, &config, diags).await;
        }
    }

    async fn plan(
        &self,
        cx: &Cx<R::Client>,
        request: WirePlanRequest,
        diags: &mut Diagnostics,
    ) -> Option<WirePlan> {
        let WirePlanRequest {
            config,
            prior,
            proposed,
            private,
        } = request;
        let prior_model = if prior.is_null() {
            None
        } else {
            Some(typed::<R::Model>(&prior, "a state", diags)?)
        };
        // The second plan of a replacement still carries what belongs to the object that goes.
        let private = if prior.is_null() {
            Private::default()
        } else {
            private
        };
        if proposed.is_null() {
            if let Some(state) = &prior_model {
                self.plan_destroy(cx, state, &private, diags).await;
            }
            return Some(WirePlan {
                identity: identity(self, prior_model.as_ref()),
                planned: proposed,
                replace: Vec::new(),
                private,
            });
        }
        let drafted = plan::draft(&R::Model::block(), &prior, &proposed, &config);
        let config = typed::<R::Model>(&config, "a configuration", diags)?;
        let planned = typed::<R::Model>(&drafted.planned, "a proposed state", diags)?;
        let mut plan = Plan {
            planned,
            replace: drafted.replace,
            private: private.clone(),
        };
        let request = PlanRequest {
            config: &config,
            prior: prior_model.as_ref(),
            private: &private,
        };
        Resource::plan(self, cx, request, &mut plan, diags).await;
        let planned = plan.planned.write();
        let planned = plan::without_write_only(&R::Model::block(), &planned);
        let mut replace = plan.replace;
        replace.sort();
        replace.dedup();
        // A replacement needs an object to replace.
        replace.retain(|_| !prior.is_null());
        Some(WirePlan {
            identity: identity(self, Some(&plan.planned)),
            planned,
            replace,
            private: plan.private,
        })
    }

    async fn apply(
        &self,
        cx: &Cx<R::Client>,
        config: Value,
        prior: Value,
        planned: Value,
        private: Private,
        diags: &mut Diagnostics,
    ) -> WireApply {
        let null = Value::null(R::Model::ty());
        let kept = |private| WireApply {
            state: prior.clone(),
            private,
            identity: None,
        };
        let prior_model = if prior.is_null() {
            None
        } else {
            match typed::<R::Model>(&prior, "a state", diags) {
                Some(model) => Some(model),
                None => return kept(private),
            }
        };
        if planned.is_null() {
            let Some(state) = prior_model else {
                return WireApply {
                    state: null,
                    private,
                    identity: None,
                };
            };
            Resource::delete(self, cx, state.clone(), &private, diags).await;
            let state = if diags.has_errors() { prior } else { null };
            return WireApply {
                identity: None,
                private,
                state,
            };
        }
        let (Some(config), Some(planned)) = (
            typed::<R::Model>(&config, "a configuration", diags),
            typed::<R::Model>(&planned, "a plan", diags),
        ) else {
            return kept(private);
        };
        let update = prior_model.is_some();
        let request = ApplyRequest {
            config,
            prior: prior_model.clone(),
            planned,
            private,
        };
        let Applied { state, private } = if update {
            Resource::update(self, cx, request, diags).await
        } else {
            Resource::create(self, cx, request, diags).await
        };
        let state = state.or(if diags.has_errors() {
            prior_model
        } else {
            None
        });
        let mut value = state.as_ref().map_or(null, |state| {
            plan::without_write_only(&R::Model::block(), &state.write())
        });
        if diags.has_errors() {
            value = plan::settled(&value, &prior);
        }
        WireApply {
            identity: identity(self, state.as_ref()),
            state: value,
            private,
        }
    }

    async fn read(
        &self,
        cx: &Cx<R::Client>,
        state: Value,
        private: Private,
        diags: &mut Diagnostics,
    ) -> WireRead {
        let mut private = private;
        let Some(model) = typed::<R::Model>(&state, "a state", diags) else {
            return WireRead {
                state,
                private,
                identity: None,
            };
        };
        let found = Resource::read(self, cx, model, &mut private, diags).await;
        if diags.has_errors() {
            return WireRead {
                state,
                private,
                identity: None,
            };
        }
        let identity = identity(self, found.as_ref());
        let value = found.map_or_else(
            || Value::null(R::Model::ty()),
            |model| plan::without_write_only(&R::Model::block(), &model.write()),
        );
        WireRead {
            state: value,
            private,
            identity,
        }
    }

    async fn import(
        &self,
        cx: &Cx<R::Client>,
        from: ImportFrom<Value>,
        diags: &mut Diagnostics,
    ) -> Option<WireImported> {
        let from = match from {
            ImportFrom::Id(id) => ImportFrom::Id(id),
            ImportFrom::Identity(value) => {
                ImportFrom::Identity(typed::<R::Identity>(&value, "an identity", diags)?)
            }
        };
        let imported = Resource::import(self, cx, from, diags).await?;
        Some(WireImported {
            identity: identity(self, Some(&imported.state)),
            state: plan::without_write_only(&R::Model::block(), &imported.state.write()),
            private: imported.private,
        })
    }
}
