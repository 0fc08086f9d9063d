//! Places inside a value, and errors that name one.

use std::fmt;
use std::sync::Arc;

use crate::Value;

/// One step into a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PathStep {
    /// An attribute of an object.
    Attribute(Arc<str>),
    /// An element: a string key of a map, a number index of a list or tuple, or the element itself of a set.
    Index(Value),
}

/// A place inside a value; the empty path is the value itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Path(Vec<PathStep>);

impl Path {
    /// The value itself.
    pub fn root() -> Self {
        Path::default()
    }

    /// The attribute `name` below this place.
    #[must_use]
    pub fn attribute(&self, name: impl Into<Arc<str>>) -> Self {
        self.with(PathStep::Attribute(name.into()))
    }

    /// The element at `index` below this place.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(PathStep::Index(Value::number(index)))
    }

    /// The element with this key below this place.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(PathStep::Index(Value::string(key)))
    }

    /// The element of a set below this place.
    #[must_use]
    pub fn element(&self, element: Value) -> Self {
        self.with(PathStep::Index(element))
    }

    fn with(&self, step: PathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }

    /// The steps from the outside in.
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    /// Whether it is the value itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Attribute(name) if position == 0 => f.write_str(name)?,
                PathStep::Attribute(name) => write!(f, ".{name}")?,
                PathStep::Index(key) => match (key.as_str(), key.as_number()) {
                    (Some(key), _) => write!(f, "[{key:?}]")?,
                    (_, Some(index)) => write!(f, "[{index}]")?,
                    _ => f.write_str("[...]")?,
                },
            }
        }
        Ok(())
    }
}

/// What is wrong with a value, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", if path.is_root() { String::new() } else { format!("{path}: ") })]
pub struct PathError {
    /// The place.
    pub path: Path,
    /// What was seen and what was expected.
    pub message: String,
}

impl PathError {
    /// An error at a place.
    pub fn new(path: &Path, message: impl Into<String>) -> Self {
        PathError {
            path: path.clone(),
            message: message.into(),
        }
    }
}

/// A place on the way down into a value: becomes a path only where an error needs one.
#[derive(Clone, Copy)]
pub(crate) enum Trail<'a> {
    Root,
    Attribute(&'a Trail<'a>, &'a str),
    Key(&'a Trail<'a>, &'a str),
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    pub(crate) fn path(&self) -> Path {
        match self {
            Trail::Root => Path::root(),
            Trail::Attribute(above, name) => above.path().attribute(*name),
            Trail::Key(above, key) => above.path().key(key),
            Trail::Index(above, index) => above.path().index(*index),
        }
    }

    pub(crate) fn error(&self, message: impl Into<String>) -> PathError {
        PathError {
            path: self.path(),
            message: message.into(),
        }
    }
}
