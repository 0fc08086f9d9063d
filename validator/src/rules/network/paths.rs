//! Routes of the tables that paired subnets use.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements::proved_same;
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
endpoint. A route that only the secondary has must lead where the wider one leads by which production reaches its destination.

## How to fix it
Use the primary's kind of target.
",
    check: Check::Elsewhere,
};

/// Pairs of tables: of paired subnets, and paired tables that no subnet uses.
pub(super) fn tables(mirror: &Mirror<'_>) -> Vec<(InstanceId, InstanceId, usize)> {
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
    untouched(mirror, sink);
    for (one, other, at) in tables(mirror) {
        let (wanted, offered) = (
            routes::table(mirror, one, None),
            routes::table(mirror, other, Some(at)),
        );
        more(mirror, (one, other, at), &wanted.open, sink);
        super::detours::check(mirror, (other, at), (&wanted, &offered), sink);
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
                Some(found) => {
                    sink.holds();
                    target(mirror, route, found, sink);
                }
                None if in_parts(route, &offered.routes) => sink.holds(),
                None => {
                    let doubts = offered.routes.iter().chain([route]);
                    let mut open = offered.open.clone();
                    open.extend(doubts.flat_map(|route| route.doubt.iter().cloned()));
                    absent(mirror, route, other, &open, region, sink);
                }
            }
        }
    }
}

/// A table of the primary may have more routes than are known.
fn more(
    mirror: &Mirror<'_>,
    (one, other, at): (InstanceId, InstanceId, usize),
    open: &std::collections::BTreeSet<Name>,
    sink: &mut Sink,
) {
    if open.is_empty() {
        return;
    }
    let separate = [("aws_route", "route_table_id")];
    let pair = mirror.pairing.pair_of(one, Some(at));
    let same = pair.is_some_and(|pair| {
        let pair = &mirror.pairs()[pair.index()];
        pair.instance() == Some(other) && proved_same(mirror, pair, other, "route", &separate)
    });
    if same {
        return sink.holds();
    }
    let asked = Asked::new(ROUTE.name, Spot::of(one, "route"), Spot::of(other, "route"))
        .keyed("all routes")
        .in_region(mirror.roles.secondary[at].clone());
    let name = &mirror.instance(one).address;
    sink.unsure(asked.unsure(
        format!("which routes {name} has, and with it its counterpart must have, is not known"),
        open.iter().cloned().collect(),
    ));
}

/// Subnets that use the main table as AWS makes it, where their counterparts have routes.
fn untouched(mirror: &Mirror<'_>, sink: &mut Sink) {
    let primary = routes::subnets(mirror, Standing::Primary);
    for (at, region) in mirror.roles.secondary.iter().enumerate() {
        let secondary = routes::subnets(mirror, Standing::Secondary(at));
        let mut said = std::collections::BTreeSet::new();
        for (subnet, table) in &primary.table {
            let twin = mirror
                .pairing
                .pair_of(*subnet, Some(at))
                .and_then(|pair| mirror.pairing.pairs[pair.index()].instance())
                .filter(|twin| secondary.untouched.contains(twin));
            let Some(twin) = twin.filter(|_| said.insert(*table)) else {
                continue;
            };
            for route in routes::table(mirror, *table, None).routes {
                if route.target == Target::Local {
                    continue;
                }
                let asked = Asked::new(ROUTE.name, route.spot.clone(), Spot::at(twin))
                    .keyed(format!("route {} of the main table", route.destination))
                    .in_region(region.clone());
                let name = &mirror.instance(twin).address;
                if mirror.complete() {
                    sink.broken(asked.broken(format!(
                        "{name} has no table of its own, and the main table has no route to {} ({} in production)",
                        route.destination,
                        route.target.words()
                    )));
                } else {
                    let because =
                        vec!["what the sources that could not be read in full hold".into()];
                    sink.unsure(
                        asked.unsure(format!("which table {name} uses is not known"), because),
                    );
                }
            }
        }
    }
}

/// Whether several routes of the same kind together cover the destination: two halves are the whole.
fn in_parts(wanted: &Route, offered: &[Route]) -> bool {
    let range = |text: &str| crate::mirror::parse_range(text);
    let parts: Vec<ipnet::IpNet> = offered
        .iter()
        .filter(|route| route.target == wanted.target)
        .filter_map(|route| range(&route.destination))
        .collect();
    let whole = ipnet::IpNet::aggregate(&parts);
    range(&wanted.destination)
        .is_some_and(|wanted| whole.iter().any(|outer| outer.contains(&wanted)))
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
    let to = shown(mirror, route, table);
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
                    "{name} has no route to {to} ({} in production)",
                    route.target.words()
                ))
                .follows(gone),
        );
    } else {
        let because: Vec<Name> = open.iter().cloned().collect();
        sink.unsure(asked.unsure(
            format!("whether {name} has a route to {to} is not known"),
            because,
        ));
    }
}

/// Where a route of the primary has to lead in the region of a table.
fn shown(mirror: &Mirror<'_>, route: &Route, table: InstanceId) -> String {
    let range = crate::mirror::parse_range(&route.destination);
    match (range, mirror.standing(table)) {
        (Some(range), Standing::Secondary(at)) => mirror
            .range_in_secondary(&range, at)
            .map_or_else(|| route.destination.clone(), |range| range.to_string()),
        _ => route.destination.clone(),
    }
}

fn target(mirror: &Mirror<'_>, one: &Route, other: &Route, sink: &mut Sink) {
    let asked = Asked::new(TARGET.name, one.spot.clone(), other.spot.clone())
        .keyed(format!("route {} target", one.destination));
    let is_open = one.target == Target::Unknown || other.target == Target::Unknown;
    // The same unknown on both sides is the same kind.
    if one.target == other.target && (!is_open || one.open == other.open) {
        sink.holds_for(TARGET.name);
    } else if is_open {
        let mut because: Vec<Name> = one.open.iter().chain(&other.open).cloned().collect();
        if because.is_empty() {
            because.push("what a route leads to".into());
        }
        sink.unsure(asked.unsure(
            format!(
                "whether the route to {} leads to the same kind of gateway is not known",
                one.destination
            ),
            because,
        ));
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
