//! Data sources, one file each.

pub(crate) mod replication_status;
