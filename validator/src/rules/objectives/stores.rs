//! What a copy of a store may lose at least, by the way in which it is made.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, list, text};

/// Seconds, and how the data gets there.
pub(super) type Loss = (u64, &'static str);

/// Stores whose copies are asked here.
pub(super) const TYPES: [&str; 6] = [
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_docdb_cluster",
    "aws_dynamodb_table",
    "aws_elasticache_replication_group",
    "aws_redshift_cluster",
];

/// What the copy of a store loses; nothing where no copy is known.
///
/// # Errors
/// Why it is not known how often what is copied is made.
pub(super) fn loss(mirror: &Mirror<'_>, id: InstanceId) -> Result<Option<Loss>, Vec<Name>> {
    if &*mirror.instance(id).ty != "aws_redshift_cluster" {
        return Ok(of_copy(mirror, id));
    }
    let copy = ("aws_redshift_snapshot_copy", "cluster_identifier");
    if !copied(mirror, id, copy.0, copy.1) {
        return Ok(None);
    }
    let how = "snapshots of Redshift are made, and copied, every";
    Ok(Some((between_snapshots(mirror, id)?, how)))
}

const SCHEDULED: &str = "aws_redshift_snapshot_schedule_association";

/// Seconds between two snapshots of a Redshift cluster: eight hours, where no schedule says otherwise.
fn between_snapshots(mirror: &Mirror<'_>, id: InstanceId) -> Result<u64, Vec<Name>> {
    let argument = "cluster_identifier";
    let owned = mirror
        .graph
        .owned(id, mirror.inventory, SCHEDULED, argument);
    let loose = mirror.adrift(SCHEDULED, argument, mirror.standing(id));
    let schedules: Vec<InstanceId> = owned
        .iter()
        .flat_map(|id| mirror.targets(*id, "schedule_identifier"))
        .filter(|id| &*mirror.instance(*id).ty == "aws_redshift_snapshot_schedule")
        .collect();
    let every = match (owned.as_slice(), schedules.as_slice()) {
        ([], _) if loose.is_empty() => return Ok(8 * 3600),
        ([], _) => return Err(loose.into_iter().collect()),
        ([_], [schedule]) => match list(mirror.value(*schedule, "definitions")) {
            Maybe::Known([only]) => text(Some(only)).known().and_then(|text| rate(&text)),
            _ => None,
        },
        _ => None,
    };
    let name = &mirror.instance(id).address;
    every.ok_or_else(|| vec![format!("how often the schedule of {name} makes snapshots").into()])
}

/// The seconds of `rate(n hours)`.
fn rate(text: &str) -> Option<u64> {
    let inner = text.trim().strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = inner.trim().split_once(' ')?;
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    matches!(unit.trim(), "hour" | "hours").then(|| number.saturating_mul(3600))
}

fn of_copy(mirror: &Mirror<'_>, id: InstanceId) -> Option<Loss> {
    let twin = mirror.counterpart(id);
    let follows = |argument: &str| {
        twin.is_some_and(|twin| {
            mirror
                .value(twin, argument)
                .is_some_and(|node| !node.is_empty())
                && !matches!(text(mirror.value(twin, argument)), Maybe::Unknown(because)
                    if crate::mirror::decided_by_aws(&because))
        })
    };
    match &*mirror.instance(id).ty {
        "aws_db_instance" if follows("replicate_source_db") => {
            Some((1, "replicas of RDS follow asynchronously: by at least"))
        }
        "aws_db_instance"
            if copied(
                mirror,
                id,
                "aws_db_instance_automated_backups_replication",
                "source_db_instance_arn",
            ) =>
        {
            Some((300, "copies of automated backups follow by about"))
        }
        "aws_rds_cluster" | "aws_docdb_cluster" if follows("global_cluster_identifier") => {
            Some((1, "global clusters follow asynchronously: by about"))
        }
        "aws_rds_cluster" if follows("replication_source_identifier") => {
            Some((1, "replicas of RDS follow asynchronously: by at least"))
        }
        "aws_dynamodb_table" if mirror.pairing.pair_of(id, None).is_some() => {
            let mode = text(mirror.value(id, "replica[0].consistency_mode"));
            match mode {
                Maybe::Known(mode) if mode == "STRONG" => None,
                Maybe::Unknown(because) if !crate::mirror::decided_by_aws(&because) => None,
                _ => Some((1, "global tables follow asynchronously: by about")),
            }
        }
        "aws_elasticache_replication_group" if follows("global_replication_group_id") => {
            Some((1, "global datastores follow asynchronously: by about"))
        }
        _ => None,
    }
}

/// Whether a resource of its own copies a store of the primary region.
fn copied(mirror: &Mirror<'_>, id: InstanceId, ty: &str, argument: &str) -> bool {
    mirror.standing(id) == Standing::Primary
        && !mirror
            .graph
            .owned(id, mirror.inventory, ty, argument)
            .is_empty()
}
