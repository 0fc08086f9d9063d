//! Sizes of subnets, plans of addresses, and ranges that must not overlap.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, net, parse_range, text};
use crate::rules::{Check, Rule};
use crate::settings::CidrPolicy;
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const SMALL: Rule = Rule {
    name: "subnet-too-small",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A subnet or VPC of the secondary region has fewer addresses than that of the primary.",
    impact: "The fleet that is scaled up runs out of addresses.",
    doc: "\
## What it asks
The prefix length of paired subnets and VPCs: not longer than the primary's.

## How to fix it
Use the same size. Subnets cannot be resized: they must be replaced before anything runs in them.

Source: Amazon VPC user guide, subnet sizing.
",
    check: Check::Code(small),
};

fn small(mirror: &Mirror<'_>, sink: &mut Sink) {
    let path = "cidr_block";
    for ty in ["aws_subnet", "aws_vpc"] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let range = |id| mirror.value(id, path).and_then(net);
            let asked = Asked::new(
                SMALL.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            )
            .keyed("size");
            match (range(pair.primary), range(secondary)) {
                (Some(one), Some(other)) if other.prefix_len() <= one.prefix_len() => sink.holds(),
                (Some(one), Some(other)) => sink.broken(asked.broken(format!(
                    "{} is a /{}, the primary's a /{}",
                    mirror.instance(secondary).address,
                    other.prefix_len(),
                    one.prefix_len()
                ))),
                _ => undecided(mirror, asked, (pair.primary, secondary), path, sink),
            }
        }
    }
}

fn undecided(
    mirror: &Mirror<'_>,
    asked: Asked,
    ids: (InstanceId, InstanceId),
    path: &str,
    sink: &mut Sink,
) {
    let because: Vec<Name> = [ids.0, ids.1]
        .into_iter()
        .filter_map(|id| match text(mirror.value(id, path)) {
            Maybe::Unknown(because) => Some(because),
            _ => None,
        })
        .flatten()
        .filter(|reason| &**reason != "aws")
        .collect();
    if !because.is_empty() {
        sink.unsure(asked.unsure(
            format!(
                "the addresses of {} are not known",
                mirror.instance(ids.1).address
            ),
            because,
        ));
    }
}

pub(super) const CIDR: Rule = Rule {
    name: "cidr-differs",
    family: Family::Network,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "Address ranges of the secondary region do not follow the estate's plan.",
    impact: "Rules, routes and partners that reckon with the plan refuse what comes from elsewhere.",
    doc: "\
## What it asks
With `cidr = \"identical\"` paired VPCs and subnets must have the same ranges; with `\"shifted\"` the same offset and size
inside of another VPC range; with `\"any\"` nothing is asked.

## How to fix it
Use the range that the finding names, or another policy in `dr.hcl`.
",
    check: Check::Code(cidr),
};

fn cidr(mirror: &Mirror<'_>, sink: &mut Sink) {
    if mirror.cidr == CidrPolicy::Any || mirror.settings.cidr.is_none() {
        return;
    }
    let path = "cidr_block";
    for ty in ["aws_vpc", "aws_subnet"] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            if ty == "aws_vpc" && mirror.cidr == CidrPolicy::Shifted {
                continue;
            }
            let range = |id| mirror.value(id, path).and_then(net);
            let (Some(one), Some(other)) = (range(pair.primary), range(secondary)) else {
                continue;
            };
            // A smaller one is another finding.
            let placed = mirror.range_in_primary(&other, pair.secondary);
            let asked = Asked::new(
                CIDR.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            if placed == Some(one) || other.prefix_len() > one.prefix_len() {
                sink.holds();
            } else {
                sink.broken(asked.broken(format!(
                    "{} has {other}, which is not where {one} is {}",
                    mirror.instance(secondary).address,
                    mirror.cidr.word()
                )));
            }
        }
    }
}

pub(super) const OVERLAP: Rule = Rule {
    name: "cidr-overlap-with-peering",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "VPCs whose ranges overlap are to be connected.",
    impact: "The peering fails at once, and a transit gateway routes to one of the two only.",
    doc: "\
## What it asks
Both VPCs of a peering connection, and VPCs of both regions that are attached to peered transit gateways, must not overlap.

## How to fix it
Choose ranges that do not overlap. With identical ranges on purpose connect the regions by PrivateLink or public endpoints.

Source: Amazon VPC peering guide, invalid peering configurations.
",
    check: Check::Code(overlap),
};

fn overlap(mirror: &Mirror<'_>, sink: &mut Sink) {
    for peering in mirror.of_type("aws_vpc_peering_connection") {
        let vpc = |path: &str| {
            mirror
                .targets(*peering, path)
                .into_iter()
                .find(|id| &*mirror.instance(*id).ty == "aws_vpc")
        };
        let (Some(one), Some(other)) = (vpc("vpc_id"), vpc("peer_vpc_id")) else {
            continue;
        };
        ask_overlap(mirror, *peering, one, other, sink);
    }
    let transit = !mirror
        .of_type("aws_ec2_transit_gateway_peering_attachment")
        .is_empty();
    if transit {
        for (pair, secondary) in mirror.pairs_of("aws_vpc") {
            let attached = |id| {
                !mirror
                    .graph
                    .owned(
                        id,
                        mirror.inventory,
                        "aws_ec2_transit_gateway_vpc_attachment",
                        "vpc_id",
                    )
                    .is_empty()
            };
            if attached(pair.primary) && attached(secondary) {
                ask_overlap(mirror, pair.primary, pair.primary, secondary, sink);
            }
        }
    }
}

fn ask_overlap(
    mirror: &Mirror<'_>,
    holder: InstanceId,
    one: InstanceId,
    other: InstanceId,
    sink: &mut Sink,
) {
    let path = "cidr_block";
    let range = |id| {
        text(mirror.value(id, path))
            .known()
            .and_then(|text| parse_range(&text))
    };
    let asked =
        Asked::new(OVERLAP.name, Spot::of(one, path), Spot::of(other, path)).keyed("overlap");
    match (range(one), range(other)) {
        (Some(a), Some(b)) if a.contains(&b) || b.contains(&a) => sink.broken(
            asked
                .broken(format!(
                    "{} ({a}) and {} ({b}) overlap and are connected by {}",
                    mirror.instance(one).address,
                    mirror.instance(other).address,
                    mirror.instance(holder).address
                ))
                .covers([Spot::at(holder)]),
        ),
        (Some(_), Some(_)) => sink.holds(),
        _ => undecided(mirror, asked, (one, other), path, sink),
    }
}
