//! The runner: a thin loop around a step that looks, decides, asks the gates, acts, and looks again.
//!
//! It owns what every step shares: time, patience, cancellation, progress, and what this run has done. It knows
//! nothing of databases. Nothing it knows outlives it: killed at any moment, the next run starts by looking.

mod pace;
mod words;

use std::time::Duration;

use aws::clock::Clock;
use aws::{Error, ErrorKind};
use tokio_util::sync::CancellationToken;

pub use self::pace::Pace;

use crate::gate::GateResult;
use crate::message::duration_text;
use crate::outcome::{Outcome, Report};
use crate::plan_step::note;
use crate::progress::{Phase, Progress, ProgressSink};
use crate::risk::Risk;
use crate::step::{Answer, Decision, Look, Memory, Performed, Step};
use crate::witness::{AnswerNote, Witness};

/// Whoever is woken so much later than asked for was asleep.
const LATE: Duration = Duration::from_secs(1);

/// What a run is given besides its step.
pub struct Context<'a> {
    /// The clock that waits and measures.
    pub clock: &'a dyn Clock,
    /// Asks the run to stop: no act is started any more, the call in flight is finished.
    pub cancel: &'a CancellationToken,
    /// Told what happens.
    pub progress: &'a dyn ProgressSink,
    /// Asked before every act, told after it.
    pub witness: &'a dyn Witness,
    /// The longest that the run may take.
    pub timeout: Duration,
    /// How fast it polls and how patient it is.
    pub pace: Pace,
}

/// Drives the step until it is done, refused, failed, out of time or interrupted.
pub async fn run<S: Step>(step: &S, context: &Context<'_>) -> Report<S::Seen, S::Act> {
    let mut run = Run {
        step,
        context,
        started: context.clock.monotonic(),
        memory: Memory::default(),
        world: None,
        gated_on: None,
        gates: Vec::new(),
        looked_at: Duration::ZERO,
        looks: 0,
        polls: 0,
        measuring_since: None,
        unreachable_since: None,
        last_error: None,
        last_wait: String::new(),
        random: fastrand::Rng::with_seed(context.pace.seed.unwrap_or_else(|| fastrand::u64(..))),
    };
    let outcome = loop {
        if let Some(outcome) = run.turn().await {
            break outcome;
        }
    };
    tracing::debug!(step = step.title(), outcome = outcome.name(), "step ended");
    Report {
        outcome,
        elapsed: run.elapsed(),
        world: run.world,
        gated_on: run.gated_on,
        gates: run.gates,
        acts: run.memory.performed,
    }
}

struct Run<'a, S: Step> {
    step: &'a S,
    context: &'a Context<'a>,
    started: Duration,
    memory: Memory<S::Act>,
    world: Option<S::Seen>,
    gated_on: Option<S::Seen>,
    gates: Vec<GateResult>,
    /// When the newest look was answered.
    looked_at: Duration,
    /// Looks that were answered.
    looks: u32,
    /// Pauses since something changed.
    polls: u32,
    measuring_since: Option<Duration>,
    unreachable_since: Option<Duration>,
    last_error: Option<Error>,
    last_wait: String,
    random: fastrand::Rng,
}

impl<S: Step> Run<'_, S> {
    /// One turn of the loop; `None` to go on.
    async fn turn(&mut self) -> Option<Outcome> {
        if self.context.cancel.is_cancelled() {
            return Some(self.interrupted());
        }
        let seen = match self.look(Look::Target).await {
            Ok(seen) => seen,
            Err(error) => return self.after_failed_look(error).await,
        };
        match self.decide(&seen) {
            Decision::Done => Some(self.done()),
            Decision::Fail(message) => Some(Outcome::Failed(message)),
            Decision::Wait(reason) => self.wait(reason).await,
            Decision::Act(act) if self.step.risk(&act) == Risk::OneWay => self.pass_gates().await,
            Decision::Act(act) => self.perform(act).await,
        }
    }

    /// Everything is measured again right before a one-way act: the look that led here may be old, and it did not ask
    /// for what the gates need.
    async fn pass_gates(&mut self) -> Option<Outcome> {
        let since = *self.measuring_since.get_or_insert(self.elapsed());
        let patient = self.elapsed().saturating_sub(since) <= self.context.pace.measure_patience;
        let look = if patient {
            Look::Everything
        } else {
            Look::WhatAnswers
        };
        let seen = match self.look(look).await {
            Ok(seen) => seen,
            Err(error) => return self.after_failed_look(error).await,
        };
        self.measuring_since = None;
        let act = match self.decide(&seen) {
            Decision::Act(act) if self.step.risk(&act) == Risk::OneWay => act,
            Decision::Wait(reason) => return self.wait(reason).await,
            // The world moved in between: the next turn decides about that.
            _ => return self.pause().await,
        };
        self.gates = self.step.gates(&seen);
        self.gated_on = Some(seen);
        for gate in &self.gates {
            self.tell(Phase::Gated, gate.to_string());
        }
        if let Some(gate) = self.gates.iter().find(|gate| !gate.is_open()) {
            let act = note(self.step, &act);
            self.context.witness.refused(&act, &self.gates).await;
            return Some(Outcome::Refused { gate: gate.clone() });
        }
        self.perform(act).await
    }

    async fn perform(&mut self, act: S::Act) -> Option<Outcome> {
        if self.context.cancel.is_cancelled() {
            return Some(self.interrupted());
        }
        if self.remaining().is_zero() {
            return Some(self.timed_out());
        }
        let noted = note(self.step, &act);
        let witness = self.context.witness;
        if let Err(message) = witness.before(&noted, &self.gates).await {
            return Some(Outcome::Interrupted(message));
        }
        if self.context.cancel.is_cancelled() {
            let not_sent = AnswerNote::Refused("not sent: asked to stop".to_owned());
            witness.after(&noted, &not_sent).await;
            return Some(self.interrupted());
        }
        let words = noted.words.clone();
        if self.elapsed().saturating_sub(self.looked_at) > self.context.pace.freshness {
            // Held up by a person or a slow store: what this act rests on is old.
            let not_sent = AnswerNote::Refused("not sent: looking again first".to_owned());
            witness.after(&noted, &not_sent).await;
            self.tell(Phase::Retrying, format!("{words}: looking again first"));
            return self.pause().await;
        }
        self.tell(Phase::Performing, words.clone());
        let answer = self.perform_bounded(&act).await;
        witness.after(&noted, &answer_note(&answer)).await;
        let answer = match answer {
            Ok(()) => {
                self.tell(Phase::Performing, format!("{words}: accepted"));
                self.remember(act, Answer::Accepted, None);
                return self.pause().await;
            }
            Err(error) if error.may_have_taken_effect() => (Some(Answer::Ambiguous), error),
            Err(error) if error.kind == ErrorKind::InvalidState => (Some(Answer::Rejected), error),
            Err(error) if error.is_transient() => (None, error),
            Err(error) => return Some(Outcome::Failed(self.step.explain(&error))),
        };
        let (answer, error) = answer;
        self.tell(Phase::Retrying, format!("{words}: {error}; looking again"));
        if let Some(answer) = answer {
            self.remember(act, answer, Some(error.to_string()));
        }
        self.last_error = Some(error);
        self.pause().await
    }

    async fn perform_bounded(&self, act: &S::Act) -> Result<(), Error> {
        let pace = &self.context.pace;
        let leased = self.step.risk(act) == Risk::OneWay && !self.step.answers_late(act);
        let limit = if leased {
            pace.call_timeout.min(pace.act_timeout)
        } else {
            pace.call_timeout
        };
        let performing = self.within(limit, self.step.perform(act));
        if self.step.risk(act) != Risk::OneWay {
            return performing.await;
        }
        if !leased {
            // What answers late is waited for, by whoever was awake all the time.
            return tokio::select! {
                biased;
                () = self.overslept(pace.act_timeout) => Err(no_answer(pace.act_timeout)),
                answer = performing => answer,
            };
        }
        // The end of its time comes first: a process that slept past it sends nothing any more, because the lock may be
        // somebody else's by now. What was sent before it slept is found by looking.
        tokio::select! {
            biased;
            () = self.context.clock.sleep(limit) => Err(no_answer(limit)),
            answer = self.step.perform(act) => answer,
        }
    }

    /// Ends only for a process that was not scheduled when this time was over.
    async fn overslept(&self, time: Duration) {
        let from = self.elapsed();
        self.context.clock.sleep(time).await;
        if self.elapsed().saturating_sub(from) < time + LATE {
            std::future::pending::<()>().await;
        }
    }

    fn remember(&mut self, act: S::Act, answer: Answer, error: Option<String>) {
        self.polls = 0;
        let at = self.elapsed();
        self.memory.performed.push(Performed {
            act,
            at,
            answer,
            error,
        });
    }

    /// Looking changes nothing, so asked to stop it is not even finished.
    async fn look(&mut self, look: Look) -> Result<S::Seen, Error> {
        let seen = tokio::select! {
            biased;
            seen = self.bounded(self.step.look(look)) => seen?,
            () = self.context.cancel.cancelled() => return Err(no_answer(Duration::ZERO)),
        };
        self.unreachable_since = None;
        self.last_error = None;
        self.looked_at = self.elapsed();
        self.world = Some(seen.clone());
        Ok(seen)
    }

    fn decide(&mut self, seen: &S::Seen) -> Decision<S::Act> {
        self.looks = self.looks.saturating_add(1);
        self.memory.elapsed = self.elapsed();
        self.step.decide(seen, &self.memory)
    }

    async fn after_failed_look(&mut self, error: Error) -> Option<Outcome> {
        if self.context.cancel.is_cancelled() {
            return Some(self.interrupted());
        }
        if !error.is_transient() && !error.may_have_taken_effect() {
            return Some(Outcome::Failed(self.step.explain(&error)));
        }
        if error.kind == ErrorKind::Unreachable {
            let since = *self.unreachable_since.get_or_insert(self.elapsed());
            let waited = self.elapsed().saturating_sub(since);
            // Once something was begun the whole timeout is spent on seeing it through.
            if self.memory.performed.is_empty() && waited > self.context.pace.reach_patience {
                return Some(Outcome::Failed(self.step.explain(&error)));
            }
        } else {
            self.unreachable_since = None;
        }
        self.tell(Phase::Retrying, format!("{error}; looking again"));
        self.last_error = Some(error);
        self.pause().await
    }

    async fn wait(&mut self, reason: String) -> Option<Outcome> {
        if reason != self.last_wait {
            self.polls = 0;
            self.tell(Phase::Waiting, reason.clone());
            self.last_wait = reason;
        }
        self.pause().await
    }

    /// Waits a little longer each time, never past the end of the step's time, and not at all once asked to stop.
    async fn pause(&mut self) -> Option<Outcome> {
        let remaining = self.remaining();
        if remaining.is_zero() {
            return Some(self.timed_out());
        }
        let pause = self
            .context
            .pace
            .pause(self.polls, &mut self.random)
            .min(remaining);
        self.polls = self.polls.saturating_add(1);
        tokio::select! {
            biased;
            () = self.context.cancel.cancelled() => {}
            () = self.context.clock.sleep(pause) => {}
        }
        None
    }

    /// The call, bounded: a peer that never answers is a timeout, and whether the call took effect is then unknown.
    async fn bounded<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.within(self.context.pace.call_timeout, call).await
    }

    async fn within<T>(
        &self,
        limit: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            answer = call => answer,
            () = self.context.clock.sleep(limit) => Err(no_answer(limit)),
        }
    }

    fn tell(&self, phase: Phase, text: String) {
        self.context.progress.progress(&Progress {
            elapsed: self.elapsed(),
            phase,
            text,
        });
    }

    fn elapsed(&self) -> Duration {
        self.context.clock.monotonic().saturating_sub(self.started)
    }

    fn remaining(&self) -> Duration {
        let allowed = self.context.timeout + self.context.witness.held_up();
        allowed.saturating_sub(self.elapsed())
    }
}

fn answer_note(answer: &Result<(), Error>) -> AnswerNote {
    match answer {
        Ok(()) => AnswerNote::Accepted,
        Err(error) if error.may_have_taken_effect() => AnswerNote::Unclear(error.to_string()),
        Err(error) => AnswerNote::Refused(error.to_string()),
    }
}

fn no_answer(limit: Duration) -> Error {
    Error {
        kind: ErrorKind::Timeout,
        service: "AWS".into(),
        operation: "call".into(),
        region: String::new(),
        code: None,
        message: format!("no answer within {}", duration_text(limit)),
        request_id: None,
    }
}
