//! Rules: what still hangs on the lost region.

mod settings;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[settings::SETTING, settings::COLLISION];
