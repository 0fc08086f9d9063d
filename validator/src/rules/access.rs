//! Rules: security groups, roles, policies, keys, certificates.

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[];
