//! Aurora global clusters.

use aws::Region;
use recovery::replication::global_cluster::global_cluster;
use recovery::replication::several::Asked;
use terraform_framework::cty::Path;
use terraform_framework::validate::each;
use terraform_framework::{Diagnostics, Model, Value};

use super::several::{Members, Regions, members, seen};
use crate::client::Client;
use crate::provider_block::region;

/// One Aurora global cluster.
#[derive(Model, Clone, Debug)]
pub(crate) struct AuroraCluster {
    /// Identifier of the global cluster.
    #[attr(required)]
    pub(crate) global_cluster_identifier: Value<String>,
    /// The regions to ask, in this order; the first answer counts, and each of them that gives none is shown as `unknown`.
    /// Default: the provider's region.
    #[attr(optional, validate = each(region()))]
    pub(crate) regions: Regions,
    /// Status of the global cluster, as AWS names it.
    #[attr(computed)]
    pub(crate) status: Value<String>,
    /// The region that said so.
    #[attr(computed)]
    pub(crate) seen_in: Value<String>,
    /// The region whose cluster takes the writes.
    #[attr(computed)]
    pub(crate) writer_region: Value<String>,
    /// Its clusters, by region.
    #[attr(computed)]
    pub(crate) members: Members,
}

/// Fills in one global cluster.
pub(super) async fn look(
    client: &Client,
    it: &mut AuroraCluster,
    path: &Path,
    diags: &mut Diagnostics,
) {
    let question = async |id: &str, asked: &Asked| {
        global_cluster(&*client.aws, &*client.clock, id, asked).await
    };
    let seen = seen(
        client,
        &it.global_cluster_identifier,
        &it.regions,
        (path, diags),
        question,
    );
    let Some(seen) = seen.await else {
        return;
    };
    it.status = seen.status.clone().into();
    it.seen_in = seen.seen_in.to_string().into();
    it.writer_region = seen.writer.as_ref().map(Region::to_string).into();
    it.members = members(&seen);
}
