//! Rules: security groups, roles, policies, keys, certificates.

mod certificates;
mod default_group;
mod denials;
mod denied;
mod endpoint_policies;
mod key_policies;
mod key_statements;
mod keys;
mod reach;
mod role_permissions;
mod waf;
mod written;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    reach::INGRESS,
    reach::EGRESS,
    reach::WIDER,
    role_permissions::RULE,
    denials::RULE,
    default_group::RULE,
    keys::NOT_THERE,
    key_policies::RULE,
    keys::MULTI_REGION,
    waf::RULE,
    certificates::RULE,
];
