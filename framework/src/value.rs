//! What an attribute holds: nothing, something not known yet, or something known.

use cty::Refinements;

/// The content of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Value<T> {
    /// Not set.
    #[default]
    Null,
    /// Known only after apply; with what is promised about it.
    Unknown(Option<Box<Refinements>>),
    /// Known.
    Known(T),
}

impl<T> Value<T> {
    /// Not known, nothing promised.
    pub const UNKNOWN: Self = Value::Unknown(None);

    /// The content, if it is known and not null.
    pub fn known(&self) -> Option<&T> {
        match self {
            Value::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The content by value, if it is known and not null.
    pub fn into_known(self) -> Option<T> {
        match self {
            Value::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is not set.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether it is known only later.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown(_))
    }

    /// This value, or the other where this one is not set.
    #[must_use]
    pub fn or(self, other: Value<T>) -> Value<T> {
        if self.is_null() { other } else { self }
    }
}

impl Value<String> {
    /// The text, if it is known and not null.
    pub fn text(&self) -> Option<&str> {
        self.known().map(String::as_str)
    }
}

impl<T> From<T> for Value<T> {
    fn from(value: T) -> Self {
        Value::Known(value)
    }
}

impl From<&str> for Value<String> {
    fn from(value: &str) -> Self {
        Value::Known(value.to_owned())
    }
}

impl<T> From<Option<T>> for Value<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Value::Known)
    }
}
