//! The kinds of steps, one file each, and the one list of them.

pub mod rds_promote_replica;

use crate::kind::Kind;

/// Every kind, in the order in which help lists them.
pub const KINDS: &[&dyn Kind] = &[];

/// The kind of a word.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}
