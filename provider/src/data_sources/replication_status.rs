//! `dr_replication_status`: role, source, lag and health of what replicates, several at once; one file for each kind.

mod aurora;
mod buckets;
mod datastores;
mod rds;
mod several;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use terraform_framework::cty::Path;
use terraform_framework::data_source::DataSource;
use terraform_framework::{About, Cx, Diagnostics, Model, Nested, Value, async_trait};

use crate::client::Client;

/// Entries by names of the configuration's own.
type Entries<T> = Value<BTreeMap<String, Value<Nested<T>>>>;

/// The data source.
#[derive(Debug)]
pub(crate) struct ReplicationStatusSource;

/// Role, source, lag and health of what replicates from region to region, as AWS shows it now. Reads only.
///
/// The values differ from plan to plan; use them in outputs and checks, not in arguments of resources.
#[derive(Model, Clone, Debug)]
pub(crate) struct ReplicationStatus {
    /// RDS instances to look at, by names of your own.
    #[attr(optional)]
    pub(crate) rds_instances: Value<BTreeMap<String, Value<Nested<rds::RdsInstance>>>>,
    /// Aurora global clusters to look at, by names of your own.
    #[attr(optional)]
    pub(crate) aurora_global_clusters:
        Value<BTreeMap<String, Value<Nested<aurora::AuroraCluster>>>>,
    /// DynamoDB global tables to look at, by names of your own.
    #[attr(optional)]
    pub(crate) dynamodb_tables: Value<BTreeMap<String, Value<Nested<tables::GlobalTable>>>>,
    /// Replication rules of S3 buckets to look at, by names of your own.
    #[attr(optional)]
    pub(crate) s3_rules: Value<BTreeMap<String, Value<Nested<buckets::BucketRule>>>>,
    /// ElastiCache global datastores to look at, by names of your own.
    #[attr(optional)]
    pub(crate) elasticache_global_datastores:
        Value<BTreeMap<String, Value<Nested<datastores::GlobalDatastore>>>>,
}

#[async_trait]
impl DataSource for ReplicationStatusSource {
    type Client = Client;
    type Model = ReplicationStatus;

    fn name(&self) -> &'static str {
        "dr_replication_status"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: "A region that is lost or does not answer makes `unknown` of what lives there, with the reason; it is an error only where nobody else could tell.",
        }
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        config: ReplicationStatus,
        diags: &mut Diagnostics,
    ) -> Option<ReplicationStatus> {
        let (client, mut found) = (cx.client(), config);
        for (it, path) in entries(&mut found.rds_instances, "rds_instances") {
            rds::look(client, it, &path, diags).await;
        }
        for (it, path) in entries(&mut found.aurora_global_clusters, "aurora_global_clusters") {
            aurora::look(client, it, &path, diags).await;
        }
        for (it, path) in entries(&mut found.dynamodb_tables, "dynamodb_tables") {
            tables::look(client, it, &path, diags).await;
        }
        for (it, path) in entries(&mut found.s3_rules, "s3_rules") {
            buckets::look(client, it, &path, diags).await;
        }
        let datastores = &mut found.elasticache_global_datastores;
        for (it, path) in entries(datastores, "elasticache_global_datastores") {
            datastores::look(client, it, &path, diags).await;
        }
        Some(found)
    }
}

/// The known entries of an attribute, each with its path.
fn entries<'a, T>(entries: &'a mut Entries<T>, attribute: &'static str) -> Vec<(&'a mut T, Path)> {
    let mut known = Vec::new();
    if let Value::Known(entries) = entries {
        for (name, entry) in entries {
            if let Value::Known(entry) = entry {
                let path = Path::root().attribute(attribute).key(name);
                known.push((&mut entry.0, path));
            }
        }
    }
    known
}
