//! Who has to know before and after every act: the engine's journal and lock stand here.

use std::time::Duration;

use async_trait::async_trait;

use crate::gate::GateResult;
use crate::message::Message;
use crate::plan_step::ActNote;

/// What AWS answered to an act, in words for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerNote {
    /// It accepted it.
    Accepted,
    /// It may have taken effect; the error.
    Unclear(String),
    /// It did not take effect; the error.
    Refused(String),
}

/// Told before an act is sent and after it was answered.
#[async_trait]
pub trait Witness: Send + Sync {
    /// Before the act is sent, after its gates were passed: written down, and for a one-way act the lock renewed.
    ///
    /// # Errors
    /// When the act must not be sent: the lock is lost, or it cannot be written down. The run ends as interrupted.
    async fn before(&self, act: &ActNote, gates: &[GateResult]) -> Result<(), Message>;

    /// After the act was answered.
    async fn after(&self, act: &ActNote, answer: &AnswerNote);

    /// The gates of an act refused it.
    async fn refused(&self, act: &ActNote, gates: &[GateResult]);

    /// How long people have kept acts of this step back so far: it does not count for the step's time.
    fn held_up(&self) -> Duration {
        Duration::ZERO
    }
}

/// Nobody has to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWitness;

#[async_trait]
impl Witness for NoWitness {
    async fn before(&self, _: &ActNote, _: &[GateResult]) -> Result<(), Message> {
        Ok(())
    }

    async fn after(&self, _: &ActNote, _: &AnswerNote) {}

    async fn refused(&self, _: &ActNote, _: &[GateResult]) {}
}
