//! Rules: security groups, roles, policies, keys, certificates.

mod certificates;
mod default_group;
mod key_policies;
mod keys;
mod reach;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    reach::INGRESS,
    reach::EGRESS,
    reach::WIDER,
    default_group::DEFAULT_GROUP,
    keys::NOT_THERE,
    key_policies::POLICY,
    keys::MULTI_REGION,
    certificates::CERTIFICATE,
];
