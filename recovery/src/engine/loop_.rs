//! The loop of an execution: starts what may start, hears what people order, writes down what happens.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use super::book::Book;
use super::case::Cases;
use super::desk;
use super::ending::ending;
use super::scribe::Scribe;
use super::{Event, EventSink, Execution, Order, StepResult, Surroundings};
use crate::command::{self, Command};
use crate::document::StepEntry;
use crate::kind::Means;
use crate::message::Message;
use crate::outcome::Outcome;
use crate::plan_step::Ended;
use crate::progress::Progress;
use crate::runner::Context;
use crate::schedule::{StepState, schedule};

/// Runs an execution to its end, or goes on with one.
///
/// # Errors
/// When it cannot begin: what was seen, what was expected, the next move. Nothing was done then.
pub async fn execute(
    around: &Surroundings,
    order: &Order,
    cancel: &CancellationToken,
    sink: &dyn EventSink,
) -> Result<Execution, Refusal> {
    let cases = Cases::gather(around, order).await?;
    let book = Book::open(around, order, &cases).await?;
    sink.event(Event::Begins {
        id: book.id().to_owned(),
        from: cases.from.clone(),
    });
    for notice in cases.notices.iter().chain(book.notices()) {
        sink.event(Event::Notice(notice.clone()));
    }
    let means = Means {
        desk: desk::desk(around, order, book.id(), cancel),
        ..around.means.clone()
    };
    let mut run = Run {
        around,
        means: &means,
        order,
        sink,
        cases: &cases,
        book: &book,
        stop: cancel.child_token(),
        tokens: BTreeMap::new(),
        states: book.decided(),
        results: BTreeMap::new(),
        aborted: false,
        lock_lost: false,
        skipping: BTreeSet::new(),
    };
    run.go().await;
    Ok(ending(run, cancel).await)
}

/// Why an execution cannot begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The order does not fit the plan or the world.
    Unfit(Message),
    /// Somebody else holds the lock.
    Locked(Message),
    /// A store or a region does not answer.
    NoAnswer(Message),
}

impl Refusal {
    /// What to tell.
    pub fn message(&self) -> &Message {
        match self {
            Refusal::Unfit(message) | Refusal::Locked(message) | Refusal::NoAnswer(message) => {
                message
            }
        }
    }
}

/// An execution under way.
pub(super) struct Run<'a> {
    pub(super) around: &'a Surroundings,
    means: &'a Means,
    pub(super) order: &'a Order,
    pub(super) sink: &'a dyn EventSink,
    pub(super) cases: &'a Cases,
    pub(super) book: &'a Book,
    /// Stops every step.
    stop: CancellationToken,
    /// Stops one step.
    tokens: BTreeMap<String, CancellationToken>,
    pub(super) states: BTreeMap<String, StepState>,
    pub(super) results: BTreeMap<String, StepResult>,
    pub(super) aborted: bool,
    pub(super) lock_lost: bool,
    /// Steps under way that a person decided to go on without.
    skipping: BTreeSet<String>,
}

type Running<'a> = Pin<Box<dyn Future<Output = (String, Ended)> + Send + 'a>>;

impl<'a> Run<'a> {
    async fn go(&mut self) {
        let mut running: FuturesUnordered<Running<'a>> = FuturesUnordered::new();
        let book = self.book;
        let stop = self.stop.clone();
        let mut alive = std::pin::pin!(book.keep_alive());
        // Kept from turn to turn: an order that is half written down is not begun again.
        let mut orders = Box::pin(book.orders());
        let mut locked = true;
        loop {
            if !self.stop.is_cancelled() && !book.is_paused() {
                self.start(&mut running).await;
            }
            if running.is_empty() && (self.stop.is_cancelled() || !book.is_paused()) {
                return;
            }
            tokio::select! {
                biased;
                Some((step, ended)) = running.next(), if !running.is_empty() => {
                    self.ended(&step, ended).await;
                }
                message = &mut alive, if locked => {
                    locked = false;
                    self.lock_lost = true;
                    self.notice(format!("the lock is lost: {}", message.seen));
                    self.stop.cancel();
                }
                heard = &mut orders, if locked => {
                    orders = Box::pin(book.orders());
                    for order in heard {
                        self.obey(order);
                    }
                }
                () = stop.cancelled(), if running.is_empty() => return,
            }
        }
    }

    pub(super) fn notice(&self, line: String) {
        self.sink.event(Event::Notice(line));
    }

    async fn start(&mut self, running: &mut FuturesUnordered<Running<'a>>) {
        let next = schedule(&self.around.document, self.order.mode, &self.states);
        for name in next.start {
            let entry = self
                .around
                .document
                .steps
                .iter()
                .find(|step| step.name == name);
            let Some(entry) = entry else {
                continue;
            };
            if let Err(message) = self.book.begins(&name).await {
                self.notice(format!("nothing more is started: {}", message.seen));
                self.stop.cancel();
                return;
            }
            let token = self.stop.child_token();
            self.tokens.insert(name.clone(), token.clone());
            self.states.insert(name.clone(), StepState::Running);
            running.push(Box::pin(one_step(
                self.around,
                self.means,
                self.cases,
                self.book,
                self.sink,
                entry,
                token,
            )));
        }
    }

    async fn ended(&mut self, step: &str, ended: Ended) {
        self.tokens.remove(step);
        // A person may have decided while it was still under way.
        let skipped = self.skipping.remove(step) && !ended.outcome.is_done();
        let state = if skipped {
            StepState::Skipped
        } else {
            state_after(&ended.outcome)
        };
        if matches!(ended.outcome, Outcome::Interrupted(_)) && !skipped {
            // The lock or the journal said no, or somebody asked to stop: nothing more is begun.
            self.stop.cancel();
        }
        self.book.ends(step, skipped, &ended).await;
        self.sink.event(Event::StepEnds {
            step: step.to_owned(),
            state,
            message: ended.outcome.message().cloned(),
        });
        self.states.insert(step.to_owned(), state);
        if ended.unfenced {
            self.notice(format!(
                "{step} is done without a proof that the old writer is fenced"
            ));
        }
        let result = StepResult {
            state,
            gates: ended.gates,
            world: ended.world,
            warnings: ended.warnings,
            unfenced: ended.unfenced,
            elapsed: ended.elapsed,
            outcome: Some(ended.outcome),
        };
        self.results.insert(step.to_owned(), result);
    }

    fn obey(&mut self, command: Command) {
        let by = &command.by;
        let line = match command.order {
            command::Order::Pause => format!("paused by {by}: nothing new is begun"),
            command::Order::Resume => format!("{by} lets it go on"),
            command::Order::Abort => {
                self.aborted = true;
                self.stop.cancel();
                format!("ended by {by}: calls in flight are finished")
            }
            command::Order::TakeOver => {
                self.stop.cancel();
                format!("{by} takes it over: calls in flight are finished")
            }
            command::Order::Retry { step } => self.retry(&step, by),
            command::Order::Skip { step } => {
                let reason = command.reason.as_deref().unwrap_or_default();
                self.skip(step, by, reason)
            }
            // Read by the step that asked.
            command::Order::Approve { .. } | command::Order::Decline { .. } => return,
        };
        self.notice(line);
    }

    fn retry(&mut self, step: &str, by: &str) -> String {
        let ended = self.states.get(step).is_some_and(|state| {
            matches!(
                state,
                StepState::Refused | StepState::Failed | StepState::TimedOut
            )
        });
        if !ended {
            return format!("{by} ordered {step} again, but there is nothing to repeat");
        }
        self.states.insert(step.to_owned(), StepState::Waiting);
        format!("{step} is tried again by order of {by}")
    }

    fn skip(&mut self, step: String, by: &str, reason: &str) -> String {
        if self.states.get(&step) == Some(&StepState::Done) {
            return format!("{by} wanted to skip {step}, which is done");
        }
        let line = format!("{step} is skipped by {by}: {reason}");
        match self.tokens.get(&step) {
            // Under way: it is asked to stop, and counts as skipped when it has.
            Some(token) => {
                token.cancel();
                self.skipping.insert(step);
            }
            None => {
                self.states.insert(step, StepState::Skipped);
            }
        }
        line
    }
}

/// Where a step stands after a run of it.
fn state_after(outcome: &Outcome) -> StepState {
    match outcome {
        Outcome::Done | Outcome::AlreadyDone => StepState::Done,
        Outcome::Refused { .. } => StepState::Refused,
        Outcome::Failed(_) => StepState::Failed,
        Outcome::TimedOut(_) => StepState::TimedOut,
        // The next run decides about it.
        Outcome::Interrupted(_) => StepState::Waiting,
    }
}

async fn one_step(
    around: &Surroundings,
    means: &Means,
    cases: &Cases,
    book: &Book,
    sink: &dyn EventSink,
    entry: &StepEntry,
    token: CancellationToken,
) -> (String, Ended) {
    let name = entry.name.clone();
    let case = cases.of(entry, book);
    let step = match entry.kind.build(&entry.arguments, &case, means) {
        Ok(step) => step,
        Err(message) => return (name, unbuilt(message)),
    };
    sink.event(Event::StepBegins {
        step: name.clone(),
        title: step.title(),
    });
    let tell = |line: &Progress| {
        sink.event(Event::StepTells {
            step: name.clone(),
            line: line.clone(),
        });
    };
    let witness = Scribe {
        step: &name,
        book,
        attempt: around.pace.call_timeout,
        cancel: &token,
    };
    let context = Context {
        clock: around.means.clock.as_ref(),
        cancel: &token,
        progress: &tell,
        witness: &witness,
        timeout: entry.timeout,
        pace: around.pace.clone(),
    };
    let ended = step.run(&context).await;
    (name.clone(), ended)
}

/// A step whose arguments do not allow it in this case.
fn unbuilt(message: Message) -> Ended {
    Ended {
        outcome: Outcome::Failed(message),
        gates: Vec::new(),
        acts: Vec::new(),
        world: None,
        warnings: Vec::new(),
        unfenced: false,
        elapsed: Duration::ZERO,
    }
}
