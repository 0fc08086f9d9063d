//! Reading: refresh and import.

use terraform_framework::private::Private;
use terraform_framework::resource::{ImportFrom, Imported};
use terraform_framework::{Blocks, Cx, Diagnostics, Value};

use super::messages::message;
use super::model::{GlobalClusterWriter, Identity};
use super::planning::about;
use super::sight::{self, Seen, Sighting};
use crate::client::Client;
use crate::contract::Decision;
use crate::roles::{IMPORTED, NOT_CONFIGURED};

/// Refreshes the state; `None` when the global cluster is gone.
pub(super) async fn read(
    cx: &Cx<Client>,
    state: GlobalClusterWriter,
    diags: &mut Diagnostics,
) -> Option<GlobalClusterWriter> {
    let client = cx.client();
    let global = state.global_cluster_identifier.text().unwrap_or_default();
    let sighting = sight::look(client, global, &[&state]).await;
    let decision = match &sighting {
        Sighting::Seen(seen) => return Some(refreshed(state, seen)),
        Sighting::Missing(_) => return None,
        Sighting::NotYet => return Some(state),
        Sighting::Failed(failure) => {
            failure.clone().say(diags);
            return Some(state);
        }
        Sighting::Lost => Decision::KeepUnseen,
        Sighting::Unreachable(_) => Decision::Unreachable,
    };
    if let Some(said) = message(&decision, &about(client, &state, &sighting)) {
        said.say(diags);
    }
    Some(state)
}

/// The state with what AWS shows. `last_applied` is ours and stays.
pub(super) fn refreshed(mut state: GlobalClusterWriter, seen: &Seen) -> GlobalClusterWriter {
    state.writer_region = seen.writer.to_string().into();
    state.observed = seen.writer.to_string().into();
    state.member_arns = Value::Known(seen.member_arns());
    state
}

/// Finds a global cluster by `REGION/IDENTIFIER`, where REGION is one to ask in, by identifier in the provider's
/// region, or by identity.
pub(super) async fn import(
    cx: &Cx<Client>,
    from: ImportFrom<Identity>,
    diags: &mut Diagnostics,
) -> Option<Imported<GlobalClusterWriter>> {
    let client = cx.client();
    let (region, id) = match &from {
        ImportFrom::Id(id) => match id.split_once('/') {
            Some((region, id)) => (Some(region.to_owned()), id.to_owned()),
            None => (None, id.clone()),
        },
        ImportFrom::Identity(identity) => {
            let id = identity.global_cluster_identifier.known();
            (None, id.cloned().unwrap_or_default())
        }
    };
    let blank = blank(region.map_or(Value::Null, Value::Known), id.clone().into());
    let sighting = sight::look(client, &id, &[&blank]).await;
    match sighting {
        Sighting::Seen(seen) => {
            let mut state = refreshed(blank, &seen);
            state.last_applied = state.writer_region.clone();
            state.execution_status = "adopted".into();
            let mut private = Private::default();
            private.set(IMPORTED, true);
            return Some(Imported { state, private });
        }
        Sighting::Failed(message) | Sighting::Missing(message) => diags.error(
            message.summary,
            format!("{}\nAn import id is REGION/IDENTIFIER, such as us-west-2/orders-global; the region may be left out where the provider has one.", message.detail),
        ),
        Sighting::Lost => diags.error(
            format!("{id} cannot be imported: the region to ask in is declared lost"),
            format!("Seen: every region that could be asked is declared lost.\nExpected: one that answers: an import has to see the global cluster.\nNext: name another region in front of the identifier:\n\n  terraform import ADDRESS REGION/{id}\n\nor, by identity, set another `region` in the provider block."),
        ),
        Sighting::Unreachable(text) => diags.error(
            format!("No region answers, so {id} cannot be imported"),
            format!("{text}\nExpected: a region that answers: an import has to see the global cluster.\nNext: ask another region of it:\n\n  terraform import ADDRESS REGION/{id}\n"),
        ),
        Sighting::NotYet if client.not_yet.is_some() => {
            diags.error(NOT_CONFIGURED.0, NOT_CONFIGURED.1);
        }
        Sighting::NotYet => diags.error(
            "No region to ask in",
            format!("Seen: neither the import nor the provider names a region.\nExpected: one that the global cluster has a member in.\nNext: write\n\n  terraform import ADDRESS REGION/{id}\n\nor set `region` in the provider block."),
        ),
    }
    None
}

/// A state of which only the name is known; arguments have their defaults, so that a plan after the import is empty.
fn blank(region: Value<String>, id: Value<String>) -> GlobalClusterWriter {
    GlobalClusterWriter {
        global_cluster_identifier: id,
        writer_region: region,
        mode: "switchover".into(),
        from: Value::Null,
        max_data_loss: "5m".into(),
        lost_at: Value::Null,
        last_applied: Value::Null,
        observed: Value::Null,
        execution_status: Value::Null,
        member_arns: Value::Null,
        consent: Blocks::default(),
        timeouts: None,
    }
}
