//! Instances of which it is not known in which region they lie: one world for each region of the estate.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Standing};

/// Most unknown regions that are looked at one by one; where there are more, all fall together.
const MOST: usize = 8;

/// Worlds in which all that waits for the same lies in one region of the estate.
pub(super) fn worlds(mirror: &Mirror<'_>) -> Vec<World> {
    let mut groups: BTreeMap<(Option<&Name>, &[Name]), BTreeSet<InstanceId>> = BTreeMap::new();
    for (id, instance) in mirror.instances() {
        // A state often does not say where a part of something lies: only what code declares is asked.
        if mirror.standing(id) == Standing::Unknown && instance.source.is_some() {
            let because = waits_for(&instance.region.because);
            let group = groups.entry((instance.root.as_ref(), because));
            group.or_default().insert(id);
        }
    }
    let mut all: Vec<(Vec<Name>, BTreeSet<InstanceId>)> = groups
        .into_iter()
        .map(|((_, because), instances)| (because.to_vec(), instances))
        .collect();
    if all.len() > MOST {
        let because: BTreeSet<Name> = all.iter().flat_map(|(why, _)| why.clone()).collect();
        let instances = all.into_iter().flat_map(|(_, ids)| ids).collect();
        all = vec![(because.into_iter().collect(), instances)];
    }
    let regions = std::iter::once(&mirror.roles.primary).chain(&mirror.roles.secondary);
    let each = |(because, instances): &(Vec<Name>, BTreeSet<InstanceId>)| {
        regions
            .clone()
            .map(|region| world(mirror, region, because, instances))
            .collect::<Vec<_>>()
    };
    all.iter().flat_map(each).collect()
}

/// The end of a derivation: what the region waits for, not how it was found out.
fn waits_for(because: &[Name]) -> &[Name] {
    let first = because.iter().position(|reason| reason.contains("var."));
    let first = first.unwrap_or(because.len().saturating_sub(1));
    because.get(first..).unwrap_or_default()
}

fn world(
    mirror: &Mirror<'_>,
    region: &Name,
    because: &[Name],
    instances: &BTreeSet<InstanceId>,
) -> World {
    let first = instances.first().map(|id| &mirror.instance(*id).address);
    let address = first.map_or("", |address| &**address);
    let more = match instances.len() {
        0 | 1 => String::new(),
        2 => " and one more".into(),
        many => format!(" and {} more", many - 1),
    };
    let own = || vec![Name::from(format!("the region of {address}"))];
    World {
        regions: instances.iter().map(|id| (*id, region.clone())).collect(),
        because: if because.is_empty() {
            own()
        } else {
            because.to_vec()
        },
        only: format!("if {address}{more} lies in {region}"),
        unless: format!("unless {address}{more} lies in {region}"),
        ..World::default()
    }
}
