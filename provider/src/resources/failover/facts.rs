//! What a state holds of the world: who is active, the newest execution, what it measured.

use recovery::engine::{Record, Surroundings};
use terraform_framework::Value;

use super::model::Failover;
use crate::contract::Decision;
use crate::data_sources::failover_status::by_tier;
use crate::execution::look::View;
use crate::roles::shape::{Beside, HoldsRole};

/// Writes what was seen into a state. The journal is read in full only where the execution is another one, or stands
/// elsewhere than was recorded.
pub(super) async fn refresh(state: &mut Failover, around: &Surroundings, view: &View) {
    state.epoch = view
        .seen
        .epochs
        .highest
        .as_ref()
        .and_then(|highest| i64::try_from(highest.epoch).ok())
        .into();
    let divergent = view.seen.activity.divergent_steps.iter();
    state.divergent_steps = Value::Known(divergent.cloned().map(Value::Known).collect());
    let Some(record) = &view.past.moved else {
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

impl HoldsRole for Failover {
    fn role(&self) -> &Value<String> {
        &self.active_region
    }

    fn beside(&mut self) -> Beside<'_> {
        Beside {
            last_applied: &mut self.last_applied,
            observed: &mut self.observed,
            execution_status: &mut self.execution_status,
        }
    }

    fn keep(&mut self, prior: &Self) {
        self.active_region = prior.active_region.clone();
        self.last_applied = prior.last_applied.clone();
        self.observed = prior.observed.clone();
        self.execution_id = prior.execution_id.clone();
        self.execution_status = prior.execution_status.clone();
        self.divergent_steps = prior.divergent_steps.clone();
        self.epoch = prior.epoch.clone();
        self.measured_rto_seconds = prior.measured_rto_seconds.clone();
        self.measured_rpo_seconds = prior.measured_rpo_seconds.clone();
        self.evidence = prior.evidence.clone();
    }

    /// The apply tells all of it, also where it only adopts.
    fn rest(&mut self, _: &Decision) {
        self.execution_id = Value::UNKNOWN;
        self.divergent_steps = Value::UNKNOWN;
        self.epoch = Value::UNKNOWN;
        self.measured_rto_seconds = Value::UNKNOWN;
        self.measured_rpo_seconds = Value::UNKNOWN;
        self.evidence = Value::UNKNOWN;
    }
}
