//! `dr_replica_promotion`: the role of one RDS instance. Schema and the shape of the resource; what a plan shows is in
//! `planning`, what an apply does in `applying`, how AWS is asked in `sight`.

mod applying;
mod guide;
mod importing;
mod messages;
mod model;
mod planning;
mod sight;

use terraform_framework::private::Private;
use terraform_framework::resource::{
    Applied, ApplyRequest, ImportFrom, Imported, Plan, PlanRequest, Resource,
};
use terraform_framework::{About, Cx, Diagnostics, async_trait};

use crate::client::Client;
use crate::roles::consents;

pub(crate) use applying::promote;
pub(crate) use model::{Identity, ReplicaPromotion, instance_id};

/// The resource.
#[derive(Debug)]
pub(crate) struct ReplicaPromotionResource;

#[async_trait]
impl Resource for ReplicaPromotionResource {
    type Client = Client;
    type Model = ReplicaPromotion;
    type Identity = Identity;

    fn name(&self) -> &'static str {
        "dr_replica_promotion"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: guide::TEXT,
        }
    }

    fn identity(&self, model: &ReplicaPromotion) -> Option<Identity> {
        Some(Identity {
            region: model.region.clone(),
            db_instance_identifier: model.db_instance_identifier.clone(),
        })
    }

    async fn validate(&self, config: &ReplicaPromotion, diags: &mut Diagnostics) {
        consents::validate(&config.consent.items, diags);
    }

    async fn plan(
        &self,
        cx: &Cx<Client>,
        request: PlanRequest<'_, ReplicaPromotion>,
        plan: &mut Plan<ReplicaPromotion>,
        diags: &mut Diagnostics,
    ) {
        planning::plan(cx, &request, plan, diags).await;
    }

    async fn plan_destroy(
        &self,
        cx: &Cx<Client>,
        state: &ReplicaPromotion,
        _: &Private,
        diags: &mut Diagnostics,
    ) {
        planning::plan_destroy(cx, state, diags).await;
    }

    async fn create(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<ReplicaPromotion>,
        diags: &mut Diagnostics,
    ) -> Applied<ReplicaPromotion> {
        applying::apply(cx, request, diags).await
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        state: ReplicaPromotion,
        _: &mut Private,
        diags: &mut Diagnostics,
    ) -> Option<ReplicaPromotion> {
        importing::read(cx, state, diags).await
    }

    async fn update(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<ReplicaPromotion>,
        diags: &mut Diagnostics,
    ) -> Applied<ReplicaPromotion> {
        applying::apply(cx, request, diags).await
    }

    /// Forgets: destroying a role touches nothing in AWS.
    async fn delete(
        &self,
        _: &Cx<Client>,
        state: ReplicaPromotion,
        _: &Private,
        _: &mut Diagnostics,
    ) {
        tracing::info!(instance = ?state.db_instance_identifier.text(), "forgotten; nothing in AWS was touched");
    }

    async fn import(
        &self,
        cx: &Cx<Client>,
        from: ImportFrom<Identity>,
        diags: &mut Diagnostics,
    ) -> Option<Imported<ReplicaPromotion>> {
        importing::import(cx, from, diags).await
    }
}
