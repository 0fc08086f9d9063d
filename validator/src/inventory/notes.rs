//! What a configuration says beside its instances: addresses that changed, comments that accept findings, and module calls
//! that lead to nothing that could be read.

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

/// A module call that leads to nothing that could be read: what it declares is missing from the inventory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// The call, without its own key.
    pub address: Name,
    /// The root it belongs to, where there are several.
    pub root: Option<Name>,
    /// Its source, where it is plain text.
    pub source: Option<Name>,
    /// The region of the provider that it is given, where there is one only.
    pub region: Option<Name>,
    /// Why it could not be read, and the next move.
    pub why: Name,
    /// Where the call stands.
    pub place: Option<Location>,
}

impl Unread {
    /// Whether an address lies in it.
    pub fn holds(&self, address: &str) -> bool {
        address
            .strip_prefix(&*self.address)
            .is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
    }
}
