//! What to do about each region, and the second-writer check: pure functions of what was seen.

use aws::rds::{DbInstance, DbStatus};

use super::super::again::{self, Twice};
use super::super::databases::{epoch_of, outranks};
use super::{Act, PlaceSeen, REPLACED_TAG, Seen};
use crate::consent::{Judged, judge_plan};
use crate::gate::fenced::{OldWriter, fenced, takes_no_writes};
use crate::gate::{Gate, GateResult, Verdict};
use crate::instance_name::names_source;
use crate::kind::Case;
use crate::message::Message;
use crate::step::{Decision, Memory};

/// Decides: the first region that is not as asked for. Waiting for one does not keep another from being begun.
pub fn decide(seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
    if seen.writer.source.is_some() {
        return Decision::Fail(Message::new(
            format!("{} is a replica", seen.writer.identifier),
            "the active writer",
            "see which region is active; run reprotect towards it",
        ));
    }
    if !seen.places.is_empty() && seen.places.iter().all(|it| it.instance.is_err()) {
        return Decision::Fail(Message::new(
            seen.to_string(),
            "a region that is back, to make a replica in",
            "run reprotect when a region answers again, without declaring it lost",
        ));
    }
    let decisions: Vec<_> = seen
        .places
        .iter()
        .filter_map(|place| decide_place(place, &seen.writer, memory))
        .collect();
    let act = decisions.iter().find(|it| !matches!(it, Decision::Wait(_)));
    let first = act.or_else(|| decisions.first());
    first.cloned().unwrap_or(Decision::Done)
}

fn decide_place(
    seen: &PlaceSeen,
    writer: &DbInstance,
    memory: &Memory<Act>,
) -> Option<Decision<Act>> {
    let place = &seen.place;
    // A region that is left out is told as a warning: another execution sees to it.
    let Ok(instance) = &seen.instance else {
        return None;
    };
    let Some(instance) = instance else {
        return Some(create(seen, writer, memory));
    };
    match &instance.source {
        Some(source) if names_source(&writer.arn, source.as_str(), &instance.arn) => {
            follows(instance)
        }
        Some(source) => Some(Decision::Fail(Message::new(
            format!(
                "{} in {} follows {}",
                place.id,
                place.region,
                source.as_str()
            ),
            format!("a replica of {}, or the old primary", writer.arn),
            "see what it is; reprotect renames only a standalone instance",
        ))),
        None => Some(rename(instance, seen, writer, memory)),
    }
}

fn follows(replica: &DbInstance) -> Option<Decision<Act>> {
    let replicates = replica
        .replication
        .as_ref()
        .is_some_and(aws::rds::ReplicationStatus::is_replicating);
    if replica.status == DbStatus::Available && replicates {
        return None;
    }
    let status = replica.status.as_str();
    if status == "failed" || status.starts_with("incompatible-") {
        return Some(Decision::Fail(Message::new(
            format!("{} is {status}", replica.identifier),
            "a replica that becomes available",
            "see its events, delete it yourself, then run it again",
        )));
    }
    let replication = replica.replication.as_ref().map(ToString::to_string);
    Some(Decision::Wait(format!(
        "{} is {status}, read replication {}",
        replica.identifier,
        replication.as_deref().unwrap_or("not shown yet")
    )))
}

fn send(memory: &Memory<Act>, act: Act, twice: Twice) -> Decision<Act> {
    let words = format!("{} of {}", act.operation(), act.place().id);
    let wanted = act.clone();
    let same = move |other: &Act| {
        other.operation() == wanted.operation() && other.place().region == wanted.place().region
    };
    again::send(memory, act, same, &words, twice)
}

fn rename(
    old: &DbInstance,
    seen: &PlaceSeen,
    writer: &DbInstance,
    memory: &Memory<Act>,
) -> Decision<Act> {
    let place = &seen.place;
    // Whoever cannot be followed is found before the name is given away.
    if let Some(failure) = cannot_follow(seen, writer) {
        return Decision::Fail(failure);
    }
    if let Ok(Some(taken)) = &seen.renamed
        && taken.resource_id != old.resource_id
    {
        return Decision::Fail(Message::new(
            format!("{} in {} exists already", place.renamed, place.region),
            "a free name for the old primary",
            "delete or rename what an earlier reprotect kept, or write another suffix",
        ));
    }
    // What is not proved to be the other writer is not even marked: the gate of the renaming tells why.
    if outranks(writer, old) && old.tags.get(REPLACED_TAG) != Some(&writer.arn) {
        let mark = Act::Mark(place.clone(), old.arn.clone(), writer.arn.clone());
        return send(memory, mark, Twice::Harmless);
    }
    if takes_no_writes(old.status.as_str()) {
        return Decision::Fail(Message::new(
            format!("{} in {} is {}", place.id, place.region, old.status),
            "an old primary that is available behind its quarantine: AWS renames no other",
            "start it with no writer that could reach it, fence it by quarantine, then run it again; or delete it \
             yourself once you have what only it has",
        ));
    }
    if old.status != DbStatus::Available {
        return Decision::Wait(format!(
            "{} is {}; it is renamed when it is available",
            place.id, old.status
        ));
    }
    send(memory, Act::Rename(place.clone()), Twice::Never)
}

fn create(seen: &PlaceSeen, writer: &DbInstance, memory: &Memory<Act>) -> Decision<Act> {
    let place = &seen.place;
    let renamed = again::accepted(
        memory,
        |act| matches!(act, Act::Rename(other) if other.region == place.region),
    );
    if renamed.is_some() && !matches!(&seen.renamed, Ok(Some(_))) {
        return Decision::Wait(format!(
            "{} does not show as {} yet",
            place.id, place.renamed
        ));
    }
    if let Some(failure) = cannot_follow(seen, writer) {
        return Decision::Fail(failure);
    }
    if writer.status != DbStatus::Available {
        return Decision::Wait(format!(
            "the writer {} is {}; a replica is made when it is available",
            writer.identifier, writer.status
        ));
    }
    send(
        memory,
        Act::Create(place.clone(), writer.arn.clone()),
        Twice::Never,
    )
}

fn cannot_follow(seen: &PlaceSeen, writer: &DbInstance) -> Option<Message> {
    let region = &seen.place.region;
    if writer.kms_key_id.is_some() && seen.place.kms_key_id.is_none() {
        return Some(Message::new(
            format!(
                "{} is encrypted and no key is named for {region}",
                writer.identifier
            ),
            format!("a key of {region} under kms_key_id"),
            "name one in the document",
        ));
    }
    (writer.backup_retention_days == 0).then(|| {
        Message::new(
            format!("{} keeps no automated backups", writer.identifier),
            "a writer with backups: AWS makes replicas of no other",
            "set its backup retention (at least one day) and run it again",
        )
    })
}

/// The consents that count now.
pub(super) fn consents(seen: &Seen, case: &Case) -> Judged {
    let target = case.target.as_str();
    judge_plan(&case.consents, seen.at, &case.step, target, case.epoch)
}

/// The second-writer check, for every standalone instance that would be renamed.
pub(super) fn gates(seen: &Seen, case: &Case) -> Vec<GateResult> {
    let judged = consents(seen, case);
    let standalone = seen
        .places
        .iter()
        .filter_map(|place| match &place.instance {
            Ok(Some(instance)) if instance.source.is_none() => Some((place, instance)),
            _ => None,
        });
    standalone
        .flat_map(|(place, old)| {
            let writer = OldWriter::of(old, place.connections.clone());
            [ranked(old, &seen.writer), fenced(&writer, &judged)]
        })
        .collect()
}

/// Of two standalone writers the one of the higher epoch is active; one that cannot be ranked is not renamed.
fn ranked(old: &DbInstance, writer: &DbInstance) -> GateResult {
    let (own, other) = (epoch_of(writer), epoch_of(old));
    let text = |epoch: Option<u64>| epoch.map_or("none".to_owned(), |epoch| epoch.to_string());
    let right = outranks(writer, old);
    let (id, old_id) = (&writer.identifier, &old.identifier);
    let next = if right {
        ""
    } else {
        "see which of the two is active; the tag dr:epoch is set on a writer when a failover or switchover promotes it"
    };
    GateResult {
        gate: Gate::RightSource,
        verdict: if right {
            Verdict::Passed
        } else {
            Verdict::Refused { may_change: false }
        },
        message: Message::new(
            format!(
                "{id} is of epoch {}, {old_id} of {}",
                text(own),
                text(other)
            ),
            format!("{id} to be of the higher epoch"),
            next,
        ),
        at_risk: None,
    }
}
