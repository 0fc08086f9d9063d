//! Runs an order of the engine, and tells how it ended.

use std::fmt::Write as _;

use recovery::engine::{End, Event, Execution, Order, Refusal, Surroundings, execute};
use recovery::gate::GateResult;
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::next_move;
use recovery::outcome::Outcome;
use terraform_framework::CancellationToken;

use super::consents::{Acceptance, Bound, acceptances};
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

/// What is told of an end that left the old writer open.
pub(crate) const UNFENCED: &str = "Done, and the old writer is not proved to be fenced";

/// What to do about it.
pub(crate) fn fence_it() -> String {
    format!(
        "Until it is, two databases may accept writes.\nNext: when its region answers again: {}. The action dr_reprotect fences it too, and rebuilds the replication.",
        next_move::fence()
    )
}

/// How an execution that did not come to a good end is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// One line.
    pub(crate) summary: String,
    /// Seen, expected, next; with the consent to write.
    pub(crate) detail: String,
}

/// Where a consent is written that opens a refused gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// Into the resource.
    Resource,
    /// Into the action.
    Action,
    /// The action takes none: it is given with drctl.
    Drctl,
}

impl Accepts {
    /// What is done again.
    fn again(self) -> &'static str {
        match self {
            Accepts::Resource => "apply",
            Accepts::Action | Accepts::Drctl => "invoke the action",
        }
    }
}

/// What to tell of an end; `None` where every step is done.
pub(crate) fn told(
    execution: &Execution,
    mode: Mode,
    bound: &Bound<'_>,
    accepts: Accepts,
) -> Option<Told> {
    let (id, target) = (&execution.id, bound.target);
    let plan = &bound.document.name;
    let summary = match execution.end {
        End::Done | End::DoneUnfenced => return None,
        End::Refused => format!("{mode} of {plan} to {target}: a gate refused"),
        End::Failed => format!("{mode} of {plan} to {target} failed"),
        End::Interrupted => {
            let again = match accepts {
                Accepts::Resource => "apply",
                Accepts::Action | Accepts::Drctl => "invocation",
            };
            format!("{mode} of {plan} to {target} was interrupted; the next {again} goes on")
        }
        End::Aborted => format!("{mode} of {plan} to {target} was ended by a person"),
    };
    let mut detail = format!("Execution {id}.\n");
    if let Some(message) = &execution.message {
        detail.push_str(&paragraphs(message));
        detail.push('\n');
    }
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
    detail.push_str(&accepting(execution, mode, bound, accepts));
    let next = match execution.end {
        End::Aborted => "Next: plan again; the world is looked at anew.".to_owned(),
        _ => format!(
            "Next: {} again, or without Terraform\n\n  {}\n",
            accepts.again(),
            next_move::resume(id)
        ),
    };
    let _ = write!(detail, "\n{next}");
    Some(Told { summary, detail })
}

/// How the risks that refused gates name are accepted; empty where there is none.
fn accepting(execution: &Execution, mode: Mode, bound: &Bound<'_>, accepts: Accepts) -> String {
    let steps = execution.steps.iter();
    let refused: Vec<(&str, &GateResult)> = steps
        .flat_map(|(step, result)| {
            let refused = result.gates.iter().filter(|gate| !gate.is_open());
            refused.map(|gate| (step.as_str(), gate))
        })
        .collect();
    let acceptances = acceptances(&refused, mode, bound);
    if acceptances.is_empty() {
        return String::new();
    }
    if accepts == Accepts::Drctl {
        let id = &execution.id;
        let risks: Vec<String> = acceptances.iter().map(Acceptance::word).collect();
        let line = next_move::resume_accepting(id, &risks.join(" --accept "));
        return format!(
            "\nThis action takes no consent. To accept the risk, go on with drctl:\n\n  {line}\n"
        );
    }
    let place = match accepts {
        Accepts::Resource => "resource",
        Accepts::Action | Accepts::Drctl => "action",
    };
    let blocks: Vec<String> = acceptances.iter().map(|it| it.block(bound)).collect();
    format!(
        "\nTo accept the risk, write this into the {place} and {} again:\n\n{}\n",
        accepts.again(),
        blocks.join("\n")
    )
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aws::Region;
    use recovery::engine::StepResult;
    use recovery::gate::{Gate, Verdict};
    use recovery::steps::KINDS;

    use super::*;

    /// The promotion of the example, refused because the old writer is not fenced.
    fn refused() -> Execution {
        let gate = GateResult {
            gate: Gate::Fenced,
            verdict: Verdict::Refused { may_change: false },
            message: Message::new("it accepts writes", "no writes", "fence it"),
            at_risk: None,
        };
        let result = StepResult {
            gates: vec![gate],
            ..StepResult::default()
        };
        Execution {
            id: "01J".to_owned(),
            end: End::Refused,
            message: None,
            epoch: None,
            steps: vec![("promote-database".to_owned(), result)],
            blocked: BTreeMap::new(),
            tolerated: Vec::new(),
            stale_stores: Vec::new(),
        }
    }

    #[test]
    fn a_risk_is_accepted_where_it_can_be_written() {
        let text = include_str!("../../../examples/region-failover/plan.json");
        let Ok((document, _)) = recovery::document::Document::read(text, KINDS) else {
            panic!("the example is a plan");
        };
        let target = Region::new("us-west-2").expect("a region");
        let bound = Bound {
            document: &document,
            digest: "d1",
            epoch: 2,
            target: &target,
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let detail = |accepts| {
            let told = told(&refused(), Mode::Switchover, &bound, accepts);
            told.expect("it is refused").detail
        };
        let resource = detail(Accepts::Resource);
        assert!(
            resource.contains("write this into the resource and apply again")
                && resource.contains("consent {")
                && resource.contains("drctl resume 01J --plan FILE"),
            "{resource}"
        );
        let action = detail(Accepts::Action);
        assert!(
            action.contains("write this into the action and invoke the action again")
                && action.contains("consent {"),
            "{action}"
        );
        let drctl = detail(Accepts::Drctl);
        assert!(
            drctl.contains("drctl resume 01J --plan FILE --accept unfenced --reason TEXT")
                && !drctl.contains("consent {")
                && !drctl.contains("resource"),
            "{drctl}"
        );
    }
}
