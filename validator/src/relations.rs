//! What must hold between an attribute of a primary and that of its counterpart: one row for each, as data.

mod ask;
mod order;
mod project;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::inventory::{Name, Node};
use crate::verdict::{Severity, Strategies, Strategy};

pub(crate) use ask::ask;

/// What two values must be to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// The same value.
    Equal,
    /// The same value as seen from the other region.
    Translated,
    /// The same elements, or more in the secondary.
    SameSet,
    /// At least the primary's.
    AtLeast,
    /// It can grow to at least the primary's.
    ReachableAtLeast,
    /// Not below the primary's on a scale.
    NotWeaker,
    /// Anything.
    Ignored,
    /// Judged by a rule of its own.
    Special,
}

/// One row: an attribute of a type.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// Blocks and attribute, as `rule.destination.bucket`.
    pub path: String,
    /// The relation.
    pub must: Must,
    /// Letters of the strategies under which it counts.
    on: String,
    severity: String,
    /// Why it matters in a failover.
    pub why: String,
    /// What holds where nothing is set.
    default: Option<serde_json::Value>,
    /// Whether a replica has it from its source where nothing is set.
    #[serde(default)]
    pub inherited: bool,
    /// Whether it says nothing about a replica.
    #[serde(default)]
    pub not_on_replicas: bool,
    /// Numbers that stand for no limit.
    #[serde(default)]
    pub unlimited: Vec<i64>,
    /// From the weakest to the strongest.
    #[serde(default)]
    pub scale: Vec<String>,
    /// Rules that report it, or that judge it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Inside of a JSON document: judged by a rule.
    pub inside: Option<String>,
}

impl Row {
    /// Whether it counts under a strategy.
    pub fn counts(&self, strategy: Strategy) -> bool {
        Strategies::letters(&self.on).contains(strategy)
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        Severity::of(&self.severity).unwrap_or(Severity::Degrades)
    }

    /// What holds where nothing is set, as a value.
    pub fn default(&self) -> Option<Node> {
        match self.default.as_ref()? {
            serde_json::Value::Bool(truth) => Some(Node::Bool(*truth)),
            serde_json::Value::String(text) => Some(Node::String(text.as_str().into())),
            serde_json::Value::Number(number) => {
                let number = cty::Number::parse(&number.to_string()).ok()?;
                Some(Node::Number(Box::new(number)))
            }
            _ => None,
        }
    }
}

/// Kinds of counterparts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CounterpartKind {
    /// A second resource of the same type.
    Twin,
    /// A second resource that names the first, or an argument of the first.
    ReplicaArgument,
    /// A resource of its own carries the replication.
    ReplicationResource,
    /// A container or link above both.
    GlobalResource,
    /// A copy in time.
    CopyResource,
    /// One serves both regions.
    Global,
    /// Lives once by nature.
    Single,
}

/// All rows of a type.
#[derive(Debug, Deserialize)]
pub struct TypeRows {
    /// The resource type.
    #[serde(rename = "type")]
    pub ty: String,
    /// What its counterpart is.
    pub counterpart: CounterpartKind,
    needed_on: String,
    /// The rows.
    pub rows: Vec<Row>,
}

impl TypeRows {
    /// Whether a missing counterpart counts under a strategy.
    pub fn needed(&self, strategy: Strategy) -> bool {
        Strategies::letters(&self.needed_on).contains(strategy)
    }
}

static TABLE: LazyLock<Vec<TypeRows>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/relations.json"))
        .expect("the embedded table is read by a test")
});

static BY_TYPE: LazyLock<HashMap<&'static str, &'static TypeRows>> =
    LazyLock::new(|| TABLE.iter().map(|rows| (rows.ty.as_str(), rows)).collect());

/// All types.
pub fn table() -> &'static [TypeRows] {
    &TABLE
}

/// The rows of a type.
pub fn find(ty: &str) -> Option<&'static TypeRows> {
    BY_TYPE.get(ty).copied()
}

/// Types that carry replication, or are a setting of what is replicated: their counterpart is that of what they belong to.
pub fn follows_owner(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "aws_s3_bucket_replication_configuration" => "bucket",
        "aws_efs_replication_configuration" => "source_file_system_id",
        "aws_secretsmanager_secret_version" | "aws_secretsmanager_secret_policy" => "secret_id",
        "aws_secretsmanager_secret_rotation" => "secret_id",
        "aws_db_instance_automated_backups_replication" => "source_db_instance_arn",
        "aws_dynamodb_table_replica" => "global_table_arn",
        "aws_dynamodb_table_item" | "aws_dynamodb_kinesis_streaming_destination" => "table_name",
        "aws_dynamodb_contributor_insights" | "aws_dynamodb_tag" => "table_name",
        _ => return None,
    })
}

/// Types of which one serves the whole account, or both regions.
pub fn is_shared(ty: &str) -> bool {
    matches!(
        ty,
        "aws_ecr_replication_configuration"
            | "aws_vpc_peering_connection"
            | "aws_elasticache_global_replication_group"
            | "aws_rds_global_cluster"
            | "aws_docdb_global_cluster"
            | "aws_neptune_global_cluster"
            | "aws_ec2_transit_gateway_peering_attachment"
            | "aws_backup_global_settings"
            | "aws_msk_replicator"
    )
}

/// A row by type and path.
pub fn row(ty: &str, path: &str) -> Option<&'static Row> {
    find(ty)?.rows.iter().find(|row| row.path == path)
}

/// Types, rows, and special rows that no rule of the list judges.
pub fn special_without_rule() -> Vec<(&'static str, &'static str)> {
    let judged = |row: &Row| {
        row.rules
            .iter()
            .any(|name| crate::rules::find(name).is_some())
    };
    table()
        .iter()
        .flat_map(|rows| rows.rows.iter().map(move |row| (rows, row)))
        .filter(|(_, row)| row.must == Must::Special && !judged(row))
        .map(|(rows, row)| (rows.ty.as_str(), row.path.as_str()))
        .collect()
}

/// A value's text in a scale or as a class.
pub(crate) fn word(node: &Node) -> Option<Name> {
    match node {
        Node::String(text) => Some(text.clone()),
        Node::Bool(truth) => Some(if *truth {
            "true".into()
        } else {
            "false".into()
        }),
        Node::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}
