//! Which arguments carry a role in a failover: what replicates from where, what serves, and how much.

/// What an argument says of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// From what it replicates, or which global group it belongs to.
    Arrow,
    /// Copies in other regions, as blocks that name a region.
    Copies,
    /// How much serves: a number, or numbers in a block.
    Capacity,
    /// Whether it works: a bool, or a word such as `DISABLED`.
    Switch,
    /// Where traffic goes.
    Traffic,
    /// How safe it is: a number or a bool, of which less is weaker.
    Guard,
    /// Who writes, as AWS says.
    Writer,
}

use Role::{Arrow, Capacity, Copies, Guard, Switch, Traffic, Writer};

/// Type, argument, role. Every argument stands in the provider's schema.
pub(crate) const ROLES: &[(&str, &str, Role)] = &[
    ("aws_db_instance", "replicate_source_db", Arrow),
    ("aws_db_instance", "backup_retention_period", Guard),
    ("aws_db_instance", "deletion_protection", Guard),
    ("aws_db_instance", "multi_az", Guard),
    ("aws_rds_cluster", "replication_source_identifier", Arrow),
    ("aws_rds_cluster", "global_cluster_identifier", Arrow),
    ("aws_rds_cluster", "backup_retention_period", Guard),
    ("aws_rds_cluster", "deletion_protection", Guard),
    (
        "aws_rds_cluster",
        "serverlessv2_scaling_configuration",
        Capacity,
    ),
    ("aws_rds_global_cluster", "global_cluster_members", Writer),
    ("aws_docdb_cluster", "global_cluster_identifier", Arrow),
    ("aws_docdb_cluster", "deletion_protection", Guard),
    ("aws_docdb_global_cluster", "global_cluster_members", Writer),
    ("aws_neptune_cluster", "global_cluster_identifier", Arrow),
    (
        "aws_neptune_cluster",
        "replication_source_identifier",
        Arrow,
    ),
    ("aws_neptune_cluster", "deletion_protection", Guard),
    (
        "aws_neptune_global_cluster",
        "global_cluster_members",
        Writer,
    ),
    (
        "aws_elasticache_replication_group",
        "global_replication_group_id",
        Arrow,
    ),
    (
        "aws_elasticache_replication_group",
        "replicas_per_node_group",
        Capacity,
    ),
    (
        "aws_elasticache_replication_group",
        "num_cache_clusters",
        Capacity,
    ),
    (
        "aws_elasticache_global_replication_group",
        "primary_replication_group_id",
        Writer,
    ),
    ("aws_dynamodb_table", "replica", Copies),
    ("aws_secretsmanager_secret", "replica", Copies),
    ("aws_autoscaling_group", "min_size", Capacity),
    ("aws_autoscaling_group", "max_size", Capacity),
    ("aws_autoscaling_group", "desired_capacity", Capacity),
    ("aws_ecs_service", "desired_count", Capacity),
    ("aws_appautoscaling_target", "min_capacity", Capacity),
    ("aws_appautoscaling_target", "max_capacity", Capacity),
    ("aws_eks_node_group", "scaling_config", Capacity),
    (
        "aws_lambda_provisioned_concurrency_config",
        "provisioned_concurrent_executions",
        Capacity,
    ),
    ("aws_lambda_event_source_mapping", "enabled", Switch),
    ("aws_cloudwatch_event_rule", "state", Switch),
    ("aws_cloudwatch_event_rule", "is_enabled", Switch),
    ("aws_scheduler_schedule", "state", Switch),
    ("aws_route53_record", "records", Traffic),
    ("aws_route53_record", "alias", Traffic),
    ("aws_route53_record", "weighted_routing_policy", Traffic),
    ("aws_route53_record", "failover_routing_policy", Traffic),
    ("aws_route53_health_check", "disabled", Traffic),
    ("aws_route53_health_check", "invert_healthcheck", Traffic),
    (
        "aws_globalaccelerator_endpoint_group",
        "traffic_dial_percentage",
        Traffic,
    ),
];

/// Arguments of a type that carry a role.
pub(crate) fn roles(ty: &str) -> impl Iterator<Item = (&'static str, Role)> {
    ROLES
        .iter()
        .filter(move |(of, _, _)| *of == ty)
        .map(|(_, argument, role)| (*argument, *role))
}

/// Types that hold data: what is destroyed with them cannot be made again.
const STORES: &[&str] = &[
    "aws_backup_vault",
    "aws_db_instance",
    "aws_docdb_cluster",
    "aws_docdb_cluster_instance",
    "aws_dynamodb_table",
    "aws_dynamodb_table_replica",
    "aws_ebs_volume",
    "aws_ecr_repository",
    "aws_efs_file_system",
    "aws_elasticache_replication_group",
    "aws_fsx_lustre_file_system",
    "aws_fsx_ontap_file_system",
    "aws_fsx_openzfs_file_system",
    "aws_fsx_windows_file_system",
    "aws_kinesis_stream",
    "aws_kms_key",
    "aws_kms_replica_key",
    "aws_memorydb_cluster",
    "aws_msk_cluster",
    "aws_neptune_cluster",
    "aws_opensearch_domain",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_redshift_cluster",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_sqs_queue",
    "aws_timestreamwrite_table",
];

/// Whether a type holds data.
pub(crate) fn is_store(ty: &str) -> bool {
    STORES.contains(&ty)
        || ty.ends_with("_global_cluster")
        || ty.ends_with("_global_replication_group")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_stands_in_the_schema() {
        for (ty, argument, _) in ROLES {
            let block = crate::schema::resource(ty).unwrap_or_else(|| panic!("{ty}"));
            assert!(
                block.attributes.contains_key(*argument) || block.blocks.contains_key(*argument),
                "{ty}.{argument}"
            );
        }
    }
}
