//! A plan and a state of one root are one world: what the plan leaves to be known after apply, the state shows of what it has
//! applied already.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};
use crate::inventory::{Action, Instance, Inventory, Mode, Name, Node, SourceKind};

/// Joins each state to the plan of its root, where one was given; the others are roots of their own. `certain` says that all
/// of them were given for one root.
pub(super) fn join(plans: Vec<Inventory>, states: Vec<Inventory>, certain: bool) -> Vec<Inventory> {
    let certain = certain && plans.len() == 1 && states.len() == 1;
    let mut worlds: Vec<(Inventory, bool)> = plans.into_iter().map(|plan| (plan, false)).collect();
    let mut alone = Vec::new();
    for state in states {
        let mut free: Vec<(usize, &mut (Inventory, bool))> = worlds
            .iter_mut()
            .filter(|(_, taken)| !taken)
            .filter_map(|world| Some((likeness(&world.0, &state, certain)?, world)))
            .collect();
        free.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
        match free.into_iter().next() {
            Some((_, (plan, taken))) => {
                complete(plan, state);
                *taken = true;
            }
            None => alone.push(state),
        }
    }
    let worlds = worlds.into_iter().map(|(world, _)| world);
    worlds.chain(alone).collect()
}

/// How many managed instances both have, where they can be of one root: most of the smaller one, in the same regions and with
/// the same ids.
fn likeness(plan: &Inventory, state: &Inventory, certain: bool) -> Option<usize> {
    let planned: BTreeMap<&str, Option<&Instance>> = plan
        .changes
        .iter()
        .map(|change| (&*change.address, None))
        .chain(managed(plan).map(|instance| (&*instance.address, Some(instance))))
        .collect();
    let (mut common, mut parted) = (0_usize, 0_usize);
    for instance in managed(state) {
        let Some(planned) = planned.get(&*instance.address) else {
            continue;
        };
        common += 1;
        parted += usize::from(planned.is_some_and(|planned| is_another(planned, instance)));
    }
    if certain {
        return Some(common);
    }
    let smaller = planned.len().min(managed(state).count());
    (common > 0 && common * 2 >= smaller && parted * 2 <= common).then_some(common)
}

fn managed(inventory: &Inventory) -> impl Iterator<Item = &Instance> {
    let all = inventory.instances.iter();
    all.filter(|instance| instance.mode == Mode::Managed)
}

/// Whether two instances of one address are known to be two things.
fn is_another(planned: &Instance, stated: &Instance) -> bool {
    let id = |instance: &Instance| match instance.values.get("id") {
        Some(Node::String(id)) => Some(id.clone()),
        _ => None,
    };
    let differ = |one: Option<Name>, other: Option<Name>| {
        one.zip(other).is_some_and(|(one, other)| one != other)
    };
    differ(planned.region.value.clone(), stated.region.value.clone())
        || differ(id(planned), id(stated))
}

/// Completes a plan by the state of its root.
fn complete(plan: &mut Inventory, state: Inventory) {
    let whole = plan
        .sources
        .iter()
        .any(|source| source.kind == SourceKind::Plan && source.complete);
    let planned: BTreeMap<Name, Action> = plan
        .changes
        .iter()
        .filter(|change| !change.outside)
        .map(|change| (change.address.clone(), change.action))
        .collect();
    let mut stated: BTreeMap<Name, Instance> = BTreeMap::new();
    for instance in state.instances {
        stated.insert(instance.address.clone(), instance);
    }
    for instance in &mut plan.instances {
        let Some(known) = stated.remove(&instance.address) else {
            continue;
        };
        let action = planned.get(&instance.address);
        // What the plan changes was known to it: what it leaves open is open.
        if known.mode == instance.mode
            && matches!(
                action,
                None | Some(Action::Create | Action::Read | Action::NoOp)
            )
        {
            fill(instance, known);
        }
    }
    let mut left: BTreeSet<Name> = BTreeSet::new();
    for (address, instance) in stated {
        let gone = planned
            .get(&address)
            .is_some_and(|action| matches!(action, Action::Delete | Action::Forget));
        if gone {
            continue;
        }
        // Data sources that are read at apply stand in no plan.
        if instance.mode == Mode::Managed && whole {
            left.insert(address);
        } else {
            plan.instances.push(instance);
        }
    }
    plan.instances.sort_by(|a, b| a.address.cmp(&b.address));
    plan.diagnostics.extend(state.diagnostics);
    plan.diagnostics.extend(left_out(&left));
    plan.sources.extend(state.sources);
    plan.moved.extend(state.moved);
    plan.stores.extend(state.stores);
}

/// Instances that only the state has, beside a plan that would know them.
fn left_out(addresses: &BTreeSet<Name>) -> Option<Diagnostic> {
    if addresses.is_empty() {
        return None;
    }
    let shown: Vec<&str> = addresses.iter().take(3).map(|address| &**address).collect();
    let summary = format!(
        "{} instances of the state are not in the plan: {}",
        addresses.len(),
        shown.join(", ")
    );
    let detail = "The plan is what counts. Make a new plan, or give each root its own name in dr.hcl where they are of two.";
    Some(Diagnostic::warning(Kind::Document, summary, detail))
}

/// Takes from the state what a planned instance does not know.
fn fill(instance: &mut Instance, known: Instance) {
    for (name, node) in &known.values {
        if let Some(planned) = instance.values.get_mut(name) {
            settle(planned, node);
        }
    }
    if instance.region.value.is_none() {
        instance.region = known.region;
    }
    if instance.account.value.is_none() {
        instance.account = known.account;
    }
    if instance.provider_key.is_none() {
        instance.provider_key = known.provider_key;
    }
    if instance.references.is_empty() {
        instance.references = known.references;
    }
}

/// Puts what is known in the place of what is not.
fn settle(planned: &mut Node, known: &Node) {
    match (&mut *planned, known) {
        (Node::Unknown(_), known) => *planned = known.clone(),
        (Node::Sensitive(sealed), Node::Sensitive(_)) if sealed.digest.is_none() => {
            *planned = known.clone();
        }
        (Node::List(planned), Node::List(known)) if planned.len() == known.len() => {
            let mut all = planned.to_vec();
            for (planned, known) in all.iter_mut().zip(known.iter()) {
                settle(planned, known);
            }
            *planned = all.into();
        }
        (Node::Map(planned) | Node::Object(planned), Node::Map(known) | Node::Object(known)) => {
            let planned = Arc::make_mut(planned);
            for (name, known) in known.iter() {
                if let Some(planned) = planned.get_mut(name) {
                    settle(planned, known);
                }
            }
        }
        _ => {}
    }
}
