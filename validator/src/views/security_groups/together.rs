//! Groups that stand together: what something is in counts as one.

use std::collections::BTreeSet;

use super::{Access, Direction, access};
use crate::mirror::{End, InstanceId, Mirror};

/// What the counterparts of everything in a group let through, all groups of each together: one group may be split in two.
pub(crate) fn unions(
    mirror: &Mirror<'_>,
    group: InstanceId,
    end: End,
    direction: Direction,
) -> Vec<Access> {
    let is_group = |id: InstanceId| mirror.instance(id).ty.ends_with("security_group");
    let attaches = |path: &crate::inventory::Path| {
        let path = crate::mirror::schema_path(path);
        [
            "security_groups",
            "security_group_ids",
            "vpc_security_group_ids",
        ]
        .contains(&path.rsplit('.').next().unwrap_or_default())
    };
    let users: BTreeSet<InstanceId> = mirror
        .graph
        .referring(group)
        .filter(|(from, edge)| !is_group(*from) && attaches(&edge.path))
        .map(|(from, _)| from)
        .collect();
    let twins = users.into_iter().filter_map(|id| mirror.counterpart(id));
    let sets: BTreeSet<Vec<InstanceId>> = twins
        .map(|twin| {
            let edges = mirror.graph.out(twin).iter();
            edges
                .filter(|edge| is_group(edge.to) && attaches(&edge.path))
                .map(|edge| edge.to)
                .collect()
        })
        .collect();
    let union = |groups: Vec<InstanceId>| {
        let mut all = Access::default();
        for group in groups {
            let access = access(mirror, group, end, direction);
            all.permits.extend(access.permits);
            all.open.extend(access.open);
        }
        all
    };
    sets.into_iter().map(union).collect()
}
