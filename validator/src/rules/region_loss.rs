//! Rules: what still hangs on the lost region.

mod backend;
mod depends_on_primary;
mod global_entries;
mod key_services;
mod organisation;
mod policies;
mod settings;
mod shared_roles;
mod silent;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    depends_on_primary::RULE,
    backend::RULE,
    policies::LOCKED,
    policies::NAMES,
    key_services::SERVICE,
    settings::SETTING,
    settings::QUOTA,
    settings::COLLISION,
];
