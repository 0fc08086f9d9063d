//! Publishing the document, reading what was published, and taking the pointer back.

use recovery::engine::Surroundings;
use recovery::publication;
use recovery::store::StaleStore;
use terraform_framework::cty::Path;
use terraform_framework::private::Private;
use terraform_framework::resource::{Applied, ApplyRequest};
use terraform_framework::{Cx, Diagnostics, Value};

use super::document::{self, Draft};
use super::model::FailoverPlan;
use super::moving::leaving;
use super::planning::{named, predicted, refuse_in_the_middle};
use crate::client::Client;
use crate::execution;
use crate::messages::paragraphs;

/// Publishes what is planned.
pub(super) async fn publish(
    cx: &Cx<Client>,
    request: ApplyRequest<FailoverPlan>,
    diags: &mut Diagnostics,
) -> Applied<FailoverPlan> {
    let ApplyRequest {
        prior,
        mut planned,
        private,
        ..
    } = request;
    let state = publish_document(cx.client(), prior.as_ref(), &mut planned, diags).await;
    Applied {
        state: state.then_some(planned),
        private: if diags.has_errors() {
            Private::default()
        } else {
            private
        },
    }
}

async fn publish_document(
    client: &Client,
    prior: Option<&FailoverPlan>,
    planned: &mut FailoverPlan,
    diags: &mut Diagnostics,
) -> bool {
    let Draft::Good(document, _) = document::of(planned, diags) else {
        if !diags.has_errors() {
            diags.error(
                "The plan is still not known",
                "An argument has no value at apply.",
            );
        }
        return false;
    };
    let Ok((digest, text)) = named(&document) else {
        diags.error(
            "The document has no canonical form",
            "A number in it is not whole.",
        );
        return false;
    };
    if let Some(prior) = prior {
        refuse_in_the_middle(client, prior, Some(&digest), diags).await;
    }
    if diags.has_errors() {
        return false;
    }
    let prediction = predicted(&document);
    let name = document.name.clone();
    let published = Box::pin(to_stores(client, prior, *document, &text, diags)).await;
    let stale = match published {
        Ok(stale) => stale,
        Err(message) => {
            diags.error_at(
                Path::root().attribute("stores"),
                format!("The failover plan {name} was not published"),
                paragraphs(&message),
            );
            return false;
        }
    };
    tell_stale(client, &stale, diags);
    planned.predicted_rto = Value::Known(prediction);
    planned.document = text.into();
    planned.published_digest = digest.clone().into();
    planned.digest = digest.into();
    planned.stale_stores = regions(&stale);
    true
}

async fn to_stores(
    client: &Client,
    prior: Option<&FailoverPlan>,
    document: recovery::document::Document,
    text: &str,
    diags: &mut Diagnostics,
) -> Result<Vec<StaleStore>, recovery::message::Message> {
    let leaving = leaving(client, prior, &document).await?;
    let around = execution::enter(client, document).await?;
    around.refuse_unfit_stores().await?;
    if let Some(leaving) = &leaving {
        leaving.carry_over(&around).await?;
    }
    let by = execution::caller(&around).await;
    let name = around.document.name.clone();
    let stale = publication::publish(&around.stores, &name, text.as_bytes(), &by).await?;
    if let Some(leaving) = leaving {
        leaving.leave(client, diags).await;
    }
    Ok(stale)
}

fn regions(stale: &[StaleStore]) -> Value<Vec<Value<String>>> {
    let mut names: Vec<String> = stale.iter().map(|it| it.region.to_string()).collect();
    names.sort_unstable();
    names.dedup();
    Value::Known(names.into_iter().map(Value::Known).collect())
}

/// Stores that were not published to: those of lost regions are expected, of others not.
fn tell_stale(client: &Client, stale: &[StaleStore], diags: &mut Diagnostics) {
    for store in stale {
        let region = &store.region;
        let next = if client.is_lost(region) {
            format!(
                "It is published there by the next apply after {region} is taken out of `lost_regions` (or DR_LOST_REGIONS)."
            )
        } else {
            "The next plan shows it in `stale_stores`, and the next apply publishes there."
                .to_owned()
        };
        diags.warning_at(
            Path::root().attribute("stores").key(region.as_str()),
            format!("The store of {region} does not point to this plan yet"),
            format!("Seen: {}.\n{next}", store.why.trim_end_matches('.')),
        );
    }
}

/// What the stores point to now. A store that does not answer counts as stale, and is told.
pub(super) async fn read(
    cx: &Cx<Client>,
    mut state: FailoverPlan,
    diags: &mut Diagnostics,
) -> FailoverPlan {
    let client = cx.client();
    let (Some(document), None) = (state.recorded(), client.not_yet) else {
        return state;
    };
    let around = match execution::enter(client, document).await {
        Ok(around) => around,
        Err(message) => {
            diags.error("The stores cannot be asked", paragraphs(&message));
            return state;
        }
    };
    refresh(&around, &mut state, diags).await;
    state
}

pub(super) async fn refresh(
    around: &Surroundings,
    state: &mut FailoverPlan,
    diags: &mut Diagnostics,
) {
    let pointed = publication::pointed(&around.stores).await;
    let digest = state.digest.text().map(str::to_owned);
    let lost = around.stores.lost();
    let was_stale: Vec<String> = state
        .stale_stores
        .known()
        .into_iter()
        .flatten()
        .filter_map(|it| it.text().map(str::to_owned))
        .collect();
    let mut stale: Vec<String> = lost
        .iter()
        .map(ToString::to_string)
        .filter(|name| was_stale.contains(name))
        .collect();
    let mut other = None;
    let mut ours = false;
    for (region, answer) in &pointed {
        match answer {
            Ok(Some(found)) if Some(found) == digest.as_ref() => {
                ours = true;
                continue;
            }
            Ok(found) => other = other.or(found.clone()),
            Err(why) => diags.warning_at(
                Path::root().attribute("stores").key(region.as_str()),
                format!("The store of {region} does not answer"),
                format!("Seen: {}.\nNext: if the region is lost, declare it: export DR_LOST_REGIONS={region}", why.trim_end_matches('.')),
            ),
        }
        stale.push(region.to_string());
    }
    stale.sort_unstable();
    let silent = pointed.values().all(Result::is_err);
    state.stale_stores = Value::Known(stale.into_iter().map(Value::Known).collect());
    if !silent {
        state.published_digest = match other {
            Some(other) => other.into(),
            None if ours => state.digest.clone(),
            None => Value::Null,
        };
    }
}

/// Takes the pointer back from every store that answers. Documents, journals and epochs stay.
pub(super) async fn retract(cx: &Cx<Client>, state: &FailoverPlan, diags: &mut Diagnostics) {
    let client = cx.client();
    refuse_in_the_middle(client, state, None, diags).await;
    let Some(document) = state.recorded() else {
        return;
    };
    if diags.has_errors() {
        return;
    }
    let around = match execution::enter(client, document).await {
        Ok(around) => around,
        Err(message) => return diags.error("The pointer was not removed", paragraphs(&message)),
    };
    for store in publication::retract(&around.stores).await {
        let summary = format!("The store of {} keeps its pointer", store.region);
        let detail = format!("Seen: {}.", store.why.trim_end_matches('.'));
        if client.is_lost(&store.region) {
            diags.warning(summary, detail);
        } else {
            diags.error(summary, detail);
        }
    }
}
