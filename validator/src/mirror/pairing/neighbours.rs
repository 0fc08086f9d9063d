//! Pairs by place: where the names in the code say nothing, the names that AWS knows do, and then the place among paired
//! neighbours.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::super::{InstanceId, schema_path};
use super::modules::Modules;
use super::{Evidence, Work};
use crate::inventory::{Mode, Node};

/// Neighbours that have more than this many of one type around them tell nobody apart.
const CROWD: usize = 256;

/// Pairs what names or neighbours tell apart, until nothing changes; what they do not is ambiguous.
pub(super) fn pair(work: &mut Work<'_>, modules: &Modules) {
    loop {
        let found = first_of([
            &|| by_name(work, modules),
            &|| by_votes(work, modules, Voice::Names).0,
            &|| by_votes(work, modules, Voice::Kind).0,
        ]);
        if found.is_empty() {
            let (_, ties) = by_votes(work, modules, Voice::Kind);
            work.ambiguous.extend(ties);
            return;
        }
        for (one, other) in found {
            if work.is_free(one) && work.is_free(other) {
                work.pair(one, other, Evidence::Neighbours);
            }
        }
    }
}

type Found = Vec<(InstanceId, InstanceId)>;

/// The first kind of evidence that finds anything.
fn first_of(kinds: [&dyn Fn() -> Found; 3]) -> Found {
    kinds
        .into_iter()
        .map(|find| find())
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// How much an instance may say of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// Its key and the names that AWS knows it by, without words for regions.
    Names,
    /// What kind of thing it is.
    Kind,
}

fn eligible(work: &Work<'_>, id: InstanceId) -> bool {
    let instance = work.instance(id);
    instance.mode == Mode::Managed && instance.expansion_known
}

fn candidates(work: &Work<'_>) -> (Vec<InstanceId>, Vec<InstanceId>) {
    let (mut primary, mut secondary) = work.free();
    primary.retain(|id| eligible(work, *id));
    secondary.retain(|id| eligible(work, *id));
    (primary, secondary)
}

/// The only ones with a name on both sides.
fn by_name(work: &Work<'_>, modules: &Modules) -> Found {
    let (primary, secondary) = candidates(work);
    let mut groups: BTreeMap<u64, (Vec<InstanceId>, Vec<InstanceId>)> = BTreeMap::new();
    for id in primary {
        if has_name(work, id) {
            groups
                .entry(colour(work, id, Voice::Names))
                .or_default()
                .0
                .push(id);
        }
    }
    for id in secondary {
        if has_name(work, id) {
            groups
                .entry(colour(work, id, Voice::Names))
                .or_default()
                .1
                .push(id);
        }
    }
    let mut found = Found::new();
    for (primary, secondary) in groups.values() {
        if let ([one], [other]) = (primary.as_slice(), secondary.as_slice())
            && !told_apart(work, modules, *one, *other)
        {
            found.push((*one, *other));
        }
    }
    found.sort();
    found
}

/// Candidates of each instance with the votes of paired neighbours; those that are each other's only best are pairs, the
/// others ties.
fn by_votes(work: &Work<'_>, modules: &Modules, voice: Voice) -> (Found, Vec<super::Both>) {
    let (primary, secondary) = candidates(work);
    let free: FxHashSet<InstanceId> = secondary.iter().copied().collect();
    let mut colours: FxHashMap<InstanceId, u64> = FxHashMap::default();
    for id in primary.iter().chain(&secondary) {
        colours.insert(*id, colour(work, *id, voice));
    }
    let mut best: BTreeMap<InstanceId, Vec<InstanceId>> = BTreeMap::new();
    let mut chosen: FxHashMap<InstanceId, (usize, Vec<InstanceId>)> = FxHashMap::default();
    for id in primary {
        let mut votes: BTreeMap<InstanceId, usize> = BTreeMap::new();
        for other in around(work, id) {
            if free.contains(&other)
                && colours[&other] == colours[&id]
                && !told_apart(work, modules, id, other)
            {
                *votes.entry(other).or_default() += 1;
            }
        }
        let Some(most) = votes.values().max().copied() else {
            continue;
        };
        let tops: Vec<InstanceId> = votes
            .iter()
            .filter(|(_, count)| **count == most)
            .map(|(other, _)| *other)
            .collect();
        for other in &tops {
            let entry = chosen.entry(*other).or_default();
            match most.cmp(&entry.0) {
                std::cmp::Ordering::Greater => *entry = (most, vec![id]),
                std::cmp::Ordering::Equal => entry.1.push(id),
                std::cmp::Ordering::Less => {}
            }
        }
        best.insert(id, tops);
    }
    decide(best, &chosen)
}

fn decide(
    best: BTreeMap<InstanceId, Vec<InstanceId>>,
    chosen: &FxHashMap<InstanceId, (usize, Vec<InstanceId>)>,
) -> (Found, Vec<super::Both>) {
    let mut found = Found::new();
    let mut ties: BTreeMap<Vec<InstanceId>, Vec<InstanceId>> = BTreeMap::new();
    for (id, tops) in best {
        match tops.as_slice() {
            [only] if chosen[only].1.as_slice() == [id] => found.push((id, *only)),
            // Somebody else fits the only candidate better: this one has none.
            [only] if !chosen[only].1.contains(&id) => {}
            _ => ties.entry(tops).or_default().push(id),
        }
    }
    let ties = ties
        .into_iter()
        .map(|(secondary, primary)| (primary, secondary))
        .collect();
    (found, ties)
}

/// Instances that stand to the counterparts of an instance's neighbours as it stands to these; once for each neighbour.
fn around(work: &Work<'_>, id: InstanceId) -> Vec<InstanceId> {
    let mut found = Vec::new();
    let ty = &work.instance(id).ty;
    let twin = |neighbour: InstanceId| match work.partner.get(&neighbour) {
        Some(partner) => Some(*partner),
        // One that serves both sides stands beside both.
        None => {
            (work.roles.standing(neighbour) == super::super::Standing::Global).then_some(neighbour)
        }
    };
    for edge in work.graph.out(id) {
        let Some(twin) = twin(edge.to) else { continue };
        let path = schema_path(&edge.path);
        let same: Vec<InstanceId> = work
            .graph
            .referring(twin)
            .filter(|(from, other)| {
                work.instance(*from).ty == *ty && schema_path(&other.path) == path
            })
            .map(|(from, _)| from)
            .take(CROWD + 1)
            .collect();
        if same.len() <= CROWD {
            found.extend(same);
        }
    }
    for (from, edge) in work.graph.referring(id).take(CROWD) {
        let Some(twin) = twin(from) else { continue };
        let path = schema_path(&edge.path);
        let same = work
            .graph
            .out(twin)
            .iter()
            .filter(|other| work.instance(other.to).ty == *ty && schema_path(&other.path) == path)
            .map(|other| other.to);
        found.extend(same.take(CROWD));
    }
    found
}

fn has_name(work: &Work<'_>, id: InstanceId) -> bool {
    let named = |name: &str, node: &Node| {
        is_name(name) && matches!(node, Node::String(text) if !work.roles.bare(text).is_empty())
    };
    work.instance(id)
        .values
        .iter()
        .any(|(name, node)| named(name, node))
}

/// What an instance says of itself that both regions share. Sizes may differ; kinds may not.
fn colour(work: &Work<'_>, id: InstanceId, voice: Voice) -> u64 {
    let instance = work.instance(id);
    let mut hasher = FxHasher::default();
    instance.ty.hash(&mut hasher);
    if voice == Voice::Names {
        super::twins::bare_key(work, id).hash(&mut hasher);
    }
    for (name, node) in &instance.values {
        match node {
            Node::String(text) if voice == Voice::Names && is_name(name) => {
                (name, work.roles.bare(text)).hash(&mut hasher);
            }
            Node::Bool(truth) if is_kind(name) => (name, truth).hash(&mut hasher),
            Node::String(text) if is_kind(name) => (name, text).hash(&mut hasher),
            // Ranges differ between regions; the default route is the same.
            Node::String(text) if name.starts_with("destination_") && text.ends_with("/0") => {
                (name, text).hash(&mut hasher);
            }
            Node::Number(number) if is_kind(name) => (name, number.to_string()).hash(&mut hasher),
            _ => {}
        }
    }
    hasher.finish()
}

/// Attributes by which AWS, and people, know an instance.
fn is_name(name: &str) -> bool {
    matches!(
        name,
        "name"
            | "identifier"
            | "family"
            | "bucket"
            | "cluster_identifier"
            | "service_name"
            | "domain_name"
            | "replication_group_id"
            | "alias_name"
            | "path"
            | "description"
            | "creation_token"
            | "set_identifier"
            | "fqdn"
            | "alarm_name"
            | "resource_id"
    )
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

/// Whether the declarations say that these two are different things: other names in twin modules.
fn told_apart(work: &Work<'_>, modules: &Modules, one: InstanceId, other: InstanceId) -> bool {
    let (one, other) = (work.instance(one), work.instance(other));
    let module =
        |instance: &crate::inventory::Instance| (instance.root.clone(), instance.module.clone());
    let twins = modules.twins.get(&module(one)) == Some(&module(other));
    // A module that serves both regions must name them apart.
    let alike = module(one) == module(other);
    twins && !alike && !one.module.is_empty()
}
