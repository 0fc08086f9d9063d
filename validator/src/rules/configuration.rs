//! Rules: secrets, parameters, images.

mod names;
mod snapshots;
mod tasks;
mod values;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    names::SECRET,
    names::PARAMETER,
    names::IMAGE,
    tasks::IMAGE,
    names::MACHINE_IMAGE,
    snapshots::RULE,
    names::USERS,
    tasks::ENVIRONMENT,
    tasks::LOG_REGION,
    values::SECRET,
];
