//! What a replica would be after its promotion: backups, zones, engine, parameters.

use crate::inventory::Node;
use crate::mirror::{InstanceId, Maybe, Mirror, decided_by_aws, number, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Spot, Strategies};

/// Databases that are promoted.
const STORES: [&str; 4] = [
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_docdb_cluster",
    "aws_neptune_cluster",
];

pub(super) const BACKUP: Rule = Rule {
    name: "backup-weaker-after-promotion",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A replica keeps backups for less time than its primary, or none.",
    impact: "After promotion there is no point-in-time recovery, and no new replica can be made for the way back.",
    doc: "\
## What it asks
`backup_retention_period` of paired databases. It is not inherited: a replica is made with backups off.

## Why it breaks a failover
The promoted database is production without backups until somebody changes it, and RDS needs a backup before it makes a
replica of it.

## Example
```terraform
resource \"aws_db_instance\" \"replica\" {
  replicate_source_db     = aws_db_instance.main.arn
  backup_retention_period = 0
}
```

## How to fix it
Set the primary's retention on the replica.

Source: Amazon RDS user guide, promoting a read replica.
",
    check: Check::Code(backup),
};

fn backup(mirror: &Mirror<'_>, sink: &mut Sink) {
    let path = "backup_retention_period";
    for ty in STORES {
        // A cluster cannot be without backups: one day is the least.
        let default = if ty == "aws_db_instance" { 0.0 } else { 1.0 };
        for (pair, secondary) in mirror.pairs_of(ty) {
            let asked = Asked::new(
                BACKUP.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            let read = |id| number(mirror.value(id, path)).or(default);
            match (read(pair.primary), read(secondary)) {
                (Ok(one), Ok(other)) if other >= one => sink.holds(),
                (Ok(one), Ok(other)) => sink.broken(
                    asked
                        .broken(format!(
                            "{} keeps backups for {other} {}, the primary for {one}",
                            mirror.instance(secondary).address,
                            if (other - 1.0).abs() < f64::EPSILON {
                                "day"
                            } else {
                                "days"
                            }
                        ))
                        .edit(
                            format!("Set {path} = {one}."),
                            Edit::Set {
                                address: mirror.instance(secondary).address.clone(),
                                path: Spot::of(secondary, path).path,
                                expression: one.to_string(),
                            },
                        ),
                ),
                // The same unknown on both sides is the same number.
                _ if mirror.same(pair, secondary, path) => sink.holds(),
                (Err(because), _) | (_, Err(because)) => {
                    sink.unsure(asked.unsure("how long backups are kept is not known", because));
                }
            }
        }
    }
}

pub(super) const MULTI_AZ: Rule = Rule {
    name: "multi-az-lost-after-promotion",
    family: Family::Data,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A replica runs in one zone where its primary runs in several.",
    impact: "The promoted database does not survive the loss of a zone; making it Multi-AZ then takes long and slows it down.",
    doc: "\
## What it asks
`multi_az` of paired database instances. It does not depend on the source; a replica may be Multi-AZ beforehand.

## How to fix it
Set `multi_az = true` on the replica, or as a step of the failover plan, and accept the finding.

Source: Amazon RDS user guide, Multi-AZ read replicas.
",
    check: Check::Code(multi_az),
};

fn multi_az(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, path) in [
        ("aws_db_instance", "multi_az"),
        ("aws_elasticache_replication_group", "multi_az_enabled"),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let asked = Asked::new(
                MULTI_AZ.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            let read = |id| truth(mirror.value(id, path)).or(false);
            match (read(pair.primary), read(secondary)) {
                (Ok(false), _) | (Ok(true), Ok(true)) => sink.holds(),
                (Ok(true), Ok(false)) => sink.broken(
                    asked
                        .broken(format!(
                            "{} runs in one zone, the primary in several",
                            mirror.instance(secondary).address
                        ))
                        .edit(
                            format!("Set {path} = true."),
                            Edit::Set {
                                address: mirror.instance(secondary).address.clone(),
                                path: Spot::of(secondary, path).path,
                                expression: "true".into(),
                            },
                        ),
                ),
                _ if mirror.same(pair, secondary, path) => sink.holds(),
                (Err(because), _) | (_, Err(because)) => sink.unsure(
                    asked.unsure("whether both run in several zones is not known", because),
                ),
            }
        }
    }
}

pub(super) const ENGINE: Rule = Rule {
    name: "engine-differs",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A counterpart runs another engine or version.",
    impact: "Replication stops or cannot be set up, or the application meets another database after the failover.",
    doc: "\
## What it asks
`engine` and `engine_version` of paired stores. A replica that names neither has both from its source. A shorter version
means any of that line: `15` agrees with `15.7`.

## How to fix it
Use the primary's version; upgrade the replica first.

Source: Amazon RDS user guide, upgrading read replicas; Amazon Aurora user guide, version compatibility of global databases.
",
    check: Check::Code(engine),
};

fn engine(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ty in [
        "aws_db_instance",
        "aws_rds_cluster",
        "aws_docdb_cluster",
        "aws_neptune_cluster",
        "aws_elasticache_replication_group",
        "aws_opensearch_domain",
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            for path in ["engine", "engine_version"] {
                let asked = Asked::new(
                    ENGINE.name,
                    Spot::of(pair.primary, path),
                    Spot::of(secondary, path),
                );
                match (
                    text(mirror.value(pair.primary, path)),
                    text(mirror.value(secondary, path)),
                ) {
                    (Maybe::Known(one), Maybe::Known(other)) if agree(&one, &other) => sink.holds(),
                    (Maybe::Known(one), Maybe::Known(other)) => {
                        // Only the last number differs: replication works, behaviour may differ.
                        // Members of an Aurora global database must agree to the patch to take over.
                        let close = path == "engine_version"
                            && ty != "aws_rds_cluster"
                            && line(&one) == line(&other);
                        let severity = if close {
                            Severity::Degrades
                        } else {
                            Severity::Breaks
                        };
                        sink.broken(asked.severe(severity).broken(format!(
                            "{} has {path} {other}, the primary {one}",
                            mirror.instance(secondary).address
                        )));
                    }
                    // The same unknown on both sides is the same version.
                    (Maybe::Unknown(because), other) | (other, Maybe::Unknown(because))
                        if other != Maybe::Unset
                            && because.iter().any(|reason| &**reason != "aws") =>
                    {
                        // A member of a global datastore has its engine from there, and must not name one.
                        let member = mirror
                            .value(secondary, "global_replication_group_id")
                            .is_some_and(|node| *node != Node::Null);
                        if mirror.same(pair, secondary, path) || member {
                            sink.holds();
                        } else {
                            let name = &mirror.instance(secondary).address;
                            sink.unsure(asked.unsure(
                                format!("whether {path} of {name} is the primary's is not known"),
                                because,
                            ));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether two versions agree: the same, or one is a line that the other belongs to.
fn agree(one: &str, other: &str) -> bool {
    let starts = |long: &str, short: &str| {
        long == short
            || long
                .strip_prefix(short)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    starts(one, other) || starts(other, one)
}

/// The line of a version: all but its last number.
fn line(version: &str) -> &str {
    version.rsplit_once('.').map_or(version, |(line, _)| line)
}

pub(super) const PARAMETERS: Rule = Rule {
    name: "parameter-group-differs",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A replica runs with other parameters than its primary.",
    impact: "The promoted database behaves differently, refuses connections that production accepts, or stops replaying.",
    doc: "\
## What it asks
Parameter groups of paired databases, clusters and caches, by content: name, value of each parameter. A replica in another
region does not have the source's group, but the engine's default one.

## Example
```terraform
resource \"aws_db_instance\" \"replica\" {
  replicate_source_db = aws_db_instance.main.arn   # and no parameter_group_name
}
```

## How to fix it
Declare the same group in the secondary region and name it.

Source: Amazon RDS API reference, CreateDBInstanceReadReplica.
",
    check: Check::Code(parameters),
};

fn parameters(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, path) in [
        ("aws_db_instance", "parameter_group_name"),
        ("aws_rds_cluster", "db_cluster_parameter_group_name"),
        ("aws_rds_cluster_instance", "db_parameter_group_name"),
        ("aws_docdb_cluster", "db_cluster_parameter_group_name"),
        (
            "aws_neptune_cluster",
            "neptune_cluster_parameter_group_name",
        ),
        ("aws_elasticache_replication_group", "parameter_group_name"),
        ("aws_redshift_cluster", "cluster_parameter_group_name"),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            group(mirror, pair, secondary, path, sink);
        }
    }
}

fn group(
    mirror: &Mirror<'_>,
    pair: &crate::mirror::Pair,
    secondary: InstanceId,
    path: &str,
    sink: &mut Sink,
) {
    let asked = Asked::new(
        PARAMETERS.name,
        Spot::of(pair.primary, path),
        Spot::of(secondary, path),
    );
    let own = |id| mirror.targets(id, path).first().copied();
    let name = &mirror.instance(secondary).address;
    let member = mirror
        .instance(secondary)
        .values
        .contains_key("global_replication_group_id")
        && !mirror
            .targets(secondary, "global_replication_group_id")
            .is_empty();
    let joins = ["global_replication_group_id"]
        .into_iter()
        .find_map(|path| match text(mirror.value(secondary, path)) {
            Maybe::Unknown(because) if !member && !decided_by_aws(&because) => Some(because),
            _ => None,
        });
    match (own(pair.primary), own(secondary)) {
        (None, _) => {}
        (Some(_), _) if let Some(because) = joins => {
            sink.unsure(asked.unsure(format!("whether {name} has its parameters from a global datastore is not known"), because));
        }
        // A member of a global datastore has the group from it.
        (Some(_), _) if member => sink.holds(),
        (Some(one), Some(other)) => {
            let outcome = mirror.compare_sets(pair.id, mirror.value(one, "parameter"), mirror.value(other, "parameter"));
            match outcome {
                crate::mirror::Outcome::Same => sink.holds(),
                crate::mirror::Outcome::Differs(_) => {
                    let spots = [Spot::of(one, "parameter"), Spot::of(other, "parameter")];
                    sink.broken(
                        asked
                            .broken(format!("the parameters of {} are not those of {}", mirror.instance(other).address, mirror.instance(one).address))
                            .covers(spots),
                    );
                }
                crate::mirror::Outcome::Unknown(because) => {
                    sink.unsure(asked.unsure(format!("whether {name} runs with the primary's parameters is not known"), because));
                }
            }
        }
        (Some(_), None) => match mirror.value(secondary, path) {
            Some(Node::Unknown(unknown)) if unknown.because.iter().any(|reason| &**reason != "aws") => {
                sink.unsure(asked.unsure(format!("which parameter group {name} has is not known"), unknown.because.clone()));
            }
            Some(Node::String(group)) if !group.starts_with("default.") => {
                sink.unsure(asked.unsure(format!("{name} has the group {group:?}, which no source shows"), vec![group.clone()]));
            }
            _ => sink.broken(asked.broken(format!("{name} runs with the engine's default parameters, the primary with a group of its own"))),
        },
    }
}
