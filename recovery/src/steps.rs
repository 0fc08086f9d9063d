//! The kinds of steps, one file each, and the one list of them.

mod again;
pub mod alarm;
pub mod application_target;
pub mod approval;
pub mod arc_routing_control;
pub mod asg_capacity;
pub mod aurora_global_writer;
#[cfg(test)]
mod bench;
mod capacity;
mod databases;
#[cfg(test)]
mod doubles;
pub mod dynamodb_global_table;
pub mod ecs_service_capacity;
pub mod elasticache_global_primary;
pub mod failover_plan;
pub mod fence_database;
pub mod http_probe;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod kinds;
pub mod lambda_event_sources;
pub mod lambda_invoke;
pub mod notify;
mod parts;
pub mod quiesce_writers;
pub mod rds_create_replica;
pub mod rds_promote_replica;
pub mod route53_health_check_switch;
pub mod route53_records;
pub mod s3_multi_region_access_point;
pub mod s3_replication;
pub mod secret_promotion;
pub mod secret_replicate;
mod silence;
#[cfg(test)]
mod testing;
pub mod wait;

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
    &ecs_service_capacity::EcsServiceCapacity,
    &asg_capacity::AsgCapacity,
    &application_target::ApplicationTarget,
    &lambda_event_sources::LambdaEventSources,
    &secret_promotion::SecretPromotion,
    &secret_replicate::SecretReplicate,
    &s3_multi_region_access_point::S3MultiRegionAccessPoint,
    &route53_health_check_switch::Route53HealthCheckSwitch,
    &arc_routing_control::ArcRoutingControl,
    &route53_records::Route53Records,
    &lambda_invoke::LambdaInvoke,
    &http_probe::HttpProbe,
    &alarm::Alarm,
    &wait::Wait,
    &approval::Approval,
    &notify::Notify,
    &failover_plan::FailoverPlan,
];

/// The kind of a word.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}
