//! Pairs by replication: one instance says that it copies from, or to, the other.

use super::super::{Graph, InstanceId, Standing};
use super::{Counterpart, Evidence, Pairing, Work};
use crate::inventory::{Inventory, Name};

/// Arguments of a copy that name its source: type of the copy, argument, type of the source.
const FROM: [(&str, &str, &str); 8] = [
    ("aws_db_instance", "replicate_source_db", "aws_db_instance"),
    ("aws_kms_replica_key", "primary_key_arn", "aws_kms_key"),
    (
        "aws_kms_replica_external_key",
        "primary_key_arn",
        "aws_kms_external_key",
    ),
    (
        "aws_rds_cluster",
        "replication_source_identifier",
        "aws_rds_cluster",
    ),
    (
        "aws_db_instance_automated_backups_replication",
        "source_db_instance_arn",
        "aws_db_instance",
    ),
    (
        "aws_dynamodb_table_replica",
        "global_table_arn",
        "aws_dynamodb_table",
    ),
    ("aws_ami_copy", "source_ami_id", "aws_ami"),
    (
        "aws_ebs_snapshot_copy",
        "source_snapshot_id",
        "aws_ebs_snapshot",
    ),
];

/// Resources that carry an arrow between two others: type, argument of the source, argument of the copy.
const BETWEEN: [(&str, &str, &str); 1] =
    [("aws_s3_bucket_replication_configuration", "bucket", "rule")];

/// Pairs what no twin was found for.
pub(super) fn pair(work: &mut Work<'_>) {
    for (copy, argument, source) in FROM {
        let secondary: Vec<InstanceId> = of_type(work, &work.secondary, copy);
        for id in secondary {
            let sources: Vec<InstanceId> = targets(work, id, argument, source);
            if let [from] = sources.as_slice()
                && work.is_free(id)
                && work.is_free(*from)
                && work.primary.contains(from)
            {
                work.pair(
                    *from,
                    id,
                    Evidence::Arrow(format!("{copy}.{argument}").into()),
                );
            }
        }
    }
    for (ty, source, copy) in BETWEEN {
        let carriers: Vec<InstanceId> = of_type(work, &work.primary, ty);
        for id in carriers {
            let from = targets(work, id, source, "aws_s3_bucket");
            let mut to = targets(work, id, copy, "aws_s3_bucket");
            to.retain(|to| work.secondary.contains(to));
            if let ([from], [to]) = (from.as_slice(), to.as_slice())
                && work.is_free(*from)
                && work.is_free(*to)
                && work.primary.contains(from)
            {
                work.pair(*from, *to, Evidence::Arrow(format!("{ty}.{copy}").into()));
            }
        }
    }
}

/// Why it is not known whether an arrow leads from or to an instance: arguments of copies that are still free.
pub(super) fn open(work: &Work<'_>, id: InstanceId, is_primary: bool) -> Vec<Name> {
    let there = Standing::Secondary(work.region);
    let ty = &*work.instance(id).ty;
    let mut found = Vec::new();
    for (copy, argument, source) in FROM {
        if ty == if is_primary { source } else { copy } {
            let loose = work.adrift.of(copy, argument, there);
            let counts = |loose: &&super::super::adrift::Loose| {
                if is_primary {
                    work.is_free(loose.id)
                } else {
                    loose.id == id
                }
            };
            found.extend(loose.filter(counts).flat_map(|loose| loose.because.clone()));
        }
    }
    for (carrier, source, copy) in BETWEEN {
        if ty == "aws_s3_bucket" {
            let loose = [source, copy]
                .into_iter()
                .flat_map(|argument| work.adrift.of(carrier, argument, Standing::Primary));
            found.extend(loose.flat_map(|loose| loose.because.clone()));
        }
    }
    found
}

fn of_type(work: &Work<'_>, ids: &[InstanceId], ty: &str) -> Vec<InstanceId> {
    ids.iter()
        .copied()
        .filter(|id| &*work.instance(*id).ty == ty)
        .collect()
}

fn targets(work: &Work<'_>, id: InstanceId, argument: &str, ty: &str) -> Vec<InstanceId> {
    let mut found = work.graph.targets(id, argument);
    found.retain(|id| &*work.instance(*id).ty == ty);
    found
}

/// Arrows that lead away from the counterpart: the pair stays, and the arrow is told.
pub(super) fn contradictions(inventory: &Inventory, graph: &Graph, pairing: &mut Pairing) {
    let mut found = Vec::new();
    for pair in &mut pairing.pairs {
        let Counterpart::Instance(secondary) = pair.counterpart else {
            continue;
        };
        for (copy, argument, source) in FROM {
            if &*inventory.instances[secondary.index()].ty != copy {
                continue;
            }
            let mut sources = graph.targets(secondary, argument);
            sources.retain(|id| &*inventory.instances[id.index()].ty == source);
            match sources.as_slice() {
                [from] if *from == pair.primary => {
                    let arrow = Evidence::Arrow(format!("{copy}.{argument}").into());
                    if !pair.evidence.contains(&arrow) {
                        pair.evidence.push(arrow);
                    }
                }
                [from] => found.push((pair.id, *from, argument.into())),
                _ => {}
            }
        }
    }
    pairing.contradictions = found;
}
