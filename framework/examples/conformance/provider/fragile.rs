//! `conf_fragile`: fails, panics, waits and refuses where it is told to.

use std::time::Duration;

use terraform_framework::cty::Path;
use terraform_framework::identity::NoIdentity;
use terraform_framework::private::Private;
use terraform_framework::resource::{Applied, ApplyRequest, Plan, PlanRequest, Resource};
use terraform_framework::timeouts::Timeouts;
use terraform_framework::{Cx, Diagnostics, Model, Value, async_trait};

use super::Store;

/// An object that does not always work.
#[derive(Model, Clone, Debug)]
pub(crate) struct Fragile {
    /// Operations that fail: `plan`, `create`, `create half way`, `read`, `update`, `update half way`, `delete`.
    #[attr(optional)]
    pub(crate) fails: Value<String>,
    /// Operations that panic, named likewise.
    #[attr(optional)]
    pub(crate) panics: Value<String>,
    /// Whether a destroy is refused.
    #[attr(optional, default = false)]
    pub(crate) protected: Value<bool>,
    /// Seconds that a create or update takes.
    #[attr(optional)]
    pub(crate) seconds: Value<i64>,
    /// What it says.
    #[attr(optional)]
    pub(crate) words: Value<String>,
    /// Identifier.
    #[attr(computed, keep)]
    pub(crate) id: Value<String>,
    /// What it has been through: the private state of its creation.
    #[attr(computed)]
    pub(crate) past: Value<String>,
    /// How long operations may take.
    #[block]
    pub(crate) timeouts: Timeouts<60, 60, 60>,
}

impl Fragile {
    /// Whether the operation shall fail; panics if it shall panic.
    fn fails(&self, operation: &str, diags: &mut Diagnostics) -> bool {
        assert!(
            self.panics.text() != Some(operation),
            "told to panic in {operation}"
        );
        let fails = self.fails.text() == Some(operation);
        if fails {
            diags.error_at(
                Path::root().attribute("fails"),
                format!("Failed to {operation}"),
                "It was told to.",
            );
        }
        fails
    }
}

/// The resource.
pub(crate) struct Fragiles;

impl Fragiles {
    async fn work(
        &self,
        cx: &Cx<Store>,
        planned: &Fragile,
        limit: Duration,
        diags: &mut Diagnostics,
    ) {
        let seconds = planned
            .seconds
            .known()
            .and_then(|s| u64::try_from(*s).ok())
            .unwrap_or_default();
        let work = tokio::time::sleep(Duration::from_secs(seconds));
        if let Err(stopped) = cx.within(limit, "the object to settle", work).await {
            diags.error("The object is not ready", stopped.to_string());
        }
    }
}

#[async_trait]
impl Resource for Fragiles {
    type Client = Store;
    type Model = Fragile;
    type Identity = NoIdentity;

    fn name(&self) -> &'static str {
        "conf_fragile"
    }

    async fn plan(
        &self,
        _: &Cx<Store>,
        request: PlanRequest<'_, Fragile>,
        plan: &mut Plan<Fragile>,
        diags: &mut Diagnostics,
    ) {
        request.config.fails("plan", diags);
        if request.prior.is_none() && request.private.get("made").is_some() {
            diags.error(
                "Private state has leaked",
                "A new object has the private state of an older one.",
            );
        }
        plan.private.set("made", true);
    }

    async fn plan_destroy(
        &self,
        _: &Cx<Store>,
        state: &Fragile,
        _: &Private,
        diags: &mut Diagnostics,
    ) {
        if state.protected == Value::Known(true) {
            diags.error(
                "The object is protected",
                "Set protected to false and apply, then destroy it.",
            );
        }
    }

    async fn create(
        &self,
        cx: &Cx<Store>,
        request: ApplyRequest<Fragile>,
        diags: &mut Diagnostics,
    ) -> Applied<Fragile> {
        let ApplyRequest {
            planned, private, ..
        } = request;
        if planned.fails("create", diags) {
            return Applied {
                state: None,
                private,
            };
        }
        let mut state = Fragile {
            id: "fragile-1".into(),
            ..planned
        };
        if state.fails("create half way", diags) {
            // The past is not known yet: what is left unknown after an error is kept as null.
            return Applied {
                state: Some(state),
                private,
            };
        }
        self.work(cx, &state, state.timeouts.create(), diags).await;
        state.past = format!("made: {}", private.flag("made")).into();
        Applied {
            state: Some(state),
            private,
        }
    }

    async fn read(
        &self,
        _: &Cx<Store>,
        state: Fragile,
        _: &mut Private,
        diags: &mut Diagnostics,
    ) -> Option<Fragile> {
        state.fails("read", diags);
        Some(state)
    }

    async fn update(
        &self,
        cx: &Cx<Store>,
        request: ApplyRequest<Fragile>,
        diags: &mut Diagnostics,
    ) -> Applied<Fragile> {
        let ApplyRequest {
            planned, private, ..
        } = request;
        if planned.fails("update", diags) {
            return Applied {
                state: None,
                private,
            };
        }
        if planned.fails("update half way", diags) {
            return Applied {
                state: Some(planned),
                private,
            };
        }
        self.work(cx, &planned, planned.timeouts.update(), diags)
            .await;
        Applied {
            state: Some(Fragile {
                past: "updated".into(),
                ..planned
            }),
            private,
        }
    }

    async fn delete(&self, _: &Cx<Store>, state: Fragile, _: &Private, diags: &mut Diagnostics) {
        state.fails("delete", diags);
    }
}
