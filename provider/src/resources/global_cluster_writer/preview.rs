//! What a move of the writer would do, for somebody who decides in the night: numbers first, one fact a line.

use std::fmt::Write as _;
use std::time::Duration;

use aws::Region;
use recovery::gate::{Gate, GateResult, Verdict};
use recovery::message::duration_text;
use recovery::plan_step::{Intent, Preview};

use super::sight::Seen;
use crate::messages::paragraphs;
use crate::roles::finding::Finding;

/// How long a move usually takes: "a few minutes" (Amazon Aurora User Guide), about eight by one team's measurements.
const USUAL: &str = "usually 2 to 8 min";

/// The findings of a preview: errors where it cannot be done, else one warning.
pub(super) fn findings(
    preview: &Preview,
    seen: &Seen,
    target: &Region,
    failover: bool,
    bound: Duration,
) -> Vec<Finding> {
    let id = &seen.global.id;
    if let Intent::Fail(message) = &preview.intent {
        let summary = format!("The writer of {id} cannot move to {target}");
        return vec![told(true, summary, paragraphs(message))];
    }
    let refused: Vec<Finding> = preview
        .gates
        .iter()
        .filter(|gate| gate.is_refused_for_good())
        .map(|gate| refusal(gate, seen, target, preview))
        .collect();
    if !refused.is_empty() {
        return refused;
    }
    let mode = if failover { "failover" } else { "switchover" };
    let risk = risk(&preview.gates, failover);
    let closed: Vec<String> = preview
        .gates
        .iter()
        .filter(|gate| !gate.is_open())
        .map(|gate| gate.gate.to_string())
        .collect();
    let mut summary = format!("{id}: {mode} from {} to {target}, {risk}", seen.writer);
    if !closed.is_empty() {
        let _ = write!(summary, ", only if this opens: {}", closed.join(", "));
    }
    vec![told(
        false,
        summary,
        text(preview, seen, target, failover, bound),
    )]
}

fn told(error: bool, summary: String, detail: String) -> Finding {
    Finding {
        error,
        summary,
        detail,
        attribute: "writer_region",
    }
}

fn risk(gates: &[GateResult], failover: bool) -> String {
    let gate = gates.iter().find(|gate| gate.gate == Gate::DataAtRisk);
    match gate.and_then(|gate| gate.at_risk) {
        Some(amount) => format!("at most {} of writes lost", duration_text(amount)),
        None if failover => "NOBODY KNOWS how much is lost".to_owned(),
        None => "nothing lost".to_owned(),
    }
}

fn text(
    preview: &Preview,
    seen: &Seen,
    target: &Region,
    failover: bool,
    bound: Duration,
) -> String {
    let mut text = String::new();
    if failover {
        let amount = risk(&preview.gates, true);
        let _ = writeln!(
            text,
            "Data at risk  {amount}; bound {}",
            duration_text(bound)
        );
    } else {
        text.push_str("Data at risk  none: AWS waits until the target has everything\n");
    }
    let _ = writeln!(text, "Time          {USUAL}");
    let _ = writeln!(text, "Now           {}", seen.line());
    match &preview.intent {
        Intent::Act(act) => {
            let _ = writeln!(text, "Does          {}", act.words);
        }
        Intent::Wait(reason) => {
            let _ = writeln!(text, "First         {reason}");
        }
        Intent::Nothing | Intent::Fail(_) => {}
    }
    let back = if failover {
        "by a switchover, once the old region is a healthy member again"
    } else {
        "by a switchover to the old region"
    };
    let _ = writeln!(text, "Way back      {back}");
    let _ = writeln!(text, "Writers       connect to the endpoint of {target}");
    for gate in &preview.gates {
        let _ = writeln!(
            text,
            "\nGate {}: {}\n  {}",
            gate.gate,
            word(gate.verdict),
            gate.message.seen
        );
        if !gate.is_open() {
            let _ = writeln!(text, "  next: {}", gate.message.next);
        }
    }
    for warning in &preview.warnings {
        let _ = writeln!(text, "\nNote: {warning}");
    }
    text.push_str("\nGates are asked again immediately before the act.");
    text
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "open",
        Verdict::Consented => "open by consent",
        Verdict::Refused { may_change: true } => "closed now",
        Verdict::Refused { may_change: false } => "closed for good",
    }
}

/// A gate that nothing opens any more, with the consent that would.
fn refusal(gate: &GateResult, seen: &Seen, target: &Region, preview: &Preview) -> Finding {
    let mut detail = paragraphs(&gate.message);
    if let Some(risk) = consent_for(gate) {
        let source = seen.member(&seen.writer).unwrap_or_default();
        let id = seen.member(target).unwrap_or_default();
        let id = id.rsplit(':').next().unwrap_or_default();
        let _ = write!(
            detail,
            "\n\nTo accept the risk, write this into the resource and plan again:\n\n  consent {{\n    {risk}\n    until  = \"<within 24 h, RFC 3339>\"\n    source = \"{source}\"\n    target = \"{id}\"\n  }}\n"
        );
    }
    for warning in &preview.warnings {
        let _ = write!(detail, "\nNote: {warning}");
    }
    told(
        true,
        format!(
            "The writer of {} is not moved to {target}: {}",
            seen.global.id, gate.gate
        ),
        detail,
    )
}

/// The risk that opens a gate, as it is written.
fn consent_for(gate: &GateResult) -> Option<String> {
    match (gate.gate, gate.at_risk) {
        (Gate::Fenced, _) => Some("risk   = \"unfenced\"".to_owned()),
        (Gate::DataAtRisk, None) => Some("risk   = \"unknown_lag\"".to_owned()),
        (Gate::DataAtRisk, Some(amount)) => {
            let seconds = amount.as_secs() + 1;
            Some(format!(
                "risk   = \"data_loss_up_to\"\n    bound  = \"{seconds}s\""
            ))
        }
        _ => None,
    }
}
