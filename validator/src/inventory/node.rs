//! Nodes: from values, in a fixed order, as text, and what they refer to.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use cty::{Mark, Type, Value};

use super::{Name, Node, Path, Reference, Sealer, Unknown};
use crate::symbol::{self, PathStep, Symbol};

impl Node {
    /// A value in normal form; `None` for null, which is not set.
    pub fn from_value(value: &Value, sealer: &Sealer) -> Option<Self> {
        let secret = |mark: &Mark| matches!(mark, Mark::Sensitive | Mark::Ephemeral);
        if value.marks().is_some_and(|marks| marks.iter().any(secret)) {
            let (bare, _) = value.unmark_deep();
            if bare.is_null() {
                return None;
            }
            let sealed = match Node::from_value(&bare, sealer) {
                Some(node) if bare.is_wholly_known() => sealer.seal(&node),
                _ => sealer.unknown(symbol::because(&bare)),
            };
            return Some(Node::Sensitive(Arc::new(sealed)));
        }
        if value.is_null() {
            return None;
        }
        if !value.is_known() {
            return Some(Node::Unknown(Arc::new(Unknown::of(value))));
        }
        Some(Node::from_known(value, sealer))
    }

    fn from_known(value: &Value, sealer: &Sealer) -> Self {
        let element = |value: &Value| Node::from_value(value, sealer).unwrap_or(Node::Null);
        if let Some(text) = value.as_str() {
            return Node::String(text.into());
        }
        if let Some(truth) = value.as_bool() {
            return Node::Bool(truth);
        }
        if let Some(number) = value.as_number() {
            return Node::Number(Box::new(number.clone()));
        }
        if let Some(entries) = value.entries() {
            let named = entries.iter();
            return match value.ty() {
                Type::Map(_) => Node::Map(Arc::new(
                    named.map(|(key, v)| (key.clone(), element(v))).collect(),
                )),
                _ => Node::Object(Arc::new(
                    named
                        .filter_map(|(key, v)| Some((key.clone(), Node::from_value(v, sealer)?)))
                        .collect(),
                )),
            };
        }
        let elements = value.elements().unwrap_or_default();
        if !matches!(value.ty(), Type::Set(_)) {
            return Node::List(elements.iter().map(element).collect());
        }
        // Unknown elements of a set may be equal to others: not even its size is known.
        if elements.iter().any(|element| !element.is_known()) {
            let list = Value::tuple(elements.to_vec());
            return Node::Unknown(Arc::new(Unknown {
                because: symbol::because(&list),
                symbol: Some(Arc::new(Symbol::Call {
                    function: "toset".into(),
                    arguments: vec![list],
                })),
            }));
        }
        let mut nodes: Vec<Node> = elements.iter().map(element).collect();
        sort(&mut nodes, |node| node);
        Node::Set(nodes.into())
    }

    /// The same without what only a schema can tell: sets are lists, maps are objects.
    #[must_use]
    pub fn untyped(self) -> Self {
        match self {
            Node::Set(nodes) | Node::List(nodes) => {
                Node::List(nodes.iter().cloned().map(Node::untyped).collect())
            }
            Node::Map(nodes) | Node::Object(nodes) => {
                let entries = nodes
                    .iter()
                    .map(|(name, node)| (name.clone(), node.clone().untyped()));
                Node::Object(Arc::new(entries.collect()))
            }
            other => other,
        }
    }

    /// Whether nothing of it is unknown or hidden.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Node::Unknown(_) | Node::Sensitive(_) => false,
            Node::List(nodes) | Node::Set(nodes) => nodes.iter().all(Node::is_wholly_known),
            Node::Map(nodes) | Node::Object(nodes) => nodes.values().all(Node::is_wholly_known),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => true,
        }
    }

    /// Whether it says nothing: empty text, an empty collection. What is optional may as well be left out then.
    pub fn is_empty(&self) -> bool {
        match self {
            Node::String(text) => text.is_empty(),
            Node::List(nodes) | Node::Set(nodes) => nodes.is_empty(),
            Node::Map(nodes) | Node::Object(nodes) => nodes.is_empty(),
            _ => false,
        }
    }

    /// The text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Node::Null => 0,
            Node::Bool(_) => 1,
            Node::Number(_) => 2,
            Node::String(_) => 3,
            Node::List(_) => 4,
            Node::Set(_) => 5,
            Node::Map(_) => 6,
            Node::Object(_) => 7,
            Node::Sensitive(_) => 8,
            Node::Unknown(_) => 9,
        }
    }
}

/// The fixed order in which sets are stored: by what is known, so that it does not hang on where a value came from.
pub fn order(a: &Node, b: &Node) -> Ordering {
    match (a, b) {
        (Node::Bool(a), Node::Bool(b)) => a.cmp(b),
        (Node::Number(a), Node::Number(b)) => a.cmp(b),
        (Node::String(a), Node::String(b)) => a.cmp(b),
        (Node::List(a), Node::List(b)) | (Node::Set(a), Node::Set(b)) => {
            in_order(a.iter(), b.iter())
        }
        (Node::Map(a), Node::Map(b)) | (Node::Object(a), Node::Object(b)) => a
            .keys()
            .cmp(b.keys())
            .then_with(|| in_order(a.values(), b.values())),
        (Node::Sensitive(a), Node::Sensitive(b)) => {
            (&a.digest, &a.because).cmp(&(&b.digest, &b.because))
        }
        (Node::Unknown(a), Node::Unknown(b)) => a.because.cmp(&b.because).then_with(|| {
            let text = |unknown: &Unknown| unknown.symbol.as_deref().map(symbol::text);
            text(a).cmp(&text(b))
        }),
        _ => a.rank().cmp(&b.rank()),
    }
}

fn in_order<'a>(a: impl Iterator<Item = &'a Node>, b: impl Iterator<Item = &'a Node>) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match order(a, b) {
                Ordering::Equal => {}
                other => return other,
            },
        }
    }
}

/// Brings elements of a set into their fixed order; equal ones that are wholly known fall together.
pub fn sort<T>(elements: &mut Vec<T>, node: impl Fn(&T) -> &Node) {
    elements.sort_by(|a, b| order(node(a), node(b)));
    elements.dedup_by(|a, b| {
        let (a, b) = (node(a), node(b));
        a.is_wholly_known() && order(a, b) == Ordering::Equal
    });
}

/// A place inside of a value as a place inside of a node.
pub fn path_of(path: &cty::Path) -> Path {
    let step = |step: &cty::PathStep| match step {
        cty::PathStep::Attribute(name) => Some(PathStep::Name(name.clone())),
        cty::PathStep::Index(key) => {
            match (key.as_str(), key.as_number().and_then(cty::Number::to_u64)) {
                (Some(name), _) => Some(PathStep::Name(name.into())),
                (None, Some(at)) => Some(PathStep::Index(at)),
                (None, None) => None,
            }
        }
    };
    path.steps().iter().map_while(step).collect()
}

/// A place as text: `ingress[0].cidr_blocks`; keys that are no names stand in brackets.
pub fn path_text(path: &[PathStep]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Name(name) if is_name(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            // Writing to a string cannot fail.
            PathStep::Name(name) => drop(write!(text, "[{name:?}]")),
            PathStep::Index(at) => drop(write!(text, "[{at}]")),
        }
    }
    text
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Instances that the unknown parts of a node wait for, with the place of each part.
pub fn referred(node: &Node, at: &mut Path, found: &mut Vec<Reference>) {
    match node {
        Node::Unknown(unknown) => {
            if let Some(symbol) = &unknown.symbol {
                let mut leaves = Leaves::default();
                leaves.symbol(symbol, 0);
                found.extend(leaves.found.into_iter().map(|(to, to_path)| Reference {
                    path: at.clone(),
                    to,
                    to_path,
                }));
            }
        }
        Node::List(nodes) | Node::Set(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                at.push(PathStep::Index(u64::try_from(index).unwrap_or(u64::MAX)));
                referred(node, at, found);
                at.pop();
            }
        }
        Node::Map(nodes) | Node::Object(nodes) => {
            for (name, node) in nodes.iter() {
                at.push(PathStep::Name(name.clone()));
                referred(node, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// Leaves that one symbol may have in references.
const MOST_LEAVES: usize = 64;

/// What a symbol refers to.
#[derive(Default)]
struct Leaves {
    /// Symbols are shared: each is looked at once.
    seen: HashSet<*const Symbol>,
    found: BTreeSet<(Name, Path)>,
}

impl Leaves {
    fn symbol(&mut self, symbol: &Arc<Symbol>, depth: u32) {
        if self.found.len() >= MOST_LEAVES || depth > 64 || !self.seen.insert(Arc::as_ptr(symbol)) {
            return;
        }
        if let Symbol::Resource { address, path } = &**symbol {
            self.found.insert((address.clone(), path.clone()));
            return;
        }
        for value in symbol::operands(symbol) {
            self.value(value, depth + 1);
        }
    }

    fn value(&mut self, value: &Value, depth: u32) {
        if let Some(symbol) = symbol::of(value) {
            return self.symbol(symbol, depth);
        }
        if depth > 64 || value.is_wholly_known() {
            return;
        }
        let elements = value.elements().unwrap_or_default().iter();
        let entries = value.entries().into_iter().flat_map(|e| e.values());
        for part in elements.chain(entries) {
            self.value(part, depth + 1);
        }
    }
}
