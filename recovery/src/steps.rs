//! The kinds of steps, one file each, and the one list of them.

mod again;
pub mod aurora_global_writer;
mod databases;
pub mod dynamodb_global_table;
pub mod elasticache_global_primary;
pub mod fence_database;
pub mod quiesce_writers;
pub mod rds_create_replica;
pub mod rds_promote_replica;
pub mod s3_replication;
#[cfg(test)]
mod testing;

use crate::kind::Kind;

/// Every kind, in the order in which help lists them.
pub const KINDS: &[&dyn Kind] = &[
    &fence_database::FenceDatabaseKind,
    &quiesce_writers::QuiesceWritersKind,
    &rds_promote_replica::RdsPromoteReplicaKind,
    &rds_create_replica::RdsCreateReplicaKind,
    &aurora_global_writer::AuroraGlobalWriterKind,
    &elasticache_global_primary::ElasticacheGlobalPrimaryKind,
    &dynamodb_global_table::DynamodbGlobalTableKind,
    &s3_replication::S3ReplicationKind,
];

/// The kind of a word.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}
