//! Connections between the regions that have one half only.

use crate::mirror::{InstanceId, Mirror, Standing};
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

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, accepter, argument) in [
        (
            "aws_vpc_peering_connection",
            "aws_vpc_peering_connection_accepter",
            "vpc_peering_connection_id",
        ),
        (
            "aws_ec2_transit_gateway_peering_attachment",
            "aws_ec2_transit_gateway_peering_attachment_accepter",
            "transit_gateway_attachment_id",
        ),
    ] {
        for id in mirror.of_type(ty) {
            let region = mirror
                .value(*id, "peer_region")
                .and_then(|node| node.as_str());
            if ty == "aws_vpc_peering_connection" && region.is_none() {
                continue;
            }
            let halves = mirror
                .graph
                .owned(*id, mirror.inventory, accepter, argument);
            let at = mirror.roles.secondary.first().cloned().unwrap_or_default();
            let asked = Asked::new(RULE.name, Spot::at(*id), Spot::missing())
                .keyed("accepter")
                .in_region(at);
            let paired = mirror.counterpart(*id).is_some();
            if halves.is_empty() && !paired {
                sink.broken(asked.broken(format!(
                    "{} is accepted by nobody",
                    mirror.instance(*id).address
                )));
                continue;
            }
            sink.holds();
            both_ways(mirror, *id, &halves, argument, sink);
        }
    }
}

/// Routes through a connection: on both sides or on none.
fn both_ways(
    mirror: &Mirror<'_>,
    id: InstanceId,
    halves: &[InstanceId],
    argument: &str,
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
    match (primary.first(), secondary.first()) {
        (Some(_), Some(_)) => sink.holds(),
        (Some(one), None) => {
            let other = halves
                .first()
                .map_or_else(Spot::missing, |half| Spot::at(*half));
            sink.broken(
                asked(Spot::at(*one), other)
                    .broken("routes lead to the secondary region, and none leads back")
                    .covers(primary.iter().copied().map(Spot::at)),
            );
        }
        (None, Some(other)) => sink.broken(
            asked(Spot::at(id), Spot::at(*other))
                .broken("routes lead to the primary region, and none leads back"),
        ),
        (None, None) => {}
    }
}
