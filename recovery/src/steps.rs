//! The kinds of steps, one file each, and the one list of them.

pub mod alarm;
pub mod application_target;
pub mod approval;
pub mod arc_routing_control;
pub mod asg_capacity;
mod capacity;
#[cfg(test)]
mod doubles;
pub mod ecs_service_capacity;
pub mod failover_plan;
pub mod http_probe;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod kinds;
pub mod lambda_event_sources;
pub mod lambda_invoke;
pub mod notify;
mod parts;
pub mod rds_promote_replica;
pub mod route53_health_check_switch;
pub mod route53_records;
pub mod s3_multi_region_access_point;
pub mod secret_promotion;
pub mod secret_replicate;
mod silence;
#[cfg(test)]
mod testing;
pub mod wait;

use crate::kind::Kind;

/// Every kind, in the order in which help lists them.
pub const KINDS: &[&dyn Kind] = &[
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
