//! What a step of a failover plan is to the runner: eyes, a pure decision, gates, and acts with a declared risk.
//!
//! A step knows one thing of the world and the state that it should be in. It remembers nothing between two runs:
//! [`Step::decide`] is asked afresh with what was just seen. What this run itself has done is handed to it as
//! [`Memory`], because AWS needs a while until an act shows.

use std::time::Duration;

use async_trait::async_trait;

use crate::gate::GateResult;
use crate::message::Message;
use crate::risk::Risk;

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Only what a decision needs: for polling.
    Target,
    /// Also everything that the gates ask for, measured now; an answer that fails to come for a passing reason is an
    /// error, and the runner looks again.
    Everything,
    /// Like [`Look::Everything`], but what does not answer is left unknown: the runner has waited long enough.
    WhatAnswers,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<A> {
    /// The target state holds, proved.
    Done,
    /// Something is under way; the text says what is seen and what is waited for.
    Wait(String),
    /// Perform this, then look again.
    Act(A),
    /// Nothing that waiting or this step could change.
    Fail(Message),
}

/// How an act was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// AWS accepted it.
    Accepted,
    /// The answer was lost, or was an error of the server: it may have taken effect.
    Ambiguous,
    /// AWS refused it because of the state that the thing was in: the world is not as it was seen.
    Rejected,
}

/// One act of this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performed<A> {
    /// The act.
    pub act: A,
    /// When its answer came, counted from the start of the run on a clock that never jumps.
    pub at: Duration,
    /// How it was answered.
    pub answer: Answer,
    /// The error that was answered, with code and request id, when it was one.
    pub error: Option<String>,
}

/// What this run has done so far. It is never written down: another run observes instead.
#[derive(Clone, Debug)]
pub struct Memory<A> {
    /// The acts in order.
    pub performed: Vec<Performed<A>>,
    /// Time since the start of the run, on a clock that never jumps.
    pub elapsed: Duration,
}

impl<A> Default for Memory<A> {
    fn default() -> Self {
        Self {
            performed: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }
}

impl<A> Memory<A> {
    /// The last act that matches, with the time that has passed since its answer.
    pub fn last(&self, matches: impl Fn(&A) -> bool) -> Option<(&Performed<A>, Duration)> {
        self.performed
            .iter()
            .rev()
            .find(|performed| matches(&performed.act))
            .map(|performed| (performed, self.elapsed.saturating_sub(performed.at)))
    }
}

/// One step, as the runner drives it: [`Step::look`] -> [`Step::decide`] -> [`Step::gates`] -> [`Step::perform`], and
/// again until the decision is [`Decision::Done`]. `decide` verifies too: done means proved by what was seen.
#[async_trait]
pub trait Step: Send + Sync {
    /// What is seen of the world.
    type Seen: Clone + Send + Sync;
    /// What can be done.
    type Act: Clone + Send + Sync;

    /// The step in a few words, for progress lines.
    fn title(&self) -> String;

    /// Observes the world; changes nothing.
    async fn look(&self, look: Look) -> Result<Self::Seen, aws::Error>;

    /// Decides from what was seen; pure.
    fn decide(&self, seen: &Self::Seen, memory: &Memory<Self::Act>) -> Decision<Self::Act>;

    /// Asks every gate of a one-way act; pure. Given what [`Look::Everything`] or [`Look::WhatAnswers`] saw.
    fn gates(&self, seen: &Self::Seen) -> Vec<GateResult>;

    /// Performs the act by one call that is never repeated inside.
    async fn perform(&self, act: &Self::Act) -> Result<(), aws::Error>;

    /// How far the act can be undone.
    fn risk(&self, act: &Self::Act) -> Risk;

    /// Whether the act takes effect when it is sent and its answer comes only when long work is done: then the answer
    /// may take longer than the lock's lease.
    fn answers_late(&self, _: &Self::Act) -> bool {
        false
    }

    /// The act in words: the operation, on what, with which arguments.
    fn describe_act(&self, act: &Self::Act) -> String;

    /// The key that an act carries where its effect cannot be observed; `None` where looking tells.
    fn idempotency_key(&self, _: &Self::Act) -> Option<String> {
        None
    }

    /// What somebody should know although it opens and closes nothing; pure.
    fn warnings(&self, _: &Self::Seen) -> Vec<String> {
        Vec::new()
    }

    /// The state of the world in one line.
    fn describe(&self, seen: &Self::Seen) -> String;

    /// What to tell about an error that ends the step.
    fn explain(&self, error: &aws::Error) -> Message;
}
