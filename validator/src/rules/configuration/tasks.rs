//! What tasks and functions of the secondary region are told: images, environment, where to log.

use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Key, Meaning, Mirror, Part, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::{containers, policies};

pub(super) const IMAGE: Rule = Rule {
    name: "image-from-primary",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A task or function of the secondary region pulls its image from the registry of the primary region.",
    impact: "No image can be pulled while the primary region is down: running tasks go on, new ones do not start.",
    doc: "\
## What it asks
Images of tasks and functions in the secondary region must come from a registry of that region.

## Example
```terraform
image = \"123456789012.dkr.ecr.us-east-1.amazonaws.com/api:stable\"   # a task of us-west-2
```

## How to fix it
Build the registry's name from the region of the provider, and replicate the images.

Source: Amazon ECR user guide, private image replication.
",
    check: Check::Code(image),
};

/// Task definitions and functions of the secondary regions.
fn tasks(mirror: &Mirror<'_>, ty: &str) -> Vec<(InstanceId, usize)> {
    mirror
        .of_type(ty)
        .iter()
        .filter_map(|id| match mirror.standing(*id) {
            Standing::Secondary(at) => Some((*id, at)),
            _ => None,
        })
        .collect()
}

fn twin(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Spot {
    mirror
        .counterpart(id)
        .map_or_else(Spot::missing, |twin| Spot::of(twin, path))
}

/// Whether an image is pulled from the other region.
fn from_peer(mirror: &Mirror<'_>, meaning: &Meaning) -> bool {
    let mut found = false;
    meaning.walk(&mut |part| {
        found |= match part {
            Part::Letters(text) => text.contains(".dkr.ecr.{peer}"),
            Part::Reference(Key::Other(pair), _) => {
                &*mirror
                    .instance(mirror.pairing.pairs[pair.index()].primary)
                    .ty
                    == "aws_ecr_repository"
            }
            Part::Reference(Key::Foreign(id), _) => {
                &*mirror.instance(*id).ty == "aws_ecr_repository"
            }
            _ => false,
        };
    });
    found
}

fn image(mirror: &Mirror<'_>, sink: &mut Sink) {
    let path = "container_definitions";
    for (id, at) in tasks(mirror, "aws_ecs_task_definition") {
        let asked =
            || Asked::new(IMAGE.name, twin(mirror, id, path), Spot::of(id, path)).keyed("image");
        match containers::of(mirror, id, End::Secondary(at)) {
            Ok(all) => {
                let at = all
                    .iter()
                    .position(|container| from_peer(mirror, &container.image));
                let wrong: Vec<String> = all
                    .iter()
                    .filter(|container| from_peer(mirror, &container.image))
                    .map(|container| container.name.clone())
                    .collect();
                let open: Vec<_> = all
                    .iter()
                    .flat_map(|container| container.image.open())
                    .collect();
                if !wrong.is_empty() {
                    let mut asked = asked();
                    let at = format!("{path}[{}].image", at.unwrap_or(0));
                    for spot in [&mut asked.primary, &mut asked.secondary] {
                        if let Some(id) = spot.instance {
                            *spot = std::mem::take(spot).written(id, &at).focus("image");
                        }
                    }
                    sink.broken(asked.broken(format!(
                        "{} pulls the image of {} from the registry of {}",
                        mirror.instance(id).address,
                        wrong.join(", "),
                        mirror.roles.primary
                    )));
                } else if open.iter().any(|reason| reason.starts_with("var.")) {
                    sink.unsure(asked().unsure(
                        format!(
                            "where {} pulls its images from is not known",
                            mirror.instance(id).address
                        ),
                        open,
                    ));
                } else {
                    sink.holds();
                }
            }
            Err(because) if because.is_empty() => {}
            Err(because) => sink.unsure(asked().unsure(
                format!(
                    "the containers of {} are not known",
                    mirror.instance(id).address
                ),
                because,
            )),
        }
    }
    for (id, at) in tasks(mirror, "aws_lambda_function") {
        let node = mirror.value(id, "image_uri");
        if node.is_none() {
            continue;
        }
        let meaning = mirror.meaning(node, End::Secondary(at), mirror.instance(id).root.as_ref());
        if from_peer(mirror, &meaning) {
            let asked = Asked::new(
                IMAGE.name,
                twin(mirror, id, "image_uri"),
                Spot::of(id, "image_uri"),
            );
            sink.broken(asked.broken(format!(
                "{} has its image in {}",
                mirror.instance(id).address,
                mirror.roles.primary
            )));
        } else {
            sink.holds();
        }
    }
}

pub(super) const ENVIRONMENT: Rule = Rule {
    name: "environment-points-at-primary",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "The environment of a task or function in the secondary region names something of the primary region.",
    impact: "The application starts, and calls the region that is lost.",
    doc: "\
## What it asks
Variables in the environment of tasks and functions of the secondary region must not hold an endpoint, ARN, name or region
of the primary, also where they are made by `replace`, `split`, `format` or a template.

## Example
```terraform
environment { variables = { AWS_REGION_NAME = \"us-east-1\" } }   # a function of us-west-2
```

## How to fix it
Pass the counterpart, or the region of the provider.
",
    check: Check::Code(environment),
};

/// Names of variables that name something of the other region.
fn foreign<'e>(variables: impl Iterator<Item = (&'e str, &'e Meaning)>) -> Vec<&'e str> {
    variables
        .filter(|(_, meaning)| policies::names_peer(meaning))
        .map(|(name, _)| name)
        .collect()
}

fn environment(mirror: &Mirror<'_>, sink: &mut Sink) {
    super::values::parameters(mirror, ENVIRONMENT.name, sink);
    for (id, at) in tasks(mirror, "aws_ecs_task_definition") {
        let path = "container_definitions";
        let all = match containers::of(mirror, id, End::Secondary(at)) {
            Ok(all) => all,
            Err(because) => {
                unknown(mirror, id, path, because, sink);
                continue;
            }
        };
        let own = variables(&all);
        let twins = mirror
            .counterpart(id)
            .and_then(|twin| containers::of(mirror, twin, End::Primary).ok())
            .unwrap_or_default();
        say(mirror, id, path, (&own, &variables(&twins)), sink);
    }
    for (id, at) in tasks(mirror, "aws_lambda_function") {
        let path = "environment[0].variables";
        let Some(node) = mirror.value(id, path) else {
            continue;
        };
        let meaning = mirror.meaning(
            Some(node),
            End::Secondary(at),
            mirror.instance(id).root.as_ref(),
        );
        let theirs = mirror.counterpart(id).map(|twin| {
            let root = mirror.instance(twin).root.as_ref();
            mirror.meaning(mirror.value(twin, path), End::Primary, root)
        });
        match &meaning {
            Meaning::Map(entries) => {
                let own = entries.iter().map(|(name, meaning)| (&**name, meaning));
                let twins = match &theirs {
                    Some(Meaning::Map(entries)) => entries
                        .iter()
                        .map(|(name, value)| (&**name, value))
                        .collect(),
                    _ => Vec::new(),
                };
                say(mirror, id, path, (&own.collect::<Vec<_>>(), &twins), sink);
            }
            other => {
                let open = other.open();
                if !open.is_empty() {
                    unknown(mirror, id, path, open, sink);
                }
            }
        }
    }
}

/// Names and values of variables.
type Variables<'v> = [(&'v str, &'v Meaning)];

/// Variables of all containers.
fn variables(containers: &[containers::Container]) -> Vec<(&str, &Meaning)> {
    let all = containers
        .iter()
        .flat_map(|container| &container.environment);
    all.map(|(name, meaning)| (name.as_str(), meaning))
        .collect()
}

fn unknown(mirror: &Mirror<'_>, id: InstanceId, path: &str, because: Vec<Name>, sink: &mut Sink) {
    let asked = Asked::new(ENVIRONMENT.name, twin(mirror, id, path), Spot::of(id, path))
        .keyed("environment");
    sink.unsure(asked.unsure(
        format!(
            "the environment of {} is not known",
            mirror.instance(id).address
        ),
        because,
    ));
}

/// What variables that are not known hang on; not those that hold the same in both regions.
fn open(mirror: &Mirror<'_>, own: &Variables<'_>, twins: &Variables<'_>) -> Vec<Name> {
    let shared = |name: &str, meaning: &Meaning| {
        let mut same = twins.iter().filter(|(theirs, _)| *theirs == name);
        same.any(|(_, twin)| mirror.compare_meanings(twin, meaning).is_same())
    };
    let mut found: Vec<Name> = own
        .iter()
        .filter(|(name, meaning)| !shared(name, meaning))
        .flat_map(|(_, meaning)| meaning.open())
        .collect();
    found.sort();
    found.dedup();
    found
}

fn say(
    mirror: &Mirror<'_>,
    id: InstanceId,
    path: &str,
    (own, twins): (&Variables<'_>, &Variables<'_>),
    sink: &mut Sink,
) {
    let wrong = foreign(own.iter().copied());
    if wrong.is_empty() {
        let open = open(mirror, own, twins);
        if open.is_empty() {
            sink.holds();
        } else {
            unknown(mirror, id, path, open, sink);
        }
        return;
    }
    let asked = Asked::new(ENVIRONMENT.name, twin(mirror, id, path), Spot::of(id, path))
        .keyed("environment");
    sink.broken(asked.broken(format!(
        "{} of {} name something of {}",
        wrong.join(", "),
        mirror.instance(id).address,
        mirror.roles.primary
    )));
}

pub(super) const LOG_REGION: Rule = Rule {
    name: "log-driver-region",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A task of the secondary region sends its logs to the primary region.",
    impact: "The log driver cannot reach its region, and the task does not start.",
    doc: "\
## What it asks
`awslogs-region` and the region of other log drivers in task definitions of the secondary region must be that region.

## How to fix it
Use the region of the provider.

Source: Amazon ECS developer guide, the awslogs log driver.
",
    check: Check::Code(log_region),
};

fn log_region(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (id, at) in tasks(mirror, "aws_ecs_task_definition") {
        let Ok(all) = containers::of(mirror, id, End::Secondary(at)) else {
            continue;
        };
        for container in &all {
            for (name, meaning) in container
                .log_options
                .iter()
                .filter(|(name, _)| name.ends_with("region"))
            {
                let path = "container_definitions";
                let asked = Asked::new(LOG_REGION.name, twin(mirror, id, path), Spot::of(id, path))
                    .keyed(format!("{} {name}", container.name));
                if policies::names_peer(meaning) {
                    sink.broken(asked.broken(format!(
                        "{name} of {} in {} is {}",
                        container.name,
                        mirror.instance(id).address,
                        mirror.roles.primary
                    )));
                } else {
                    let open = meaning.open();
                    if open.is_empty() {
                        sink.holds();
                    } else {
                        sink.unsure(asked.unsure(
                            format!("{name} of {} is not known", mirror.instance(id).address),
                            open,
                        ));
                    }
                }
            }
        }
    }
}
