//! Sizes of subnets, plans of addresses, and ranges that must not overlap.

use ipnet::IpNet;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, net, text};
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
                // The same range is as large, whichever it is.
                _ if mirror.value(pair.primary, path).is_some()
                    && mirror.same(pair, secondary, path) =>
                {
                    sink.holds();
                }
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
            let asked = Asked::new(
                CIDR.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            let identical = mirror.cidr == CidrPolicy::Identical;
            if identical && range(secondary).is_none() && mirror.same(pair, secondary, path) {
                sink.holds();
                continue;
            }
            let (Some(one), Some(other)) = (range(pair.primary), range(secondary)) else {
                undecided(mirror, asked, (pair.primary, secondary), path, sink);
                continue;
            };
            // A smaller one is another finding.
            let placed = mirror.range_in_primary(&other, pair.secondary);
            let open = mirror.range_open(&other, pair.secondary);
            if placed == Some(one) || other.prefix_len() > one.prefix_len() {
                sink.holds();
            } else if placed.is_none() && !open.is_empty() {
                sink.unsure(asked.unsure(
                    format!(
                        "whether {other} is where {one} is {} is not known",
                        mirror.cidr.word()
                    ),
                    open,
                ));
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
        if let (Some(one), Some(other)) = (vpc("vpc_id"), vpc("peer_vpc_id")) {
            // Any two ranges that overlap are enough for AWS to refuse it.
            ask_overlap(mirror, *peering, (one, other), &all_ranges, sink);
        }
    }
    let exists = |ty: &str| !mirror.of_type(ty).is_empty();
    let attached = |ty: &str, id| {
        !mirror
            .graph
            .owned(id, mirror.inventory, ty, "vpc_id")
            .is_empty()
    };
    let transit = "aws_ec2_transit_gateway_vpc_attachment";
    let peered = exists("aws_ec2_transit_gateway_peering_attachment");
    for (pair, secondary) in mirror.pairs_of("aws_vpc") {
        if peered && attached(transit, pair.primary) && attached(transit, secondary) {
            // Ranges that are not announced, as those of pods, may overlap: the main one is asked.
            let vpcs = (pair.primary, secondary);
            ask_overlap(mirror, pair.primary, vpcs, &main_range, sink);
        }
    }
}

type Ranges = dyn Fn(&Mirror<'_>, InstanceId) -> Option<Vec<IpNet>>;

/// The range that a VPC was made with.
fn main_range(mirror: &Mirror<'_>, vpc: InstanceId) -> Option<Vec<IpNet>> {
    let range = mirror.value(vpc, "cidr_block").and_then(net)?;
    Some(vec![range])
}

/// All ranges of a VPC.
fn all_ranges(mirror: &Mirror<'_>, vpc: InstanceId) -> Option<Vec<IpNet>> {
    let mut ranges = main_range(mirror, vpc)?;
    let more = "aws_vpc_ipv4_cidr_block_association";
    for id in mirror.graph.owned(vpc, mirror.inventory, more, "vpc_id") {
        ranges.extend(mirror.value(id, "cidr_block").and_then(net));
    }
    Some(ranges)
}

fn ask_overlap(
    mirror: &Mirror<'_>,
    holder: InstanceId,
    (one, other): (InstanceId, InstanceId),
    ranges: &Ranges,
    sink: &mut Sink,
) {
    let path = "cidr_block";
    let asked =
        Asked::new(OVERLAP.name, Spot::of(one, path), Spot::of(other, path)).keyed("overlap");
    let (Some(left), Some(right)) = (ranges(mirror, one), ranges(mirror, other)) else {
        return undecided(mirror, asked, (one, other), path, sink);
    };
    let both = left
        .iter()
        .flat_map(|a| right.iter().map(move |b| (a, b)))
        .find(|(a, b)| a.contains(*b) || b.contains(*a));
    match both {
        Some((a, b)) => sink.broken(
            asked
                .broken(format!(
                    "{} ({a}) and {} ({b}) overlap and are connected by {}",
                    mirror.instance(one).address,
                    mirror.instance(other).address,
                    mirror.instance(holder).address
                ))
                .covers([Spot::at(holder)]),
        ),
        None => sink.holds(),
    }
}
