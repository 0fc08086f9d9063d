//! Routes that only the secondary has, and that lead a part of what a wider route of production reaches elsewhere.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::paths::TARGET;
use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, parse_range};
use crate::verdict::{Asked, Sink};
use crate::views::routes::{Route, Table, Target};

/// Asks each route of the secondary's table that the primary's has not.
pub(super) fn check(
    mirror: &Mirror<'_>,
    (table, at): (InstanceId, usize),
    (wanted, offered): (&Table, &Table),
    sink: &mut Sink,
) {
    let known: BTreeSet<&str> = wanted
        .routes
        .iter()
        .map(|route| route.destination.as_str())
        .collect();
    for route in &offered.routes {
        if route.target == Target::Local || known.contains(route.destination.as_str()) {
            continue;
        }
        let Some(range) = parse_range(&route.destination) else {
            continue;
        };
        let Some(wider) = wider(&range, &wanted.routes) else {
            continue;
        };
        // A route whose destination is not known may be the same.
        let doubts = wanted.routes.iter().flat_map(|route| &route.doubt);
        let open = wanted.open.iter().chain(doubts).cloned().collect();
        ask(mirror, (table, at), route, wider, &open, sink);
    }
}

/// The route by which the primary reaches a range: the narrowest that holds it. A private range is reached by no route to the
/// internet.
fn wider<'r>(range: &IpNet, routes: &'r [Route]) -> Option<&'r Route> {
    let found = routes.iter().filter_map(|route| {
        let outer = parse_range(&route.destination)?;
        outer.contains(range).then_some((outer.prefix_len(), route))
    });
    let (_, route) = found.max_by_key(|(length, _)| *length)?;
    let outward = matches!(
        route.target,
        Target::Internet | Target::Nat | Target::EgressOnly
    );
    (!outward || !is_private(range)).then_some(route)
}

fn is_private(range: &IpNet) -> bool {
    match range {
        IpNet::V4(range) => {
            let first = range.addr();
            first.is_private()
                || first.is_link_local()
                // Shared addresses of carriers and services.
                || first.octets()[0] == 100 && (64..128).contains(&first.octets()[1])
        }
        IpNet::V6(range) => range.addr().is_unique_local(),
    }
}

fn ask(
    mirror: &Mirror<'_>,
    (table, at): (InstanceId, usize),
    route: &Route,
    wider: &Route,
    more: &BTreeSet<Name>,
    sink: &mut Sink,
) {
    let name = &mirror.instance(table).address;
    let asked = Asked::new(TARGET.name, wider.spot.clone(), route.spot.clone())
        .keyed(format!("route {} target", route.destination))
        .in_region(mirror.roles.secondary[at].clone());
    let mut open: Vec<Name> = more
        .iter()
        .chain(&route.open)
        .chain(&wider.open)
        .cloned()
        .collect();
    let is_open = route.target == Target::Unknown || wider.target == Target::Unknown;
    if is_open && open.is_empty() {
        open.push("what a route leads to".into());
    }
    if route.target == wider.target && !is_open {
        sink.holds_for(TARGET.name);
    } else if open.is_empty() && mirror.complete() {
        sink.broken(asked.broken(format!(
            "{name} leads {} to {}, in production it goes with {} to {}",
            route.destination,
            route.target.words(),
            wider.destination,
            wider.target.words()
        )));
    } else {
        let message = format!(
            "whether the route to {} leads to the same kind of gateway as in production is not known",
            route.destination
        );
        sink.unsure(asked.unsure(message, open));
    }
}
