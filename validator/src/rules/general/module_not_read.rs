//! Module calls of which nothing could be read: what they declare is undecided.

use crate::inventory::Unread;
use crate::mirror::Mirror;
use crate::rules::{Check, Rule};
use crate::settings::matches;
use crate::verdict::{Absent, Asked, Family, Severity, Sink, Spot, Strategies};

/// Its name: what could not be read concerns whatever is asked.
pub(crate) const NAME: &str = "module-not-read";

pub(super) const RULE: Rule = Rule {
    name: NAME,
    family: Family::General,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A module could not be read, so nothing of what it declares was compared.",
    impact: "What the module makes in one region may be missing in the other, and nobody would know before the failover.",
    doc: "\
## What it asks
Each module call must lead to files that can be read, or a plan or a state must show what it declares. Otherwise the question
is undecided: one gap for each call, whatever lies in it. It is asked whatever `--select` names, and a check with such a gap
ends with exit code 3, as with a file that cannot be parsed.

Calls with `count = 0` or an empty `for_each` declare nothing and are not asked.

## Example
```terraform
module \"vpc\" {
  source = \"terraform-aws-modules/vpc/aws\" # a registry module, and terraform init has not installed it
}
```

## How to fix it
Install the module with `terraform init -backend=false`, or give a plan.

## How to settle it
- A module of a registry or repository: run `terraform init -backend=false`, which installs modules and needs no credential of
  the backend; or give a plan, which holds all that the module declares: `drcheck ROOT --plan plan.json`.
- A local module: correct its source.
- A module that lives once on purpose: `single \"module.NAME\" { reason = \"…\" }` in `dr.hcl`.
- Where nothing of it matters: `--ignore module-not-read`.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for unread in &mirror.inventory.unread {
        if is_single(mirror, unread) {
            sink.holds();
            continue;
        }
        let spot = Spot::absent(Absent {
            address: unread.address.clone(),
            region: unread.region.clone(),
            source: unread.place.clone(),
        });
        let in_secondary = unread
            .region
            .as_ref()
            .is_some_and(|region| mirror.roles.secondary.contains(region));
        let asked = if in_secondary {
            Asked::new(NAME, Spot::missing(), spot)
        } else {
            Asked::new(NAME, spot, Spot::missing())
        };
        let what = format!("{} could not be read", unread.address);
        sink.unsure(
            asked
                .alone()
                .keyed(unread.root.as_deref().unwrap_or_default())
                .unsure(
                    format!(
                        "{what}: {}. What it declares was not compared",
                        reason(unread)
                    ),
                    vec![format!("what {} declares", unread.address).into()],
                )
                .settle(settle(unread)),
        );
    }
}

/// Whether `dr.hcl` says that the module lives once.
fn is_single(mirror: &Mirror<'_>, unread: &Unread) -> bool {
    let singles = &mirror.settings.singles;
    singles
        .iter()
        .any(|single| matches(&single.address, &unread.address, ""))
}

/// Why, without the next move.
fn reason(unread: &Unread) -> &str {
    unread.why.split(';').next().unwrap_or(&unread.why)
}

fn settle(unread: &Unread) -> String {
    let plan = "or give a plan (--plan FILE): it holds what the module declares";
    let local = unread
        .source
        .as_deref()
        .is_none_or(|source| source.starts_with("./") || source.starts_with("../"));
    if local {
        format!("Correct the source of the module, {plan}.")
    } else {
        format!(
            "Run terraform init -backend=false, which installs modules and needs no credential, {plan}."
        )
    }
}
