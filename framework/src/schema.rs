//! Schemas: what a block consists of, and what the plan does with each attribute.

mod lint;

use std::sync::Arc;

use cty::Type;

use crate::model::{BlockField, Content, Field};
use crate::validate::Validator;

pub use lint::{lint, lint_provider};

/// A block: attributes and nested blocks.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Markdown.
    pub description: String,
    /// In the order of the struct.
    pub attributes: Vec<Attribute>,
    /// In the order of the struct.
    pub blocks: Vec<NestedBlock>,
}

/// How many objects an attribute with a nested schema holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One.
    Single,
    /// In order.
    List,
    /// Without order.
    Set,
    /// By key.
    Map,
}

/// How many blocks there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// None or one.
    Single,
    /// Always one.
    Group,
    /// In order.
    List,
    /// Without order.
    Set,
    /// By label.
    Map,
}

/// Whether a change of an attribute needs a new object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Replace {
    /// No: it is updated in place.
    #[default]
    Never,
    /// Yes.
    Always,
    /// Only if the configuration sets it.
    IfConfigured,
}

/// An attribute.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the protocol's own"
)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Markdown.
    pub description: String,
    /// Its type, nested schema included.
    pub ty: Type,
    /// The schema of its objects, if it has one.
    pub nested: Option<(Block, Nesting)>,
    /// Must be set.
    pub required: bool,
    /// Can be set.
    pub optional: bool,
    /// The provider can set it.
    pub computed: bool,
    /// Not shown.
    pub sensitive: bool,
    /// Never stored.
    pub write_only: bool,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Value where the configuration has none.
    pub default: Option<cty::Value>,
    /// Keeps its prior value in a plan that does not set it.
    pub keep: bool,
    /// Whether a change needs a new object.
    pub replace: Replace,
    /// Checks of known values.
    pub validators: Vec<Arc<dyn Validator>>,
}

impl Attribute {
    /// An attribute as the field's type says.
    pub fn of<F: Field>(name: &'static str, description: &str) -> Self {
        Attribute {
            name,
            description: description.to_owned(),
            ty: F::ty(),
            nested: F::nested(),
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            deprecated: None,
            default: None,
            keep: false,
            replace: Replace::Never,
            validators: Vec::new(),
        }
    }

    /// Must be set.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Can be set.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The provider can set it.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    /// Not shown in plans and messages.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Read from the configuration alone, never stored.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Should not be used any more.
    #[must_use]
    pub fn deprecated(mut self, why: &str) -> Self {
        self.deprecated = Some(why.to_owned());
        self
    }

    /// The value where the configuration has none; makes the attribute computed, as Terraform asks of defaults.
    #[must_use]
    pub fn default<T: IntoContent>(mut self, value: T) -> Self {
        self.default = Some(value.into_content());
        self.optional = true;
        self.computed = true;
        self
    }

    /// Keeps its prior value in a plan that does not set it, instead of "known after apply".
    #[must_use]
    pub fn keep(mut self) -> Self {
        self.keep = true;
        self
    }

    /// A change needs a new object.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = Replace::Always;
        self
    }

    /// A change needs a new object if the configuration sets the attribute.
    #[must_use]
    pub fn replace_if_configured(mut self) -> Self {
        self.replace = Replace::IfConfigured;
        self
    }

    /// Checks known values; unknown and null ones never complain.
    #[must_use]
    pub fn validate(mut self, validator: impl Validator) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }
}

/// What a default can be written as.
pub trait IntoContent {
    /// The value.
    fn into_content(self) -> cty::Value;
}

impl IntoContent for &str {
    fn into_content(self) -> cty::Value {
        cty::Value::string(self)
    }
}

impl<T: Content> IntoContent for T {
    fn into_content(self) -> cty::Value {
        self.write()
    }
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// Its type name.
    pub name: &'static str,
    /// Markdown; where it is used, beside the description of the block itself.
    pub description: String,
    /// What it consists of.
    pub block: Block,
    /// How many there can be.
    pub nesting: BlockNesting,
    /// At least so many.
    pub min: i64,
    /// At most so many; 0 for any number.
    pub max: i64,
}

impl NestedBlock {
    /// A nested block as the field's type says.
    pub fn of<F: BlockField>(name: &'static str, description: &str) -> Self {
        let block = Block {
            description: description.to_owned(),
            ..F::block()
        };
        NestedBlock {
            name,
            description: description.to_owned(),
            block,
            nesting: F::NESTING,
            min: 0,
            max: 0,
        }
    }

    /// Must be written; for a single block, of which Terraform wants least and most to be the same.
    #[must_use]
    pub fn required(self) -> Self {
        self.min(1).max(1)
    }

    /// At least so many.
    #[must_use]
    pub fn min(mut self, min: i64) -> Self {
        self.min = min;
        self
    }

    /// At most so many.
    #[must_use]
    pub fn max(mut self, max: i64) -> Self {
        self.max = max;
        self
    }

    /// The type of the attribute that the blocks make.
    pub fn ty(&self) -> Type {
        let one = self.block.ty();
        match self.nesting {
            BlockNesting::Single | BlockNesting::Group => one,
            BlockNesting::List => Type::list(one),
            BlockNesting::Set => Type::set(one),
            BlockNesting::Map => Type::map(one),
        }
    }
}

impl Block {
    /// A block without content.
    pub fn new(description: &str) -> Self {
        Block {
            description: description.to_owned(),
            ..Block::default()
        }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// Adds a nested block.
    #[must_use]
    pub fn nested(mut self, block: NestedBlock) -> Self {
        self.blocks.push(block);
        self
    }

    /// The type of an object of this block.
    pub fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|a| (a.name, a.ty.clone()));
        Type::object(attributes.chain(self.blocks.iter().map(|b| (b.name, b.ty()))))
    }
}
