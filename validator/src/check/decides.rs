//! Whether the absence of one instance can follow from that of another: only where it needs the other one, and where nothing
//! of its own decides that it is not there. What is told as a consequence must go away with its cause.

use std::collections::BTreeSet;

use crate::inventory::{Instance, Link};
use crate::mirror::{Edge, InstanceId, Mirror, schema_path, without_own_key};
use crate::source::Location;
use crate::symbol::PathStep;

/// Whether a missing instance needs another missing one by a reference: all that the argument leads to is missing there. One
/// subnet of three does not keep an endpoint away.
pub(super) fn needs(mirror: &Mirror<'_>, id: InstanceId, edge: &Edge, region: usize) -> bool {
    let argument = schema_path(&edge.path);
    mirror
        .graph
        .out(id)
        .iter()
        .filter(|other| schema_path(&other.path) == argument)
        .all(|other| mirror.pairing.pair_of(other.to, Some(region)).is_none())
}

/// Whether the absence of an instance has a reason of its own: in the twin module something else decides how many of its
/// resource there are than of the other one's.
pub(super) fn by_itself(
    mirror: &Mirror<'_>,
    id: InstanceId,
    other: InstanceId,
    region: usize,
) -> bool {
    let Some(own) = deciding(mirror, id, region) else {
        return false;
    };
    if counts(mirror, id, other) {
        return false;
    }
    deciding(mirror, other, region).is_none_or(|others| own.is_disjoint(&others))
}

/// Whether how many there are of one resource hangs on the other one.
fn counts(mirror: &Mirror<'_>, id: InstanceId, other: InstanceId) -> bool {
    let resource = without_own_key(&mirror.instance(other).address);
    mirror.graph.out(id).iter().any(|edge| {
        matches!(edge.path.first(), Some(PathStep::Name(name)) if matches!(&**name, "count" | "for_each"))
            && without_own_key(&mirror.instance(edge.to).address) == resource
    })
}

/// Where it is decided that an instance has no counterpart, by how many of its resource the twin module has.
pub(super) fn places(mirror: &Mirror<'_>, id: InstanceId, region: usize) -> BTreeSet<Location> {
    deciding(mirror, id, region).unwrap_or_default()
}

/// The places that decide how many of a resource there are in the twin module, and that the instance does not share; none
/// where the twin has none at all, or is no other module.
fn deciding(mirror: &Mirror<'_>, id: InstanceId, region: usize) -> Option<BTreeSet<Location>> {
    let instance = mirror.instance(id);
    let own = expansion(instance).unwrap_or_default();
    let resource = without_own_key(&instance.address);
    let siblings = mirror.graph.resource(instance.root.as_ref(), resource);
    let twin = siblings.iter().find_map(|sibling| {
        let pair = mirror.pairing.pair_of(*sibling, Some(region))?;
        mirror.pairs().get(pair.index())?.instance()
    })?;
    let links = expansion(mirror.instance(twin))?;
    let found: BTreeSet<Location> = links
        .iter()
        .map(|link| &link.location)
        .filter(|place| own.iter().all(|link| link.location != **place))
        .cloned()
        .collect();
    Some(found).filter(|found| !found.is_empty())
}

/// The chain that decided how many instances of a resource there are.
fn expansion(instance: &Instance) -> Option<&[Link]> {
    let links = instance
        .places
        .get("for_each")
        .or_else(|| instance.places.get("count"))?;
    Some(links)
}
