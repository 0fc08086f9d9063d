//! A tier's RTO and RPO against what the code can do, with the arithmetic.

use super::stores;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, number};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::{buckets, dns};

pub(super) const RULE: Rule = Rule {
    name: "objective-unmet",
    family: Family::Objectives,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A tier's objective cannot be met by what the code declares.",
    impact: "More data is lost, or more time passes, than the tier allows.",
    doc: "\
## What it asks
For each tier with an RPO: replication of buckets with time control promises 15 minutes, without it nothing; EFS replication
about 15 minutes; copies of automated backups follow by 5 minutes, those of Redshift every 8 hours, or as
the schedule of the cluster says; replicas, global clusters,
tables and datastores follow by about a second, so that none of them loses nothing. For each tier with an RTO: detection by the health check (interval times threshold) plus the TTL of the
name, before anybody has done anything. The finding shows the sum.

## How to fix it
Choose a store or strategy that can do it, shorten interval, threshold or TTL, or correct the objective.

Source: Amazon S3 user guide, replication time control; Amazon EFS user guide, replication; Amazon Route 53 developer guide.
",
    check: Check::Code(check),
};

/// What replication time control promises, in seconds.
const TIME_CONTROL: u64 = 900;

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for bucket in mirror.standing_of_type("aws_s3_bucket", Standing::Primary) {
        let Some(tier) = mirror.tier(bucket) else {
            continue;
        };
        let replication = buckets::replication(mirror, bucket);
        if let (Some(rpo), false) = (tier.rpo, replication.rules.is_empty()) {
            promise(
                mirror,
                bucket,
                rpo,
                TIME_CONTROL,
                "replication of objects promises",
                sink,
            );
        }
    }
    for files in mirror.standing_of_type("aws_efs_file_system", Standing::Primary) {
        if let Some(rpo) = mirror.tier(files).and_then(|tier| tier.rpo) {
            promise(
                mirror,
                files,
                rpo,
                TIME_CONTROL,
                "replication of files takes about",
                sink,
            );
        }
    }
    for ty in stores::TYPES {
        for store in mirror.standing_of_type(ty, Standing::Primary) {
            let Some(rpo) = mirror.tier(store).and_then(|tier| tier.rpo) else {
                continue;
            };
            match stores::loss(mirror, store) {
                Ok(Some((takes, how))) => promise(mirror, store, rpo, takes, how, sink),
                Ok(None) => {}
                Err(because) => {
                    let name = &mirror.instance(store).address;
                    let message = format!("how much of {name} may be lost is not known");
                    sink.unsure(asked_of(mirror, store).unsure(message, because));
                }
            }
        }
    }
    names(mirror, sink);
}

/// A time in the unit that people say it in.
fn shown(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

fn promise(mirror: &Mirror<'_>, id: InstanceId, rpo: u64, takes: u64, how: &str, sink: &mut Sink) {
    if takes <= rpo {
        sink.holds();
        return;
    }
    sink.broken(asked_of(mirror, id).broken(format!(
        "{how} {}, the RPO of {} is {}",
        shown(takes),
        mirror.instance(id).address,
        shown(rpo)
    )));
}

fn asked_of(mirror: &Mirror<'_>, id: InstanceId) -> Asked {
    let twin = mirror.counterpart(id);
    let twin = twin.map_or_else(Spot::missing, Spot::at);
    Asked::new(RULE.name, Spot::at(id), twin).keyed("rpo")
}

fn names(mirror: &Mirror<'_>, sink: &mut Sink) {
    for set in dns::names(mirror).into_values() {
        for record in set
            .records
            .iter()
            .filter(|record| record.failover == Maybe::Known("PRIMARY".into()))
        {
            let Some(rto) = mirror.tier(record.id).and_then(|tier| tier.rto) else {
                continue;
            };
            let check = mirror
                .targets(record.id, "health_check_id")
                .first()
                .copied();
            let detection = check.map_or(Ok(90.0), |check| dns::detection(mirror, check));
            // Aliases of load balancers are answered with 60 s.
            let ttl = number(mirror.value(record.id, "ttl")).or(60.0);
            let rto = f64::from(u32::try_from(rto).unwrap_or(u32::MAX));
            let asked = Asked::new(
                RULE.name,
                Spot::at(record.id),
                mirror
                    .counterpart(record.id)
                    .map_or_else(Spot::missing, Spot::at),
            )
            .keyed("rto");
            let (detection, ttl) = match (detection, ttl) {
                (Ok(detection), Ok(ttl)) => (detection, ttl),
                (Err(because), _) | (_, Err(because)) => {
                    let name = &mirror.instance(record.id).address;
                    let message =
                        format!("how long it takes until {name} leads elsewhere is not known");
                    sink.unsure(asked.unsure(message, because));
                    continue;
                }
            };
            if detection + ttl <= rto {
                sink.holds();
                continue;
            }
            sink.broken(asked.broken(format!(
                "{}: detection {detection} s + TTL {ttl} s = {} s, the RTO is {rto} s",
                mirror.instance(record.id).address,
                detection + ttl
            )));
        }
    }
}

pub(super) const UNASSIGNED: Rule = Rule {
    name: "tier-unassigned",
    family: Family::Objectives,
    severity: Severity::Drifts,
    on: Strategies::ALL,
    title: "A store or service belongs to no tier, though tiers are declared.",
    impact: "Nobody has said how long it may be away, or how much of it may be lost.",
    doc: "\
## What it asks
Where `dr.hcl` declares tiers, every database, cache, table, bucket, file system and service of the primary region must match
one.

## How to fix it
Add a pattern to the `match` of a tier.
",
    check: Check::Code(unassigned),
};

const STORES: [&str; 9] = [
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_elasticache_replication_group",
    "aws_dynamodb_table",
    "aws_s3_bucket",
    "aws_efs_file_system",
    "aws_ecs_service",
    "aws_lambda_function",
    "aws_sqs_queue",
];

fn unassigned(mirror: &Mirror<'_>, sink: &mut Sink) {
    if mirror.settings.tiers.is_empty() {
        return;
    }
    for ty in STORES {
        for id in mirror.standing_of_type(ty, Standing::Primary) {
            if mirror.tier(id).is_some() {
                sink.holds();
            } else {
                let asked =
                    Asked::new(UNASSIGNED.name, Spot::at(id), Spot::missing()).keyed("tier");
                sink.broken(
                    asked
                        .broken(format!(
                            "{} belongs to no tier",
                            mirror.instance(id).address
                        ))
                        .fix("Add a pattern to the match of a tier in dr.hcl."),
                );
            }
        }
    }
}
