//! Whether every object of a bucket arrives in the secondary region.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::buckets::{self, Replication, ReplicationRule};

pub(super) const MISSING: Rule = Rule {
    name: "replication-missing",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A bucket of the primary region is not replicated.",
    impact: "Its objects are gone with the region.",
    doc: "\
## What it asks
Every bucket of the primary region that has a counterpart, or needs one, must have a replication configuration.

## Example
```terraform
resource \"aws_s3_bucket\" \"results\" { … }   # in both regions, and no aws_s3_bucket_replication_configuration
```

## How to fix it
Declare an `aws_s3_bucket_replication_configuration` with the counterpart as destination. Buckets for logs, builds and
scratch data live once: `single \"aws_s3_bucket.builds\" { reason = \"…\" }`.

Source: Amazon S3 user guide, replicating objects.
",
    check: Check::Code(missing),
};

fn missing(mirror: &Mirror<'_>, sink: &mut Sink) {
    for bucket in mirror.standing_of_type("aws_s3_bucket", Standing::Primary) {
        let stray = mirror
            .pairing
            .strays
            .iter()
            .find(|stray| stray.instance == bucket);
        if stray.is_some_and(|stray| stray.single.is_some()) || is_target(mirror, bucket) {
            continue;
        }
        let replication = buckets::replication(mirror, bucket);
        let secondary = mirror
            .counterpart(bucket)
            .map_or_else(Spot::missing, Spot::at);
        let region = mirror.roles.secondary.first().cloned().unwrap_or_default();
        let asked = Asked::new(MISSING.name, Spot::at(bucket), secondary)
            .keyed("replication")
            .in_region(region);
        let name = &mirror.instance(bucket).address;
        if !replication.open.is_empty() {
            sink.unsure(asked.unsure(
                format!("which replication {name} has is not known"),
                replication.open,
            ));
        } else if !replication.rules.is_empty() {
            sink.holds();
        } else if mirror.complete() && stray.is_none_or(|stray| stray.open.is_empty()) {
            sink.broken(asked.broken(format!("{name} has no replication")).fix("Declare an aws_s3_bucket_replication_configuration for it, or say in dr.hcl that it is single."));
        } else {
            sink.unsure(asked.unsure(
                format!("whether {name} is replicated is not known"),
                vec!["what the sources that could not be read in full hold".into()],
            ));
        }
    }
}

/// Whether other buckets or services write their own data into it: it is a destination.
fn is_target(mirror: &Mirror<'_>, bucket: InstanceId) -> bool {
    mirror.graph.referring(bucket).any(|(from, edge)| {
        &*mirror.instance(from).ty == "aws_s3_bucket_replication_configuration"
            && crate::mirror::schema_path(&edge.path).contains("destination")
    })
}

/// Buckets of the primary region with their replication.
pub(super) fn replicated(mirror: &Mirror<'_>) -> Vec<(InstanceId, Replication)> {
    mirror
        .standing_of_type("aws_s3_bucket", Standing::Primary)
        .into_iter()
        .map(|bucket| (bucket, buckets::replication(mirror, bucket)))
        .filter(|(_, replication)| !replication.rules.is_empty())
        .collect()
}

/// The other side of a bucket's replication: its counterpart.
pub(super) fn other(mirror: &Mirror<'_>, bucket: InstanceId) -> Spot {
    mirror
        .counterpart(bucket)
        .map_or_else(Spot::missing, Spot::at)
}

pub(super) fn at(rule: &ReplicationRule, inner: &str) -> Spot {
    let mut spot = Spot::steps(rule.holder, &rule.path);
    spot.path.extend(Spot::of(rule.holder, inner).path);
    spot
}

/// What a rule is for, in words.
pub(super) fn what(rule: &ReplicationRule) -> String {
    match &rule.prefix {
        Maybe::Known(prefix) if prefix.is_empty() => "everything".into(),
        Maybe::Known(prefix) => format!("{prefix:?}"),
        _ => "some keys".into(),
    }
}

pub(super) const SAME_REGION: Rule = Rule {
    name: "replication-same-region",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A bucket is replicated within the primary region only.",
    impact: "Source and copy are lost together.",
    doc: "\
## What it asks
At least one enabled rule of a replicated bucket must lead to a bucket that is proved to be in a secondary region.

## How to fix it
Use a bucket of the secondary region as destination.
",
    check: Check::Code(same_region),
};

fn same_region(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (bucket, replication) in replicated(mirror) {
        let asked = Asked::new(
            SAME_REGION.name,
            at(&replication.rules[0], "destination[0].bucket"),
            other(mirror, bucket),
        )
        .keyed("rule.destination.bucket");
        let mut open: Vec<Name> = Vec::new();
        let mut leaves = false;
        for rule in &replication.rules {
            match buckets::leaves(mirror, rule) {
                Ok(yes) => leaves |= yes,
                Err(because) => open.extend(because),
            }
        }
        let name = &mirror.instance(bucket).address;
        if leaves {
            sink.holds();
        } else if open.is_empty() {
            sink.broken(asked.broken(format!("{name} is replicated to the primary region only")));
        } else {
            sink.unsure(asked.unsure(format!("where {name} is replicated to is not known"), open));
        }
    }
}

pub(super) const TARGET: Rule = Rule {
    name: "replication-target-differs",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A bucket is replicated to another bucket than its counterpart.",
    impact: "The application of the secondary region reads a bucket in which the objects never arrive.",
    doc: "\
## What it asks
Rules that lead to the secondary region must lead to the bucket that mirrors the source.

## How to fix it
Use the counterpart as destination, or name the pair in `dr.hcl`.
",
    check: Check::Code(target),
};

fn target(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (bucket, replication) in replicated(mirror) {
        let Some(counterpart) = mirror.counterpart(bucket) else {
            continue;
        };
        let arrives = replication
            .rules
            .iter()
            .any(|rule| rule.targets.contains(&counterpart));
        for rule in &replication.rules {
            let asked = Asked::new(
                TARGET.name,
                at(rule, "destination[0].bucket"),
                Spot::at(counterpart),
            )
            .keyed("rule.destination.bucket");
            if let (Err(because), false) = (buckets::leaves(mirror, rule), arrives) {
                let name = &mirror.instance(bucket).address;
                let message =
                    format!("whether {name} is replicated to its counterpart is not known");
                sink.unsure(asked.unsure(message, because));
                continue;
            }
            let away: Vec<InstanceId> = rule
                .targets
                .iter()
                .copied()
                .filter(|id| matches!(mirror.standing(*id), Standing::Secondary(_)))
                .collect();
            if away.is_empty() {
                continue;
            }
            if away.contains(&counterpart) {
                sink.holds();
                continue;
            }
            sink.broken(asked.broken(format!(
                "{} is replicated to {}, and its counterpart is {}",
                mirror.instance(bucket).address,
                mirror.instance(away[0]).address,
                mirror.instance(counterpart).address
            )));
        }
    }
}

pub(super) const PARTIAL: Rule = Rule {
    name: "replication-partial",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Replication covers only a part of a bucket.",
    impact: "Objects outside of the covered prefixes or tags never arrive.",
    doc: "\
## What it asks
The enabled rules of a bucket that lead to the secondary region, taken together, must cover every key: one of them without
prefix and tags, in either form.

## Example
```terraform
rule {
  status = \"Enabled\"
  filter { prefix = \"published/\" }
}
```

## How to fix it
Add a rule without a prefix: `filter {}`. A part that need not be copied is accepted in `dr.hcl`. Objects that are older than
the rule need a batch replication job, which no code shows.

Source: Amazon S3 user guide, replication configuration.
",
    check: Check::Code(partial),
};

fn partial(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (bucket, replication) in replicated(mirror) {
        let counts: Vec<&ReplicationRule> = replication
            .rules
            .iter()
            .filter(|rule| {
                rule.enabled != Maybe::Known(false) && buckets::leaves(mirror, rule) != Ok(false)
            })
            .collect();
        // What is not known of a rule that may cover every key.
        let hangs = |rule: &ReplicationRule| -> Vec<Name> {
            let mut because = Vec::new();
            if let Maybe::Unknown(reasons) = &rule.prefix {
                because.extend(reasons.iter().cloned());
            }
            if let Maybe::Unknown(reasons) = &rule.enabled {
                because.extend(reasons.iter().cloned());
            }
            if let Err(reasons) = buckets::leaves(mirror, rule) {
                because.extend(reasons);
            }
            because
        };
        let candidates = || {
            counts.iter().filter(|rule| {
                !rule.tags
                    && match &rule.prefix {
                        Maybe::Known(prefix) => prefix.is_empty(),
                        Maybe::Unset | Maybe::Unknown(_) => true,
                    }
            })
        };
        let whole = candidates().any(|rule| hangs(rule).is_empty());
        let open: Vec<Name> = candidates().flat_map(|rule| hangs(rule)).collect();
        let Some(first) = counts.first() else {
            continue;
        };
        let asked = Asked::new(
            PARTIAL.name,
            at(first, "filter[0].prefix"),
            other(mirror, bucket),
        )
        .keyed("rule.filter");
        let name = &mirror.instance(bucket).address;
        if whole {
            sink.holds();
        } else if open.is_empty() {
            let covered: Vec<String> = counts
                .iter()
                .map(|rule| {
                    if rule.tags {
                        format!("{} with tags", what(rule))
                    } else {
                        what(rule)
                    }
                })
                .collect();
            sink.broken(
                asked
                    .broken(format!(
                        "of {name} only {} is replicated",
                        covered.join(", ")
                    ))
                    .fix("Add an enabled rule without prefix and tags: filter {}."),
            );
        } else {
            sink.unsure(asked.unsure(
                format!("which keys of {name} are replicated is not known"),
                open,
            ));
        }
    }
}
