//! Subnets: whole tiers, and zones of tiers and of what stands in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Standing, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements;

pub(super) const TIER: Rule = Rule {
    name: "missing-subnet-tier",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A whole tier of subnets does not exist in the secondary region.",
    impact: "What runs in this tier has nowhere to run.",
    doc: "\
## What it asks
Subnets are grouped by their resource and what they have in common (public, private, database). If no subnet of a group has
a counterpart in the secondary region, the tier is missing.

## How to fix it
Declare the tier in the secondary VPC too, in as many zones.
",
    check: Check::Code(tier),
};

pub(super) const ZONES: Rule = Rule {
    name: "fewer-zones",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Something of the secondary region stands in fewer zones than in the primary.",
    impact: "Capacity and the protection against the loss of a zone are less than planned; what needs a zone that is missing cannot be placed.",
    doc: "\
## What it asks
Zones of paired tiers of subnets, load balancers, Auto Scaling groups, services, subnet groups and endpoints.

## How to fix it
Add the subnets, and name them where the finding says.

Source: AWS Well-Architected Framework, reliability pillar: use of several zones.
",
    check: Check::Code(zones),
};

/// The tier of a subnet by its name: keys and names without zones and roles.
fn tier_name(mirror: &Mirror<'_>, subnet: InstanceId) -> String {
    let instance = mirror.instance(subnet);
    let tag = |name: &str| text(mirror.value(subnet, &format!("tags.{name}"))).known();
    let key = match &instance.index {
        Some(crate::inventory::Index::Key(key)) => without_zone(key),
        _ => String::new(),
    };
    let tag = tag("Tier").or_else(|| tag("tier")).unwrap_or_default();
    format!(
        "{} {} {}",
        mirror.roles.bare(&instance.name),
        key,
        tag.to_ascii_lowercase()
    )
}

/// `db` of `db-a`, `db-1`, `db/us-east-1a`.
fn without_zone(key: &str) -> String {
    let words: Vec<&str> = key
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            !word.is_empty() && word.len() > 2 && !word.bytes().all(|b| b.is_ascii_digit())
        })
        .filter(|word| {
            !matches!(
                *word,
                "us" | "eu" | "ap" | "east" | "west" | "north" | "south" | "central"
            )
        })
        .collect();
    words.join("-").to_ascii_lowercase()
}

/// Subnets of the primary by tier, with those that have no counterpart.
fn tiers(mirror: &Mirror<'_>) -> BTreeMap<(String, String), Vec<InstanceId>> {
    let mut tiers: BTreeMap<(String, String), Vec<InstanceId>> = BTreeMap::new();
    for subnet in mirror.standing_of_type("aws_subnet", Standing::Primary) {
        let module = mirror.instance(subnet).module.to_string();
        tiers
            .entry((module, tier_name(mirror, subnet)))
            .or_default()
            .push(subnet);
    }
    tiers
}

struct Lacking {
    strays: Vec<InstanceId>,
    open: Vec<Name>,
    all: bool,
}

fn lacking(mirror: &Mirror<'_>, subnets: &[InstanceId], region: usize) -> Lacking {
    let strays: Vec<_> = mirror
        .pairing
        .strays
        .iter()
        .filter(|stray| {
            stray.secondary == region && subnets.contains(&stray.instance) && stray.single.is_none()
        })
        .collect();
    Lacking {
        all: strays.len() == subnets.len(),
        open: strays.iter().flat_map(|stray| stray.open.clone()).collect(),
        strays: strays.iter().map(|stray| stray.instance).collect(),
    }
}

fn tier(mirror: &Mirror<'_>, sink: &mut Sink) {
    for subnets in tiers(mirror).values() {
        for (at, region) in mirror.roles.secondary.iter().enumerate() {
            let lacking = lacking(mirror, subnets, at);
            if !lacking.all || subnets.len() < 2 {
                sink.holds();
                continue;
            }
            let names: Vec<&str> = subnets
                .iter()
                .map(|id| &*mirror.instance(*id).address)
                .collect();
            let asked = Asked::new(TIER.name, Spot::at(subnets[0]), Spot::missing())
                .keyed("tier")
                .in_region(region.clone());
            if lacking.open.is_empty() {
                sink.broken(
                    asked
                        .broken(format!(
                            "none of {} has a counterpart in {region}",
                            names.join(", ")
                        ))
                        .covers(subnets.iter().copied().map(Spot::at)),
                );
            } else {
                sink.unsure(asked.unsure(
                    format!(
                        "whether the tier of {} exists in {region} is not known",
                        names[0]
                    ),
                    lacking.open,
                ));
            }
        }
    }
}

fn zones(mirror: &Mirror<'_>, sink: &mut Sink) {
    for subnets in tiers(mirror).values() {
        for (at, region) in mirror.roles.secondary.iter().enumerate() {
            let lacking = lacking(mirror, subnets, at);
            if lacking.all && subnets.len() > 1 {
                continue;
            }
            for stray in &lacking.strays {
                let asked = Asked::new(ZONES.name, Spot::at(*stray), Spot::missing())
                    .keyed("subnet")
                    .in_region(region.clone());
                let name = &mirror.instance(*stray).address;
                if lacking.open.is_empty() {
                    sink.broken(asked.broken(format!(
                        "{name} has no counterpart in {region}: its tier has a zone less"
                    )));
                } else {
                    sink.unsure(asked.unsure(
                        format!("whether {name} has a counterpart in {region} is not known"),
                        lacking.open.clone(),
                    ));
                }
            }
            if lacking.strays.is_empty() {
                placed(mirror, subnets, sink);
            }
        }
    }
    crate::rules::missing::counterparts(
        mirror,
        sink,
        ZONES.name,
        &["aws_efs_mount_target"],
        &|_| true,
    );
    for (ty, path) in [
        ("aws_lb", "subnets"),
        ("aws_autoscaling_group", "vpc_zone_identifier"),
        ("aws_ecs_service", "network_configuration[0].subnets"),
        ("aws_db_subnet_group", "subnet_ids"),
        ("aws_elasticache_subnet_group", "subnet_ids"),
        ("aws_vpc_endpoint", "subnet_ids"),
        ("aws_eks_node_group", "subnet_ids"),
        ("aws_lambda_function", "vpc_config[0].subnet_ids"),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            members(mirror, pair.primary, secondary, path, sink);
        }
    }
}

/// Zones of a tier whose subnets all have a counterpart.
fn placed(mirror: &Mirror<'_>, subnets: &[InstanceId], sink: &mut Sink) {
    let zone = |id: InstanceId| text(mirror.value(id, "availability_zone")).known();
    let one: BTreeSet<String> = subnets.iter().filter_map(|id| zone(*id)).collect();
    let twins: Vec<InstanceId> = subnets
        .iter()
        .filter_map(|id| mirror.counterpart(*id))
        .collect();
    let other: BTreeSet<String> = twins.iter().filter_map(|id| zone(*id)).collect();
    let known =
        twins.iter().all(|id| zone(*id).is_some()) && subnets.iter().all(|id| zone(*id).is_some());
    if !known || other.len() >= one.len() {
        sink.holds();
        return;
    }
    if let (Some(first), Some(twin)) = (subnets.first(), twins.first()) {
        let asked = Asked::new(
            ZONES.name,
            Spot::of(*first, "availability_zone"),
            Spot::of(*twin, "availability_zone"),
        )
        .keyed("zones of the tier");
        let zones: Vec<&str> = other.iter().map(String::as_str).collect();
        let covers = twins.iter().map(|id| Spot::of(*id, "availability_zone"));
        sink.broken(
            asked
                .broken(format!(
                    "subnets of one tier stand in {} zones ({}), the primary's in {}",
                    other.len(),
                    zones.join(", "),
                    one.len()
                ))
                .covers(covers),
        );
    }
}

/// How many subnets a resource stands in.
fn members(
    mirror: &Mirror<'_>,
    primary: InstanceId,
    secondary: InstanceId,
    path: &str,
    sink: &mut Sink,
) {
    let read = |id| elements::of(mirror.value(id, path));
    let asked = Asked::new(
        ZONES.name,
        Spot::of(primary, path),
        Spot::of(secondary, path),
    );
    match (read(primary), read(secondary)) {
        (Ok(one), Ok(other)) if other.len() >= one.len() => sink.holds(),
        (Ok(one), Ok(other)) => {
            // Where the subnets themselves are missing, that is what to say.
            let strays: Vec<InstanceId> = mirror
                .targets(primary, path)
                .into_iter()
                .filter(|id| mirror.counterpart(*id).is_none())
                .collect();
            let explained = strays.len() >= one.len() - other.len();
            let broken = asked.broken(format!(
                "{} stands in {} subnets, the primary in {}",
                mirror.instance(secondary).address,
                other.len(),
                one.len()
            ));
            sink.broken(if explained {
                broken.follows(strays)
            } else {
                broken
            });
        }
        (Err(because), _) | (_, Err(because)) => sink.unsure(asked.unsure(
            format!(
                "in how many subnets {} stands is not known",
                mirror.instance(secondary).address
            ),
            because,
        )),
    }
}
