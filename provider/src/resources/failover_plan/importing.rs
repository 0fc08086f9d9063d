//! Import: a plan that was published, by one of its stores or by its identity.

use terraform_framework::private::Private;
use terraform_framework::resource::{ImportFrom, Imported};
use terraform_framework::{Cx, Diagnostics, Value};

use super::document;
use super::model::FailoverPlan;
use super::planning::{named, predicted};
use super::publishing::refresh;
use crate::client::Client;
use crate::execution::place::PlanIdentity;
use crate::execution::{self, place};
use crate::messages::paragraphs;

/// Finds the plan that a store points to.
pub(super) async fn import(
    cx: &Cx<Client>,
    from: ImportFrom<PlanIdentity>,
    diags: &mut Diagnostics,
) -> Option<Imported<FailoverPlan>> {
    let document = match place::imported(cx.client(), &from).await {
        Ok(document) => document,
        Err(message) => {
            diags.error("The failover plan cannot be imported", paragraphs(&message));
            return None;
        }
    };
    let mut state = document::state(&document)?;
    let (digest, text) = named(&document).ok()?;
    state.predicted_rto = Value::Known(predicted(&document));
    state.document = text.into();
    state.digest = digest.into();
    match execution::enter(cx.client(), document).await {
        Ok(around) => {
            // Nobody knows what a store holds that is not asked: it is published to when its region is back.
            let lost = around.stores.lost().into_iter();
            let lost = lost.map(|region| Value::Known(region.to_string()));
            state.stale_stores = Value::Known(lost.collect());
            refresh(&around, &mut state, diags).await;
        }
        Err(message) => {
            diags.error("Its stores cannot be asked", paragraphs(&message));
            return None;
        }
    }
    Some(Imported {
        state,
        private: Private::default(),
    })
}
