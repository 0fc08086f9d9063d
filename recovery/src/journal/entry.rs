//! One entry. It holds words and numbers that anybody may read: no secret, no customer's data.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::consent::{AcceptedRisk, PlanConsent};
use crate::gate::{GateResult, Verdict};
use crate::lock::Takeover;

/// The format of entries that this engine writes.
pub const SCHEMA: u32 = 1;

/// What an entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The execution was declared: always the first entry.
    Declared,
    /// Another run goes on with it.
    Resumed,
    /// The lock of a silent owner was taken over.
    TookOver,
    /// An operator's command was obeyed.
    Obeyed,
    /// A risk was accepted.
    Consented,
    /// The step waits for something.
    Waiting,
    /// The gates of the step's act were asked.
    Gated,
    /// The act is about to be sent: written before.
    Performing,
    /// The act was answered.
    Answered,
    /// The act was done; its effect is looked for.
    Verifying,
    /// The step's target state is proved.
    Done,
    /// A gate refused the step's act.
    Refused,
    /// The step failed.
    Failed,
    /// The step's time was over.
    TimedOut,
    /// A named operator skipped the step.
    Skipped,
    /// The run stopped before the step ended.
    Interrupted,
    /// Nothing new is started until it is resumed.
    Paused,
    /// It goes on after a pause.
    Unpaused,
    /// The epoch was written.
    Epoch,
    /// The execution ended.
    Ended,
    /// Something that somebody should know.
    Remark,
}

impl Phase {
    /// Whether a step that is there runs no more in this run.
    pub fn ends_step(self) -> bool {
        matches!(
            self,
            Phase::Done
                | Phase::Refused
                | Phase::Failed
                | Phase::TimedOut
                | Phase::Skipped
                | Phase::Interrupted
        )
    }
}

/// What was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Hash of the whole observation.
    pub digest: String,
    /// The observation in a line.
    pub line: String,
}

impl Observed {
    /// From the line, which stands for the whole.
    pub fn line(line: impl Into<String>) -> Self {
        let line = line.into();
        Observed {
            digest: canonical::hash(line.as_bytes()),
            line,
        }
    }
}

/// A gate with the numbers that it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateNote {
    /// The question.
    pub gate: String,
    /// `passed`, `consented` or `refused`.
    pub verdict: String,
    /// What was seen.
    pub seen: String,
    /// What was expected.
    pub expected: String,
    /// The next move, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The most data, in time, that is lost by the act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_risk_millis: Option<u64>,
}

impl From<&GateResult> for GateNote {
    fn from(result: &GateResult) -> Self {
        let verdict = match result.verdict {
            Verdict::Passed => "passed",
            Verdict::Consented => "consented",
            Verdict::Refused { .. } => "refused",
        };
        GateNote {
            gate: result.gate.to_string(),
            verdict: verdict.to_owned(),
            seen: result.message.seen.clone(),
            expected: result.message.expected.clone(),
            next: (!result.is_open() && !result.message.next.is_empty())
                .then(|| result.message.next.clone()),
            at_risk_millis: result.at_risk.map(millis),
        }
    }
}

/// What somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentNote {
    /// The word of the risk.
    pub risk: String,
    /// The accepted loss, where the risk is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_millis: Option<u64>,
    /// The step; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// When it stops to count.
    pub until: Timestamp,
    /// The region that becomes active.
    pub target: String,
    /// The epoch that the execution completes.
    pub epoch: u64,
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl From<&PlanConsent> for ConsentNote {
    fn from(consent: &PlanConsent) -> Self {
        let up_to = match consent.risk {
            AcceptedRisk::DataLossUpTo(bound) => Some(millis(bound)),
            _ => None,
        };
        ConsentNote {
            risk: consent.risk.name().to_owned(),
            up_to_millis: up_to,
            step: consent.step.clone(),
            until: consent.until,
            target: consent.target.clone(),
            epoch: consent.epoch,
            by: consent.by.clone(),
            reason: consent.reason.clone(),
        }
    }
}

impl ConsentNote {
    /// The consent; `None` when this engine does not know the risk, which then counts for nothing.
    pub fn consent(&self) -> Option<PlanConsent> {
        let risk = match (self.risk.as_str(), self.up_to_millis) {
            ("unknown_lag", _) => AcceptedRisk::UnknownLag,
            ("unfenced", _) => AcceptedRisk::Unfenced,
            ("data_loss_up_to", Some(bound)) => {
                AcceptedRisk::DataLossUpTo(Duration::from_millis(bound))
            }
            _ => return None,
        };
        Some(PlanConsent {
            risk,
            step: self.step.clone(),
            until: self.until,
            target: self.target.clone(),
            epoch: self.epoch,
            by: self.by.clone(),
            reason: self.reason.clone(),
        })
    }
}

/// What the execution is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// The plan's name.
    pub plan: String,
    /// The plan's digest.
    pub digest: String,
    /// The mode's word.
    pub mode: String,
    /// The region that becomes active.
    pub target: String,
    /// The region that was active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Regions that are declared lost.
    #[serde(default)]
    pub lost: Vec<String>,
    /// When it was declared.
    pub declared_at: Timestamp,
    /// When the lost region was lost, as the operator says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<Timestamp>,
    /// When the region that is left was last seen serving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    /// The epoch that it completes.
    pub epoch: u64,
    /// Regions whose stores hold no part of the lock.
    #[serde(default)]
    pub lost_stores: Vec<String>,
    /// The steps that it is about, where it is not about all that the mode runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
}

/// A takeover of the lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeoverNote {
    /// The store.
    pub store: String,
    /// Whose it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Which execution it was held for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution: Option<String>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it was taken over, by the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// How long it was silent for the watcher.
    pub silent_millis: u64,
}

impl From<&Takeover> for TakeoverNote {
    fn from(takeover: &Takeover) -> Self {
        TakeoverNote {
            store: takeover.from.place.clone(),
            from: takeover.from.actor.clone(),
            execution: takeover.from.execution.clone(),
            since: takeover.from.since,
            at: takeover.at,
            silent_millis: millis(takeover.watched),
        }
    }
}

/// An operator's command that was obeyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandNote {
    /// Its id.
    pub id: String,
    /// What it asks for, in words.
    pub order: String,
    /// Who gave it.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What an entry says, before it is chained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it tells.
    pub phase: Phase,
    /// The step that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Who acts or decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Observed>,
    /// What was decided, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The gates with their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateNote>,
    /// The act: the AWS operation, on what, with which arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The idempotency key that the act carries, where it cannot be observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How it came out, in words: the answer, the error with code and request id, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_millis: Option<u64>,
    /// Risks that were accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<ConsentNote>,
    /// What the execution is; in [`Phase::Declared`] and [`Phase::Resumed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<Declaration>,
    /// In [`Phase::TookOver`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takeover: Option<TakeoverNote>,
    /// In [`Phase::Obeyed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandNote>,
    /// The epoch that was completed; in [`Phase::Epoch`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
}

impl Note {
    /// A note that says only its phase; set what else it says.
    pub fn new(phase: Phase) -> Self {
        Note {
            phase,
            step: None,
            actor: None,
            observed: None,
            decision: None,
            gates: Vec::new(),
            operation: None,
            key: None,
            outcome: None,
            duration_millis: None,
            consents: Vec::new(),
            declaration: None,
            takeover: None,
            command: None,
            epoch: None,
        }
    }

    /// A note about a step.
    pub fn of_step(phase: Phase, step: &str) -> Self {
        Note {
            step: Some(step.to_owned()),
            ..Note::new(phase)
        }
    }
}

/// An entry as it is kept: a note in its place of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The format.
    pub schema: u32,
    /// The execution.
    pub execution: String,
    /// Its number; the first one is 1.
    pub number: u64,
    /// SHA-256 of the bytes of the entry before; absent in the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The time by the store; absent where no store has told one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// The token of the lock under which it was written: one for each run.
    pub run: String,
    /// What it says.
    #[serde(flatten)]
    pub note: Note,
}

impl Entry {
    /// The bytes that are kept and hashed.
    pub fn bytes(&self) -> Vec<u8> {
        canonical::bytes(self)
    }
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
