//! Who refers to whom: references that the source names, and known values that are the identity of another instance.

mod identity;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use self::identity::{Identities, counts};
use super::InstanceId;
use crate::inventory::{Instance, Inventory, Mode, Name, Node, Path, node};
use crate::symbol::PathStep;

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Where in the instance that refers.
    pub path: Path,
    /// To whom.
    pub to: InstanceId,
    /// To what of it: `id`, `arn`.
    pub attribute: Name,
}

/// All references of an estate, in both directions.
#[derive(Debug, Default)]
pub struct Graph {
    by_type: BTreeMap<Name, Vec<InstanceId>>,
    by_address: FxHashMap<(Option<Name>, Name), InstanceId>,
    /// Instances by the address of their resource, without keys.
    by_resource: FxHashMap<(Option<Name>, Name), Vec<InstanceId>>,
    out: Vec<Vec<Edge>>,
    into: Vec<Vec<(InstanceId, usize)>>,
    identities: Identities,
    regions: Vec<Option<Name>>,
    names: names::Names,
}

impl Graph {
    /// Reads all references of an inventory.
    pub(super) fn new(inventory: &Inventory) -> Self {
        let mut graph = Graph {
            out: vec![Vec::new(); inventory.instances.len()],
            into: vec![Vec::new(); inventory.instances.len()],
            regions: inventory
                .instances
                .iter()
                .map(|instance| instance.region.value.clone())
                .collect(),
            ..Graph::default()
        };
        for (id, instance) in numbered(inventory) {
            if instance.mode == Mode::Managed {
                graph
                    .by_type
                    .entry(instance.ty.clone())
                    .or_default()
                    .push(id);
            }
            let root = instance.root.clone();
            graph
                .by_address
                .insert((root.clone(), instance.address.clone()), id);
            let resource = without_own_key(&instance.address);
            graph
                .by_resource
                .entry((root, resource.into()))
                .or_default()
                .push(id);
            graph.identities.add(id, instance);
            graph.names.add(id, instance);
        }
        for (id, instance) in numbered(inventory) {
            let edges = graph.edges_of(id, instance);
            for (at, edge) in edges.iter().enumerate() {
                if let Some(into) = graph.into.get_mut(edge.to.index()) {
                    into.push((id, at));
                }
            }
            graph.out[id.index()] = edges;
        }
        graph
    }

    fn edges_of(&self, id: InstanceId, instance: &Instance) -> Vec<Edge> {
        let mut edges = BTreeSet::new();
        let mut leaves = Vec::new();
        for (name, node) in &instance.values {
            node::referred(node, &mut vec![PathStep::Name(name.clone())], &mut leaves);
        }
        let traced = instance
            .references
            .iter()
            .filter(|reference| counts(instance, reference));
        for reference in traced.chain(&leaves) {
            let attribute: Name = match reference.to_path.first() {
                Some(PathStep::Name(name)) => name.clone(),
                _ => "".into(),
            };
            for to in self.resolve(instance, &reference.to) {
                if to != id {
                    edges.insert(Edge {
                        path: reference.path.clone(),
                        to,
                        attribute: attribute.clone(),
                    });
                }
            }
        }
        for (name, node) in &instance.values {
            if let Node::String(text) = node
                && let Some(to) = self.names.find(instance, name, text)
            {
                edges.insert(Edge {
                    path: vec![PathStep::Name(name.clone())],
                    to,
                    attribute: "name".into(),
                });
            }
            // What names the instance itself is no reference.
            if !matches!(&**name, "id" | "arn" | "tags" | "tags_all") {
                self.known(
                    id,
                    node,
                    &mut vec![PathStep::Name(name.clone())],
                    &mut edges,
                );
            }
        }
        edges.into_iter().collect()
    }

    /// Instances that an address of a reference means: one, or all of a resource, of which the one with the same key is
    /// taken where there is one.
    fn resolve(&self, from: &Instance, address: &Name) -> Vec<InstanceId> {
        let key = (from.root.clone(), address.clone());
        if let Some(id) = self.by_address.get(&key) {
            return vec![*id];
        }
        let Some(all) = self.by_resource.get(&key) else {
            return Vec::new();
        };
        let suffix = from
            .address
            .get(without_own_key(&from.address).len()..)
            .unwrap_or_default();
        if !suffix.is_empty() {
            let same: Name = format!("{address}{suffix}").into();
            if let Some(id) = self.by_address.get(&(from.root.clone(), same)) {
                return vec![*id];
            }
        }
        all.clone()
    }

    fn known(&self, id: InstanceId, node: &Node, at: &mut Path, edges: &mut BTreeSet<Edge>) {
        match node {
            Node::String(text) => {
                let region = self.regions.get(id.index()).and_then(Option::as_deref);
                for (_, _, to, attribute) in self.identities.in_text(text, region) {
                    if to != id {
                        edges.insert(Edge {
                            path: at.clone(),
                            to,
                            attribute: attribute.clone(),
                        });
                    }
                }
            }
            Node::List(nodes) | Node::Set(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    at.push(PathStep::Index(u64::try_from(index).unwrap_or(u64::MAX)));
                    self.known(id, node, at, edges);
                    at.pop();
                }
            }
            Node::Map(nodes) | Node::Object(nodes) => {
                for (name, node) in nodes.iter() {
                    at.push(PathStep::Name(name.clone()));
                    self.known(id, node, at, edges);
                    at.pop();
                }
            }
            _ => {}
        }
    }

    /// What a known text names, seen from a region: an instance and the attribute of it.
    pub fn identity(&self, text: &str, region: Option<&str>) -> Option<(InstanceId, &Name)> {
        self.identities.find(text, region)
    }

    /// All identities that stand in a text as whole words: where each begins and ends, and whose it is.
    pub(super) fn identities_in(
        &self,
        text: &str,
        region: &str,
    ) -> Vec<(usize, usize, InstanceId, Name)> {
        self.identities
            .in_text(text, Some(region))
            .map(|(start, stop, id, name)| (start, stop, id, name.clone()))
            .collect()
    }

    /// The instance of an address, in a root.
    pub fn find(&self, root: Option<&Name>, address: &str) -> Option<InstanceId> {
        self.by_address
            .get(&(root.cloned(), address.into()))
            .copied()
    }

    /// All instances of a resource, by its address without the last key.
    pub fn resource(&self, root: Option<&Name>, address: &str) -> &[InstanceId] {
        self.by_resource
            .get(&(root.cloned(), address.into()))
            .map_or(&[], Vec::as_slice)
    }

    /// Managed instances of a type.
    pub fn of_type(&self, ty: &str) -> &[InstanceId] {
        self.by_type.get(ty).map_or(&[], Vec::as_slice)
    }

    /// All types that have managed instances.
    pub fn types(&self) -> impl Iterator<Item = &Name> {
        self.by_type.keys()
    }

    /// References of an instance.
    pub fn out(&self, id: InstanceId) -> &[Edge] {
        self.out.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// Who refers to an instance, and by which reference.
    pub fn referring(&self, id: InstanceId) -> impl Iterator<Item = (InstanceId, &Edge)> {
        let list = self.into.get(id.index()).map_or(&[][..], Vec::as_slice);
        list.iter()
            .filter_map(|(from, at)| Some((*from, self.out(*from).get(*at)?)))
    }

    /// Instances that refer to an instance by an attribute, as `bucket`, of a type.
    pub fn owned(
        &self,
        id: InstanceId,
        inventory: &Inventory,
        ty: &str,
        name: &str,
    ) -> Vec<InstanceId> {
        let mut found: Vec<InstanceId> = self
            .referring(id)
            .filter(|(from, edge)| {
                inventory.instances[from.index()].ty.as_ref() == ty
                    && matches!(edge.path.first(), Some(PathStep::Name(first)) if &**first == name)
            })
            .map(|(from, _)| from)
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Managed instances that the value at a path, or a part of it, leads to.
    pub fn targets(&self, id: InstanceId, path: &str) -> Vec<InstanceId> {
        let path = crate::verdict::Spot::of(id, path).path;
        let mut found: Vec<InstanceId> = self
            .out(id)
            .iter()
            .filter(|edge| edge.path.starts_with(&path))
            .map(|edge| edge.to)
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

/// The address without the key at its end.
pub(crate) fn without_own_key(address: &str) -> &str {
    if !address.ends_with(']') {
        return address;
    }
    let parts = crate::documents::address::parts(address);
    let last = parts.last().copied().unwrap_or(address);
    let bare = crate::documents::address::without_key(last);
    address
        .get(..address.len() - last.len() + bare.len())
        .unwrap_or(address)
}

fn numbered(inventory: &Inventory) -> impl Iterator<Item = (InstanceId, &Instance)> {
    inventory
        .instances
        .iter()
        .enumerate()
        .map(|(at, instance)| (InstanceId(u32::try_from(at).unwrap_or(u32::MAX)), instance))
}
