//! Rules: security groups, roles, policies, keys, certificates.

mod keys;
mod reach;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    reach::INGRESS,
    reach::EGRESS,
    reach::WIDER,
    keys::DEFAULT_GROUP,
    keys::NOT_THERE,
    keys::POLICY,
    keys::MULTI_REGION,
    keys::CERTIFICATE,
];
