//! The link between Rust structs and Terraform's values: what a field's type says, the schema says too.

mod blocks;
mod content;

use std::collections::BTreeMap;

use cty::{Path, PathError, Type};

use crate::Value;
use crate::schema::{Block, Nesting};

pub use blocks::{BlockField, Blocks, Group, MapBlocks, SetBlocks};
pub use content::Dynamic;

/// A struct that is a schema block and the values in it; implemented by `#[derive(Model)]`.
///
/// ```
/// use terraform_framework::{Model, Value};
///
/// /// A note.
/// #[derive(Model, Clone, Debug)]
/// struct Note {
///     /// What it says.
///     #[attr(required)]
///     text: Value<String>,
/// }
/// assert_eq!(Note::block().attributes[0].description, "What it says.");
/// ```
///
/// A field without a description does not compile:
///
/// ```compile_fail
/// # use terraform_framework::{Model, Value};
/// /// A note.
/// #[derive(Model, Clone, Debug)]
/// struct Note {
///     #[attr(required)]
///     text: Value<String>,
/// }
/// ```
///
/// Nor does a field that says neither `attr` nor `block`:
///
/// ```compile_fail
/// # use terraform_framework::{Model, Value};
/// /// A note.
/// #[derive(Model, Clone, Debug)]
/// struct Note {
///     /// What it says.
///     text: Value<String>,
/// }
/// ```
///
/// Nor one of a type that Terraform does not have, nor a word that the schema does not know:
///
/// ```compile_fail
/// # use terraform_framework::{Model, Value};
/// /// A note.
/// #[derive(Model, Clone, Debug)]
/// struct Note {
///     /// What it says.
///     #[attr(required)]
///     text: Value<std::path::PathBuf>,
/// }
/// ```
///
/// ```compile_fail
/// # use terraform_framework::{Model, Value};
/// /// A note.
/// #[derive(Model, Clone, Debug)]
/// struct Note {
///     /// What it says.
///     #[attr(mandatory)]
///     text: Value<String>,
/// }
/// ```
pub trait Model: Sized + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// The schema.
    fn block() -> Block;

    /// Reads the fields out of an object. Use [`from_cty`](Model::from_cty).
    ///
    /// # Errors
    /// When the object is not of the schema's type.
    fn read(object: &Source<'_>) -> Result<Self, PathError>;

    /// The object with all fields.
    fn write(&self) -> cty::Value;

    /// Reads an object of the schema's type; one that is unknown as a whole has all fields unknown.
    ///
    /// # Errors
    /// Names the attribute that is not as the schema says.
    fn from_cty(value: &cty::Value) -> Result<Self, PathError> {
        Self::read(&Source {
            value,
            path: Path::root(),
        })
    }

    /// The object's type.
    fn ty() -> Type {
        Self::block().ty()
    }
}

/// The object that a model is read from, and where it stands.
pub struct Source<'a> {
    pub(crate) value: &'a cty::Value,
    pub(crate) path: Path,
}

impl Source<'_> {
    /// Reads an attribute.
    ///
    /// # Errors
    /// When it is missing or of another type.
    pub fn attribute<F: Field>(&self, name: &str) -> Result<F, PathError> {
        let path = self.path.attribute(name);
        if !self.value.is_known() {
            return F::read(&cty::Value::unknown(F::ty()), &path);
        }
        F::read(self.part(name)?, &path)
    }

    /// Reads a nested block.
    ///
    /// # Errors
    /// When it is missing or of another type.
    pub fn nested<F: BlockField>(&self, name: &str) -> Result<F, PathError> {
        let path = self.path.attribute(name);
        if !self.value.is_known() {
            return F::read(&cty::Value::unknown(Type::Dynamic), &path);
        }
        F::read(self.part(name)?, &path)
    }

    fn part(&self, name: &str) -> Result<&cty::Value, PathError> {
        self.value
            .attribute(name)
            .ok_or_else(|| PathError::new(&self.path.attribute(name), "attribute is missing"))
    }
}

/// A field that is an attribute.
pub trait Field: Sized {
    /// The attribute's type.
    fn ty() -> Type;
    /// The nested schema, if the attribute has one.
    fn nested() -> Option<(Block, Nesting)>;
    /// Reads the attribute.
    ///
    /// # Errors
    /// When the value is of another type.
    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError>;
    /// Writes the attribute.
    fn write(&self) -> cty::Value;
}

/// What a known attribute can contain. Sealed in practice: the types that Terraform has.
pub trait Content: Sized + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// The Terraform type.
    fn ty() -> Type;
    /// The schema of an object with attributes of its own.
    fn object() -> Option<Block> {
        None
    }
    /// The schema and how many of it.
    fn nested() -> Option<(Block, Nesting)> {
        Self::object().map(|block| (block, Nesting::Single))
    }
    /// Reads a value that is known and not null.
    ///
    /// # Errors
    /// When it is of another type.
    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError>;
    /// Writes it.
    fn write(&self) -> cty::Value;
}

impl<T: Content> Field for Value<T> {
    fn ty() -> Type {
        T::ty()
    }

    fn nested() -> Option<(Block, Nesting)> {
        T::nested()
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        // Under an open type the value's own type is a part of what is known: Terraform holds a plan to it.
        let typed = T::ty() == Type::Dynamic && *value.ty() != Type::Dynamic;
        match value.unknown_info() {
            _ if typed => T::read(value, path).map(Value::Known),
            Some(unknown) => Ok(Value::Unknown(unknown.refinements().cloned().map(Box::new))),
            None if value.is_null() => Ok(Value::Null),
            None => T::read(value, path).map(Value::Known),
        }
    }

    fn write(&self) -> cty::Value {
        match self {
            Value::Null => cty::Value::null(T::ty()),
            Value::Unknown(None) => cty::Value::unknown(T::ty()),
            Value::Unknown(Some(refinements)) => {
                cty::Value::unknown(T::ty()).with_refinements((**refinements).clone())
            }
            Value::Known(content) => content.write(),
        }
    }
}

/// An object with attributes of its own, inside an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Nested<M>(pub M);

impl<M> std::ops::Deref for Nested<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

/// Distinct elements without order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Set<T>(pub Vec<T>);

/// Keys with values.
pub type Map<T> = BTreeMap<String, T>;
