//! The evidence of an execution: what was decided, seen and done, by whom and when, against what was promised.
//!
//! A plain value that is made from the journal and rendered as JSON, Markdown or one self-contained HTML page. It holds
//! no secret and no customer data: the journal holds none.

mod gather;
mod html;
mod markdown;

use serde::Serialize;

pub use gather::gather;
pub use html::html;
pub use markdown::markdown;

/// The format version of the JSON form.
pub const FORMAT: u32 = 1;

/// Everything that is told about one execution. Moments are RFC 3339 in UTC by the stores' dates, durations whole
/// seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// [`FORMAT`].
    pub format: u32,
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
    /// Orders of people that were obeyed, and locks that were taken over.
    pub decisions: Vec<DecisionEvidence>,
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
    /// The step; `None` for all.
    pub step: Option<String>,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it stops to count.
    pub until: String,
}

/// A decision of a person, or a takeover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DecisionEvidence {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What, in words.
    pub words: String,
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

/// Seconds as people say them.
pub(crate) fn seconds_text(seconds: u64) -> String {
    crate::message::duration_text(std::time::Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::{Evidence, StepEvidence, TierEvidence, html, markdown};

    fn tier(rto: Option<u64>, rpo: Option<u64>) -> TierEvidence {
        TierEvidence {
            tier: "critical".to_owned(),
            rto_objective_seconds: 3600,
            rto_measured_seconds: rto,
            rpo_objective_seconds: 300,
            rpo_measured_seconds: rpo,
        }
    }

    #[test]
    fn a_promise_is_kept_only_when_all_of_it_was_measured() {
        for (rto, rpo, kept) in [
            (Some(60), Some(300), Some(true)),
            (Some(60), None, None),
            (None, Some(10), None),
            (None, Some(301), Some(false)),
            (Some(3601), None, Some(false)),
        ] {
            assert_eq!(tier(rto, rpo).kept(), kept, "{rto:?} {rpo:?}");
        }
    }

    #[test]
    fn what_steps_say_stays_text_in_every_form() {
        let evidence = Evidence {
            plan: "<script>alert(1)</script>".to_owned(),
            steps: vec![StepEvidence {
                step: "promote|it".to_owned(),
                standing: "failed".to_owned(),
                message: Some("seen: \"x\"\n<img src=x onerror=alert(1)>".to_owned()),
                ..StepEvidence::default()
            }],
            ..Evidence::default()
        };
        let page = html(&evidence);
        assert!(
            !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
        assert!(page.contains("&lt;script&gt;"));
        let text = markdown(&evidence);
        assert!(
            // A backslash makes the letter after it text (CommonMark, "Backslash escapes").
            text.contains("promote\\|it") && text.contains("\\<img"),
            "{text}"
        );
        assert!(evidence.json().contains("\"format\": 0"));
    }
}
