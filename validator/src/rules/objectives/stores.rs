//! What a copy of a store may lose at least, by the way in which it is made.

use crate::mirror::{InstanceId, Maybe, Mirror, Standing, text};

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
pub(super) fn loss(mirror: &Mirror<'_>, id: InstanceId) -> Option<Loss> {
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
        "aws_redshift_cluster"
            if copied(
                mirror,
                id,
                "aws_redshift_snapshot_copy",
                "cluster_identifier",
            ) =>
        {
            Some((
                8 * 3600,
                "snapshots of Redshift are made, and copied, every",
            ))
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
