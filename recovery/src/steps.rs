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
#[cfg(test)]
mod round_trip;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::testing::{east, given, west};
    use super::*;
    use crate::argument::Argument;
    use crate::kind::Plane;
    use crate::mode::Mode;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_is_found_by_it() {
        let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), KINDS.len());
        for name in names {
            assert!(
                name.chars()
                    .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
            );
            assert_eq!(kind(name).map(Kind::name), Some(name));
        }
        assert!(kind("no_such_kind").is_none());
    }

    #[test]
    fn every_kind_tells_what_it_does_and_declares_arguments_that_can_be_read() {
        for kind in KINDS {
            assert!(kind.doc().len() > 80, "{}", kind.name());
            assert!(!kind.runs_in().is_empty(), "{}", kind.name());
            assert!(!kind.usual_duration().is_zero(), "{}", kind.name());
            for argument in kind.arguments() {
                let Argument {
                    name, doc, default, ..
                } = argument;
                assert!(doc.ends_with('.'), "{} {name}", kind.name());
                let read = default.map(serde_json::from_str::<serde_json::Value>);
                assert!(
                    read.is_none_or(|read| read.is_ok()),
                    "{} {name}",
                    kind.name()
                );
            }
        }
    }

    #[test]
    fn no_kind_needs_the_region_that_a_failover_leaves_or_a_third_one() {
        let nothing = given(serde_json::json!({}));
        // Its control plane is in one region, whatever the plan's: the proof of a plan refuses it where that is left.
        let tied = ["route53_records"];
        for kind in KINDS
            .iter()
            .filter(|kind| kind.runs_in().contains(&Mode::Failover))
        {
            for call in kind.calls(&nothing, Mode::Failover, &west(), Some(&east())) {
                let place = format!("{} {} {}", kind.name(), call.operation, call.region);
                let needed_elsewhere = call.needed && call.region != west();
                assert_eq!(needed_elsewhere, tied.contains(&kind.name()), "{place}");
                let known = call.region == west() || call.region == east();
                assert!(known || call.plane == Plane::Data, "{place}");
            }
        }
    }
}
