//! The lock of a failover plan: one runner at a time, across regions, with nothing but conditional writes.
//!
//! The object `lock` is written in every store whose region is not declared lost, in the plan's region order, and
//! removed in reverse. The owner rewrites it with a higher beat in every interval. Somebody else watches the entity
//! tag: unchanged for three intervals by the watcher's own clock, it may be taken over, by a write that holds only
//! while the tag is still that one. No two clocks are ever compared.
//!
//! The owner counts its lease from the moment before it sent the last renewal that is proved, and a little short
//! ([`decide::lease`]); the watcher counts from a moment after it saw the renewal. So the lease is over before the
//! takeover begins, and an act that starts with more lease left than its attempt may take has ended by then. An owner
//! that slept meets the other's write at its next renewal, which comes before every one-way act.

mod acquire;
mod body;
pub mod decide;
mod held;
mod life;
mod permit;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws::Region;
use jiff::Timestamp;

pub use acquire::acquire;
pub use held::Held;
pub use life::{Life, held_by, life};
pub use permit::{LockLost, NotNow, Permit};

use crate::message::{Message, duration_text};
use crate::next_move;

/// The key of the lock in every store.
pub const KEY: &str = "lock";

/// Who wants the lock, and for what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The plan.
    pub plan: String,
    /// The execution.
    pub execution: String,
    /// Who runs it, as AWS names the caller.
    pub actor: String,
    /// The region that becomes active; its store is never done without.
    pub target: Region,
    /// How often the heartbeat is written.
    pub interval: Duration,
}

impl Request {
    /// The interval that suits AWS: a dead owner is taken over after half a minute.
    pub const INTERVAL: Duration = Duration::from_secs(10);
}

/// Somebody who holds or held the lock, as its body says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The region of the store where it was seen.
    pub region: Region,
    /// The store.
    pub place: String,
    /// Who; `None` where the body could not be read.
    pub actor: Option<String>,
    /// The execution; `None` where the body could not be read.
    pub execution: Option<String>,
    /// Since when, by the store's date, as far as its owner has written it down.
    pub since: Option<Timestamp>,
    /// The store's date of this sight.
    pub seen_at: Option<Timestamp>,
}

impl Holder {
    /// What to tell somebody who wants the lock.
    pub fn message(&self) -> Message {
        let next = match &self.execution {
            Some(id) => format!(
                "follow it with {}; to hold or end it, {} or {} from anywhere",
                next_move::watch(id),
                next_move::pause(id),
                next_move::abort(id)
            ),
            None => "wait half a minute and run it again: a lock without heartbeat is taken over"
                .to_owned(),
        };
        Message::new(
            format!("{self}, and its heartbeat goes on"),
            "nobody runs this failover plan",
            next,
        )
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = self.actor.as_deref().unwrap_or("somebody unknown");
        write!(f, "the lock in {} is held by {actor}", self.place)?;
        if let Some(execution) = &self.execution {
            write!(f, " for execution {execution}")?;
        }
        if let Some(since) = self.since {
            write!(f, " since {since}")?;
        }
        Ok(())
    }
}

/// The lock of somebody who gave no sign of life, taken over: an entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takeover {
    /// Whose it was.
    pub from: Holder,
    /// How long it was watched without a heartbeat.
    pub watched: Duration,
    /// When, by the store's date.
    pub at: Option<Timestamp>,
}

impl fmt::Display for Takeover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let watched = duration_text(self.watched);
        write!(f, "{} and gave no heartbeat for {watched}", self.from)
    }
}

/// What came of wanting the lock.
#[derive(Debug)]
pub enum Acquired {
    /// It is held.
    Held(Arc<Held>),
    /// Somebody else holds it and is alive.
    HeldBy(Holder),
}
