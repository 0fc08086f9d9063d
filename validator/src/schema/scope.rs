//! Which types of resources live in one region, and which everywhere.

use crate::inventory::Scope;

/// Beginnings of the names of global types, with why.
const GLOBAL: &[&str] = &[
    // Identities are the account's.
    "aws_iam_",
    // Zones, records, health checks and traffic policies are served from everywhere; their control plane is in us-east-1.
    "aws_route53_",
    // The edge network.
    "aws_cloudfront_",
    "aws_globalaccelerator_",
    // An endpoint that is made of buckets in several regions.
    "aws_s3control_multi_region_access_point",
    // Settings of the whole account.
    "aws_account_",
    "aws_organizations_",
    "aws_s3_account_public_access_block",
    "aws_backup_global_settings",
    // Clusters of routing controls live in five regions at once; readiness checks are kept in us-west-2 for all.
    "aws_route53recoverycontrolconfig_",
    "aws_route53recoveryreadiness_",
    // Databases that span regions.
    "aws_rds_global_cluster",
    "aws_docdb_global_cluster",
    "aws_neptune_global_cluster",
    "aws_elasticache_global_replication_group",
    "aws_memorydb_multi_region_cluster",
    "aws_dynamodb_global_table",
    // Direct Connect gateways connect regions.
    "aws_dx_gateway",
    "aws_shield_",
    "aws_networkmanager_",
];

/// Exceptions among these: they live in one region.
const REGIONAL: &[&str] = &["aws_route53_resolver_", "aws_route53profiles_"];

/// Where objects of a type live. Types that are no resources of AWS count as regional: nobody asks them.
pub fn scope(ty: &str) -> Scope {
    let begins = |list: &[&str]| list.iter().any(|start| ty.starts_with(start));
    if begins(GLOBAL) && !begins(REGIONAL) {
        Scope::Global
    } else {
        Scope::Regional
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_services_are_told_from_regional_ones() {
        for ty in [
            "aws_iam_role",
            "aws_route53_record",
            "aws_cloudfront_distribution",
            "aws_rds_global_cluster",
        ] {
            assert_eq!(scope(ty), Scope::Global, "{ty}");
        }
        for ty in [
            "aws_vpc",
            "aws_route53_resolver_endpoint",
            "aws_s3_bucket",
            "aws_rds_cluster",
            "aws_wafv2_web_acl",
        ] {
            assert_eq!(scope(ty), Scope::Regional, "{ty}");
        }
    }
}
