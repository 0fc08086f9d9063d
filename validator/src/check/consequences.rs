//! What follows from what: children of a missing instance, references to it, and the same cause seen by a broader rule.

use std::collections::{BTreeMap, BTreeSet};

use super::decides;
use crate::inventory::Path;
use crate::mirror::{InstanceId, Mirror};
use crate::source::Location;
use crate::verdict::{Asked, Broken, Spot, Unsure};

/// How broad a rule is: what a narrow one says of a place explains what a broader one says.
pub(super) fn breadth(asked: &Asked) -> u8 {
    match asked.rule {
        "counterpart-missing" | "attribute-differs" => 4,
        "reference-not-translated" | "stalls-when-region-lost" => 3,
        "depends-on-primary" => 2,
        _ if asked.row => 3,
        _ => 1,
    }
}

/// For each verdict the one that it follows from, if any. Chains end in one that follows from nothing.
pub(super) fn causes(mirror: &Mirror<'_>, broken: &[Broken]) -> Vec<Option<usize>> {
    let strays = strays(broken);
    let spots = spots(broken);
    let zones = zones(mirror, broken);
    let mut cause: Vec<Option<usize>> = vec![None; broken.len()];
    for (at, verdict) in broken.iter().enumerate() {
        cause[at] = same_stray(verdict, at, &strays)
            .or_else(|| follows(verdict, at, &strays))
            .or_else(|| parent(mirror, verdict, at, &strays, broken))
            .or_else(|| zone(mirror, verdict, at, &zones))
            .or_else(|| narrower(verdict, at, broken, &spots));
    }
    (0..broken.len()).map(|at| root(&cause, at)).collect()
}

/// Which verdict speaks of a missing counterpart of an instance: the narrowest.
fn strays(broken: &[Broken]) -> BTreeMap<InstanceId, usize> {
    let mut strays: BTreeMap<InstanceId, usize> = BTreeMap::new();
    for (at, verdict) in broken.iter().enumerate() {
        let asked = &verdict.asked;
        let mut about: Vec<InstanceId> = verdict
            .covers
            .iter()
            .filter(|spot| spot.path.is_empty())
            .filter_map(|spot| spot.instance)
            .collect();
        if asked.secondary.instance.is_none() && asked.primary.path.is_empty() && !asked.alone {
            about.extend(asked.primary.instance);
        }
        for id in about {
            let narrower = strays
                .get(&id)
                .is_none_or(|other| breadth(asked) < breadth(&broken[*other].asked));
            if narrower {
                strays.insert(id, at);
            }
        }
    }
    strays
}

/// The same missing counterpart, said by a narrower rule.
fn same_stray(verdict: &Broken, at: usize, strays: &BTreeMap<InstanceId, usize>) -> Option<usize> {
    let asked = &verdict.asked;
    if asked.secondary.instance.is_some() || !asked.primary.path.is_empty() || asked.alone {
        return None;
    }
    let other = *strays.get(&asked.primary.instance?)?;
    (other != at).then_some(other)
}

fn follows(verdict: &Broken, at: usize, strays: &BTreeMap<InstanceId, usize>) -> Option<usize> {
    verdict
        .follows
        .iter()
        .filter_map(|id| strays.get(id).copied())
        .find(|other| *other != at)
}

/// A missing counterpart whose instance needs another one that is missing too; or that only missing ones refer to, of which a
/// narrower rule speaks. One whose absence has a reason of its own follows from nothing.
fn parent(
    mirror: &Mirror<'_>,
    verdict: &Broken,
    at: usize,
    strays: &BTreeMap<InstanceId, usize>,
    broken: &[Broken],
) -> Option<usize> {
    let asked = &verdict.asked;
    if asked.secondary.instance.is_some() || !asked.primary.path.is_empty() || asked.alone {
        return None;
    }
    let id = asked.primary.instance?;
    let region = region(mirror, asked);
    let own = breadth(asked);
    let wide = |other: &usize| breadth(&broken[*other].asked);
    let with = |other: InstanceId| {
        let found = strays.get(&other).copied()?;
        // A gateway and its address are one thing to the rule that asks for both.
        let one_thing = own == 1 && broken[found].asked.rule == asked.rule;
        (one_thing || !decides::by_itself(mirror, id, other, region)).then_some(found)
    };
    let out = mirror
        .graph
        .out(id)
        .iter()
        .filter(|edge| decides::needs(mirror, id, edge, region))
        .filter_map(|edge| with(edge.to));
    let only_missing = || {
        let mut referring = mirror.graph.referring(id);
        referring.all(|(from, _)| mirror.pairing.pair_of(from, Some(region)).is_none())
    };
    let into = mirror
        .graph
        .referring(id)
        .filter(|_| only_missing())
        .filter_map(|(from, _)| with(from));
    out.filter(|other| *other != at && wide(other) <= own)
        .chain(into.filter(|other| *other != at && wide(other) < own))
        .next()
}

/// The instance whose missing counterpart a verdict speaks of.
fn stray(asked: &Asked) -> Option<InstanceId> {
    let whole = asked.secondary.instance.is_none() && asked.primary.path.is_empty();
    asked.primary.instance.filter(|_| whole && !asked.alone)
}

/// Verdicts about a zone less, with the places that decide it.
type Zones = Vec<(usize, BTreeSet<Location>)>;

fn zones(mirror: &Mirror<'_>, broken: &[Broken]) -> Zones {
    let mut found = Zones::new();
    for (at, verdict) in broken.iter().enumerate() {
        let asked = &verdict.asked;
        if let Some(id) = stray(asked).filter(|_| asked.rule == "fewer-zones") {
            let places = decides::places(mirror, id, region(mirror, asked));
            if !places.is_empty() {
                found.push((at, places));
            }
        }
    }
    found
}

/// What there is one of for each zone, where the same list decides that a zone is missing: one cause. The first that says so
/// stands for all.
fn zone(mirror: &Mirror<'_>, verdict: &Broken, at: usize, zones: &Zones) -> Option<usize> {
    let first = zones.first()?.0;
    let id = stray(&verdict.asked).filter(|_| at != first)?;
    let own = decides::places(mirror, id, region(mirror, &verdict.asked));
    let is_zone = zones.iter().any(|(other, _)| *other == at);
    zones
        .iter()
        .filter(|(other, _)| *other < at || !is_zone)
        .find(|(_, places)| !own.is_empty() && own.is_subset(places))
        .map(|(other, _)| *other)
}

/// The secondary region that a verdict is about, by position.
fn region(mirror: &Mirror<'_>, asked: &Asked) -> usize {
    let named = asked.region.as_ref();
    let at = named.and_then(|region| mirror.roles.secondary.iter().position(|it| it == region));
    at.unwrap_or(0)
}

type Spots<'a> = BTreeMap<InstanceId, Vec<(usize, &'a Path)>>;

fn spots(broken: &[Broken]) -> Spots<'_> {
    let mut spots = Spots::new();
    for (at, verdict) in broken.iter().enumerate() {
        for spot in places(verdict) {
            if let Some(id) = spot.instance {
                spots.entry(id).or_default().push((at, &spot.path));
            }
        }
    }
    spots
}

fn places(verdict: &Broken) -> impl Iterator<Item = &Spot> {
    [&verdict.asked.primary, &verdict.asked.secondary]
        .into_iter()
        .chain(&verdict.covers)
}

/// A narrower verdict about the same attribute.
fn narrower(verdict: &Broken, at: usize, broken: &[Broken], spots: &Spots<'_>) -> Option<usize> {
    let own = breadth(&verdict.asked);
    // What is said of one instance by itself is another subject than how both sides differ there.
    if verdict.asked.alone {
        return None;
    }
    // The attribute that is wrong is the secondary's, where there is one.
    let spot = if verdict.asked.secondary.instance.is_some() {
        &verdict.asked.secondary
    } else {
        &verdict.asked.primary
    };
    let overlap = |one: &Path, other: &Path| {
        !one.is_empty() && !other.is_empty() && (one.starts_with(other) || other.starts_with(one))
    };
    spots
        .get(&spot.instance?)?
        .iter()
        .filter(|(other, path)| *other != at && overlap(path, &spot.path))
        .map(|(other, _)| *other)
        .find(|other| !broken[*other].asked.alone && breadth(&broken[*other].asked) < own)
}

/// The last of a chain of causes; a circle has none.
fn root(cause: &[Option<usize>], at: usize) -> Option<usize> {
    let mut last = cause[at]?;
    for _ in 0..cause.len() {
        match cause[last] {
            // In a circle the first one stands for all.
            Some(next) if next == at => return (last < at).then_some(last),
            Some(next) => last = next,
            None => return Some(last),
        }
    }
    None
}

/// The same for questions: whether a value leads back is only asked where nobody else asks for it.
fn gap_breadth(asked: &Asked) -> u8 {
    if asked.rule == "depends-on-primary" {
        5
    } else {
        breadth(asked)
    }
}

/// Whether a verdict or question of a narrower rule speaks of the same place as a gap.
pub(super) fn explained(gap: &Unsure, broken: &[Broken], unsure: &[Unsure]) -> bool {
    let own = gap_breadth(&gap.asked);
    if own == 1 || gap.asked.alone {
        return false;
    }
    let same = |spot: &Spot| {
        [&gap.asked.primary, &gap.asked.secondary]
            .into_iter()
            .any(|asked| {
                asked.instance.is_some()
                    && asked.instance == spot.instance
                    && (asked.path == spot.path
                        || !asked.path.is_empty()
                            && !spot.path.is_empty()
                            && (asked.path.starts_with(&spot.path)
                                || spot.path.starts_with(&asked.path)))
            })
    };
    broken
        .iter()
        .filter(|other| !other.asked.alone && breadth(&other.asked) < own)
        .any(|other| places(other).any(same))
        || unsure
            .iter()
            .filter(|other| gap_breadth(&other.asked) < own)
            .any(|other| same(&other.asked.primary) || same(&other.asked.secondary))
}
