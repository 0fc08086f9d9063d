//! Several instances of one resource with one cause are one finding.

use std::collections::BTreeMap;

use crate::inventory::Name;
use crate::mirror::without_own_key;
use crate::verdict::Finding;

/// What findings must share to be one: rule, attribute, resource on both sides, places, and what follows.
type Cause = (
    Name,
    Option<Name>,
    String,
    String,
    String,
    Option<crate::source::Location>,
    Option<crate::source::Location>,
);

/// Joins findings of the same cause; the first in order stands for all.
pub(super) fn merge(findings: Vec<(Finding, String)>) -> Vec<Finding> {
    let mut groups: BTreeMap<Cause, Vec<Finding>> = BTreeMap::new();
    for (finding, key) in findings {
        let resource = |address: &Option<Name>| {
            address
                .as_deref()
                .map(without_own_key)
                .unwrap_or_default()
                .to_owned()
        };
        let cause = (
            finding.rule.clone(),
            finding.sub.clone(),
            resource(&finding.primary.address),
            resource(&finding.secondary.address),
            key,
            finding.primary.place.clone(),
            finding.secondary.place.clone(),
        );
        groups.entry(cause).or_default().push(finding);
    }
    groups.into_values().map(one).collect()
}

fn one(mut group: Vec<Finding>) -> Finding {
    group.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (
                finding.primary.address.clone(),
                finding.secondary.address.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let mut rest = group.into_iter();
    let Some(mut first) = rest.next() else {
        unreachable!("groups are made with their first finding");
    };
    let name = |finding: &Finding| {
        let address = finding
            .primary
            .address
            .clone()
            .or_else(|| finding.secondary.address.clone());
        address.unwrap_or_default()
    };
    for other in rest {
        if first.instances.is_empty() {
            first.instances.push(name(&first));
        }
        first.instances.push(name(&other));
        first.severity = first.severity.max(other.severity);
        first.consequences.extend(other.consequences);
    }
    first
}
