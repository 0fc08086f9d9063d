//! Makes sure that the old writer accepts no writes before another one does.
//!
//! The act is a quarantine: its security groups are replaced by one prepared without rules (`ModifyDBInstance`), and it
//! is restarted (`RebootDBInstance`), because connections that were open before go on behind any group. Proved is it by
//! a whole minute without a connection after the group was in force; since when it was is kept as a tag, so that another
//! run can judge too. Replication does not pass through the instance's groups: RDS sets up a channel of its own between
//! the regions (Amazon RDS User Guide, "Creating a read replica in a different AWS Region").
//!
//! Of a region that does not answer nothing can be proved: then a consent decides, and the execution ends unfenced.

mod kind;
mod observe;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::rds::{DbInstance, DbStatus, InstanceId, ModifyDbInstance};
use aws::{Aws, Error, Region};

pub use self::kind::FenceDatabaseKind;
pub use self::observe::{Seen, WriterSeen};

use super::again::{self, Twice, accepted};
use super::databases::{epoch_of, outranks, told};
use crate::gate::GateResult;
use crate::gate::fenced::{OldWriter, QUARANTINE_TAG, Quarantine, fenced};
use crate::kind::Case;
use crate::message::Message;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// How long after a restart its effect on the connections is waited for: the restart, and three periods of the metric.
const PROOF_COMES: Duration = Duration::from_mins(10);

/// How an old writer is fenced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// Behind this security group, and restarted.
    Quarantine(String),
    /// Stopped.
    Stop,
}

/// A writer that is to be fenced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Its region.
    pub region: Region,
    /// The instance.
    pub id: InstanceId,
    /// How.
    pub means: Means,
}

/// What the step can do, to the writer of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `ModifyDBInstance` with the quarantine as its only group.
    Quarantine(Writer),
    /// `AddTagsToResource` with the quarantine, now that it is in force.
    Mark(Writer, String, Quarantine),
    /// `RebootDBInstance`.
    Reboot(Writer),
    /// `StopDBInstance`.
    Stop(Writer),
    /// No call: going on although nothing proves the fence, which only a consent allows.
    GoOnUnfenced(Writer),
}

impl Act {
    fn writer(&self) -> &Writer {
        match self {
            Act::Quarantine(writer)
            | Act::Mark(writer, ..)
            | Act::Reboot(writer)
            | Act::Stop(writer)
            | Act::GoOnUnfenced(writer) => writer,
        }
    }

    fn operation(&self) -> &'static str {
        match self {
            Act::Quarantine(_) => "ModifyDBInstance",
            Act::Mark(..) => "AddTagsToResource",
            Act::Reboot(_) => "RebootDBInstance",
            Act::Stop(_) => "StopDBInstance",
            Act::GoOnUnfenced(_) => "going on unfenced",
        }
    }
}

/// The step itself.
pub struct FenceDatabase {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    writers: Vec<Writer>,
    /// In reprotect the active writer, which has to outrank what is fenced.
    active: Option<(Region, InstanceId)>,
    case: Case,
}

/// Outside of an execution that moves the role, only what is proved not to be the active writer is fenced.
fn second_writer(seen: &Seen) -> Option<Decision<Act>> {
    let active = seen.active.as_ref()?;
    let standalone = seen
        .writers
        .iter()
        .filter_map(|writer| match &writer.instance {
            Ok(Some(instance)) if instance.source.is_none() => Some(instance),
            _ => None,
        });
    let mut unranked = standalone.filter(|other| !outranks(active, other));
    let other = unranked.next()?;
    let epoch = |it: &DbInstance| epoch_of(it).map_or("none".to_owned(), |it| it.to_string());
    Some(Decision::Fail(Message::new(
        format!(
            "{} is of epoch {}, {} of {}",
            active.identifier,
            epoch(active),
            other.identifier,
            epoch(other)
        ),
        format!(
            "{} as a standalone writer of the higher epoch",
            active.identifier
        ),
        "see which of the two is active; reprotect fences only what is proved to be the other one",
    )))
}

/// What to do about one writer; `None` when it is fenced, or is gone on without.
fn decide(seen: &WriterSeen, memory: &Memory<Act>) -> Option<Decision<Act>> {
    let writer = &seen.writer;
    let old = seen.old_writer();
    if old.proof().is_ok() {
        return None;
    }
    let gone_on = |act: &Act| matches!(act, Act::GoOnUnfenced(w) if w == writer);
    if accepted(memory, gone_on).is_some() {
        return None;
    }
    let Ok(Some(instance)) = &seen.instance else {
        return Some(Decision::Act(Act::GoOnUnfenced(writer.clone())));
    };
    if instance.status != DbStatus::Available {
        return Some(Decision::Wait(format!(
            "{} in {} is {}; it can be fenced when it is available",
            writer.id, writer.region, instance.status
        )));
    }
    Some(match &writer.means {
        Means::Stop => stop(instance, writer, memory),
        Means::Quarantine(group) => quarantine(instance, group, seen, &old, memory),
    })
}

fn send(memory: &Memory<Act>, act: Act, twice: Twice) -> Decision<Act> {
    let words = format!("{} of {}", act.operation(), act.writer().id);
    let wanted = act.clone();
    // Two marks differ in their moment only.
    let same = move |other: &Act| {
        other.operation() == wanted.operation() && other.writer() == wanted.writer()
    };
    again::send(memory, act, same, &words, twice)
}

fn stop(instance: &DbInstance, writer: &Writer, memory: &Memory<Act>) -> Decision<Act> {
    if !instance.replicas.is_empty() {
        return Decision::Fail(Message::new(
            format!(
                "{} is followed by {}",
                writer.id,
                instance.replicas.join(", ")
            ),
            "an instance without replicas: AWS stops no other",
            "write by = \"quarantine\" with a prepared security group",
        ));
    }
    send(memory, Act::Stop(writer.clone()), Twice::Harmless)
}

fn quarantine(
    instance: &DbInstance,
    group: &str,
    seen: &WriterSeen,
    old: &OldWriter,
    memory: &Memory<Act>,
) -> Decision<Act> {
    let writer = seen.writer.clone();
    if instance.security_groups != [group] {
        return send(memory, Act::Quarantine(writer), Twice::Harmless);
    }
    let OldWriter::Quarantined {
        quarantine,
        connections,
    } = old
    else {
        let mark = Quarantine {
            group: group.to_owned(),
            since: seen.at,
        };
        return send(
            memory,
            Act::Mark(writer, instance.arn.clone(), mark),
            Twice::Harmless,
        );
    };
    let rebooted = accepted(memory, |act| matches!(act, Act::Reboot(w) if *w == writer));
    match (rebooted, connections) {
        (None, _) => send(memory, Act::Reboot(writer), Twice::Harmless),
        (Some(age), Ok(_)) if age < PROOF_COMES => Decision::Wait(format!(
            "{} is behind {group} since {} and was restarted; waiting for a minute without a connection",
            writer.id, quarantine.since
        )),
        // It was restarted and connections go on: the group is not empty, or the metric cannot be read.
        _ => Decision::Act(Act::GoOnUnfenced(writer)),
    }
}

#[async_trait]
impl Step for FenceDatabase {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        if self.writers.is_empty() {
            return "no old writer to fence".to_owned();
        }
        let names = self.writers.iter();
        let names: Vec<String> = names.map(|w| format!("{} in {}", w.id, w.region)).collect();
        format!("{} accepts no writes", names.join(", "))
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        let (aws, clock) = (self.aws.as_ref(), self.clock.as_ref());
        let mut seen = observe::look(aws, clock, &self.writers, &self.case, look).await?;
        if let Some((region, id)) = &self.active {
            seen.active = Some(aws.rds(region)?.describe(id).await?);
        }
        Ok(seen)
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        if let Some(failure) = second_writer(seen) {
            return failure;
        }
        let decisions: Vec<_> = seen
            .writers
            .iter()
            .filter_map(|it| decide(it, memory))
            .collect();
        let unproved = |it: &Decision<Act>| matches!(it, Decision::Act(Act::GoOnUnfenced(_)));
        // What can be fenced is, before anybody is asked about what cannot.
        let first = decisions.iter().find(|it| !unproved(it));
        let first = first.or_else(|| decisions.first());
        first.cloned().unwrap_or(Decision::Done)
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        let judged = seen.consents(&self.case);
        let unproved = seen.writers.iter().map(WriterSeen::old_writer);
        let unproved = unproved.filter(|old| old.proof().is_err());
        unproved.map(|old| fenced(&old, &judged)).collect()
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        let writer = act.writer();
        if let Act::GoOnUnfenced(_) = act {
            return Ok(());
        }
        let rds = self.aws.rds(&writer.region)?;
        match act {
            Act::Quarantine(_) => {
                let mut call = ModifyDbInstance::new(writer.id.clone());
                if let Means::Quarantine(group) = &writer.means {
                    call.security_groups = Some(vec![group.clone()]);
                }
                rds.modify(&call).await?;
            }
            Act::Mark(_, arn, mark) => {
                rds.add_tags(arn, &[(QUARANTINE_TAG.to_owned(), mark.to_string())])
                    .await?;
            }
            Act::Reboot(_) => rds.reboot(&writer.id).await?,
            Act::Stop(_) => rds.stop(&writer.id).await?,
            Act::GoOnUnfenced(_) => {}
        }
        Ok(())
    }

    fn risk(&self, act: &Act) -> Risk {
        match act {
            // What is begun after it cannot be undone, so the gate stands here.
            Act::GoOnUnfenced(_) => Risk::OneWay,
            Act::Mark(..) => Risk::Harmless,
            _ => Risk::Reversible,
        }
    }

    fn describe_act(&self, act: &Act) -> String {
        let place = format!("{} in {}", act.writer().id, act.writer().region);
        match act {
            Act::Quarantine(Writer {
                means: Means::Quarantine(group),
                ..
            }) => format!("ModifyDBInstance {place} (security groups: only {group})"),
            Act::Mark(_, _, mark) => {
                format!("AddTagsToResource {place} ({QUARANTINE_TAG} = {mark})")
            }
            Act::GoOnUnfenced(_) => {
                format!("go on although {place} is not proved fenced (no call)")
            }
            _ => format!("{} {place}", act.operation()),
        }
    }

    fn warnings(&self, seen: &Seen) -> Vec<String> {
        let mut warnings = seen.consents(&self.case).warnings;
        if self
            .writers
            .iter()
            .any(|writer| writer.means == Means::Stop)
        {
            warnings.push("AWS starts a stopped instance again after seven days".to_owned());
        }
        warnings
    }

    fn describe(&self, seen: &Seen) -> String {
        let writers = seen.writers.iter().map(|it| {
            let (Ok(text) | Err(text)) = it.old_writer().proof();
            format!("{} in {}: {text}", it.writer.id, it.writer.region)
        });
        writers.collect::<Vec<_>>().join("; ")
    }

    fn explain(&self, error: &Error) -> Message {
        told(error, "an old writer that can be observed and fenced")
    }
}
