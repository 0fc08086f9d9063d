//! Why a value is not known, as an expression: it explains, and lets two unknowns be compared. It never acts as a value.

mod assume;
mod because;
mod parse;
mod parts;
mod text;

use std::sync::Arc;

use cty::{Origin, Value};

/// What an unknown value will be made of. Parts that are known stand in it as known values; parts that are not carry a
/// symbol of their own (see [`of`]). Addresses are absolute: `module.a["x"].aws_vpc.main[0]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Symbol {
    /// An attribute, or a part of one, of a resource or data source instance. An empty path is the whole instance.
    Resource {
        /// Absolute address of the instance, or `address[*]` where its instances are not known.
        address: Arc<str>,
        /// Attribute names and keys from the instance inwards.
        path: Vec<PathStep>,
    },
    /// An input that nobody gave a value: `var.x`, `module.a.var.x`, `each.key`, `path.cwd`, `terraform.applying`.
    Input(Arc<str>),
    /// Text and holes, in order.
    Template(Vec<Value>),
    /// A function called with these arguments.
    Call {
        /// The name, with its namespace: `split`, `provider::aws::arn_parse`.
        function: Arc<str>,
        /// The arguments.
        arguments: Vec<Value>,
    },
    /// An operator: `!`, `-` with one operand, the others with two.
    Operation {
        /// As written.
        operator: &'static str,
        /// One or two operands.
        operands: Vec<Value>,
    },
    /// `condition ? then : otherwise`; arms that could not be evaluated are `None`.
    Conditional {
        /// The condition.
        condition: Value,
        /// Its value where the condition is true.
        then: Option<Value>,
        /// Its value where the condition is false.
        otherwise: Option<Value>,
    },
    /// `of.name`
    Attribute {
        /// Of what.
        of: Value,
        /// The attribute's name.
        name: Arc<str>,
    },
    /// `of[key]`
    Index {
        /// Of what.
        of: Value,
        /// The key.
        key: Value,
    },
    /// A `for` expression, splat or dynamic block over something that is not known.
    Over {
        /// `for`, `splat`, `dynamic`, `count`, `for_each`.
        what: &'static str,
        /// The collection.
        collection: Value,
        /// What is made of each element, where that is held: of a dynamic block its blocks as they are written.
        made: Option<Value>,
    },
    /// Nothing more can be said: a module that is not there, a failed evaluation, an ephemeral value. The text says why and
    /// what would settle it.
    Opaque(Arc<str>),
    /// Decided by AWS when the resource is made.
    Aws {
        /// Absolute address of the instance.
        address: Arc<str>,
        /// Attribute names and keys from the instance inwards.
        path: Vec<PathStep>,
    },
}

/// One step from an instance inwards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// An attribute or a key of a map.
    Name(Arc<str>),
    /// A position in a list.
    Index(u64),
}

/// Deepest nesting of symbols. What is deeper is opaque: nobody reads that far, and dropping it must not need more stack
/// than a thread has.
const DEEPEST: u32 = 200;

/// A symbol as it travels with a value.
struct Held {
    symbol: Arc<Symbol>,
    depth: u32,
}

/// The symbol of an unknown value, if it has one.
pub fn of(value: &Value) -> Option<&Arc<Symbol>> {
    held(value).map(|held| &held.symbol)
}

fn held(value: &Value) -> Option<&Held> {
    value.unknown_info()?.origin()?.downcast::<Held>()
}

/// The value with this symbol, where it is unknown; other values stay as they are.
#[must_use]
pub fn with(value: Value, symbol: impl Into<Arc<Symbol>>) -> Value {
    if value.is_known() {
        return value;
    }
    let symbol: Arc<Symbol> = symbol.into();
    let depth = parts::depth(&symbol);
    let held = if depth > DEEPEST {
        Held {
            symbol: Arc::new(Symbol::Opaque("too long a chain of expressions".into())),
            depth: 1,
        }
    } else {
        Held { symbol, depth }
    };
    value.with_origin(Origin::new(held))
}

pub(crate) use assume::{Assumption, Choices};
pub use because::because;
pub use parse::parse;
pub use parts::{attribute, fill, fill_with, index, operands, template};
pub use text::text;
