//! Rules: alarms, topics, logs, trails.

mod alarms;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    alarms::MISSING,
    alarms::WATCHES,
    alarms::TOPIC,
    alarms::TRAIL,
];
