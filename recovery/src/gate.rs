//! Gates: questions that must be answered yes before a one-way act.
//!
//! Every gate is a pure function of what was observed. It is asked when a plan is previewed and again immediately
//! before the act, with fresh numbers; only the second answer opens the way.

pub mod data_at_risk;
pub mod fenced;
pub mod ready_to_serve;
pub mod right_source;

use std::fmt;

use crate::message::Message;

/// Which question was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Does the replica follow the instance that was named?
    RightSource,
    /// Is what would be lost known, and within the bound?
    DataAtRisk,
    /// Is it proved that the old writer accepts no writes any more?
    Fenced,
    /// Can the target carry what it is promoted for?
    ReadyToServe,
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Gate::RightSource => "right source",
            Gate::DataAtRisk => "data at risk",
            Gate::Fenced => "fenced",
            Gate::ReadyToServe => "ready to serve",
        })
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Passed,
    /// No, and a consent that counts accepts exactly that.
    Consented,
    /// No.
    Refused {
        /// Whether time, a person or an earlier step may still change the answer. A plan refuses only what nothing
        /// changes any more; the rest is listed as checked later.
        may_change: bool,
    },
}

/// One gate's answer with what it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateResult {
    /// The question.
    pub gate: Gate,
    /// The answer.
    pub verdict: Verdict,
    /// The numbers seen, what was expected, and (when refused) the next move.
    pub message: Message,
    /// The most data, in time, that is lost by the act, where this gate measured it.
    pub at_risk: Option<std::time::Duration>,
}

impl GateResult {
    /// Whether the gate lets the act through.
    pub fn is_open(&self) -> bool {
        !matches!(self.verdict, Verdict::Refused { .. })
    }

    /// Whether the gate is refused and nothing that can still happen changes that.
    pub fn is_refused_for_good(&self) -> bool {
        self.verdict == Verdict::Refused { may_change: false }
    }
}

impl fmt::Display for GateResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Passed => "passed",
            Verdict::Consented => "passed by consent",
            Verdict::Refused { may_change: false } => "refused",
            Verdict::Refused { may_change: true } => "closed now, checked again before the act",
        };
        write!(f, "{} ({verdict}): {}", self.gate, self.message.seen)
    }
}
