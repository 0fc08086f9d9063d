//! Names that lead users to one region only, or that never leave it.

use crate::mirror::{Maybe, Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::dns::{self, NameSet, Record};

pub(super) const MISSING_RECORD: Rule = Rule {
    name: "failover-record-missing",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::RUNNING,
    title: "A name leads to the primary region and has no record for the secondary one.",
    impact: "DNS keeps sending users to the lost region until somebody edits the record, in a control plane that lives in us-east-1.",
    doc: "\
## What it asks
A name whose record is an entry of the primary region (a load balancer, an API, a function URL) must have a second record
under a routing policy that leads to the secondary region: `failover`, `weighted`, `latency` or another one.

## Why it breaks a failover
Health checks move traffic without any API call. Editing a record during an outage needs the Route 53 control plane, which
runs in us-east-1 only.

## Example
```terraform
resource \"aws_route53_record\" \"app\" {
  name           = \"app.moleculeflow.example\"
  type           = \"A\"
  set_identifier = \"primary\"
  failover_routing_policy { type = \"PRIMARY\" }   # and no record with type SECONDARY
  …
}
```

## How to fix it
Add the record with `type = \"SECONDARY\"` that leads to the secondary region's entry. Names that a failover plan moves on
purpose are accepted with `single` or `accept` in `dr.hcl`.

Source: Amazon Route 53 developer guide, active-passive failover.
",
    check: Check::Code(missing_record),
};

/// Types that users enter by.
const ENTRIES: [&str; 9] = [
    "aws_lb",
    "aws_alb",
    "aws_elb",
    "aws_api_gateway_domain_name",
    "aws_apigatewayv2_domain_name",
    "aws_api_gateway_rest_api",
    "aws_lambda_function_url",
    "aws_eip",
    "aws_vpc_endpoint",
];

fn missing_record(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ((_, name, _), set) in dns::names(mirror) {
        for record in &set.records {
            let entry = record.targets.iter().any(|id| {
                mirror.standing(*id) == Standing::Primary
                    && ENTRIES.contains(&&*mirror.instance(*id).ty)
            });
            let primary = record.failover == Maybe::Known("PRIMARY".into());
            if !(entry || primary) || is_single(mirror, record) {
                continue;
            }
            let asked = Asked::new(MISSING_RECORD.name, Spot::at(record.id), Spot::missing())
                .keyed("secondary record");
            if others_lead_away(mirror, &set, record) {
                sink.holds();
            } else if let open = dns::adrift(mirror)
                && !open.is_empty()
            {
                sink.unsure(asked.unsure(
                    format!("whether another record of {name} leads away is not known"),
                    open,
                ));
            } else if let Maybe::Unknown(because) = &record.failover {
                sink.unsure(asked.unsure(
                    format!("the routing policy of {name} is not known"),
                    because.clone(),
                ));
            } else {
                let what = if primary {
                    format!("{name} has a PRIMARY failover record and no SECONDARY one")
                } else {
                    format!("{name} leads to the primary region only")
                };
                let spots = ["alias", "records"].map(|path| Spot::of(record.id, path));
                sink.broken(asked.broken(what).covers(spots).fix("Add a record of the same name with a failover policy of type SECONDARY that leads to the secondary region."));
            }
        }
    }
}

fn is_single(mirror: &Mirror<'_>, record: &Record) -> bool {
    let instance = mirror.instance(record.id);
    mirror
        .settings
        .singles
        .iter()
        .any(|single| crate::settings::matches(&single.address, &instance.address, &instance.ty))
}

/// Whether another record of the name leads somewhere else than to the primary region.
fn others_lead_away(mirror: &Mirror<'_>, set: &NameSet, record: &Record) -> bool {
    set.records
        .iter()
        .filter(|other| other.id != record.id && other.routed)
        .any(|other| {
            other.failover == Maybe::Known("SECONDARY".into())
                || !matches!(dns::region_of(mirror, other), Some(Standing::Primary))
        })
}

pub(super) const MISSING_CHECK: Rule = Rule {
    name: "health-check-missing",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A record under a routing policy has neither a health check nor the health of its target.",
    impact: "Route 53 takes the primary for healthy for ever: DNS never leaves the lost region.",
    doc: "\
## What it asks
Every record under failover, weighted or latency routing that leads to the primary region needs `health_check_id`, or, as an
alias, `evaluate_target_health = true`.

## Why it breaks a failover
A record without either counts as healthy at all times.

## Example
```terraform
resource \"aws_route53_record\" \"app\" {
  set_identifier = \"primary\"
  failover_routing_policy { type = \"PRIMARY\" }
  alias { evaluate_target_health = false … }   # and no health_check_id
}
```

## How to fix it
Attach an `aws_route53_health_check` of the primary's entry.

Source: Amazon Route 53 developer guide, how Route 53 chooses records when health checking is configured.
",
    check: Check::Code(missing_check),
};

fn missing_check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for record in watched(mirror) {
        let asked = asked(mirror, MISSING_CHECK.name, &record, "health_check_id");
        let name = &mirror.instance(record.id).address;
        match (
            dns::has_check(mirror, &record),
            dns::evaluates_target(mirror, &record),
        ) {
            (Ok(true), _) | (_, Ok(true)) => sink.holds(),
            (Err(because), _) | (_, Err(because)) => {
                sink.unsure(asked.unsure(
                    format!("it is not known whether {name} has a health check"),
                    because,
                ));
            }
            (Ok(false), Ok(false)) if let Maybe::Unknown(because) = &record.failover => {
                sink.unsure(asked.unsure(
                    format!("the routing policy of {name} is not known"),
                    because.clone(),
                ));
            }
            (Ok(false), Ok(false)) => sink.broken(
                asked
                    .broken(format!(
                        "{name} is the record of the primary region and has no health check"
                    ))
                    .fix("Set health_check_id to a health check of the primary region's entry."),
            ),
        }
    }
}

/// Records under a routing policy whose health decides whether traffic leaves the primary region.
pub(super) fn watched(mirror: &Mirror<'_>) -> Vec<Record> {
    dns::names(mirror)
        .into_values()
        .flat_map(|set| set.records)
        .filter(|record| match &record.failover {
            Maybe::Known(role) => role == "PRIMARY",
            Maybe::Unset => {
                record.routed && dns::region_of(mirror, record) == Some(Standing::Primary)
            }
            Maybe::Unknown(_) => {
                !matches!(dns::region_of(mirror, record), Some(Standing::Secondary(_)))
            }
        })
        .collect()
}

/// A question about a record, beside the one that leads to the secondary region where there is one.
pub(super) fn asked(mirror: &Mirror<'_>, rule: &'static str, record: &Record, path: &str) -> Asked {
    let secondary = match mirror.counterpart(record.id) {
        Some(other) => Spot::of(other, path),
        None => Spot::missing(),
    };
    Asked::new(rule, Spot::of(record.id, path), secondary)
}
