//! What is not known and decides: whether instances exist, where they lie, and which value a choice takes. Rules are asked in the world that
//! has all instances and all values of each choice, and in worlds where one unknown is assumed to be this or that. What every
//! world says is said; what only some of them say hangs on the unknown, and is a question.

mod assumed;
mod choices;
mod doubts;
mod regions;
mod unite;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use self::choices::Forks;
use self::doubts::Doubts;
use super::Options;
use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror};
use crate::symbol::Assumption;
use crate::verdict::{Broken, Sink};

/// What is assumed in a world.
#[derive(Default)]
struct World {
    assumption: Assumption,
    /// Instances that are not there, in order.
    missing: BTreeSet<InstanceId>,
    /// Regions of instances.
    regions: BTreeMap<InstanceId, Name>,
    /// Instances in whose values something is assumed.
    touched: BTreeSet<InstanceId>,
    /// What it hangs on.
    because: Vec<Name>,
    /// How a sentence begins that is true in this world: `if var.open is false`.
    only: String,
    /// How one begins that is true in others: `unless var.open is false`.
    unless: String,
}

/// Asks every rule in every world, and says what they agree in.
pub(super) fn ask(mirror: &Mirror<'_>, options: &Options) -> Sink {
    let sink = super::collect(mirror, options);
    let forks = Forks::new(mirror);
    let doubts = Doubts::new(mirror, &forks);
    let instances = mirror.inventory.instances.len();
    let mut worlds = forks.worlds(mirror, instances);
    worlds.extend(doubts.worlds(mirror, instances));
    worlds.extend(regions::worlds(mirror));
    if worlds.is_empty() {
        return sink;
    }
    let mut settings = mirror.settings.clone();
    settings.primary = Some(mirror.roles.primary.clone());
    settings.secondary.clone_from(&mirror.roles.secondary);
    let mut united = unite::United::new(mirror, super::finish::counted(mirror, options, sink));
    let said: Vec<_> = worlds
        .into_par_iter()
        .map(|world| {
            let inventory = assumed::inventory(mirror.inventory, &world);
            // Without the primary region there is nothing to ask.
            let other = Mirror::new(&inventory, &settings).ok()?;
            let said = super::collect(&other, options);
            let said = super::finish::counted(&other, options, said);
            let roots = roots(&other, &said.broken);
            Some((world, said, roots))
        })
        .collect();
    for (world, said, roots) in said.iter().flatten() {
        united.hear(world, said, roots);
    }
    united.sink()
}

/// Which verdicts follow from no other.
fn roots(world: &Mirror<'_>, broken: &[Broken]) -> Vec<bool> {
    let causes = super::consequences::causes(world, broken);
    causes.iter().map(Option::is_none).collect()
}
