//! What the AWS provider's resources are made of: an embedded subset of the provider's schema, facts only.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::Type;

/// A resource's or nested block's shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Attributes by name.
    pub attributes: BTreeMap<Arc<str>, Attribute>,
    /// Nested blocks by name.
    pub blocks: BTreeMap<Arc<str>, NestedBlock>,
    /// Cut here: deeper blocks exist that the subset does not hold.
    pub truncated: bool,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Attribute {
    /// Its type.
    pub ty: Type,
    /// Must be set.
    pub required: bool,
    /// May be set.
    pub optional: bool,
    /// AWS or the provider decides it where it is not set.
    pub computed: bool,
    /// Must not be shown.
    pub sensitive: bool,
    /// Never stored: null in plans and states.
    pub write_only: bool,
}

/// How often a block may stand, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most once; an object.
    Single,
    /// In order; a list of objects.
    List,
    /// Without order; a set of objects.
    Set,
    /// By label; a map of objects.
    Map,
}

/// A nested block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NestedBlock {
    /// What it becomes.
    pub nesting: Nesting,
    /// Fewest of it.
    pub min: u64,
    /// Most of it; 0 for any number.
    pub max: u64,
    /// Its shape.
    pub block: Block,
}

mod embedded;
mod roles;
mod scope;

pub use embedded::{data_source, provider, resource, resource_types};
pub(crate) use roles::{Role, is_store, roles};
pub use scope::scope;

impl Block {
    /// The type of the object that such a block becomes.
    pub fn implied_type(&self) -> Type {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, attribute)| (name.clone(), attribute.ty.clone()));
        let blocks = self.blocks.iter().map(|(name, nested)| {
            let object = nested.block.implied_type();
            let ty = match nested.nesting {
                Nesting::Single => object,
                Nesting::List => Type::list(object),
                Nesting::Set => Type::set(object),
                Nesting::Map => Type::map(object),
            };
            (name.clone(), ty)
        });
        Type::object(attributes.chain(blocks).collect::<Vec<_>>())
    }
}

impl Attribute {
    /// As a nested block, where it is written as one: an optional collection of objects, such as `ingress` of a security
    /// group.
    pub fn as_block(&self) -> Option<NestedBlock> {
        let (nesting, element) = match &self.ty {
            Type::List(element) => (Nesting::List, element),
            Type::Set(element) => (Nesting::Set, element),
            _ => return None,
        };
        let Type::Object(object) = &**element else {
            return None;
        };
        if !self.optional {
            return None;
        }
        let attributes = object.attributes().iter().map(|(name, ty)| {
            let attribute = Attribute {
                ty: ty.clone(),
                required: false,
                optional: true,
                computed: false,
                sensitive: false,
                write_only: false,
            };
            (name.clone(), attribute)
        });
        Some(NestedBlock {
            nesting,
            min: 0,
            max: 0,
            block: Block {
                attributes: attributes.collect(),
                ..Block::default()
            },
        })
    }
}

/// Whether a resource type has a number or a bool at a path, which names nothing.
pub(crate) fn is_plain(ty: &str, path: &[crate::symbol::PathStep]) -> bool {
    use crate::symbol::PathStep;
    let Some(block) = resource(ty) else {
        return false;
    };
    let mut block: &Block = &block;
    for step in path {
        let PathStep::Name(name) = step else {
            continue;
        };
        if let Some(attribute) = block.attributes.get(name) {
            return matches!(attribute.ty, Type::Number | Type::Bool);
        }
        match block.blocks.get(name) {
            Some(nested) => block = &nested.block,
            None => return false,
        }
    }
    false
}
