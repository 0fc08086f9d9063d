//! Managed resources, one room each.

pub(crate) mod replica_promotion;
