//! Where to look: of each side the link of its chain that the other side does not share, so that twin module calls are told
//! apart.

use std::sync::Arc;

use crate::inventory::{Instance, Link, Path, node};
use crate::mirror::{InstanceId, Mirror};
use crate::source::Location;

/// The chain of a place: that of the attribute, or of the nearest block around it.
pub(super) fn chain(instance: &Instance, path: &Path) -> Vec<Link> {
    let mut path = path.clone();
    while !path.is_empty() {
        if let Some(links) = instance.places.get(&*node::path_text(&path)) {
            return links.to_vec();
        }
        path.pop();
    }
    Vec::new()
}

/// The chain that decided how many instances of a resource there are.
fn expansion(instance: &Instance) -> Option<&Arc<[Link]>> {
    instance
        .places
        .get("for_each")
        .or_else(|| instance.places.get("count"))
}

/// The link to show of a chain beside another one: the deepest that only this one has, else the first.
pub(super) fn telling(own: &[Link], other: &[Link]) -> Option<Location> {
    let shared = |link: &Link| other.iter().any(|other| other.location == link.location);
    own.iter()
        .rev()
        .find(|link| !shared(link))
        .or_else(|| own.first())
        .map(|link| link.location.clone())
}

/// Where the absence of a counterpart was decided: the expansion of the same resource in the twin module, else the parent
/// that the missing one would have, else nothing.
pub(super) fn of_absence(
    mirror: &Mirror<'_>,
    stray: InstanceId,
    region: usize,
) -> (Vec<Link>, Option<Location>) {
    let instance = mirror.instance(stray);
    let own = expansion(instance).map_or(&[][..], |links| links);
    // A sibling of the same resource whose counterpart is there shows how the twin is expanded.
    let resource = crate::mirror::without_own_key(&instance.address);
    let siblings = mirror.graph.resource(instance.root.as_ref(), resource);
    for sibling in siblings {
        let pair = mirror.pairing.pair_of(*sibling, Some(region));
        let Some(twin) = pair.and_then(|pair| mirror.pairing.pairs[pair.index()].instance()) else {
            continue;
        };
        if let Some(links) = expansion(mirror.instance(twin)) {
            let place = telling(links, own);
            return (links.to_vec(), place);
        }
    }
    // Else any instance of the twin module that is expanded by the same call arguments.
    let neighbours = mirror.graph.out(stray).iter().map(|edge| edge.to);
    for neighbour in neighbours {
        let pair = mirror.pairing.pair_of(neighbour, Some(region));
        let Some(twin) = pair.and_then(|pair| mirror.pairing.pairs[pair.index()].instance()) else {
            continue;
        };
        let twin = mirror.instance(twin);
        if let Some(location) = &twin.source {
            let what = format!("beside {}", twin.address);
            let link = Link {
                location: location.clone(),
                what: what.into(),
            };
            return (vec![link], Some(location.clone()));
        }
    }
    (Vec::new(), None)
}
