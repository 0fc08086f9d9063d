//! `dr_global_cluster_writer`: which region's cluster is the writer of an Aurora global cluster. Schema and the shape
//! of the resource; what a plan shows is in `planning`, what an apply does in `applying`, how AWS is asked in `sight`.

mod applying;
mod guide;
mod messages;
mod model;
mod planning;
mod preview;
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
use crate::roles::consents;

pub(crate) use model::{GlobalClusterWriter, Identity};

/// The resource.
#[derive(Debug)]
pub(crate) struct GlobalClusterWriterResource;

#[async_trait]
impl Resource for GlobalClusterWriterResource {
    type Client = Client;
    type Model = GlobalClusterWriter;
    type Identity = Identity;

    fn name(&self) -> &'static str {
        "dr_global_cluster_writer"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: guide::TEXT,
        }
    }

    fn identity(&self, model: &GlobalClusterWriter) -> Option<Identity> {
        Some(Identity {
            global_cluster_identifier: model.global_cluster_identifier.clone(),
        })
    }

    async fn validate(&self, config: &GlobalClusterWriter, diags: &mut Diagnostics) {
        consents::validate(&config.consent.items, diags);
    }

    async fn plan(
        &self,
        cx: &Cx<Client>,
        request: PlanRequest<'_, GlobalClusterWriter>,
        plan: &mut Plan<GlobalClusterWriter>,
        diags: &mut Diagnostics,
    ) {
        planning::plan(cx, &request, plan, diags).await;
    }

    async fn plan_destroy(
        &self,
        cx: &Cx<Client>,
        state: &GlobalClusterWriter,
        _: &Private,
        diags: &mut Diagnostics,
    ) {
        planning::plan_destroy(cx, state, diags).await;
    }

    async fn create(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<GlobalClusterWriter>,
        diags: &mut Diagnostics,
    ) -> Applied<GlobalClusterWriter> {
        applying::apply(cx, request, diags).await
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        state: GlobalClusterWriter,
        _: &mut Private,
        diags: &mut Diagnostics,
    ) -> Option<GlobalClusterWriter> {
        reading::read(cx, state, diags).await
    }

    async fn update(
        &self,
        cx: &Cx<Client>,
        request: ApplyRequest<GlobalClusterWriter>,
        diags: &mut Diagnostics,
    ) -> Applied<GlobalClusterWriter> {
        applying::apply(cx, request, diags).await
    }

    /// Forgets: destroying a role touches nothing in AWS.
    async fn delete(
        &self,
        _: &Cx<Client>,
        state: GlobalClusterWriter,
        _: &Private,
        _: &mut Diagnostics,
    ) {
        tracing::info!(cluster = ?state.global_cluster_identifier.text(), "forgotten; nothing in AWS was touched");
    }

    async fn import(
        &self,
        cx: &Cx<Client>,
        from: ImportFrom<Identity>,
        diags: &mut Diagnostics,
    ) -> Option<Imported<GlobalClusterWriter>> {
        reading::import(cx, from, diags).await
    }
}
