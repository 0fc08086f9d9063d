//! The contents that attributes can have.

use std::collections::BTreeMap;

use cty::{Number, Path, PathError, Type};

use super::{Content, Field, Model, Nested, Set, Source};
use crate::Value;
use crate::schema::{Block, Nesting};

fn wrong(value: &cty::Value, path: &Path, wanted: &str) -> PathError {
    PathError::new(
        path,
        format!("{wanted} required, but this is a {}", value.ty()),
    )
}

impl Content for String {
    fn ty() -> Type {
        Type::String
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong(value, path, "a string"))
    }

    fn write(&self) -> cty::Value {
        cty::Value::string(self)
    }
}

impl Content for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        value.as_bool().ok_or_else(|| wrong(value, path, "a bool"))
    }

    fn write(&self) -> cty::Value {
        cty::Value::bool(*self)
    }
}

impl Content for i64 {
    fn ty() -> Type {
        Type::Number
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        let number = value
            .as_number()
            .ok_or_else(|| wrong(value, path, "a number"))?;
        number.to_i64().ok_or_else(|| {
            PathError::new(
                path,
                format!(
                    "a whole number between {} and {} is required, but this is {number}",
                    i64::MIN,
                    i64::MAX
                ),
            )
        })
    }

    fn write(&self) -> cty::Value {
        cty::Value::number(*self)
    }
}

impl Content for Number {
    fn ty() -> Type {
        Type::Number
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        value
            .as_number()
            .cloned()
            .ok_or_else(|| wrong(value, path, "a number"))
    }

    fn write(&self) -> cty::Value {
        cty::Value::number(self.clone())
    }
}

/// A value of any type, as it comes; where its type is known already it may be a null or an unknown of that type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dynamic(pub cty::Value);

impl Content for Dynamic {
    fn ty() -> Type {
        Type::Dynamic
    }

    fn read(value: &cty::Value, _: &Path) -> Result<Self, PathError> {
        Ok(Dynamic(value.clone()))
    }

    fn write(&self) -> cty::Value {
        self.0.clone()
    }
}

impl<M: Model> Content for Nested<M> {
    fn ty() -> Type {
        M::ty()
    }

    fn object() -> Option<Block> {
        Some(M::block())
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        M::read(&Source {
            value,
            path: path.clone(),
        })
        .map(Nested)
    }

    fn write(&self) -> cty::Value {
        self.0.write()
    }
}

fn elements<T: Content>(
    value: &cty::Value,
    path: &Path,
    wanted: &str,
) -> Result<Vec<Value<T>>, PathError> {
    let elements = value.elements().ok_or_else(|| wrong(value, path, wanted))?;
    let is_set = matches!(value.ty(), Type::Set(_));
    let place = |i: usize, element: &cty::Value| {
        if is_set {
            path.element(element.clone())
        } else {
            path.index(i)
        }
    };
    elements
        .iter()
        .enumerate()
        .map(|(i, element)| <Value<T> as Field>::read(element, &place(i, element)))
        .collect()
}

/// Fields write values of their own type, so a collection of them always fits.
const FITS: &str = "each element is written with the type that the collection is declared with";

impl<T: Content> Content for Vec<Value<T>> {
    fn ty() -> Type {
        Type::list(T::ty())
    }

    fn nested() -> Option<(Block, Nesting)> {
        T::object().map(|block| (block, Nesting::List))
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        elements(value, path, "a list")
    }

    fn write(&self) -> cty::Value {
        cty::Value::list(T::ty(), self.iter().map(Field::write).collect()).expect(FITS)
    }
}

impl<T: Content> Content for Set<Value<T>> {
    fn ty() -> Type {
        Type::set(T::ty())
    }

    fn nested() -> Option<(Block, Nesting)> {
        T::object().map(|block| (block, Nesting::Set))
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        elements(value, path, "a set").map(Set)
    }

    fn write(&self) -> cty::Value {
        cty::Value::set(T::ty(), self.0.iter().map(Field::write).collect()).expect(FITS)
    }
}

impl<T: Content> Content for BTreeMap<String, Value<T>> {
    fn ty() -> Type {
        Type::map(T::ty())
    }

    fn nested() -> Option<(Block, Nesting)> {
        T::object().map(|block| (block, Nesting::Map))
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        let entries = value.entries().ok_or_else(|| wrong(value, path, "a map"))?;
        entries
            .iter()
            .map(|(key, element)| {
                Ok((
                    key.to_string(),
                    <Value<T> as Field>::read(element, &path.key(key))?,
                ))
            })
            .collect()
    }

    fn write(&self) -> cty::Value {
        cty::Value::map(
            T::ty(),
            self.iter().map(|(key, value)| (key, Field::write(value))),
        )
        .expect(FITS)
    }
}
