//! What an apply does: decide once more over what is true now, then let the engine act, or only record.

use std::time::Duration;

use aws::rds::DbInstance;
use recovery::outcome::Outcome;
use recovery::progress::Progress;
use recovery::runner::{Context, Pace, run};
use recovery::step::Look;
use recovery::steps::rds_promote_replica::{PromoteReplica, settings};
use terraform_framework::cty::Path;
use terraform_framework::private::Private;
use terraform_framework::resource::{Applied, ApplyRequest};
use terraform_framework::{Cx, Diagnostics, Value};

use super::importing::refreshed;
use super::messages::message;
use super::model::ReplicaPromotion;
use super::planning::decision;
use super::sight::{self, Place, Sighting};
use crate::client::Client;
use crate::contract::Decision;
use crate::roles::IMPORTED;
use crate::roles::timeouts;

fn nothing(private: Private) -> Applied<ReplicaPromotion> {
    Applied {
        state: None,
        private,
    }
}

/// Applies a create or an update.
pub(super) async fn apply(
    cx: &Cx<Client>,
    request: ApplyRequest<ReplicaPromotion>,
    diags: &mut Diagnostics,
) -> Applied<ReplicaPromotion> {
    let ApplyRequest {
        config,
        prior,
        planned,
        mut private,
    } = request;
    let client = cx.client();
    let Some(place) = sight::place(client, &planned) else {
        diags.error("The instance is still not known", "Region or identifier have no value at apply. Set `region` here, in the provider block or in AWS_REGION.");
        return nothing(private);
    };
    let step = sight::step(client, sight::request(client, &place, &config));
    let sighting = sight::look(client, &place, &step, Look::Target).await;
    if let Sighting::Failed(message) | Sighting::Missing(message) = sighting {
        diags.error_at(
            Path::root().attribute(message.attribute),
            message.summary,
            message.detail,
        );
        return nothing(private);
    }
    let decision = decision(&config, prior.as_ref(), &private, &sighting);
    tracing::info!(instance = %place.id, region = %place.region, ?decision, "decided");
    let state = match decision {
        Decision::Execute | Decision::Resume => {
            promoted(cx, &step, &place, &planned, prior.as_ref(), diags).await
        }
        Decision::Adopt
        | Decision::Follow
        | Decision::Keep
        | Decision::ChangedOutside { .. }
        | Decision::KeepUnseen => {
            let known = (&sighting, prior.as_ref());
            recorded(cx, &step, &place, &planned, known, diags).await
        }
        refused => {
            let said = message(
                &refused,
                &sighting.sight(&place),
                config.role.text().unwrap_or_default(),
            );
            let (summary, detail) = said.map_or_else(
                || {
                    (
                        "The role cannot be applied".to_owned(),
                        format!("{refused:?}"),
                    )
                },
                |m| (m.summary, m.detail),
            );
            diags.error_at(Path::root().attribute("role"), summary, detail);
            None
        }
    };
    if state.is_some() && !diags.has_errors() {
        private.remove(IMPORTED);
    }
    Applied { state, private }
}

/// What is true after the engine failed: the state from before, with what AWS shows now. A new resource has none: it is
/// not recorded before its role is proved, so that nothing is ever tainted.
fn unfinished(
    prior: Option<&ReplicaPromotion>,
    seen: Option<&DbInstance>,
) -> Option<ReplicaPromotion> {
    Some(refreshed(prior?.clone(), seen?))
}

/// The state once the role is proved; with an error what is true otherwise.
async fn promoted(
    cx: &Cx<Client>,
    step: &PromoteReplica,
    place: &Place,
    planned: &ReplicaPromotion,
    prior: Option<&ReplicaPromotion>,
    diags: &mut Diagnostics,
) -> Option<ReplicaPromotion> {
    let arn = match engine(cx, step, place, planned, prior.is_none(), diags).await {
        Ok(arn) => arn,
        Err(seen) => return unfinished(prior, seen.as_deref()),
    };
    let mut state = planned.clone();
    state.execution_status = "done".into();
    state.observed = planned.role.clone();
    state.last_applied = planned.role.clone();
    state.arn = arn.into();
    state.source_arn = Value::Null;
    Some(state)
}

/// The state as planned, after settings of a primary were brought to what is configured.
async fn recorded(
    cx: &Cx<Client>,
    step: &PromoteReplica,
    place: &Place,
    planned: &ReplicaPromotion,
    (sighting, prior): (&Sighting, Option<&ReplicaPromotion>),
    diags: &mut Diagnostics,
) -> Option<ReplicaPromotion> {
    let mut state = planned.clone();
    let Sighting::Seen(seen) = sighting else {
        return Some(state);
    };
    let primary = seen.target.source.is_none()
        && planned.role.text() == Some("primary")
        && planned.last_applied.text() != Some("replica");
    if primary && !settings::unmet(&seen.target, &step.request().settings).is_empty() {
        let brought = engine(cx, step, place, planned, prior.is_none(), diags).await;
        if let Err(seen) = brought {
            return unfinished(prior, seen.as_deref());
        }
    }
    fill(&mut state.arn, &seen.target.arn);
    fill(
        &mut state.observed,
        recovery::replication::Role::of(&seen.target).name(),
    );
    fill(&mut state.execution_status, "adopted");
    let role = planned.role.text().unwrap_or_default();
    fill(&mut state.last_applied, role);
    if state.source_arn.is_unknown() {
        state.source_arn = seen
            .target
            .source
            .as_ref()
            .map(|s| s.as_str().to_owned())
            .into();
    }
    Some(state)
}

/// Gives a value to what the plan left open.
fn fill(value: &mut Value<String>, seen: &str) {
    if value.is_unknown() {
        *value = seen.into();
    }
}

/// Runs the engine; the ARN of the instance when it is done, else an error is told and what was seen last comes back.
async fn engine(
    cx: &Cx<Client>,
    step: &PromoteReplica,
    place: &Place,
    planned: &ReplicaPromotion,
    creating: bool,
    diags: &mut Diagnostics,
) -> Result<Option<String>, Option<Box<DbInstance>>> {
    let bound = timeouts::bound(planned.timeouts.as_ref(), creating);
    driven(cx, step, place, bound, &|_| {}, diags).await
}

/// The same with every line of progress told, within a time.
async fn driven(
    cx: &Cx<Client>,
    step: &PromoteReplica,
    place: &Place,
    timeout: Duration,
    tell: &(dyn Fn(&str) + Send + Sync),
    diags: &mut Diagnostics,
) -> Result<Option<String>, Option<Box<DbInstance>>> {
    let progress = |line: &Progress| {
        tracing::info!(instance = %place.id, region = %place.region, "{line}");
        tell(&line.to_string());
    };
    let context = Context {
        clock: &*cx.client().clock,
        cancel: cx.cancel(),
        progress: &progress,
        witness: &recovery::witness::NoWitness,
        timeout,
        pace: Pace::default(),
    };
    let report = run(step, &context).await;
    let seen = report.world.map(|seen| seen.target);
    let (id, region) = (&place.id, &place.region);
    let summary = match &report.outcome {
        Outcome::Done | Outcome::AlreadyDone => return Ok(seen.map(|seen| seen.arn)),
        Outcome::Refused { gate } => format!("{id} in {region} was not promoted: {}", gate.gate),
        Outcome::Failed(_) => format!("{id} in {region} was not brought to what is configured"),
        Outcome::TimedOut(_) => format!("{id} in {region} was not ready in time"),
        Outcome::Interrupted(_) => format!("{id} in {region}: interrupted; the next apply goes on"),
    };
    let detail = report
        .outcome
        .message()
        .map(sight::paragraphs)
        .unwrap_or_default();
    diags.error_at(Path::root().attribute("role"), summary, detail);
    Err(seen.map(Box::new))
}

/// Promotes on somebody's word, without a state: what an action does.
pub(crate) async fn promote(
    cx: &Cx<Client>,
    asked: &ReplicaPromotion,
    tell: &(dyn Fn(&str) + Send + Sync),
    diags: &mut Diagnostics,
) {
    let client = cx.client();
    let Some(place) = sight::place(client, asked) else {
        diags.error("No region", "Neither the action nor the provider names a region. Write region = \"us-west-2\" here or in the provider block, or export AWS_REGION.");
        return;
    };
    let step = sight::step(client, sight::request(client, &place, asked));
    match sight::look(client, &place, &step, Look::Target).await {
        Sighting::Seen(seen) => tell(&format!("{} in {}: {seen}", place.id, place.region)),
        Sighting::Failed(message) | Sighting::Missing(message) => {
            diags.error_at(
                Path::root().attribute(message.attribute),
                message.summary,
                message.detail,
            );
            return;
        }
        unseen @ (Sighting::Lost | Sighting::Unreachable(_) | Sighting::NotYet) => {
            let decision = match unseen {
                Sighting::Lost => Decision::LostHere,
                _ => Decision::Unreachable,
            };
            if let Some(said) = message(&decision, &unseen.sight(&place), "primary") {
                diags.error(said.summary, said.detail);
            }
            return;
        }
    }
    let timeout = timeouts::bound(asked.timeouts.as_ref(), true);
    if driven(cx, &step, &place, timeout, tell, diags)
        .await
        .is_ok()
    {
        tell(&format!("{} in {} is primary", place.id, place.region));
    }
}
