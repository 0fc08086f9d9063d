//! Rules: alarms, topics, logs, trails.

mod alarms;
mod trails;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    alarms::MISSING,
    alarms::WATCHES,
    alarms::TOPIC,
    trails::RULE,
];
