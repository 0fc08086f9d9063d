//! A primary instance that nothing mirrors, where no rule of its type says more.

use crate::mirror::Mirror;
use crate::relations::{self, CounterpartKind};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "counterpart-missing",
    family: Family::General,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A resource of the primary region has no counterpart in the secondary region.",
    impact: "What this resource does in production is not there after a failover.",
    doc: "\
## What it asks
Every managed, regional resource of the primary region that a failover needs must have a counterpart in each secondary
region: a resource of its own, a replica, or a block that makes the copy.

## Why it breaks a failover
What exists only in the primary region is gone with it.

## Example
```terraform
resource \"aws_sqs_queue\" \"jobs\" {        # provider of us-east-1
  name = \"jobs\"
}
# and none with the provider of us-west-2
```

## How to fix it
Declare the counterpart. If the resource is meant to live once, say so in `dr.hcl`:
```hcl
single \"aws_sqs_queue.jobs\" { reason = \"only used by builds in the primary region\" }
```
If it has a counterpart that was not found, name it: `pair { primary = \"…\" secondary = \"…\" }`.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for pair in mirror.pairs() {
        if mirror.instance(pair.primary).mode == crate::inventory::Mode::Managed {
            sink.holds();
        }
    }
    for ambiguity in &mirror.pairing.ambiguities {
        let (Some(first), Some(other)) = (ambiguity.primary.first(), ambiguity.secondary.first())
        else {
            continue;
        };
        let names = |ids: &[crate::mirror::InstanceId]| {
            let names: Vec<&str> = ids
                .iter()
                .take(6)
                .map(|id| &*mirror.instance(*id).address)
                .collect();
            names.join(", ")
        };
        let (left, right) = (names(&ambiguity.primary), names(&ambiguity.secondary));
        let asked = Asked::new(RULE.name, Spot::at(*first), Spot::at(*other)).keyed("pair");
        sink.unsure(
            asked
                .unsure(
                    format!("it cannot be told which of {left} is mirrored by which of {right}"),
                    vec!["which instances are a pair".into()],
                )
                .settle("Name the pairs in dr.hcl: pair { primary = \"…\" secondary = \"…\" }"),
        );
    }
    let ambiguous: Vec<_> = mirror
        .pairing
        .ambiguities
        .iter()
        .flat_map(|ambiguity| &ambiguity.primary)
        .collect();
    for stray in &mirror.pairing.strays {
        if stray.single.is_some() || ambiguous.contains(&&stray.instance) {
            continue;
        }
        let instance = mirror.instance(stray.instance);
        if !is_needed(mirror, stray.instance) {
            continue;
        }
        let region = &mirror.roles.secondary[stray.secondary];
        // What a type is for that the table does not hold is not known.
        let severity = if relations::find(&instance.ty).is_some() {
            RULE.severity
        } else {
            Severity::Degrades
        };
        let asked = Asked::new(RULE.name, Spot::at(stray.instance), Spot::missing())
            .keyed("")
            .severe(severity)
            .in_region(region.clone());
        if stray.open.is_empty() {
            sink.broken(asked.broken(format!(
                "{} has no counterpart in {region}",
                instance.address
            )));
        } else {
            let open = stray.open.join(", ");
            sink.unsure(asked.unsure(
                format!("it cannot be told whether {} has a counterpart in {region}: {open} is not known", instance.address),
                stray.open.clone(),
            ));
        }
    }
}

/// Whether the type needs a counterpart under the instance's strategy.
fn is_needed(mirror: &Mirror<'_>, id: crate::mirror::InstanceId) -> bool {
    let ty = &*mirror.instance(id).ty;
    if relations::is_shared(ty) {
        return false;
    }
    // What belongs to something that is replicated, or missing itself, goes with it.
    if let Some(argument) = relations::follows_owner(ty) {
        return mirror.targets(id, argument).is_empty() && !mirror.complete();
    }
    match relations::find(ty) {
        Some(rows) => {
            !matches!(
                rows.counterpart,
                CounterpartKind::Global | CounterpartKind::Single
            ) && rows.needed(mirror.strategy(id))
        }
        // Whether a type that nothing is known of needs one is not known either.
        None => mirror.instance(id).in_schema,
    }
}
