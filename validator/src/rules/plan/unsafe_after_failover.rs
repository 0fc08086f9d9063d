//! What a plan that is made after a switch would undo or destroy.

use super::sort::{Case, Sorted, Told};
use crate::inventory::Change;
use crate::mirror::{Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Absent, Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::switch::{self, Switch};

pub(super) const RULE: Rule = Rule {
    name: "unsafe-after-failover",
    family: Family::Plan,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A plan that is made after a switch would undo or destroy what serves now.",
    impact: "Applied, it turns the failover back by accident, or destroys data that exists only where production runs now.",
    doc: "\
## What it asks
Every change of a plan that is made after a switch, while the code still says the old roles. Each is sorted:

| class | severity | examples |
|---|---|---|
| expected swap of roles | holds | the promoted database loses its source, the region that was left becomes a replica, weights follow, capacity of the serving region rises |
| drift made by failover tooling | degrades | minimum or desired capacity goes back to that of a secondary region, Multi-AZ or protection is taken off again, schedules of the region that was left are enabled, an empty database is made because the old one was renamed |
| destructive | breaks | a promoted database becomes a replica again, a cluster leaves or changes its global cluster, a copy in the serving region is removed, a store is destroyed or replaced, records, weights, dials and health checks turn back, services stop, backups are switched off, anything of the serving region is destroyed |

What cannot be told, such as a record whose target leads nowhere that is known, is a gap. Changes of nothing that carries a
role hold.

**That a switch took place** is told in `dr.hcl`:
```hcl
estate \"shop\" {
  primary   = \"us-east-1\"
  secondary = [\"us-west-2\"]
  active    = \"us-west-2\"      # production runs here since the switch
}
```
Without that line it is seen in the plan: a copy of the secondary region that stands alone in the state although the code
calls it a replica, or was promoted outside of Terraform since the last apply; a global cluster whose writer lies in the
secondary region. Where nothing says it the rule is silent, and `active = \"us-east-1\"` keeps it so. The code knows nothing of
it: without a plan nothing is asked.

## Why it matters
After a failover the first `terraform apply` is the most dangerous command of the day. Terraform compares with code that was
written for the old roles, and its plan is the way back.

## Example
```
  # aws_db_instance.replica will be updated in-place
  + replicate_source_db = \"arn:aws:rds:us-east-1:123456789012:db:app\"
```

## How to fix it
Do not apply. Bring the code to the new roles first, argument by argument; each finding says how: a value to write,
`ignore_changes` for what tooling owns, `import` for what was renamed, `removed` for what Terraform must let go of.

Source: hashicorp/terraform-provider-aws issues 16054 and 42919 (the provider cannot make a standalone database a replica, and
detaches clusters); AWS documentation of ARC Region switch (execution blocks change capacity and rename the old primary).
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    if mirror.inventory.changes.is_empty() {
        return;
    }
    let Some(switch) = switch::switch(mirror) else {
        return;
    };
    let planned = mirror
        .inventory
        .changes
        .iter()
        .filter(|change| !change.outside);
    for change in planned {
        let case = Case {
            mirror,
            switch: &switch,
            change,
            id: mirror.graph.find(change.root.as_ref(), &change.address),
        };
        for sorted in case.sort() {
            say(&case, &switch, &sorted, sink);
        }
    }
}

fn say(case: &Case<'_, '_>, switch: &Switch, sorted: &Sorted, sink: &mut Sink) {
    let (told, class, severity) = match sorted {
        Sorted::Swap => return sink.holds(),
        Sorted::Tooling(told) => (told, "drift by failover tooling", Severity::Degrades),
        Sorted::Destructive(told) => (told, "destructive", Severity::Breaks),
        Sorted::Open(told) => {
            let asked = asked(case, told);
            let message = format!("{}: {}", case.change.address, told.message);
            let because = vec![case.change.address.clone()];
            let settle = "Look at this change before the plan is applied; with a target in one of the regions, or the region of its provider, drcheck could tell.";
            return sink.unsure(asked.unsure(message, because).settle(settle));
        }
    };
    let message = format!(
        "{class}: the plan for {} {}",
        case.change.address,
        verb(&told.message)
    );
    let impact = format!(
        "{} The plan is made after a switch: {}.",
        RULE.impact, switch.because
    );
    sink.broken(
        asked(case, told)
            .severe(severity)
            .broken(message)
            .impact(impact)
            .fix(told.fix.clone()),
    );
}

/// A message that is a sentence of its own follows a colon.
fn verb(message: &str) -> String {
    if message.starts_with("the ") {
        format!("turns traffic back: {message}")
    } else {
        message.to_owned()
    }
}

fn asked(case: &Case<'_, '_>, told: &Told) -> Asked {
    let Change {
        address, region, ..
    } = case.change;
    let spot = match case.id {
        Some(id) if !told.argument.is_empty() => Spot::of(id, told.argument),
        Some(id) => Spot::at(id),
        None => Spot::absent(Absent {
            address: address.clone(),
            region: region.value.clone(),
            source: None,
        }),
    };
    let secondary = matches!(
        switch::standing(case.mirror, case.change),
        Standing::Secondary(_)
    );
    let (primary, secondary) = if secondary {
        (Spot::missing(), spot)
    } else {
        (spot, Spot::missing())
    };
    Asked::new(RULE.name, primary, secondary)
        .keyed(told.argument)
        .in_region(case.serving().clone())
        .alone()
}
