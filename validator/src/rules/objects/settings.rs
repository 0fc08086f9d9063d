//! Settings of buckets that replication needs, or that protect the copy.

use crate::mirror::{InstanceId, Maybe, Mirror, Pair, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Spot, Strategies};
use crate::views::buckets;

pub(super) const VERSIONING: Rule = Rule {
    name: "versioning-off",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A bucket of a replicated pair is not versioned.",
    impact: "Replication needs versioning on both sides: it stops, or cannot be set up.",
    doc: "\
## What it asks
Source and destination of a replication must have versioning `Enabled`; a pair without replication must agree.

## How to fix it
Set `status = \"Enabled\"` on both.

Source: Amazon S3 user guide, requirements for replication.
",
    check: Check::Code(versioning),
};

fn versioning(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_s3_bucket") {
        let replication = buckets::replication(mirror, pair.primary);
        let replicated = !replication.rules.is_empty();
        let (one, holder, path) = buckets::versioning(mirror, pair.primary);
        let (other, other_holder, other_path) = buckets::versioning(mirror, secondary);
        let on =
            |status: &Maybe<String>| matches!(status, Maybe::Known(status) if status == "Enabled");
        if !replicated && !on(&one) {
            // Whether it must be hangs on what is not known of the primary.
            let because = match &one {
                Maybe::Unknown(because) => because.clone(),
                _ => replication.open,
            };
            if !because.is_empty() && !on(&other) && one != other {
                let asked = Asked::new(
                    VERSIONING.name,
                    Spot::of(holder, path),
                    Spot::of(other_holder, other_path),
                );
                let name = &mirror.instance(secondary).address;
                sink.unsure(asked.keyed("versioning of the counterpart").unsure(
                    format!("whether {name} must be versioned is not known"),
                    because,
                ));
            }
            continue;
        }
        for (status, at, inner, bucket) in [
            (&other, other_holder, other_path, secondary),
            (&one, holder, path, pair.primary),
        ] {
            // The primary's own lack counts where it is replicated.
            if bucket == pair.primary && !replicated {
                continue;
            }
            let (first, second) = if bucket == secondary {
                (Spot::of(holder, path), Spot::of(at, inner))
            } else {
                (Spot::of(at, inner), Spot::of(other_holder, other_path))
            };
            let key = if bucket == secondary {
                "versioning of the counterpart"
            } else {
                "versioning of the source"
            };
            let asked = Asked::new(VERSIONING.name, first, second).keyed(key);
            let name = &mirror.instance(bucket).address;
            match status {
                Maybe::Known(status) if status == "Enabled" => sink.holds(),
                Maybe::Unknown(because) => sink.unsure(asked.unsure(
                    format!("whether {name} is versioned is not known"),
                    because.clone(),
                )),
                _ => sink.broken(
                    asked
                        .broken(format!("{name} is not versioned"))
                        .covers([Spot::at(bucket), Spot::of(bucket, "versioning")])
                        .edit(
                            "Set status = \"Enabled\".",
                            Edit::Set {
                                address: mirror.instance(at).address.clone(),
                                path: Spot::of(at, inner).path,
                                expression: if at == bucket {
                                    "true".into()
                                } else {
                                    "\"Enabled\"".into()
                                },
                            },
                        ),
                ),
            }
        }
    }
}

pub(super) const LOCK: Rule = Rule {
    name: "lock-differs",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "The copy of a locked bucket is not locked, or for less time.",
    impact: "The only remaining copy of records that must not change can be changed or deleted; replication of locked objects needs a locked destination.",
    doc: "\
## What it asks
Object Lock of paired buckets: enabled on both, with a default retention at least as strong and as long.

## How to fix it
Create the counterpart with `object_lock_enabled = true` and the same `aws_s3_bucket_object_lock_configuration`. It can be
enabled for existing buckets too.

Source: Amazon S3 user guide, Object Lock with replication.
",
    check: Check::Code(lock),
};

fn lock(mirror: &Mirror<'_>, sink: &mut Sink) {
    let ty = "aws_s3_bucket_object_lock_configuration";
    for (pair, secondary) in mirror.pairs_of("aws_s3_bucket") {
        let enabled = |id| truth(mirror.value(id, "object_lock_enabled"));
        let (one, other) = (
            buckets::setting(mirror, pair.primary, ty),
            buckets::setting(mirror, secondary, ty),
        );
        let asked = Asked::new(
            LOCK.name,
            Spot::of(pair.primary, "object_lock_enabled"),
            Spot::of(secondary, "object_lock_enabled"),
        );
        let name = &mirror.instance(secondary).address;
        let (one, other) = match (one, other) {
            (Ok(one), Ok(other)) => (one, other),
            // Neither is known to have one of its own, and the same may be theirs.
            (Err(one), Err(other)) if one == other => continue,
            (Err(because), _) | (_, Err(because)) => {
                let message = format!("whether {name} is locked as the primary is not known");
                sink.unsure(asked.unsure(message, because));
                continue;
            }
        };
        let locked = one.is_some() || enabled(pair.primary) == Maybe::Known(true);
        if !locked {
            continue;
        }
        let copy_locked = match (&other, enabled(secondary)) {
            // It says so itself; a configuration of the lock is refused then.
            (_, Maybe::Known(false)) if enabled(pair.primary) == Maybe::Known(true) => Ok(false),
            (Some(_), _) | (None, Maybe::Known(true)) => Ok(true),
            (None, Maybe::Unknown(because)) if because.iter().any(|reason| &**reason != "aws") => {
                Err(because)
            }
            (None, _) => Ok(false),
        };
        let covers: Vec<Spot> = one.iter().map(|setting| Spot::at(setting.holder)).collect();
        match copy_locked {
            Ok(false) => sink.broken(
                asked
                    .broken(format!("{name} has no Object Lock, the primary has"))
                    .covers(covers),
            ),
            Err(because) => sink.unsure(asked.unsure(
                format!("whether {name} has Object Lock is not known"),
                because,
            )),
            Ok(true) => match (one, other) {
                (Some(one), Some(other)) => {
                    retention(mirror, pair, (one.holder, other.holder), sink);
                }
                (Some(one), None) => sink.broken(
                    asked
                        .keyed("default retention")
                        .broken(format!("{name} has no default retention, the primary has"))
                        .covers([Spot::at(one.holder)]),
                ),
                _ => sink.holds(),
            },
        }
    }
}

fn retention(
    mirror: &Mirror<'_>,
    pair: &Pair,
    (one, other): (InstanceId, InstanceId),
    sink: &mut Sink,
) {
    if mirror.same_at(pair, &Spot::of(one, "rule"), &Spot::of(other, "rule")) {
        return sink.holds();
    }
    let base = "rule[0].default_retention[0]";
    let days = |id| {
        let days = crate::mirror::number(mirror.value(id, &format!("{base}.days"))).or(0.0)?;
        let years = crate::mirror::number(mirror.value(id, &format!("{base}.years"))).or(0.0)?;
        Ok::<f64, Vec<crate::inventory::Name>>(days + years * 365.0)
    };
    let mode = |id| text(mirror.value(id, &format!("{base}.mode"))).or(String::new());
    let asked = Asked::new(LOCK.name, Spot::of(one, "rule"), Spot::of(other, "rule"))
        .keyed("default retention");
    let name = &mirror.instance(other).address;
    match (days(one), days(other), mode(one), mode(other)) {
        (Ok(a), Ok(b), Ok(first), Ok(second)) => {
            let weaker = b < a || first == "COMPLIANCE" && second != "COMPLIANCE";
            if weaker {
                sink.broken(asked.broken(format!(
                    "{name} retains for {b} days ({second}), the primary for {a} ({first})"
                )));
            } else {
                sink.holds();
            }
        }
        (Err(because), ..) | (_, Err(because), ..) | (.., Err(because), _) | (.., Err(because)) => {
            sink.unsure(asked.unsure(format!("how long {name} retains is not known"), because));
        }
    }
}
