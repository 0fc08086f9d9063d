//! Subnets: whole tiers, and zones of tiers and of what stands in them.

mod placed;

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, PairId, Standing, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::routes::{self, Subnets, Target};

pub(super) const TIER: Rule = Rule {
    name: "missing-subnet-tier",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A whole tier of subnets does not exist in the secondary region.",
    impact: "What runs in this tier has nowhere to run.",
    doc: "\
## What it asks
Subnets of a VPC are grouped by where their default route goes and by their names without zones and numbers. If no subnet of a
group has a counterpart in the secondary region, the tier is missing.

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

/// What subnets of one tier have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tier {
    /// The VPC, or the module where it is not known.
    place: String,
    /// Where the default route goes.
    way: Option<Target>,
    /// The name without zones, roles and numbers.
    name: String,
}

fn tier_of(mirror: &Mirror<'_>, subnet: InstanceId, tables: &Subnets) -> Tier {
    let instance = mirror.instance(subnet);
    let tag = |name: &str| text(mirror.value(subnet, &format!("tags.{name}"))).known();
    let key = match &instance.index {
        Some(crate::inventory::Index::Key(key)) => without_zone(key),
        _ => String::new(),
    };
    let tag = tag("Tier").or_else(|| tag("tier")).unwrap_or_default();
    let vpc = mirror.targets(subnet, "vpc_id").first().copied();
    Tier {
        place: vpc.map_or_else(
            || instance.module.to_string(),
            |vpc| mirror.instance(vpc).address.to_string(),
        ),
        way: tables
            .table
            .get(&subnet)
            .and_then(|table| routes::way_out(&routes::table(mirror, *table, None))),
        name: format!(
            "{} {key} {}",
            without_zone(&mirror.roles.bare(&instance.name)),
            tag.to_ascii_lowercase()
        ),
    }
}

/// `db` of `db-a`, `db_1`, `db/us-east-1a`, `db_az2`.
fn without_zone(key: &str) -> String {
    let places = [
        "us", "eu", "ap", "ca", "sa", "me", "af", "il", "east", "west", "north", "south",
        "central", "zone",
    ];
    let is_zone = |word: &str| {
        let rest = word
            .trim_start_matches("az")
            .trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() <= 1 || places.contains(&word)
    };
    let key = key.to_ascii_lowercase();
    let words: Vec<&str> = key
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !is_zone(word))
        .collect();
    words.join("-")
}

/// Subnets of the primary by tier.
fn tiers(mirror: &Mirror<'_>) -> BTreeMap<Tier, Vec<InstanceId>> {
    let mut tiers: BTreeMap<Tier, Vec<InstanceId>> = BTreeMap::new();
    let tables = routes::subnets(mirror, Standing::Primary);
    for subnet in mirror.standing_of_type("aws_subnet", Standing::Primary) {
        let tier = tier_of(mirror, subnet, &tables);
        tiers.entry(tier).or_default().push(subnet);
    }
    tiers
}

/// Whether nothing mirrors any subnet of a tier. A subnet alone is a tier where no other of its VPC has the same way out.
fn is_lost(
    mirror: &Mirror<'_>,
    tiers: &BTreeMap<Tier, Vec<InstanceId>>,
    tier: &Tier,
    lacking: &Lacking,
) -> bool {
    let alike = |(other, subnets): (&Tier, &Vec<InstanceId>)| {
        other != tier
            && other.place == tier.place
            && other.way == tier.way
            && subnets.iter().any(|id| mirror.counterpart(*id).is_some())
    };
    lacking.all && (lacking.strays.len() > 1 || !tiers.iter().any(alike))
}

struct Lacking {
    strays: Vec<InstanceId>,
    open: Vec<Name>,
    all: bool,
}

fn lacking(mirror: &Mirror<'_>, subnets: &[InstanceId], tier: &Tier, region: usize) -> Lacking {
    let strays: Vec<_> = mirror
        .pairing
        .strays
        .iter()
        .filter(|stray| {
            stray.secondary == region && subnets.contains(&stray.instance) && stray.single.is_none()
        })
        .collect();
    Lacking {
        all: !subnets.is_empty() && strays.len() == subnets.len(),
        open: strays
            .iter()
            .flat_map(|stray| stray.open.clone())
            .chain(loose(mirror, tier).filter(|_| !strays.is_empty()))
            .collect(),
        strays: strays.iter().map(|stray| stray.instance).collect(),
    }
}

/// Why it is not known which subnets make up a tier: others of its name may lie in its VPC.
fn loose<'m>(mirror: &'m Mirror<'_>, tier: &'m Tier) -> impl Iterator<Item = Name> + 'm {
    let nowhere = Subnets {
        table: BTreeMap::new(),
        untouched: BTreeSet::new(),
    };
    let all = mirror.loose("aws_subnet", "vpc_id", Standing::Primary);
    all.into_iter()
        .filter(move |id| tier_of(mirror, *id, &nowhere).name == tier.name)
        .filter_map(|id| match text(mirror.value(id, "vpc_id")) {
            Maybe::Unknown(because) => Some(because),
            _ => None,
        })
        .flatten()
}

/// Why it is not known whether a subnet alone is a tier: others may have the same way out of its VPC.
fn ways(mirror: &Mirror<'_>) -> BTreeSet<Name> {
    [
        ("aws_subnet", "vpc_id"),
        ("aws_route_table_association", "subnet_id"),
        ("aws_route_table_association", "route_table_id"),
        ("aws_route", "route_table_id"),
    ]
    .into_iter()
    .flat_map(|(ty, argument)| mirror.adrift(ty, argument, Standing::Primary))
    .collect()
}

fn tier(mirror: &Mirror<'_>, sink: &mut Sink) {
    let tiers = tiers(mirror);
    for (tier, subnets) in &tiers {
        for (at, region) in mirror.roles.secondary.iter().enumerate() {
            let mut lacking = lacking(mirror, subnets, tier, at);
            if !is_lost(mirror, &tiers, tier, &lacking) {
                sink.holds();
                continue;
            }
            if lacking.strays.len() == 1 {
                lacking.open.extend(ways(mirror));
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
    let tiers = tiers(mirror);
    for (tier, subnets) in &tiers {
        for (at, region) in mirror.roles.secondary.iter().enumerate() {
            let lacking = lacking(mirror, subnets, tier, at);
            if is_lost(mirror, &tiers, tier, &lacking) {
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
                zones_of(mirror, subnets, at, sink);
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
    placed::ask(mirror, sink);
}

/// Zones of a tier whose subnets all have a counterpart.
fn zones_of(mirror: &Mirror<'_>, subnets: &[InstanceId], region: usize, sink: &mut Sink) {
    let path = "availability_zone";
    let twins: Vec<(PairId, InstanceId, InstanceId)> = subnets
        .iter()
        .filter_map(|id| {
            let pair = mirror.pairing.pair_of(*id, Some(region))?;
            let twin = mirror.pairs().get(pair.index())?.instance()?;
            Some((pair, *id, twin))
        })
        .collect();
    let value = |id: InstanceId| mirror.value(id, path);
    let Some((_, first, twin)) = twins.first().copied() else {
        return;
    };
    let same = |(pair, one, other): &(PairId, InstanceId, InstanceId)| {
        mirror.compare(*pair, value(*one), value(*other)).is_same()
    };
    if twins.iter().all(same) {
        return sink.holds();
    }
    let (mut one, mut other) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<Name> = Vec::new();
    for (_, primary, secondary) in &twins {
        for (id, zones) in [(primary, &mut one), (secondary, &mut other)] {
            match text(value(*id)) {
                Maybe::Known(zone) => {
                    zones.insert(zone);
                }
                Maybe::Unset => open.push("aws".into()),
                Maybe::Unknown(because) => open.extend(because),
            }
        }
    }
    let asked = Asked::new(ZONES.name, Spot::of(first, path), Spot::of(twin, path))
        .keyed("zones of the tier");
    // What stands in these subnets stands in no more zones.
    let covers = twins
        .iter()
        .flat_map(|(_, _, id)| [Spot::of(*id, path), Spot::at(*id)]);
    if !open.is_empty() {
        open.sort();
        open.dedup();
        let name = &mirror.instance(twin).address;
        let message =
            format!("in which zones {name} and the others of its tier stand is not known");
        sink.unsure(asked.unsure(message, open));
    } else if other.len() >= one.len() {
        sink.holds();
    } else {
        let zones: Vec<&str> = other.iter().map(String::as_str).collect();
        let message = format!(
            "subnets of one tier stand in {} zones ({}), the primary's in {}",
            other.len(),
            zones.join(", "),
            one.len()
        );
        sink.broken(asked.broken(message).covers(covers));
    }
}
