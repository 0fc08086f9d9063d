//! The compact tree of one file: flat vectors, 32-bit ids, byte spans. Children stand before their parents.

mod access;

use std::sync::Arc;

use super::SyntaxError;
use crate::source::Span;

/// An expression of one [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

/// A run of ids in the tree's extra storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    pub(crate) at: u32,
    pub(crate) len: u32,
}

impl List {
    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.len as usize
    }
}

/// Decoded text: a slice of the source where nothing had to be decoded, else of the tree's own storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub(crate) at: u32,
    pub(crate) len: u32,
}

/// Marks a [`Text`] that lies in the tree's own storage. Sources stay below 2 GiB.
pub(crate) const OWNED: u32 = 1 << 31;

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// What an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A hole that a syntax error left: unknown, never absent and never a wrong value.
    Bad,
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// A number; its digits are the span.
    Number,
    /// A string without holes, not yet normalised to NFC.
    String(Text),
    /// Parts that are joined as strings: a string even with a single hole that was trimmed around.
    Template(List),
    /// `"${x}"`: the value of x, its type kept.
    Wrap(ExprId),
    /// `%{ if }`: both arms are templates; without `else` the second is missing.
    TemplateIf {
        /// The condition.
        condition: ExprId,
        /// Where it is true.
        then: ExprId,
        /// Where it is false.
        otherwise: Option<ExprId>,
    },
    /// `%{ for }`; see [`Ast::template_for`].
    TemplateFor(u32),
    /// A root name, such as `var`, `local`, `aws_vpc`; the name is the span.
    Variable,
    /// `of.name`
    Attribute {
        /// Of what.
        of: ExprId,
        /// The name.
        name: Span,
    },
    /// `of[key]`
    Index {
        /// Of what.
        of: ExprId,
        /// The key.
        key: ExprId,
    },
    /// `a.0`; the digits are `number`.
    LegacyIndex {
        /// Of what.
        of: ExprId,
        /// The digits.
        number: Span,
    },
    /// `a.*.b`: `each` hangs off a [`ExprKind::SplatItem`].
    AttributeSplat {
        /// The collection.
        of: ExprId,
        /// What is made of each element.
        each: ExprId,
    },
    /// `a[*].b[0]`: `each` hangs off a [`ExprKind::SplatItem`].
    FullSplat {
        /// The collection.
        of: ExprId,
        /// What is made of each element.
        each: ExprId,
    },
    /// The element inside of a splat.
    SplatItem,
    /// A function call; see [`Ast::call`].
    Call(u32),
    /// `[…]`
    Tuple(List),
    /// `{…}`: key, value, key, value. A lone word as key is a [`ExprKind::String`].
    Object(List),
    /// `[for …]` or `{for …}`; see [`Ast::for_expr`].
    For(u32),
    /// `condition ? then : otherwise`
    Conditional {
        /// The condition.
        condition: ExprId,
        /// Where it is true.
        then: ExprId,
        /// Where it is false.
        otherwise: ExprId,
    },
    /// Two operands.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `-x`
    Negate(ExprId),
    /// `!x`
    Not(ExprId),
    /// `(x)`
    Parentheses(ExprId),
}

/// One expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// A function call, taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The name as written, with `::`.
    pub name: Span,
    /// The arguments.
    pub arguments: &'a [u32],
    /// Whether the last argument is followed by `...`.
    pub expand: bool,
}

/// A `for` expression, taken apart.
#[derive(Clone, Copy, Debug)]
pub struct For {
    /// Name of the key, if it has one.
    pub key_name: Option<Span>,
    /// Name of the value.
    pub value_name: Span,
    /// What is gone through.
    pub collection: ExprId,
    /// The key of an object's item; `None` in `[for]`.
    pub key: Option<ExprId>,
    /// The value of an item. For a template's `for`, the body.
    pub value: ExprId,
    /// The condition after `if`.
    pub condition: Option<ExprId>,
    /// Whether `...` groups values by key.
    pub group: bool,
}

/// `name = value` in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name.
    pub name: Span,
    /// The value.
    pub value: ExprId,
}

/// A label of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Decoded.
    pub text: Text,
    /// Where it stands.
    pub span: Span,
}

/// What stands between the braces of a block, or in a whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub(crate) attributes: List,
    pub(crate) blocks: List,
    /// From the JSON form below the known top levels: which properties are blocks is not known before the schema is asked,
    /// so all are attributes, whose values are objects or tuples of objects where blocks are meant.
    pub json: bool,
    /// Where it stands, braces included.
    pub span: Span,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its type, such as `resource`.
    pub name: Span,
    pub(crate) labels: List,
    /// What stands in it.
    pub body: Body,
    /// The whole block.
    pub span: Span,
    /// A syntax error lies in it: what seems to be missing from it may have been there.
    pub damaged: bool,
}

/// The tree of one file, with its text.
#[derive(Debug, Default)]
pub struct Ast {
    /// The text that spans point into: the file, and for the JSON form decoded strings appended to it (see
    /// [`Ast::real_offset`]).
    pub source: Arc<[u8]>,
    /// What the file holds at its top.
    pub root: Body,
    /// For a template file: its expression.
    pub template: Option<ExprId>,
    /// What could not be read, in order.
    pub errors: Vec<SyntaxError>,
    /// Length of the file itself within `source`.
    pub(crate) file_length: u32,
    /// For text appended to the file: where each run begins, and where in the file it came from. Ordered.
    pub(crate) appended: Vec<(u32, u32)>,
    pub(crate) exprs: Vec<Expr>,
    pub(crate) extra: Vec<u32>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) labels: Vec<Label>,
    pub(crate) strings: String,
}

pub(crate) const NONE: u32 = u32::MAX;
pub(crate) const EXPAND: u32 = 1 << 31;
/// Layout of a `for` in `extra`: key name (2), value name (2), collection, key, value, condition, group.
pub(crate) const FOR_GROUP: u32 = 2;
