//! How far the secondary can grow, against what production needs.

use std::collections::BTreeMap;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Pair, Standing, number, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "capacity-unreachable",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "The secondary cannot grow to what production runs.",
    impact: "After a failover the service stays smaller than production's load, however long one waits.",
    doc: "\
## What it asks
For each pair of services, Auto Scaling groups and scaling targets: the most that the secondary can reach must be at least
the most that the primary can reach. What runs now does not count: a warm standby with fewer tasks holds. Without scaling a
service can reach no more than its `desired_count`.

## Why it breaks a failover
Production's load arrives at once; a ceiling below it is an outage of its own.

## Example
```terraform
resource \"aws_ecs_service\" \"worker\" {
  desired_count = 0            # and no aws_appautoscaling_target that would raise it
}
```

## How to fix it
Give the secondary the same maximum. A smaller maximum that is meant is accepted in `dr.hcl` with its value.
",
    check: Check::Code(check),
};

/// The most that something can reach, and what it runs at least.
struct Reach {
    most: Result<f64, Vec<Name>>,
    least: f64,
    /// Where the maximum stands.
    at: Spot,
    scaled: bool,
}

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let scaling = targets(mirror);
    let services: Vec<(&Pair, InstanceId)> = mirror.pairs_of("aws_ecs_service").collect();
    for (pair, secondary) in services {
        if text(mirror.value(secondary, "scheduling_strategy")) == Maybe::Known("DAEMON".into()) {
            continue;
        }
        let one = service(mirror, pair.primary, &scaling);
        let other = service(mirror, secondary, &scaling);
        let covered = of_missing_target(mirror, pair.primary, secondary, &scaling);
        ask(mirror, pair, secondary, &one, &other, covered, sink);
    }
    for (ty, most, least) in [
        ("aws_autoscaling_group", "max_size", "desired_capacity"),
        ("aws_appautoscaling_target", "max_capacity", "min_capacity"),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            // Targets of services are asked with their service.
            if ty == "aws_appautoscaling_target" && names_service(mirror, secondary) {
                continue;
            }
            let reach = |id| Reach {
                most: number(mirror.value(id, most)).or(0.0),
                least: number(mirror.value(id, least)).or(0.0).unwrap_or(0.0),
                at: Spot::of(id, most),
                scaled: true,
            };
            ask(
                mirror,
                pair,
                secondary,
                &reach(pair.primary),
                &reach(secondary),
                Vec::new(),
                sink,
            );
        }
    }
}

fn names_service(mirror: &Mirror<'_>, target: InstanceId) -> bool {
    text(mirror.value(target, "service_namespace")) == Maybe::Known("ecs".into())
}

/// Scaling targets of ECS services, by standing, cluster and service.
fn targets(mirror: &Mirror<'_>) -> BTreeMap<(Standing, String), InstanceId> {
    let mut found = BTreeMap::new();
    for id in mirror.of_type("aws_appautoscaling_target") {
        let standing = mirror.standing(*id);
        if let Maybe::Known(resource) = text(mirror.value(*id, "resource_id"))
            && let Some(service) = resource.strip_prefix("service/")
        {
            found.insert((standing, service.to_owned()), *id);
        }
        for service in mirror.targets(*id, "resource_id") {
            if &*mirror.instance(service).ty == "aws_ecs_service" {
                found.insert(
                    (standing, mirror.instance(service).address.to_string()),
                    *id,
                );
            }
        }
    }
    found
}

/// The scaling target of a service: by reference, else by the names of cluster and service.
fn target_of(
    mirror: &Mirror<'_>,
    service: InstanceId,
    scaling: &BTreeMap<(Standing, String), InstanceId>,
) -> Option<InstanceId> {
    let standing = mirror.standing(service);
    let address = mirror.instance(service).address.to_string();
    if let Some(target) = scaling.get(&(standing, address)) {
        return Some(*target);
    }
    let name = text(mirror.value(service, "name")).known()?;
    let cluster = mirror
        .targets(service, "cluster")
        .first()
        .and_then(|cluster| text(mirror.value(*cluster, "name")).known());
    scaling
        .iter()
        .find(|((of, resource), _)| {
            *of == standing
                && match (&cluster, resource.split_once('/')) {
                    (Some(cluster), Some((its, service))) => its == cluster && service == name,
                    (None, Some((_, service))) => service == name,
                    _ => false,
                }
        })
        .map(|(_, target)| *target)
}

fn service(
    mirror: &Mirror<'_>,
    id: InstanceId,
    scaling: &BTreeMap<(Standing, String), InstanceId>,
) -> Reach {
    let desired = number(mirror.value(id, "desired_count")).or(0.0);
    if let Some(target) = target_of(mirror, id, scaling) {
        return Reach {
            most: number(mirror.value(target, "max_capacity")).or(0.0),
            least: desired.unwrap_or(0.0),
            at: Spot::of(target, "max_capacity"),
            scaled: true,
        };
    }
    // A target of something that is not known may be the service's.
    let open = mirror.adrift(
        "aws_appautoscaling_target",
        "resource_id",
        mirror.standing(id),
    );
    Reach {
        least: desired.clone().unwrap_or(0.0),
        most: if open.is_empty() {
            desired
        } else {
            Err(open.into_iter().collect())
        },
        at: Spot::of(id, "desired_count"),
        scaled: false,
    }
}

/// The primary's scaling target and its policies, where the secondary has no target.
fn of_missing_target(
    mirror: &Mirror<'_>,
    primary: InstanceId,
    secondary: InstanceId,
    scaling: &BTreeMap<(Standing, String), InstanceId>,
) -> Vec<Spot> {
    let (Some(target), None) = (
        target_of(mirror, primary, scaling),
        target_of(mirror, secondary, scaling),
    ) else {
        return Vec::new();
    };
    let resource = text(mirror.value(target, "resource_id"));
    let policies = [
        "aws_appautoscaling_policy",
        "aws_appautoscaling_scheduled_action",
    ];
    let same = policies
        .into_iter()
        .flat_map(|ty| mirror.standing_of_type(ty, mirror.standing(target)))
        .filter(|id| {
            mirror.targets(*id, "resource_id").contains(&target)
                || resource != Maybe::Unset && text(mirror.value(*id, "resource_id")) == resource
        });
    std::iter::once(target).chain(same).map(Spot::at).collect()
}

fn ask(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    one: &Reach,
    other: &Reach,
    covered: Vec<Spot>,
    sink: &mut Sink,
) {
    let name = &mirror.instance(secondary).address;
    // Where the secondary has no maximum of its own, the service itself is what to look at.
    let primary_spot = if other.scaled {
        one.at.clone()
    } else {
        Spot::at(pair.primary).showing(shown(one))
    };
    let secondary_spot = if other.scaled {
        other.at.clone()
    } else {
        other.at.clone().showing(shown(other))
    };
    let asked = Asked::new(RULE.name, primary_spot, secondary_spot).keyed("maximum");
    match (&one.most, &other.most) {
        (Ok(need), Ok(most)) if most >= need => sink.holds(),
        (Ok(need), Ok(most)) => {
            let severity = if *most < one.least || *most < 1.0 {
                Severity::Breaks
            } else {
                Severity::Degrades
            };
            let how = if other.scaled {
                ""
            } else {
                " and no scaling target would raise it"
            };
            let message = format!("{name} can reach {most}{how}, where the primary reaches {need}");
            sink.broken(
                asked
                    .severe(severity)
                    .broken(message)
                    .fix(format!("Let it scale to {need}."))
                    .covers(covered),
            );
        }
        (Err(_), Err(_)) if mirror.same_at(pair, &one.at, &other.at) => sink.holds(),
        (Err(because), _) | (_, Err(because)) => sink.unsure(asked.unsure(
            format!("how far {name} or its primary can grow is not known"),
            because.clone(),
        )),
    }
}

fn shown(reach: &Reach) -> String {
    match &reach.most {
        Ok(most) if reach.scaled => format!("scales to {most}"),
        Ok(most) => format!("desired_count {most}, not scaled"),
        Err(_) => "not known".into(),
    }
}
