//! Whether what is done in the secondary region is still recorded when the primary one is lost.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "trail-single-region",
    family: Family::Observability,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "The audit trail is lost with the primary region, or does not record the secondary one.",
    impact: "What is done in the secondary region during and after a failover is not recorded.",
    doc: "\
## What it asks
Where the primary region has a trail, some trail must record each secondary region and write outside of the primary one: one of
the secondary region, or a multi-region trail whose bucket lies elsewhere. Where the primary's trails record the events of
global services (a trail of us-east-1, or a multi-region one), such a trail must record them too, for which it must be a
multi-region trail. A bucket that is no part of the estate counts as lying elsewhere.

## Why it breaks a failover
A failover is done under pressure, with rights that are seldom used. It must be recorded. Events of IAM, CloudFront and Route 53
are delivered in us-east-1 and to multi-region trails only.

## Example
```terraform
resource \"aws_cloudtrail\" \"main\" {
  is_multi_region_trail = false
}
```

## How to fix it
Set `is_multi_region_trail = true`, and keep the records in a bucket of the secondary region, or have such a trail in each region.

Source: AWS CloudTrail user guide, multi-region trails and events of global services.
",
    check: Check::Code(check),
};

const SEVERAL: &str = "is_multi_region_trail";
const GLOBAL: &str = "include_global_service_events";
/// Where events of global services are delivered.
const HOME: &str = "us-east-1";

type Answer = Result<bool, Vec<Name>>;

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let all = mirror.of_type("aws_cloudtrail").to_vec();
    let first = all
        .iter()
        .copied()
        .find(|id| mirror.standing(*id) == Standing::Primary);
    let Some(first) = first else {
        return;
    };
    for at in 0..mirror.roles.secondary.len() {
        region(mirror, sink, &all, first, at);
    }
}

/// Asks one secondary region for its trail; `first` is the primary region's.
fn region(mirror: &Mirror<'_>, sink: &mut Sink, all: &[InstanceId], first: InstanceId, at: usize) {
    let region = &mirror.roles.secondary[at];
    let own = |id: InstanceId| mirror.standing(id) == Standing::Secondary(at);
    let records = |id: InstanceId| {
        both(
            if own(id) {
                Ok(true)
            } else {
                several(mirror, id)
            },
            enabled(mirror, id),
        )
    };
    let shown = all.iter().copied().find(|id| own(*id));
    let asked = |path: &str| {
        let secondary = shown.map_or_else(Spot::missing, |id| Spot::of(id, path));
        Asked::new(RULE.name, Spot::of(first, path), secondary).in_region(region.clone())
    };
    if let Err(because) = any(all, &records) {
        sink.unsure(asked(SEVERAL).unsure(
            format!("whether a trail records {region} is not known"),
            because,
        ));
        return;
    }
    let recording: Vec<InstanceId> = all
        .iter()
        .copied()
        .filter(|id| records(*id) == Ok(true))
        .collect();
    let name = &mirror.instance(first).address;
    let Some(witness) = recording.first() else {
        sink.broken(set(
            mirror,
            asked(SEVERAL).broken(format!("{name} records {} only", mirror.roles.primary)),
            first,
            SEVERAL,
        ));
        return;
    };
    let stays = |id: InstanceId| both(records(id), outside(mirror, id));
    match any(all, &stays) {
        Err(because) => {
            sink.unsure(asked("s3_bucket_name").unsure(
                format!("where the trail that records {region} writes is not known"),
                because,
            ));
            return;
        }
        Ok(false) => {
            sink.broken(
                asked("s3_bucket_name")
                    .broken(format!(
                        "{} records {region}, but writes to a bucket of {}, and no other trail does",
                        mirror.instance(*witness).address,
                        mirror.roles.primary
                    ))
                    .fix("Declare a trail in the secondary region that writes to a bucket of that region."),
            );
            return;
        }
        Ok(true) => {}
    }
    let keeping: Vec<InstanceId> = recording
        .into_iter()
        .filter(|id| stays(*id) == Ok(true))
        .collect();
    globals(mirror, sink, all, &keeping, asked);
}

/// Asks trails that outlive the primary region for the events of global services, where the primary's trails get them.
fn globals(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    all: &[InstanceId],
    keeping: &[InstanceId],
    asked: impl Fn(&str) -> Asked,
) {
    let asks = all
        .iter()
        .any(|id| mirror.standing(*id) == Standing::Primary && globally(mirror, *id) == Ok(true));
    if !asks {
        sink.holds();
        return;
    }
    match any(keeping, &|id| globally(mirror, id)) {
        Ok(true) => sink.holds(),
        Err(because) => sink.unsure(asked(SEVERAL).keyed("global").unsure(
            "whether a trail outside of the primary region records global services is not known",
            because,
        )),
        Ok(false) => {
            let Some(lacking) = keeping.first().copied() else {
                return;
            };
            let path = if several(mirror, lacking) == Ok(true) {
                GLOBAL
            } else {
                SEVERAL
            };
            let broken = asked(path).keyed("global").broken(format!(
                "events of global services are recorded in {} only: {} does not get them",
                mirror.roles.primary,
                mirror.instance(lacking).address
            ));
            sink.broken(set(mirror, broken, lacking, path));
        }
    }
}

fn set(
    mirror: &Mirror<'_>,
    broken: crate::verdict::Broken,
    id: InstanceId,
    path: &str,
) -> crate::verdict::Broken {
    broken.edit(
        format!("Set {path} = true."),
        Edit::Set {
            address: mirror.instance(id).address.clone(),
            path: Spot::of(id, path).path,
            expression: "true".into(),
        },
    )
}

fn both(one: Answer, other: Answer) -> Answer {
    match (one, other) {
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (Err(because), _) | (_, Err(because)) => Err(because),
        _ => Ok(true),
    }
}

/// Whether it is true of one; where it is of none, what is not known.
fn any(all: &[InstanceId], of: &dyn Fn(InstanceId) -> Answer) -> Answer {
    let mut open = Vec::new();
    for id in all {
        match of(*id) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(because) => open.extend(because),
        }
    }
    if open.is_empty() {
        Ok(false)
    } else {
        Err(open)
    }
}

fn several(mirror: &Mirror<'_>, id: InstanceId) -> Answer {
    truth(mirror.value(id, SEVERAL)).or(false)
}

fn enabled(mirror: &Mirror<'_>, id: InstanceId) -> Answer {
    truth(mirror.value(id, "enable_logging")).or(true)
}

/// Whether a trail gets the events of global services.
fn globally(mirror: &Mirror<'_>, id: InstanceId) -> Answer {
    let home = mirror.region(id).is_some_and(|region| &**region == HOME);
    let there = if home { Ok(true) } else { several(mirror, id) };
    both(there, truth(mirror.value(id, GLOBAL)).or(true))
}

/// Whether a trail writes outside of the primary region.
fn outside(mirror: &Mirror<'_>, id: InstanceId) -> Answer {
    let path = "s3_bucket_name";
    let buckets = mirror.targets(id, path);
    if !buckets.is_empty() {
        let primary = |id: &InstanceId| mirror.standing(*id) == Standing::Primary;
        return Ok(!buckets.iter().any(primary));
    }
    match text(mirror.value(id, path)) {
        Maybe::Known(name) => Ok(!mirror.names_primary(&name.as_str().into())),
        Maybe::Unset => Ok(true),
        Maybe::Unknown(because) => Err(because),
    }
}
