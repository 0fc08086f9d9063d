//! What to do about a replica that is to be a writer: one pure function of what was seen.

use std::time::Duration;

use aws::rds::{DbInstance, DbStatus};

use super::super::again::{self, Twice};
use super::super::databases::EPOCH_TAG;
use super::settings::{Difference, unmet};
use super::{Act, Request, Seen};
use crate::gate::fenced::Quarantine;
use crate::message::{Message, duration_text};
use crate::step::{Answer, Decision, Memory};

/// How long after a call AWS may still show the state from before it. AWS documents no figure; its own sample for
/// promotions sleeps 60 s before it trusts a status, and this is twice that.
pub const STATUS_LAG: Duration = Duration::from_mins(2);

/// After this many rejections of one act, each with a look and [`STATUS_LAG`] between them, AWS is believed.
pub const MOST_REJECTIONS: usize = 3;

/// Whether a promotion is under way in what AWS shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnderWay {
    /// No.
    No,
    /// An instance with a source is being modified or rebooted: a promotion looks like this, and so does any other
    /// modification of a replica.
    Perhaps,
    /// Yes: its source is gone but it still shows read replication, or it has stopped to replicate and is rebooted.
    Yes,
}

/// Whether a promotion is under way, from one description alone.
pub fn under_way(instance: &DbInstance) -> UnderWay {
    let busy = matches!(instance.status, DbStatus::Modifying | DbStatus::Rebooting);
    let replicates = instance
        .replication
        .as_ref()
        .is_some_and(aws::rds::ReplicationStatus::is_replicating);
    match (&instance.source, &instance.replication) {
        (None, Some(_)) => UnderWay::Yes,
        (Some(_), Some(_)) if busy && !replicates => UnderWay::Yes,
        (Some(_), _) if busy => UnderWay::Perhaps,
        _ => UnderWay::No,
    }
}

/// Decides. Remembers nothing but what this run itself did, so that killed at any moment the next run decides the same
/// from what it sees.
pub fn decide(seen: &Seen, request: &Request, memory: &Memory<Act>) -> Decision<Act> {
    let instance = &seen.target;
    if let Some(failure) = fatal(instance, request) {
        return Decision::Fail(failure);
    }
    if instance.source.is_some() {
        return decide_replica(seen, request, memory);
    }
    decide_writer(instance, request, memory)
}

fn decide_replica(seen: &Seen, request: &Request, memory: &Memory<Act>) -> Decision<Act> {
    if let Some(reason) = super::terms::settling(seen, request) {
        return Decision::Wait(reason);
    }
    let status = &seen.target.status;
    if *status != DbStatus::Available {
        return Decision::Wait(format!(
            "the replica is {status}; waiting for available (it cannot be promoted, or is being promoted)"
        ));
    }
    let Some((last, age)) = memory.last(|act| *act == Act::Promote) else {
        return Decision::Act(Act::Promote);
    };
    match last.answer {
        // Never a second time: AWS said yes once, and its status only lags behind.
        Answer::Accepted => Decision::Wait(
            "PromoteReadReplica was accepted; AWS still shows the replica as available with its source".to_owned(),
        ),
        Answer::Ambiguous | Answer::Rejected if age < STATUS_LAG => Decision::Wait(format!(
            "PromoteReadReplica was not answered clearly; watching for {} whether it took effect",
            duration_text(STATUS_LAG)
        )),
        Answer::Rejected => match rejected_too_often(memory, &Act::Promote) {
            Some(message) => Decision::Fail(message),
            None => Decision::Act(Act::Promote),
        },
        Answer::Ambiguous => Decision::Act(Act::Promote),
    }
}

fn decide_writer(instance: &DbInstance, request: &Request, memory: &Memory<Act>) -> Decision<Act> {
    if let Some(quarantine) = Quarantine::of(instance)
        && request.plan.is_some()
    {
        return Decision::Fail(fenced(instance, request, &quarantine));
    }
    if let Some(replication) = &instance.replication {
        return Decision::Wait(format!(
            "the source is gone, but read replication is still shown ({replication}); waiting for it to disappear"
        ));
    }
    if instance.status != DbStatus::Available {
        return Decision::Wait(format!(
            "the source is gone; the instance is {}; waiting for available",
            instance.status
        ));
    }
    let differences = unmet(instance, &request.settings);
    let missing: Vec<&Difference> = differences.iter().filter(|found| !found.pending).collect();
    if missing.is_empty() {
        return match (differences.is_empty(), instance.pending.is_empty()) {
            (true, true) => marked(instance, request, memory),
            _ => Decision::Wait(
                "modifications are pending; waiting until AWS has applied them (one that somebody deferred to the \
                 maintenance window has to be applied or withdrawn)"
                    .to_owned(),
            ),
        };
    }
    decide_settings(request.settings.only(&missing), &missing, memory)
}

/// A writer that was fenced is an old one: the role was taken from it, and what was written since is not in it.
fn fenced(instance: &DbInstance, request: &Request, quarantine: &Quarantine) -> Message {
    let (id, region) = (&instance.identifier, &request.region);
    Message::new(
        format!(
            "{id} in {region} is a standalone writer that was fenced: it is behind {} since {}",
            quarantine.group, quarantine.since
        ),
        "a replica of the active writer, or one that was promoted",
        "rebuild it as a replica first (reprotect); if it shall serve as it is, without what was written since, give it \
         its security groups back by hand",
    )
}

/// Within a failover plan a promoted writer carries the epoch, which ranks it above an older one.
fn marked(instance: &DbInstance, request: &Request, memory: &Memory<Act>) -> Decision<Act> {
    // The role was taken from nobody: this one has it, and is tagged when the execution has come to its end. Tagged now
    // and then given up, it would carry the epoch that another execution completes.
    let terms = request.plan.as_ref().filter(|terms| terms.from.is_some());
    let Some(terms) = terms else {
        return Decision::Done;
    };
    let epoch = terms.epoch;
    if instance.tags.get(EPOCH_TAG) == Some(&epoch.to_string()) {
        return Decision::Done;
    }
    let arn = instance.arn.clone();
    let mark = Act::Mark { arn, epoch };
    let is_mark = |act: &Act| matches!(act, Act::Mark { .. });
    again::send(memory, mark, is_mark, "AddTagsToResource", Twice::Harmless)
}

fn decide_settings(
    settings: super::Settings,
    missing: &[&Difference],
    memory: &Memory<Act>,
) -> Decision<Act> {
    let act = Act::Modify(settings);
    let Some((last, age)) = memory.last(|act| matches!(act, Act::Modify(_))) else {
        return Decision::Act(act);
    };
    // The same call again is harmless, but a busy instance rejects it.
    if age < STATUS_LAG && (last.act == act || last.answer != Answer::Accepted) {
        let list: Vec<String> = missing.iter().map(ToString::to_string).collect();
        return Decision::Wait(format!("settings do not show yet: {}", list.join(", ")));
    }
    match rejected_too_often(memory, &act) {
        Some(message) => Decision::Fail(message),
        None => Decision::Act(act),
    }
}

fn rejected_too_often(memory: &Memory<Act>, act: &Act) -> Option<Message> {
    let rejections: Vec<_> = memory
        .performed
        .iter()
        .filter(|performed| performed.act == *act && performed.answer == Answer::Rejected)
        .collect();
    if rejections.len() < MOST_REJECTIONS {
        return None;
    }
    let error = rejections
        .last()
        .and_then(|last| last.error.clone())
        .unwrap_or_default();
    Some(Message::new(
        format!(
            "{} rejections of {}, the last: {error}",
            rejections.len(),
            act.operation()
        ),
        format!(
            "{} to be accepted by an instance that AWS shows as available",
            act.operation()
        ),
        "settle what AWS names, then run it again: it looks first and goes on from what it sees",
    ))
}

/// States that no waiting ends. A promotion cannot start in them, and one that ends in them has failed.
fn fatal(instance: &DbInstance, request: &Request) -> Option<Message> {
    let status = instance.status.as_str();
    let next = match status {
        "stopped" | "stopping" => format!(
            "start it first: aws rds start-db-instance --db-instance-identifier {} --region {}",
            instance.identifier, request.region
        ),
        "deleting" | "delete-precheck" | "deleted" => {
            "promote another replica, or restore from a backup".to_owned()
        }
        "inaccessible-encryption-credentials"
        | "inaccessible-encryption-credentials-recoverable" => format!(
            "make the KMS key {} usable in {}, then start the instance",
            instance.kms_key_id.as_deref().unwrap_or("of the instance"),
            request.region
        ),
        "storage-full" => {
            "raise its allocated storage, wait for available, then run it again".to_owned()
        }
        "insufficient-capacity" => {
            "change its instance class to one with capacity, or promote another replica".to_owned()
        }
        "failed" | "restore-error" => {
            "see the instance's events; promote another replica, or restore from a backup"
                .to_owned()
        }
        _ if status.starts_with("incompatible-") => {
            format!(
                "see the instance's events for the {status} reason and put it right, then run it again"
            )
        }
        _ => return None,
    };
    Some(Message::new(
        format!("{} in {} is {status}", instance.identifier, request.region),
        "an instance that is available or on its way there",
        next,
    ))
}
