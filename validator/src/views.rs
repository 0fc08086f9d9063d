//! Facts derived from instances that more than one rule needs: pure functions over a mirror.

pub(crate) mod buckets;
pub(crate) mod dns;
