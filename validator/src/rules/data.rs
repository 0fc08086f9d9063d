//! Rules: databases, caches, tables, file systems.

mod limits;
mod members;
mod promoted;
mod replicas;
mod sources;
mod stores;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    replicas::NO_REPLICA,
    replicas::SAME_REGION,
    sources::RULE,
    members::HEADLESS,
    members::MEMBER,
    promoted::BACKUP,
    promoted::MULTI_AZ,
    promoted::ENGINE,
    promoted::PARAMETERS,
    limits::RULE,
    stores::CACHE,
    stores::TABLE,
    stores::TWIN,
    stores::FILES,
];
