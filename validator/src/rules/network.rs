//! Rules: subnets, routes, endpoints, peering.

mod acls;
mod paths;
mod subnets;
mod zones;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    subnets::TIER,
    subnets::ZONES,
    subnets::SMALL,
    subnets::CIDR,
    subnets::OVERLAP,
    paths::ROUTE,
    paths::TARGET,
    paths::NAT,
    paths::ENDPOINT,
    acls::RULE,
    paths::PEERING,
    zones::PRIVATE_ZONE,
];
