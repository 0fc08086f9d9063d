//! A primary instance that nothing mirrors, where no rule of its type says more.

use crate::mirror::Mirror;
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
        let region = &mirror.roles.secondary[stray.secondary];
        let asked = Asked::new(RULE.name, Spot::at(stray.instance), Spot::missing())
            .keyed("")
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
