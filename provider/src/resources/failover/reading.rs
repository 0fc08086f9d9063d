//! Reading: refresh and import.

use terraform_framework::private::Private;
use terraform_framework::resource::{ImportFrom, Imported};
use terraform_framework::{Blocks, Cx, Diagnostics, Value};

use super::facts;
use super::messages::{Wanted, finding, import_unseen};
use super::model::Failover;
use super::sight::{Given, given, sight};
use crate::client::Client;
use crate::contract::Decision;
use crate::execution::look::Active;
use crate::execution::place::{self, PlanIdentity};
use crate::messages::paragraphs;
use crate::roles::{IMPORTED, NOT_CONFIGURED};

/// Refreshes the state. `last_applied` is ours and stays.
pub(super) async fn read(
    cx: &Cx<Client>,
    mut state: Failover,
    diags: &mut Diagnostics,
) -> Failover {
    let client = cx.client();
    // What is recorded was checked when it was applied; a plan that is no longer read is told when planning.
    let Given::Plan(document) = given(&state, &mut Diagnostics::new()) else {
        return state;
    };
    if client.not_yet.is_some() {
        return state;
    }
    let Some(sight) = sight(client, *document, diags).await else {
        return state;
    };
    let decision = match (&sight.standing.active, &sight.standing.view) {
        (Active::Region(region), Ok(view)) => {
            state.active_region = region.to_string().into();
            state.observed = region.to_string().into();
            facts::refresh(&mut state, &sight.standing.around, view).await;
            return state;
        }
        // The plan says so, once.
        (Active::Lost, _) => return state,
        _ => Decision::Unreachable,
    };
    if let Some(finding) = finding(&decision, &sight, Wanted::of(&state)) {
        // Two writers do not keep a plan from going on with what made the second one; the plan decides.
        let finding = match sight.standing.active {
            Active::Several(_) => finding.into_warning(),
            _ => finding,
        };
        finding.say(diags);
    }
    state
}

/// Finds the plan that a store points to, and takes the active region as it is.
pub(super) async fn import(
    cx: &Cx<Client>,
    from: ImportFrom<PlanIdentity>,
    diags: &mut Diagnostics,
) -> Option<Imported<Failover>> {
    let client = cx.client();
    if client.not_yet.is_some() {
        diags.error(NOT_CONFIGURED.0, NOT_CONFIGURED.1);
        return None;
    }
    let document = match place::imported(client, &from).await {
        Ok(document) => document,
        Err(message) => {
            diags.error("The failover cannot be imported", paragraphs(&message));
            return None;
        }
    };
    let (text, digest) = (document.canonical().ok()?, document.digest().ok()?);
    let sight = sight(client, document, diags).await?;
    let Active::Region(region) = &sight.standing.active else {
        let finding = match sight.standing.active {
            Active::Lost => Some(import_unseen(&sight)),
            _ => finding(&Decision::Unreachable, &sight, Wanted::default()),
        };
        if let Some(finding) = finding {
            finding.say(diags);
        }
        return None;
    };
    let region: Value<String> = region.to_string().into();
    let mut state = Failover {
        plan: text.into(),
        plan_digest: digest.into(),
        child_plans: Value::Null,
        active_region: region.clone(),
        mode: "switchover".into(),
        from: Value::Null,
        lost_at: Value::Null,
        declared_at: Value::Null,
        last_applied: region.clone(),
        observed: region,
        execution_id: Value::Null,
        execution_status: Value::Null,
        divergent_steps: Value::Null,
        epoch: Value::Null,
        measured_rto_seconds: Value::Null,
        measured_rpo_seconds: Value::Null,
        evidence: Value::Null,
        consent: Blocks::default(),
    };
    if let Ok(view) = &sight.standing.view {
        facts::refresh(&mut state, &sight.standing.around, view).await;
    }
    let mut private = Private::default();
    private.set(IMPORTED, true);
    Some(Imported { state, private })
}
