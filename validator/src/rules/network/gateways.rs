//! NAT gateways and endpoints.

use super::paths::tables;
use crate::mirror::Mirror;
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Strategies};
use crate::views::routes::{self, Target};

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
