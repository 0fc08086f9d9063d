//! The replication status of an ElastiCache global datastore.

use std::collections::BTreeMap;

use aws::clock::Clock;
use aws::elasticache::DatastoreMember;
use aws::{Aws, Region};

use super::Health;
use super::several::{Asked, Call, Part, Several, Silent, first_lag, metric};

/// Seconds that a secondary region's primary node is behind.
const LAG: &str = "GlobalDatastoreReplicationLag";

/// Observes a global datastore. `clusters` names the cache cluster of a region whose lag is read.
///
/// # Errors
/// When no region answers.
pub async fn datastore(
    aws: &dyn Aws,
    clock: &dyn Clock,
    id: &str,
    clusters: &BTreeMap<Region, String>,
    asked: &Asked,
) -> Result<Several, Silent> {
    let calls = asked.open().map(|region| -> Call<'_, _> {
        Box::pin(async move { aws.global_datastores(region)?.describe(id).await })
    });
    let (answers, reasons) = asked.ask(calls.collect()).await?;
    let Some((seen_in, datastore)) = answers.first() else {
        return Err(Silent(reasons));
    };
    let primary = datastore.members.iter().find(|member| member.primary);
    let mut parts = BTreeMap::new();
    for member in &datastore.members {
        let part = match reasons.get(&member.region) {
            Some(why) => Part::unseen(
                member.group.clone(),
                member.primary,
                Some(member.status.clone()),
                why,
            ),
            None => part(aws, clock, member, clusters.get(&member.region)).await,
        };
        parts.insert(member.region.clone(), part);
    }
    Ok(Several {
        status: datastore.status.clone(),
        seen_in: seen_in.clone(),
        writer: primary.map(|member| member.region.clone()),
        parts,
    })
}

async fn part(
    aws: &dyn Aws,
    clock: &dyn Clock,
    member: &DatastoreMember,
    cluster: Option<&String>,
) -> Part {
    let (group, status) = (member.group.clone(), member.status.clone());
    if member.primary {
        return Part::writer(group, status);
    }
    if status != "associated" {
        let why = format!("it is {status}");
        return Part {
            health: Health::Broken,
            ..Part::unseen(group, false, Some(status), &why)
        };
    }
    let lag = match cluster {
        None => Err("no cache cluster is named for the region".to_owned()),
        Some(cluster) => {
            let metric = metric("AWS/ElastiCache", LAG, &[("CacheClusterId", cluster)]);
            first_lag(aws, clock, &[(member.region.clone(), metric)], 1.0).await
        }
    };
    Part::follows(group, status, lag)
}
