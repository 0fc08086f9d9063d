//! Known names that refer: a bucket's name in its settings, a role's in its policies. A name means an instance of the same
//! region, or a global one.

use rustc_hash::FxHashMap;

use super::super::InstanceId;
use crate::inventory::{Instance, Name, Node};

/// Arguments that hold a name, and the types whose name it is.
const REFERRING: [(&str, &[&str]); 24] = [
    ("bucket", &["aws_s3_bucket"]),
    ("bucket_name", &["aws_s3_bucket"]),
    ("s3_bucket_name", &["aws_s3_bucket"]),
    ("cluster", &["aws_ecs_cluster"]),
    ("cluster_name", &["aws_ecs_cluster", "aws_eks_cluster"]),
    (
        "cluster_identifier",
        &["aws_rds_cluster", "aws_redshift_cluster"],
    ),
    ("global_cluster_identifier", &["aws_rds_global_cluster"]),
    ("db_subnet_group_name", &["aws_db_subnet_group"]),
    (
        "subnet_group_name",
        &[
            "aws_elasticache_subnet_group",
            "aws_dax_subnet_group",
            "aws_memorydb_subnet_group",
        ],
    ),
    (
        "db_cluster_parameter_group_name",
        &["aws_rds_cluster_parameter_group"],
    ),
    ("db_parameter_group_name", &["aws_db_parameter_group"]),
    (
        "parameter_group_name",
        &["aws_db_parameter_group", "aws_elasticache_parameter_group"],
    ),
    ("option_group_name", &["aws_db_option_group"]),
    ("role", &["aws_iam_role"]),
    ("role_name", &["aws_iam_role"]),
    ("iam_instance_profile", &["aws_iam_instance_profile"]),
    ("log_group_name", &["aws_cloudwatch_log_group"]),
    ("repository", &["aws_ecr_repository"]),
    ("repository_name", &["aws_ecr_repository"]),
    ("table_name", &["aws_dynamodb_table"]),
    ("function_name", &["aws_lambda_function"]),
    ("backup_vault_name", &["aws_backup_vault"]),
    ("target_vault_name", &["aws_backup_vault"]),
    ("autoscaling_group_name", &["aws_autoscaling_group"]),
];

/// The argument in which a type holds its own name.
fn own_name(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "aws_s3_bucket" => "bucket",
        "aws_rds_cluster" | "aws_redshift_cluster" => "cluster_identifier",
        "aws_rds_global_cluster" => "global_cluster_identifier",
        "aws_lambda_function" => "function_name",
        _ if REFERRING.iter().any(|(_, types)| types.contains(&ty)) => "name",
        _ => return None,
    })
}

/// Names of instances, by type, region and name.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: FxHashMap<(Name, Option<Name>, Name), InstanceId>,
}

impl Names {
    pub(super) fn add(&mut self, id: InstanceId, instance: &Instance) {
        let Some(name) = own_name(&instance.ty) else {
            return;
        };
        if let Some(Node::String(text)) = instance.values.get(name) {
            self.names
                .entry((instance.ty.clone(), place(instance), text.clone()))
                .or_insert(id);
        }
    }

    /// The instance that a text means as this argument of an instance.
    pub(super) fn find(&self, from: &Instance, argument: &str, text: &Name) -> Option<InstanceId> {
        if own_name(&from.ty) == Some(argument) {
            return None;
        }
        let (_, types) = REFERRING.iter().find(|(name, _)| *name == argument)?;
        types.iter().find_map(|ty| {
            let places = [place(from), None];
            places.into_iter().find_map(|place| {
                self.names
                    .get(&((*ty).into(), place, text.clone()))
                    .copied()
            })
        })
    }
}

/// The region in which a name means something; global ones have none.
fn place(instance: &Instance) -> Option<Name> {
    match instance.scope {
        crate::inventory::Scope::Global => None,
        crate::inventory::Scope::Regional => instance.region.value.clone(),
    }
}
