//! How a step ends, and what is known then.

use std::time::Duration;

use crate::gate::GateResult;
use crate::message::Message;
use crate::step::Performed;

/// How a step ended. Each is a result, none a crash; the journal, Terraform's diagnostics and exit codes follow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target state holds, proved by observation, after this run acted or waited for it.
    Done,
    /// The target state held at the first look: nothing was done.
    AlreadyDone,
    /// A gate said no: the one-way act was not performed.
    Refused {
        /// The gate's answer: seen, expected, next move. The first one that refused.
        gate: GateResult,
    },
    /// The world or AWS does not allow it, and waiting would not help.
    Failed(Message),
    /// The step's time was over before the target state was proved. What was begun goes on in AWS.
    TimedOut(Message),
    /// The run was asked to stop; the call in flight was finished. The next run goes on from what it sees.
    Interrupted(Message),
}

impl Outcome {
    /// Whether the target state holds.
    pub fn is_done(&self) -> bool {
        matches!(self, Outcome::Done | Outcome::AlreadyDone)
    }

    /// One word for logs and attributes.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::AlreadyDone => "already done",
            Outcome::Refused { .. } => "refused",
            Outcome::Failed(_) => "failed",
            Outcome::TimedOut(_) => "timed out",
            Outcome::Interrupted(_) => "interrupted",
        }
    }

    /// What to tell; `None` when the step is done.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Outcome::Done | Outcome::AlreadyDone => None,
            Outcome::Refused { gate } => Some(&gate.message),
            Outcome::Failed(message)
            | Outcome::TimedOut(message)
            | Outcome::Interrupted(message) => Some(message),
        }
    }
}

/// A run's outcome, with what the world is now as far as it was seen.
#[derive(Clone, Debug)]
pub struct Report<W, A> {
    /// How it ended.
    pub outcome: Outcome,
    /// The newest observation; `None` when nothing answered.
    pub world: Option<W>,
    /// What the gates were last asked about: the numbers behind [`Report::gates`].
    pub gated_on: Option<W>,
    /// The last answers of the gates; empty when no one-way act was due.
    pub gates: Vec<GateResult>,
    /// What this run did, in order, with how it was answered.
    pub acts: Vec<Performed<A>>,
    /// How long the run took.
    pub elapsed: Duration,
}
