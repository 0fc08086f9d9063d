//! How far an act can be undone: what decides whether gates stand before it.

use std::fmt;

/// The risk that an act declares. A one-way act passes every gate of its step first, with fresh numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Changes nothing that anybody depends on.
    Harmless,
    /// Changes something that a further act can change back.
    Reversible,
    /// Cannot be undone: the way back is another execution.
    OneWay,
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Risk::Harmless => "harmless",
            Risk::Reversible => "reversible",
            Risk::OneWay => "one-way",
        })
    }
}
