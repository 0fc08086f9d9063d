//! What an apply does: decide once more over what is true now, then let the engine act, or only record.

use aws::Region;
use recovery::outcome::Outcome;
use recovery::plan_step::PlanStep;
use recovery::progress::Progress;
use recovery::runner::{Context, Pace};
use recovery::step::{Look, Step};
use recovery::steps::aurora_global_writer::AuroraGlobalWriter;
use terraform_framework::cty::Path;
use terraform_framework::resource::{Applied, ApplyRequest};
use terraform_framework::{Cx, Diagnostics, Value};

use super::messages::message;
use super::model::GlobalClusterWriter;
use super::planning::{about, decision};
use super::reading::refreshed;
use super::sight::{self, Seen, Sighting};
use crate::client::Client;
use crate::contract::Decision;
use crate::messages::paragraphs;
use crate::roles::IMPORTED;

/// Applies a create or an update.
pub(super) async fn apply(
    cx: &Cx<Client>,
    request: ApplyRequest<GlobalClusterWriter>,
    diags: &mut Diagnostics,
) -> Applied<GlobalClusterWriter> {
    let ApplyRequest {
        prior,
        planned,
        config,
        mut private,
    } = request;
    let client = cx.client();
    let state = decided(cx, &config, &planned, prior.as_ref(), &private, diags).await;
    tracing::debug!(lost = client.lost_regions.len(), "applied");
    if state.is_some() && !diags.has_errors() {
        private.remove(IMPORTED);
    }
    Applied { state, private }
}

async fn decided(
    cx: &Cx<Client>,
    config: &GlobalClusterWriter,
    planned: &GlobalClusterWriter,
    prior: Option<&GlobalClusterWriter>,
    private: &terraform_framework::private::Private,
    diags: &mut Diagnostics,
) -> Option<GlobalClusterWriter> {
    let client = cx.client();
    let global = planned.global_cluster_identifier.text().unwrap_or_default();
    // What is planned holds the defaults; the region is the configured one, also where the plan kept another.
    let mut wanted = planned.clone();
    wanted.writer_region = config.writer_region.clone();
    let mut models = vec![&wanted];
    models.extend(prior);
    let sighting = sight::look(client, global, &models).await;
    if let Sighting::Failed(message) | Sighting::Missing(message) = sighting {
        message.say(diags);
        return None;
    }
    let decision = decision(client, &wanted, prior, private, &sighting);
    tracing::info!(global, ?decision, "decided");
    match (&decision, &sighting) {
        (Decision::Execute | Decision::Resume, Sighting::Seen(seen)) => {
            moved(cx, &wanted, seen, prior, diags).await
        }
        (
            Decision::Adopt
            | Decision::Follow
            | Decision::Keep
            | Decision::ChangedOutside { .. }
            | Decision::KeepUnseen,
            _,
        ) => Some(recorded(planned, &sighting)),
        _ => {
            match message(&decision, &about(client, &wanted, &sighting)) {
                Some(mut said) => {
                    said.error = true;
                    said.say(diags);
                }
                None => diags.error("The writer cannot be moved", format!("{decision:?}")),
            }
            None
        }
    }
}

/// The state as planned, with what the plan left open.
fn recorded(planned: &GlobalClusterWriter, sighting: &Sighting) -> GlobalClusterWriter {
    let mut state = planned.clone();
    if let Sighting::Seen(seen) = sighting {
        if state.observed.is_unknown() {
            state.observed = seen.writer.to_string().into();
        }
        if state.member_arns.is_unknown() {
            state.member_arns = Value::Known(seen.member_arns());
        }
    }
    if state.last_applied.is_unknown() {
        state.last_applied = state.writer_region.clone();
    }
    if state.execution_status.is_unknown() {
        state.execution_status = "adopted".into();
    }
    state
}

/// The state once the move is proved. With an error the state from before, with what AWS shows now; a new resource has
/// none, so that nothing is ever tainted.
async fn moved(
    cx: &Cx<Client>,
    wanted: &GlobalClusterWriter,
    seen: &Seen,
    prior: Option<&GlobalClusterWriter>,
    diags: &mut Diagnostics,
) -> Option<GlobalClusterWriter> {
    let target = wanted.writer_region.text().map(Region::new)?.ok()?;
    let step = sight::step(cx.client(), seen, wanted, &target, prior.is_none());
    if engine(cx, &step, seen, &target, diags).await {
        let mut state = wanted.clone();
        state.execution_status = "done".into();
        state.observed = state.writer_region.clone();
        state.last_applied = state.writer_region.clone();
        state.member_arns = Value::Known(seen.member_arns());
        return Some(state);
    }
    let prior = prior?.clone();
    let now = step.look(Look::Target).await.ok();
    let now = now.and_then(|now| sight::shown(now.global));
    Some(refreshed(prior, now.as_ref().unwrap_or(seen)))
}

/// Runs the engine; whether it is done, else an error is told.
async fn engine(
    cx: &Cx<Client>,
    step: &AuroraGlobalWriter,
    seen: &Seen,
    target: &Region,
    diags: &mut Diagnostics,
) -> bool {
    let id = &seen.global.id;
    let progress = |line: &Progress| tracing::info!(global = %id, %target, "{line}");
    let context = Context {
        clock: &*cx.client().clock,
        cancel: cx.cancel(),
        progress: &progress,
        witness: &recovery::witness::NoWitness,
        timeout: step.request().case.timeout,
        pace: Pace::default(),
    };
    let ended = PlanStep::run(step, &context).await;
    let summary = match &ended.outcome {
        Outcome::Done | Outcome::AlreadyDone => {
            for warning in &ended.warnings {
                diags.warning(format!("{id}: its writer is in {target}"), warning.clone());
            }
            return true;
        }
        Outcome::Refused { gate } => {
            format!(
                "The writer of {id} was not moved to {target}: {}",
                gate.gate
            )
        }
        Outcome::Failed(_) => format!("The writer of {id} was not moved to {target}"),
        Outcome::TimedOut(_) => format!("The writer of {id} was not in {target} in time"),
        Outcome::Interrupted(_) => format!("{id}: interrupted; the next apply goes on"),
    };
    let detail = ended.outcome.message().map(paragraphs).unwrap_or_default();
    diags.error_at(Path::root().attribute("writer_region"), summary, detail);
    false
}
