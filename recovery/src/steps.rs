//! The kinds of steps, one file each.

pub mod rds_promote_replica;
