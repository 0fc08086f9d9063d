//! Rules: subnets, routes, endpoints, peering.

mod acls;
mod detours;
mod gateways;
mod isolated;
mod paths;
mod peering;
mod ranges;
mod subnets;
mod zones;

use super::Rule;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    subnets::TIER,
    subnets::ZONES,
    ranges::SMALL,
    ranges::CIDR,
    ranges::OVERLAP,
    paths::ROUTE,
    paths::TARGET,
    gateways::NAT,
    gateways::INTERNET,
    gateways::ENDPOINT,
    isolated::RULE,
    acls::RULE,
    peering::RULE,
    zones::PRIVATE_ZONE,
];
