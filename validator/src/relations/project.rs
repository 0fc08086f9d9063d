//! Values at a path through blocks: of one block one, of several several.

use crate::inventory::{Instance, Node, Path};
use crate::symbol::PathStep;

/// A value and where it stands. `None` where the block is there and the attribute is not.
pub(super) type Found<'a> = (Path, Option<&'a Node>);

/// All values at a path. None at all where a block on the way is missing.
pub(super) fn project<'a>(instance: &'a Instance, path: &str) -> Vec<Found<'a>> {
    let names: Vec<&str> = path.split('.').collect();
    let Some((first, rest)) = names.split_first() else {
        return Vec::new();
    };
    let mut at = vec![PathStep::Name((*first).into())];
    let mut found = Vec::new();
    match instance.values.get(*first) {
        Some(node) => inside(node, rest, &mut at, &mut found),
        None if rest.is_empty() => found.push((at, None)),
        None => {}
    }
    found
}

fn inside<'a>(node: &'a Node, names: &[&str], at: &mut Path, found: &mut Vec<Found<'a>>) {
    let Some((first, rest)) = names.split_first() else {
        found.push((at.clone(), Some(node)));
        return;
    };
    match node {
        // What is not known covers all that is in it.
        Node::Unknown(_) | Node::Sensitive(_) => found.push((at.clone(), Some(node))),
        Node::List(nodes) | Node::Set(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                at.push(PathStep::Index(u64::try_from(index).unwrap_or(u64::MAX)));
                inside(node, names, at, found);
                at.pop();
            }
        }
        Node::Object(nodes) | Node::Map(nodes) => {
            at.push(PathStep::Name((*first).into()));
            match nodes.get(*first) {
                Some(node) => inside(node, rest, at, found),
                None if rest.is_empty() => found.push((at.clone(), None)),
                None => {}
            }
            at.pop();
        }
        _ => {}
    }
}
