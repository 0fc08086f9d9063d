//! Rules: buckets and their replication.

mod replica_key;
mod replication;
mod role;
mod rule_settings;
mod settings;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    replication::MISSING,
    replication::SAME_REGION,
    replication::TARGET,
    rule_settings::DISABLED,
    replication::PARTIAL,
    rule_settings::DELETE_MARKERS,
    rule_settings::TIME,
    rule_settings::KMS,
    replica_key::RULE,
    role::REPLICATION,
    settings::VERSIONING,
    settings::LOCK,
];
