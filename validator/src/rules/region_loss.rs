//! Rules: what still hangs on the lost region.

mod depends_on_primary;
mod global_entries;
mod settings;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    depends_on_primary::RULE,
    settings::SETTING,
    settings::COLLISION,
];
