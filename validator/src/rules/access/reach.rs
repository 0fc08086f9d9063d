//! What security groups let through, compared by what can be reached.

use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Key, Mirror, Pair, net};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::security_groups::{Access, Direction, Peer, Permit, access, uncovered};

pub(super) const INGRESS: Rule = Rule {
    name: "missing-ingress",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A security group of the secondary region refuses traffic that production admits.",
    impact: "Clients or services of the secondary cannot connect.",
    doc: "\
## What it asks
All that a group admits, from inline blocks, `aws_security_group_rule` and `aws_vpc_security_group_ingress_rule` together,
must be admitted by its counterpart. Ranges of ports and addresses are merged first; groups, own members and ranges are told
apart; IPv4 and IPv6 too. Ranges of the VPC are translated; \"admits the standby\" and \"admits the primary\" mirror each
other.

## Why it breaks a failover
The port is closed exactly where traffic moves to.

## How to fix it
Add the rule that the finding names.

Source: Amazon VPC user guide, security group rules.
",
    check: Check::Code(ingress),
};

pub(super) const EGRESS: Rule = Rule {
    name: "missing-egress",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A security group of the secondary region does not let out what production lets out.",
    impact: "Services of the secondary cannot reach what they need.",
    doc: "\
## What it asks
The same as `missing-ingress`, for traffic that leaves. A group that Terraform makes without egress lets nothing out.

## How to fix it
Add the rule that the finding names.
",
    check: Check::Code(egress),
};

pub(super) const WIDER: Rule = Rule {
    name: "wider-in-secondary",
    family: Family::Access,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A security group of the secondary region admits what production refuses.",
    impact: "The standby is open to networks that production keeps out.",
    doc: "\
## What it asks
What a group of the secondary region admits must be admitted by its counterpart in the primary region too.

## How to fix it
Use the primary's ranges, or accept the finding.
",
    check: Check::Code(wider),
};

/// Pairs of groups.
fn groups<'m>(mirror: &'m Mirror<'_>) -> Vec<(&'m Pair, InstanceId)> {
    ["aws_security_group", "aws_default_security_group"]
        .into_iter()
        .flat_map(|ty| mirror.pairs_of(ty))
        .collect()
}

/// Both sides of a pair in one direction.
fn both(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    direction: Direction,
) -> (Access, Access) {
    let one = access(mirror, pair.primary, End::Primary, direction);
    (
        one,
        access(mirror, secondary, End::Secondary(pair.secondary), direction),
    )
}

/// The ranges of the VPC of a primary group.
fn own_ranges(mirror: &Mirror<'_>, group: InstanceId) -> Vec<ipnet::IpNet> {
    mirror
        .targets(group, "vpc_id")
        .into_iter()
        .filter_map(|vpc| mirror.value(vpc, "cidr_block").and_then(net))
        .collect()
}

fn ingress(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing(mirror, sink, INGRESS.name, Direction::In);
}

fn egress(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing(mirror, sink, EGRESS.name, Direction::Out);
}

fn missing(mirror: &Mirror<'_>, sink: &mut Sink, rule: &'static str, direction: Direction) {
    for (pair, secondary) in groups(mirror) {
        let (one, other) = both(mirror, pair, secondary, direction);
        let own = own_ranges(mirror, pair.primary);
        let name = &mirror.instance(secondary).address;
        let mut said = std::collections::BTreeSet::new();
        for wanted in &one.permits {
            let gaps = uncovered(wanted, &other.permits, &own);
            if gaps.is_empty() {
                sink.holds();
                continue;
            }
            let what = words(mirror, wanted, &gaps);
            if !said.insert(what.clone()) {
                continue;
            }
            // A rule of its own without counterpart is what is missing; a part of a group has its counterpart.
            let lone = wanted.separate
                && wanted
                    .spot
                    .instance
                    .is_some_and(|id| mirror.counterpart(id).is_none());
            let at = if lone {
                Spot::missing()
            } else {
                Spot::of(secondary, word(direction))
            };
            let asked = Asked::new(rule, wanted.spot.clone(), at)
                .keyed(format!("{} {what}", word(direction)))
                .in_region(mirror.roles.secondary[pair.secondary].clone());
            if other.open.is_empty() && mirror.complete() {
                let verb = if direction == Direction::In {
                    "does not admit"
                } else {
                    "does not let out"
                };
                let strays = stray_peer(mirror, &wanted.peer);
                sink.broken(
                    asked
                        .broken(format!("{name} {verb} {what}"))
                        .follows(strays)
                        .covers([Spot::of(secondary, word(direction))])
                        .fix(format!("Add a rule for {what}.")),
                );
            } else {
                let because: Vec<Name> = other.open.iter().cloned().collect();
                sink.unsure(asked.unsure(
                    format!("whether {name} admits {what} is not known"),
                    because,
                ));
            }
        }
        if one.permits.is_empty() && !one.open.is_empty() {
            let because: Vec<Name> = one.open.iter().cloned().collect();
            let asked = Asked::new(
                rule,
                Spot::of(pair.primary, word(direction)),
                Spot::of(secondary, word(direction)),
            );
            if !mirror
                .compare(
                    pair.id,
                    mirror.value(pair.primary, word(direction)),
                    mirror.value(secondary, word(direction)),
                )
                .is_same()
            {
                sink.unsure(asked.unsure(
                    format!(
                        "what {} admits is not known",
                        mirror.instance(pair.primary).address
                    ),
                    because,
                ));
            }
        }
    }
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "ingress",
        Direction::Out => "egress",
    }
}

fn stray_peer(mirror: &Mirror<'_>, peer: &Peer) -> Vec<InstanceId> {
    match peer {
        Peer::Group(Key::Stray(id)) if mirror.counterpart(*id).is_none() => vec![*id],
        _ => Vec::new(),
    }
}

fn wider(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in groups(mirror) {
        let (one, other) = both(mirror, pair, secondary, Direction::In);
        let own = own_ranges(mirror, pair.primary);
        let name = &mirror.instance(secondary).address;
        let mut said = std::collections::BTreeSet::new();
        for offered in &other.permits {
            let gaps = uncovered(offered, &one.permits, &own);
            if gaps.is_empty() {
                sink.holds();
                continue;
            }
            let what = words(mirror, offered, &gaps);
            if !said.insert(what.clone()) {
                continue;
            }
            let asked = Asked::new(
                WIDER.name,
                Spot::of(pair.primary, "ingress"),
                offered.spot.clone(),
            )
            .keyed(format!("ingress {what}"));
            if one.open.is_empty() {
                sink.broken(
                    asked
                        .broken(format!("{name} admits {what}, production does not"))
                        .covers([Spot::of(secondary, "ingress")]),
                );
            } else {
                let because: Vec<Name> = one.open.iter().cloned().collect();
                sink.unsure(asked.unsure(
                    format!("whether production admits {what} is not known"),
                    because,
                ));
            }
        }
    }
}

/// A permission in words, the same from both ends.
fn words(mirror: &Mirror<'_>, permit: &Permit, ports: &[(u32, u32)]) -> String {
    let ports: Vec<String> = ports
        .iter()
        .map(|(from, to)| {
            if from == to {
                from.to_string()
            } else {
                format!("{from}-{to}")
            }
        })
        .collect();
    let service = if permit.protocol == "-1" {
        "all traffic".to_owned()
    } else {
        format!("{} {}", permit.protocol, ports.join(", "))
    };
    let peer = match &permit.peer {
        Peer::Range(range) => range.to_string(),
        Peer::Own => "its own members".into(),
        Peer::Group(key) => group_name(mirror, key),
        Peer::Other(_) => "a prefix list or range".into(),
    };
    format!("{service} of {peer}")
}

fn group_name(mirror: &Mirror<'_>, key: &Key) -> String {
    match key {
        Key::Own(pair) | Key::Other(pair) => mirror
            .instance(mirror.pairing.pairs[pair.index()].primary)
            .address
            .to_string(),
        Key::Alone(id) | Key::Stray(id) | Key::Foreign(id) => {
            mirror.instance(*id).address.to_string()
        }
        Key::Resource(name) => name.clone(),
    }
}
