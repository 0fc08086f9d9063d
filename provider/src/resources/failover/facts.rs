//! What a state holds of the world: who is active, the newest execution, what it measured.

use recovery::engine::{Record, Surroundings};
use recovery::mode::Mode;
use terraform_framework::Value;

use super::model::Failover;
use crate::data_sources::failover_status::by_tier;
use crate::execution::look::View;

/// The newest failover or switchover.
fn moving(view: &View) -> Option<&Record> {
    let newest = view.newest.as_ref()?;
    let mode = newest.state.declared.as_ref()?.mode;
    matches!(mode, Mode::Failover | Mode::Switchover).then_some(newest)
}

/// Writes what was seen into a state. The journal is read in full only where the execution is another one, or stands
/// elsewhere than was recorded.
pub(super) async fn refresh(state: &mut Failover, around: &Surroundings, view: &View) {
    state.epoch = view
        .epochs
        .highest
        .as_ref()
        .and_then(|highest| i64::try_from(highest.epoch).ok())
        .into();
    let divergent = view.activity.divergent_steps.iter();
    state.divergent_steps = Value::Known(divergent.cloned().map(Value::Known).collect());
    let Some(record) = moving(view) else {
        return none(state);
    };
    let same = state.execution_id.text() == Some(record.id.as_str());
    let stands = state.execution_status.text() == Some(record.status());
    let adopted = state.execution_status.text() == Some("adopted") && record.is_over();
    if same && (stands || adopted) {
        return;
    }
    state.execution_id = record.id.clone().into();
    state.execution_status = record.status().into();
    measure(state, around, record).await;
}

/// Nothing was executed yet.
fn none(state: &mut Failover) {
    state.execution_id = Value::Null;
    state.measured_rto_seconds = Value::Null;
    state.measured_rpo_seconds = Value::Null;
    state.evidence = Value::Null;
    if state.execution_status.known().is_none() {
        state.execution_status = "adopted".into();
    }
}

/// What a finished execution measured.
pub(super) async fn measure(state: &mut Failover, around: &Surroundings, record: &Record) {
    if !record.is_over() {
        state.measured_rto_seconds = Value::Null;
        state.measured_rpo_seconds = Value::Null;
        state.evidence = Value::Null;
        return;
    }
    let evidence = around.evidence(&record.id, &record.entries).await;
    state.measured_rto_seconds = by_tier(&evidence, |tier| tier.rto_measured_seconds);
    state.measured_rpo_seconds = by_tier(&evidence, |tier| tier.rpo_measured_seconds);
    state.evidence = evidence.json().into();
}

/// All that is computed stays as it is, and so does the region; other arguments may change.
pub(super) fn keep(planned: &mut Failover, prior: &Failover) {
    planned.active_region = prior.active_region.clone();
    planned.last_applied = prior.last_applied.clone();
    planned.observed = prior.observed.clone();
    planned.execution_id = prior.execution_id.clone();
    planned.execution_status = prior.execution_status.clone();
    planned.divergent_steps = prior.divergent_steps.clone();
    planned.epoch = prior.epoch.clone();
    planned.measured_rto_seconds = prior.measured_rto_seconds.clone();
    planned.measured_rpo_seconds = prior.measured_rpo_seconds.clone();
    planned.evidence = prior.evidence.clone();
}

/// What the apply will tell.
pub(super) fn open(planned: &mut Failover) {
    planned.execution_id = Value::UNKNOWN;
    planned.divergent_steps = Value::UNKNOWN;
    planned.epoch = Value::UNKNOWN;
    planned.measured_rto_seconds = Value::UNKNOWN;
    planned.measured_rpo_seconds = Value::UNKNOWN;
    planned.evidence = Value::UNKNOWN;
}
