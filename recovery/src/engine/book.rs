//! What the engine writes down and holds: the lock, the journal, orders of people.

mod orders;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::case::Cases;
use super::{End, Order, Refusal, Surroundings};
use crate::consent::PlanConsent;
use crate::epoch::{self, EpochRecord};
use crate::gate::GateResult;
use crate::journal::{
    ConsentNote, Declaration, GateNote, Journal, NotAppended, Note, Observed, Phase, State,
    TakeoverNote,
};
use crate::kind::PastAct;
use crate::lock::{Acquired, Held, NotNow, Request, acquire};
use crate::message::Message;
use crate::outcome::Outcome;
use crate::plan_step::{ActNote, Ended};
use crate::schedule::StepState;
use crate::store::{StaleStore, Stores};
use crate::witness::AnswerNote;

/// How often and how long a lock is asked again that could not be renewed before an act.
const ASK_AGAIN: u32 = 3;

/// The lock and the journal of one run.
pub(super) struct Book {
    id: String,
    held: Arc<Held>,
    journal: Journal,
    stores: Stores,
    /// Commands that need not be heard again, and those whose entries were handed to `untold`.
    heard: Mutex<BTreeSet<String>>,
    queued: Mutex<BTreeSet<String>>,
    /// What earlier runs left.
    left: State,
    notices: Vec<String>,
    paused: tokio::sync::watch::Sender<bool>,
    orders_every: Duration,
    clock: Arc<dyn aws::clock::Clock>,
    actor: String,
    /// What was told and could not be written yet: it stands before whatever is written next.
    untold: tokio::sync::Mutex<VecDeque<Note>>,
}

impl Book {
    /// Takes the lock.
    pub(super) async fn lock(
        around: &Surroundings,
        order: &Order,
        execution: &str,
    ) -> Result<Arc<Held>, Refusal> {
        let request = Request {
            plan: around.document.name.clone(),
            execution: execution.to_owned(),
            actor: order.actor.clone(),
            target: order.target.clone(),
            interval: around.interval,
        };
        match acquire(&request, &around.stores).await {
            Err(message) => Err(Refusal::NoAnswer(message)),
            Ok(Acquired::HeldBy(holder)) => Err(Refusal::Locked(holder.message())),
            Ok(Acquired::Held(held)) => Ok(held),
        }
    }

    /// Opens the journal, and writes the first entry of this run.
    pub(super) async fn open(
        around: &Surroundings,
        order: &Order,
        cases: &Cases,
        held: Arc<Held>,
    ) -> Result<Book, Refusal> {
        let stores = &around.stores;
        let opened = Journal::open(&cases.execution, stores, &cases.target, Arc::clone(&held));
        let (journal, left) = opened.await.map_err(Refusal::NoAnswer)?;
        let (paused, _) = tokio::sync::watch::channel(left.paused);
        let mut book = Book {
            id: cases.execution.clone(),
            held,
            journal,
            stores: stores.clone(),
            heard: Mutex::new(left.obeyed.clone()),
            queued: Mutex::default(),
            notices: Vec::new(),
            paused,
            orders_every: around.orders_every,
            clock: Arc::clone(&around.means.clock),
            actor: order.actor.clone(),
            untold: tokio::sync::Mutex::default(),
            left,
        };
        book.declare(around, order, cases).await?;
        Ok(book)
    }

    async fn declare(
        &mut self,
        around: &Surroundings,
        order: &Order,
        cases: &Cases,
    ) -> Result<(), Refusal> {
        let first = self.left.declared.is_none();
        let lost_stores = self.held.lost_stores().await;
        let mut note = Note::new(if first {
            Phase::Declared
        } else {
            Phase::Resumed
        });
        note.actor = Some(self.actor.clone());
        note.observed = Some(Observed::line(cases.activity_line()));
        note.consents = order.consents.iter().map(ConsentNote::from).collect();
        note.declaration = Some(Declaration {
            plan: cases.plan.clone(),
            digest: cases.digest.clone(),
            mode: cases.mode.name().to_owned(),
            target: cases.target.to_string(),
            from: cases.from.as_ref().map(ToString::to_string),
            lost: cases.lost.iter().map(ToString::to_string).collect(),
            declared_at: cases.declared_at,
            lost_at: cases.lost_at,
            last_seen: cases.last_seen,
            epoch: cases.epoch,
            lost_stores: lost_stores.iter().map(ToString::to_string).collect(),
            only: around.only(order.mode),
        });
        self.write(note).await.map_err(Refusal::NoAnswer)?;
        for takeover in self.held.takeovers().await {
            let mut note = Note::new(Phase::TookOver);
            note.actor = Some(self.actor.clone());
            note.takeover = Some(TakeoverNote::from(&takeover));
            self.notices.push(takeover.to_string());
            self.write(note).await.map_err(Refusal::NoAnswer)?;
        }
        Ok(())
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Steps that people decided about in earlier runs.
    pub(super) fn decided(&self) -> BTreeMap<String, StepState> {
        let skipped = self.left.steps.iter();
        let skipped = skipped.filter(|(_, state)| state.phase == Phase::Skipped);
        skipped
            .map(|(step, _)| (step.clone(), StepState::Skipped))
            .collect()
    }

    /// What was accepted in earlier runs.
    pub(super) fn consents(&self) -> Vec<PlanConsent> {
        self.left.consents.clone()
    }

    /// Acts of earlier runs that cannot be observed.
    pub(super) fn past(&self, step: &str) -> Vec<PastAct> {
        self.left.past(step)
    }

    /// Goes on until the lock is lost, and says why; copies the journal on the way.
    pub(super) async fn keep_alive(&self) -> Message {
        tokio::select! {
            biased;
            lost = self.held.keep_alive() => lost.message(),
            () = self.journal.keep_mirrored() => Message::default(),
        }
    }

    async fn write(&self, note: Note) -> Result<(), Message> {
        let mut untold = self.untold.lock().await;
        self.catch_up(&mut untold).await?;
        self.append(note).await
    }

    async fn append(&self, note: Note) -> Result<(), Message> {
        match self.journal.append(note).await {
            Ok(_) => Ok(()),
            Err(NotAppended::Lost(lost)) => Err(lost.message()),
            Err(NotAppended::NotWritten(message)) => Err(message),
        }
    }

    /// Writes what could not be written before, in order.
    async fn catch_up(&self, untold: &mut VecDeque<Note>) -> Result<(), Message> {
        while let Some(note) = untold.front() {
            self.append(note.clone()).await?;
            untold.pop_front();
        }
        Ok(())
    }

    /// Writes what is only told; that it could not be written stops nothing that has happened, but nothing is written
    /// after it without it.
    async fn tell(&self, note: Note) {
        let mut untold = self.untold.lock().await;
        untold.push_back(note);
        if let Err(message) = self.catch_up(&mut untold).await {
            tracing::warn!(%message, "not written to the journal yet");
        }
    }

    pub(super) async fn begins(&self, step: &str) -> Result<(), Message> {
        self.write(Note::of_step(Phase::Waiting, step)).await
    }

    /// Before an act is sent.
    pub(super) async fn intends(
        &self,
        step: &str,
        act: &ActNote,
        gates: &[GateResult],
    ) -> Result<(), Message> {
        let mut note = Note::of_step(Phase::Performing, step);
        note.gates = gates.iter().map(GateNote::from).collect();
        note.operation = Some(act.words.clone());
        note.decision = Some(act.risk.to_string());
        note.key.clone_from(&act.key);
        self.write(note).await
    }

    pub(super) async fn answered(&self, step: &str, act: &ActNote, answer: &AnswerNote) {
        let mut note = Note::of_step(Phase::Answered, step);
        note.operation = Some(act.words.clone());
        note.key.clone_from(&act.key);
        note.outcome = Some(match answer {
            AnswerNote::Accepted => "accepted".to_owned(),
            AnswerNote::Unclear(error) => format!("unclear: {error}"),
            AnswerNote::Refused(error) => format!("refused: {error}"),
        });
        self.tell(note).await;
    }

    pub(super) async fn refuses(&self, step: &str, act: &ActNote, gates: &[GateResult]) {
        let mut note = Note::of_step(Phase::Gated, step);
        note.gates = gates.iter().map(GateNote::from).collect();
        note.operation = Some(act.words.clone());
        note.outcome = Some("refused".to_owned());
        self.tell(note).await;
    }

    /// Right before a one-way act: the lock is renewed, with more of it left than the act may be under way.
    pub(super) async fn may_act(
        &self,
        attempt: Duration,
        cancel: &CancellationToken,
    ) -> Result<(), Message> {
        let mut asked = 0;
        loop {
            let message = match self.held.before_one_way(attempt).await {
                Ok(_) => return Ok(()),
                Err(NotNow::Lost(lost)) => return Err(lost.message()),
                Err(NotNow::NotRenewed(message)) => message,
            };
            asked += 1;
            if asked >= ASK_AGAIN || cancel.is_cancelled() {
                return Err(message);
            }
            self.clock.sleep(Duration::from_secs(1)).await;
        }
    }

    pub(super) async fn ends(&self, step: &str, skipped: bool, ended: &Ended) {
        let phase = match &ended.outcome {
            Outcome::Done | Outcome::AlreadyDone => Phase::Done,
            _ if skipped => Phase::Skipped,
            Outcome::Refused { .. } => Phase::Refused,
            Outcome::Failed(_) => Phase::Failed,
            Outcome::TimedOut(_) => Phase::TimedOut,
            Outcome::Interrupted(_) => Phase::Interrupted,
        };
        let mut note = Note::of_step(phase, step);
        note.gates = ended.gates.iter().map(GateNote::from).collect();
        note.observed = ended.world.as_ref().map(Observed::line);
        note.duration_millis = u64::try_from(ended.elapsed.as_millis()).ok();
        note.decision = ended.unfenced.then(|| super::UNFENCED.to_owned());
        note.outcome = Some(match ended.outcome.message() {
            Some(message) => message.to_string(),
            None => ended.outcome.name().to_owned(),
        });
        self.tell(note).await;
    }

    /// Writes the epoch to the journal and to every store that answers; the stores that do not hold it.
    pub(super) async fn completes(
        &self,
        cases: &Cases,
        attempt: Duration,
    ) -> Result<Vec<StaleStore>, Message> {
        // Whoever slept until here may have been taken over: its epoch would name a region that is left.
        self.may_act(attempt, &CancellationToken::new()).await?;
        let mut note = Note::new(Phase::Epoch);
        note.epoch = Some(cases.epoch);
        self.write(note).await?;
        let (entry, head) = self.journal.head().await;
        let record = EpochRecord {
            schema: 1,
            plan: cases.plan.clone(),
            epoch: cases.epoch,
            active: cases.target.to_string(),
            execution: self.id.clone(),
            at: self.held.time(),
            entry,
            head,
        };
        Ok(epoch::write(&self.stores, &record).await)
    }

    /// The last entry, the copies, and the lock given back.
    pub(super) async fn close(
        &self,
        end: End,
        epoch: Option<u64>,
        message: Option<&Message>,
    ) -> Vec<StaleStore> {
        let mut note = Note::new(Phase::Ended);
        note.epoch = epoch;
        note.outcome = Some(end.name().to_owned());
        note.decision = message.map(ToString::to_string);
        self.tell(note).await;
        let stale = self.journal.mirror().await;
        self.held.release().await;
        stale
    }
}
