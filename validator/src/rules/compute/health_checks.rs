//! Health checks that cannot see, or cannot survive, the loss of the primary region.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, decided_by_aws, number, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::dns;

pub(super) const DEPENDS: Rule = Rule {
    name: "health-check-depends-on-primary",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A health check asks the primary region about something else than the primary itself.",
    impact: "When the region is lost the check has no answer, or says that the secondary is ill.",
    doc: "\
## What it asks
The check of a record that leads to the secondary region must not ask an endpoint or an alarm of the primary region. A check
that follows an alarm of the primary region must call missing data unhealthy.

## Why it breaks a failover
The secondary's record would be called unhealthy exactly when the primary is gone.

## Example
```terraform
resource \"aws_route53_health_check\" \"secondary\" {
  fqdn = aws_lb.primary.dns_name      # attached to the SECONDARY record
}
```

## How to fix it
Let each record's check ask its own region.

Source: Amazon Route 53 developer guide, how Route 53 determines whether a health check is healthy.
",
    check: Check::Code(depends),
};

fn depends(mirror: &Mirror<'_>, sink: &mut Sink) {
    for set in dns::names(mirror).into_values() {
        for record in &set.records {
            let secondary = match &record.failover {
                Maybe::Known(role) => role == "SECONDARY",
                _ => matches!(dns::region_of(mirror, record), Some(Standing::Secondary(_))),
            };
            if !secondary {
                continue;
            }
            for check in mirror.targets(record.id, "health_check_id") {
                about_secondary(mirror, record.id, check, sink);
            }
        }
    }
    for check in mirror.of_type("aws_route53_health_check") {
        follows_alarm(mirror, *check, sink);
    }
}

fn about_secondary(mirror: &Mirror<'_>, record: InstanceId, check: InstanceId, sink: &mut Sink) {
    for path in ["fqdn", "cloudwatch_alarm_name"] {
        let asks: Vec<InstanceId> = mirror
            .targets(check, path)
            .into_iter()
            .filter(|id| mirror.standing(*id) == Standing::Primary)
            .collect();
        let Some(asked) = asks.first() else {
            continue;
        };
        let question = Asked::new(
            DEPENDS.name,
            Spot::of(record, "health_check_id"),
            Spot::of(check, path),
        );
        sink.broken(question.broken(format!(
            "{} is the record of the secondary region, and its check asks {} in the primary region",
            mirror.instance(record).address,
            mirror.instance(*asked).address
        )));
        return;
    }
    for path in ["fqdn", "cloudwatch_alarm_name"] {
        if let Some(because) = lost(mirror, check, path) {
            let question = Asked::new(
                DEPENDS.name,
                Spot::of(record, "health_check_id"),
                Spot::of(check, path),
            );
            let message = format!(
                "what the check of {}, the record of the secondary region, asks is not known",
                mirror.instance(record).address
            );
            sink.unsure(question.unsure(message, because));
            return;
        }
    }
    sink.holds();
}

/// Why it is not known what an argument leads to.
fn lost(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Option<Vec<Name>> {
    match text(mirror.value(id, path)) {
        Maybe::Unknown(because)
            if mirror.targets(id, path).is_empty() && !decided_by_aws(&because) =>
        {
            Some(because)
        }
        _ => None,
    }
}

fn follows_alarm(mirror: &Mirror<'_>, check: InstanceId, sink: &mut Sink) {
    let region = text(mirror.value(check, "cloudwatch_alarm_region"));
    if region == Maybe::Unset {
        return;
    }
    let missing = text(mirror.value(check, "insufficient_data_health_status"));
    let asked = Asked::new(
        DEPENDS.name,
        Spot::of(check, "insufficient_data_health_status"),
        Spot::missing(),
    );
    let address = &mirror.instance(check).address;
    match (region, missing) {
        (Maybe::Known(region), _) if *region != *mirror.roles.primary => sink.holds(),
        (_, Maybe::Known(status)) if status == "Unhealthy" => sink.holds(),
        // What AWS does without the argument is not documented.
        (Maybe::Known(region), Maybe::Unset) => sink.unsure(
            asked
                .unsure(
                    format!("{address} follows an alarm of {region} and does not say what missing data means"),
                    vec!["insufficient_data_health_status".into()],
                )
                .settle("Set insufficient_data_health_status = \"Unhealthy\"."),
        ),
        (Maybe::Known(region), Maybe::Known(status)) => sink.broken(
            asked
                .broken(format!("{address} follows an alarm of {region} and calls missing data {status}"))
                .edit(
                    "Set insufficient_data_health_status = \"Unhealthy\".",
                    crate::verdict::Edit::Set {
                        address: address.clone(),
                        path: Spot::of(check, "insufficient_data_health_status").path,
                        expression: "\"Unhealthy\"".into(),
                    },
                ),
        ),
        (Maybe::Unknown(because), _) | (_, Maybe::Unknown(because)) => {
            sink.unsure(asked.unsure(format!("what {address} follows is not known"), because));
        }
        (Maybe::Unset, _) => {}
    }
}

pub(super) const ALWAYS: Rule = Rule {
    name: "health-check-always-healthy",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A health check calls its target healthy whatever happens.",
    impact: "Route 53 never leaves the lost region.",
    doc: "\
## What it asks
A check that is attached to a record of the primary region must be able to fail: not `disabled`, not with a
`child_health_threshold` of 0, not inverted, and not asking something of the secondary region.

## Why it breaks a failover
A disabled check counts as healthy; a threshold of 0 is reached by no healthy child at all; an inverted check says healthy
when the target is gone.

## Example
```terraform
resource \"aws_route53_health_check\" \"app\" {
  type     = \"HTTPS\"
  disabled = true
}
```

## How to fix it
Enable the check; let it need at least one healthy child.

Source: Amazon Route 53 API reference, HealthCheckConfig.
",
    check: Check::Code(always),
};

/// Records of the primary region whose check asks the secondary: it is as healthy as before when the primary is lost.
fn asks_away(mirror: &Mirror<'_>, sink: &mut Sink) {
    for record in super::failover_records::watched(mirror) {
        for check in mirror.targets(record.id, "health_check_id") {
            let asked: Vec<InstanceId> = mirror.targets(check, "fqdn");
            let away = |id: &&InstanceId| matches!(mirror.standing(**id), Standing::Secondary(_));
            let home = |id: &InstanceId| mirror.standing(*id) == Standing::Primary;
            let Some(other) = asked.iter().find(away) else {
                continue;
            };
            if asked.iter().any(home) {
                continue;
            }
            let question = Asked::new(
                ALWAYS.name,
                Spot::of(record.id, "health_check_id"),
                Spot::of(check, "fqdn"),
            );
            sink.broken(question.broken(format!(
                "{} is the record of the primary region, and its check asks {} in the secondary region",
                mirror.instance(record.id).address,
                mirror.instance(*other).address
            )));
        }
    }
}

fn always(mirror: &Mirror<'_>, sink: &mut Sink) {
    asks_away(mirror, sink);
    for check in mirror.of_type("aws_route53_health_check") {
        let instance = mirror.instance(*check);
        let calculated = text(mirror.value(*check, "type")) == Maybe::Known("CALCULATED".into());
        let mut ask = |path: &str, answer: Result<bool, Vec<Name>>, why: &str| {
            let twin = mirror
                .counterpart(*check)
                .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
            let asked = Asked::new(ALWAYS.name, Spot::of(*check, path), twin);
            match answer {
                Ok(false) => sink.holds(),
                Ok(true) => sink.broken(asked.broken(format!("{} {why}", instance.address))),
                Err(because) => {
                    sink.unsure(asked.unsure(
                        format!("{path} of {} is not known", instance.address),
                        because,
                    ));
                }
            }
        };
        ask(
            "disabled",
            truth(mirror.value(*check, "disabled")).or(false),
            "is disabled and so counts as healthy",
        );
        ask(
            "invert_healthcheck",
            truth(mirror.value(*check, "invert_healthcheck")).or(false),
            "is inverted: it is healthy while its target is not",
        );
        if calculated {
            let threshold = number(mirror.value(*check, "child_health_threshold")).or(1.0);
            ask(
                "child_health_threshold",
                threshold.map(|threshold| threshold <= 0.0),
                "needs no healthy child",
            );
        }
    }
}

pub(super) const FOLLOWS: Rule = Rule {
    name: "health-check-follows-switch",
    family: Family::Compute,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A health check asks the very name that the switch moves.",
    impact: "After the switch the check sees the other region, calls the lost one healthy again, and traffic swings back.",
    doc: "\
## What it asks
The `fqdn` of a health check must not be a name under a failover or weighted policy that the check itself decides.

## Why it breaks a failover
The answer of the check then depends on the switch that it makes: traffic oscillates.

## Example
```terraform
resource \"aws_route53_health_check\" \"app\" {
  fqdn = \"app.moleculeflow.example\"   # the failover name itself
}
```

## How to fix it
Ask the region's own entry, such as the load balancer's name.
",
    check: Check::Code(follows),
};

fn follows(mirror: &Mirror<'_>, sink: &mut Sink) {
    let names: Vec<(String, Vec<InstanceId>)> = dns::names(mirror)
        .into_iter()
        .filter(|(_, set)| set.records.iter().any(|record| record.routed))
        .map(|((_, name, _), set)| (name, set.records.iter().map(|record| record.id).collect()))
        .collect();
    for check in mirror.of_type("aws_route53_health_check") {
        let node = mirror.value(*check, "fqdn");
        let asks = mirror.targets(*check, "fqdn");
        let name = text(node).known().map(|name| name.to_ascii_lowercase());
        if node.is_none() {
            continue;
        }
        let hit = names.iter().find(|(routed, records)| {
            name.as_ref() == Some(routed) || records.iter().any(|record| asks.contains(record))
        });
        let asked = Asked::new(FOLLOWS.name, Spot::of(*check, "fqdn"), Spot::missing());
        match (hit, lost(mirror, *check, "fqdn")) {
            (None, None) => sink.holds(),
            // Without a name that is switched no check can follow one.
            (None, Some(_)) if names.is_empty() => sink.holds(),
            (None, Some(because)) => {
                let address = &mirror.instance(*check).address;
                sink.unsure(asked.unsure(
                    format!("whether {address} asks a name that it switches is not known"),
                    because,
                ));
            }
            (Some((routed, _)), _) => {
                sink.broken(asked.broken(format!(
                    "{} asks {routed}, the name that it switches",
                    mirror.instance(*check).address
                )));
            }
        }
    }
}
