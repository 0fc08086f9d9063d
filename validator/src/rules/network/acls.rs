//! Network ACLs that let through something else.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Pair};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::acls::{Entry, Found, OTHER, difference, first_match, rules};
use crate::views::elements::proved_same;
use crate::views::services;

pub(super) const RULE: Rule = Rule {
    name: "acl-differs",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A network ACL of the secondary region lets through less, or more, than that of the primary.",
    impact: "Traffic of whole subnets is dropped, in one direction or for some clients only, which is hard to find under pressure.",
    doc: "\
## What it asks
Rules of both ACLs, inline and separate, are evaluated as AWS does: by ascending number, the first match decides, what no rule
matches is denied. Addresses are translated. Numbers, merged ranges and denies that never match are no difference.

## Example
```terraform
resource \"aws_network_acl_rule\" \"deny\" {
  rule_number = 90              # before the rule 100 that allows it
  rule_action = \"deny\"
  from_port   = 5432
}
```

## How to fix it
Use the primary's rules.

Source: Amazon VPC user guide, network ACLs.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ty in ["aws_network_acl", "aws_default_network_acl"] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            for egress in [false, true] {
                direction(mirror, pair, secondary, egress, sink);
            }
        }
    }
}

fn direction(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    egress: bool,
    sink: &mut Sink,
) {
    let word = if egress { "egress" } else { "ingress" };
    let one = rules(mirror, pair.primary, egress, None);
    let other = rules(mirror, secondary, egress, Some(pair.secondary));
    let name = &mirror.instance(secondary).address;
    let covers = [Spot::of(secondary, word), Spot::of(pair.primary, word)];
    if !one.open.is_empty() || !other.open.is_empty() {
        let separate = [("aws_network_acl_rule", "network_acl_id")];
        if proved_same(mirror, pair, secondary, word, &separate) {
            return sink.holds();
        }
        let asked = Asked::new(
            RULE.name,
            Spot::of(pair.primary, word),
            Spot::of(secondary, word),
        );
        let because: Vec<Name> = one.open.union(&other.open).cloned().collect();
        return sink
            .unsure(asked.unsure(format!("what {name} lets through is not known"), because));
    }
    match difference(&one.entries, &other.entries) {
        None => sink.holds(),
        Some(found) => {
            let strays = strays(mirror, &one.entries, &other.entries);
            let (first, second) = spots(
                mirror,
                &found,
                &one.entries,
                &other.entries,
                pair.primary,
                secondary,
                word,
            );
            let asked = Asked::new(RULE.name, first, second).keyed(word);
            let verb = if found.allowed { "denies" } else { "admits" };
            let ports = match &*found.protocol {
                OTHER => OTHER.to_owned(),
                protocol => services::words(protocol, &[(found.port, found.port)]),
            };
            sink.broken(
                asked
                    .broken(format!(
                        "{name} {verb} {word} {ports} of {}, production does not",
                        found.range
                    ))
                    .covers(covers.into_iter().chain(strays)),
            );
        }
    }
}

/// Separate rules of either side without counterpart: they are what differs.
fn strays(mirror: &Mirror<'_>, one: &[Entry], other: &[Entry]) -> Vec<Spot> {
    one.iter()
        .chain(other)
        .filter(|entry| entry.separate)
        .filter_map(|entry| entry.spot.instance)
        .filter(|id| mirror.counterpart(*id).is_none())
        .map(Spot::at)
        .collect()
}

/// The rules that decide differently on both sides, where they can be named.
fn spots(
    mirror: &Mirror<'_>,
    found: &Found,
    one: &[Entry],
    other: &[Entry],
    primary: InstanceId,
    secondary: InstanceId,
    word: &str,
) -> (Spot, Spot) {
    let decider = |entries: &[Entry]| {
        first_match(entries, &found.protocol, found.port, &found.range)
            .map(|entry| entry.spot.clone())
    };
    let first = decider(one).unwrap_or_else(|| Spot::of(primary, word));
    let second = decider(other).unwrap_or_else(|| Spot::of(secondary, word));
    // A rule of its own that nothing mirrors is shown against the ACL.
    let lone = |spot: &Spot| {
        spot.path.is_empty()
            && spot
                .instance
                .is_some_and(|id| mirror.counterpart(id).is_none())
    };
    let first = if lone(&second) {
        Spot::of(primary, word)
    } else {
        first
    };
    (first, second)
}
