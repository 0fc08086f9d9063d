//! What a plan shows: one decision of the contract, and the planned values that go with it.

use std::time::Duration;

use aws::Region;
use recovery::plan_step::PlanStep;
use terraform_framework::cty::Path;
use terraform_framework::private::Private;
use terraform_framework::resource::{Plan, PlanRequest};
use terraform_framework::{Cx, Diagnostics, Value};

use super::messages::{About, message};
use super::model::GlobalClusterWriter;
use super::preview;
use super::sight::{self, Seen, Sighting};
use crate::client::Client;
use crate::contract::{Decision, Situation, WhenLost, decide};
use crate::messages::paragraphs;
use crate::roles;
use crate::roles::lost::if_it_answers;
use crate::roles::shape::{Beside, HoldsRole};

/// What the contract makes of a configuration, a state and a sighting.
pub(super) fn decision(
    client: &Client,
    config: &GlobalClusterWriter,
    prior: Option<&GlobalClusterWriter>,
    private: &Private,
    sighting: &Sighting,
) -> Decision {
    let last = prior.and_then(|p| p.last_applied.text());
    let configured = config.writer_region.text();
    let under_way = match sighting {
        Sighting::Seen(seen) => seen.under_way(),
        _ => None,
    };
    let member = match (sighting, configured.map(Region::new)) {
        (Sighting::Seen(seen), Some(Ok(target))) => seen.member(&target).is_some(),
        _ => true,
    };
    decide(&Situation {
        prior: roles::prior(last, private),
        configured,
        from: config.from.text(),
        world: sighting.world(client, config, configured.unwrap_or_default()),
        under_way: under_way.as_ref().map(Region::as_str),
        destroying: false,
        when_lost: WhenLost::Refuse,
        possible: if member { |_, _| true } else { |_, _| false },
    })
}

/// What a message is about.
pub(super) fn about<'a>(
    client: &Client,
    config: &'a GlobalClusterWriter,
    sighting: &Sighting,
) -> About<'a> {
    let target = config.writer_region.text().unwrap_or_default();
    About {
        id: config.global_cluster_identifier.text().unwrap_or_default(),
        target,
        seen: sighting.line(),
        target_lost: Region::new(target).is_ok_and(|target| client.is_lost(&target)),
        writer: match sighting {
            Sighting::Seen(seen) => Some(seen.writer.to_string()),
            _ => None,
        },
        if_it_answers: if_it_answers(&client.lost_regions, target),
    }
}

/// Looks, decides, and shapes the planned values.
pub(super) async fn plan(
    cx: &Cx<Client>,
    request: &PlanRequest<'_, GlobalClusterWriter>,
    plan: &mut Plan<GlobalClusterWriter>,
    diags: &mut Diagnostics,
) {
    let client = cx.client();
    let planned = &mut plan.planned;
    // A replacement is a forget and a create: the create has no past, so the present region has to be named.
    let replaced = request.prior.is_some() && !plan.replace.is_empty();
    let prior = request.prior.filter(|_| !replaced);
    let Some(global) = planned.global_cluster_identifier.text() else {
        return deferred(planned, prior, diags);
    };
    // Defaults stand in what is planned.
    let mut models = vec![&*planned];
    models.extend(prior);
    let sighting = sight::look(client, global, &models).await;
    if let Sighting::Failed(message) | Sighting::Missing(message) = sighting {
        return message.say(diags);
    }
    let decision = decision(client, planned, prior, request.private, &sighting);
    if let Some(message) = message(&decision, &about(client, planned, &sighting)) {
        message.say(diags);
    }
    if let (Decision::Execute, Sighting::Seen(seen)) = (&decision, &sighting) {
        preview_move(client, seen, planned, prior.is_none(), diags).await;
    }
    shape(planned, prior, &decision, &sighting);
}

/// Shows what would be done, in one warning; what is refused already is an error.
async fn preview_move(
    client: &Client,
    seen: &Seen,
    planned: &GlobalClusterWriter,
    creating: bool,
    diags: &mut Diagnostics,
) {
    let Some(Ok(target)) = planned.writer_region.text().map(Region::new) else {
        return;
    };
    let step = sight::step(client, seen, planned, &target, creating);
    match step.preview().await {
        Ok(preview) => {
            let failover = planned.mode.text() == Some("failover");
            let objective = &step.request().case.objective;
            let bound = objective.as_ref().map_or(Duration::ZERO, |it| it.rpo);
            for finding in preview::findings(&preview, seen, &target, failover, bound) {
                finding.say(diags);
            }
        }
        Err(told) => diags.error_at(
            Path::root().attribute("writer_region"),
            format!("{} cannot be looked at in {target}", seen.global.id),
            paragraphs(&told),
        ),
    }
}

/// Nothing can be decided yet: what configuration says, and the rest unknown.
fn deferred(
    planned: &mut GlobalClusterWriter,
    prior: Option<&GlobalClusterWriter>,
    diags: &mut Diagnostics,
) {
    diags.warning(
        "A writer is decided at apply",
        "The global cluster is not known while planning, so AWS could not be asked. The plan that the apply makes decides, under the same gates.",
    );
    roles::shape::shape(planned, prior, &Decision::Defer);
}

/// The planned values of each decision.
fn shape(
    planned: &mut GlobalClusterWriter,
    prior: Option<&GlobalClusterWriter>,
    decision: &Decision,
    sighting: &Sighting,
) {
    if let Sighting::Seen(seen) = sighting {
        planned.member_arns = Value::Known(seen.member_arns());
    }
    roles::shape::shape(planned, prior, decision);
}

impl HoldsRole for GlobalClusterWriter {
    fn role(&self) -> &Value<String> {
        &self.writer_region
    }

    fn beside(&mut self) -> Beside<'_> {
        Beside {
            last_applied: &mut self.last_applied,
            observed: &mut self.observed,
            execution_status: &mut self.execution_status,
        }
    }

    fn keep(&mut self, prior: &Self) {
        self.writer_region = prior.writer_region.clone();
        self.last_applied = prior.last_applied.clone();
        self.observed = prior.observed.clone();
        self.execution_status = prior.execution_status.clone();
        self.member_arns = prior.member_arns.clone();
    }

    fn rest(&mut self, decision: &Decision) {
        if *decision == Decision::Defer {
            self.member_arns = Value::UNKNOWN;
        }
    }
}

/// A destroy forgets, but not in the middle of a move. Whoever does not answer cannot object.
pub(super) async fn plan_destroy(
    cx: &Cx<Client>,
    state: &GlobalClusterWriter,
    diags: &mut Diagnostics,
) {
    let client = cx.client();
    let global = state.global_cluster_identifier.text().unwrap_or_default();
    let sighting = sight::look(client, global, &[state]).await;
    let under_way = match &sighting {
        Sighting::Seen(seen) => seen.under_way(),
        _ => None,
    };
    let world = sighting.world(client, state, "");
    let under_way = under_way.as_ref().map(Region::as_str);
    let decision = decide(&Situation::destroy(world, under_way));
    if let Some(message) = message(&decision, &about(client, state, &sighting)) {
        message.say(diags);
    }
}
