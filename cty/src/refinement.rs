//! What is known about an unknown value, and where it comes from.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::Number;

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bound {
    /// The end.
    pub value: Number,
    /// Whether the end itself belongs to the range.
    pub inclusive: bool,
}

/// What is promised about a value that is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Refinements {
    /// `Some(false)`: it will not be null. `Some(true)`: it will be null.
    pub null: Option<bool>,
    /// Text that the string will begin with.
    pub prefix: Option<Arc<str>>,
    /// The number will not be below it.
    pub min: Option<Bound>,
    /// The number will not be above it.
    pub max: Option<Bound>,
    /// The collection will have at least so many elements.
    pub min_length: Option<u64>,
    /// The collection will have at most so many elements.
    pub max_length: Option<u64>,
}

impl Refinements {
    /// The promise that the value will not be null.
    pub fn not_null() -> Self {
        Refinements {
            null: Some(false),
            ..Refinements::default()
        }
    }

    /// Whether nothing is promised.
    pub fn is_empty(&self) -> bool {
        *self == Refinements::default()
    }
}

/// Why a value is not known: opaque here, for whoever made it. No part of equality, never on the wire.
#[derive(Clone)]
pub struct Origin(Arc<dyn Any + Send + Sync>);

impl Origin {
    /// Wraps an origin.
    pub fn new(origin: impl Any + Send + Sync) -> Self {
        Origin(Arc::new(origin))
    }

    /// The origin, if it is of this type.
    pub fn downcast<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Origin(..)")
    }
}

/// The content of an unknown value. Two are equal when they promise the same.
#[derive(Clone, Debug, Default)]
pub struct Unknown {
    refinements: Option<Arc<Refinements>>,
    origin: Option<Origin>,
}

impl Unknown {
    /// An unknown of which this is promised.
    pub fn new(refinements: Refinements, origin: Option<Origin>) -> Self {
        let refinements = (!refinements.is_empty()).then(|| Arc::new(refinements));
        Unknown {
            refinements,
            origin,
        }
    }

    /// What is promised, if anything.
    pub fn refinements(&self) -> Option<&Refinements> {
        self.refinements.as_deref()
    }

    /// Where it comes from, if somebody said.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Whether it is promised not to be null.
    pub fn is_not_null(&self) -> bool {
        self.refinements().is_some_and(|r| r.null == Some(false))
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.refinements == other.refinements
    }
}

impl Eq for Unknown {}
