//! `dr_failover_plan`: a failover plan, published to the stores of all its regions. Its steps are in `steps`, from
//! configuration to document and back in `document`, what a plan shows in `planning`, what an apply does in `publishing`.

mod document;
mod guide;
mod importing;
mod model;
mod moving;
mod planning;
mod publishing;
mod steps;
#[cfg(test)]
mod tests;

use terraform_framework::private::Private;
use terraform_framework::resource::{
    Applied, ApplyRequest, ImportFrom, Imported, Plan, PlanRequest, Resource,
};
use terraform_framework::{About, Cx, Diagnostics, async_trait};

use crate::client::Client;
use crate::execution::place::{self, PlanIdentity};

pub(crate) use model::FailoverPlan;

/// The resource.
#[derive(Debug)]
pub(crate) struct FailoverPlanResource;

#[async_trait]
impl Resource for FailoverPlanResource {
    type Client = Client;
    type Model = FailoverPlan;
    type Identity = PlanIdentity;

    fn name(&self) -> &'static str {
        "dr_failover_plan"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: guide::TEXT,
        }
    }

    fn identity(&self, model: &FailoverPlan) -> Option<PlanIdentity> {
        place::identity(&model.document)
    }

    async fn validate(&self, config: &FailoverPlan, diags: &mut Diagnostics) {
        document::validate(config, diags);
    }

    async fn plan(
        &self,
        cx: &Cx<Client>,
        request: PlanRequest<'_, FailoverPlan>,
        plan: &mut Plan<FailoverPlan>,
        diags: &mut Diagnostics,
    ) {
        planning::plan(cx, &request, plan, diags).await;
    }

    async fn plan_destroy(
        &self,
        cx: &Cx<Client>,
        state: &FailoverPlan,
        _: &Private,
        diags: &mut Diagnostics,
    ) {
        planning::plan_destroy(cx, state, diags).await;
    }

    async fn create(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<FailoverPlan>,
        diags: &mut Diagnostics,
    ) -> Applied<FailoverPlan> {
        publishing::publish(cx, request, diags).await
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        state: FailoverPlan,
        _: &mut Private,
        diags: &mut Diagnostics,
    ) -> Option<FailoverPlan> {
        Some(publishing::read(cx, state, diags).await)
    }

    async fn update(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<FailoverPlan>,
        diags: &mut Diagnostics,
    ) -> Applied<FailoverPlan> {
        publishing::publish(cx, request, diags).await
    }

    async fn delete(
        &self,
        cx: &Cx<Client>,
        state: FailoverPlan,
        _: &Private,
        diags: &mut Diagnostics,
    ) {
        publishing::retract(cx, &state, diags).await;
    }

    async fn import(
        &self,
        cx: &Cx<Client>,
        from: ImportFrom<PlanIdentity>,
        diags: &mut Diagnostics,
    ) -> Option<Imported<FailoverPlan>> {
        importing::import(cx, from, diags).await
    }
}
