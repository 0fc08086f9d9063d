//! Pairs by place: where names say nothing, two instances that stand in the same place among paired neighbours are a pair.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use super::super::InstanceId;
use super::modules::Modules;
use super::{Evidence, Work};
use crate::inventory::{Mode, Node, Scope};

/// Rounds of looking at neighbours: paths longer than this tell nobody apart.
const ROUNDS: usize = 6;

/// Pairs what the graph tells apart, until nothing changes; what it does not is ambiguous.
pub(super) fn pair(work: &mut Work<'_>, modules: &Modules) {
    loop {
        let groups = coloured(work);
        let mut found = Vec::new();
        for (primary, secondary) in groups.values() {
            if let ([one], [other]) = (primary.as_slice(), secondary.as_slice()) {
                if !told_apart(work, modules, *one, *other) {
                    found.push((*one, *other));
                }
            }
        }
        if found.is_empty() {
            remember(work, modules, groups);
            return;
        }
        found.sort();
        for (one, other) in found {
            work.pair(one, other, Evidence::Neighbours);
        }
    }
}

type Groups = BTreeMap<u64, (Vec<InstanceId>, Vec<InstanceId>)>;

/// Free instances with at least one neighbour that tells something, by their colour.
fn coloured(work: &Work<'_>) -> Groups {
    let (primary, secondary) = work.free();
    let eligible = |id: &InstanceId| {
        let instance = work.instance(*id);
        instance.mode == Mode::Managed
            && instance.scope == Scope::Regional
            && instance.expansion_known
    };
    let primary: Vec<InstanceId> = primary.into_iter().filter(eligible).collect();
    let secondary: Vec<InstanceId> = secondary.into_iter().filter(eligible).collect();
    if primary.is_empty() || secondary.is_empty() {
        return Groups::new();
    }
    let mut colours: FxHashMap<InstanceId, u64> = FxHashMap::default();
    for id in primary.iter().chain(&secondary) {
        colours.insert(*id, own_colour(work, *id));
    }
    for _ in 0..ROUNDS {
        let next: FxHashMap<InstanceId, u64> = primary
            .iter()
            .chain(&secondary)
            .map(|id| (*id, colour(work, *id, &colours)))
            .collect();
        colours = next;
    }
    let mut groups = Groups::new();
    for id in primary {
        groups.entry(colours[&id]).or_default().0.push(id);
    }
    for id in secondary {
        groups.entry(colours[&id]).or_default().1.push(id);
    }
    groups.retain(|_, (primary, secondary)| {
        !primary.is_empty() && !secondary.is_empty() && primary.iter().any(|id| anchored(work, *id))
    });
    groups
}

/// What an instance says of itself that both regions share: its type and plain values.
fn own_colour(work: &Work<'_>, id: InstanceId) -> u64 {
    let instance = work.instance(id);
    let mut hasher = FxHasher::default();
    instance.ty.hash(&mut hasher);
    for (name, node) in &instance.values {
        // Sizes may differ; kinds may not.
        match node {
            Node::Bool(truth) => (name, truth).hash(&mut hasher),
            Node::String(text) if is_kind(name) => (name, text).hash(&mut hasher),
            Node::Number(number) if is_kind(name) => (name, number.to_string()).hash(&mut hasher),
            _ => {}
        }
    }
    hasher.finish()
}

/// Attributes that say what an instance is.
fn is_kind(name: &str) -> bool {
    matches!(
        name,
        "type"
            | "engine"
            | "protocol"
            | "ip_protocol"
            | "from_port"
            | "to_port"
            | "port"
            | "egress"
            | "rule_number"
            | "load_balancer_type"
            | "vpc_endpoint_type"
            | "destination_cidr_block"
            | "traffic_type"
            | "metric_name"
            | "namespace"
            | "launch_type"
            | "runtime"
            | "handler"
            | "service_namespace"
            | "scalable_dimension"
            | "policy_type"
            | "target_type"
            | "priority"
    )
}

/// The colour with those of the neighbours.
fn colour(work: &Work<'_>, id: InstanceId, colours: &FxHashMap<InstanceId, u64>) -> u64 {
    let mut around: Vec<u64> = Vec::new();
    let mut add = |towards: bool, path: &crate::inventory::Path, other: InstanceId| {
        let mut hasher = FxHasher::default();
        towards.hash(&mut hasher);
        super::super::schema_path(path).hash(&mut hasher);
        match (work.partner.get(&other), colours.get(&other)) {
            (Some(partner), _) => partner.min(&other).hash(&mut hasher),
            (None, Some(colour)) => colour.hash(&mut hasher),
            (None, None) => match work.roles.standing(other) {
                // One that serves both sides is the same for both.
                super::super::Standing::Global => other.hash(&mut hasher),
                _ => work.instance(other).ty.hash(&mut hasher),
            },
        }
        around.push(hasher.finish());
    };
    for edge in work.graph.out(id) {
        add(true, &edge.path, edge.to);
    }
    for (from, edge) in work.graph.into(id) {
        add(false, &edge.path, from);
    }
    around.sort_unstable();
    around.dedup();
    let mut hasher = FxHasher::default();
    colours.get(&id).hash(&mut hasher);
    around.hash(&mut hasher);
    hasher.finish()
}

/// Whether an instance has a neighbour that is paired or shared, or neighbours at all that lead to one.
fn anchored(work: &Work<'_>, id: InstanceId) -> bool {
    work.graph.out(id).iter().any(|edge| !work.is_free(edge.to))
        || work.graph.into(id).any(|(from, _)| !work.is_free(from))
}

/// Whether the declarations say that these two are different things: other names in twin modules.
fn told_apart(work: &Work<'_>, modules: &Modules, one: InstanceId, other: InstanceId) -> bool {
    let (one, other) = (work.instance(one), work.instance(other));
    let module =
        |instance: &crate::inventory::Instance| (instance.root.clone(), instance.module.clone());
    // The very same resource of a module with another key is another thing too.
    let twins = modules.twins.get(&module(one)) == Some(&module(other));
    twins && !one.module.is_empty()
}

fn remember(work: &mut Work<'_>, modules: &Modules, groups: Groups) {
    for (_, (primary, secondary)) in groups {
        let apart = primary.iter().all(|one| {
            secondary
                .iter()
                .all(|other| told_apart(work, modules, *one, *other))
        });
        if !apart && primary.len() <= 50 && secondary.len() <= 50 {
            work.ambiguous.push((primary, secondary));
        }
    }
}
