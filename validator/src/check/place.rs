//! Where to look: of each side the place at which it differs from the other one, so that twin module calls are told apart.
//!
//! A chain is a tree that is written from its root outwards. Both are walked side by side as long as they stand at the same
//! places. Where they part, the branch counts whose values differ; in it the deepest place that the other side does not share.

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

/// The chains of all that stands inside of a place, behind that of the place itself.
pub(super) fn inside(instance: &Instance, path: &Path) -> Vec<Link> {
    let text = node::path_text(path);
    if text.is_empty() {
        return Vec::new();
    }
    let mut links = Vec::new();
    let from: crate::inventory::Name = text.as_str().into();
    for (name, chain) in instance.places.range(from..) {
        let Some(rest) = name.strip_prefix(&*text) else {
            break;
        };
        if rest.is_empty() || rest.starts_with(['[', '.']) {
            let depth = u16::try_from(rest.matches(['.', '[']).count()).unwrap_or(u16::MAX);
            links.extend(chain.iter().map(|link| Link {
                depth: link.depth.saturating_add(depth),
                ..link.clone()
            }));
        }
    }
    links
}

/// The chain that decided how many instances of a resource there are.
pub(super) fn expansion(instance: &Instance) -> Option<&Arc<[Link]>> {
    instance
        .places
        .get("for_each")
        .or_else(|| instance.places.get("count"))
}

/// The place to show of a chain beside another one: where they part, else the first.
pub(super) fn telling(own: &[Link], other: &[Link]) -> Option<Location> {
    parting(own, other).or_else(|| own.first().map(|link| link.location.clone()))
}

/// The place of a chain at which it parts from another one; `None` where they are the same.
pub(super) fn parting(own: &[Link], other: &[Link]) -> Option<Location> {
    let (_, own, other) = branch(own, other)?;
    deepest(own, other)
}

/// A chain that starts at one link, and the rest.
fn trees(mut links: &[Link]) -> Vec<&[Link]> {
    let mut trees = Vec::new();
    while let Some(first) = links.first() {
        let more = links[1..]
            .iter()
            .take_while(|link| link.depth > first.depth);
        let (tree, rest) = links.split_at(1 + more.count());
        trees.push(tree);
        links = rest;
    }
    trees
}

/// How surely a branch is the one that makes the difference: least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    /// The values there differ.
    Differs,
    /// They may.
    Open,
    /// They are the same, but for regions.
    Same,
}

/// The branch at which two chains part.
fn branch<'l>(own: &'l [Link], other: &'l [Link]) -> Option<(Sure, &'l [Link], &'l [Link])> {
    let (own, other) = (trees(own), trees(other));
    let mut best: Option<(Sure, &[Link], &[Link])> = None;
    for (at, one) in own.into_iter().enumerate() {
        let two = other.get(at).copied().unwrap_or_default();
        let found = match (one.first(), two.first()) {
            (Some(a), Some(b)) if a.location == b.location => branch(&one[1..], &two[1..]),
            (Some(a), Some(b)) => Some((sure(a, b), one, two)),
            _ => Some((Sure::Open, one, two)),
        };
        if let Some(found) = found
            && best.is_none_or(|best| found.0 < best.0)
        {
            best = Some(found);
        }
    }
    best
}

fn sure(one: &Link, other: &Link) -> Sure {
    match (one.like, other.like) {
        (0, _) | (_, 0) => Sure::Open,
        (one, other) if one == other => Sure::Same,
        _ => Sure::Differs,
    }
}

/// The deepest place of a branch that the other one does not share. A default of a module is shared by all of its calls: the
/// call stands for it.
fn deepest(own: &[Link], other: &[Link]) -> Option<Location> {
    let shared = |link: &Link| other.iter().any(|other| other.location == link.location);
    let default = |link: &Link| link.what.starts_with("default of module.");
    let mut found: Option<&Link> = None;
    for link in own.iter().filter(|link| !shared(link) && !default(link)) {
        if found.is_none_or(|found| link.depth > found.depth) {
            found = Some(link);
        }
    }
    found.map(|link| link.location.clone())
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
    let placed = |links: &[Link]| (links.to_vec(), telling(links, own));
    let twin_of = |id: InstanceId| {
        let pair = mirror.pairing.pair_of(id, Some(region))?;
        mirror.pairing.pairs[pair.index()].instance()
    };
    // A sibling of the same resource whose counterpart is there shows how the twin is expanded.
    let resource = crate::mirror::without_own_key(&instance.address);
    let siblings = mirror.graph.resource(instance.root.as_ref(), resource);
    let expanded = siblings
        .iter()
        .filter_map(|sibling| twin_of(*sibling))
        .find_map(|twin| expansion(mirror.instance(twin)));
    if let Some(links) = expanded {
        return placed(links);
    }
    if let Some(links) = unmade(mirror, stray, &twin_of) {
        return placed(links);
    }
    // Else any instance that the missing one would refer to.
    let neighbours = mirror.graph.out(stray).iter().map(|edge| edge.to);
    for twin in neighbours.filter_map(twin_of) {
        let twin = mirror.instance(twin);
        if let Some(location) = &twin.source {
            let what = format!("beside {}", twin.address);
            let link = Link {
                location: location.clone(),
                what: what.into(),
                depth: 0,
                like: 0,
            };
            return (vec![link], Some(location.clone()));
        }
    }
    (Vec::new(), None)
}

/// Where it is decided that the twin module has no instance of a resource.
fn unmade<'m>(
    mirror: &'m Mirror<'_>,
    stray: InstanceId,
    twin_of: &impl Fn(InstanceId) -> Option<InstanceId>,
) -> Option<&'m [Link]> {
    let instance = mirror.instance(stray);
    if mirror.inventory.unmade.is_empty() || instance.module.is_empty() {
        return None;
    }
    let modules = mirror
        .pairing
        .pairs
        .iter()
        .filter(|pair| mirror.instance(pair.primary).module == instance.module)
        .filter_map(|pair| twin_of(pair.primary))
        .map(|twin| mirror.instance(twin))
        .filter(|twin| twin.module != instance.module && !twin.module.is_empty());
    let mut tried = std::collections::BTreeSet::new();
    for twin in modules {
        if !tried.insert((&twin.root, &twin.module)) {
            continue;
        }
        let address = format!("{}.{}.{}", twin.module, instance.ty, instance.name);
        let found = mirror
            .inventory
            .unmade
            .iter()
            .find(|unmade| *unmade.address == *address && unmade.root == twin.root);
        if let Some(found) = found {
            return Some(&found.links);
        }
    }
    None
}
