//! Connections between the regions that have one half only.

use std::collections::BTreeSet;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "peering-one-sided",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A connection between the regions has one half only.",
    impact: "The connection is never accepted, or packets find no way back.",
    doc: "\
## What it asks
A peering connection to another region needs an accepter there, and routes on both sides.

## How to fix it
Declare `aws_vpc_peering_connection_accepter` with the provider of the other region, and the routes.

Source: Amazon VPC peering guide.
",
    check: Check::Code(check),
};

/// Kinds of connections: the type, its argument of the other side, the accepter, and the accepter's argument.
const KINDS: [(&str, &str, &str, &str); 2] = [
    (
        "aws_vpc_peering_connection",
        "peer_vpc_id",
        "aws_vpc_peering_connection_accepter",
        "vpc_peering_connection_id",
    ),
    (
        "aws_ec2_transit_gateway_peering_attachment",
        "peer_transit_gateway_id",
        "aws_ec2_transit_gateway_peering_attachment_accepter",
        "transit_gateway_attachment_id",
    ),
];

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, peer, accepter, argument) in KINDS {
        for id in mirror.of_type(ty) {
            let region = text(mirror.value(*id, "peer_region"));
            if region == Maybe::Unset {
                continue;
            }
            let halves = mirror
                .graph
                .owned(*id, mirror.inventory, accepter, argument);
            if halves.is_empty() && mirror.counterpart(*id).is_none() {
                let open = anywhere(mirror, accepter, argument);
                if !open.is_empty() {
                    let name = &mirror.instance(*id).address;
                    let message = format!("whether {name} is accepted is not known");
                    sink.unsure(asked(mirror, *id).unsure(message, open));
                    continue;
                }
                lone(mirror, *id, peer, region.known(), sink);
                continue;
            }
            sink.holds();
            both_ways(mirror, *id, &halves, (accepter, argument), sink);
        }
    }
}

/// Why it is not known what instances of a type lead to by an argument, wherever they stand.
fn anywhere(mirror: &Mirror<'_>, ty: &str, argument: &str) -> Vec<Name> {
    let secondaries = (0..mirror.roles.secondary.len()).map(Standing::Secondary);
    let open: BTreeSet<Name> = std::iter::once(Standing::Primary)
        .chain(secondaries)
        .flat_map(|standing| mirror.adrift(ty, argument, standing))
        .collect();
    open.into_iter().collect()
}

/// The question whether a connection is accepted.
fn asked(mirror: &Mirror<'_>, id: InstanceId) -> Asked {
    let at = mirror.roles.secondary.first().cloned().unwrap_or_default();
    Asked::new(RULE.name, Spot::at(id), Spot::missing())
        .keyed("accepter")
        .in_region(at)
}

/// A connection that nothing accepts: wrong where the other side is of this estate, for only then the accepter must be too.
fn lone(mirror: &Mirror<'_>, id: InstanceId, peer: &str, region: Option<String>, sink: &mut Sink) {
    let name = &mirror.instance(id).address;
    let roles = std::iter::once(&mirror.roles.primary).chain(&mirror.roles.secondary);
    let ours = region.is_none_or(|region| roles.into_iter().any(|own| **own == *region));
    let managed = !mirror.targets(id, peer).is_empty();
    let asked = asked(mirror, id);
    match text(mirror.value(id, peer)) {
        _ if managed && mirror.complete() => {
            sink.broken(asked.broken(format!("{name} is accepted by nobody")));
        }
        Maybe::Unknown(because) if ours => {
            sink.unsure(asked.unsure(format!("whether {name} is accepted is not known"), because));
        }
        // A partner accepts on their side.
        _ => {}
    }
}

/// Routes through a connection: on both sides or on none.
fn both_ways(
    mirror: &Mirror<'_>,
    id: InstanceId,
    halves: &[InstanceId],
    (accepter, argument): (&str, &str),
    sink: &mut Sink,
) {
    if argument != "vpc_peering_connection_id" {
        return;
    }
    let mut all = vec![id];
    all.extend(halves);
    let mut primary = Vec::new();
    let mut secondary = Vec::new();
    for half in all {
        for (from, edge) in mirror.graph.referring(half) {
            if !crate::mirror::schema_path(&edge.path).contains("vpc_peering_connection_id")
                || mirror.instance(from).ty.contains("peering")
            {
                continue;
            }
            match mirror.standing(from) {
                Standing::Primary => primary.push(from),
                Standing::Secondary(_) => secondary.push(from),
                _ => {}
            }
        }
    }
    let asked = |one: Spot, other: Spot| Asked::new(RULE.name, one, other).keyed("routes");
    // Routes may lead through what is not known, and through a half that is not known to be of this one.
    let mut open = anywhere(mirror, "aws_route", argument);
    open.extend(anywhere(mirror, accepter, argument));
    if primary.is_empty() != secondary.is_empty() && !open.is_empty() {
        let name = &mirror.instance(id).address;
        let message = format!("whether routes lead both ways through {name} is not known");
        return sink.unsure(asked(Spot::at(id), Spot::missing()).unsure(message, open));
    }
    match (primary.first(), secondary.first()) {
        (Some(_), Some(_)) => sink.holds(),
        (Some(one), None) => {
            let other = halves
                .first()
                .map_or_else(Spot::missing, |half| Spot::at(*half));
            sink.broken(
                asked(Spot::at(*one), other)
                    .broken("routes lead to the secondary region, and none leads back")
                    .follows(primary.iter().copied()),
            );
        }
        (None, Some(other)) => sink.broken(
            asked(Spot::at(id), Spot::at(*other))
                .broken("routes lead to the primary region, and none leads back"),
        ),
        (None, None) => {}
    }
}
