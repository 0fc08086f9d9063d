//! Values at a path through the blocks of both sides: which block answers to which, and what stands in each.

use std::collections::BTreeMap;

use crate::inventory::{Name, Node, Path};
use crate::mirror::Outcome;
use crate::symbol::PathStep;

/// A value and where it stands; `None` where nothing does.
pub(super) type Found<'n> = (Path, Option<&'n Node>);

/// The same attribute on both sides.
pub(super) type Both<'n> = (Found<'n>, Found<'n>);

/// Attributes by which blocks of one kind are told apart.
const KEYS: [&str; 24] = [
    "name",
    "id",
    "rule_name",
    "sid",
    "key",
    "region_name",
    "region",
    "container_name",
    "device_name",
    "attribute_name",
    "index_name",
    "metric_name",
    "origin_id",
    "rule_no",
    "priority",
    "destination_cidr_block",
    "cidr_block",
    "ipv6_cidr_block",
    "container_port",
    "port",
    "from_port",
    "path",
    "type",
    "schedule",
];

/// How blocks of a kind answer to each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Aligned {
    /// Positions on both sides.
    pub pairs: Vec<(usize, usize)>,
    /// Primary blocks that nothing answers to.
    pub missing: Vec<usize>,
    /// Secondary blocks that answer to nothing.
    pub extra: Vec<usize>,
    /// Why it cannot be told which answers to which.
    pub open: Vec<Name>,
}

/// Walks both sides at once.
pub(super) struct Walk<'w, 'n> {
    /// Compares two blocks under the pair.
    pub compare: &'w dyn Fn(&Node, &Node) -> Outcome,
    /// Alignments that were made, by the path of the blocks.
    pub aligned: &'w mut BTreeMap<Vec<Name>, Aligned>,
    /// What was found.
    pub found: Vec<Both<'n>>,
}

impl<'n> Walk<'_, 'n> {
    /// Follows a path from two nodes that are the same distance from their instances.
    pub(super) fn follow(
        &mut self,
        one: (&mut Path, Option<&'n Node>),
        other: (&mut Path, Option<&'n Node>),
        done: &[Name],
        rest: &[Name],
    ) {
        let (at, p) = one;
        let (at_s, s) = other;
        let Some((name, further)) = rest.split_first() else {
            self.found.push(((at.clone(), p), (at_s.clone(), s)));
            return;
        };
        let closed =
            |node: Option<&Node>| matches!(node, Some(Node::Unknown(_) | Node::Sensitive(_)));
        // What is not known covers all that is in it.
        if closed(p) || closed(s) {
            self.found.push(((at.clone(), p), (at_s.clone(), s)));
            return;
        }
        match (elements(p), elements(s)) {
            (None, None) => {
                at.push(PathStep::Name(name.clone()));
                at_s.push(PathStep::Name(name.clone()));
                let mut next = done.to_vec();
                next.push(name.clone());
                self.follow(
                    (at, member(p, name)),
                    (at_s, member(s, name)),
                    &next,
                    further,
                );
                at.pop();
                at_s.pop();
            }
            (p, s) => {
                let (p, s) = (p.unwrap_or_default(), s.unwrap_or_default());
                if p.is_empty() && s.is_empty() {
                    return;
                }
                for (a, b) in self.positions(done, p, s) {
                    at.push(index(a.unwrap_or(0)));
                    at_s.push(index(b.unwrap_or(0)));
                    self.follow(
                        (at, a.and_then(|a| p.get(a))),
                        (at_s, b.and_then(|b| s.get(b))),
                        done,
                        rest,
                    );
                    at.pop();
                    at_s.pop();
                }
            }
        }
    }

    fn positions(
        &mut self,
        done: &[Name],
        p: &[Node],
        s: &[Node],
    ) -> Vec<(Option<usize>, Option<usize>)> {
        // One on a side answers to the other; a block that is missing has its defaults.
        if p.len() <= 1 && s.len() <= 1 {
            return vec![((!p.is_empty()).then_some(0), (!s.is_empty()).then_some(0))];
        }
        if !self.aligned.contains_key(done) {
            let made = align(p, s, self.compare);
            self.aligned.insert(done.to_vec(), made);
        }
        self.aligned
            .get(done)
            .map(|aligned| {
                aligned
                    .pairs
                    .iter()
                    .map(|(a, b)| (Some(*a), Some(*b)))
                    .collect()
            })
            .unwrap_or_default()
    }
}

fn index(at: usize) -> PathStep {
    PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX))
}

fn elements(node: Option<&Node>) -> Option<&[Node]> {
    match node {
        Some(Node::List(nodes) | Node::Set(nodes)) => Some(nodes),
        _ => None,
    }
}

fn member<'n>(node: Option<&'n Node>, name: &Name) -> Option<&'n Node> {
    match node {
        Some(Node::Object(nodes) | Node::Map(nodes)) => nodes.get(name),
        _ => None,
    }
}

/// Which block answers to which: the same, then the one with the same key, then the only one that is left.
fn align(p: &[Node], s: &[Node], compare: &dyn Fn(&Node, &Node) -> Outcome) -> Aligned {
    let mut aligned = Aligned::default();
    let mut left: Vec<usize> = (0..s.len()).collect();
    let mut missing: Vec<usize> = Vec::new();
    for (at, one) in p.iter().enumerate() {
        let same = left.iter().position(|other| {
            s.get(*other)
                .is_some_and(|other| compare(one, other).is_same())
        });
        match same {
            Some(found) => aligned.pairs.push((at, left.remove(found))),
            None => missing.push(at),
        }
    }
    missing.retain(|at| {
        let key = p.get(*at).and_then(key);
        let found = left
            .iter()
            .position(|other| key.is_some() && s.get(*other).and_then(self::key) == key);
        if let Some(found) = found {
            aligned.pairs.push((*at, left.remove(found)));
        }
        found.is_none()
    });
    if let ([one], [other]) = (missing.as_slice(), left.as_slice()) {
        aligned.pairs.push((*one, *other));
        missing.clear();
        left.clear();
    }
    for one in &missing {
        for other in &left {
            if let (Some(one), Some(other)) = (p.get(*one), s.get(*other))
                && let Outcome::Unknown(because) = compare(one, other)
            {
                aligned.open.extend(because);
            }
        }
    }
    aligned.open.sort();
    aligned.open.dedup();
    aligned.pairs.sort_unstable();
    aligned.missing = missing;
    aligned.extra = left;
    aligned
}

/// What a block is told by: its first key that is known.
fn key(node: &Node) -> Option<(&'static str, String)> {
    let Node::Object(nodes) = node else {
        return None;
    };
    KEYS.iter().find_map(|name| {
        let text = match nodes.get(*name)? {
            Node::String(text) => text.to_string(),
            Node::Number(number) => number.to_string(),
            _ => return None,
        };
        Some((*name, text))
    })
}
