//! Tables, caches and file systems that do not replicate.

use crate::inventory::Node;
use crate::mirror::{Counterpart, InstanceId, Maybe, Mirror, list, text, truth};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Spot, Strategies};

pub(super) const CACHE: Rule = Rule {
    name: "cache-not-global",
    family: Family::Data,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A cache of the secondary region does not replicate from that of the primary.",
    impact: "The cache starts empty: sessions are lost, and the database takes all reads at once.",
    doc: "\
## What it asks
Paired replication groups must be members of one global datastore.

## How to fix it
Declare an `aws_elasticache_global_replication_group` and set `global_replication_group_id` on the secondary. A cache that
may start cold is accepted with its reason.

Source: Amazon ElastiCache user guide, global datastores.
",
    check: Check::Code(cache),
};

fn cache(mirror: &Mirror<'_>, sink: &mut Sink) {
    let path = "global_replication_group_id";
    for (pair, secondary) in mirror.pairs_of("aws_elasticache_replication_group") {
        let asked = Asked::new(
            CACHE.name,
            Spot::at(pair.primary),
            Spot::of(secondary, path),
        )
        .keyed(path);
        let joined = !mirror.targets(secondary, path).is_empty();
        match mirror.value(secondary, path) {
            _ if joined => sink.holds(),
            Some(Node::String(text)) if !text.is_empty() => sink.holds(),
            Some(Node::Unknown(unknown))
                if unknown.because.iter().any(|reason| &**reason != "aws") =>
            {
                sink.unsure(asked.unsure(
                    format!(
                        "whether {} is a member of a global datastore is not known",
                        mirror.instance(secondary).address
                    ),
                    unknown.because.clone(),
                ));
            }
            _ => {
                let covers = ["snapshot_retention_limit", "snapshot_window"]
                    .map(|path| Spot::of(secondary, path));
                sink.broken(
                    asked
                        .broken(format!(
                            "{} is no member of a global datastore",
                            mirror.instance(secondary).address
                        ))
                        .covers(covers),
                );
            }
        }
    }
    missing::counterparts(
        mirror,
        sink,
        CACHE.name,
        &["aws_elasticache_replication_group", "aws_memorydb_cluster"],
        &|_| true,
    );
}

pub(super) const TABLE: Rule = Rule {
    name: "table-not-replicated",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A table has no replica in the secondary region, or one without what its primary has.",
    impact: "The table's data is gone with the region, or its copy cannot be recovered to a point in time.",
    doc: "\
## What it asks
Each DynamoDB table needs a `replica` block, or an `aws_dynamodb_table_replica`, for each secondary region. Point-in-time
recovery is not synchronised: where the table has it, its replica must have it too.

## Example
```terraform
resource \"aws_dynamodb_table\" \"jobs\" {
  point_in_time_recovery { enabled = true }
  replica { region_name = \"us-west-2\" }   # without point_in_time_recovery = true
}
```

## How to fix it
Add the replica, with `point_in_time_recovery = true`.

Source: Amazon DynamoDB developer guide, global tables.
",
    check: Check::Code(table),
};

fn table(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(mirror, sink, TABLE.name, &["aws_dynamodb_table"], &|_| true);
    for pair in mirror.pairs() {
        if &*mirror.instance(pair.primary).ty != "aws_dynamodb_table" {
            continue;
        }
        let (holder, at) = match &pair.counterpart {
            Counterpart::Embedded { holder, path } => (
                *holder,
                crate::inventory::node::path_text(path) + ".point_in_time_recovery",
            ),
            Counterpart::Instance(id)
                if &*mirror.instance(*id).ty == "aws_dynamodb_table_replica" =>
            {
                (*id, "point_in_time_recovery".into())
            }
            Counterpart::Instance(_) => continue,
        };
        let own = "point_in_time_recovery[0].enabled";
        if holder != pair.primary {
            protected(mirror, pair.primary, holder, sink);
        }
        let asked = Asked::new(
            "backup-weaker-after-promotion",
            Spot::of(pair.primary, own),
            Spot::of(holder, &at),
        )
        .keyed("point_in_time_recovery")
        .in_region(mirror.roles.secondary[pair.secondary].clone());
        let read = |id, path: &str| truth(mirror.value(id, path)).or(false);
        match (read(pair.primary, own), read(holder, &at)) {
            (Ok(false), _) | (Ok(true), Ok(true)) => sink.holds(),
            (Ok(true), Ok(false)) => sink.broken(
                asked
                    .severe(Severity::Degrades)
                    .broken(format!(
                        "the replica of {} has no point-in-time recovery, the table has",
                        mirror.instance(pair.primary).address
                    ))
                    .edit(
                        "Set point_in_time_recovery = true on the replica.",
                        Edit::Set {
                            address: mirror.instance(holder).address.clone(),
                            path: Spot::of(holder, &at).path,
                            expression: "true".into(),
                        },
                    ),
            ),
            (Err(because), _) | (_, Err(because)) => sink.unsure(asked.unsure(
                "whether the replica has point-in-time recovery is not known",
                because,
            )),
        }
    }
}

/// A replica that is a resource of its own has protection of its own.
fn protected(mirror: &Mirror<'_>, table: InstanceId, replica: InstanceId, sink: &mut Sink) {
    let path = "deletion_protection_enabled";
    let read = |id| truth(mirror.value(id, path)).or(false);
    let asked = Asked::new(
        "deletion-unprotected",
        Spot::of(table, path),
        Spot::of(replica, path),
    );
    match (read(table), read(replica)) {
        (Ok(true), Ok(false)) => sink.broken(asked.broken(format!(
            "{} is not protected against deletion, its table is",
            mirror.instance(replica).address
        ))),
        (Err(because), _) | (_, Err(because)) => {
            sink.unsure(asked.unsure("whether the replica is protected is not known", because));
        }
        _ => sink.holds(),
    }
}

pub(super) const TWIN: Rule = Rule {
    name: "table-twin-without-replication",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Two tables of one name, one in each region, do not replicate.",
    impact: "They are two databases that drift apart; and a replica of that name can no longer be made.",
    doc: "\
## What it asks
Tables of the same name that are declared in both regions, without a replica between them.

## How to fix it
Declare the table once, with a `replica` block for the other region.

Source: Amazon DynamoDB developer guide, global tables: a table of the name must not exist in the region.
",
    check: Check::Code(twin),
};

fn twin(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_dynamodb_table") {
        if &*mirror.instance(secondary).ty != "aws_dynamodb_table" {
            continue;
        }
        let asked = Asked::new(
            TWIN.name,
            Spot::of(pair.primary, "name"),
            Spot::of(secondary, "name"),
        );
        let (one, other) = (
            &mirror.instance(pair.primary).address,
            &mirror.instance(secondary).address,
        );
        let name = |id| mirror.value(id, "name");
        match (text(name(pair.primary)), text(name(secondary))) {
            (Maybe::Known(a), Maybe::Known(b))
                if a != b && !mirror.same(pair, secondary, "name") =>
            {
                sink.holds();
            }
            (Maybe::Unknown(because), _) | (_, Maybe::Unknown(because))
                if !mirror.same(pair, secondary, "name") =>
            {
                sink.unsure(asked.unsure(
                    format!("whether {one} and {other} have one name is not known"),
                    because,
                ));
            }
            _ => sink.broken(asked.broken(format!(
                "{one} and {other} are two tables of one name and do not replicate"
            ))),
        }
    }
}

pub(super) const FILES: Rule = Rule {
    name: "filesystem-not-replicated",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A file system, or what is needed to use its copy, is missing in the secondary region.",
    impact: "Files are gone with the region, or nothing in the secondary can mount their copy.",
    doc: "\
## What it asks
Each EFS file system needs a replication to each secondary region (`aws_efs_replication_configuration`), mount targets there
in as many zones as production uses, and the same access points: none of them is copied.

## How to fix it
Declare the replication, and mount targets and access points on the destination file system.

Source: Amazon EFS user guide, replicating file systems.
",
    check: Check::Code(files),
};

fn files(mirror: &Mirror<'_>, sink: &mut Sink) {
    let types = [
        "aws_efs_file_system",
        "aws_efs_access_point",
        "aws_fsx_ontap_file_system",
    ];
    missing::counterparts(mirror, sink, FILES.name, &types, &|_| true);
    for (pair, secondary) in mirror.pairs_of("aws_efs_file_system") {
        let carried = carries(mirror, pair.primary);
        let asked = Asked::new(FILES.name, Spot::at(pair.primary), Spot::at(secondary))
            .keyed("replication");
        match carried {
            Maybe::Known(()) => {
                sink.holds();
                destination(mirror, pair.primary, secondary, sink);
            }
            Maybe::Unset => sink.broken(asked.broken(format!(
                "{} is not replicated to {}",
                mirror.instance(pair.primary).address,
                mirror.instance(secondary).address
            ))),
            Maybe::Unknown(because) => sink.unsure(asked.unsure(
                "whether the file system is replicated is not known",
                because,
            )),
        }
    }
}

/// Whether a replication leaves a file system for another region.
fn carries(mirror: &Mirror<'_>, id: InstanceId) -> Maybe<()> {
    for carrier in mirror.of_type("aws_efs_replication_configuration") {
        if !mirror
            .targets(*carrier, "source_file_system_id")
            .contains(&id)
        {
            continue;
        }
        return match list(mirror.value(*carrier, "destination")) {
            Maybe::Known(_) => match text(mirror.value(*carrier, "destination[0].region")) {
                Maybe::Known(region) if *region == *mirror.roles.primary => Maybe::Unset,
                // Without a region: in one zone, or an existing file system.
                Maybe::Known(_) | Maybe::Unset => Maybe::Known(()),
                Maybe::Unknown(because) if because.iter().all(|reason| &**reason == "aws") => {
                    Maybe::Known(())
                }
                Maybe::Unknown(because) => Maybe::Unknown(because),
            },
            Maybe::Unset => Maybe::Unset,
            Maybe::Unknown(because) => Maybe::Unknown(because),
        };
    }
    let ty = "aws_efs_replication_configuration";
    let open = mirror.adrift(ty, "source_file_system_id", mirror.standing(id));
    if open.is_empty() {
        Maybe::Unset
    } else {
        Maybe::Unknown(open.into_iter().collect())
    }
}

/// A replication into an existing file system must lead to the counterpart, and that must let itself be overwritten.
fn destination(mirror: &Mirror<'_>, primary: InstanceId, secondary: InstanceId, sink: &mut Sink) {
    for carrier in mirror.of_type("aws_efs_replication_configuration") {
        if !mirror
            .targets(*carrier, "source_file_system_id")
            .contains(&primary)
        {
            continue;
        }
        let path = "destination[0].file_system_id";
        let leads: Vec<InstanceId> = mirror.targets(*carrier, path);
        if leads.is_empty() {
            let asked = Asked::new(
                FILES.name,
                Spot::of(*carrier, "destination"),
                Spot::at(secondary),
            )
            .keyed("destination");
            if mirror.value(*carrier, path).is_none_or(|node| matches!(node, Node::Unknown(unknown) if unknown.because.iter().all(|reason| &**reason == "aws"))) {
                sink.broken(asked.broken(format!("{} is replicated into a file system that AWS makes, not into {}", mirror.instance(primary).address, mirror.instance(secondary).address)));
            }
            continue;
        }
        let asked = Asked::new(
            FILES.name,
            Spot::of(*carrier, path),
            Spot::of(secondary, "protection"),
        )
        .keyed("destination");
        if !leads.contains(&secondary) {
            sink.broken(asked.broken(format!(
                "{} is replicated into {}, not into its counterpart",
                mirror.instance(primary).address,
                mirror.instance(leads[0]).address
            )));
            continue;
        }
        match text(mirror.value(secondary, "protection[0].replication_overwrite"))
            .or("ENABLED".into())
        {
            Ok(word) if word == "ENABLED" => sink.broken(
                asked
                    .broken(format!(
                        "{} refuses to be overwritten by replication",
                        mirror.instance(secondary).address
                    ))
                    .fix("Set protection { replication_overwrite = \"DISABLED\" }."),
            ),
            Ok(_) => sink.holds(),
            Err(because) => sink
                .unsure(asked.unsure("whether the copy may be overwritten is not known", because)),
        }
    }
}
