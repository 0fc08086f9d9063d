//! Databases and clusters whose copy in the secondary region is missing, elsewhere, or empty.

use crate::inventory::Node;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, decided_by_aws, text};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const NO_REPLICA: Rule = Rule {
    name: "no-replica",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A database of the primary region is not replicated to the secondary region.",
    impact: "The data is gone with the region, or must be restored from a copy of a backup.",
    doc: "\
## What it asks
Every database instance and cluster of the primary region needs a counterpart in each secondary region that replicates from
it: `replicate_source_db`, `replication_source_identifier` or membership in a global cluster. Two databases side by side are
two databases. A reader beside its source is not asked: its data is its source's.

## Why it breaks a failover
What was written to the lost region is nowhere else.

## Example
```terraform
resource \"aws_db_instance\" \"replica\" {      # provider of us-west-2
  instance_class = \"db.r6g.large\"             # and no replicate_source_db
}
```

## How to fix it
Set `replicate_source_db` to the ARN of the primary.

Source: Amazon RDS user guide, creating a read replica in a different region.
",
    check: Check::Code(no_replica),
};

/// Types with their arguments that name a source or a global container.
const STORES: [(&str, &[&str]); 4] = [
    ("aws_db_instance", &["replicate_source_db"]),
    (
        "aws_rds_cluster",
        &["global_cluster_identifier", "replication_source_identifier"],
    ),
    ("aws_docdb_cluster", &["global_cluster_identifier"]),
    (
        "aws_neptune_cluster",
        &["global_cluster_identifier", "replication_source_identifier"],
    ),
];

/// Whether any of the arguments is set to something.
fn replicates(mirror: &Mirror<'_>, id: InstanceId, arguments: &[&str]) -> Maybe<()> {
    let mut open = Vec::new();
    for name in arguments {
        match mirror.value(id, name) {
            None | Some(Node::Null) => {}
            Some(Node::String(text)) if text.is_empty() => {}
            Some(Node::Unknown(unknown))
                if unknown.because.iter().all(|reason| &**reason == "aws") => {}
            Some(Node::Unknown(unknown)) => {
                // A reference to an instance is there as soon as the instance is.
                if !mirror.targets(id, name).is_empty() {
                    return Maybe::Known(());
                }
                open.extend(unknown.because.iter().cloned());
            }
            Some(_) => return Maybe::Known(()),
        }
    }
    if open.is_empty() {
        Maybe::Unset
    } else {
        Maybe::Unknown(open)
    }
}

fn no_replica(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, arguments) in STORES {
        for (pair, secondary) in mirror.pairs_of(ty) {
            // The primary may be a member of a cluster that replicates as a whole.
            let asked = Asked::new(
                NO_REPLICA.name,
                Spot::of(pair.primary, arguments[0]),
                Spot::of(secondary, arguments[0]),
            )
            .keyed("replication");
            match replicates(mirror, secondary, arguments) {
                Maybe::Known(()) => match missing::doubt(mirror, pair) {
                    Some(why) => sink.unsure(asked.unsure(
                        format!(
                            "whether {} has a replica is not known",
                            mirror.instance(pair.primary).address
                        ),
                        vec![why],
                    )),
                    None => sink.holds(),
                },
                Maybe::Unset if backed_up(mirror, pair.primary) => sink.holds(),
                Maybe::Unset => sink.broken(
                    asked
                        .broken(format!(
                            "{} does not replicate from {}",
                            mirror.instance(secondary).address,
                            mirror.instance(pair.primary).address
                        ))
                        .fix(format!(
                            "Set {} to the primary's ARN or identifier.",
                            arguments[0]
                        )),
                ),
                Maybe::Unknown(because) => {
                    let message = format!(
                        "whether {} replicates from its primary is not known",
                        mirror.instance(secondary).address
                    );
                    sink.unsure(asked.unsure(message, because));
                }
            }
        }
        for stray in &mirror.pairing.strays {
            let instance = mirror.instance(stray.instance);
            // The data of a reader is its source's.
            if &*instance.ty != ty || stray.single.is_some() || is_reader(mirror, stray.instance) {
                continue;
            }
            let region = &mirror.roles.secondary[stray.secondary];
            let asked = Asked::new(NO_REPLICA.name, Spot::at(stray.instance), Spot::missing())
                .keyed("")
                .in_region(region.clone());
            if stray.open.is_empty() {
                if local_replica(mirror, stray.instance).is_none() {
                    sink.broken(
                        asked.broken(format!("{} has no replica in {region}", instance.address)),
                    );
                }
            } else {
                let message = format!(
                    "whether {} has a replica in {region} is not known",
                    instance.address
                );
                sink.unsure(asked.unsure(message, stray.open.clone()));
            }
        }
    }
}

/// Whether automated backups of a database go to another region: enough for backup and restore.
fn backed_up(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    mirror.strategy(id) == crate::verdict::Strategy::BackupRestore
        && mirror
            .of_type("aws_db_instance_automated_backups_replication")
            .iter()
            .any(|copy| {
                mirror
                    .targets(*copy, "source_db_instance_arn")
                    .contains(&id)
            })
}

/// Whether an instance of the primary region replicates from another of it.
fn is_reader(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    ["replicate_source_db", "replication_source_identifier"]
        .into_iter()
        .flat_map(|argument| mirror.targets(id, argument))
        .any(|source| source != id && mirror.standing(source) == Standing::Primary)
}

/// A replica of a primary instance that lies in the primary region too.
fn local_replica(mirror: &Mirror<'_>, primary: InstanceId) -> Option<InstanceId> {
    mirror
        .graph
        .referring(primary)
        .filter(|(from, edge)| {
            let arrow = crate::mirror::schema_path(&edge.path);
            matches!(
                arrow.as_str(),
                "replicate_source_db" | "replication_source_identifier"
            ) && mirror.standing(*from) == Standing::Primary
        })
        .map(|(from, _)| from)
        .next()
}

pub(super) const SAME_REGION: Rule = Rule {
    name: "replica-in-same-region",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "The replica of a database lies in the region of its source.",
    impact: "Source and replica are lost together.",
    doc: "\
## What it asks
A database whose only replica lies in its own region, and a replica of the secondary region whose source is given by a plain
identifier: that names an instance of the replica's own region.

## Why it breaks a failover
A replica beside its source helps against the loss of an instance, not of a region.

## Example
```terraform
resource \"aws_db_instance\" \"replica\" {
  provider            = aws.secondary
  replicate_source_db = aws_db_instance.main.identifier   # an identifier: the ARN is needed across regions
}
```

## How to fix it
Create the replica with the provider of the secondary region, and name its source by ARN.

Source: Amazon RDS API reference, CreateDBInstanceReadReplica.
",
    check: Check::Code(same_region),
};

fn same_region(mirror: &Mirror<'_>, sink: &mut Sink) {
    for stray in &mirror.pairing.strays {
        let instance = mirror.instance(stray.instance);
        if !STORES.iter().any(|(ty, _)| *ty == &*instance.ty)
            || stray.single.is_some()
            || !stray.open.is_empty()
        {
            continue;
        }
        if let Some(replica) = local_replica(mirror, stray.instance) {
            let asked = Asked::new(
                SAME_REGION.name,
                Spot::at(stray.instance),
                Spot::of(replica, "replicate_source_db"),
            )
            .keyed("region");
            sink.broken(
                asked
                    .broken(format!(
                        "the replica {} of {} lies in the primary region",
                        mirror.instance(replica).address,
                        instance.address
                    ))
                    .covers([Spot::at(stray.instance), Spot::at(replica)]),
            );
        }
    }
    for id in mirror.of_type("aws_db_instance") {
        if !matches!(mirror.standing(*id), Standing::Secondary(_)) {
            continue;
        }
        let primary = mirror.counterpart(*id).map_or_else(Spot::missing, Spot::at);
        let asked = Asked::new(
            SAME_REGION.name,
            primary,
            Spot::of(*id, "replicate_source_db"),
        );
        let by_arn = mirror.graph.out(*id).iter().any(|edge| {
            crate::mirror::schema_path(&edge.path) == "replicate_source_db"
                && &*edge.attribute == "arn"
        });
        let by_name = mirror.graph.out(*id).iter().any(|edge| {
            crate::mirror::schema_path(&edge.path) == "replicate_source_db"
                && matches!(&*edge.attribute, "identifier" | "id")
                && mirror.standing(edge.to) == Standing::Primary
        });
        match text(mirror.value(*id, "replicate_source_db")) {
            Maybe::Known(source) if !source.starts_with("arn:") => sink.broken(
                asked
                    .broken(format!(
                        "{} replicates from {source:?}, an instance of its own region",
                        mirror.instance(*id).address
                    ))
                    .fix("Name the source by its ARN."),
            ),
            _ if by_name => sink.broken(
                asked
                    .broken(format!(
                        "{} names its source by identifier, which means one of its own region",
                        mirror.instance(*id).address
                    ))
                    .fix("Name the source by its ARN."),
            ),
            _ if by_arn => sink.holds(),
            Maybe::Known(_) => sink.holds(),
            Maybe::Unknown(because) if !decided_by_aws(&because) => {
                let name = &mirror.instance(*id).address;
                let message = format!("in which region the source of {name} stands is not known");
                sink.unsure(asked.unsure(message, because));
            }
            _ => {}
        }
    }
}
