//! JSON values of plans, states and saved inventories in normal form, guided by the schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::{Number, Type};
use serde_json::Value as Json;

use super::{Name, Node, Path, Sealer, Unknown, node};
use crate::schema::{Attribute, Block, NestedBlock, Nesting};
use crate::symbol::PathStep;

/// A value with what is said of its parts: `true` in a mask speaks of the whole part.
#[derive(Clone, Copy, Default)]
pub(crate) struct Masked<'a> {
    pub(crate) value: Option<&'a Json>,
    pub(crate) unknown: Option<&'a Json>,
    pub(crate) sensitive: Option<&'a Json>,
}

impl<'a> Masked<'a> {
    /// A value of which all is known.
    pub(crate) fn plain(value: &'a Json) -> Self {
        Masked {
            value: Some(value),
            ..Masked::default()
        }
    }

    fn key(&self, name: &str) -> Masked<'a> {
        self.part(|json| json.get(name))
    }

    fn at(&self, index: usize) -> Masked<'a> {
        self.part(|json| json.get(index))
    }

    fn part(&self, get: impl Fn(&'a Json) -> Option<&'a Json>) -> Masked<'a> {
        Masked {
            value: self.value.and_then(&get),
            unknown: self.unknown.and_then(&get),
            sensitive: match self.sensitive {
                // What is said of the whole is said of each part.
                whole @ Some(Json::Bool(true)) => whole,
                mask => mask.and_then(&get),
            },
        }
    }

    fn is_unknown(&self) -> bool {
        self.unknown == Some(&Json::Bool(true))
    }

    fn is_sensitive(&self) -> bool {
        self.sensitive == Some(&Json::Bool(true))
    }

    /// Keys of the value and of what is unknown in it.
    fn keys(&self) -> Vec<&'a String> {
        let keys = |json: Option<&'a Json>| {
            json.and_then(Json::as_object)
                .into_iter()
                .flat_map(|object| object.keys())
        };
        let mut all: Vec<&String> = keys(self.value).chain(keys(self.unknown)).collect();
        all.sort();
        all.dedup();
        all
    }

    fn length(&self) -> Option<usize> {
        self.value.and_then(Json::as_array).map(Vec::len)
    }
}

/// Turns JSON into nodes.
pub(crate) struct Normaliser<'a> {
    pub(crate) sealer: &'a Sealer,
    /// Why a part is not known.
    pub(crate) why: &'a dyn Fn(&Path) -> Unknown,
    /// Whether an optional and computed attribute that is not there is decided by AWS later (a plan), or absent for good
    /// (a state).
    pub(crate) absent_is_open: bool,
    /// The values are in normal form already: order stays, and nothing is left out.
    pub(crate) saved: bool,
}

/// Whether a value says no more than its absence: providers fill what is optional with empty text and collections.
pub(crate) fn is_unset(attribute: &Attribute, node: &Node) -> bool {
    attribute.optional && !attribute.computed && !attribute.required && node.is_empty()
}

/// Texts that are JSON by the meaning of their attribute: providers write them anew, so that only their content counts.
fn is_document(name: &str) -> bool {
    name == "policy"
        || name.ends_with("_policy")
        || matches!(
            name,
            "access_policies"
                | "container_definitions"
                | "assume_role_policy_document"
                | "inline_policy"
        )
}

/// The value of an attribute as it is spelled in normal form.
pub(crate) fn spelled(name: &str, node: Node) -> Node {
    match node {
        Node::String(text) if is_document(name) && text.trim_start().starts_with(['{', '[']) => {
            match serde_json::from_str::<Json>(&text) {
                // Keys come out sorted, without blanks.
                Ok(json) => Node::String(json.to_string().into()),
                Err(_) => Node::String(text),
            }
        }
        other => other,
    }
}

impl Normaliser<'_> {
    /// The values of a resource whose type is in the schema.
    pub(crate) fn block(&self, block: &Block, masked: Masked<'_>) -> BTreeMap<Name, Node> {
        self.object(block, masked, &mut Vec::new())
    }

    fn object(&self, block: &Block, masked: Masked<'_>, path: &mut Path) -> BTreeMap<Name, Node> {
        let mut values = BTreeMap::new();
        for (name, attribute) in &block.attributes {
            if attribute.write_only {
                continue;
            }
            path.push(PathStep::Name(name.clone()));
            if let Some(node) = self.attribute(attribute, masked.key(name), path) {
                values.insert(
                    name.clone(),
                    if self.saved {
                        node
                    } else {
                        spelled(name, node)
                    },
                );
            }
            path.pop();
        }
        for (name, nested) in &block.blocks {
            path.push(PathStep::Name(name.clone()));
            if let Some(node) = self.nested(nested, masked.key(name), path) {
                values.insert(name.clone(), node);
            }
            path.pop();
        }
        // A newer version of the provider has more than the embedded schema.
        for name in masked.keys() {
            if !block.attributes.contains_key(name.as_str())
                && !block.blocks.contains_key(name.as_str())
            {
                path.push(PathStep::Name(name.as_str().into()));
                if let Some(node) = self.typed(&Type::Dynamic, masked.key(name), path) {
                    values.insert(name.as_str().into(), node);
                }
                path.pop();
            }
        }
        values
    }

    fn attribute(
        &self,
        attribute: &Attribute,
        masked: Masked<'_>,
        path: &mut Path,
    ) -> Option<Node> {
        let masked = Masked {
            sensitive: if attribute.sensitive {
                Some(&Json::Bool(true))
            } else {
                masked.sensitive
            },
            ..masked
        };
        if let Some(nested) = attribute.as_block() {
            return self.nested(&nested, masked, path);
        }
        match self.typed(&attribute.ty, masked, path) {
            Some(node) if self.saved || !is_unset(attribute, &node) => Some(node),
            None if self.absent_is_open && attribute.computed && !attribute.optional => {
                Some(Node::Unknown(Arc::new(Unknown::aws())))
            }
            _ => None,
        }
    }

    fn nested(&self, nested: &NestedBlock, masked: Masked<'_>, path: &mut Path) -> Option<Node> {
        if masked.is_sensitive() {
            let bare = Masked {
                sensitive: None,
                ..masked
            };
            return self.nested(nested, bare, path).map(|node| self.seal(&node));
        }
        if masked.is_unknown() {
            return Some(self.unknown(path));
        }
        if nested.nesting == Nesting::Single {
            return match masked.value {
                None | Some(Json::Null) => None,
                Some(_) => {
                    let values = self.object(&nested.block, masked, path);
                    (!values.is_empty()).then(|| Node::Object(Arc::new(values)))
                }
            };
        }
        let count = masked.length().filter(|count| *count > 0)?;
        let mut nodes = Vec::with_capacity(count);
        for at in 0..count {
            path.push(PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX)));
            nodes.push(Node::Object(Arc::new(self.object(
                &nested.block,
                masked.at(at),
                path,
            ))));
            path.pop();
        }
        Some(if nested.nesting == Nesting::Set {
            if !self.saved {
                node::sort(&mut nodes, |node| node);
            }
            Node::Set(nodes.into())
        } else {
            Node::List(nodes.into())
        })
    }

    fn unknown(&self, path: &Path) -> Node {
        Node::Unknown(Arc::new((self.why)(path)))
    }

    /// A value of a type; `None` for null.
    pub(crate) fn typed(&self, ty: &Type, masked: Masked<'_>, path: &mut Path) -> Option<Node> {
        if masked.is_sensitive() {
            return self.sealed(ty, masked, path);
        }
        if masked.is_unknown() {
            return Some(self.unknown(path));
        }
        let value = masked.value?;
        Some(match (ty, value) {
            (_, Json::Null) => return None,
            (Type::Number, Json::String(text)) => number_node(text),
            (Type::Bool, Json::String(text)) if text == "true" || text == "false" => {
                Node::Bool(text == "true")
            }
            (Type::String, Json::Bool(truth)) => Node::String(truth.to_string().into()),
            (Type::String, Json::Number(number)) => Node::String(number.to_string().into()),
            (Type::List(element) | Type::Set(element), Json::Array(_)) => self.elements(
                |_| (**element).clone(),
                matches!(ty, Type::Set(_)),
                masked,
                path,
            ),
            (Type::Tuple(types), Json::Array(_)) => self.elements(
                |at| types.get(at).cloned().unwrap_or(Type::Dynamic),
                false,
                masked,
                path,
            ),
            (Type::Map(element), Json::Object(_)) => Node::Map(Arc::new(self.entries(
                |_| (**element).clone(),
                true,
                masked,
                path,
            ))),
            (Type::Object(object), Json::Object(_)) => {
                let ty = |name: &str| {
                    object
                        .attributes()
                        .get(name)
                        .cloned()
                        .unwrap_or(Type::Dynamic)
                };
                Node::Object(Arc::new(self.entries(ty, false, masked, path)))
            }
            (_, Json::Array(_)) => self.elements(|_| Type::Dynamic, false, masked, path),
            (_, Json::Object(_)) => Node::Object(Arc::new(self.entries(
                |_| Type::Dynamic,
                true,
                masked,
                path,
            ))),
            (_, Json::String(text)) => Node::String(text.as_str().into()),
            (_, Json::Bool(truth)) => Node::Bool(*truth),
            (_, Json::Number(number)) => number_node(&number.to_string()),
        })
    }

    fn elements(
        &self,
        ty: impl Fn(usize) -> Type,
        set: bool,
        masked: Masked<'_>,
        path: &mut Path,
    ) -> Node {
        let mut nodes = Vec::new();
        for at in 0..masked.length().unwrap_or(0) {
            path.push(PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX)));
            nodes.push(
                self.typed(&ty(at), masked.at(at), path)
                    .unwrap_or(Node::Null),
            );
            path.pop();
        }
        if !set {
            return Node::List(nodes.into());
        }
        if nodes.iter().any(|node| matches!(node, Node::Unknown(_))) {
            return self.unknown(path);
        }
        if !self.saved {
            node::sort(&mut nodes, |node| node);
        }
        Node::Set(nodes.into())
    }

    fn entries(
        &self,
        ty: impl Fn(&str) -> Type,
        nulls: bool,
        masked: Masked<'_>,
        path: &mut Path,
    ) -> BTreeMap<Name, Node> {
        let mut entries = BTreeMap::new();
        for name in masked.keys() {
            path.push(PathStep::Name(name.as_str().into()));
            match self.typed(&ty(name), masked.key(name), path) {
                Some(node) => drop(entries.insert(name.as_str().into(), node)),
                None if nulls => drop(entries.insert(name.as_str().into(), Node::Null)),
                None => {}
            }
            path.pop();
        }
        entries
    }

    fn sealed(&self, ty: &Type, masked: Masked<'_>, path: &mut Path) -> Option<Node> {
        let bare = Masked {
            sensitive: None,
            ..masked
        };
        Some(self.seal(&self.typed(ty, bare, path)?))
    }

    fn seal(&self, node: &Node) -> Node {
        let sealed = if node.is_wholly_known() {
            self.sealer.seal(node)
        } else {
            let mut because = Vec::new();
            reasons(node, &mut because);
            self.sealer.unknown(because)
        };
        Node::Sensitive(Arc::new(sealed))
    }
}

fn number_node(text: &str) -> Node {
    match Number::parse(text) {
        Ok(number) => Node::Number(Box::new(number)),
        Err(_) => Node::String(text.into()),
    }
}

/// Why parts of a node are not known.
fn reasons(node: &Node, found: &mut Vec<Name>) {
    match node {
        Node::Unknown(unknown) => found.extend(unknown.because.iter().cloned()),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().for_each(|node| reasons(node, found)),
        Node::Map(nodes) | Node::Object(nodes) => {
            nodes.values().for_each(|node| reasons(node, found));
        }
        _ => {}
    }
    found.sort();
    found.dedup();
}
