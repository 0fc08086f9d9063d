//! Instances of which it is not known whether they exist: rules are asked in the world that has them all and in worlds that
//! lack some. What every world says is said; what only some of them say hangs on the unknown, and is a question.

mod doubts;
mod unite;

use std::sync::Arc;

use rayon::prelude::*;

use self::doubts::Doubts;
use super::Options;
use crate::inventory::{Inventory, Mode, Name};
use crate::mirror::{InstanceId, Mirror};
use crate::verdict::{Broken, Sink};

/// What a world lacks.
struct Lack {
    /// The instances, in order.
    instances: Vec<InstanceId>,
    /// What it hangs on whether they exist.
    because: Vec<Name>,
}

/// Asks every rule in every world, and says what they agree in.
pub(super) fn ask(mirror: &Mirror<'_>, options: &Options) -> Sink {
    let mut sink = super::collect(mirror, options);
    let doubts = Doubts::new(mirror);
    if doubts.is_empty() {
        return sink;
    }
    sink = super::finish::counted(mirror, options, sink);
    let mut settings = mirror.settings.clone();
    settings.primary = Some(mirror.roles.primary.clone());
    settings.secondary.clone_from(&mirror.roles.secondary);
    settings.cidr = Some(mirror.cidr);
    let mut united = unite::United::new(mirror, sink);
    let lacks = doubts.worlds(mirror.inventory.instances.len());
    let worlds: Vec<_> = lacks
        .par_iter()
        .map(|lack| {
            let inventory = without(mirror.inventory, &lack.instances);
            // Without the primary region there is nothing to ask.
            let world = Mirror::new(&inventory, &settings).ok()?;
            let said = super::collect(&world, options);
            let said = super::finish::counted(&world, options, said);
            let roots = roots(&world, &said.broken);
            Some((said, roots))
        })
        .collect();
    for (lack, world) in lacks.iter().zip(&worlds) {
        if let Some((said, roots)) = world {
            united.hear(lack, said, roots);
        }
    }
    united.sink()
}

/// Which verdicts follow from no other.
fn roots(world: &Mirror<'_>, broken: &[Broken]) -> Vec<bool> {
    let causes = super::consequences::causes(world, broken);
    causes.iter().map(Option::is_none).collect()
}

/// The same inventory without some instances. Others keep their numbers: what stands in the place of a missing one is
/// nothing that anybody asks for.
fn without(inventory: &Inventory, missing: &[InstanceId]) -> Inventory {
    let mut left = inventory.clone();
    for id in missing {
        let Some(instance) = left.instances.get_mut(id.index()) else {
            continue;
        };
        instance.address = format!("absent.number{}", id.index()).into();
        instance.module = Arc::from("");
        instance.mode = Mode::Data;
        instance.ty = Arc::from("absent");
        instance.index = None;
        instance.values.clear();
        instance.references.clear();
        instance.places.clear();
    }
    left
}
