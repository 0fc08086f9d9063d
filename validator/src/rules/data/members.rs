//! Members of clusters: instances that serve, and clusters of a global one.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const HEADLESS: Rule = Rule {
    name: "headless-secondary",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::RUNNING,
    title: "A cluster of the secondary region has no instance.",
    impact: "Promotion has nothing to promote: an instance must be created first, which takes many minutes.",
    doc: "\
## What it asks
A cluster whose counterpart has instances must have at least one itself.

## Why it breaks a failover
A headless secondary cluster holds data and serves nothing.

## Example
```terraform
resource \"aws_rds_cluster\" \"secondary\" { … }   # and no aws_rds_cluster_instance
```

## How to fix it
Declare at least one instance of the primary's class.

Source: Amazon Aurora user guide, headless secondary clusters.
",
    check: Check::Code(headless),
};

fn headless(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (cluster, instance) in [
        ("aws_rds_cluster", "aws_rds_cluster_instance"),
        ("aws_docdb_cluster", "aws_docdb_cluster_instance"),
        ("aws_neptune_cluster", "aws_neptune_cluster_instance"),
    ] {
        for (pair, secondary) in mirror.pairs_of(cluster) {
            let members = |id| {
                mirror
                    .graph
                    .owned(id, mirror.inventory, instance, "cluster_identifier")
            };
            let (one, other) = (members(pair.primary), members(secondary));
            if one.is_empty() {
                continue;
            }
            if !other.is_empty() {
                sink.holds();
                continue;
            }
            let asked = Asked::new(
                HEADLESS.name,
                Spot::at(pair.primary)
                    .showing(format!("{} instances", one.len()))
                    .written(one[0], ""),
                Spot::at(secondary).showing("no instance").lacking(one[0]),
            )
            .keyed("instances");
            let loose = mirror.adrift(instance, "cluster_identifier", mirror.standing(secondary));
            let open: Vec<_> = one
                .iter()
                .filter_map(|id| {
                    mirror
                        .pairing
                        .strays
                        .iter()
                        .find(|stray| stray.instance == *id)
                })
                .flat_map(|stray| stray.open.clone())
                .chain(loose)
                .collect();
            if open.is_empty() && mirror.complete() {
                sink.broken(
                    asked
                        .broken(format!(
                            "{} has no instance, where the primary has {}",
                            mirror.instance(secondary).address,
                            one.len()
                        ))
                        .covers(one.into_iter().map(Spot::at)),
                );
            } else {
                sink.unsure(asked.unsure(
                    format!(
                        "whether {} has instances is not known",
                        mirror.instance(secondary).address
                    ),
                    open,
                ));
            }
        }
    }
}

pub(super) const MEMBER: Rule = Rule {
    name: "global-cluster-member-missing",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A global cluster has no member in the secondary region.",
    impact: "The global cluster is a cluster of one region: there is nothing to fail over to.",
    doc: "\
## What it asks
Each global cluster needs a member cluster in each secondary region.

## How to fix it
Declare a cluster with `global_cluster_identifier` in the secondary region.

Source: Amazon Aurora user guide, Aurora global databases.
",
    check: Check::Code(member),
};

fn member(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (global, member, argument) in [
        (
            "aws_rds_global_cluster",
            "aws_rds_cluster",
            "global_cluster_identifier",
        ),
        (
            "aws_docdb_global_cluster",
            "aws_docdb_cluster",
            "global_cluster_identifier",
        ),
        (
            "aws_neptune_global_cluster",
            "aws_neptune_cluster",
            "global_cluster_identifier",
        ),
    ] {
        for id in mirror.of_type(global) {
            let members = mirror.graph.owned(*id, mirror.inventory, member, argument);
            for (at, region) in mirror.roles.secondary.iter().enumerate() {
                if members
                    .iter()
                    .any(|id| mirror.standing(*id) == Standing::Secondary(at))
                {
                    sink.holds();
                    continue;
                }
                let asked = Asked::new(MEMBER.name, Spot::at(*id), Spot::missing())
                    .keyed("member")
                    .in_region(region.clone());
                let mut open: Vec<Name> = mirror
                    .adrift(member, argument, Standing::Secondary(at))
                    .into_iter()
                    .collect();
                let placed = |id: &InstanceId| mirror.standing(*id) != Standing::Unknown;
                if !members.iter().all(placed) {
                    open.push("the region of a member".into());
                }
                if !mirror.complete() {
                    open.push("what the sources that could not be read in full hold".into());
                }
                if open.is_empty() {
                    let covers = mirror
                        .pairing
                        .strays
                        .iter()
                        .map(|stray| stray.instance)
                        .filter(|id| members.contains(id))
                        .map(Spot::at);
                    sink.broken(
                        asked
                            .broken(format!(
                                "{} has no member in {region}",
                                mirror.instance(*id).address
                            ))
                            .covers(covers),
                    );
                } else {
                    sink.unsure(asked.unsure(
                        format!(
                            "whether {} has a member in {region} is not known",
                            mirror.instance(*id).address
                        ),
                        open,
                    ));
                }
            }
        }
    }
}
