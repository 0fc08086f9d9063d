//! The loop of an execution: starts what may start, hears what people order, writes down what happens.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use super::book::Book;
use super::case::Cases;
use super::desk;
use super::ending::{ending, state_after};
use super::refusal::Refusal;
use super::scribe::Scribe;
use super::{Event, EventSink, Execution, Order, StepResult, Surroundings};
use crate::command::{self, Command};
use crate::document::StepEntry;
use crate::kind::Means;
use crate::message::Message;
use crate::next_move;
use crate::outcome::Outcome;
use crate::plan_step::Ended;
use crate::progress::Progress;
use crate::runner::{Context, Pace};
use crate::schedule::{StepState, schedule};
use crate::ulid::Ulid;

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
    let (cases, book) = begin(around, order).await?;
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
    };
    run.go().await;
    Ok(ending(run, cancel).await)
}

/// Takes the lock, and then looks at stores and world: what was seen before somebody else gave it back is worth nothing.
async fn begin(around: &Surroundings, order: &Order) -> Result<(Cases, Book), Refusal> {
    Cases::possible(around, order)?;
    let id = match &order.resume {
        Some(id) => id.clone(),
        None => Ulid::new(around.means.clock.now(), &mut fastrand::Rng::new()).to_string(),
    };
    let held = Book::lock(around, order, &id).await?;
    let begun = async {
        let cases = Cases::gather(around, order, id, None).await?;
        let book = Book::open(around, order, &cases, Arc::clone(&held)).await?;
        Ok((cases, book))
    };
    let begun = tokio::select! {
        biased;
        begun = begun => begun,
        lost = held.keep_alive() => Err(Refusal::Locked(lost.message())),
    };
    if begun.is_err() {
        held.release().await;
    }
    begun
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
    tokens: BTreeMap<String, Token>,
    pub(super) states: BTreeMap<String, StepState>,
    pub(super) results: BTreeMap<String, StepResult>,
    pub(super) aborted: bool,
    pub(super) lock_lost: bool,
}

/// Stops one step.
#[derive(Clone)]
struct Token {
    cancel: CancellationToken,
    /// A person decided to go on without it.
    skip: Arc<AtomicBool>,
}

impl Token {
    /// Whether it counts as skipped now that it has ended: not when it was done all the same.
    fn skipped(&self, ended: &Ended) -> bool {
        self.skip.load(Ordering::Relaxed) && !ended.outcome.is_done()
    }
}

type Running<'a> = Pin<Box<dyn Future<Output = (String, Ended, bool)> + Send + 'a>>;

impl<'a> Run<'a> {
    async fn go(&mut self) {
        let mut running: FuturesUnordered<Running<'a>> = FuturesUnordered::new();
        let book = self.book;
        let stop = self.stop.clone();
        let mut alive = std::pin::pin!(book.keep_alive());
        let mut locked = true;
        // What was ordered while nobody ran it is heard before the first step.
        tokio::select! {
            biased;
            message = &mut alive => {
                locked = false;
                self.lost_its_lock(&message);
            }
            heard = book.orders_now() => {
                for order in heard {
                    self.obey(order);
                }
            }
        }
        if let Some(by) = book.ended_before_by() {
            let line = self.abort(by);
            self.notice(line);
        }
        // Kept from turn to turn: an order that is half written down is not begun again.
        let mut orders = Box::pin(book.orders());
        loop {
            if !self.stop.is_cancelled() && !book.is_paused() {
                self.start(&mut running);
            }
            if running.is_empty() && (self.stop.is_cancelled() || !book.is_paused()) {
                return;
            }
            tokio::select! {
                biased;
                Some((step, ended, skipped)) = running.next(), if !running.is_empty() => {
                    self.ended(&step, ended, skipped);
                }
                message = &mut alive, if locked => {
                    locked = false;
                    self.lost_its_lock(&message);
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

    fn start(&mut self, running: &mut FuturesUnordered<Running<'a>>) {
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
            let token = Token {
                cancel: self.stop.child_token(),
                skip: Arc::default(),
            };
            self.tokens.insert(name.clone(), token.clone());
            self.states.insert(name.clone(), StepState::Running);
            let (around, means, cases) = (self.around, self.means, self.cases);
            let (book, sink) = (self.book, self.sink);
            // All that waits is in here: the others, and the lock's heartbeat, go on meanwhile.
            running.push(Box::pin(async move {
                let ended = match book.begins(&entry.name).await {
                    Ok(()) => {
                        one_step(around, means, cases, book, sink, entry, &token.cancel).await
                    }
                    Err(message) => nothing_done(Outcome::Interrupted(message)),
                };
                let skipped = token.skipped(&ended);
                book.ends(&entry.name, skipped, &ended).await;
                (entry.name.clone(), ended, skipped)
            }));
        }
    }

    fn ended(&mut self, step: &str, ended: Ended, skipped: bool) {
        // A person may have decided while its end was written down.
        let token = self.tokens.remove(step);
        let skipped = skipped || token.is_some_and(|token| token.skipped(&ended));
        let state = if skipped {
            StepState::Skipped
        } else {
            state_after(&ended.outcome)
        };
        if matches!(ended.outcome, Outcome::Interrupted(_)) && !skipped {
            // The lock or the journal said no, or somebody asked to stop: nothing more is begun.
            self.stop.cancel();
        }
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
        if state == StepState::Refused {
            // Such as a consent that ended while it ran: why it opened nothing.
            for warning in &ended.warnings {
                self.notice(format!("{step}: {warning}"));
            }
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
            command::Order::Pause => {
                let resume = next_move::resume(self.book.id());
                format!("paused by {by}: nothing new is begun until {resume} lets it go on")
            }
            command::Order::Resume => format!("{by} lets it go on"),
            command::Order::Abort => self.abort(by),
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

    fn abort(&mut self, by: &str) -> String {
        self.aborted = true;
        self.stop.cancel();
        format!("ended by {by}: calls in flight are finished")
    }

    fn lost_its_lock(&mut self, message: &Message) {
        self.lock_lost = true;
        self.notice(format!("the lock is lost: {}", message.seen));
        self.stop.cancel();
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
                token.skip.store(true, Ordering::Relaxed);
                token.cancel.cancel();
            }
            None => {
                self.states.insert(step, StepState::Skipped);
            }
        }
        line
    }
}

async fn one_step(
    around: &Surroundings,
    means: &Means,
    cases: &Cases,
    book: &Book,
    sink: &dyn EventSink,
    entry: &StepEntry,
    cancel: &CancellationToken,
) -> Ended {
    let name = entry.name.clone();
    let case = cases.of(entry, book);
    let step = match entry.kind.build(&entry.arguments, &case, means) {
        Ok(step) => step,
        Err(message) => return nothing_done(Outcome::Failed(message)),
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
        attempt: around.attempt,
        cancel,
        held_up: Mutex::default(),
    };
    let context = Context {
        clock: around.means.clock.as_ref(),
        cancel,
        progress: &tell,
        witness: &witness,
        timeout: entry.timeout,
        pace: Pace {
            act_timeout: around.pace.act_timeout.min(around.attempt),
            ..around.pace
        },
    };
    step.run(&context).await
}

/// A step that ended before anything was looked at.
fn nothing_done(outcome: Outcome) -> Ended {
    Ended {
        outcome,
        gates: Vec::new(),
        acts: Vec::new(),
        world: None,
        warnings: Vec::new(),
        unfenced: false,
        elapsed: Duration::ZERO,
    }
}
