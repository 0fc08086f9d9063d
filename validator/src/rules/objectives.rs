//! Rules: tiers with their RTO and RPO.

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[];
