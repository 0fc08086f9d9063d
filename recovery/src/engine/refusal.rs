//! Why an execution cannot begin.

use crate::message::Message;

/// Why an execution cannot begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The order does not fit the plan or the world.
    Unfit(Message),
    /// Somebody else holds the lock.
    Locked(Message),
    /// A store or a region does not answer.
    NoAnswer(Message),
}

impl Refusal {
    /// What to tell.
    pub fn message(&self) -> &Message {
        match self {
            Refusal::Unfit(message) | Refusal::Locked(message) | Refusal::NoAnswer(message) => {
                message
            }
        }
    }

    /// The same, told of a plan that another one runs.
    #[must_use]
    pub(super) fn of(self, plan: &str) -> Self {
        let told = |message: Message| Message {
            seen: format!("the plan {plan}: {}", message.seen),
            ..message
        };
        match self {
            Refusal::Unfit(message) => Refusal::Unfit(told(message)),
            Refusal::Locked(message) => Refusal::Locked(told(message)),
            Refusal::NoAnswer(message) => Refusal::NoAnswer(told(message)),
        }
    }
}
