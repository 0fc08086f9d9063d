//! What arrived at the fake.

use jiff::Timestamp;

use crate::{ErrorKind, Region};

/// A call that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// The region that was called.
    pub region: Region,
    /// The instance that it was about; empty where it was about none.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What it did.
    pub effect: Effect,
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only read.
    Read,
    /// It changed the world.
    Changed,
    /// It was accepted and there was nothing to change.
    Nothing,
    /// It was refused.
    Refused(ErrorKind),
}
