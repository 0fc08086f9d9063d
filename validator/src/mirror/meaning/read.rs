//! From nodes and symbols to meanings.

use std::collections::BTreeMap;

use cty::Value;

use super::super::Mirror;
use super::super::read::decided_by_aws;
use super::{End, Key, Meaning, Part, Root};
use crate::inventory::{Name, Node, Unknown};
use crate::symbol::{self, PathStep, Symbol};

/// Deepest nesting of expressions that is read.
const DEEPEST: u32 = 40;

impl Mirror<'_> {
    /// What a value means at one end of a pair.
    pub(crate) fn meaning(&self, node: Option<&Node>, end: End, root: Root<'_>) -> Meaning {
        match node {
            None | Some(Node::Null) => Meaning::Absent,
            Some(Node::Bool(truth)) => Meaning::Plain(truth.to_string()),
            Some(Node::Number(number)) => Meaning::Plain(number.to_string()),
            Some(Node::String(text)) => self.text(text, end, root),
            Some(Node::List(nodes)) => Meaning::List(self.all(nodes, end, root)),
            Some(Node::Set(nodes)) => {
                let mut parts = self.all(nodes, end, root);
                parts.sort();
                Meaning::Set(parts)
            }
            Some(Node::Map(nodes) | Node::Object(nodes)) => Meaning::Map(
                nodes
                    .iter()
                    .map(|(name, node)| (name.clone(), self.meaning(Some(node), end, root)))
                    .filter(|(_, meaning)| *meaning != Meaning::Absent)
                    .collect(),
            ),
            Some(Node::Sensitive(sealed)) => match &sealed.digest {
                Some(digest) => Meaning::Sealed(digest.clone()),
                None if decided_by_aws(&sealed.because) && !sealed.because.is_empty() => {
                    Meaning::Aws
                }
                None => Meaning::Unknown(sealed.because.clone()),
            },
            Some(Node::Unknown(unknown)) => self.unknown(unknown, end, root),
        }
    }

    fn all(&self, nodes: &[Node], end: End, root: Root<'_>) -> Vec<Meaning> {
        nodes
            .iter()
            .map(|node| self.meaning(Some(node), end, root))
            .collect()
    }

    fn unknown(&self, unknown: &Unknown, end: End, root: Root<'_>) -> Meaning {
        if let Some(symbol) = &unknown.symbol {
            let meaning = self.symbol(symbol, end, root, 0);
            return match meaning {
                Meaning::Unknown(_) => Meaning::Unknown(unknown.because.clone()),
                other => other,
            };
        }
        if decided_by_aws(&unknown.because) {
            return Meaning::Aws;
        }
        // A plan names what an expression refers to, not the expression. One attribute that is nothing but an identity is
        // taken for the value itself; anything else stays unknown.
        if let [only] = unknown.because.as_slice()
            && let Some(reference) = self.presumed(only, end, root)
        {
            return Meaning::Text(vec![reference]);
        }
        Meaning::Unknown(unknown.because.clone())
    }

    fn presumed(&self, because: &str, end: End, root: Root<'_>) -> Option<Part> {
        let (address, attribute) = because.rsplit_once('.')?;
        if !matches!(
            attribute,
            "id" | "arn"
                | "arn_suffix"
                | "name"
                | "key_id"
                | "key_arn"
                | "zone_id"
                | "endpoint"
                | "dns_name"
        ) {
            return None;
        }
        let key = self.key_of(address, end, root)?;
        Some(Part::Reference(key, attribute.into()))
    }

    pub(super) fn symbol(&self, symbol: &Symbol, end: End, root: Root<'_>, depth: u32) -> Meaning {
        if depth > DEEPEST {
            return Meaning::Unknown(vec!["too long a chain of expressions".into()]);
        }
        let operand = |value: &Value| self.operand(value, end, root, depth + 1);
        match symbol {
            Symbol::Resource { address, path } if self.copy_of(address, path, root).is_some() => {
                // An attribute of the block that makes a copy is one of the copy.
                let copy = self
                    .copy_of(address, path, root)
                    .map(|pair| self.pair_key(pair, end));
                let parts = copy.map(|key| Part::Reference(key, identity_name(path)));
                Meaning::Text(parts.into_iter().collect())
            }
            Symbol::Resource { address, path } => match self.answer(address, path, end, root) {
                Some(key) => Meaning::Text(vec![Part::Reference(key, path_name(path))]),
                None => Meaning::Expression(self.bare_address(address).into(), vec![named(path)]),
            },
            Symbol::Aws { .. } => Meaning::Aws,
            Symbol::Input(name) => {
                let own = self.own_key(name, end, root);
                own.unwrap_or_else(|| Meaning::Expression(self.bare_input(name), Vec::new()))
            }
            Symbol::Opaque(why) => Meaning::Unknown(vec![why.clone()]),
            Symbol::Template(values) => {
                let mut parts = Vec::new();
                for value in values {
                    match operand(value) {
                        Meaning::Text(more) => parts.extend(more),
                        Meaning::Plain(text) => parts.push(Part::Letters(text)),
                        other => parts.push(Part::Hole(Box::new(other))),
                    }
                }
                Meaning::Text(joined(parts))
            }
            Symbol::Call {
                function,
                arguments,
            } => {
                let arguments: Vec<Meaning> = arguments.iter().map(operand).collect();
                Self::call(function, arguments)
            }
            Symbol::Operation { operator, operands } => {
                Meaning::Expression((*operator).into(), operands.iter().map(operand).collect())
            }
            Symbol::Conditional {
                condition,
                then,
                otherwise,
            } => {
                let arm = |arm: &Option<Value>| arm.as_ref().map_or(Meaning::Absent, operand);
                let condition = operand(condition);
                match decided(&condition) {
                    Some(true) => arm(then),
                    Some(false) => arm(otherwise),
                    None => {
                        Meaning::Expression("?".into(), vec![condition, arm(then), arm(otherwise)])
                    }
                }
            }
            Symbol::Attribute { of, name } => {
                Meaning::Expression(format!(".{name}").into(), vec![operand(of)])
            }
            Symbol::Index { of, key } => {
                Meaning::Expression("[]".into(), vec![operand(of), operand(key)])
            }
            Symbol::Over {
                what,
                collection,
                made: Some(made),
            } => {
                let parts = vec![operand(collection), operand(made)];
                Meaning::Expression(format!("over::{what}").into(), parts)
            }
            // What is made of each element is not held in the symbol.
            Symbol::Over { collection, .. } => Meaning::Unknown(symbol::because(collection)),
        }
    }

    /// `module.a.var.x` without words for roles in the module's name.
    fn bare_input(&self, name: &str) -> Name {
        if name.starts_with("module.") {
            self.bare_address(name).into()
        } else {
            name.into()
        }
    }

    fn call(function: &Name, mut arguments: Vec<Meaning>) -> Meaning {
        if &**function == "coalesce" {
            arguments.retain(|argument| *argument != Meaning::Absent);
        }
        match (&**function, arguments.as_mut_slice()) {
            (
                "toset" | "tolist" | "sort" | "distinct" | "compact",
                [Meaning::List(parts) | Meaning::Set(parts)],
            ) if parts.iter().all(is_reference) => {
                let mut parts = std::mem::take(parts);
                parts.sort();
                Meaning::Set(parts)
            }
            ("tostring" | "nonsensitive" | "sensitive" | "try" | "coalesce", [only]) => {
                std::mem::replace(only, Meaning::Absent)
            }
            // An id is there as soon as its instance is: the first counts.
            ("try" | "coalesce", [first, ..]) if is_reference(first) => {
                std::mem::replace(first, Meaning::Absent)
            }
            // The ARN of a copy is that of its source with another region.
            ("replace", [Meaning::Text(parts), Meaning::Text(from), Meaning::Text(to)]) => {
                let moved = (one(from), one(to)) == (Some("{peer}"), Some("{region}"));
                match parts.as_slice() {
                    [Part::Reference(Key::Other(pair), name)] if moved => {
                        Meaning::Text(vec![Part::Reference(Key::Own(*pair), name.clone())])
                    }
                    _ => Meaning::Expression(function.clone(), arguments),
                }
            }
            _ => Meaning::Expression(function.clone(), arguments),
        }
    }

    pub(super) fn operand(&self, value: &Value, end: End, root: Root<'_>, depth: u32) -> Meaning {
        if depth > DEEPEST {
            return Meaning::Unknown(vec!["too long a chain of expressions".into()]);
        }
        if let Some(symbol) = symbol::of(value) {
            return self.symbol(symbol, end, root, depth);
        }
        if !value.is_known() {
            return Meaning::Unknown(symbol::because(value));
        }
        if value.is_marked() {
            return Meaning::Unknown(vec!["a sensitive value".into()]);
        }
        if value.is_null() {
            return Meaning::Absent;
        }
        if let Some(text) = value.as_str() {
            return self.text(text, end, root);
        }
        if let Some(truth) = value.as_bool() {
            return Meaning::Plain(truth.to_string());
        }
        if let Some(number) = value.as_number() {
            return Meaning::Plain(number.to_string());
        }
        if let Some(entries) = value.entries() {
            let entries: BTreeMap<Name, Meaning> = entries
                .iter()
                .map(|(name, value)| (name.clone(), self.operand(value, end, root, depth + 1)))
                .collect();
            return Meaning::Map(entries);
        }
        let elements = value.elements().unwrap_or_default();
        Meaning::List(
            elements
                .iter()
                .map(|element| self.operand(element, end, root, depth + 1))
                .collect(),
        )
    }
}

/// Conditions that ask whether an id is there: once its instance is, it is.
fn decided(condition: &Meaning) -> Option<bool> {
    let Meaning::Expression(operator, parts) = condition else {
        return None;
    };
    let id = |meaning: &Meaning| match meaning {
        Meaning::Text(parts) => matches!(
            parts.as_slice(),
            [Part::Reference(_, name)] if name.ends_with("id") || name.ends_with("arn")
        ),
        _ => false,
    };
    match (&**operator, parts.as_slice()) {
        ("==", [one, Meaning::Absent] | [Meaning::Absent, one]) if id(one) => Some(false),
        ("!=", [one, Meaning::Absent] | [Meaning::Absent, one]) if id(one) => Some(true),
        _ => None,
    }
}

fn is_reference(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Text(parts) if matches!(parts.as_slice(), [Part::Reference(..)]))
}

fn one(parts: &[Part]) -> Option<&str> {
    match parts {
        [Part::Letters(text)] => Some(text),
        _ => None,
    }
}

fn path_name(path: &[PathStep]) -> Name {
    crate::inventory::node::path_text(path).into()
}

fn named(path: &[PathStep]) -> Meaning {
    Meaning::Plain(path_name(path).to_string())
}

/// Letters beside letters are one part.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Letters(before)), Part::Letters(text)) => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}

/// The attribute that a path into a block means of the copy: `destination[0].file_system_id` is its id.
fn identity_name(path: &[PathStep]) -> Name {
    match path.last() {
        Some(PathStep::Name(name)) if name.ends_with("_id") => "id".into(),
        Some(PathStep::Name(name)) if name.ends_with("_arn") => "arn".into(),
        Some(PathStep::Name(name)) => name.clone(),
        _ => "".into(),
    }
}
