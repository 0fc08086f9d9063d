//! Scaling that is switched off in the secondary, though the numbers agree; and schedules that lower it.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, list, number, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const SUSPENDED: Rule = Rule {
    name: "scaling-suspended",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Scaling out is suspended in the secondary region.",
    impact: "The maximum is a number only: nothing launches when the load arrives.",
    doc: "\
## What it asks
Auto Scaling groups of the secondary must not suspend `Launch`, `AddToLoadBalancer` or `AlarmNotification`; scaling targets
must not suspend scaling out; compute environments must not be `DISABLED`; unless the primary does the same.

## Why it breaks a failover
Sizes agree, and yet nothing grows.

## Example
```terraform
resource \"aws_autoscaling_group\" \"worker\" {
  max_size            = 12
  suspended_processes = [\"Launch\"]
}
```

## How to fix it
Remove the suspension, or resume it as a step of the failover plan and accept the finding with its value.

Source: Amazon EC2 Auto Scaling user guide, suspend and resume processes.
",
    check: Check::Code(suspended),
};

const PROCESSES: [&str; 3] = ["Launch", "AddToLoadBalancer", "AlarmNotification"];

fn suspended(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_autoscaling_group") {
        let processes = |id| suspends(mirror, id);
        let asked = Asked::new(
            SUSPENDED.name,
            Spot::of(pair.primary, "suspended_processes"),
            Spot::of(secondary, "suspended_processes"),
        );
        match (processes(pair.primary), processes(secondary)) {
            (_, Ok(other)) if other.is_empty() => sink.holds(),
            (Ok(one), Ok(other)) if other.iter().all(|name| one.contains(name)) => sink.holds(),
            (Ok(_), Ok(other)) => sink.broken(asked.broken(format!(
                "{} suspends {}",
                mirror.instance(secondary).address,
                other.join(", ")
            ))),
            (Err(because), _) | (_, Err(because)) => {
                sink.unsure(asked.unsure("which processes are suspended is not known", because));
            }
        }
    }
    for (ty, path, off) in [
        (
            "aws_appautoscaling_target",
            "suspended_state[0].dynamic_scaling_out_suspended",
            "suspends scaling out",
        ),
        (
            "aws_appautoscaling_target",
            "suspended_state[0].scheduled_scaling_suspended",
            "suspends scheduled scaling",
        ),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let is = |id| truth(mirror.value(id, path)).or(false);
            switched(
                mirror,
                pair.primary,
                secondary,
                path,
                (is(pair.primary), is(secondary)),
                off,
                sink,
            );
        }
    }
    for (pair, secondary) in mirror.pairs_of("aws_batch_compute_environment") {
        let is = |id| {
            text(mirror.value(id, "state"))
                .or("ENABLED".into())
                .map(|state| state == "DISABLED")
        };
        switched(
            mirror,
            pair.primary,
            secondary,
            "state",
            (is(pair.primary), is(secondary)),
            "is disabled",
            sink,
        );
    }
}

/// Processes of a group that are suspended, of those that count.
fn suspends(mirror: &Mirror<'_>, group: InstanceId) -> Result<Vec<String>, Vec<Name>> {
    let nodes = list(mirror.value(group, "suspended_processes")).or(&[])?;
    let mut names = Vec::new();
    for node in nodes {
        match text(Some(node)) {
            Maybe::Known(name) if PROCESSES.contains(&&*name) => names.push(name),
            Maybe::Unknown(because) => return Err(because),
            _ => {}
        }
    }
    Ok(names)
}

type Answer = Result<bool, Vec<Name>>;

fn switched(
    mirror: &Mirror<'_>,
    primary: InstanceId,
    secondary: InstanceId,
    path: &str,
    answers: (Answer, Answer),
    off: &str,
    sink: &mut Sink,
) {
    let asked = Asked::new(
        SUSPENDED.name,
        Spot::of(primary, path),
        Spot::of(secondary, path),
    );
    let address = &mirror.instance(secondary).address;
    match answers {
        (_, Ok(false)) | (Ok(true), Ok(true)) => sink.holds(),
        (Ok(false), Ok(true)) => sink.broken(asked.broken(format!("{address} {off}"))),
        (Err(because), _) | (_, Err(because)) => {
            sink.unsure(asked.unsure(format!("whether {address} {off} is not known"), because));
        }
    }
}

pub(super) const SCHEDULE: Rule = Rule {
    name: "time-bomb-schedule",
    family: Family::Compute,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A schedule of the secondary region lowers what it can reach.",
    impact: "Days after a failover the schedule shrinks what is then production.",
    doc: "\
## What it asks
Scheduled scaling actions that exist only in the secondary must not set a maximum below that of the primary.

## Why it breaks a failover
The failover works, and the next evening the schedule for an idle secondary takes production's capacity away.

## Example
```terraform
resource \"aws_autoscaling_schedule\" \"night\" {   # only in us-west-2
  max_size   = 0
  recurrence = \"0 20 * * *\"
}
```

## How to fix it
Remove the action, or let the failover plan disable it first.
",
    check: Check::Code(schedule),
};

fn schedule(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, path, group, max) in [
        (
            "aws_autoscaling_schedule",
            "max_size",
            "autoscaling_group_name",
            "max_size",
        ),
        (
            "aws_appautoscaling_scheduled_action",
            "scalable_target_action[0].max_capacity",
            "resource_id",
            "max_capacity",
        ),
    ] {
        for id in mirror.of_type(ty) {
            if !matches!(mirror.standing(*id), Standing::Secondary(_))
                || mirror.counterpart(*id).is_some()
            {
                continue;
            }
            let need = need(mirror, *id, group, max);
            let asked = Asked::new(SCHEDULE.name, Spot::missing(), Spot::of(*id, path));
            match (number(mirror.value(*id, path)), need) {
                // -1 leaves the size as it is.
                (Maybe::Known(most), _) if most < 0.0 => sink.holds(),
                (Maybe::Known(most), Ok(need)) if most < need => {
                    sink.broken(asked.broken(format!(
                        "{} lowers the maximum to {most}",
                        mirror.instance(*id).address
                    )));
                }
                (Maybe::Known(_), Err(because)) => sink.unsure(asked.unsure(
                    format!(
                        "whether {} lowers what its group can reach is not known",
                        mirror.instance(*id).address
                    ),
                    because,
                )),
                (Maybe::Unknown(because), _) if because.iter().any(|reason| &**reason != "aws") => {
                    sink.unsure(asked.unsure(
                        format!("what {} sets is not known", mirror.instance(*id).address),
                        because,
                    ));
                }
                _ => sink.holds(),
            }
        }
    }
}

/// The maximum of the counterpart of what a schedule is for; 1 where there is none.
fn need(
    mirror: &Mirror<'_>,
    schedule: InstanceId,
    group: &str,
    max: &str,
) -> Result<f64, Vec<Name>> {
    let groups = mirror.targets(schedule, group);
    if groups.is_empty() {
        text(mirror.value(schedule, group)).or(String::new())?;
    }
    let twin = groups
        .into_iter()
        .find_map(|group| mirror.counterpart(group));
    twin.map_or(Ok(1.0), |twin| number(mirror.value(twin, max)).or(1.0))
}
