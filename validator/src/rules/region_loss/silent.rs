//! Arguments that may name the other region, or say nothing at run time.

/// Arguments that name the other region on purpose: type, first-level name.
const ARROWS: [(&str, &str); 24] = [
    ("aws_db_instance", "replicate_source_db"),
    (
        "aws_db_instance_automated_backups_replication",
        "source_db_instance_arn",
    ),
    ("aws_rds_cluster", "replication_source_identifier"),
    ("aws_rds_cluster", "global_cluster_identifier"),
    ("aws_rds_cluster", "source_region"),
    ("aws_kms_replica_key", "primary_key_arn"),
    ("aws_kms_replica_external_key", "primary_key_arn"),
    (
        "aws_elasticache_replication_group",
        "global_replication_group_id",
    ),
    (
        "aws_memorydb_multi_region_cluster",
        "multi_region_cluster_name",
    ),
    ("aws_dynamodb_table_replica", "global_table_arn"),
    ("aws_s3_bucket_replication_configuration", "rule"),
    ("aws_s3_bucket", "replication_configuration"),
    ("aws_efs_replication_configuration", "destination"),
    (
        "aws_ecr_replication_configuration",
        "replication_configuration",
    ),
    ("aws_backup_plan", "rule"),
    ("aws_ami_copy", "source_ami_id"),
    ("aws_ami_copy", "source_ami_region"),
    ("aws_ebs_snapshot_copy", "source_snapshot_id"),
    ("aws_ebs_snapshot_copy", "source_region"),
    ("aws_db_snapshot_copy", "source_db_snapshot_identifier"),
    ("aws_docdb_cluster", "global_cluster_identifier"),
    ("aws_neptune_cluster", "global_cluster_identifier"),
    ("aws_secretsmanager_secret", "replica"),
    ("aws_dynamodb_table", "replica"),
];

/// Types that are a bridge between the regions.
pub(super) fn is_bridge(ty: &str) -> bool {
    ty.contains("peering")
        || ty.ends_with("_replication_configuration")
        || ty.starts_with("aws_networkmanager_")
        || ty.starts_with("aws_globalaccelerator_")
}

/// Whether AWS can decide it: then it is what the instance itself is called, also where somebody writes it.
fn is_its_own(ty: &str, name: &str) -> bool {
    crate::schema::resource(ty).is_some_and(|block| {
        let attribute = block.attributes.get(name);
        attribute.is_some_and(|attribute| attribute.computed)
    })
}

/// Names that say nothing at run time, and documents that rules of their own judge. Nothing else is silent because of how it
/// is called: the `arn` of an event target is where it leads.
pub(super) fn is_silent(ty: &str, name: &str) -> bool {
    matches!(
        name,
        "tags"
            | "tags_all"
            | "tag"
            | "description"
            | "comment"
            | "name"
            | "name_prefix"
            | "alarm_name"
            | "family"
            | "bucket_prefix"
            | "dashboard_body"
            | "acceleration_status"
    ) || matches!(name, "id" | "arn" | "identifier") && is_its_own(ty, name)
        || matches!(name, "policy" | "assume_role_policy" | "inline_policy")
        || ARROWS.contains(&(ty, name))
        || ty == "aws_route"
            && matches!(
                name,
                "vpc_peering_connection_id" | "destination_cidr_block" | "transit_gateway_id"
            )
}

/// Whether nobody sets it: what AWS reports says nothing that a configuration could change.
pub(super) fn is_computed(ty: &str, name: &str) -> bool {
    crate::schema::resource(ty).is_some_and(|block| {
        block
            .attributes
            .get(name)
            .is_some_and(|attribute| attribute.computed && !attribute.optional)
    })
}
