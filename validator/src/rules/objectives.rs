//! Rules: tiers with their RTO and RPO.

mod stores;
mod unmet;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[unmet::RULE, unmet::UNASSIGNED];
