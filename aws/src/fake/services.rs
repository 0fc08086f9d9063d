//! State of the fake's services beside RDS, and how a call to one of them is noted and answered.

use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;

use super::refusal::Refusal;
use super::{Call, Effect, FakeAws, Local};
use crate::{Error, ErrorKind, Region};

/// What the services hold.
#[derive(Default)]
pub(super) struct Services {
    pub(super) arc: super::arc::State,
    pub(super) ecs: super::ecs::State,
    pub(super) groups: super::autoscaling::State,
    pub(super) lambda: super::lambda::State,
    pub(super) mrap: super::mrap::State,
    pub(super) parameters: super::parameters::State,
    pub(super) permissions: super::permissions::State,
    pub(super) records: super::route53::State,
    pub(super) secrets: super::secrets::State,
    pub(super) topics: super::topics::State,
    pub(super) web: super::web::State,
}

/// A call's answer with what it did.
pub(super) type Served<T> = Result<(T, Effect), Refusal>;

impl FakeAws {
    pub(super) fn services(&self) -> MutexGuard<'_, Services> {
        self.services.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One call: done at once, noted, and answered.
    pub(super) fn serve<T>(
        &self,
        operation: &'static str,
        region: &Region,
        id: &str,
        work: impl FnOnce(&mut Services, Timestamp) -> Served<T>,
    ) -> Result<T, Error> {
        let at = self.clock.now();
        let answer = work(&mut self.services(), at);
        let effect = match &answer {
            Ok((_, effect)) => *effect,
            Err(refusal) => Effect::Refused(refusal.kind),
        };
        let mut world = self.world();
        world.note(Call {
            operation,
            region: region.clone(),
            id: id.to_owned(),
            at,
            effect,
        });
        let number = world.log.len();
        answer
            .map(|(value, _)| value)
            .map_err(|refusal| refusal.into_error(operation, region, number))
    }
}

impl Local {
    pub(super) fn serve<T>(
        &self,
        operation: &'static str,
        id: &str,
        work: impl FnOnce(&mut Services, Timestamp) -> Served<T>,
    ) -> Result<T, Error> {
        self.aws.serve(operation, &self.region, id, work)
    }

    pub(super) fn place(&self, id: &str) -> (Region, String) {
        (self.region.clone(), id.to_owned())
    }
}

/// Whether a change changed anything.
pub(super) fn changed(changed: bool) -> Effect {
    if changed {
        Effect::Changed
    } else {
        Effect::Nothing
    }
}

/// There is no such thing, in the words of its service.
pub(super) fn absent(service: &'static str, code: &'static str, what: &str) -> Refusal {
    Refusal::of(
        ErrorKind::NotFound,
        service,
        code,
        format!("{what} was not found"),
    )
}
