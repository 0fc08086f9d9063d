//! The engine's witness of one step: every act is written down before it is sent, a one-way act only with the lock
//! renewed, and every answer after it.

use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::book::Book;
use crate::gate::GateResult;
use crate::message::Message;
use crate::plan_step::ActNote;
use crate::risk::Risk;
use crate::witness::{AnswerNote, Witness};

/// The witness of one step.
pub(super) struct Scribe<'a> {
    pub(super) step: &'a str,
    pub(super) book: &'a Book,
    /// The longest that an attempt of an act may be under way.
    pub(super) attempt: Duration,
    pub(super) cancel: &'a CancellationToken,
}

#[async_trait]
impl Witness for Scribe<'_> {
    async fn before(&self, act: &ActNote, gates: &[GateResult]) -> Result<(), Message> {
        self.book.wait_while_paused(self.cancel).await;
        if self.cancel.is_cancelled() {
            // The runner says so itself, with what state things are in.
            return Ok(());
        }
        self.book.intends(self.step, act, gates).await?;
        if act.risk == Risk::OneWay {
            self.book.may_act(self.attempt, self.cancel).await?;
        }
        Ok(())
    }

    async fn after(&self, act: &ActNote, answer: &AnswerNote) {
        self.book.answered(self.step, act, answer).await;
    }

    async fn refused(&self, act: &ActNote, gates: &[GateResult]) {
        self.book.refuses(self.step, act, gates).await;
    }
}
