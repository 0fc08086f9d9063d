//! NAT gateways, internet gateways and endpoints.

use std::collections::BTreeSet;

use super::paths::tables;
use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, text};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::routes::{self, Route, Target};

pub(super) const NAT: Rule = Rule {
    name: "missing-nat",
    family: Family::Network,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A NAT gateway of the primary region has no counterpart.",
    impact: "Private subnets have no way out, or one zone's gateway carries all.",
    doc: "\
## What it asks
Each NAT gateway of the primary region, one for each zone where production has that, must exist in the secondary; a public one
in a subnet that leads to an internet gateway, where its counterpart stands in such a one.

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
        &["aws_nat_gateway", "aws_eip"],
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
    ways_out(mirror, sink);
}

/// Public gateways of the secondary whose subnet has no way to the internet, where that of the primary has.
fn ways_out(mirror: &Mirror<'_>, sink: &mut Sink) {
    let primary = routes::subnets(mirror, Standing::Primary);
    for at in 0..mirror.roles.secondary.len() {
        let secondary = routes::subnets(mirror, Standing::Secondary(at));
        let path = "subnet_id";
        let table = |subnets: &routes::Subnets, id| {
            let subnet = mirror.targets(id, path).into_iter().next()?;
            Some((subnet, subnets.table.get(&subnet).copied()))
        };
        for (pair, other) in mirror.pairs_of("aws_nat_gateway") {
            let is_private =
                |id| text(mirror.value(id, "connectivity_type")) == Maybe::Known("private".into());
            if pair.secondary != at || is_private(other) {
                continue;
            }
            let leads = |id, region| {
                let table = routes::table(mirror, id, region);
                match routes::way_out(&table) {
                    None if !table.open.is_empty() => Err(table.open),
                    way => Ok(way),
                }
            };
            let Some((_, Some(own))) = table(&primary, pair.primary) else {
                continue;
            };
            if leads(own, None) != Ok(Some(Target::Internet)) {
                continue;
            }
            let asked = Asked::new(
                NAT.name,
                Spot::of(pair.primary, path),
                Spot::of(other, path),
            );
            let name = &mirror.instance(other).address;
            let way = match table(&secondary, other) {
                Some((_, Some(found))) => leads(found, Some(at)),
                // Nobody declares the table: it leads nowhere but into the VPC.
                Some((subnet, None)) if secondary.untouched.contains(&subnet) => Ok(None),
                _ => continue,
            };
            match way {
                Ok(Some(Target::Internet)) => sink.holds(),
                Ok(Some(Target::Unknown)) => {}
                Err(open) => sink.unsure(asked.unsure(
                    format!("whether the subnet of {name} leads to the internet is not known"),
                    open.into_iter().collect(),
                )),
                Ok(_) => sink.broken(asked.broken(format!(
                    "{name} stands in a subnet that leads to no internet gateway: nothing gets out through it"
                ))),
            }
        }
    }
}

/// Gateways of paired tables: one for each where production has one for each.
fn zones(mirror: &Mirror<'_>, sink: &mut Sink) {
    for at in 0..mirror.roles.secondary.len() {
        let (mut one, mut other) = (InUse::default(), InUse::default());
        let mut example = None;
        let here = |found: &(_, _, usize)| found.2 == at;
        for (a, b, _) in tables(mirror).into_iter().filter(here) {
            let routes = (one.route(mirror, a, None), other.route(mirror, b, Some(at)));
            // A table without such a route is another rule's.
            if let (Some(a), Some(b)) = routes {
                one.add(mirror, &a);
                other.add(mirror, &b);
                example = Some((a.spot, b.spot));
            }
        }
        let gone = mirror
            .pairing
            .strays
            .iter()
            .any(|stray| one.gateways.contains(&stray.instance));
        let (Some((a, b)), false) = (example, gone) else {
            continue;
        };
        let asked = Asked::new(NAT.name, a, b).keyed("gateways in use");
        let (most, count) = (one.gateways.len() + one.unknown, other.gateways.len());
        let open: Vec<Name> = one.open.union(&other.open).cloned().collect();
        if count >= most || count + other.unknown == most && one.open == other.open {
            sink.holds();
        } else if !open.is_empty() {
            let message = "how many NAT gateways the private subnets use is not known";
            sink.unsure(asked.unsure(message, open));
        } else if count == 0 {
            sink.holds();
        } else {
            sink.broken(asked.broken(format!(
                "private subnets of the secondary use {count} NAT gateways, production uses {most}"
            )));
        }
    }
}

/// NAT gateways that tables of one side lead to.
#[derive(Default)]
struct InUse {
    gateways: BTreeSet<InstanceId>,
    /// Routes to a gateway that is not known.
    unknown: usize,
    open: BTreeSet<Name>,
}

impl InUse {
    /// The route of a table to a gateway.
    fn route(
        &mut self,
        mirror: &Mirror<'_>,
        id: InstanceId,
        region: Option<usize>,
    ) -> Option<Route> {
        let table = routes::table(mirror, id, region);
        let found = table
            .routes
            .into_iter()
            .find(|route| route.target == Target::Nat);
        if found.is_none() {
            self.open.extend(table.open);
        }
        found
    }

    /// Counts the gateway of a route.
    fn add(&mut self, mirror: &Mirror<'_>, route: &Route) {
        let is_gateway = |id: &InstanceId| &*mirror.instance(*id).ty == "aws_nat_gateway";
        let gateways = route.through.iter().copied().filter(is_gateway);
        self.gateways.extend(gateways);
        if !route.open.is_empty() {
            self.unknown += 1;
            self.open.extend(route.open.iter().cloned());
        }
    }
}

pub(super) const INTERNET: Rule = Rule {
    name: "missing-internet-gateway",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "An internet gateway of the primary region has no counterpart.",
    impact: "Public load balancers cannot be reached, and NAT gateways have no way out.",
    doc: "\
## What it asks
Each internet gateway of the primary region, and each egress-only one, must exist in the secondary.

## Why it breaks a failover
Public subnets are public only by a route to an internet gateway: without one neither clients nor NAT gateways get through.

## Example
```terraform
resource \"aws_internet_gateway\" \"main\" {   # provider of us-east-1, and none in us-west-2
  vpc_id = aws_vpc.main.id
}
```

## How to fix it
Declare it in the secondary VPC, with the route of the public subnets.

Source: Amazon VPC user guide, internet gateways.
",
    check: Check::Code(internet),
};

fn internet(mirror: &Mirror<'_>, sink: &mut Sink) {
    let types = ["aws_internet_gateway", "aws_egress_only_internet_gateway"];
    missing::counterparts(mirror, sink, INTERNET.name, &types, &|_| true);
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
