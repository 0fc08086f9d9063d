//! What a promotion would do, told before it is done: for Terraform's plan and for a failover plan's dry run.

use std::fmt;

use super::{Act, Request, Seen, Settings, decide, gates, risk_of, warnings};
use crate::gate::data_at_risk::DataAtRisk;
use crate::gate::{GateResult, Verdict};
use crate::message::Message;
use crate::risk::Risk;
use crate::step::{Decision, Memory};

/// One act that would be performed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAct {
    /// The AWS operation.
    pub operation: &'static str,
    /// How far it can be undone.
    pub risk: Risk,
    /// The act in words.
    pub text: String,
}

/// What would happen, as of one look. Measured numbers differ a minute later: nothing of this belongs into a state.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The instance in one line.
    pub seen: String,
    /// The acts in order; empty when the target state holds already.
    pub acts: Vec<PlannedAct>,
    /// What would be waited for before anything else.
    pub waits_for: Option<String>,
    /// Why it cannot be done at all.
    pub failure: Option<Message>,
    /// The gates as they stand now; empty when no one-way act would be performed.
    pub gates: Vec<GateResult>,
    /// How much data is at risk, with its numbers; `None` when nothing would be promoted.
    pub data_at_risk: Option<DataAtRisk>,
    /// What somebody should know although it stops nothing.
    pub warnings: Vec<String>,
}

impl Preview {
    /// Whether one of the acts cannot be undone.
    pub fn is_one_way(&self) -> bool {
        self.acts.iter().any(|act| act.risk == Risk::OneWay)
    }

    /// What makes the plan an error: the promotion cannot be done, or a gate is refused that nothing changes any more.
    pub fn refusal(&self) -> Option<&Message> {
        let refused = self.gates.iter().find(|gate| gate.is_refused_for_good());
        self.failure.as_ref().or(refused.map(|gate| &gate.message))
    }

    /// The gates that are closed now and asked again before the act.
    pub fn checked_later(&self) -> impl Iterator<Item = &GateResult> {
        self.gates
            .iter()
            .filter(|gate| gate.verdict == Verdict::Refused { may_change: true })
    }
}

/// The preview of a request against one look, which should be [`crate::step::Look::WhatAnswers`]; pure.
pub fn preview(seen: &Seen, request: &Request) -> Preview {
    let mut preview = Preview {
        seen: seen.to_string(),
        acts: Vec::new(),
        waits_for: None,
        failure: None,
        gates: Vec::new(),
        data_at_risk: None,
        warnings: Vec::new(),
    };
    let replica = seen.target.source.is_some();
    match decide(seen, request, &Memory::default()) {
        Decision::Done => return preview,
        Decision::Fail(message) => preview.failure = Some(message),
        Decision::Wait(reason) => preview.waits_for = Some(reason),
        Decision::Act(Act::Promote) => {}
        Decision::Act(act) => preview.acts.push(planned(&act, request)),
    }
    if !replica {
        return preview;
    }
    preview.acts.push(planned(&Act::Promote, request));
    let after = request.settings.after_promotion();
    if after != Settings::default() {
        preview.acts.push(planned(&Act::Modify(after), request));
    }
    preview.gates = gates(seen, request);
    preview.data_at_risk = risk_of(seen);
    preview.warnings = warnings(seen, request);
    preview
}

fn planned(act: &Act, request: &Request) -> PlannedAct {
    PlannedAct {
        operation: act.operation(),
        risk: act.risk(),
        text: act.describe(request),
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "now: {}", self.seen)?;
        if let Some(failure) = &self.failure {
            write!(f, "\ncannot be done: {failure}")?;
        }
        if let Some(reason) = &self.waits_for {
            write!(f, "\nfirst: {reason}")?;
        }
        for act in &self.acts {
            write!(f, "\nwould do ({}): {}", act.risk, act.text)?;
        }
        if self.acts.is_empty() && self.failure.is_none() && self.waits_for.is_none() {
            f.write_str("\nnothing to do")?;
        }
        for gate in &self.gates {
            write!(f, "\ngate {gate}")?;
            if !gate.is_open() {
                write!(
                    f,
                    "; expected: {}; next: {}",
                    gate.message.expected, gate.message.next
                )?;
            }
        }
        for warning in &self.warnings {
            write!(f, "\nnote: {warning}")?;
        }
        Ok(())
    }
}
