//! The kinds of steps, one file each, and the one list of them.

pub mod application_target;
pub mod asg_capacity;
mod capacity;
#[cfg(test)]
mod doubles;
pub mod ecs_service_capacity;
pub mod lambda_event_sources;
mod parts;
pub mod rds_promote_replica;
pub mod secret_promotion;
pub mod secret_replicate;
#[cfg(test)]
mod testing;

use crate::kind::Kind;

/// Every kind, in the order in which help lists them.
pub const KINDS: &[&dyn Kind] = &[
    &ecs_service_capacity::EcsServiceCapacity,
    &asg_capacity::AsgCapacity,
    &application_target::ApplicationTarget,
    &lambda_event_sources::LambdaEventSources,
    &secret_promotion::SecretPromotion,
    &secret_replicate::SecretReplicate,
];

/// The kind of a word.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}
