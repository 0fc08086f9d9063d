//! Managed resources, one room each.

pub(crate) mod failover;
pub(crate) mod failover_plan;
pub(crate) mod global_cluster_writer;
pub(crate) mod replica_promotion;
