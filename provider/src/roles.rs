//! What resources that hold a role by one step have in common: consents, timeouts, findings.

pub(crate) mod consents;
pub(crate) mod finding;
pub(crate) mod timeouts;
