//! What a configuration says beside its instances: addresses that changed, and comments that accept findings.

use super::Name;
use crate::source::Location;

/// An address that changed, as a `moved` block says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The old address, of a resource, an instance or a module.
    pub from: Name,
    /// The new one.
    pub to: Name,
}

/// A comment `# drcheck:accept …`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comment {
    /// What stands behind `drcheck:accept`.
    pub text: Name,
    /// Where the comment is.
    pub place: Location,
    /// The line that it is about: its own, or the next one with code.
    pub line: u32,
    /// Module calls that begin on that line, by address without their own key.
    pub modules: Vec<Name>,
}
