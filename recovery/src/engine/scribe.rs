//! The engine's witness of one step: every act is written down before it is sent, a one-way act only with the lock
//! renewed, and every answer after it.

use std::sync::{Mutex, PoisonError};
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
    /// How long people kept it waiting.
    pub(super) held_up: Mutex<Duration>,
}

impl Scribe<'_> {
    async fn wait_while_paused(&self) {
        let waited = self.book.wait_while_paused(self.cancel).await;
        *self.held_up.lock().unwrap_or_else(PoisonError::into_inner) += waited;
    }
}

#[async_trait]
impl Witness for Scribe<'_> {
    async fn before(&self, act: &ActNote, gates: &[GateResult]) -> Result<(), Message> {
        self.wait_while_paused().await;
        if self.cancel.is_cancelled() {
            // The runner says so itself, with what state things are in.
            return Ok(());
        }
        self.book.intends(self.step, act, gates).await?;
        loop {
            if act.risk == Risk::OneWay
                && let Err(message) = self.book.may_act(self.attempt, self.cancel).await
            {
                let not_sent = AnswerNote::Refused(format!("not sent: {}", message.seen));
                self.book.answered(self.step, act, &not_sent).await;
                return Err(message);
            }
            // Somebody may have paused it while this was written down.
            if !self.book.is_paused() || self.cancel.is_cancelled() {
                return Ok(());
            }
            self.wait_while_paused().await;
        }
    }

    fn held_up(&self) -> Duration {
        *self.held_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn after(&self, act: &ActNote, answer: &AnswerNote) {
        self.book.answered(self.step, act, answer).await;
    }

    async fn refused(&self, act: &ActNote, gates: &[GateResult]) {
        self.book.refuses(self.step, act, gates).await;
    }
}
