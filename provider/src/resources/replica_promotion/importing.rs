//! Reading: refresh and import.

use aws::Region;
use aws::rds::DbInstance;
use recovery::replication::Role;
use recovery::step::Look;
use terraform_framework::cty::Path;
use terraform_framework::private::Private;
use terraform_framework::resource::{ImportFrom, Imported};
use terraform_framework::{Blocks, Cx, Diagnostics, Value};

use super::messages::message;
use super::model::{Identity, OnPromotion, ReplicaPromotion};
use super::sight::{self, Sighting};
use crate::client::Client;
use crate::contract::Decision;
use crate::roles::{IMPORTED, NOT_CONFIGURED};

/// Refreshes the state; `None` when the instance is gone.
pub(super) async fn read(
    cx: &Cx<Client>,
    state: ReplicaPromotion,
    diags: &mut Diagnostics,
) -> Option<ReplicaPromotion> {
    let Some(place) = sight::place(cx.client(), &state) else {
        return Some(state);
    };
    let step = sight::step(cx.client(), sight::request(cx.client(), &place, &state));
    let sighting = sight::look(cx.client(), &place, &step, Look::Target).await;
    let decision = match &sighting {
        Sighting::Seen(seen) => return Some(refreshed(state, &seen.target)),
        Sighting::Missing(_) => return None,
        Sighting::NotYet => return Some(state),
        Sighting::Failed(failure) => {
            diags.error(failure.summary.clone(), failure.detail.clone());
            return Some(state);
        }
        Sighting::Lost => Decision::KeepUnseen,
        Sighting::Unreachable(_) => Decision::Unreachable,
    };
    if let Some(said) = message(
        &decision,
        &sighting.sight(&place),
        state.role.text().unwrap_or_default(),
    ) {
        let path = Path::root().attribute(said.attribute);
        if said.error {
            diags.error_at(path, said.summary, said.detail);
        } else {
            diags.warning_at(path, said.summary, said.detail);
        }
    }
    Some(state)
}

/// The state with what AWS shows. `last_applied` is ours and stays; settings are managed only once the role was applied.
pub(super) fn refreshed(mut state: ReplicaPromotion, seen: &DbInstance) -> ReplicaPromotion {
    let role = Role::of(seen);
    state.role = role.name().into();
    state.observed = role.name().into();
    state.arn = seen.arn.clone().into();
    state.source_arn = seen.source.as_ref().map(|s| s.as_str().to_owned()).into();
    let managed = role == Role::Primary && state.last_applied.text() == Some(Role::Primary.name());
    if let (true, Some(on)) = (managed, &mut state.on_promotion) {
        drift(on, seen);
    }
    state
}

/// Settings as they are; what is not set is not managed and stays unset.
fn drift(on: &mut OnPromotion, seen: &DbInstance) {
    fn see<T>(managed: &mut Value<T>, seen: Option<T>) {
        if let (Value::Known(_), Some(seen)) = (&managed, seen) {
            *managed = Value::Known(seen);
        }
    }
    see(
        &mut on.backup_retention_days,
        Some(i64::from(seen.backup_retention_days)),
    );
    see(&mut on.backup_window, seen.backup_window.clone());
    see(&mut on.multi_az, Some(seen.multi_az));
    see(&mut on.deletion_protection, Some(seen.deletion_protection));
    see(&mut on.instance_class, Some(seen.instance_class.clone()));
}

/// Finds an instance by `REGION/IDENTIFIER`, by identifier in the provider's region, or by identity.
pub(super) async fn import(
    cx: &Cx<Client>,
    from: ImportFrom<Identity>,
    diags: &mut Diagnostics,
) -> Option<Imported<ReplicaPromotion>> {
    let client = cx.client();
    let (region, id) = match &from {
        ImportFrom::Id(id) => match id.split_once('/') {
            Some((region, id)) => (Some(region.to_owned()), id.to_owned()),
            None => (None, id.clone()),
        },
        ImportFrom::Identity(identity) => (
            identity.region.known().cloned(),
            identity
                .db_instance_identifier
                .known()
                .cloned()
                .unwrap_or_default(),
        ),
    };
    let region = region.or_else(|| client.default_region.as_ref().map(Region::to_string));
    let blank = blank(region.map_or(Value::Null, Value::Known), id.clone().into());
    let Some(place) = sight::place(client, &blank) else {
        diags.error(
            "Invalid import id",
            format!("Seen: {id:?}.\nExpected: REGION/IDENTIFIER, such as us-west-2/orders-replica; the region may be left out where the provider has one."),
        );
        return None;
    };
    let step = sight::step(client, sight::request(client, &place, &blank));
    match sight::look(client, &place, &step, Look::Target).await {
        Sighting::Seen(seen) => {
            let mut state = refreshed(blank, &seen.target);
            state.region = place.region.to_string().into();
            state.last_applied = state.role.clone();
            state.execution_status = "adopted".into();
            let mut private = Private::default();
            private.set(IMPORTED, true);
            return Some(Imported { state, private });
        }
        Sighting::Failed(message) | Sighting::Missing(message) => diags.error(message.summary, message.detail),
        Sighting::Lost => diags.error(
            format!("{} cannot be imported: its region is declared lost", place.id),
            format!("Seen: {} is declared lost, and nothing calls it.\nExpected: a region that answers: an import has to see the instance.\nNext: import it later; or {}", place.region, place.if_it_answers),
        ),
        Sighting::Unreachable(text) => diags.error(
            format!("{} does not answer, so {} cannot be imported", place.region, place.id),
            format!("{text}\nExpected: an answer of {}: an import has to see the instance.\nNext: try again when it answers:\n\n  terraform import ADDRESS {}/{}\n", place.region, place.region, place.id),
        ),
        Sighting::NotYet => diags.error(NOT_CONFIGURED.0, NOT_CONFIGURED.1),
    }
    None
}

/// A state of which only the place is known; arguments have their defaults, so that a plan after the import is empty.
fn blank(region: Value<String>, id: Value<String>) -> ReplicaPromotion {
    ReplicaPromotion {
        region,
        db_instance_identifier: id,
        role: Value::Null,
        from: Value::Null,
        source: Value::Null,
        max_data_loss: "5m".into(),
        lost_at: Value::Null,
        last_applied: Value::Null,
        observed: Value::Null,
        execution_status: Value::Null,
        arn: Value::Null,
        source_arn: Value::Null,
        consent: Blocks::default(),
        on_promotion: None,
        timeouts: None,
    }
}
