//! Rules: services, scaling, load balancers, DNS.

mod capacity;
mod dns_ttl;
mod failover_records;
mod health_checks;
mod processors;
mod routing_controls;
mod services;
mod start_scripts;
mod suspended;
mod target_health;
mod tasks;

pub(super) use dns_ttl::ARGUMENTS as DNS_TTL_ARGUMENTS;

use super::Rule;

/// The rule that takes them.
pub(super) const DNS_TTL: &str = dns_ttl::RULE.name;

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    services::RULE,
    capacity::RULE,
    tasks::RULE,
    processors::RULE,
    suspended::SUSPENDED,
    suspended::SCHEDULE,
    failover_records::MISSING_RECORD,
    failover_records::MISSING_CHECK,
    target_health::RULE,
    dns_ttl::RULE,
    routing_controls::RULE,
    health_checks::DEPENDS,
    health_checks::ALWAYS,
    health_checks::FOLLOWS,
];
