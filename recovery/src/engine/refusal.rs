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
}
