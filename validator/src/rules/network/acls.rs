//! Network ACLs that let through something else.

use std::collections::BTreeMap;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::acls::{
    Entry, Found, OTHER, Rules, Under, difference, first_match, of_subnets, rules, untouched,
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
The ACL that a subnet is under (the one that names it, else the default one of its VPC) against that of its counterpart. Rules,
inline and separate, are evaluated as AWS does: by ascending number, the first match decides, what no rule matches is denied.
Addresses are translated. Numbers, merged ranges, denies that never match and ACLs of the same effect are no difference.

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

/// Two ACLs that must let through the same, and the subnets that are under them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    primary: (Under, Option<InstanceId>),
    secondary: (Under, Option<InstanceId>),
    region: usize,
}

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for question in questions(mirror) {
        for egress in [false, true] {
            direction(mirror, &question, egress, sink);
        }
    }
}

/// ACLs of paired subnets, each two of them once; and paired ACLs that no paired subnet is under.
fn questions(mirror: &Mirror<'_>) -> Vec<Question> {
    let mut found: BTreeMap<(usize, Under, Under), Question> = BTreeMap::new();
    let primary = of_subnets(mirror, Standing::Primary);
    for at in 0..mirror.roles.secondary.len() {
        let secondary = of_subnets(mirror, Standing::Secondary(at));
        // Where an ACL may name subnets that are not known, nothing is known of those that none names.
        let sure = primary.open.is_empty() && secondary.open.is_empty();
        for (pair, twin) in mirror.pairs_of("aws_subnet") {
            let sides = (primary.of.get(&pair.primary), secondary.of.get(&twin));
            let (Some(one), Some(other)) = sides else {
                continue;
            };
            let declared = *one != Under::Untouched && *other != Under::Untouched;
            if pair.secondary == at && (sure || declared) {
                found.entry((at, *one, *other)).or_insert(Question {
                    primary: (*one, Some(pair.primary)),
                    secondary: (*other, Some(twin)),
                    region: at,
                });
            }
        }
    }
    for ty in ["aws_network_acl", "aws_default_network_acl"] {
        for (pair, twin) in mirror.pairs_of(ty) {
            let one = Under::Declared(pair.primary);
            let asked = found
                .keys()
                .any(|(at, known, _)| *at == pair.secondary && *known == one);
            if !asked {
                let other = Under::Declared(twin);
                let question = Question {
                    primary: (one, None),
                    secondary: (other, None),
                    region: pair.secondary,
                };
                found.insert((pair.secondary, one, other), question);
            }
        }
    }
    found.into_values().collect()
}

/// Where to look for one side: the ACL, or the subnet that is under none of its own.
fn place((under, subnet): (Under, Option<InstanceId>), word: &str) -> Spot {
    match (under, subnet) {
        (Under::Declared(acl), _) => Spot::of(acl, word),
        (Under::Untouched, Some(subnet)) => Spot::at(subnet),
        (Under::Untouched, None) => Spot::missing(),
    }
}

fn direction(mirror: &Mirror<'_>, question: &Question, egress: bool, sink: &mut Sink) {
    let word = if egress { "egress" } else { "ingress" };
    let read = |under, region| match under {
        Under::Declared(acl) => rules(mirror, acl, egress, region),
        Under::Untouched => untouched(),
    };
    let one = read(question.primary.0, None);
    let other = read(question.secondary.0, Some(question.region));
    let places = (
        place(question.primary, word),
        place(question.secondary, word),
    );
    let name = name(mirror, question.secondary);
    let asked = |one, other| {
        Asked::new(RULE.name, one, other)
            .keyed(word)
            .in_region(mirror.roles.secondary[question.region].clone())
    };
    let mut because: Vec<Name> = one.open.union(&other.open).cloned().collect();
    if !mirror.complete() {
        because.push("what the sources that could not be read in full hold".into());
    }
    if !because.is_empty() {
        if same_parts(mirror, question, word) {
            return sink.holds();
        }
        let asked = asked(places.0, places.1);
        return sink
            .unsure(asked.unsure(format!("what {name} lets through is not known"), because));
    }
    let six = [question.primary, question.secondary].map(|side| speaks_six(mirror, side));
    let Some(found) = difference(&one.entries, &other.entries, six.contains(&true)) else {
        return sink.holds();
    };
    let (first, second) = spots(mirror, &found, (&one, &other), places.clone());
    let verb = if found.allowed { "denies" } else { "admits" };
    let ports = match &*found.protocol {
        OTHER => {
            let allows = |rules: &Rules| {
                first_match(&rules.entries, "tcp", 0, &found.range)
                    .is_some_and(|entry| entry.allows)
            };
            if allows(&one) == allows(&other) {
                "for protocols that have no rule of their own".to_owned()
            } else {
                "for all protocols".to_owned()
            }
        }
        protocol => services::words(protocol, &[(found.port, found.port)]),
    };
    let range = decided_range(&found, &one, &other);
    let range = mirror
        .range_in_secondary(&range, question.region)
        .unwrap_or(range);
    let what = format!("{verb} {word} {ports} of {range}, production does not");
    let message = match moved(mirror, question) {
        Some(subnet) => format!("{subnet} is in {name}, which {what}"),
        None => format!("{name} {what}"),
    };
    let lone = match question.primary.0 {
        Under::Declared(acl) if mirror.counterpart(acl).is_none() => Some(Spot::at(acl)),
        _ => None,
    };
    let strays = strays(mirror, &one.entries, &other.entries);
    sink.broken(
        asked(first, second)
            .broken(message)
            .covers([places.0, places.1].into_iter().chain(strays).chain(lone)),
    );
}

/// The narrowest range that a deciding rule names.
fn decided_range(found: &Found, one: &Rules, other: &Rules) -> ipnet::IpNet {
    let decider = |rules: &Rules| {
        first_match(&rules.entries, &found.protocol, found.port, &found.range)
            .map(|entry| entry.range)
    };
    let named = [decider(one), decider(other)].into_iter().flatten();
    named
        .max_by_key(ipnet::IpNet::prefix_len)
        .unwrap_or(found.range)
}

/// Whether there is IPv6 in the VPC, or the VPC is not known.
fn speaks_six(mirror: &Mirror<'_>, (under, subnet): (Under, Option<InstanceId>)) -> bool {
    let vpcs = match (under, subnet) {
        (_, Some(subnet)) => mirror.targets(subnet, "vpc_id"),
        (Under::Declared(acl), None) => mirror.targets(acl, "vpc_id"),
        (Under::Untouched, None) => Vec::new(),
    };
    let own = |vpc: InstanceId| {
        let asks = truth(mirror.value(vpc, "assign_generated_ipv6_cidr_block"));
        let more = "aws_vpc_ipv6_cidr_block_association";
        asks.or(false) != Ok(false)
            || text(mirror.value(vpc, "ipv6_cidr_block")).or(String::new()) != Ok(String::new())
            || text(mirror.value(vpc, "ipv6_ipam_pool_id")) != Maybe::Unset
            || !mirror
                .graph
                .owned(vpc, mirror.inventory, more, "vpc_id")
                .is_empty()
    };
    vpcs.is_empty() || vpcs.into_iter().any(own)
}

/// The subnet that is under another ACL than its counterpart, where both are declared and no pair.
fn moved<'m>(mirror: &Mirror<'m>, question: &Question) -> Option<&'m Name> {
    let (Under::Declared(one), Under::Declared(other)) = (question.primary.0, question.secondary.0)
    else {
        return None;
    };
    let pair = mirror.pairing.pair_of(one, Some(question.region));
    let twin = pair.and_then(|pair| mirror.pairs().get(pair.index())?.instance());
    let subnet = question.secondary.1.filter(|_| twin != Some(other))?;
    Some(&mirror.instance(subnet).address)
}

/// The ACL in words.
fn name(mirror: &Mirror<'_>, (under, subnet): (Under, Option<InstanceId>)) -> String {
    let address = |id: InstanceId| &mirror.instance(id).address;
    match (under, subnet) {
        (Under::Declared(acl), _) => address(acl).to_string(),
        (Under::Untouched, Some(subnet)) => format!("the default ACL of {}", address(subnet)),
        (Under::Untouched, None) => "the default ACL".into(),
    }
}

/// Whether both ACLs are a pair and hold the same, part by part.
fn same_parts(mirror: &Mirror<'_>, question: &Question, word: &str) -> bool {
    let (Under::Declared(one), Under::Declared(other)) = (question.primary.0, question.secondary.0)
    else {
        return question.primary.0 == question.secondary.0;
    };
    let pair = mirror.pairing.pair_of(one, Some(question.region));
    let separate = [("aws_network_acl_rule", "network_acl_id")];
    pair.and_then(|pair| mirror.pairs().get(pair.index()))
        .is_some_and(|pair| {
            pair.instance() == Some(other) && proved_same(mirror, pair, other, word, &separate)
        })
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

/// The rules that decide differently on both sides, where they can be named; else the two places.
fn spots(
    mirror: &Mirror<'_>,
    found: &Found,
    (one, other): (&Rules, &Rules),
    (left, right): (Spot, Spot),
) -> (Spot, Spot) {
    let decider = |rules: &Rules| {
        first_match(&rules.entries, &found.protocol, found.port, &found.range)
            .map(|entry| entry.spot.clone())
            .filter(|spot| spot.instance.is_some())
    };
    let second = decider(other).unwrap_or(right);
    // A rule of its own that nothing mirrors is shown against the ACL.
    let lone = second.path.is_empty()
        && second
            .instance
            .is_some_and(|id| mirror.counterpart(id).is_none());
    let first = if lone { None } else { decider(one) };
    (first.unwrap_or(left), second)
}
