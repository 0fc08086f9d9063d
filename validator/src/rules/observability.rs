//! Rules: alarms, topics, logs, trails.

mod alarms;
mod trails;

pub(in crate::rules) use alarms::is_about_one_region;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    alarms::MISSING,
    alarms::WATCHES,
    alarms::TOPIC,
    trails::RULE,
];
