//! Several instances of one resource with one cause are one finding.

use std::collections::BTreeMap;

use crate::inventory::Name;
use crate::mirror::without_own_key;
use crate::verdict::Finding;

/// What findings must share to be one: rule, attribute, resource on both sides, key, places, and what excuses them.
type Cause = (
    Name,
    Option<Name>,
    String,
    String,
    String,
    [Option<crate::source::Location>; 2],
    (Option<Name>, bool),
);

/// Joins findings of the same cause; the first in order stands for all.
pub(crate) fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: BTreeMap<Cause, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
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
            finding.key.clone(),
            [
                finding.primary.place.clone(),
                finding.secondary.place.clone(),
            ],
            (
                finding
                    .accepted
                    .as_ref()
                    .map(|accepted| accepted.by.clone()),
                finding.in_baseline,
            ),
        );
        groups.entry(cause).or_default().push(finding);
    }
    groups.into_values().map(one).collect()
}

/// Takes joined findings apart again: each may be accepted by itself.
pub(crate) fn split(findings: Vec<Finding>) -> Vec<Finding> {
    let apart = |mut finding: Finding| {
        let members = std::mem::take(&mut finding.members);
        if members.is_empty() {
            vec![finding]
        } else {
            members
        }
    };
    findings.into_iter().flat_map(apart).collect()
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
            first.members.push(first.clone());
            first.members[0].instances.clear();
        }
        first.instances.push(name(&other));
        first.severity = first.severity.max(other.severity);
        first
            .consequences
            .extend(other.consequences.iter().cloned());
        first.members.push(other);
    }
    first
}
