//! Routing controls that cannot be switched so that the secondary region serves.

use std::collections::BTreeMap;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, number, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::dns;

pub(super) const RULE: Rule = Rule {
    name: "routing-control-stuck",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Routing controls cannot be switched so that the secondary region serves.",
    impact: "The switch is refused, or takes the name away from both regions.",
    doc: "\
## What it asks
The failover records of one name must not hang on one routing control: switched off, neither answers. And a safety rule must hold
when the controls of the primary region are off and all others are on: `ATLEAST` needs as many controls outside of the primary
region as its threshold. A control belongs to the region whose record its health check guards, else to the one that its name
says.

## Example
```terraform
resource \"aws_route53recoverycontrolconfig_safety_rule\" \"one_region\" {
  asserted_controls = [aws_route53recoverycontrolconfig_routing_control.primary.arn]   # and not the secondary's

  rule_config {
    type      = \"ATLEAST\"
    threshold = 1
    inverted  = false
  }
}
```

## How to fix it
Give each region a routing control of its own, and name those of both in the safety rule.

Source: Amazon Application Recovery Controller developer guide, safety rules.
",
    check: Check::Code(check),
};

const CONTROL: &str = "aws_route53recoverycontrolconfig_routing_control";
const SAFETY: &str = "aws_route53recoverycontrolconfig_safety_rule";

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let mut regions: BTreeMap<InstanceId, Standing> = BTreeMap::new();
    for control in mirror.of_type(CONTROL) {
        if let Some(standing) = named(mirror, *control) {
            regions.insert(*control, standing);
        }
    }
    records(mirror, &mut regions, sink);
    for rule in mirror.of_type(SAFETY) {
        safety(mirror, *rule, &regions, sink);
    }
}

/// The region that the name of a control says, by itself or by its role.
fn named(mirror: &Mirror<'_>, control: InstanceId) -> Option<Standing> {
    let instance = mirror.instance(control);
    let name = text(mirror.value(control, "name"))
        .known()
        .unwrap_or_default();
    let all = format!("{} {name}", instance.name).to_ascii_lowercase();
    let says = |region: &str| all.contains(region);
    let mut words = all.split(|c: char| !c.is_ascii_alphanumeric());
    if says(&mirror.roles.primary) || words.any(|word| word == "primary") {
        return Some(Standing::Primary);
    }
    let mut secondary = mirror.roles.secondary.iter();
    let mut words = all.split(|c: char| !c.is_ascii_alphanumeric());
    secondary
        .position(|region| says(region))
        .or_else(|| {
            words
                .any(|word| matches!(word, "secondary" | "standby" | "dr"))
                .then_some(0)
        })
        .map(Standing::Secondary)
}

/// The controls that the health check of a record follows.
fn controls(mirror: &Mirror<'_>, record: InstanceId) -> Vec<InstanceId> {
    let checks = mirror.targets(record, "health_check_id");
    let controls = checks
        .into_iter()
        .flat_map(|check| mirror.targets(check, "routing_control_arn"));
    controls
        .filter(|id| &*mirror.instance(*id).ty == CONTROL)
        .collect()
}

/// Asks the failover records of each name, and learns of which region their controls are.
fn records(mirror: &Mirror<'_>, regions: &mut BTreeMap<InstanceId, Standing>, sink: &mut Sink) {
    for ((_, name, _), set) in dns::names(mirror) {
        let of = |role: &str| {
            let role = Maybe::Known(role.to_owned());
            set.records
                .iter()
                .find(move |record| record.failover == role)
        };
        let (Some(one), Some(other)) = (of("PRIMARY"), of("SECONDARY")) else {
            continue;
        };
        let (first, second) = (controls(mirror, one.id), controls(mirror, other.id));
        for (ids, standing) in [
            (&first, Standing::Primary),
            (
                &second,
                dns::region_of(mirror, other).unwrap_or(Standing::Secondary(0)),
            ),
        ] {
            for id in ids {
                regions.insert(*id, standing);
            }
        }
        if first.is_empty() {
            continue;
        }
        let path = "health_check_id";
        let asked = Asked::new(RULE.name, Spot::of(one.id, path), Spot::of(other.id, path));
        match text(mirror.value(other.id, path)) {
            _ if second.iter().any(|id| first.contains(id)) => {
                sink.broken(asked.broken(format!(
                    "both failover records of {name} follow {}: switched off, neither answers",
                    mirror.instance(first[0]).address
                )));
            }
            Maybe::Unknown(because)
                if second.is_empty() && mirror.targets(other.id, path).is_empty() =>
            {
                let message =
                    format!("which control the SECONDARY record of {name} follows is not known");
                sink.unsure(asked.unsure(message, because));
            }
            _ => sink.holds(),
        }
    }
}

/// Whether a safety rule lets the primary's controls be off while all others are on.
fn safety(
    mirror: &Mirror<'_>,
    rule: InstanceId,
    regions: &BTreeMap<InstanceId, Standing>,
    sink: &mut Sink,
) {
    let path = "asserted_controls";
    if mirror
        .value(rule, path)
        .is_none_or(crate::inventory::Node::is_empty)
    {
        return;
    }
    let asked = Asked::new(RULE.name, Spot::of(rule, path), Spot::missing()).alone();
    let name = &mirror.instance(rule).address;
    let unsure = |because: Vec<Name>| {
        let message =
            format!("whether {name} lets the secondary region be switched on is not known");
        asked.clone().unsure(message, because)
    };
    let elements = match crate::views::elements::of(mirror.value(rule, path)) {
        Ok(elements) => elements.len(),
        Err(because) => return sink.unsure(unsure(because)),
    };
    let mut asserted = mirror.targets(rule, path);
    asserted.retain(|id| &*mirror.instance(*id).ty == CONTROL);
    // What leads to no control here may be one of another estate, of either region.
    let all = elements.max(asserted.len());
    let of = |standing: fn(Option<&Standing>) -> bool| {
        asserted
            .iter()
            .filter(|id| standing(regions.get(id)))
            .count()
    };
    let there = of(|standing| matches!(standing, Some(Standing::Secondary(_))));
    let unknown = of(|standing| standing.is_none()) + all - asserted.len();
    let answers = holds(mirror, rule, all, there)
        .and_then(|least| holds(mirror, rule, all, there + unknown).map(|most| (least, most)));
    match answers {
        Ok((true, true)) if all > 0 => sink.holds(),
        Ok((false, false)) if all > 0 => sink.broken(asked.broken(format!(
            "{name} does not hold when the controls of the primary region are off: {there} of its {all} are of the secondary region"
        ))),
        Ok(_) => {
            let because = vec![format!("of which region the controls of {name} are").into()];
            sink.unsure(unsure(because));
        }
        Err(because) => {
            let message = format!("what {name} asserts is not known");
            sink.unsure(asked.unsure(message, because));
        }
    }
}

/// Whether a rule holds when so many of its controls are on.
fn holds(mirror: &Mirror<'_>, rule: InstanceId, all: usize, on: usize) -> Result<bool, Vec<Name>> {
    let value = |name: &str| mirror.value(rule, &format!("rule_config[0].{name}"));
    let threshold = number(value("threshold")).or(1.0)?;
    let on_now = f64::from(u32::try_from(on).unwrap_or(u32::MAX));
    let met = match text(value("type")).or("ATLEAST".into())?.as_str() {
        "AND" => on == all,
        "OR" => on > 0,
        _ => on_now >= threshold,
    };
    Ok(met != truth(value("inverted")).or(false)?)
}
