//! Route tables of subnets, and what their routes lead to.

use std::collections::{BTreeMap, BTreeSet};

use super::elements::{entry, of};
use super::words::of_key;
use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Maybe, Meaning, Mirror, Part, Standing, text};
use crate::verdict::Spot;

/// What a route leads to, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Internet,
    EgressOnly,
    Nat,
    Transit,
    Peering,
    Endpoint,
    Interface,
    VirtualGateway,
    Core,
    Local,
    Unknown,
}

impl Target {
    /// In words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Target::Internet => "an internet gateway",
            Target::EgressOnly => "an egress-only internet gateway",
            Target::Nat => "a NAT gateway",
            Target::Transit => "a transit gateway",
            Target::Peering => "a peering connection",
            Target::Endpoint => "an endpoint",
            Target::Interface => "a network interface",
            Target::VirtualGateway => "a virtual private gateway",
            Target::Core => "a core network",
            Target::Local => "the VPC",
            Target::Unknown => "something that is not known",
        }
    }
}

/// One route.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// `0.0.0.0/0`; ranges as they would be in the primary region.
    pub(crate) destination: String,
    /// What is not known of the destination; the same expression on both sides is the same destination.
    pub(crate) doubt: Vec<Name>,
    pub(crate) target: Target,
    /// The gateway or the like that it names.
    pub(crate) through: Vec<InstanceId>,
    /// Why it is not known what it leads to, where no instance tells it.
    pub(crate) open: Vec<Name>,
    pub(crate) spot: Spot,
    /// Whether it is a resource of its own.
    pub(crate) separate: bool,
}

/// Routes of a table; and what is not known of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) routes: Vec<Route>,
    pub(crate) open: BTreeSet<Name>,
}

/// Arguments that name a target.
const TARGETS: [(&str, Target); 10] = [
    ("nat_gateway_id", Target::Nat),
    ("transit_gateway_id", Target::Transit),
    ("vpc_peering_connection_id", Target::Peering),
    ("vpc_endpoint_id", Target::Endpoint),
    ("network_interface_id", Target::Interface),
    ("egress_only_gateway_id", Target::EgressOnly),
    ("core_network_arn", Target::Core),
    ("carrier_gateway_id", Target::Internet),
    ("local_gateway_id", Target::VirtualGateway),
    ("gateway_id", Target::Internet),
];

/// The routes of a table: inline and separate.
pub(crate) fn table(mirror: &Mirror<'_>, id: InstanceId, region: Option<usize>) -> Table {
    let mut table = Table::default();
    for route in mirror
        .graph
        .owned(id, mirror.inventory, "aws_route", "route_table_id")
    {
        let get = |name: &str| mirror.value(route, name);
        let through = |name: &str| mirror.targets(route, name);
        read(
            mirror,
            &mut table,
            &get,
            &through,
            Spot::at(route),
            true,
            region,
        );
    }
    // A route of a table that is not known may be of this one.
    let standing = mirror.standing(id);
    let open = mirror.adrift("aws_route", "route_table_id", standing);
    table.open.extend(open);
    match of(mirror.value(id, "route")) {
        Ok(nodes) => {
            for (at, node) in nodes.iter().enumerate() {
                let get = |name: &str| entry(node, name);
                let path = format!("route[{at}]");
                let known = matches!(
                    mirror.value(id, "route"),
                    Some(Node::List(_) | Node::Set(_))
                );
                let through = |name: &str| {
                    if known {
                        mirror.targets(id, &format!("{path}.{name}"))
                    } else {
                        Vec::new()
                    }
                };
                read(
                    mirror,
                    &mut table,
                    &get,
                    &through,
                    Spot::of(id, &path),
                    false,
                    region,
                );
            }
        }
        Err(because) => table.open.extend(because),
    }
    // A state lists separate routes in the table too.
    let separate: BTreeSet<String> = table
        .routes
        .iter()
        .filter(|route| route.separate)
        .map(|route| route.destination.clone())
        .collect();
    table
        .routes
        .retain(|route| route.separate || !separate.contains(&route.destination));
    table
}

fn read<'n>(
    mirror: &Mirror<'_>,
    table: &mut Table,
    get: &dyn Fn(&str) -> Option<&'n Node>,
    through: &dyn Fn(&str) -> Vec<InstanceId>,
    spot: Spot,
    separate: bool,
    region: Option<usize>,
) {
    let owner = spot.instance.map(|id| mirror.instance(id));
    let root = owner.and_then(|instance| instance.root.as_ref());
    let (destination, doubt) = match destination(mirror, get, root, region) {
        Ok(Some(found)) => found,
        Ok(None) => return,
        Err(because) => return table.open.extend(because),
    };
    for (name, kind) in TARGETS {
        let node = get(name);
        let targets = through(name);
        let set = match node {
            Some(Node::String(text)) => !text.is_empty(),
            Some(Node::Unknown(unknown)) => unknown.because.iter().any(|reason| &**reason != "aws"),
            _ => false,
        };
        if !set {
            continue;
        }
        let target = match (
            kind,
            targets.first().map(|id| &*mirror.instance(*id).ty),
            node,
        ) {
            // A gateway of the internet, of a VPN, or an endpoint.
            (Target::Internet, None, Some(Node::Unknown(_))) if name == "gateway_id" => {
                Target::Unknown
            }
            (Target::Internet, Some("aws_vpn_gateway"), _) => Target::VirtualGateway,
            (Target::Internet, Some("aws_vpc_endpoint"), _) => Target::Endpoint,
            (Target::Internet, _, Some(Node::String(text))) if &**text == "local" => Target::Local,
            (Target::Internet, _, Some(Node::String(text))) if text.starts_with("vgw-") => {
                Target::VirtualGateway
            }
            (Target::Internet, _, Some(Node::String(text))) if text.starts_with("vpce-") => {
                Target::Endpoint
            }
            _ => kind,
        };
        let open = match node {
            Some(Node::Unknown(unknown)) if targets.is_empty() => unknown.because.clone(),
            _ => Vec::new(),
        };
        table.routes.push(Route {
            destination,
            doubt,
            target,
            through: targets,
            open,
            spot,
            separate,
        });
        return;
    }
    table.routes.push(Route {
        destination,
        doubt,
        target: Target::Unknown,
        through: Vec::new(),
        open: Vec::new(),
        spot,
        separate,
    });
}

/// Where a route leads, as it would be told in the primary region: a range, or a prefix list.
fn destination<'n>(
    mirror: &Mirror<'_>,
    get: &dyn Fn(&str) -> Option<&'n Node>,
    root: Option<&Name>,
    region: Option<usize>,
) -> Result<Option<(String, Vec<Name>)>, Vec<Name>> {
    let certain = |destination: String| Ok(Some((destination, Vec::new())));
    for name in [
        "destination_cidr_block",
        "cidr_block",
        "destination_ipv6_cidr_block",
        "ipv6_cidr_block",
        "destination_prefix_list_id",
    ] {
        let known = match text(get(name)) {
            Maybe::Known(value) => Some(value),
            Maybe::Unknown(because) if because.iter().any(|reason| &**reason != "aws") => None,
            _ => continue,
        };
        if let Some(range) = known.as_deref().and_then(crate::mirror::parse_range) {
            let placed = match region {
                Some(at) => mirror.range_in_primary(&range, at),
                None => Some(range),
            };
            let open = || vec![format!("which range of the primary {range} mirrors").into()];
            return placed
                .ok_or_else(open)
                .and_then(|range| certain(range.to_string()));
        }
        let end = region.map_or(End::Primary, End::Secondary);
        let meaning = mirror.meaning(get(name), end, root);
        return match &meaning {
            Meaning::Unknown(because) => Err(because.clone()),
            Meaning::Text(parts) => match parts.as_slice() {
                [Part::Reference(key, _)] => certain(of_key(mirror, key)),
                [Part::Letters(text)] => certain(text.clone()),
                _ => Ok(Some((format!("{parts:?}"), meaning.open()))),
            },
            other => Ok(Some((format!("{other:?}"), other.open()))),
        };
    }
    Ok(None)
}

/// Where the default route of a table leads; nothing where there is none.
pub(crate) fn way_out(table: &Table) -> Option<Target> {
    let default = |route: &&Route| matches!(&*route.destination, "0.0.0.0/0" | "0.0.0.0/1");
    table.routes.iter().find(default).map(|route| route.target)
}

/// Subnets of a region with their tables, where they are known.
pub(crate) struct Subnets {
    /// The table of each subnet.
    pub(crate) table: BTreeMap<InstanceId, InstanceId>,
    /// Subnets that use the main table as AWS makes it: no association names them, and nobody declares the main table.
    pub(crate) untouched: BTreeSet<InstanceId>,
}

/// Which table each subnet uses: its association, else the main table of its VPC.
pub(crate) fn subnets(mirror: &Mirror<'_>, standing: Standing) -> Subnets {
    let mut table = BTreeMap::new();
    let mut untouched = BTreeSet::new();
    // An association of a subnet that is not known may be of any.
    let open = mirror
        .standing_of_type("aws_route_table_association", standing)
        .into_iter()
        .any(|id| {
            mirror.targets(id, "subnet_id").is_empty()
                && matches!(text(mirror.value(id, "subnet_id")), Maybe::Unknown(_))
        });
    for subnet in mirror.standing_of_type("aws_subnet", standing) {
        let associations = mirror.graph.owned(
            subnet,
            mirror.inventory,
            "aws_route_table_association",
            "subnet_id",
        );
        let own = associations
            .iter()
            .flat_map(|id| mirror.targets(*id, "route_table_id"))
            .next();
        let main = || {
            let vpc = mirror.targets(subnet, "vpc_id").first().copied()?;
            let tables = mirror.graph.owned(
                vpc,
                mirror.inventory,
                "aws_main_route_table_association",
                "vpc_id",
            );
            let main = tables
                .iter()
                .flat_map(|id| mirror.targets(*id, "route_table_id"))
                .next();
            main.or_else(|| {
                mirror
                    .of_type("aws_default_route_table")
                    .iter()
                    .copied()
                    .find(|id| mirror.targets(*id, "default_route_table_id").contains(&vpc))
            })
        };
        match own.or_else(main) {
            Some(found) => {
                table.insert(subnet, found);
            }
            None if associations.is_empty() && !open => {
                untouched.insert(subnet);
            }
            None => {}
        }
    }
    Subnets { table, untouched }
}
