//! Which instances are candidates on which side.

use super::super::{Graph, InstanceId, Roles, Standing};
use crate::inventory::Inventory;

/// Candidates of both sides. Global instances belong to the side of the provider configuration that serves them.
pub(super) fn sides(
    inventory: &Inventory,
    roles: &Roles,
    graph: &Graph,
    region: usize,
) -> (Vec<InstanceId>, Vec<InstanceId>) {
    let (mut primary, mut secondary) = (Vec::new(), Vec::new());
    for (at, instance) in inventory.instances.iter().enumerate() {
        let id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
        match roles.standing(id) {
            Standing::Primary => primary.push(id),
            Standing::Secondary(at) if at == region => secondary.push(id),
            Standing::Global => match &instance.region.value {
                Some(own) if *own == roles.primary => primary.push(id),
                Some(own) if *own == roles.secondary[region] => secondary.push(id),
                Some(_) => {}
                // Where no source tells the provider: that of those that use it, if they agree.
                None => match users(roles, graph, id).as_slice() {
                    [Standing::Primary] => primary.push(id),
                    [Standing::Secondary(at)] if *at == region => secondary.push(id),
                    _ => {}
                },
            },
            _ => {}
        }
    }
    (primary, secondary)
}

/// Where the regional instances stand that refer to a global one, or that those refer to that do.
fn users(roles: &Roles, graph: &Graph, id: InstanceId) -> Vec<Standing> {
    let mut found = std::collections::BTreeSet::new();
    let regional = |standing| matches!(standing, Standing::Primary | Standing::Secondary(_));
    let referring = |id| graph.referring(id).map(|(from, _)| from);
    for from in referring(id) {
        let standing = roles.standing(from);
        if regional(standing) {
            found.insert(standing);
        } else {
            found.extend(
                referring(from)
                    .map(|from| roles.standing(from))
                    .filter(|standing| regional(*standing)),
            );
        }
    }
    // A policy of a role stands with the role.
    if found.is_empty() {
        for edge in graph.out(id) {
            if roles.standing(edge.to) == Standing::Global {
                found.extend(
                    referring(edge.to)
                        .map(|from| roles.standing(from))
                        .filter(|standing| regional(*standing)),
                );
            }
        }
    }
    found.into_iter().collect()
}
