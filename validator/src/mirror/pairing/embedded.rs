//! Counterparts that are an argument of the primary, or of what carries its replication.

use super::super::read::steps;
use super::super::{InstanceId, Maybe, list, text};
use super::{Counterpart, Evidence, Pairing, Work};
use crate::inventory::{Inventory, Name, Node, Path};
use crate::symbol::PathStep;

/// Blocks that make a copy in the region they name: type, block, argument of the region.
const OWN: [(&str, &str, &str); 2] = [
    ("aws_dynamodb_table", "replica", "region_name"),
    ("aws_secretsmanager_secret", "replica", "region"),
];

/// Resources that make the copy of another: type, argument of the source, block, argument of the region, type of the source.
const CARRIED: [(&str, &str, &str, &str, &str); 1] = [(
    "aws_efs_replication_configuration",
    "source_file_system_id",
    "destination",
    "region",
    "aws_efs_file_system",
)];

/// Pairs what is still free with the block that copies it.
pub(super) fn pair(work: &mut Work<'_>, region: &str) {
    let mut found = Vec::new();
    for id in work.primary.clone() {
        let ty = work.instance(id).ty.clone();
        for (of, block, argument) in OWN {
            if &*ty == of
                && work.is_free(id)
                && let Some(path) = block_of(work, id, block, argument, region)
            {
                found.push((id, id, path));
            }
        }
        for (of, source, block, argument, source_type) in CARRIED {
            if &*ty != of {
                continue;
            }
            let mut sources = work.graph.targets(id, source);
            sources.retain(|id| &*work.instance(*id).ty == source_type && work.is_free(*id));
            if let ([from], Some(path)) = (
                sources.as_slice(),
                block_of(work, id, block, argument, region),
            ) {
                found.push((*from, id, path));
            }
        }
    }
    for (primary, holder, path) in found {
        if work.partner.insert(primary, primary).is_none() {
            work.found.push((
                primary,
                Counterpart::Embedded { holder, path },
                vec![Evidence::Embedded],
            ));
        }
    }
}

/// The block that names the region.
fn block_of(
    work: &Work<'_>,
    id: InstanceId,
    block: &str,
    argument: &str,
    region: &str,
) -> Option<Path> {
    let instance = work.instance(id);
    let Maybe::Known(blocks) = list(instance.values.get(block)) else {
        return None;
    };
    (0..blocks.len()).find_map(|at| {
        let at = u64::try_from(at).ok()?;
        let path = vec![PathStep::Name(block.into()), PathStep::Index(at)];
        let mut inner = path.clone();
        inner.push(PathStep::Name(argument.into()));
        (text(steps(instance, &inner)) == Maybe::Known(region.to_owned())).then_some(path)
    })
}

/// Why it is not known whether a block copies an instance.
pub(super) fn open(work: &Work<'_>, id: InstanceId) -> Vec<Name> {
    let mut found = Vec::new();
    let ty = &*work.instance(id).ty;
    for (of, block, argument) in OWN {
        if ty == of {
            found.extend(block_open(work, id, block, argument));
        }
    }
    for (of, source, block, argument, source_type) in CARRIED {
        if ty != source_type {
            continue;
        }
        let carriers = work.primary.iter().copied();
        for carrier in carriers.filter(|carrier| &*work.instance(*carrier).ty == of) {
            let sources = work.graph.targets(carrier, source);
            if sources.contains(&id) {
                found.extend(block_open(work, carrier, block, argument));
            } else if sources.is_empty()
                && let Maybe::Unknown(because) = text(work.instance(carrier).values.get(source))
            {
                found.extend(because);
            }
        }
    }
    found.retain(|reason| &**reason != "aws");
    found
}

/// Why it is not known which regions blocks name.
fn block_open(work: &Work<'_>, id: InstanceId, block: &str, argument: &str) -> Vec<Name> {
    match list(work.instance(id).values.get(block)) {
        Maybe::Unknown(because) => because,
        Maybe::Unset => Vec::new(),
        Maybe::Known(blocks) => blocks
            .iter()
            .filter_map(|node| match node {
                Node::Object(values) => match text(values.get(argument)) {
                    Maybe::Unknown(because) => Some(because),
                    _ => None,
                },
                Node::Unknown(unknown) => Some(unknown.because.clone()),
                _ => None,
            })
            .flatten()
            .collect(),
    }
}

/// Notes which blocks are copies, and the ids of copies that are known.
pub(super) fn remember(inventory: &Inventory, pairing: &mut Pairing) {
    for pair in &pairing.pairs {
        let Counterpart::Embedded { holder, path } = &pair.counterpart else {
            continue;
        };
        pairing.by_holder.entry(*holder).or_default().push(pair.id);
        let Some(Node::Object(block)) = steps(&inventory.instances[holder.index()], path) else {
            continue;
        };
        for name in ["arn", "file_system_id", "stream_arn"] {
            if let Some(Node::String(text)) = block.get(name) {
                pairing.copies.insert(text.clone(), pair.id);
            }
        }
    }
}
