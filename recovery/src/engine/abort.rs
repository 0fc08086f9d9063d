//! The end of an execution whose runner is gone, ordered by a person: written under the lock, as a runner writes its
//! own. No step runs and nothing of the world is changed.

use std::sync::Arc;

use super::{End, Refusal, Surroundings};
use crate::command::Command;
use crate::journal::{
    Declaration, Declared, Journal, NotAppended, Note, Phase, State, TakeoverNote,
};
use crate::lock::{Acquired, Held, Holder, Request, acquire};
use crate::message::Message;
use crate::next_move;
use crate::store::StaleStore;

/// What came of an order to end an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aborted {
    /// Nobody ran it: its end is written.
    Ended {
        /// Locks that were taken over from runners that are gone, each in a line.
        takeovers: Vec<String>,
        /// Stores that do not hold the end, with why.
        stale_stores: Vec<StaleStore>,
    },
    /// Somebody had ended it before.
    Before,
    /// Its runner is alive, and has to be told.
    Alive(Holder),
}

/// Ends the execution that a command is for, unless its runner is alive.
///
/// The regions that the surroundings take for lost are not called; the lock is taken like that of any run, so a silent
/// owner is watched for three of its heartbeats first.
///
/// # Errors
/// When it is over, when somebody runs another execution of the plan, or when a store does not answer. Nothing was
/// written then.
pub async fn abort(around: &Surroundings, command: &Command) -> Result<Aborted, Refusal> {
    let id = &command.execution;
    let record = around.record(id).await.map_err(Refusal::NoAnswer)?;
    let declared = declared(id, &record.state)?;
    if is_ended(id, &record.state)? {
        return Ok(Aborted::Before);
    }
    if around.stores.of(&declared.target).is_none() {
        return Err(Refusal::NoAnswer(Message::new(
            format!(
                "the journal of {id} is kept in {}, which is declared lost",
                declared.target
            ),
            "the store of the region that was to become active",
            "end it when that region is back; it is in the way of no execution to another region",
        )));
    }
    let request = Request {
        plan: around.document.name.clone(),
        execution: id.clone(),
        actor: command.by.clone(),
        target: declared.target.clone(),
        interval: around.interval,
    };
    let held = match acquire(&request, &around.stores).await {
        Ok(Acquired::Held(held)) => held,
        Ok(Acquired::HeldBy(holder)) if holder.execution.as_ref() == Some(id) => {
            return Ok(Aborted::Alive(holder));
        }
        Ok(Acquired::HeldBy(holder)) => return Err(Refusal::Locked(holder.message())),
        Err(message) => return Err(Refusal::NoAnswer(message)),
    };
    let ended = tokio::select! {
        biased;
        ended = end(around, command, &declared, &held) => ended,
        lost = held.keep_alive() => Err(Refusal::Locked(lost.message())),
    };
    held.release().await;
    ended
}

fn declared(id: &str, state: &State) -> Result<Declared, Refusal> {
    state.declared.clone().ok_or_else(|| {
        Refusal::Unfit(Message::new(
            format!("execution {id} was never declared"),
            "an execution that was begun",
            format!("{} shows the newest one", next_move::status()),
        ))
    })
}

/// Whether somebody ended it before; refuses what came to its end; pure.
fn is_ended(id: &str, state: &State) -> Result<bool, Refusal> {
    let how = state.ended.as_ref().map(|(how, _)| how.as_str());
    let over = [End::Done, End::DoneUnfenced].map(End::name);
    if let Some(how) = how.filter(|how| over.contains(how)) {
        return Err(Refusal::Unfit(Message::new(
            format!("execution {id} is over: {how}"),
            "an execution that has not come to its end",
            format!(
                "nothing to do; {} shows where every step stands",
                next_move::status()
            ),
        )));
    }
    if let Some(epoch) = state.completed_epoch {
        return Err(Refusal::Unfit(Message::new(
            format!("every step of execution {id} is over, and epoch {epoch} is written"),
            "an execution that has not moved the active role",
            format!("{} writes its end", next_move::resume(id)),
        )));
    }
    Ok(how == Some(End::Aborted.name()))
}

/// Writes who ended it, and the end.
async fn end(
    around: &Surroundings,
    command: &Command,
    declared: &Declared,
    held: &Arc<Held>,
) -> Result<Aborted, Refusal> {
    let (id, stores) = (&command.execution, &around.stores);
    let opened = Journal::open(id, stores, &declared.target, Arc::clone(held));
    let (journal, left) = opened.await.map_err(Refusal::NoAnswer)?;
    // Its runner may have come to its end while the lock was waited for.
    if is_ended(id, &left)? {
        return Ok(Aborted::Before);
    }
    let takeovers = held.takeovers().await;
    let mut notes = vec![going_on(command, declared, held).await];
    notes.extend(takeovers.iter().map(|takeover| Note {
        actor: Some(command.by.clone()),
        takeover: Some(TakeoverNote::from(takeover)),
        ..Note::new(Phase::TookOver)
    }));
    notes.push(Note {
        actor: Some(command.by.clone()),
        command: Some(command.note()),
        ..Note::new(Phase::Obeyed)
    });
    notes.push(Note {
        actor: Some(command.by.clone()),
        outcome: Some(End::Aborted.name().to_owned()),
        decision: command.reason.clone(),
        ..Note::new(Phase::Ended)
    });
    for note in notes {
        journal.append(note).await.map_err(|error| match error {
            NotAppended::Lost(lost) => Refusal::Locked(lost.message()),
            NotAppended::NotWritten(message) => Refusal::NoAnswer(message),
        })?;
    }
    Ok(Aborted::Ended {
        takeovers: takeovers.iter().map(ToString::to_string).collect(),
        stale_stores: journal.mirror().await,
    })
}

/// The entry of a run that goes on with it, only to end it: what it is stays as it was declared.
async fn going_on(command: &Command, declared: &Declared, held: &Held) -> Note {
    let lost_stores = held.lost_stores().await;
    Note {
        actor: Some(command.by.clone()),
        decision: Some("only to end it: no step runs".to_owned()),
        declaration: Some(Declaration {
            plan: declared.plan.clone(),
            digest: declared.digest.clone(),
            mode: declared.mode.name().to_owned(),
            target: declared.target.to_string(),
            from: declared.from.as_ref().map(ToString::to_string),
            lost: declared.lost.iter().map(ToString::to_string).collect(),
            declared_at: declared.declared_at,
            lost_at: declared.lost_at,
            last_seen: declared.last_seen,
            epoch: declared.epoch,
            lost_stores: lost_stores.iter().map(ToString::to_string).collect(),
            only: declared.only.clone(),
        }),
        ..Note::new(Phase::Resumed)
    }
}
