//! Whether a one-way act may start, and how a lock is lost.

use std::time::Duration;

use aws::clock::Clock;

use super::Holder;
use super::decide::may_act;
use crate::message::Message;
use crate::next_move;

/// The lock is somebody else's, or nobody's: this process must stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockLost {
    /// The store that showed it.
    pub place: String,
    /// Who has it now; `None` when it was removed or given back.
    pub to: Option<Holder>,
}

impl LockLost {
    /// What to tell.
    pub fn message(&self) -> Message {
        let (seen, next) = match &self.to {
            Some(holder) => {
                let id = holder.execution.as_deref().unwrap_or("ID");
                (
                    format!("taken over: {holder}"),
                    format!("follow it with {}", next_move::watch(id)),
                )
            }
            None => (
                format!("the lock in {} is not there any more", self.place),
                format!(
                    "{}: it takes the lock and looks at the world first",
                    next_move::resume("ID")
                ),
            ),
        };
        Message::new(
            seen,
            "the lock is held by this run, which has stopped",
            next,
        )
    }
}

/// Why a one-way act must not start now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// The lock is lost, for good.
    Lost(LockLost),
    /// The lock could not be renewed everywhere, or not with enough time left; it may be asked again.
    NotRenewed(Message),
}

impl NotNow {
    /// What to tell.
    pub fn message(&self) -> Message {
        match self {
            NotNow::Lost(lost) => lost.message(),
            NotNow::NotRenewed(message) => message.clone(),
        }
    }
}

/// A one-way act may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// When the lease ends, by the own monotonic clock.
    pub lease_until: Duration,
}

impl Permit {
    /// Whether the act may still start, for whoever was held up in between.
    pub fn still_holds(&self, clock: &dyn Clock, attempt_timeout: Duration) -> bool {
        let left = self.lease_until.saturating_sub(clock.monotonic());
        may_act(left, attempt_timeout)
    }
}
