//! ElastiCache global datastores.

use std::collections::BTreeMap;

use aws::Region;
use recovery::replication::datastore::datastore;
use recovery::replication::several::Asked;
use terraform_framework::cty::Path;
use terraform_framework::validate::each;
use terraform_framework::{Diagnostics, Model, Value};

use super::several::{Members, Regions, members, seen};
use crate::client::Client;
use crate::provider_block::region;

/// One ElastiCache global datastore.
#[derive(Model, Clone, Debug)]
pub(crate) struct GlobalDatastore {
    /// Id of the global datastore, such as `ldgnf-orders`.
    #[attr(required)]
    pub(crate) global_replication_group_id: Value<String>,
    /// The regions to ask, in this order; the first answer counts, and each of them that gives none is shown as `unknown`.
    /// Default: the provider's region.
    #[attr(optional, validate = each(region()))]
    pub(crate) regions: Regions,
    /// The cache cluster of a region whose lag is read: the primary node of its replication group, such as
    /// `orders-west-001`. Without it the lag of the region is not known.
    #[attr(optional)]
    pub(crate) cache_clusters: Value<BTreeMap<String, Value<String>>>,
    /// Status of the datastore, as AWS names it.
    #[attr(computed)]
    pub(crate) status: Value<String>,
    /// The region that said so.
    #[attr(computed)]
    pub(crate) seen_in: Value<String>,
    /// The region whose replication group takes the writes.
    #[attr(computed)]
    pub(crate) writer_region: Value<String>,
    /// Its replication groups, by region.
    #[attr(computed)]
    pub(crate) members: Members,
}

/// Fills in one datastore.
pub(super) async fn look(
    client: &Client,
    it: &mut GlobalDatastore,
    path: &Path,
    diags: &mut Diagnostics,
) {
    let named = it.cache_clusters.known().into_iter().flatten();
    let clusters = named.filter_map(|(region, cluster)| {
        Some((
            Region::new(region.as_str()).ok()?,
            cluster.text()?.to_owned(),
        ))
    });
    let clusters: BTreeMap<Region, String> = clusters.collect();
    let question = async |id: &str, asked: &Asked| {
        datastore(&*client.aws, &*client.clock, id, &clusters, asked).await
    };
    let seen = seen(
        client,
        &it.global_replication_group_id,
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
