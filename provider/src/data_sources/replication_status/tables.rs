//! DynamoDB global tables.

use recovery::replication::several::Asked;
use recovery::replication::table::table;
use terraform_framework::cty::Path;
use terraform_framework::validate::each;
use terraform_framework::{Diagnostics, Model, Value};

use super::several::{Members, Regions, members, seen};
use crate::client::Client;
use crate::provider_block::region;

/// One DynamoDB global table.
#[derive(Model, Clone, Debug)]
pub(crate) struct GlobalTable {
    /// Name of the table.
    #[attr(required)]
    pub(crate) table_name: Value<String>,
    /// The regions to ask: those with a replica. How far one is behind is known to the others alone. Default: the provider's
    /// region.
    #[attr(optional, validate = each(region()))]
    pub(crate) regions: Regions,
    /// Status of the table in the first region that answers, as AWS names it.
    #[attr(computed)]
    pub(crate) status: Value<String>,
    /// That region.
    #[attr(computed)]
    pub(crate) seen_in: Value<String>,
    /// Its replicas, by region.
    #[attr(computed)]
    pub(crate) members: Members,
}

/// Fills in one table.
pub(super) async fn look(
    client: &Client,
    it: &mut GlobalTable,
    path: &Path,
    diags: &mut Diagnostics,
) {
    let question =
        async |id: &str, asked: &Asked| table(&*client.aws, &*client.clock, id, asked).await;
    let seen = seen(client, &it.table_name, &it.regions, (path, diags), question);
    let Some(seen) = seen.await else {
        return;
    };
    it.status = seen.status.clone().into();
    it.seen_in = seen.seen_in.to_string().into();
    it.members = members(&seen);
}
