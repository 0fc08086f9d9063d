//! Rules: backup plans, vaults and copies.

mod copies;
mod frequency;
mod selected;
mod stores;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    copies::NOT_COPIED,
    copies::SAME_REGION,
    copies::RETENTION,
    copies::VAULT_LOCK,
    frequency::RULE,
];
