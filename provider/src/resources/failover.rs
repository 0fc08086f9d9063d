//! `dr_failover`: the active region of a failover plan. Schema in `model`; how plan, stores and world are looked at in
//! `sight`; what a plan shows in `planning`, what an apply does in `applying`, what a state holds in `facts`.

mod applying;
mod facts;
mod guide;
mod messages;
mod model;
mod planning;
mod reading;
mod sight;
#[cfg(test)]
mod tests;

use terraform_framework::private::Private;
use terraform_framework::resource::{
    Applied, ApplyRequest, ImportFrom, Imported, Plan, PlanRequest, Resource,
};
use terraform_framework::{About, Cx, Diagnostics, async_trait};

use crate::client::Client;
use crate::execution::place::{self, PlanIdentity};

pub(crate) use model::Failover;

/// The resource.
#[derive(Debug)]
pub(crate) struct FailoverResource;

#[async_trait]
impl Resource for FailoverResource {
    type Client = Client;
    type Model = Failover;
    type Identity = PlanIdentity;

    fn name(&self) -> &'static str {
        "dr_failover"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: guide::TEXT,
        }
    }

    /// That of the plan: a plan moves one role.
    fn identity(&self, model: &Failover) -> Option<PlanIdentity> {
        place::identity(&model.plan)
    }

    async fn validate(&self, config: &Failover, diags: &mut Diagnostics) {
        model::validate(config, diags);
    }

    async fn plan(
        &self,
        cx: &Cx<Client>,
        request: PlanRequest<'_, Failover>,
        plan: &mut Plan<Failover>,
        diags: &mut Diagnostics,
    ) {
        planning::plan(cx, &request, plan, diags).await;
    }

    async fn plan_destroy(
        &self,
        cx: &Cx<Client>,
        state: &Failover,
        _: &Private,
        diags: &mut Diagnostics,
    ) {
        planning::plan_destroy(cx, state, diags).await;
    }

    async fn create(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<Failover>,
        diags: &mut Diagnostics,
    ) -> Applied<Failover> {
        Box::pin(applying::apply(cx, request, diags)).await
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        state: Failover,
        _: &mut Private,
        diags: &mut Diagnostics,
    ) -> Option<Failover> {
        Some(reading::read(cx, state, diags).await)
    }

    async fn update(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<Failover>,
        diags: &mut Diagnostics,
    ) -> Applied<Failover> {
        Box::pin(applying::apply(cx, request, diags)).await
    }

    /// Forgets: destroying a role touches nothing in AWS.
    async fn delete(&self, _: &Cx<Client>, _: Failover, _: &Private, _: &mut Diagnostics) {
        tracing::info!("forgotten; nothing in AWS was touched");
    }

    async fn import(
        &self,
        cx: &Cx<Client>,
        from: ImportFrom<PlanIdentity>,
        diags: &mut Diagnostics,
    ) -> Option<Imported<Failover>> {
        reading::import(cx, from, diags).await
    }
}
