//! What each replication rule must say so that the copies are whole, in time and readable.

use super::replication::{at, other, replicated, what};
use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Strategies, Written};
use crate::views::buckets::{self, ReplicationRule};

pub(super) const DISABLED: Rule = Rule {
    name: "replication-disabled",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A replication rule is disabled.",
    impact: "The objects that it is for do not arrive.",
    doc: "\
## What it asks
Replication rules must have the status `Enabled`.

## How to fix it
Enable the rule, or remove it.
",
    check: Check::Code(disabled),
};

fn disabled(mirror: &Mirror<'_>, sink: &mut Sink) {
    class(mirror, sink);
    for (bucket, replication) in replicated(mirror) {
        for rule in &replication.rules {
            let asked = Asked::new(DISABLED.name, at(rule, "status"), other(mirror, bucket))
                .keyed(format!("rule {} status", what(rule)));
            match &rule.enabled {
                Maybe::Known(true) => sink.holds(),
                Maybe::Known(false) | Maybe::Unset => sink.broken(
                    asked
                        .broken(format!(
                            "the rule of {} for {} is disabled",
                            mirror.instance(bucket).address,
                            what(rule)
                        ))
                        .edit(
                            "Set status = \"Enabled\".",
                            Edit::Set {
                                address: mirror.instance(rule.holder).address.clone(),
                                path: at(rule, "status").path,
                                expression: "\"Enabled\"".into(),
                            },
                        ),
                ),
                Maybe::Unknown(because) => sink.unsure(
                    asked.unsure("whether the rule is enabled is not known", because.clone()),
                ),
            }
        }
    }
}

pub(super) const DELETE_MARKERS: Rule = Rule {
    name: "delete-markers-not-replicated",
    family: Family::Objects,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "Delete markers are not replicated.",
    impact: "Objects that were deleted in production are there again after a failover.",
    doc: "\
## What it asks
Enabled rules in the newer form (with `filter`) must have `delete_marker_replication { status = \"Enabled\" }`. Rules in the
older form copy the markers of users by themselves; rules with tags never do.

## How to fix it
Enable it. Markers that lifecycle rules make are never replicated.

Source: Amazon S3 user guide, replicating delete markers.
",
    check: Check::Code(delete_markers),
};

fn delete_markers(mirror: &Mirror<'_>, sink: &mut Sink) {
    each_enabled(
        mirror,
        sink,
        DELETE_MARKERS.name,
        "delete_marker_replication[0].status",
        &|rule| Ok(rule.newer && !rule.tags),
        |rule, name| {
            format!(
                "the rule of {name} for {} does not replicate delete markers",
                what(rule)
            )
        },
        Some(&|_| {
            let block = "delete_marker_replication {\n  status = \"Enabled\"\n}";
            ("", block.into())
        }),
    );
}

pub(super) const TIME: Rule = Rule {
    name: "no-time-control",
    family: Family::Objects,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "Replication has no time control.",
    impact: "Lag has no bound, no metric and no alarm: nobody knows how much is lost at a failover.",
    doc: "\
## What it asks
Enabled rules must have `replication_time { status = \"Enabled\" }`, where the bucket's tier has an RPO of 15 minutes or
less, or no tier says how much may be lost.

## How to fix it
Enable replication time control and metrics.

Source: Amazon S3 user guide, replication time control.
",
    check: Check::Code(time),
};

fn time(mirror: &Mirror<'_>, sink: &mut Sink) {
    measured(mirror, sink);
    let strict = |rule: &ReplicationRule| {
        let bucket = mirror
            .targets(rule.holder, "bucket")
            .first()
            .copied()
            .unwrap_or(rule.holder);
        mirror
            .tier(bucket)
            .and_then(|tier| tier.rpo)
            .is_none_or(|rpo| rpo <= 900)
    };
    each_enabled(
        mirror,
        sink,
        TIME.name,
        "destination[0].replication_time[0].status",
        &|rule| Ok(strict(rule)),
        |rule, name| {
            format!(
                "the rule of {name} for {} has no replication time control",
                what(rule)
            )
        },
        Some(&|rule| {
            let time =
                "replication_time {\n  status = \"Enabled\"\n\n  time {\n    minutes = 15\n  }\n}";
            let metrics = "\n\nmetrics {\n  status = \"Enabled\"\n\n  event_threshold {\n    minutes = 15\n  }\n}";
            let has = buckets::inside(mirror, rule.holder, &rule.path, "destination[0].metrics[0]");
            let metrics = if has.is_some() { "" } else { metrics };
            ("destination[0]", format!("{time}{metrics}"))
        }),
    );
}

/// What makes the block that a rule lacks: its name and its text.
type Block<'b> = dyn Fn(&ReplicationRule) -> (&'static str, String) + 'b;

/// Asks each enabled rule that leads away for a status that must be `Enabled`.
fn each_enabled(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    name: &'static str,
    path: &str,
    counts: &dyn Fn(&ReplicationRule) -> Result<bool, Vec<Name>>,
    message: impl Fn(&ReplicationRule, &str) -> String,
    block: Option<&Block<'_>>,
) {
    for (bucket, replication) in replicated(mirror) {
        for rule in &replication.rules {
            if rule.enabled != Maybe::Known(true) || buckets::leaves(mirror, rule) == Ok(false) {
                continue;
            }
            let counts = counts(rule);
            if counts == Ok(false) {
                continue;
            }
            // What the other bucket gets is written here, and nowhere else.
            let spot = at(rule, path);
            let mut other = other(mirror, bucket);
            other.written = Some(Written::At(rule.holder, spot.path.clone()));
            let asked = Asked::new(name, spot, other).keyed(format!("rule {}", what(rule)));
            match crate::mirror::text(buckets::inside(mirror, rule.holder, &rule.path, path)) {
                Maybe::Known(status) if status == "Enabled" => sink.holds(),
                Maybe::Unknown(because) if because.iter().any(|reason| &**reason != "aws") => {
                    sink.unsure(asked.unsure(format!("{path} is not known"), because));
                }
                _ if counts.is_err() => sink.unsure(asked.unsure(
                    format!("whether {path} is needed is not known"),
                    counts.err().unwrap_or_default(),
                )),
                Maybe::Known(_) => sink.broken(
                    asked
                        .broken(message(rule, &mirror.instance(bucket).address))
                        .edit(
                            "Set its status to \"Enabled\".",
                            Edit::Set {
                                address: mirror.instance(rule.holder).address.clone(),
                                path: at(rule, path).path,
                                expression: "\"Enabled\"".into(),
                            },
                        ),
                ),
                _ => {
                    let broken = asked.broken(message(rule, &mirror.instance(bucket).address));
                    let text = format!("Enable it: {path} = \"Enabled\" in the rule.");
                    sink.broken(match block.map(|block| block(rule)) {
                        None => broken.fix(text),
                        Some((outer, block)) => broken.edit(
                            text,
                            Edit::Insert {
                                address: mirror.instance(rule.holder).address.clone(),
                                path: at(rule, outer).path,
                                block,
                            },
                        ),
                    });
                }
            }
        }
    }
}

/// Metrics of rules that have time control: without them nobody sees the lag.
fn measured(mirror: &Mirror<'_>, sink: &mut Sink) {
    each_enabled(
        mirror,
        sink,
        TIME.name,
        "destination[0].metrics[0].status",
        &|rule| {
            let path = "destination[0].replication_time[0].status";
            let status =
                crate::mirror::text(buckets::inside(mirror, rule.holder, &rule.path, path));
            Ok(status == Maybe::Known("Enabled".into()))
        },
        |rule, name| format!("the rule of {name} for {} has no metrics", what(rule)),
        Some(&|_| {
            let block = "metrics {\n  status = \"Enabled\"\n\n  event_threshold {\n    minutes = 15\n  }\n}";
            ("destination[0]", block.into())
        }),
    );
}

/// Copies that must be restored from an archive, which takes hours, before anything can read them.
fn class(mirror: &Mirror<'_>, sink: &mut Sink) {
    let path = "destination[0].storage_class";
    for (bucket, replication) in replicated(mirror) {
        for rule in replication
            .rules
            .iter()
            .filter(|rule| rule.enabled == Maybe::Known(true))
        {
            match crate::mirror::text(buckets::inside(mirror, rule.holder, &rule.path, path)) {
                Maybe::Known(class) if class == "GLACIER" || class == "DEEP_ARCHIVE" => {
                    let asked = Asked::new(
                        super::replication::TARGET.name,
                        at(rule, path),
                        other(mirror, bucket),
                    )
                    .keyed("storage_class");
                    sink.broken(asked.broken(format!(
                        "copies of {} are written to {class}",
                        mirror.instance(bucket).address
                    )));
                }
                _ => sink.holds(),
            }
        }
    }
}

pub(super) const KMS: Rule = Rule {
    name: "kms-objects-skipped",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Objects that are encrypted with a key of KMS are skipped by replication.",
    impact: "S3 leaves them out without a word: with default encryption by KMS that is every object.",
    doc: "\
## What it asks
Where a bucket encrypts by default with `aws:kms`, each enabled rule must select such objects
(`source_selection_criteria { sse_kms_encrypted_objects { status = \"Enabled\" } }`) and name a key of the destination's
region.

## How to fix it
Add the selection and `encryption_configuration { replica_kms_key_id = … }`.

Source: Amazon S3 user guide, replicating encrypted objects.
",
    check: Check::Code(kms),
};

/// Whether a bucket encrypts with KMS by default.
fn by_kms(mirror: &Mirror<'_>, bucket: InstanceId) -> Maybe<bool> {
    let path = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm";
    let inline = format!("server_side_encryption_configuration[0].{path}");
    let known = match buckets::setting(
        mirror,
        bucket,
        "aws_s3_bucket_server_side_encryption_configuration",
    ) {
        Ok(Some(setting)) => crate::mirror::text(mirror.value(setting.holder, path)),
        Ok(None) => crate::mirror::text(mirror.value(bucket, &inline)),
        Err(because) => Maybe::Unknown(because),
    };
    known.map(|algorithm| algorithm.starts_with("aws:kms"))
}

fn kms(mirror: &Mirror<'_>, sink: &mut Sink) {
    each_enabled(
        mirror,
        sink,
        KMS.name,
        "source_selection_criteria[0].sse_kms_encrypted_objects[0].status",
        &|rule| {
            let buckets = mirror.targets(rule.holder, "bucket");
            let answers: Vec<Maybe<bool>> = buckets
                .iter()
                .chain([&rule.holder])
                .map(|bucket| by_kms(mirror, *bucket))
                .collect();
            if answers.contains(&Maybe::Known(true)) {
                return Ok(true);
            }
            let open = answers.into_iter().find_map(|answer| match answer {
                Maybe::Unknown(because) if because.iter().any(|reason| &**reason != "aws") => {
                    Some(because)
                }
                _ => None,
            });
            open.map_or(Ok(false), Err)
        },
        |rule, name| {
            format!(
                "{name} encrypts with KMS, and its rule for {} skips such objects",
                what(rule)
            )
        },
        None,
    );
}
