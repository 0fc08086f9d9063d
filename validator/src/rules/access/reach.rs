//! What security groups let through, compared by what can be reached.

use std::collections::BTreeSet;

use super::written;
use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Key, Meaning, Mirror, Pair, net};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements::proved_same;
use crate::views::security_groups::{Access, Direction, Peer, Permit, access, uncovered, unions};
use crate::views::services;
use crate::views::words::of_key;

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
apart; IPv4 and IPv6 too. Ranges of the VPC are translated; \"admits the secondary\" and \"admits the primary\" mirror each
other.

## Why it breaks a failover
The port is closed exactly where traffic moves to.

## How to fix it
Add the rule that the finding names; `drcheck fix` writes it where it has a plain form in the group's module.

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
    impact: "The secondary is open to networks that production keeps out.",
    doc: "\
## What it asks
What a group of the secondary region admits or lets out, its counterpart in the primary region must admit or let out too.
Where one group is split into several, all groups of what stands in it count together.

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
        let end = End::Secondary(pair.secondary);
        let mut said = BTreeSet::new();
        for wanted in &one.permits {
            let gaps = uncovered(wanted, &other.permits, &own);
            let by_others = || {
                let unions = unions(mirror, pair.primary, end, direction);
                !unions.is_empty()
                    && unions
                        .iter()
                        .all(|union| uncovered(wanted, &union.permits, &own).is_empty())
            };
            if gaps.is_empty() || by_others() {
                sink.holds();
                continue;
            }
            let what = words(mirror, wanted, &gaps);
            if said.insert(what.clone()) {
                lacks(
                    mirror,
                    sink,
                    rule,
                    (pair, secondary),
                    direction,
                    (wanted, &gaps),
                    &what,
                    &other,
                );
            }
        }
        open(mirror, sink, rule, (pair, secondary), direction, &one);
    }
}

/// Says that a group does not let through what its counterpart does.
#[expect(clippy::too_many_arguments, reason = "all that the sentence needs")]
fn lacks(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    rule: &'static str,
    (pair, secondary): (&Pair, InstanceId),
    direction: Direction,
    (wanted, ports): (&Permit, &[(u32, u32)]),
    what: &str,
    other: &Access,
) {
    let name = &mirror.instance(secondary).address;
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
    let open = doubts(wanted, other);
    if !open.is_empty() || !mirror.complete() {
        return sink.unsure(asked.unsure(
            format!("whether {name} admits {what} is not known"),
            reasons(open),
        ));
    }
    let verb = match direction {
        Direction::In => "does not admit",
        Direction::Out => "does not let out",
    };
    let shown = there(mirror, wanted, pair.secondary);
    let what = words(mirror, &shown, ports);
    let broken = asked
        .broken(format!("{name} {verb} {what}"))
        .follows(stray_peer(mirror, &wanted.peer))
        .covers([Spot::of(secondary, word(direction))]);
    let add = format!("Add a rule for {what}.");
    sink.broken(
        match written::rule(mirror, secondary, direction, &shown, ports) {
            Some(edit) => broken.edit(add, edit),
            None => broken.fix(add),
        },
    );
}

/// Asks for permissions of one side that are not known: they are the same only where all is the same part by part.
fn open(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    rule: &'static str,
    (pair, secondary): (&Pair, InstanceId),
    direction: Direction,
    access: &Access,
) {
    if access.open.is_empty() {
        return;
    }
    let word = word(direction);
    let separate = match direction {
        Direction::In => "aws_vpc_security_group_ingress_rule",
        Direction::Out => "aws_vpc_security_group_egress_rule",
    };
    let owner = "security_group_id";
    let separate = [(separate, owner), ("aws_security_group_rule", owner)];
    if proved_same(mirror, pair, secondary, word, &separate) {
        return sink.holds();
    }
    let asked = Asked::new(
        rule,
        Spot::of(pair.primary, word),
        Spot::of(secondary, word),
    );
    let (one, other) = (
        &mirror.instance(pair.primary).address,
        &mirror.instance(secondary).address,
    );
    sink.unsure(asked.unsure(
        format!("not all that {one} and {other} let through is known"),
        reasons(access.open.clone()),
    ));
}

/// What is not known of a permission, and of those of the other side that may hold it.
fn doubts(permit: &Permit, other: &Access) -> BTreeSet<Name> {
    let mut open = other.open.clone();
    let of = |permit: &Permit| match &permit.peer {
        // A range that must not be shown may be any.
        Peer::Other(Meaning::Sealed(_)) => vec!["a sensitive value".into()],
        Peer::Other(meaning) => meaning.open(),
        _ => Vec::new(),
    };
    open.extend(of(permit));
    for candidate in &other.permits {
        let service = candidate.protocol == "-1" || candidate.protocol == permit.protocol;
        if service && candidate.ports.0 <= permit.ports.1 && permit.ports.0 <= candidate.ports.1 {
            open.extend(of(candidate));
        }
    }
    open
}

fn reasons(open: BTreeSet<Name>) -> Vec<Name> {
    if open.is_empty() {
        return vec!["what the sources that could not be read in full hold".into()];
    }
    open.into_iter().collect()
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
        for direction in [Direction::In, Direction::Out] {
            admits_more(mirror, sink, pair, secondary, direction);
        }
    }
}

fn admits_more(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    pair: &Pair,
    secondary: InstanceId,
    direction: Direction,
) {
    let (one, other) = both(mirror, pair, secondary, direction);
    let own = own_ranges(mirror, pair.primary);
    let name = &mirror.instance(secondary).address;
    let verb = match direction {
        Direction::In => "admits",
        Direction::Out => "lets out",
    };
    let mut said = BTreeSet::new();
    for offered in &other.permits {
        let gaps = uncovered(offered, &one.permits, &own);
        let by_others = || {
            let unions = unions(mirror, secondary, End::Primary, direction);
            !unions.is_empty()
                && unions
                    .iter()
                    .all(|union| uncovered(offered, &union.permits, &own).is_empty())
        };
        if gaps.is_empty() || by_others() {
            sink.holds();
            continue;
        }
        let what = words(mirror, offered, &gaps);
        if !said.insert(what.clone()) {
            continue;
        }
        let path = word(direction);
        let asked = Asked::new(
            WIDER.name,
            Spot::of(pair.primary, path),
            offered.spot.clone(),
        )
        .keyed(format!("{path} {what}"));
        let open = doubts(offered, &one);
        let what = words(mirror, &there(mirror, offered, pair.secondary), &gaps);
        if open.is_empty() {
            sink.broken(
                asked
                    .broken(format!("{name} {verb} {what}, production does not"))
                    .covers([Spot::of(secondary, path)]),
            );
        } else {
            sink.unsure(asked.unsure(
                format!("whether production {verb} {what} is not known"),
                reasons(open),
            ));
        }
    }
    open(
        mirror,
        sink,
        WIDER.name,
        (pair, secondary),
        direction,
        &other,
    );
}

/// A permission as it is in the secondary region, where somebody has to write or to look for it.
fn there(mirror: &Mirror<'_>, permit: &Permit, region: usize) -> Permit {
    let mut permit = permit.clone();
    if let Peer::Range(range) = &mut permit.peer
        && let Some(moved) = mirror.range_in_secondary(range, region)
    {
        *range = moved;
    }
    permit
}

/// A permission in words, the same from both ends.
fn words(mirror: &Mirror<'_>, permit: &Permit, ports: &[(u32, u32)]) -> String {
    let service = services::words(&permit.protocol, ports);
    let peer = match &permit.peer {
        Peer::Range(range) => range.to_string(),
        Peer::Own => "its own members".into(),
        Peer::Group(key) => of_key(mirror, key),
        Peer::Other(_) => "a prefix list or range".into(),
    };
    format!("{service} of {peer}")
}
