//! The gate "ready to serve": the target can carry what it becomes active for, as far as that can be seen.
//!
//! A fact that was asked for and did not answer closes the gate; what no call of the step shows is named, so that
//! nobody takes its silence for a yes.

use aws::rds::{DbInstance, DbStatus};

use super::{Gate, GateResult, Verdict};
use crate::message::Message;

/// What a fact is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is as it has to be.
    Fine,
    /// It is not, and will not be by waiting; the text is the next move.
    Wrong(String),
    /// It is not yet.
    NotYet,
    /// It was asked for and is not known.
    Unknown,
    /// Nobody can know it now (a lost region), or no call shows it: said, and no reason to refuse.
    Unseen,
}

/// One fact about the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What was seen, in words with its figures.
    pub seen: String,
    /// What it is worth.
    pub answer: Answer,
}

impl Fact {
    /// A fact.
    pub fn new(seen: impl Into<String>, answer: Answer) -> Self {
        Fact {
            seen: seen.into(),
            answer,
        }
    }
}

/// Asks the gate.
pub fn ready_to_serve(facts: &[Fact]) -> GateResult {
    let is = |wanted: fn(&Answer) -> bool| facts.iter().filter(move |fact| wanted(&fact.answer));
    let list = |facts: Vec<&Fact>| {
        let seen: Vec<&str> = facts.iter().map(|fact| fact.seen.as_str()).collect();
        seen.join("; ")
    };
    let wrong: Vec<&Fact> = is(|answer| matches!(answer, Answer::Wrong(_))).collect();
    let open: Vec<&Fact> =
        is(|answer| matches!(answer, Answer::NotYet | Answer::Unknown)).collect();
    let expected =
        "a target that is available, of a fitting version, with a usable key and nothing pending";
    let (verdict, seen, next) = if !wrong.is_empty() {
        let next = wrong.iter().filter_map(|fact| match &fact.answer {
            Answer::Wrong(next) => Some(next.as_str()),
            _ => None,
        });
        let next = next.collect::<Vec<_>>().join("; ");
        (Verdict::Refused { may_change: false }, list(wrong), next)
    } else if !open.is_empty() {
        let next = "wait until it shows, or see why it does not".to_owned();
        (Verdict::Refused { may_change: true }, list(open), next)
    } else {
        (Verdict::Passed, list(facts.iter().collect()), String::new())
    };
    GateResult {
        gate: Gate::ReadyToServe,
        verdict,
        message: Message::new(seen, expected, next),
        at_risk: None,
    }
}

/// The source that a replica's version is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Counterpart<'a> {
    /// It was described.
    Seen(&'a DbInstance),
    /// Its region is lost.
    Lost,
    /// It did not answer.
    Silent,
}

/// What can be seen of an RDS instance that is about to become the writer.
pub fn instance_facts(target: &DbInstance, source: Counterpart<'_>) -> Vec<Fact> {
    let mut facts = vec![available(target), version(target, source)];
    let key = target.kms_key_id.as_deref();
    let key = key.map_or_else(
        || Fact::new("not encrypted", Answer::Fine),
        // RDS shows a key that it cannot use as a status of its own, so an available instance had its key.
        |key| Fact::new(format!("encrypted with {key}"), Answer::Fine),
    );
    facts.push(key);
    let blocking = blocking_changes(target);
    facts.push(if blocking.is_empty() {
        Fact::new("no change pending", Answer::Fine)
    } else {
        Fact::new(
            format!("pending: {}", blocking.join(", ")),
            Answer::Wrong("apply what is pending now, or withdraw it".to_owned()),
        )
    });
    facts.push(Fact::new(
        "not seen: maintenance that AWS has scheduled, free addresses of its subnets, capacity of its class",
        Answer::Unseen,
    ));
    facts
}

fn available(target: &DbInstance) -> Fact {
    let seen = format!("{} is {}", target.identifier, target.status);
    let answer = match &target.status {
        DbStatus::Available => Answer::Fine,
        DbStatus::Other(status) if serves_no_more(status) => {
            Answer::Wrong("choose another target, or repair this one".to_owned())
        }
        _ => Answer::NotYet,
    };
    Fact::new(seen, answer)
}

/// Statuses that no waiting ends.
fn serves_no_more(status: &str) -> bool {
    super::fenced::takes_no_writes(status)
        || status.starts_with("incompatible-")
        || matches!(
            status,
            "stopping" | "deleting" | "delete-precheck" | "storage-full" | "insufficient-capacity"
        )
}

fn version(target: &DbInstance, source: Counterpart<'_>) -> Fact {
    let own = format!("{} {}", target.engine, target.engine_version);
    let source = match source {
        Counterpart::Seen(source) => source,
        Counterpart::Lost => {
            return Fact::new(
                format!("{own}; not compared, the source's region is lost"),
                Answer::Unseen,
            );
        }
        Counterpart::Silent => {
            return Fact::new(
                format!("{own}; the source's version is not known"),
                Answer::Unknown,
            );
        }
    };
    let seen = format!("{own}, the source {}", source.engine_version);
    let next = "bring both to one version first".to_owned();
    if target.engine != source.engine {
        return Fact::new(format!("{seen} of {}", source.engine), Answer::Wrong(next));
    }
    let answer = match (
        numbers(&target.engine_version),
        numbers(&source.engine_version),
    ) {
        // What an older version cannot read may already have been replicated to it.
        (Some(own), Some(other)) if own < other => Answer::Wrong(next),
        (Some(_), Some(_)) => Answer::Fine,
        _ if target.engine_version == source.engine_version => Answer::Fine,
        _ => Answer::Unknown,
    };
    Fact::new(seen, answer)
}

/// The numbers of a version such as `16.4` or `8.0.mysql_aurora.3.04.0`, as far as they lead.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let parts = version
        .split(['.', '-'])
        .filter(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let numbers: Option<Vec<u64>> = parts
        .map(|part| {
            let end = part
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(part.len());
            part[..end].parse().ok()
        })
        .collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// Pending changes that restart or move a database; what only concerns backups does not count.
fn blocking_changes(target: &DbInstance) -> Vec<String> {
    let pending = &target.pending;
    let class = pending
        .instance_class
        .iter()
        .map(|_| "DBInstanceClass".to_owned());
    let others = pending.others.iter().cloned();
    others.chain(class).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aws::rds::PendingModifications;

    use super::*;

    fn instance(status: &str, version: &str) -> DbInstance {
        DbInstance {
            identifier: "orders".to_owned(),
            arn: "arn:aws:rds:us-west-2:123456789012:db:orders".to_owned(),
            resource_id: "db-A".to_owned(),
            engine: "mysql".to_owned(),
            engine_version: version.to_owned(),
            status: DbStatus::from(status),
            source: None,
            replicas: Vec::new(),
            replication: None,
            backup_retention_days: 1,
            backup_window: None,
            multi_az: false,
            deletion_protection: false,
            instance_class: "db.r6g.large".to_owned(),
            kms_key_id: Some("key-1".to_owned()),
            endpoint: None,
            security_groups: Vec::new(),
            pending: PendingModifications::default(),
            tags: BTreeMap::new(),
        }
    }

    #[test]
    fn each_fact_opens_or_closes_the_gate() {
        let refused = |may_change| Verdict::Refused { may_change };
        let source = instance("available", "8.0.36");
        let postgres = DbInstance {
            engine: "postgres".to_owned(),
            ..source.clone()
        };
        let odd = instance("available", "strange");
        for (status, version, source, verdict, text) in [
            (
                "available",
                "8.0.36",
                Counterpart::Seen(&source),
                Verdict::Passed,
                "not seen:",
            ),
            (
                "available",
                "8.4.3",
                Counterpart::Seen(&source),
                Verdict::Passed,
                "8.4.3",
            ),
            // A text would be compared the other way round.
            (
                "available",
                "8.0.4",
                Counterpart::Seen(&source),
                refused(false),
                "8.0.4",
            ),
            (
                "available",
                "5.7.44",
                Counterpart::Seen(&source),
                refused(false),
                "5.7.44",
            ),
            (
                "available",
                "8.0.36",
                Counterpart::Seen(&postgres),
                refused(false),
                "postgres",
            ),
            (
                "available",
                "8.0.36",
                Counterpart::Seen(&odd),
                refused(true),
                "strange",
            ),
            (
                "available",
                "8.0.36",
                Counterpart::Lost,
                Verdict::Passed,
                "not compared",
            ),
            (
                "available",
                "8.0.36",
                Counterpart::Silent,
                refused(true),
                "not known",
            ),
            (
                "modifying",
                "8.0.36",
                Counterpart::Lost,
                refused(true),
                "modifying",
            ),
            (
                "failed",
                "8.0.36",
                Counterpart::Lost,
                refused(false),
                "failed",
            ),
            (
                "inaccessible-encryption-credentials",
                "8.0.36",
                Counterpart::Lost,
                refused(false),
                "credentials",
            ),
        ] {
            let answer = ready_to_serve(&instance_facts(&instance(status, version), source));
            assert_eq!(answer.verdict, verdict, "{status} {version}");
            assert!(answer.message.seen.contains(text), "{}", answer.message);
        }
    }

    #[test]
    fn a_pending_change_of_the_database_blocks_and_one_of_its_backups_does_not() {
        let mut target = instance("available", "8.0.36");
        target.pending.backup_retention_days = Some(7);
        assert!(ready_to_serve(&instance_facts(&target, Counterpart::Lost)).is_open());
        for change in ["class", "version"] {
            let mut target = target.clone();
            match change {
                "class" => target.pending.instance_class = Some("db.r6g.xlarge".to_owned()),
                _ => target.pending.others.push("EngineVersion".to_owned()),
            }
            let answer = ready_to_serve(&instance_facts(&target, Counterpart::Lost));
            assert_eq!(
                answer.verdict,
                Verdict::Refused { may_change: false },
                "{change}"
            );
        }
    }
}
