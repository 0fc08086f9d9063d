//! The evidence of an execution: what was decided, seen and done, by whom and when, against what was promised.
//!
//! A plain value that is made from the journal and rendered as JSON, Markdown or one self-contained HTML page. It holds
//! no secret and no customer data: the journal holds none.

mod events;
mod gather;
mod html;
mod markdown;
mod picture;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aws::Region;
use serde::Serialize;

pub use gather::gather;
pub use html::html;
pub use markdown::markdown;

use crate::engine::Closure;

/// The format version of the JSON form.
pub const FORMAT: u32 = 2;

/// What later executions did about the old writers that one left unfenced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// Those that fenced, the oldest first.
    pub closures: Vec<Closure>,
    /// Where old writers are unfenced still.
    pub open: BTreeSet<Region>,
    /// Why not everything is known, if so.
    pub unknown: Option<String>,
}

/// Everything that is told about one execution. Moments are RFC 3339 in UTC by the stores' dates, durations whole
/// seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// [`FORMAT`].
    pub format: u32,
    /// What happened, in a sentence.
    pub summary: String,
    /// Whether the journal is whole and unchanged, as far as anybody can tell; [`ChainEvidence::problems`] says what is
    /// wrong with it.
    pub intact: bool,
    /// Id of the execution.
    pub execution: String,
    /// Name of the failover plan.
    pub plan: String,
    /// Digest of the plan's document.
    pub digest: String,
    /// `failover`, `switchover` or `reprotect`.
    pub mode: String,
    /// The region that becomes active.
    pub target: String,
    /// The region that was active; `None` when nobody could tell.
    pub from: Option<String>,
    /// Regions that were declared lost.
    pub lost: Vec<String>,
    /// When they were lost, as the operator said.
    pub lost_at: Option<String>,
    /// When the disaster was declared; RTO counts from here.
    pub declared_at: String,
    /// When the first run began.
    pub began_at: String,
    /// When it ended; `None` while it runs or is interrupted.
    pub ended_at: Option<String>,
    /// How it ended: `done`, `done_unfenced`, `refused`, `failed`, `interrupted`, `aborted`; `None` while it runs.
    pub end: Option<String>,
    /// The epoch that it completed.
    pub epoch: Option<u64>,
    /// Who ordered it.
    pub actor: String,
    /// What was promised and what came of it.
    pub tiers: Vec<TierEvidence>,
    /// The steps in the plan's order.
    pub steps: Vec<StepEvidence>,
    /// What was accepted, by whom and why.
    pub consents: Vec<ConsentEvidence>,
    /// Each time that a gate refused, whatever came after it.
    pub refusals: Vec<RefusalEvidence>,
    /// The processes that ran it, in order.
    pub runs: Vec<RunEvidence>,
    /// What people and processes did, in order: beginnings, consents, refusals, orders, takeovers, ends.
    pub events: Vec<EventEvidence>,
    /// Which executions fenced later what this one left unfenced.
    pub closed_by: Vec<ClosureEvidence>,
    /// What stays to be done: an unfenced writer, stale stores.
    pub open: Vec<String>,
    /// What the journal's chain proves.
    pub chain: ChainEvidence,
}

/// A tier's promise and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TierEvidence {
    /// Its name.
    pub tier: String,
    /// The promised time to serve again.
    pub rto_objective_seconds: u64,
    /// From the declaration to the tier's last verified step; `None` when not all of them are verified.
    pub rto_measured_seconds: Option<u64>,
    /// The promised bound of loss.
    pub rpo_objective_seconds: u64,
    /// The largest upper bound that a gate measured; `None` when none did.
    pub rpo_measured_seconds: Option<u64>,
}

impl TierEvidence {
    /// Whether what was measured keeps the promise; `None` while something is not measured and nothing breaks it.
    pub fn kept(&self) -> Option<bool> {
        let within = |measured: Option<u64>, promised: u64| measured.map(|it| it <= promised);
        let rto = within(self.rto_measured_seconds, self.rto_objective_seconds);
        let rpo = within(self.rpo_measured_seconds, self.rpo_objective_seconds);
        match (rto, rpo) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}

/// A step and what it did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StepEvidence {
    /// Its name.
    pub step: String,
    /// Its kind.
    pub kind: String,
    /// Its tier.
    pub tier: Option<String>,
    /// `waiting`, `running`, `done`, `skipped`, `refused`, `failed`, `timed_out`, `interrupted`.
    pub standing: String,
    /// When it first began.
    pub began_at: Option<String>,
    /// When it last ended.
    pub ended_at: Option<String>,
    /// Seconds after the declaration at which it first began.
    pub began_seconds: Option<i64>,
    /// Seconds after the declaration at which it last ended.
    pub ended_seconds: Option<i64>,
    /// Why it stands so, where it did not end well.
    pub message: Option<String>,
    /// The world as it was last seen.
    pub world: Option<String>,
    /// The gates of its one-way acts with the numbers that were seen.
    pub gates: Vec<GateEvidence>,
    /// What was sent to AWS, and how it was answered.
    pub acts: Vec<ActEvidence>,
    /// What somebody should know.
    pub warnings: Vec<String>,
}

/// A gate's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GateEvidence {
    /// Which one.
    pub gate: String,
    /// `passed`, `consented` or `refused`.
    pub verdict: String,
    /// The numbers that were seen.
    pub seen: String,
    /// What was expected.
    pub expected: String,
    /// The most data, in seconds, that is lost by the act, where this gate measured it.
    pub at_risk_seconds: Option<u64>,
}

/// An act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ActEvidence {
    /// When it was intended.
    pub at: String,
    /// The operation, on what, with which arguments.
    pub words: String,
    /// How far it can be undone.
    pub risk: String,
    /// How it was answered; `None` when the run ended before that was written.
    pub answer: Option<String>,
}

/// A consent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConsentEvidence {
    /// The risk.
    pub risk: String,
    /// The accepted loss, where the risk is one.
    pub up_to_seconds: Option<u64>,
    /// The gate that it opens.
    pub gate: String,
    /// The step; `None` for all.
    pub step: Option<String>,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it stops to count.
    pub until: String,
}

/// A gate that refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RefusalEvidence {
    /// When.
    pub at: String,
    /// The step whose act it stood before.
    pub step: String,
    /// Which gate.
    pub gate: String,
    /// The act that was not sent.
    pub act: String,
    /// The numbers that were seen.
    pub seen: String,
    /// What was expected.
    pub expected: String,
    /// The next move that was told; `None` in journals that do not hold it.
    pub next: Option<String>,
    /// What came of it: `consented`, `passed` when it was asked again, `skipped` with its
    /// step, `not_needed` where the step was done without the act; `None` while it stands.
    pub then: Option<String>,
}

/// A process that ran the execution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunEvidence {
    /// Who.
    pub by: String,
    /// When it began.
    pub began_at: String,
    /// When it wrote its last entry: it was last seen then.
    pub last_entry_at: String,
    /// How it ended, `gone` where it wrote no end and another one went on; `None` while it may run.
    pub end: Option<String>,
    /// Who went on with the execution after it, and when.
    pub followed_by: Option<String>,
    /// When the next one began.
    pub followed_at: Option<String>,
    /// How long its lock was watched without a heartbeat before it was taken over; `None` where it gave the lock back.
    pub silent_seconds: Option<u64>,
}

/// Something that a person or a process did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EventEvidence {
    /// When.
    pub at: String,
    /// Seconds after the declaration.
    pub seconds: Option<i64>,
    /// `began`, `resumed`, `gone`, `took_over`, `consent`, `refused`, `went_on_by_consent`, `order`, `epoch`, `ended`.
    pub event: String,
    /// The step that it is about.
    pub step: Option<String>,
    /// Who.
    pub by: Option<String>,
    /// What, in words.
    pub words: String,
}

/// An execution that fenced what this one left unfenced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClosureEvidence {
    /// Its id.
    pub execution: String,
    /// `fence` for a fence alone, else `reprotect`.
    pub mode: String,
    /// Who ran it.
    pub by: Option<String>,
    /// When it ended.
    pub at: Option<String>,
    /// Where the old writers are that it fenced.
    pub regions: Vec<String>,
}

/// What the chain of entries proves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChainEvidence {
    /// How many entries.
    pub entries: u64,
    /// Hash of the last one.
    pub head: String,
    /// What is wrong with it: edits, gaps. Empty when it holds.
    pub problems: Vec<String>,
    /// What it cannot prove.
    pub limits: Vec<String>,
}

impl Evidence {
    /// The JSON form, indented.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("text, numbers and lists are JSON")
    }
}

impl From<&Closure> for ClosureEvidence {
    fn from(closure: &Closure) -> Self {
        let regions = closure.regions.iter();
        ClosureEvidence {
            execution: closure.execution.clone(),
            mode: if closure.fence_alone {
                "fence".to_owned()
            } else {
                closure.mode.name().to_owned()
            },
            by: closure.by.clone(),
            at: closure.at.map(|at| at.to_string()),
            regions: regions.map(ToString::to_string).collect(),
        }
    }
}

impl std::fmt::Display for ClosureEvidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let by = self.by.as_deref().unwrap_or("somebody unknown");
        write!(
            f,
            "the old writer in {} was fenced later, by the {} {} of {by}",
            self.regions.join(", "),
            self.mode,
            self.execution
        )?;
        match &self.at {
            Some(at) => write!(f, ", at {at}"),
            None => Ok(()),
        }
    }
}

/// Seconds as people say them.
pub(crate) fn seconds_text(seconds: u64) -> String {
    crate::message::duration_text(std::time::Duration::from_secs(seconds))
}
