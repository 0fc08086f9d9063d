//! Rules: subnets, routes, endpoints, peering.

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[];
