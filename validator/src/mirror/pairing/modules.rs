//! Modules that are twins: two calls of one module, one for each region.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::super::InstanceId;
use super::Work;
use crate::inventory::Name;

/// A module instance of a root.
pub(super) type ModuleKey = (Option<Name>, Name);

/// Twins, from the primary's module to the secondary's. A module that serves both regions is its own twin.
#[derive(Debug, Default)]
pub(super) struct Modules {
    pub(super) twins: FxHashMap<ModuleKey, ModuleKey>,
}

/// What a module declares on one side: type and bare name of each resource.
type Shape = BTreeSet<(Name, String)>;

/// Finds twins among all modules with instances on either side.
pub(super) fn twins(work: &Work<'_>) -> Modules {
    let shapes = |ids: &[InstanceId]| {
        let mut shapes: BTreeMap<ModuleKey, Shape> = BTreeMap::new();
        for id in ids {
            let instance = work.instance(*id);
            let key = (instance.root.clone(), instance.module.clone());
            let name = work.roles.bare(&instance.name);
            shapes
                .entry(key)
                .or_default()
                .insert((instance.ty.clone(), name));
        }
        shapes
    };
    let primary = shapes(&work.primary);
    let secondary = shapes(&work.secondary);
    let mut modules = Modules::default();
    let mut taken: BTreeSet<ModuleKey> = BTreeSet::new();
    by_name(work, &primary, &secondary, &mut modules, &mut taken);
    by_shape(&primary, &secondary, &mut modules, &mut taken);
    modules
}

/// The same name but for words of roles, or the very same module.
fn by_name(
    work: &Work<'_>,
    primary: &BTreeMap<ModuleKey, Shape>,
    secondary: &BTreeMap<ModuleKey, Shape>,
    modules: &mut Modules,
    taken: &mut BTreeSet<ModuleKey>,
) {
    let bare = |key: &ModuleKey| {
        let parts: Vec<String> = crate::documents::address::parts(&key.1)
            .into_iter()
            .map(|part| work.roles.bare(part))
            .collect();
        parts.join(".")
    };
    let mut by_bare: BTreeMap<String, Vec<&ModuleKey>> = BTreeMap::new();
    for key in secondary.keys() {
        by_bare.entry(bare(key)).or_default().push(key);
    }
    for (key, shape) in primary {
        // One that serves both regions: its own twin, unless another one fits better by what it declares.
        let candidates = by_bare.get(&bare(key)).cloned().unwrap_or_default();
        let best = candidates
            .iter()
            .filter(|candidate| !taken.contains(**candidate))
            .max_by_key(|candidate| (overlap(shape, &secondary[**candidate]), **candidate == key));
        if let Some(best) = best {
            taken.insert((*best).clone());
            modules.twins.insert(key.clone(), (*best).clone());
        }
    }
}

/// Modules that declare the same, where the names say nothing: at least half in common, and nobody has more.
fn by_shape(
    primary: &BTreeMap<ModuleKey, Shape>,
    secondary: &BTreeMap<ModuleKey, Shape>,
    modules: &mut Modules,
    taken: &mut BTreeSet<ModuleKey>,
) {
    let mut by_element: BTreeMap<&(Name, String), Vec<&ModuleKey>> = BTreeMap::new();
    for (key, shape) in secondary {
        for element in shape {
            by_element.entry(element).or_default().push(key);
        }
    }
    for (key, shape) in primary {
        if modules.twins.contains_key(key) || shape.len() < 2 {
            continue;
        }
        let mut common: BTreeMap<&ModuleKey, usize> = BTreeMap::new();
        for element in shape {
            // What many modules declare tells none of them apart.
            for candidate in by_element.get(element).into_iter().flatten().take(64) {
                if !taken.contains(*candidate) {
                    *common.entry(*candidate).or_default() += 1;
                }
            }
        }
        let score = |candidate: &ModuleKey, count: usize| {
            count * 1000 / shape.len().max(secondary[candidate].len()).max(1)
        };
        let best = common
            .iter()
            .map(|(candidate, count)| (score(candidate, *count), *candidate))
            .max();
        let Some((best, candidate)) = best else {
            continue;
        };
        let equals = common
            .iter()
            .filter(|(candidate, count)| score(candidate, **count) == best)
            .count();
        if best >= 500 && equals == 1 {
            taken.insert(candidate.clone());
            modules.twins.insert(key.clone(), candidate.clone());
        }
    }
}

fn overlap(one: &Shape, other: &Shape) -> usize {
    one.intersection(other).count()
}
