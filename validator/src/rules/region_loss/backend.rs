//! The state of a root that manages the secondary region, kept in the primary one.

use std::collections::BTreeSet;

use crate::inventory::{Mode, Name, StateStore};
use crate::mirror::{Maybe, Mirror, Standing, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Absent, Asked, Family, Severity, Sink, Spot, Strategies, Strategy};
use crate::world::NO_REGION;

pub(super) const RULE: Rule = Rule {
    name: "backend-in-primary",
    family: Family::RegionLoss,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "The state of a root that manages the secondary region is kept in the primary region.",
    impact: "While the primary region is lost the state can be neither read nor locked: Terraform changes nothing in the secondary.",
    doc: "\
## What it asks
Every root that has resources in a secondary region: its `backend \"s3\"` must not lie in the primary region. The lock, a
DynamoDB table or a lock file, lies in the same region. States of other roots that it reads (`terraform_remote_state`) count
too.

The region is that of the `backend` block; where the block leaves it open, that of the last `terraform init`
(`.terraform/terraform.tfstate`), or `AWS_REGION` with `--use-aws-region`. Where nothing says it, or the backend is `remote`,
`cloud` or another service that may lie anywhere, the answer is cannot tell, and `dr.hcl` settles it:
```hcl
root \"dr\" {
  path           = \"dr\"
  backend_region = \"us-west-2\"
}
```
For an estate with one root the same line stands in `estate`. It counts more than what the block says, which is right for a
bucket behind an endpoint of its own. A state on the local disk, or with another cloud, is not asked about; plans and states do
not say where they are kept.

It breaks where the failover itself makes resources (backup-restore, pilot-light), and degrades where the secondary runs
already.

## Why it breaks a failover
The bucket and its lock are of one region. A replicated bucket does not help by itself: the backend must be configured anew,
and the lock names the bucket.

## Example
```terraform
terraform {
  backend \"s3\" {
    bucket = \"acme-terraform\"
    key    = \"dr.tfstate\"
    region = \"us-east-1\"      # and the root manages us-west-2
  }
}
```

## How to fix it
Keep the state of each region's root in a bucket of that region. An estate of one root is split first.

Source: Terraform documentation, backend s3; hashicorp/terraform issues 32190 and 32080.
",
    check: Check::Code(check),
};

pub(super) fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for store in &mirror.inventory.stores {
        let regions: BTreeSet<usize> = mirror
            .instances()
            .filter(|(_, instance)| instance.mode == Mode::Managed && instance.root == store.root)
            .filter_map(|(id, _)| match mirror.standing(id) {
                Standing::Secondary(at) => Some(at),
                _ => None,
            })
            .collect();
        for at in regions {
            own(mirror, store, &mirror.roles.secondary[at], sink);
            others(mirror, store, &mirror.roles.secondary[at], sink);
        }
    }
}

fn severity(mirror: &Mirror<'_>) -> Severity {
    match mirror.settings.strategy() {
        Strategy::BackupRestore | Strategy::PilotLight => Severity::Breaks,
        Strategy::WarmStandby | Strategy::ActiveActive => Severity::Degrades,
    }
}

/// The region of the state as `dr.hcl` tells it.
fn told<'m>(mirror: &'m Mirror<'_>, store: &StateStore) -> Option<&'m Name> {
    let told = &mirror.settings.backend_regions;
    store
        .root
        .as_ref()
        .and_then(|root| told.get(root))
        .or_else(|| told.get(""))
}

fn own(mirror: &Mirror<'_>, store: &StateStore, region: &Name, sink: &mut Sink) {
    let told = told(mirror, store);
    let known = told.or(store.region.value.as_ref());
    if known.is_none() && store.region.because.iter().any(|why| &**why == NO_REGION) {
        return;
    }
    let name = store.root.as_ref().map_or("", |root| root);
    let bucket = store
        .name
        .as_ref()
        .map(|bucket| format!(" ({bucket})"))
        .unwrap_or_default();
    let mut spot = Spot::absent(Absent {
        address: format!("backend.{}", store.kind).into(),
        region: known.cloned(),
        source: store.source.clone(),
    });
    if let Some(known) = known {
        spot.path = crate::verdict::parse("region");
        spot = spot.showing(format!("{:?}", &**known));
    }
    let asked = Asked::new(RULE.name, spot, Spot::missing())
        .keyed(name)
        .in_region(region.clone())
        .severe(severity(mirror))
        .alone();
    let root = if name.is_empty() {
        "the root".to_owned()
    } else {
        format!("the root {name}")
    };
    match known {
        Some(known) if *known == mirror.roles.primary => {
            let message = format!(
                "the state of {root}, which manages {region}, is kept{bucket} in {known}, the primary region"
            );
            sink.broken(asked.broken(message).fix(format!(
                "Keep it in a bucket of {region}: change the backend block and run terraform init -migrate-state; with both regions in one root, split the root first."
            )));
        }
        Some(_) => sink.holds(),
        None => {
            let message = format!(
                "where the state of {root}, which manages {region}, is kept cannot be told: backend {:?}: {}",
                &*store.kind,
                store.region.because.last().map_or("", |why| why)
            );
            let line = if name.is_empty() {
                "backend_region = \"REGION\" in the estate block of dr.hcl".to_owned()
            } else {
                format!("backend_region = \"REGION\" in root {name:?} of dr.hcl")
            };
            sink.unsure(asked.unsure(message, store.region.because.clone()).settle(format!(
                "Write the region into the backend block, run terraform init with the -backend-config of this root, or say {line}."
            )));
        }
    }
}

/// States of other roots that this one reads.
fn others(mirror: &Mirror<'_>, store: &StateStore, region: &Name, sink: &mut Sink) {
    for (id, instance) in mirror.instances() {
        let reads = &*instance.ty == "terraform_remote_state" && instance.root == store.root;
        if !reads || text(mirror.value(id, "backend")) != Maybe::Known("s3".into()) {
            continue;
        }
        let asked = Asked::new(RULE.name, Spot::of(id, "config.region"), Spot::missing())
            .in_region(region.clone())
            .severe(severity(mirror))
            .alone();
        match text(mirror.value(id, "config.region")) {
            Maybe::Known(kept) if *kept == *mirror.roles.primary => {
                let message = format!(
                    "{} reads a state that is kept in {kept}, the primary region, and its root manages {region}",
                    instance.address
                );
                sink.broken(asked.broken(message).fix(format!(
                    "Keep what {region} needs of it in a state of that region, or pass the values as variables."
                )));
            }
            Maybe::Known(_) => sink.holds(),
            Maybe::Unset => {
                let message = format!("{} names no region", instance.address);
                sink.unsure(
                    asked
                        .unsure(message, vec!["the environment".into()])
                        .settle("Write region into config of the data source."),
                );
            }
            Maybe::Unknown(because) => {
                let message = format!(
                    "in which region the state that {} reads is kept is not known",
                    instance.address
                );
                sink.unsure(asked.unsure(message, because));
            }
        }
    }
}
