//! Aliases of which nobody asks whether what they lead to is healthy.

use std::collections::BTreeSet;

use super::failover_records::{asked, watched};
use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Broken, Edit, Family, Severity, Sink, Spot, Strategies};
use crate::views::dns::{self, Record};

pub(super) const RULE: Rule = Rule {
    name: "evaluate-target-health-off",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "An alias under a routing policy does not ask its target for its health, and no check of its own sees all of it.",
    impact: "The alias counts as healthy while the load balancer behind it has no healthy target.",
    doc: "\
## What it asks
An alias record under a routing policy that leads to the primary region must set `evaluate_target_health = true`, or have a
health check of its own. A check that calls an endpoint sees one path of a load balancer: where the balancer serves several
target groups, the alias must evaluate them too. Routing controls, alarms and calculated checks are left to whoever made them.

It breaks a failover where the record has no check either: nobody sees that the target is down. It degrades one where a check
sees one path and not the others.

## Why it breaks a failover
Without it Route 53 never looks behind the alias. An alias that evaluates a load balancer counts as healthy only while every
target group with targets has a healthy one; a check of one path says nothing about the others.

## Example
```terraform
alias {
  name                   = aws_lb.main.dns_name
  zone_id                = aws_lb.main.zone_id
  evaluate_target_health = false
}
```

## How to fix it
Set it to `true`, or attach a health check.

Source: Amazon Route 53 developer guide, values for alias records.
",
    check: Check::Code(check),
};

const PATH: &str = "alias[0].evaluate_target_health";

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for record in watched(mirror).into_iter().filter(|record| record.alias) {
        let asked = asked(mirror, RULE.name, &record, PATH);
        let name = &mirror.instance(record.id).address;
        match (
            dns::evaluates_target(mirror, &record),
            dns::has_check(mirror, &record),
        ) {
            (Ok(true), _) => sink.holds(),
            (Ok(false), Ok(true)) => checked(mirror, &record, asked, sink),
            (Err(_), Ok(true)) if unseen(mirror, &record).is_none() => sink.holds(),
            (Err(because), _) | (_, Err(because)) => {
                sink.unsure(asked.unsure(
                    format!("it is not known whether {name} asks its target for its health"),
                    because,
                ));
            }
            (Ok(false), Ok(false)) if let Maybe::Unknown(because) = &record.failover => {
                sink.unsure(asked.unsure(
                    format!("the routing policy of {name} is not known"),
                    because.clone(),
                ));
            }
            (Ok(false), Ok(false)) => {
                let broken = asked.broken(format!(
                    "{name} does not evaluate the health of its target and has no health check"
                ));
                sink.broken(mended(broken, name, &record));
            }
        }
    }
}

/// A record that has a check, and does not evaluate its target.
fn checked(mirror: &Mirror<'_>, record: &Record, asked: Asked, sink: &mut Sink) {
    let Some((check, count)) = unseen(mirror, record) else {
        sink.holds();
        return;
    };
    let name = &mirror.instance(record.id).address;
    let broken = asked.severe(Severity::Degrades).broken(format!(
        "{name} does not evaluate its target, which serves {count} target groups: {} asks one path of them",
        mirror.instance(check).address
    ));
    sink.broken(mended(broken, name, record));
}

fn mended(broken: Broken, name: &Name, record: &Record) -> Broken {
    broken.edit(
        "Set evaluate_target_health = true.",
        Edit::Set {
            address: name.clone(),
            path: Spot::of(record.id, PATH).path,
            expression: "true".into(),
        },
    )
}

/// Kinds of checks that call one path or port of an endpoint.
const ENDPOINT: [&str; 5] = ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"];

/// The check of a record that sees one path of a load balancer only, and how many target groups the balancer serves.
fn unseen(mirror: &Mirror<'_>, record: &Record) -> Option<(InstanceId, usize)> {
    let check = mirror
        .targets(record.id, "health_check_id")
        .into_iter()
        .find(|id| {
            matches!(text(mirror.value(*id, "type")), Maybe::Known(kind) if ENDPOINT.contains(&kind.as_str()))
        })?;
    let groups: BTreeSet<InstanceId> = record
        .targets
        .iter()
        .filter(|id| matches!(&*mirror.instance(**id).ty, "aws_lb" | "aws_alb"))
        .flat_map(|balancer| served(mirror, *balancer))
        .collect();
    (groups.len() > 1).then_some((check, groups.len()))
}

/// Target groups that listeners of a load balancer forward to.
fn served(mirror: &Mirror<'_>, balancer: InstanceId) -> BTreeSet<InstanceId> {
    let leading = |types: &[&str], path: &str, to: &[InstanceId]| -> Vec<InstanceId> {
        types
            .iter()
            .flat_map(|ty| mirror.of_type(ty))
            .copied()
            .filter(|id| {
                mirror
                    .targets(*id, path)
                    .iter()
                    .any(|target| to.contains(target))
            })
            .collect()
    };
    let mut doors = leading(
        &["aws_lb_listener", "aws_alb_listener"],
        "load_balancer_arn",
        &[balancer],
    );
    let rules = leading(
        &["aws_lb_listener_rule", "aws_alb_listener_rule"],
        "listener_arn",
        &doors,
    );
    doors.extend(rules);
    doors
        .iter()
        .flat_map(|door| mirror.graph.out(*door))
        .map(|edge| edge.to)
        .filter(|id| {
            matches!(
                &*mirror.instance(*id).ty,
                "aws_lb_target_group" | "aws_alb_target_group"
            )
        })
        .collect()
}
