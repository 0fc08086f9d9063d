//! Rules: what only a plan can show.

mod arguments;
mod out_of_date;
mod sort;
mod stalls;
mod traffic;
mod unsafe_after_failover;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[out_of_date::RULE, unsafe_after_failover::RULE, stalls::RULE];
