//! Who may reach whom, and which way.

use crate::mirror::{Key, Meaning};
use ipnet::IpNet;

/// Which way traffic goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    In,
    Out,
}

/// Who may be reached, told without the region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    /// A range, as it would be in the primary region.
    Range(IpNet),
    /// Members of a group.
    Group(Key),
    /// Members of the same group.
    Own,
    /// A prefix list, or a range that is not known.
    Other(Meaning),
}
