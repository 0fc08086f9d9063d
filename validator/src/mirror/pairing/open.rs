//! Why it is not certain that something has no counterpart: an unknown count, region or source.

use rustc_hash::FxHashMap;

use super::super::{InstanceId, Standing};
use super::Work;
use crate::inventory::Name;

/// Most reasons that are told of one instance.
const MOST: usize = 5;

/// Instances that leave open what there is: by type, few.
pub(super) struct Open {
    /// Whose number is not known: side, type, address without words for roles.
    counts: FxHashMap<(bool, Name, String), Vec<Name>>,
    /// Whose region is not known, by type.
    regions: FxHashMap<Name, Vec<Name>>,
    incomplete: bool,
}

impl Work<'_> {
    /// Gathers what is open.
    pub(super) fn opened(&self) -> Open {
        let mut open = Open {
            counts: FxHashMap::default(),
            regions: FxHashMap::default(),
            incomplete: self.inventory.sources.iter().any(|source| !source.complete),
        };
        for (is_primary, ids) in [(true, &self.primary), (false, &self.secondary)] {
            for id in ids {
                let instance = self.instance(*id);
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
        if open.incomplete {
            reasons.push("what the sources that could not be read in full hold".into());
        }
        reasons.truncate(MOST);
        reasons
    }
}
