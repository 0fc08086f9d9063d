//! Disks and databases of the secondary region that are made from a snapshot of the primary region.

use super::names::carried_over;
use crate::mirror::{InstanceId, Mirror, list};
use crate::rules::{Check, Rule};
use crate::verdict::{Family, Severity, Sink, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "snapshot-not-shared",
    family: Family::Backup,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Disks of the secondary region are made from a snapshot of the primary region.",
    impact: "Nothing can be launched: snapshot ids mean something in one region only.",
    doc: "\
## What it asks
Launch templates, volumes and instances of the secondary region must not name the snapshot id of the primary, and snapshots
that the estate makes need a copy there.

## How to fix it
Copy the snapshot (`aws_ebs_snapshot_copy`) and name the copy.

Source: Amazon EBS user guide, copying a snapshot.
",
    check: Check::Code(snapshot),
};

fn snapshot(mirror: &Mirror<'_>, sink: &mut Sink) {
    let disks = disks(mirror);
    let mut places: Vec<(&str, &str)> = disks.iter().map(|(ty, path)| (*ty, &**path)).collect();
    places.push(("aws_ebs_volume", "snapshot_id"));
    places.push(("aws_db_instance", "snapshot_identifier"));
    carried_over(mirror, sink, RULE.name, &places, "a snapshot", "");
}

/// Where templates and instances name snapshots of their disks, as far as the one with the most disks goes.
fn disks(mirror: &Mirror<'_>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (ty, block, inner) in [
        (
            "aws_launch_template",
            "block_device_mappings",
            "ebs[0].snapshot_id",
        ),
        ("aws_instance", "ebs_block_device", "snapshot_id"),
    ] {
        let disks = |id: &InstanceId| list(mirror.value(*id, block)).known().map_or(0, <[_]>::len);
        let most = mirror.of_type(ty).iter().map(disks).max().unwrap_or(0);
        found.extend((0..most).map(|at| (ty, format!("{block}[{at}].{inner}"))));
    }
    found
}
