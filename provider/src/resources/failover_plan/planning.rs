//! What a plan shows: the document with its digest, what is predicted of it, and what is wrong with it.

use std::collections::BTreeMap;

use recovery::document::Document;
use recovery::engine::Record;
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::next_move;
use recovery::predict::{History, predict};
use recovery::prove::prove;
use terraform_framework::cty::Path;
use terraform_framework::resource::{Plan, PlanRequest};
use terraform_framework::{Cx, Diagnostics, Value, duration};

use super::document::{self, Draft};
use super::model::FailoverPlan;
use super::moving::leaving;
use crate::client::Client;
use crate::execution;
use crate::messages::paragraphs;

/// Shapes the planned values.
pub(super) async fn plan(
    cx: &Cx<Client>,
    request: &PlanRequest<'_, FailoverPlan>,
    plan: &mut Plan<FailoverPlan>,
    diags: &mut Diagnostics,
) {
    let planned = &mut plan.planned;
    let (document, warnings) = match document::of(request.config, diags) {
        Draft::Bad => return,
        Draft::NotYet => return open(planned),
        Draft::Good(document, warnings) => (*document, warnings),
    };
    let Ok((digest, text)) = named(&document) else {
        return diags.error(
            "The document has no canonical form",
            "A number in it is not whole.",
        );
    };
    let prior = request.prior;
    let changes = prior.and_then(|prior| prior.digest.text()) != Some(digest.as_str());
    if changes {
        document::warn(&warnings, diags);
        judge(&document, diags);
        if let Some(prior) = prior {
            refuse_in_the_middle(cx.client(), prior, Some(&digest), diags).await;
            if !diags.has_errors() {
                refuse_to_forget(cx.client(), prior, &document, diags).await;
            }
        }
    }
    planned.predicted_rto = Value::Known(predicted(&document));
    planned.document = text.into();
    planned.published_digest = digest.clone().into();
    planned.digest = digest.into();
    planned.stale_stores = match prior {
        Some(prior) if !changes && is_settled(cx.client(), prior) => prior.stale_stores.clone(),
        _ => Value::UNKNOWN,
    };
    // Whatever an apply is for, it asks the stores: only where there is none is it known what they answer.
    if prior.is_some_and(|prior| prior != planned) {
        planned.stale_stores = Value::UNKNOWN;
    }
}

/// Nothing is known of the document yet.
fn open(planned: &mut FailoverPlan) {
    planned.digest = Value::UNKNOWN;
    planned.document = Value::UNKNOWN;
    planned.predicted_rto = Value::UNKNOWN;
    planned.published_digest = Value::UNKNOWN;
    planned.stale_stores = Value::UNKNOWN;
}

/// Digest and canonical text.
pub(super) fn named(document: &Document) -> Result<(String, String), recovery::document::NotWhole> {
    Ok((document.digest()?, document.canonical()?))
}

/// Whether every store that may be called points to what was recorded.
fn is_settled(client: &Client, prior: &FailoverPlan) -> bool {
    let stale = prior.stale_stores.known().into_iter().flatten();
    let mut names = stale.filter_map(Value::text);
    let lost = |name: &str| client.lost_regions.iter().any(|it| it.as_str() == name);
    prior.published_digest == prior.digest && names.all(lost)
}

/// The predicted RTO of each tier that a step brings back.
pub(super) fn predicted(document: &Document) -> BTreeMap<String, Value<String>> {
    let prediction = predict(document, Mode::Failover, &History::new());
    let tiers = prediction.tiers.into_iter();
    tiers
        .filter_map(|tier| Some((tier.tier, duration::text(tier.predicted?.p95).into())))
        .collect()
}

/// What is predicted, and whether the plan gets by without each region.
fn judge(document: &Document, diags: &mut Diagnostics) {
    let prediction = predict(document, Mode::Failover, &History::new());
    let (warnings, problems) = prediction.judge(document);
    document::warn(&warnings, diags);
    for problem in problems {
        let path = Path::root().attribute("tiers");
        let summary = format!("{}: {}", problem.path, problem.message.seen);
        diags.error_at(path, summary, paragraphs(&problem.message));
    }
    let unproven: Vec<&str> = document
        .regions
        .iter()
        .filter(|region| !prove(document, region).is_proven())
        .map(aws::Region::as_str)
        .collect();
    if !unproven.is_empty() {
        let regions = unproven.join(" or ");
        diags.warning_at(
            Path::root().attribute("steps"),
            format!("Not proved to get by without {regions}"),
            format!(
                "A step or a store needs something of a region that a failover leaves.\nNext: see which by\n\n  drctl plan prove --plan FILE --lost {}\n",
                unproven[0]
            ),
        );
    }
}

/// An execution that runs binds the document that it was begun with, and the pointer to it.
pub(super) async fn refuse_in_the_middle(
    client: &Client,
    recorded: &FailoverPlan,
    digest: Option<&str>,
    diags: &mut Diagnostics,
) {
    let Some(document) = recorded.recorded() else {
        return;
    };
    if client.not_yet.is_some() {
        return;
    }
    let name = document.name.clone();
    let newest = match execution::enter(client, document).await {
        Ok(around) => match around.newest_execution().await {
            Ok(Some(id)) => around.record(&id).await.ok(),
            _ => None,
        },
        Err(message) => {
            let summary = format!("The stores of {name} cannot be asked");
            return diags.error_at(
                Path::root().attribute("stores"),
                summary,
                paragraphs(&message),
            );
        }
    };
    let Some(record) = newest.filter(Record::is_under_way) else {
        return;
    };
    let begun_with = record.state.declared.as_ref().map(|it| it.digest.as_str());
    if digest.is_some() && begun_with == digest {
        return;
    }
    let message = Message::new(
        format!(
            "execution {} of {name} is {}; it was begun by {}",
            record.id,
            record.status(),
            record.state.actor.as_deref().unwrap_or("somebody")
        ),
        "no execution in the middle: it is finished with the document that it was begun with",
        format!(
            "{}, or {}",
            next_move::resume(&record.id),
            next_move::abort(&record.id)
        ),
    );
    diags.error_at(
        Path::root().attribute("name"),
        format!("The failover plan {name} is being executed"),
        paragraphs(&message),
    );
}

/// What the stores hold that they are moved away from must not be forgotten.
async fn refuse_to_forget(
    client: &Client,
    prior: &FailoverPlan,
    document: &Document,
    diags: &mut Diagnostics,
) {
    if client.not_yet.is_some() {
        return;
    }
    if let Err(message) = leaving(client, Some(prior), document).await {
        let summary = format!("The stores of {} cannot move now", document.name);
        diags.error_at(
            Path::root().attribute("stores"),
            summary,
            paragraphs(&message),
        );
    }
}

/// A destroy removes the pointer, but not under an execution.
pub(super) async fn plan_destroy(cx: &Cx<Client>, state: &FailoverPlan, diags: &mut Diagnostics) {
    refuse_in_the_middle(cx.client(), state, None, diags).await;
}
