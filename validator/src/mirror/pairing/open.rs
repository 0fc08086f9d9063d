//! Why it is not certain that something has no counterpart: an unknown count, region or source.

use super::super::{InstanceId, Standing};
use super::Work;
use crate::inventory::Name;

impl Work<'_> {
    /// Why it is not certain that an instance has no counterpart.
    pub(super) fn open(&self, id: InstanceId) -> Vec<Name> {
        let instance = self.instance(id);
        if !instance.expansion_known {
            return vec![format!("how many {} there are", instance.address).into()];
        }
        let others = if self.primary.contains(&id) {
            &self.secondary
        } else {
            &self.primary
        };
        let mut reasons: Vec<Name> = Vec::new();
        let bare = self
            .roles
            .bare(super::super::graph::without_own_key(&instance.address));
        for other in others {
            let other = self.instance(*other);
            if other.ty == instance.ty
                && !other.expansion_known
                && self
                    .roles
                    .bare(super::super::graph::without_own_key(&other.address))
                    == bare
            {
                reasons.push(format!("how many {} there are", other.address).into());
            }
        }
        for (at, other) in self.inventory.instances.iter().enumerate() {
            let other_id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
            if other.ty == instance.ty && self.roles.standing(other_id) == Standing::Unknown {
                reasons.push(format!("the region of {}", other.address).into());
            }
        }
        if self.inventory.sources.iter().any(|source| !source.complete) {
            reasons.push("what the sources that could not be read in full hold".into());
        }
        reasons.truncate(5);
        reasons
    }
}
