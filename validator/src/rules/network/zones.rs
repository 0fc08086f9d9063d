//! Private zones that the secondary's VPC cannot ask.

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const PRIVATE_ZONE: Rule = Rule {
    name: "private-zone-not-associated",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A private zone is associated with VPCs of the primary region only.",
    impact: "Private names, the database's among them, do not resolve in the secondary region.",
    doc: "\
## What it asks
A private hosted zone that is associated with a VPC of the primary region must be associated with its counterpart too, by a
`vpc` block or an `aws_route53_zone_association`; or the secondary has a zone of the same name.

## How to fix it
Declare an `aws_route53_zone_association` for the VPC of the secondary region.

Source: Amazon Route 53 developer guide, private hosted zones.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for zone in mirror.of_type("aws_route53_zone") {
        let mut vpcs: Vec<InstanceId> = mirror.targets(*zone, "vpc");
        for association in mirror.graph.owned(
            *zone,
            mirror.inventory,
            "aws_route53_zone_association",
            "zone_id",
        ) {
            vpcs.extend(mirror.targets(association, "vpc_id"));
        }
        vpcs.retain(|id| matches!(&*mirror.instance(*id).ty, "aws_vpc" | "aws_default_vpc"));
        let primary = vpcs
            .iter()
            .find(|id| mirror.standing(**id) == Standing::Primary);
        let open = open(mirror, *zone);
        let unknown = format!(
            "which VPCs {} is associated with is not known",
            mirror.instance(*zone).address
        );
        let Some(vpc) = primary else {
            if !open.is_empty() {
                let asked = Asked::new(PRIVATE_ZONE.name, Spot::of(*zone, "vpc"), Spot::missing());
                sink.unsure(asked.keyed("association").unsure(unknown, open));
            }
            continue;
        };
        for (at, region) in mirror.roles.secondary.iter().enumerate() {
            let there = vpcs
                .iter()
                .any(|id| mirror.standing(*id) == Standing::Secondary(at));
            let own = mirror.pairing.pair_of(*zone, Some(at)).is_some();
            let asked = Asked::new(
                PRIVATE_ZONE.name,
                Spot::of(*zone, "vpc"),
                // The VPC lacks nothing where it is declared: the zone names it, or something beside the zone.
                mirror
                    .counterpart(*vpc)
                    .map_or_else(Spot::missing, Spot::at)
                    .written(*zone, ""),
            )
            .keyed("association")
            .in_region(region.clone());
            if there || own {
                sink.holds();
            } else if !open.is_empty() {
                sink.unsure(asked.unsure(unknown.clone(), open.clone()));
            } else if mirror.complete() {
                sink.broken(
                    asked
                        .broken(format!(
                            "{} is not associated with a VPC of {region}",
                            mirror.instance(*zone).address
                        ))
                        .fix("Declare an aws_route53_zone_association for the secondary's VPC."),
                );
            } else {
                sink.unsure(asked.unsure(
                    "whether the zone is associated is not known",
                    vec!["what the sources that could not be read in full hold".into()],
                ));
            }
        }
    }
}

/// Why it is not known which VPCs a zone is associated with.
fn open(mirror: &Mirror<'_>, zone: InstanceId) -> Vec<Name> {
    let standing = mirror.standing(zone);
    let mut open: Vec<Name> = Vec::new();
    if let Some(Node::Unknown(unknown)) = mirror.value(zone, "vpc")
        && mirror.targets(zone, "vpc").is_empty()
    {
        let reasons = unknown.because.iter().filter(|reason| &***reason != "aws");
        open.extend(reasons.cloned());
    }
    for path in ["zone_id", "vpc_id"] {
        open.extend(mirror.adrift("aws_route53_zone_association", path, standing));
    }
    open
}
