//! Runs an order of the engine, and tells how it ended.

use std::fmt::Write as _;

use recovery::engine::{End, Event, Execution, Order, Refusal, Surroundings, execute};
use recovery::gate::GateResult;
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::outcome::Outcome;
use terraform_framework::CancellationToken;

use super::consents::{Bound, line_for};
use crate::messages::paragraphs;

/// Runs the order to its end; every event goes to the provider's log, and line by line to `tell`.
pub(crate) async fn run(
    around: &Surroundings,
    order: &Order,
    cancel: &CancellationToken,
    tell: &(dyn Fn(&str) + Send + Sync),
) -> Result<Execution, Refusal> {
    let plan = around.document.name.as_str();
    let sink = |event: Event| {
        for line in event.to_string().lines() {
            tracing::info!(plan, "{line}");
            tell(line);
        }
    };
    execute(around, order, cancel, &sink).await
}

/// How an execution that did not come to a good end is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// One line.
    pub(crate) summary: String,
    /// Seen, expected, next; with the consent to write.
    pub(crate) detail: String,
}

/// What to tell of an end; `None` where every step is done.
pub(crate) fn told(execution: &Execution, mode: Mode, bound: &Bound<'_>) -> Option<Told> {
    let (id, target) = (&execution.id, bound.target);
    let plan = &bound.document.name;
    let summary = match execution.end {
        End::Done | End::DoneUnfenced => return None,
        End::Refused => format!("{mode} of {plan} to {target}: a gate refused"),
        End::Failed => format!("{mode} of {plan} to {target} failed"),
        End::Interrupted => {
            format!("{mode} of {plan} to {target} was interrupted; the next apply goes on")
        }
        End::Aborted => format!("{mode} of {plan} to {target} was ended by a person"),
    };
    let mut detail = format!("Execution {id}.\n");
    if let Some(message) = &execution.message {
        detail.push_str(&paragraphs(message));
        detail.push('\n');
    }
    let consents = consents_to_write(execution, mode, bound);
    for (step, result) in &execution.steps {
        let why = result.outcome.as_ref().and_then(Outcome::message);
        if let Some(why) = why.filter(|why| execution.message.as_ref() != Some(*why)) {
            let (stands, why) = (result.state.name(), paragraphs(why));
            let _ = writeln!(
                detail,
                "
{step}: {stands}
{why}"
            );
        }
    }
    for (step, because) in &execution.blocked {
        let _ = writeln!(detail, "{step} never began: {}", because.join(", "));
    }
    if !consents.is_empty() {
        detail.push_str("\nTo accept the risk, write this into the resource and apply again:\n\n");
        detail.push_str(&consents.join("\n"));
        detail.push('\n');
    }
    let next = match execution.end {
        End::Aborted => "Next: plan again; the world is looked at anew.".to_owned(),
        _ => format!("Next: apply again, or without Terraform\n\n  drctl resume {id}\n"),
    };
    let _ = write!(detail, "\n{next}");
    Some(Told { summary, detail })
}

/// One consent for each risk that a refused gate names.
fn consents_to_write(execution: &Execution, mode: Mode, bound: &Bound<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut risks: Vec<recovery::gate::Gate> = Vec::new();
    for (step, result) in &execution.steps {
        let refused = result.gates.iter().filter(|gate| !gate.is_open());
        let refused: Vec<&GateResult> = refused.collect();
        for gate in refused {
            if risks.contains(&gate.gate) {
                continue;
            }
            if let Some(line) = line_for(gate, step, mode, bound) {
                risks.push(gate.gate);
                lines.push(line);
            }
        }
    }
    lines
}

/// How a refusal to begin is told.
pub(crate) fn refusal(refusal: &Refusal, plan: &str) -> Told {
    let summary = match refusal {
        Refusal::Unfit(_) => format!("{plan} cannot be executed so"),
        Refusal::Locked(_) => format!("{plan} is being executed by somebody else"),
        Refusal::NoAnswer(_) => {
            format!("{plan} cannot be executed: a store or region does not answer")
        }
    };
    let message: &Message = refusal.message();
    Told {
        summary,
        detail: paragraphs(message),
    }
}
