//! The replication status of an Aurora global cluster.

use aws::aurora::{GlobalCluster, Member};
use aws::clock::Clock;
use aws::{Aws, Region};

use super::Health;
use super::several::{Asked, Call, Part, Several, Silent, first_lag, metric};
use crate::steps::aurora_global_writer::region_of;

/// Milliseconds of writes that a secondary region lacks.
const LAG: &str = "AuroraGlobalDBRPOLag";

/// Observes a global cluster.
///
/// # Errors
/// When no region answers.
pub async fn global_cluster(
    aws: &dyn Aws,
    clock: &dyn Clock,
    id: &str,
    asked: &Asked,
) -> Result<Several, Silent> {
    let calls = asked.open().map(|region| -> Call<'_, _> {
        Box::pin(async move { aws.global_clusters(region)?.describe(id).await })
    });
    let (answers, reasons) = asked.ask(calls.collect()).await?;
    let (seen_in, global): (Region, GlobalCluster) = answers
        .into_iter()
        .next()
        .ok_or_else(|| Silent(reasons.clone()))?;
    let writer = global.members.iter().find(|member| member.writer);
    let writer = writer.and_then(|member| region_of(&member.arn));
    let mut found = Several {
        status: global.status.clone(),
        seen_in,
        writer: writer.clone(),
        parts: std::collections::BTreeMap::new(),
    };
    for member in &global.members {
        let Some(region) = region_of(&member.arn) else {
            continue;
        };
        let part = match reasons.get(&region) {
            Some(why) => Part::unseen(
                member.arn.clone(),
                member.writer,
                member.synchronization.clone(),
                why,
            ),
            None => part(aws, clock, member, &region, writer.as_ref(), &reasons).await,
        };
        found.parts.insert(region, part);
    }
    Ok(found)
}

async fn part(
    aws: &dyn Aws,
    clock: &dyn Clock,
    member: &Member,
    region: &Region,
    writer: Option<&Region>,
    reasons: &std::collections::BTreeMap<Region, String>,
) -> Part {
    let arn = member.arn.clone();
    if member.writer {
        return Part::writer(arn, "writer".to_owned());
    }
    let status = match member.synchronization.as_deref() {
        Some("connected") => "connected".to_owned(),
        Some(other) => {
            return Part {
                health: Health::Broken,
                ..Part::unseen(arn, false, Some(other.to_owned()), "it is not connected")
            };
        }
        None => {
            let why = "AWS does not say whether it is connected";
            return Part::unseen(arn, false, None, why);
        }
    };
    let id = arn.rsplit(':').next().unwrap_or_default();
    let alone = [("DBClusterIdentifier", id)];
    let mut places = vec![(region.clone(), metric("AWS/RDS", LAG, &alone))];
    if let Some(writer) = writer {
        let of_source = [
            ("DBClusterIdentifier", id),
            ("SourceRegion", writer.as_str()),
        ];
        places.push((region.clone(), metric("AWS/RDS", LAG, &of_source)));
        if !reasons.contains_key(writer) {
            places.push((writer.clone(), metric("AWS/RDS", LAG, &alone)));
        }
    }
    let lag = first_lag(aws, clock, &places, 1000.0).await;
    Part::follows(arn, status, lag)
}
