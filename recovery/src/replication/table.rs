//! The replication status of a DynamoDB global table: every replica takes writes.

use std::collections::{BTreeMap, BTreeSet};

use aws::clock::Clock;
use aws::tables::Table;
use aws::{Aws, Region};

use super::Health;
use super::several::{Asked, Call, Part, Several, Silent, first_lag, metric};

/// Milliseconds that writes take to one other region; kept in the region that wrote.
const LATENCY: &str = "ReplicationLatency";

/// Observes a global table.
///
/// # Errors
/// When no region answers.
pub async fn table(
    aws: &dyn Aws,
    clock: &dyn Clock,
    name: &str,
    asked: &Asked,
) -> Result<Several, Silent> {
    let calls = asked.open().map(|region| -> Call<'_, _> {
        Box::pin(async move { aws.tables(region)?.describe(name).await })
    });
    let (answers, reasons) = asked.ask(calls.collect()).await?;
    let Some((seen_in, first)) = answers.first() else {
        return Err(Silent(reasons));
    };
    let mut told: BTreeMap<Region, String> = BTreeMap::new();
    for (_, table) in &answers {
        told.extend(table.replicas.iter().cloned());
    }
    let mut regions: BTreeSet<&Region> = told.keys().chain(reasons.keys()).collect();
    regions.extend(answers.iter().map(|(region, _)| region));
    let mut parts = BTreeMap::new();
    for region in regions {
        let own = answers.iter().find(|(seen, _)| seen == region);
        let part = match (own, reasons.get(region)) {
            (Some((_, table)), _) => of_table(aws, clock, table, region, &answers).await,
            (None, Some(why)) => {
                Part::unseen(name.to_owned(), true, told.get(region).cloned(), why)
            }
            (None, None) => {
                let status = told.get(region).cloned();
                Part::unseen(name.to_owned(), true, status, "it was not asked there")
            }
        };
        parts.insert(region.clone(), part);
    }
    Ok(Several {
        status: first.status.clone(),
        seen_in: seen_in.clone(),
        writer: None,
        parts,
    })
}

/// The replica of a region that answers. How far behind it is, is known to the regions that write to it.
async fn of_table(
    aws: &dyn Aws,
    clock: &dyn Clock,
    table: &Table,
    region: &Region,
    answers: &[(Region, Table)],
) -> Part {
    let (name, status) = (table.name.clone(), table.status.clone());
    if status != "ACTIVE" && status != "UPDATING" {
        return Part {
            health: Health::Broken,
            ..Part::unseen(name, true, Some(status.clone()), &format!("it is {status}"))
        };
    }
    if table.replicas.is_empty() {
        return Part::writer(name, status);
    }
    let dimensions = [
        ("TableName", name.as_str()),
        ("ReceivingRegion", region.as_str()),
    ];
    let metric = metric("AWS/DynamoDB", LATENCY, &dimensions);
    let others = answers.iter().filter(|(other, _)| other != region);
    let places: Vec<_> = others
        .map(|(other, _)| (other.clone(), metric.clone()))
        .collect();
    let lag = if places.is_empty() {
        Err("no other region answers, and only the one that writes knows".to_owned())
    } else {
        first_lag(aws, clock, &places, 1000.0).await
    };
    Part {
        writes: true,
        ..Part::follows(name, status, lag)
    }
}
