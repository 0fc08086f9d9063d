//! Rules: what still hangs on the lost region.

mod backend;
mod depends_on_primary;
mod global_entries;
mod policies;
mod settings;
mod shared_roles;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    depends_on_primary::RULE,
    backend::RULE,
    policies::LOCKED,
    policies::NAMES,
    policies::SERVICE,
    settings::SETTING,
    settings::QUOTA,
    settings::COLLISION,
];
