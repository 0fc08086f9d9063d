//! Why it is not certain that something has no counterpart: an unknown count, region or source.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{InstanceId, Standing};
use super::Work;
use crate::inventory::Name;
use crate::symbol::PathStep;

/// Most reasons that are told of one instance.
const MOST: usize = 5;

/// Instances that leave open what there is: by type, few.
pub(super) struct Open {
    /// Whose number is not known: side, type, address without words for roles.
    counts: FxHashMap<(bool, Name, String), Vec<Name>>,
    /// Whose region is not known, by type.
    regions: FxHashMap<Name, Vec<Name>>,
    incomplete: bool,
    /// What those without counterpart refer to and are referred to by: side, type.
    links: FxHashMap<(bool, Name), FxHashSet<Link>>,
}

/// A type and an argument of it that lead to an instance, or from it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Link {
    into: bool,
    ty: Name,
    argument: Name,
}

impl Work<'_> {
    /// Gathers what is open.
    pub(super) fn opened(&self) -> Open {
        let mut open = Open {
            counts: FxHashMap::default(),
            regions: FxHashMap::default(),
            links: FxHashMap::default(),
            incomplete: self.inventory.sources.iter().any(|source| !source.complete),
        };
        for (is_primary, ids) in [(true, &self.primary), (false, &self.secondary)] {
            for id in ids {
                let instance = self.instance(*id);
                if self.is_free(*id) {
                    let links = open.links.entry((is_primary, instance.ty.clone()));
                    links.or_default().extend(self.links(*id));
                }
                if !instance.expansion_known {
                    let key = (is_primary, instance.ty.clone(), self.bare_resource(*id));
                    open.counts
                        .entry(key)
                        .or_default()
                        .push(format!("how many {} there are", instance.address).into());
                }
            }
        }
        for (at, instance) in self.inventory.instances.iter().enumerate() {
            let id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
            if instance.mode == crate::inventory::Mode::Managed
                && self.roles.standing(id) == Standing::Unknown
            {
                open.regions
                    .entry(instance.ty.clone())
                    .or_default()
                    .push(format!("the region of {}", instance.address).into());
            }
        }
        open
    }

    fn bare_resource(&self, id: InstanceId) -> String {
        self.roles.bare(super::super::graph::without_own_key(
            &self.instance(id).address,
        ))
    }

    /// Why it is not certain that an instance of a side has no counterpart.
    pub(super) fn open(&self, open: &Open, id: InstanceId, is_primary: bool) -> Vec<Name> {
        let instance = self.instance(id);
        if !instance.expansion_known {
            return vec![format!("how many {} there are", instance.address).into()];
        }
        let mut reasons: Vec<Name> = Vec::new();
        if !open.counts.is_empty() {
            let key = (!is_primary, instance.ty.clone(), self.bare_resource(id));
            reasons.extend(open.counts.get(&key).into_iter().flatten().cloned());
        }
        reasons.extend(
            open.regions
                .get(&instance.ty)
                .into_iter()
                .flatten()
                .take(MOST)
                .cloned(),
        );
        if is_primary {
            reasons.extend(super::embedded::open(self, id));
        }
        reasons.extend(self.loose(open, id, is_primary));
        if open.incomplete {
            reasons.push("what the sources that could not be read in full hold".into());
        }
        reasons.truncate(MOST);
        reasons
    }

    fn links(&self, id: InstanceId) -> Vec<Link> {
        let link = |from: InstanceId, edge: &super::super::Edge, into| match edge.path.first() {
            Some(PathStep::Name(argument)) => Some(Link {
                into,
                ty: self.instance(from).ty.clone(),
                argument: argument.clone(),
            }),
            _ => None,
        };
        let out = self
            .graph
            .out(id)
            .iter()
            .filter_map(|edge| link(id, edge, false));
        let referring = self.graph.referring(id);
        out.chain(referring.filter_map(|(from, edge)| link(from, edge, true)))
            .collect()
    }

    /// Arguments that lead to nothing known, and that lead somewhere on the other side: were they known, they could make a
    /// pair with something that is still free there.
    fn loose(&self, open: &Open, id: InstanceId, is_primary: bool) -> Vec<Name> {
        let sides = (Standing::Primary, Standing::Secondary(self.region));
        let (here, there) = if is_primary {
            sides
        } else {
            (sides.1, sides.0)
        };
        let mut found = super::arrows::open(self, id, is_primary);
        let Some(links) = open.links.get(&(!is_primary, self.instance(id).ty.clone())) else {
            return found;
        };
        for link in links {
            for loose in self.adrift.of(&link.ty, &link.argument, here) {
                if link.into || loose.id == id {
                    found.extend(loose.because.iter().cloned());
                }
            }
        }
        for link in self.links(id) {
            for loose in self.adrift.of(&link.ty, &link.argument, there) {
                if link.into || self.is_free(loose.id) {
                    found.extend(loose.because.iter().cloned());
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}
