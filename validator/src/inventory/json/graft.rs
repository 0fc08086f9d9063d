//! Puts nodes back to where they belong: what was written beside the values.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::inventory::{Name, Node, Path};
use crate::symbol::PathStep;

/// Sets the node at a path; where the path leads nowhere the node is dropped.
pub(super) fn put(values: &mut BTreeMap<Name, Node>, path: &Path, node: Node) {
    let Some((PathStep::Name(first), rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        values.insert(first.clone(), node);
        return;
    }
    let inner = values
        .entry(first.clone())
        .or_insert_with(|| Node::Object(Arc::default()));
    put_in(inner, rest, node);
}

fn put_in(into: &mut Node, path: &[PathStep], node: Node) {
    let Some((step, rest)) = path.split_first() else {
        *into = node;
        return;
    };
    match (into, step) {
        (Node::List(nodes) | Node::Set(nodes), PathStep::Index(at)) => {
            let mut all = nodes.to_vec();
            if let Some(inner) = usize::try_from(*at).ok().and_then(|at| all.get_mut(at)) {
                put_in(inner, rest, node);
            }
            *nodes = all.into();
        }
        (Node::Map(nodes) | Node::Object(nodes), PathStep::Name(name)) => {
            let entries = Arc::make_mut(nodes);
            let inner = entries
                .entry(name.clone())
                .or_insert_with(|| Node::Object(Arc::default()));
            put_in(inner, rest, node);
        }
        _ => {}
    }
}
