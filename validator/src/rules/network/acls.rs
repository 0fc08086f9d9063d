//! Network ACLs that let through something else.

use std::collections::BTreeSet;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Pair, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::acls::{
    Entry, Found, OTHER, difference, everything, first_match, of_subnets, rules,
};
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
Paired subnets that are in ACLs which are no pair are compared by what those let through.

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
    for at in 0..mirror.roles.secondary.len() {
        subnets(mirror, at, sink);
    }
}

/// Subnets whose ACLs are no pair: moved from one to another, or in the default one.
fn subnets(mirror: &Mirror<'_>, at: usize, sink: &mut Sink) {
    let one = of_subnets(mirror, Standing::Primary);
    let other = of_subnets(mirror, Standing::Secondary(at));
    let (Some(one), Some(other)) = (one, other) else {
        return;
    };
    let mut asked = BTreeSet::new();
    for (subnet, own) in &one {
        let pair = mirror.pairing.pair_of(*subnet, Some(at));
        let twin = pair.and_then(|pair| mirror.pairing.pairs[pair.index()].instance());
        let Some((twin, found)) = twin.and_then(|twin| Some((twin, *other.get(&twin)?))) else {
            continue;
        };
        let paired = |id: InstanceId| {
            let pair = mirror.pairing.pair_of(id, Some(at));
            pair.and_then(|pair| mirror.pairing.pairs[pair.index()].instance())
        };
        // An ACL without counterpart is what is missing; pairs were asked already.
        let settled = match own {
            Some(own) => paired(*own).is_none_or(|twin| Some(twin) == found),
            None => found.is_none(),
        };
        if !settled && asked.insert((*own, found)) {
            for egress in [false, true] {
                moved(mirror, (*subnet, twin), (*own, found), egress, at, sink);
            }
        }
    }
}

fn moved(
    mirror: &Mirror<'_>,
    (subnet, twin): (InstanceId, InstanceId),
    (own, found): (Option<InstanceId>, Option<InstanceId>),
    egress: bool,
    at: usize,
    sink: &mut Sink,
) {
    let word = if egress { "egress" } else { "ingress" };
    let read = |acl: Option<InstanceId>, region| {
        acl.map_or_else(everything, |acl| rules(mirror, acl, egress, region))
    };
    let (one, other) = (read(own, None), read(found, Some(at)));
    let asked = Asked::new(RULE.name, Spot::at(subnet), Spot::at(twin));
    let asked = asked.keyed(format!("{word} of the subnet"));
    let name = &mirror.instance(twin).address;
    if !one.open.is_empty() || !other.open.is_empty() {
        let because = one.open.union(&other.open).cloned().collect();
        let message = format!("what the ACL of {name} lets through is not known");
        return sink.unsure(asked.unsure(message, because));
    }
    let Some(difference) = difference(&one.entries, &other.entries) else {
        return sink.holds();
    };
    let covers = own.into_iter().filter_map(|acl| mirror.counterpart(acl));
    let covers = covers.chain(found).map(|acl| Spot::of(acl, "subnet_ids"));
    let acl = found.map_or("the default ACL".into(), |acl| {
        mirror.instance(acl).address.to_string()
    });
    sink.broken(
        asked
            .broken(format!(
                "{name} is in {acl}, which {}",
                sentence(&difference, word)
            ))
            .covers(covers),
    );
}

/// What an ACL does with a packet that production treats otherwise.
fn sentence(found: &Found, word: &str) -> String {
    let verb = if found.allowed { "denies" } else { "admits" };
    let ports = match &*found.protocol {
        OTHER => OTHER.to_owned(),
        protocol => services::words(protocol, &[(found.port, found.port)]),
    };
    format!(
        "{verb} {word} {ports} of {}, production does not",
        found.range
    )
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
            sink.broken(
                asked
                    .broken(format!("{name} {}", sentence(&found, word)))
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
