//! The order of reports, worst first: by severity, then by what a failover cannot do without.

use std::cmp::Reverse;

use crate::verdict::{Family, Finding, Gap, Severity};

/// What a failover needs, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// The data, and who can write it.
    Data,
    /// Names and ways that lead to it.
    Ways,
    /// What services start from, and what they are told.
    Start,
    /// Whatever else has no counterpart.
    Other,
    /// As much of it as production has.
    Capacity,
    /// What protects and watches it afterwards.
    Afterwards,
    /// The entries of `dr.hcl` themselves.
    Entries,
}

/// Rules about how much there is.
const CAPACITY: [&str; 9] = [
    "capacity-unreachable",
    "class-cannot-carry",
    "fewer-zones",
    "frequency-misses-rpo",
    "missing-nat",
    "quota-not-raised",
    "scaling-suspended",
    "storage-cannot-grow",
    "subnet-too-small",
];

/// Rules of data and objects about what is wanted after the promotion.
const AFTERWARDS: [&str; 7] = [
    "backup-weaker-after-promotion",
    "deletion-unprotected",
    "lifecycle-differs",
    "lock-differs",
    "logs-not-exported",
    "multi-az-lost-after-promotion",
    "no-time-control",
];

/// What a rule's findings take from a failover.
pub(crate) fn need(rule: &str, family: Family) -> Need {
    if CAPACITY.contains(&rule) {
        return Need::Capacity;
    }
    if AFTERWARDS.contains(&rule) {
        return Need::Afterwards;
    }
    match family {
        Family::Data | Family::Objects => Need::Data,
        Family::Network | Family::Access => Need::Ways,
        Family::Configuration | Family::Compute | Family::RegionLoss => Need::Start,
        Family::Objectives | Family::Plan | Family::General => Need::Other,
        Family::Backup | Family::Observability => Need::Afterwards,
        Family::Exceptions => Need::Entries,
    }
}

pub(crate) type Order<'a> = (
    Reverse<Severity>,
    Need,
    Family,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
);

/// The place of a finding in a report.
pub(crate) fn order(finding: &Finding) -> Order<'_> {
    (
        Reverse(finding.severity),
        need(&finding.rule, finding.family),
        finding.family,
        &finding.rule,
        finding.primary.address.as_deref().unwrap_or_default(),
        finding.secondary.address.as_deref().unwrap_or_default(),
        &finding.fingerprint,
    )
}

/// The place of a gap.
pub(super) fn of_gap(gap: &Gap) -> Order<'_> {
    (
        Reverse(gap.severity),
        need(&gap.rule, gap.family),
        gap.family,
        &gap.rule,
        gap.primary.address.as_deref().unwrap_or_default(),
        gap.secondary.address.as_deref().unwrap_or_default(),
        &gap.fingerprint,
    )
}

#[cfg(test)]
mod tests {
    use super::{AFTERWARDS, CAPACITY};

    #[test]
    fn rules_that_are_named_exist() {
        for name in CAPACITY.iter().chain(&AFTERWARDS) {
            assert!(crate::rules::find(name).is_some(), "{name}");
        }
    }
}
