//! The inventory of a world: what is assumed in it stands in the place of what is not known.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::Value;

use super::World;
use crate::inventory::{Instance, Inventory, Mode, Name, Node, Path, Sealer, Unknown};
use crate::symbol::{Assumption, PathStep};

/// The inventory with what a world assumes. Instances keep their numbers: what stands in the place of a missing one is nothing
/// that anybody asks for.
pub(super) fn inventory(inventory: &Inventory, world: &World) -> Inventory {
    let mut made = inventory.clone();
    for id in &world.missing {
        if let Some(instance) = made.instances.get_mut(id.index()) {
            remove(instance, id.index());
        }
    }
    for id in world.touched.difference(&world.missing) {
        if let Some(instance) = made.instances.get_mut(id.index()) {
            assume(instance, &world.assumption);
        }
    }
    for (id, region) in &world.regions {
        if let Some(instance) = made.instances.get_mut(id.index()) {
            instance.region.value = Some(region.clone());
        }
    }
    made
}

fn remove(instance: &mut Instance, at: usize) {
    instance.address = format!("absent.number{at}").into();
    instance.module = Arc::from("");
    instance.mode = Mode::Data;
    instance.ty = Arc::from("absent");
    instance.index = None;
    instance.values.clear();
    instance.references.clear();
    instance.places.clear();
}

fn assume(instance: &mut Instance, assumption: &Assumption) {
    let resolved = |unknown: &Arc<Unknown>| many(unknown, assumption).is_some_and(|many| many);
    if !instance.hangs_on.is_empty() && instance.hangs_on.iter().all(resolved) {
        instance.hangs_on.clear();
        instance.expansion_known = true;
    }
    let mut rewriter = Rewriter {
        assumption,
        sealer: Sealer::with_key(Vec::new()),
        changed: Vec::new(),
    };
    let values = std::mem::take(&mut instance.values);
    let mut path = Path::new();
    instance.values = rewriter.entries(&values, &mut path);
    // What an expression may have referred to counts no more: the new value says what it refers to.
    let changed = rewriter.changed;
    instance
        .references
        .retain(|reference| !changed.iter().any(|path| reference.path.starts_with(path)));
}

/// Whether an unknown `count` or `for_each` makes something; `None` where it stays unknown.
pub(super) fn many(unknown: &Unknown, assumption: &Assumption) -> Option<bool> {
    let value = assumption.symbol(unknown.symbol.as_deref()?, 0)?;
    let (value, _) = value.unmark();
    if let Some(number) = value.as_number() {
        return Some(number.to_u64() != Some(0));
    }
    let length = value.elements().map(<[Value]>::len);
    let length = length.or_else(|| value.entries().map(BTreeMap::len));
    length.map(|length| length > 0)
}

struct Rewriter<'a> {
    assumption: &'a Assumption,
    sealer: Sealer,
    /// Where values changed.
    changed: Vec<Path>,
}

impl Rewriter<'_> {
    /// The entries that are still set.
    fn entries(&mut self, nodes: &BTreeMap<Name, Node>, at: &mut Path) -> BTreeMap<Name, Node> {
        let mut made = BTreeMap::new();
        for (name, node) in nodes {
            at.push(PathStep::Name(name.clone()));
            if let Some(node) = self.node(node, at) {
                made.insert(name.clone(), node);
            }
            at.pop();
        }
        made
    }

    fn elements(&mut self, nodes: &[Node], at: &mut Path) -> Vec<Node> {
        let mut made = Vec::with_capacity(nodes.len());
        for (position, node) in nodes.iter().enumerate() {
            at.push(PathStep::Index(u64::try_from(position).unwrap_or(u64::MAX)));
            made.push(self.node(node, at).unwrap_or(Node::Null));
            at.pop();
        }
        made
    }

    /// The node, changed or not; `None` where it is not set any more.
    fn node(&mut self, node: &Node, at: &mut Path) -> Option<Node> {
        Some(match node {
            Node::List(nodes) => Node::List(self.elements(nodes, at).into()),
            Node::Set(nodes) => {
                let mut nodes = self.elements(nodes, at);
                crate::inventory::node::sort(&mut nodes, |node| node);
                Node::Set(nodes.into())
            }
            Node::Map(nodes) => Node::Map(Arc::new(self.entries(nodes, at))),
            Node::Object(nodes) => Node::Object(Arc::new(self.entries(nodes, at))),
            Node::Unknown(unknown) => return self.unknown(node, unknown, at),
            other => other.clone(),
        })
    }

    fn unknown(&mut self, node: &Node, unknown: &Unknown, at: &Path) -> Option<Node> {
        let symbol = unknown.symbol.as_deref();
        let Some(value) = symbol.and_then(|symbol| self.assumption.symbol(symbol, 0)) else {
            return Some(node.clone());
        };
        self.changed.push(at.clone());
        if value.is_marked_deep() {
            return Some(Node::Unknown(Arc::new(Unknown {
                because: unknown.because.clone(),
                symbol: None,
            })));
        }
        Node::from_value(&value, &self.sealer)
    }
}
