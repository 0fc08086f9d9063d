//! A plan that says otherwise than the configuration it is checked with.

use std::collections::BTreeSet;

use crate::inventory::{Link, Name, Parting, SourceKind, Stale, node};
use crate::mirror::Mirror;
use crate::rules::{Check, Rule};
use crate::source::Location;
use crate::verdict::{Absent, Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "plan-out-of-date",
    family: Family::Plan,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "The plan was not made from the configuration that it is checked with.",
    impact: "What was checked is not what the next apply does: every verdict on this instance is about another version of it.",
    doc: "\
## What it asks
A plan that is given together with its root (`drcheck live --plan plan.json`) must say what the configuration says: each
literal of the configuration is the planned value, each instance of the configuration is in the plan, and the other way
round.

Not counted: what is not known on either side, sensitive values, arguments under `ignore_changes`, arguments that the
configuration does not set, and other spellings of the same: JSON documents by their meaning, sets in another order, names in
another case, versions that AWS completes. Instances are missed only where `count` and `for_each` are known, the plan is
complete, and all files and modules could be read. A plan that destroys everything is not asked for what it destroys.

## Why it matters
A pull request is checked with the plan of an older commit, or with one that was made with other variables: the report is
green for code that nobody looked at.

## Example
```terraform
backup_retention_period = 14     # plan.json was made when this was 7
```

## How to fix it
Plan again from the same commit and with the same variables, then check both:
```
terraform plan -out=tfplan && terraform show -json tfplan > plan.json
```
If the plan is right and was made with other variable values, give drcheck the same: `--var-file`, `--var`, `TF_VAR_…`.
",
    check: Check::Code(check),
};

/// Places that are named before the rest is counted.
const MOST: usize = 4;

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let inventory = mirror.inventory;
    let stale = &inventory.stale;
    for stale in stale {
        told(mirror, stale, sink);
    }
    let parted: BTreeSet<_> = stale
        .iter()
        .map(|stale| (&stale.root, &stale.address))
        .collect();
    // Instances that both have and of which both say the same.
    let joined = |kind: SourceKind, root: Option<&Name>| {
        inventory
            .sources
            .iter()
            .any(|source| source.kind == kind && source.root.as_ref() == root)
    };
    let fresh = inventory.changes.iter().filter(|change| {
        !change.outside
            && joined(SourceKind::Configuration, change.root.as_ref())
            && mirror
                .graph
                .find(change.root.as_ref(), &change.address)
                .is_some()
            && !parted.contains(&(&change.root, &change.address))
    });
    fresh.for_each(|_| sink.holds());
}

fn told(mirror: &Mirror<'_>, stale: &Stale, sink: &mut Sink) {
    let planned = Link {
        location: Location {
            file: stale.plan.clone(),
            line: 1,
            column: 1,
        },
        what: "the plan".into(),
        depth: 0,
        like: 0,
    };
    let id = mirror.graph.find(stale.root.as_ref(), &stale.address);
    let spot = match (id, stale.paths.first()) {
        (Some(id), Some(path)) => Spot::steps(id, path),
        (Some(id), None) => Spot::at(id),
        (None, _) => Spot::absent(Absent {
            address: stale.address.clone(),
            region: stale.region.value.clone(),
            source: stale.source.clone(),
        }),
    };
    let spot = spot.beside([planned]);
    let region = match id {
        Some(id) => mirror.region(id),
        None => stale.region.value.as_ref(),
    };
    let secondary = region.is_some_and(|region| mirror.roles.secondary.contains(region));
    let (primary, secondary) = if secondary {
        (Spot::missing(), spot)
    } else {
        (spot, Spot::missing())
    };
    // One for each instance, whatever differs: another value is no other finding.
    let asked = Asked::new(RULE.name, primary, secondary).keyed("").alone();
    let how = format!(
        "Plan again from this configuration: terraform plan -out=tfplan && terraform show -json tfplan > {}. If the plan is right, \
         give drcheck the variables that it was made with (--var-file, --var).",
        if &*stale.plan == "-" {
            "plan.json"
        } else {
            &*stale.plan
        }
    );
    sink.broken(asked.broken(message(mirror, stale)).fix(how));
}

fn message(mirror: &Mirror<'_>, stale: &Stale) -> String {
    let Stale { address, plan, .. } = stale;
    let at = |location: &Option<Location>| {
        location
            .as_ref()
            .map(|location| format!(" at {}:{}", location.file, location.line))
            .unwrap_or_default()
    };
    match stale.parting {
        Parting::OnlyWritten => format!(
            "{address} is declared{}, and {plan} does not know it, or destroys it",
            at(&stale.source)
        ),
        Parting::OnlyPlanned => {
            format!("{address} is in {plan}, and the configuration does not declare it")
        }
        Parting::Differs => {
            let Some(first) = stale.paths.first() else {
                return format!("{address} differs between {plan} and the configuration");
            };
            let planned = mirror
                .graph
                .find(stale.root.as_ref(), address)
                .and_then(|id| crate::mirror::steps(mirror.instance(id), first))
                .map_or_else(|| "not set".into(), crate::check::shown);
            let more: Vec<String> = stale
                .paths
                .iter()
                .skip(1)
                .map(|path| node::path_text(path))
                .collect();
            let more = match more.len() {
                0 => String::new(),
                count if count <= MOST => format!("; {} too", more.join(", ")),
                count => format!(
                    "; {} and {} more too",
                    more[..MOST].join(", "),
                    count - MOST
                ),
            };
            format!(
                "{} of {address} is {} in the configuration, and {planned} in {plan}{more}",
                node::path_text(first),
                stale.written.as_deref().unwrap_or("otherwise")
            )
        }
    }
}
