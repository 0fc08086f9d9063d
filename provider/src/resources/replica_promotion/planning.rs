//! What a plan shows: one decision of the contract, and the planned values that go with it.

use recovery::replication::Role;
use recovery::step::Look;
use recovery::steps::rds_promote_replica::{Seen, preview};
use terraform_framework::cty::Path;
use terraform_framework::private::Private;
use terraform_framework::resource::{Plan, PlanRequest};
use terraform_framework::{Cx, Diagnostics, Value};

use super::messages::message;
use super::model::ReplicaPromotion;
use super::sight::{self, Place, Sighting};
use crate::client::Client;
use crate::contract::{Decision, Situation, WhenLost, decide};
use crate::roles;
use crate::roles::finding::Finding;
use crate::roles::shape::{Beside, HoldsRole};

/// A promotion is one-way.
fn possible(from: &str, to: &str) -> bool {
    !(from == Role::Primary.name() && to == Role::Replica.name())
}

/// What the contract makes of a configuration, a state and a sighting.
pub(super) fn decision(
    config: &ReplicaPromotion,
    prior: Option<&ReplicaPromotion>,
    private: &Private,
    sighting: &Sighting,
) -> Decision {
    let last = prior.and_then(|p| p.last_applied.text());
    decide(&Situation {
        prior: roles::prior(last, private),
        configured: config.role.text(),
        from: config.from.text(),
        world: sighting.world(),
        under_way: sighting.under_way(),
        destroying: false,
        when_lost: WhenLost::Refuse,
        possible,
    })
}

/// Looks, decides, and shapes the planned values.
pub(super) async fn plan(
    cx: &Cx<Client>,
    request: &PlanRequest<'_, ReplicaPromotion>,
    plan: &mut Plan<ReplicaPromotion>,
    diags: &mut Diagnostics,
) {
    let client = cx.client();
    let planned = &mut plan.planned;
    // Only a region that nobody configured comes from the provider; one in the state stays.
    if request.config.region.is_null() && request.prior.is_none() {
        planned.region = client
            .default_region
            .as_ref()
            .map_or(Value::UNKNOWN, |region| Value::Known(region.to_string()));
    }
    let nobody_says = planned.region.is_unknown() && request.config.region.is_null();
    if nobody_says && !client.region_not_yet {
        diags.error_at(
            Path::root().attribute("region"),
            "No region",
            "Neither this resource nor the provider names a region. Write region = \"us-west-2\" here or in the provider block, or export AWS_REGION.",
        );
        return;
    }
    // A replacement is a forget and a create: the create has no past, so the present role has to be named.
    let replaced = request.prior.is_some() && !plan.replace.is_empty();
    let prior = request.prior.filter(|_| !replaced);
    let Some(place) = sight::place(client, planned) else {
        return deferred(planned, prior, diags);
    };
    let step = sight::step(client, sight::request(client, &place, request.config));
    let mut sighting = sight::look(client, &place, &step, Look::Target).await;
    if let Sighting::Failed(message) | Sighting::Missing(message) = sighting {
        return message.say(diags);
    }
    let decision = decision(request.config, prior, request.private, &sighting);
    if decision.acts() {
        sighting = sight::look(client, &place, &step, Look::WhatAnswers).await;
    }
    match (&sighting, &decision) {
        (Sighting::Failed(failure) | Sighting::Missing(failure), _) => {
            return failure.clone().say(diags);
        }
        (Sighting::Seen(seen), Decision::Execute) => {
            preview_message(&preview::preview(seen, step.request()), &place).say(diags);
        }
        _ => {}
    }
    if let Some(message) = message(
        &decision,
        &sighting.sight(&place),
        request.config.role.text().unwrap_or_default(),
    ) {
        message.say(diags);
    }
    if let Sighting::Seen(seen) = &sighting {
        other_source(request.config, seen, &decision, diags);
    }
    shape(planned, prior, &decision, &sighting);
}

/// Nothing can be decided yet: what configuration says, and the rest unknown.
fn deferred(
    planned: &mut ReplicaPromotion,
    prior: Option<&ReplicaPromotion>,
    diags: &mut Diagnostics,
) {
    diags.warning(
        "A role is decided at apply",
        "The identifier or the region is not known while planning, so AWS could not be asked. The plan that the apply makes decides, under the same gates.",
    );
    roles::shape::shape(planned, prior, &Decision::Defer);
}

/// What the engine would do, in one warning; or why it will not, as an error.
fn preview_message(preview: &preview::Preview, place: &Place) -> Finding {
    let (id, region) = (&place.id, &place.region);
    let closed: Vec<String> = preview
        .checked_later()
        .map(|gate| gate.gate.to_string())
        .collect();
    match preview.refusal() {
        Some(refusal) => Finding {
            error: true,
            summary: format!("{id} in {region} cannot be promoted"),
            detail: sight::paragraphs(refusal),
            attribute: "role",
        },
        None => Finding {
            error: false,
            summary: if closed.is_empty() {
                format!("{id} in {region} will be promoted: this cannot be undone")
            } else {
                format!(
                    "{id} in {region} will be promoted only if this gate opens: {}",
                    closed.join(", ")
                )
            },
            detail: format!(
                "{preview}\nGates are asked again immediately before the act, which cannot be undone."
            ),
            attribute: "role",
        },
    }
}

/// In peace another source than the named one stops nothing yet, but it would on the worst day.
fn other_source(
    config: &ReplicaPromotion,
    seen: &Seen,
    decision: &Decision,
    diags: &mut Diagnostics,
) {
    let (Some(named), Some(source), false) =
        (config.source.text(), &seen.target.source, decision.acts())
    else {
        return;
    };
    let gate =
        recovery::gate::right_source::right_source(Some(named), source.as_str(), &seen.target.arn);
    if !gate.is_open() {
        diags.error_at(
            Path::root().attribute("source"),
            format!("{} follows another source", seen.target.identifier),
            sight::paragraphs(&gate.message),
        );
    }
}

/// The planned values of each decision.
fn shape(
    planned: &mut ReplicaPromotion,
    prior: Option<&ReplicaPromotion>,
    decision: &Decision,
    sighting: &Sighting,
) {
    if let Sighting::Seen(seen) = sighting {
        let source = seen.target.source.as_ref();
        planned.arn = Value::Known(seen.target.arn.clone());
        planned.source_arn = source.map(|s| s.as_str().to_owned()).into();
    }
    roles::shape::shape(planned, prior, decision);
}

impl HoldsRole for ReplicaPromotion {
    fn role(&self) -> &Value<String> {
        &self.role
    }

    fn beside(&mut self) -> Beside<'_> {
        Beside {
            last_applied: &mut self.last_applied,
            observed: &mut self.observed,
            execution_status: &mut self.execution_status,
        }
    }

    fn keep(&mut self, prior: &Self) {
        self.role = prior.role.clone();
        self.last_applied = prior.last_applied.clone();
        self.observed = prior.observed.clone();
        self.execution_status = prior.execution_status.clone();
        self.arn = prior.arn.clone();
        self.source_arn = prior.source_arn.clone();
    }

    fn rest(&mut self, decision: &Decision) {
        if decision.acts() {
            self.source_arn = Value::Null;
        } else if *decision == Decision::Defer {
            self.arn = Value::UNKNOWN;
            self.source_arn = Value::UNKNOWN;
        }
    }
}

/// A destroy forgets, but not in the middle of a promotion. Whoever does not answer cannot object.
pub(super) async fn plan_destroy(
    cx: &Cx<Client>,
    state: &ReplicaPromotion,
    diags: &mut Diagnostics,
) {
    let Some(place) = sight::place(cx.client(), state) else {
        return;
    };
    let step = sight::step(cx.client(), sight::request(cx.client(), &place, state));
    let sighting = sight::look(cx.client(), &place, &step, Look::Target).await;
    let situation = Situation::destroy(sighting.world(), sighting.under_way());
    let decision = decide(&situation);
    if let Some(message) = message(
        &decision,
        &sighting.sight(&place),
        state.role.text().unwrap_or_default(),
    ) {
        message.say(diags);
    }
}
