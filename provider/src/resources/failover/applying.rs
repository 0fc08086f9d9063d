//! What an apply does: decide once more over what is true now, then let the engine execute, or only record.

use aws::Region;
use recovery::engine::{End, Execution};
use terraform_framework::cty::Path;
use terraform_framework::resource::{Applied, ApplyRequest};
use terraform_framework::{Cx, Diagnostics, Value};

use super::facts;
use super::messages::{Wanted, finding};
use super::model::Failover;
use super::sight::{Given, Sighting, given, sight};
use crate::client::Client;
use crate::contract::Decision;
use crate::execution::caller;
use crate::execution::consents::judge;
use crate::execution::look::{Active, look};
use crate::execution::run::{Accepts, UNFENCED, fence_it, refusal, run, told};
use crate::roles::IMPORTED;

/// Applies a create or an update.
pub(super) async fn apply(
    cx: &Cx<Client>,
    request: ApplyRequest<Failover>,
    diags: &mut Diagnostics,
) -> Applied<Failover> {
    let mut private = request.private.clone();
    let state = decided(cx, &request, diags).await;
    let state = state.filter(|_| !diags.has_errors());
    if state.is_some() {
        private.remove(IMPORTED);
    }
    Applied { state, private }
}

async fn decided(
    cx: &Cx<Client>,
    request: &ApplyRequest<Failover>,
    diags: &mut Diagnostics,
) -> Option<Failover> {
    let planned = &request.planned;
    let Given::Plan(document) = given(planned, diags) else {
        if !diags.has_errors() {
            diags.error(
                "The failover plan is still not known",
                "`failover_plan` or `plan_digest` has no value at apply.",
            );
        }
        return None;
    };
    let mut sight = sight(cx.client(), *document, diags).await?;
    let wanted = Failover {
        active_region: request.config.active_region.clone(),
        ..planned.clone()
    };
    let decision = sight.decision(&wanted, request.prior.as_ref(), &request.private, false);
    tracing::info!(
        plan = sight.standing.around.document.name,
        ?decision,
        "decided"
    );
    let configured = wanted.active_region.text().unwrap_or_default();
    match decision {
        Decision::Execute | Decision::Resume => {
            let target = Region::new(configured).ok()?;
            Box::pin(execute(cx, &mut sight, &wanted, planned, &target, diags)).await
        }
        Decision::Adopt
        | Decision::Follow
        | Decision::Keep
        | Decision::ChangedOutside { .. }
        | Decision::KeepUnseen => Some(recorded(&sight, planned).await),
        refused => {
            if let Some(finding) = finding(&refused, &sight, Wanted::of(&wanted)) {
                finding.say(diags);
            }
            if !diags.has_errors() {
                diags.error("The region cannot be applied", format!("{refused:?}"));
            }
            None
        }
    }
}

/// The state as planned, with what was seen where the plan left it open.
async fn recorded(sight: &Sighting, planned: &Failover) -> Failover {
    let mut state = planned.clone();
    if !state.execution_id.is_unknown() {
        return state;
    }
    let status = state.execution_status.clone();
    if let Ok(view) = &sight.standing.view {
        facts::refresh(&mut state, &sight.standing.around, view).await;
    }
    state.execution_status = match status {
        Value::Known(status) => Value::Known(status),
        _ => "adopted".into(),
    };
    if state.observed.is_unknown() {
        state.observed = match &sight.standing.active {
            Active::Region(region) => region.to_string().into(),
            _ => Value::Null,
        };
    }
    state
}

/// Runs the execution; the state once the region is proved to be active.
async fn execute(
    cx: &Cx<Client>,
    sight: &mut Sighting,
    wanted: &Failover,
    planned: &Failover,
    target: &Region,
    diags: &mut Diagnostics,
) -> Option<Failover> {
    let at = || Path::root().attribute("active_region");
    if let Err(message) = sight.join(cx.client(), wanted, target).await {
        let path = Path::root().attribute("child_plans");
        let summary = "A plan that the failover plan runs is in the way";
        diags.error_at(path, summary, crate::messages::paragraphs(&message));
        return None;
    }
    let sight = &*sight;
    let around = &sight.standing.around;
    let (fit, actor) = tokio::join!(around.refuse_unfit_stores(), caller(around));
    if let Err(message) = fit {
        diags.error(
            "A store must not be used",
            crate::messages::paragraphs(&message),
        );
        return None;
    }
    let bound = sight.bound(target);
    let (heard, inert) = judge(&wanted.consent.items, &bound, &actor);
    for line in inert {
        diags.warning_at(
            Path::root().attribute("consent"),
            "A consent is stale",
            line,
        );
    }
    let mode = sight.mode(wanted);
    let order = sight.order(wanted, target, actor, heard);
    let done = match run(around, &order, cx.cancel(), &|_| {}).await {
        Ok(done) => done,
        Err(refused) => {
            let told = refusal(&refused, &around.document.name);
            diags.error_at(at(), told.summary, told.detail);
            return None;
        }
    };
    if let Some(told) = told(&done, mode, &bound, Accepts::Resource) {
        diags.error_at(at(), told.summary, told.detail);
        return None;
    }
    tell_open(&done, diags);
    proved(sight, planned, &done, target, diags).await
}

/// What stays to be done after a good end.
fn tell_open(done: &Execution, diags: &mut Diagnostics) {
    if done.end == End::DoneUnfenced {
        diags.warning(UNFENCED, fence_it());
    }
    for step in &done.tolerated {
        diags.warning(
            format!("{step} failed, and the plan goes on without it"),
            "",
        );
    }
    for store in &done.stale_stores {
        let summary = format!("The store of {} does not hold everything", store.region);
        diags.warning(
            summary,
            format!("Seen: {}.", store.why.trim_end_matches('.')),
        );
    }
}

/// The state after the execution, once the authority names the target.
async fn proved(
    sight: &Sighting,
    planned: &Failover,
    done: &Execution,
    target: &Region,
    diags: &mut Diagnostics,
) -> Option<Failover> {
    let around = &sight.standing.around;
    let view = match look(around).await {
        Ok(view) => view,
        Err(message) => {
            diags.error(
                "Done, but nobody could be asked who is active",
                crate::messages::paragraphs(&message),
            );
            return None;
        }
    };
    match view.active(&around.document.authority) {
        Active::Region(region) if region == *target => {}
        other => {
            diags.error_at(
                Path::root().attribute("active_region"),
                format!("Execution {} is done, and {target} is not seen to be active", done.id),
                format!("Seen: {} ({other:?}).\nNext: plan again; a step that was skipped has to be done by hand.", view.seen.activity.because),
            );
            return None;
        }
    }
    let mut state = planned.clone();
    state.active_region = target.to_string().into();
    state.last_applied = target.to_string().into();
    state.observed = target.to_string().into();
    state.execution_id = Value::UNKNOWN;
    facts::refresh(&mut state, around, &view).await;
    state.execution_status = done.end.name().into();
    Some(state)
}
