//! JSON documents in values: known text, text with holes inside of strings, or `jsonencode` of something that is not wholly
//! known. Lists keep their order.

use std::collections::BTreeMap;

use cty::Value;
use serde_json::Value as Json;

use super::super::Mirror;
use super::{End, Meaning, Part, Root};
use crate::inventory::{Name, Node};
use crate::symbol::{self, Symbol};

/// Marks a hole in a text; nobody writes these.
const OPEN: char = '\u{e000}';
const SHUT: char = '\u{e001}';

impl Mirror<'_> {
    /// A document as lists and maps of meanings.
    ///
    /// # Errors
    /// Why it cannot be read: what is not known of it, or nothing where it is no document.
    pub(crate) fn document(
        &self,
        node: Option<&Node>,
        end: End,
        root: Root<'_>,
    ) -> Result<Meaning, Vec<Name>> {
        match node {
            Some(Node::String(text)) => {
                let json = serde_json::from_str::<Json>(text).map_err(|_| Vec::new())?;
                Ok(self.tree(&json, &[], end, root))
            }
            Some(Node::Unknown(unknown)) => {
                let read = unknown
                    .symbol
                    .as_deref()
                    .and_then(|symbol| self.symbolic(symbol, end, root));
                read.ok_or_else(|| unknown.because.clone())
            }
            Some(Node::Sensitive(_)) => Err(vec!["a sensitive value".into()]),
            _ => Err(Vec::new()),
        }
    }

    fn symbolic(&self, symbol: &Symbol, end: End, root: Root<'_>) -> Option<Meaning> {
        match symbol {
            Symbol::Call {
                function,
                arguments,
            } if &**function == "jsonencode" => {
                let [only] = arguments.as_slice() else {
                    return None;
                };
                Some(self.operand(only, end, root, 0))
            }
            Symbol::Template(parts) => {
                let mut text = String::new();
                for (at, part) in parts.iter().enumerate() {
                    match part.as_str() {
                        Some(letters) => text.push_str(letters),
                        None => text.extend([OPEN.to_string(), at.to_string(), SHUT.to_string()]),
                    }
                }
                let json = serde_json::from_str::<Json>(&text).ok()?;
                Some(self.tree(&json, parts, end, root))
            }
            _ => None,
        }
    }

    fn tree(&self, json: &Json, holes: &[Value], end: End, root: Root<'_>) -> Meaning {
        match json {
            Json::Null => Meaning::Absent,
            Json::Bool(truth) => Meaning::Plain(truth.to_string()),
            Json::Number(number) => Meaning::Plain(number.to_string()),
            Json::String(text) => self.with_holes(text, holes, end, root),
            Json::Array(values) => Meaning::List(
                values
                    .iter()
                    .map(|value| self.tree(value, holes, end, root))
                    .collect(),
            ),
            Json::Object(entries) => {
                let entries: BTreeMap<Name, Meaning> = entries
                    .iter()
                    .map(|(name, value)| (name.as_str().into(), self.tree(value, holes, end, root)))
                    .collect();
                Meaning::Map(entries)
            }
        }
    }

    /// A string of the document, with what stands in its holes.
    fn with_holes(&self, text: &str, holes: &[Value], end: End, root: Root<'_>) -> Meaning {
        if !text.contains(OPEN) {
            return self.text(text, end, root);
        }
        let mut values: Vec<Value> = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            if !before.is_empty() {
                values.push(Value::string(before));
            }
            let (number, after) = after.split_once(SHUT).unwrap_or((after, ""));
            if let Some(hole) = number.parse::<usize>().ok().and_then(|at| holes.get(at)) {
                values.push(hole.clone());
            }
            rest = after;
        }
        if !rest.is_empty() {
            values.push(Value::string(rest));
        }
        if let [only] = values.as_slice() {
            self.operand(only, end, root, 0)
        } else {
            let symbol = symbol::template(values);
            self.symbol(&symbol, end, root, 0)
        }
    }
}

impl Meaning {
    /// The entry of a map, whatever the case of its name is.
    pub(crate) fn get(&self, name: &str) -> Option<&Meaning> {
        match self {
            Meaning::Map(entries) => entries.get(name).or_else(|| {
                entries
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            }),
            _ => None,
        }
    }

    /// The elements of a list or set; a single one counts as a list of one.
    pub(crate) fn items(&self) -> Vec<&Meaning> {
        match self {
            Meaning::List(parts) | Meaning::Set(parts) => parts.iter().collect(),
            Meaning::Absent => Vec::new(),
            other => vec![other],
        }
    }

    /// The same without order and without lists of one, as policies mean it.
    pub(crate) fn loose(self) -> Meaning {
        match self {
            Meaning::List(parts) | Meaning::Set(parts) => {
                let mut parts: Vec<Meaning> = parts.into_iter().map(Meaning::loose).collect();
                if parts.len() == 1 {
                    return parts.remove(0);
                }
                parts.sort();
                Meaning::Set(parts)
            }
            Meaning::Map(entries) => Meaning::Map(
                entries
                    .into_iter()
                    .map(|(name, value)| (name, value.loose()))
                    .collect(),
            ),
            other => other,
        }
    }

    /// A text without references and holes.
    pub(crate) fn letters(&self) -> Option<&str> {
        match self {
            Meaning::Text(parts) => match parts.as_slice() {
                [Part::Letters(text)] => Some(text),
                [] => Some(""),
                _ => None,
            },
            Meaning::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// All parts of texts in it, holes included.
    pub(crate) fn walk<'m>(&'m self, visit: &mut dyn FnMut(&'m Part)) {
        match self {
            Meaning::Text(parts) => {
                for part in parts {
                    visit(part);
                    if let Part::Hole(inner) = part {
                        inner.walk(visit);
                    }
                }
            }
            // What is replaced, and by what, is no part of the result.
            Meaning::Expression(name, parts) if &**name == "replace" => {
                if let Some(first) = parts.first() {
                    first.walk(visit);
                }
            }
            Meaning::List(parts) | Meaning::Set(parts) | Meaning::Expression(_, parts) => {
                for part in parts {
                    part.walk(visit);
                }
            }
            Meaning::Map(entries) => {
                for part in entries.values() {
                    part.walk(visit);
                }
            }
            _ => {}
        }
    }

    /// What is not known in it.
    pub(crate) fn open(&self) -> Vec<Name> {
        let mut found = std::collections::BTreeSet::new();
        self.gather_open(&mut found);
        found.into_iter().collect()
    }

    fn gather_open(&self, found: &mut std::collections::BTreeSet<Name>) {
        match self {
            Meaning::Unknown(because) => found.extend(because.iter().cloned()),
            Meaning::Text(parts) => {
                for part in parts {
                    if let Part::Hole(inner) = part {
                        inner.gather_open(found);
                    }
                }
            }
            Meaning::Expression(name, parts) => {
                if parts.is_empty() {
                    found.insert(name.clone());
                }
                for part in parts {
                    part.gather_open(found);
                }
            }
            Meaning::List(parts) | Meaning::Set(parts) => {
                for part in parts {
                    part.gather_open(found);
                }
            }
            Meaning::Map(entries) => {
                for part in entries.values() {
                    part.gather_open(found);
                }
            }
            _ => {}
        }
    }
}
