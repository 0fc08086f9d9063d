//! Routes, NAT gateways, endpoints and peering.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::routes::{self, Route, Target};

pub(super) const ROUTE: Rule = Rule {
    name: "missing-route",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A route of the primary region has no counterpart.",
    impact: "What stands behind the table cannot reach the destination.",
    doc: "\
## What it asks
Every route of the table that a subnet of the primary uses must be in the table that its counterpart uses, inline or as a
resource. Destinations inside of VPCs are translated.

## How to fix it
Add the route that the finding names.

Source: Amazon VPC user guide, route tables.
",
    check: Check::Code(route),
};

pub(super) const TARGET: Rule = Rule {
    name: "route-target-differs",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A route of the secondary region leads to another kind of gateway.",
    impact: "Traffic takes another way than in production: out to the internet, or nowhere.",
    doc: "\
## What it asks
Routes to the same destination must lead to the same kind of target: NAT gateway, internet gateway, transit gateway, peering,
endpoint.

## How to fix it
Use the primary's kind of target.
",
    check: Check::Elsewhere,
};

/// Pairs of tables: of paired subnets, and paired tables that no subnet uses.
fn tables(mirror: &Mirror<'_>) -> Vec<(InstanceId, InstanceId, usize)> {
    let mut found = std::collections::BTreeSet::new();
    let primary = routes::subnets(mirror, Standing::Primary);
    for at in 0..mirror.roles.secondary.len() {
        let secondary = routes::subnets(mirror, Standing::Secondary(at));
        for (subnet, table) in &primary.table {
            let twin = mirror
                .pairing
                .pair_of(*subnet, Some(at))
                .and_then(|pair| mirror.pairing.pairs[pair.index()].instance());
            if let Some(other) = twin.and_then(|twin| secondary.table.get(&twin)) {
                found.insert((*table, *other, at));
            }
        }
        for ty in ["aws_route_table", "aws_default_route_table"] {
            for (pair, other) in mirror.pairs_of(ty) {
                if pair.secondary == at
                    && !found
                        .iter()
                        .any(|(table, _, region)| *table == pair.primary && *region == at)
                {
                    found.insert((pair.primary, other, at));
                }
            }
        }
    }
    found.into_iter().collect()
}

fn route(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (one, other, at) in tables(mirror) {
        let (wanted, offered) = (
            routes::table(mirror, one, None),
            routes::table(mirror, other, Some(at)),
        );
        for route in wanted
            .routes
            .iter()
            .filter(|route| route.target != Target::Local)
        {
            let region = mirror.roles.secondary[at].clone();
            let same = offered
                .routes
                .iter()
                .find(|other| other.destination == route.destination);
            match same {
                Some(found) => target(mirror, route, found, sink),
                None => absent(mirror, route, other, &offered.open, region, sink),
            }
        }
    }
}

fn absent(
    mirror: &Mirror<'_>,
    route: &Route,
    table: InstanceId,
    open: &std::collections::BTreeSet<Name>,
    region: Name,
    sink: &mut Sink,
) {
    let name = &mirror.instance(table).address;
    let lone = route.separate
        && route
            .spot
            .instance
            .is_some_and(|id| mirror.counterpart(id).is_none());
    let at = if lone {
        Spot::missing()
    } else {
        Spot::of(table, "route")
    };
    let asked = Asked::new(ROUTE.name, route.spot.clone(), at)
        .keyed(format!("route {}", route.destination))
        .in_region(region);
    // A route to the other region is the replication's own way.
    if open.is_empty() && mirror.complete() {
        let strays: Vec<InstanceId> = route
            .through
            .iter()
            .copied()
            .filter(|id| {
                mirror.counterpart(*id).is_none() && mirror.standing(*id) == Standing::Primary
            })
            .collect();
        let gone = mirror
            .pairing
            .strays
            .iter()
            .filter(|stray| strays.contains(&stray.instance))
            .map(|stray| stray.instance);
        sink.broken(
            asked
                .broken(format!(
                    "{name} has no route to {} ({} in production)",
                    route.destination,
                    route.target.words()
                ))
                .follows(gone),
        );
    } else {
        let because: Vec<Name> = open.iter().cloned().collect();
        sink.unsure(asked.unsure(
            format!(
                "whether {name} has a route to {} is not known",
                route.destination
            ),
            because,
        ));
    }
}

fn target(mirror: &Mirror<'_>, one: &Route, other: &Route, sink: &mut Sink) {
    let asked = Asked::new(TARGET.name, one.spot.clone(), other.spot.clone())
        .keyed(format!("route {} target", one.destination));
    if one.target == other.target
        || one.target == Target::Unknown
        || other.target == Target::Unknown
    {
        sink.holds();
    } else {
        let place = other
            .spot
            .instance
            .map(|id| mirror.instance(id).address.clone())
            .unwrap_or_default();
        sink.broken(asked.broken(format!(
            "{place} leads {} to {}, in production it goes to {}",
            one.destination,
            other.target.words(),
            one.target.words()
        )));
    }
}

pub(super) const NAT: Rule = Rule {
    name: "missing-nat",
    family: Family::Network,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A NAT gateway of the primary region has no counterpart.",
    impact: "Private subnets have no way out, or one zone's gateway carries all.",
    doc: "\
## What it asks
Each NAT gateway of the primary region, one for each zone where production has that, must exist in the secondary.

## How to fix it
Declare it. Its public address differs: partners with allow-lists must know it beforehand.

Source: Amazon VPC user guide, NAT gateways.
",
    check: Check::Code(nat),
};

fn nat(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(
        mirror,
        sink,
        NAT.name,
        &[
            "aws_nat_gateway",
            "aws_internet_gateway",
            "aws_egress_only_internet_gateway",
            "aws_eip",
        ],
        &|id| {
            // An address belongs to what it is attached to.
            &*mirror.instance(id).ty != "aws_eip"
                || mirror
                    .graph
                    .referring(id)
                    .any(|(from, _)| &*mirror.instance(from).ty == "aws_nat_gateway")
        },
    );
    zones(mirror, sink);
}

/// Gateways of paired tables: one for each where production has one for each.
fn zones(mirror: &Mirror<'_>, sink: &mut Sink) {
    for at in 0..mirror.roles.secondary.len() {
        let mut one = std::collections::BTreeSet::new();
        let mut other = std::collections::BTreeSet::new();
        let mut example = None;
        for (a, b, region) in tables(mirror)
            .into_iter()
            .filter(|(_, _, region)| *region == at)
        {
            let gateway = |id, region| {
                routes::table(mirror, id, region)
                    .routes
                    .into_iter()
                    .find(|route| route.target == Target::Nat)
            };
            if let (Some(a), Some(b)) = (gateway(a, None), gateway(b, Some(region))) {
                one.extend(
                    a.through
                        .iter()
                        .copied()
                        .filter(|id| &*mirror.instance(*id).ty == "aws_nat_gateway"),
                );
                other.extend(
                    b.through
                        .iter()
                        .copied()
                        .filter(|id| &*mirror.instance(*id).ty == "aws_nat_gateway"),
                );
                example = Some((a.spot, b.spot));
            }
        }
        let gone = mirror
            .pairing
            .strays
            .iter()
            .any(|stray| one.contains(&stray.instance));
        if let (Some((a, b)), false) = (example, gone) {
            if other.len() < one.len() && !other.is_empty() {
                let asked = Asked::new(NAT.name, a, b).keyed("gateways in use");
                sink.broken(asked.broken(format!(
                    "private subnets of the secondary use {} NAT gateways, production uses {}",
                    other.len(),
                    one.len()
                )));
            } else {
                sink.holds();
            }
        }
    }
}

pub(super) const ENDPOINT: Rule = Rule {
    name: "missing-endpoint",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "An endpoint of the primary region has no counterpart.",
    impact: "Services behind private subnets cannot reach the AWS service, or only over the internet.",
    doc: "\
## What it asks
Endpoints of the primary's VPCs, by service; and the private DNS names of interface endpoints.

## How to fix it
Declare the endpoint in the secondary VPC.

Source: AWS PrivateLink guide.
",
    check: Check::Code(endpoint),
};

fn endpoint(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(
        mirror,
        sink,
        ENDPOINT.name,
        &["aws_vpc_endpoint", "aws_vpc_endpoint_service"],
        &|_| true,
    );
}

pub(super) const PEERING: Rule = Rule {
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
    check: Check::Code(peering),
};

fn peering(mirror: &Mirror<'_>, sink: &mut Sink) {
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
            let asked = Asked::new(PEERING.name, Spot::at(*id), Spot::missing())
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
    let asked = |one: Spot, other: Spot| Asked::new(PEERING.name, one, other).keyed("routes");
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
