//! Terraform's type system: types, values, unknowns with refinements, exact numbers, conversion, and the codecs of the
//! plugin wire.
//!
//! Everything here is pure. Two users share it: the provider framework, which speaks to Terraform, and an evaluator of
//! Terraform's language, which needs marks, origins of unknowns, arithmetic and conversion as well.

mod convert;
mod equality;
mod json_codec;
mod msgpack_codec;
mod number;
mod path;
mod refinement;
mod types;
mod unify;
mod value;

pub use number::{ExactDigits, NotANumber, Number, ParseNumberError};
pub use path::{Path, PathError, PathStep};
pub use refinement::{Bound, Origin, Refinements, Unknown};
pub use types::{MAX_DEPTH, ObjectType, Type, TypeError};
pub use value::{Mark, Marks, Value, ValueError};

/// Conversion of values to other types, and the one type that several types convert to.
pub mod conversion {
    pub use crate::convert::{can_convert, convert};
    pub use crate::unify::{unify, unify_unsafe};
}

/// `MessagePack`, as values travel between Terraform and its plugins.
pub mod msgpack {
    pub use crate::msgpack_codec::{decode, encode};
}

/// JSON, as values stand in state files.
pub mod json {
    pub use crate::json_codec::{decode, decode_dropping_extra, encode};
}
