//! Data sources, one file each.

pub(crate) mod failover_readiness;
pub(crate) mod failover_status;
pub(crate) mod replication_status;
