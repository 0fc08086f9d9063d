//! What stands in the lock.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Holder, Request};
use crate::canonical;
use crate::store::{Store, Stored};

/// The longest and the shortest interval that a watcher believes.
const INTERVALS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(10));

/// The body of the lock. The token and the beat make every body that is ever written another one, so that the entity
/// tag changes with every write, also where it follows from the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) schema: u32,
    pub(super) plan: String,
    pub(super) execution: String,
    pub(super) actor: String,
    /// Chance, new for every acquisition.
    pub(super) token: String,
    pub(super) beat: u64,
    pub(super) interval_millis: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
}

impl Body {
    pub(super) fn new(request: &Request) -> Self {
        Body {
            schema: 1,
            plan: request.plan.clone(),
            execution: request.execution.clone(),
            actor: request.actor.clone(),
            token: format!("{:032x}", fastrand::u128(..)),
            beat: 0,
            interval_millis: u64::try_from(request.interval.as_millis()).unwrap_or(u64::MAX),
            since: None,
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        canonical::bytes(self)
    }

    pub(super) fn read(stored: &Stored) -> Option<Self> {
        canonical::read(&stored.body).ok()
    }

    pub(super) fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_millis).clamp(INTERVALS.0, INTERVALS.1)
    }
}

/// Whoever wrote what is stored.
pub(super) fn holder(store: &dyn Store, stored: &Stored) -> Holder {
    let body = Body::read(stored);
    Holder {
        region: store.region().clone(),
        place: store.place(),
        actor: body.as_ref().map(|body| body.actor.clone()),
        execution: body.as_ref().map(|body| body.execution.clone()),
        since: body.and_then(|body| body.since),
        seen_at: stored.date,
    }
}
