//! The planned values of a role, the same for every resource that holds one: what each decision promises of the role
//! applied last, the one seen, and the execution.

use terraform_framework::Value;

use crate::contract::Decision;

/// A model that holds a role.
pub(crate) trait HoldsRole {
    /// The configured role.
    fn role(&self) -> &Value<String>;

    /// What stands beside it in the state.
    fn beside(&mut self) -> Beside<'_>;

    /// Keeps the role and all that is computed as the state has it; other arguments may change.
    fn keep(&mut self, prior: &Self);

    /// Promises, or leaves open, what is computed of this resource alone.
    fn rest(&mut self, decision: &Decision);
}

/// The computed attributes that every resource with a role has.
#[derive(Debug)]
pub(crate) struct Beside<'a> {
    /// The role that was applied last.
    pub(crate) last_applied: &'a mut Value<String>,
    /// The role that was seen.
    pub(crate) observed: &'a mut Value<String>,
    /// How the execution stands.
    pub(crate) execution_status: &'a mut Value<String>,
}

/// Shapes what is planned. A known value here is a promise that the apply keeps.
pub(crate) fn shape<M: HoldsRole>(planned: &mut M, prior: Option<&M>, decision: &Decision) {
    let configured = planned.role().clone();
    let (seen, status) = match decision {
        Decision::Adopt | Decision::Follow => (configured.clone(), "adopted".into()),
        Decision::Execute | Decision::Resume => (configured.clone(), Value::UNKNOWN),
        Decision::Defer => (Value::UNKNOWN, Value::UNKNOWN),
        Decision::Keep | Decision::ChangedOutside { .. } | Decision::KeepUnseen => {
            if let Some(prior) = prior {
                planned.keep(prior);
            }
            return;
        }
        // These are errors: nothing is planned.
        Decision::NameTheRole { .. }
        | Decision::Busy { .. }
        | Decision::LostHere
        | Decision::Unreachable
        | Decision::Impossible { .. }
        | Decision::Forget => return,
    };
    planned.rest(decision);
    let beside = planned.beside();
    // Whatever an apply ends well with, the configured role was applied last.
    *beside.last_applied = configured;
    *beside.observed = seen;
    *beside.execution_status = status;
}
