//! Rules that hold for every type, where no rule of its own says more.

mod counterpart_missing;
pub(crate) mod module_not_read;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[counterpart_missing::RULE, module_not_read::RULE];
