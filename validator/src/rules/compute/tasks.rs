//! Task definitions whose containers differ.

use crate::inventory::Name;
use crate::mirror::{End, Meaning, Mirror, Outcome, Pair};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::containers::{self, Container};
use crate::views::policies;

pub(super) const RULE: Rule = Rule {
    name: "task-differs",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A task definition or start script of the secondary region differs from that of the primary.",
    impact: "The service starts with less than it was built for, in another version, or not at all.",
    doc: "\
## What it asks
Processor, memory, network mode and platform of paired task definitions; and for each container its image and version, ports,
names of environment variables and of secrets. Values of variables are not compared: those that name the primary region are
found by `environment-points-at-primary`.

Machines start by a script: every command of the primary's `user_data` must stand in that of the paired launch template or
instance, as often, and with the same name where it assigns one. Comments and arguments are not compared, nor is what is no
shell script.

## How to fix it
Use the primary's settings: a warm standby runs fewer tasks, not smaller ones.
",
    check: Check::Both(check),
};

const PATH: &str = "container_definitions";

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    super::start_scripts::ask(mirror, RULE.name, sink);
    for (pair, secondary) in mirror.pairs_of("aws_ecs_task_definition") {
        let one = containers::of(mirror, pair.primary, End::Primary);
        let other = containers::of(mirror, secondary, End::Secondary(pair.secondary));
        let asked = Asked::new(
            RULE.name,
            Spot::of(pair.primary, PATH),
            Spot::of(secondary, PATH),
        );
        match (one, other) {
            (Ok(one), Ok(other)) => all(mirror, pair, secondary, &one, &other, sink),
            (Err(because), _) | (_, Err(because)) if because.is_empty() => {}
            (Err(because), _) | (_, Err(because)) => {
                sink.unsure(asked.unsure(
                    format!(
                        "the containers of {} are not known",
                        mirror.instance(secondary).address
                    ),
                    because,
                ));
            }
        }
    }
}

fn all(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: crate::mirror::InstanceId,
    one: &[Container],
    other: &[Container],
    sink: &mut Sink,
) {
    let asked = |key: String| {
        Asked::new(
            RULE.name,
            Spot::of(pair.primary, PATH),
            Spot::of(secondary, PATH),
        )
        .keyed(key)
    };
    let place = &mirror.instance(secondary).address;
    for container in one {
        let Some(twin) = other.iter().find(|twin| twin.name == container.name) else {
            sink.broken(
                asked(container.name.clone())
                    .broken(format!("{place} has no container {}", container.name)),
            );
            continue;
        };
        let lacking = lacking(&container.environment, &twin.environment);
        say(
            sink,
            asked(format!("{} environment", container.name)),
            &lacking,
            || {
                format!(
                    "{} in {place} is not told {}",
                    container.name,
                    lacking.join(", ")
                )
            },
        );
        let secrets = self::lacking(&container.secrets, &twin.secrets);
        say(
            sink,
            asked(format!("{} secrets", container.name)),
            &secrets,
            || {
                format!(
                    "{} in {place} is not given {}",
                    container.name,
                    secrets.join(", ")
                )
            },
        );
        for (what, one, other) in [
            ("image", &container.image, &twin.image),
            ("ports", &container.ports, &twin.ports),
        ] {
            // What comes from the other region has a rule of its own.
            if policies::names_peer(other) {
                continue;
            }
            meaning(
                mirror,
                sink,
                &asked(format!("{} {what}", container.name)),
                one,
                other,
                || {
                    format!(
                        "the {what} of {} in {place} is not the primary's",
                        container.name
                    )
                },
            );
        }
    }
}

/// Names that the first has and the second has not.
fn lacking(one: &[(String, Meaning)], other: &[(String, Meaning)]) -> Vec<String> {
    one.iter()
        .map(|(name, _)| name)
        .filter(|name| !other.iter().any(|(twin, _)| twin == *name))
        .cloned()
        .collect()
}

fn say(sink: &mut Sink, asked: Asked, lacking: &[String], message: impl Fn() -> String) {
    if lacking.is_empty() {
        sink.holds();
    } else {
        sink.broken(asked.broken(message()));
    }
}

fn meaning(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    asked: &Asked,
    one: &Meaning,
    other: &Meaning,
    message: impl Fn() -> String,
) {
    match mirror.compare_meanings(one, other) {
        Outcome::Same => sink.holds(),
        Outcome::Differs(_) => sink.broken(asked.clone().broken(message())),
        Outcome::Unknown(because) => {
            // What AWS or the account decides is the same task on both sides.
            let told: Vec<Name> = because
                .into_iter()
                .filter(|reason| reason.starts_with("var."))
                .collect();
            if told.is_empty() {
                sink.holds();
            } else {
                sink.unsure(asked.clone().unsure(message(), told));
            }
        }
    }
}
