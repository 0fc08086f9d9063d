//! Orders of people: looked for between calls, written down before they are obeyed, obeyed once.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Book;
use crate::command::{self, Command};
use crate::journal::{Note, Phase};

impl Book {
    pub(in crate::engine) fn is_paused(&self) -> bool {
        *self.paused.borrow()
    }

    /// Returns how long it waited.
    pub(in crate::engine) async fn wait_while_paused(
        &self,
        cancel: &CancellationToken,
    ) -> Duration {
        let since = self.clock.monotonic();
        let mut paused = self.paused.subscribe();
        while *paused.borrow_and_update() {
            tokio::select! {
                biased;
                changed = paused.changed() => if changed.is_err() { break },
                () = cancel.cancelled() => break,
            }
        }
        self.clock.monotonic().saturating_sub(since)
    }

    /// Waits for the next look at what people ordered, and writes down what is obeyed.
    pub(in crate::engine) async fn orders(&self) -> Vec<Command> {
        loop {
            self.clock.sleep(self.orders_every).await;
            let orders = self.orders_now().await;
            if !orders.is_empty() {
                return orders;
            }
        }
    }

    /// Looks once at what people ordered, and writes down what is obeyed.
    pub(in crate::engine) async fn orders_now(&self) -> Vec<Command> {
        let known = ids(&self.heard).clone();
        let found = command::read(&self.stores, &self.id, &known).await;
        let mut orders = Vec::new();
        for command in found.new {
            if self.obeys(&command).await {
                orders.push(command);
            }
        }
        orders
    }

    /// Who ended it before, where the run that obeyed did not come to write its end.
    pub(in crate::engine) fn ended_before_by(&self) -> Option<&str> {
        self.left.ending.as_deref()
    }

    /// Writes an order down; what cannot be written down yet is not obeyed yet, and is asked again at the next look.
    async fn obeys(&self, command: &Command) -> bool {
        let (phase, step) = match &command.order {
            command::Order::Pause => (Phase::Paused, None),
            command::Order::Resume => (Phase::Unpaused, None),
            command::Order::Skip { step } => (Phase::Skipped, Some(step)),
            command::Order::Retry { step } => (Phase::Obeyed, Some(step)),
            command::Order::Abort | command::Order::TakeOver => (Phase::Obeyed, None),
            // For the step that asked; it reads them itself.
            command::Order::Approve { .. } | command::Order::Decline { .. } => return false,
        };
        let mut note = Note::new(phase);
        note.step = step.cloned();
        note.actor = Some(command.by.clone());
        note.command = Some(command.note());
        let mut untold = self.untold.lock().await;
        // Perhaps it waits since an earlier look, or was written meanwhile: an order is written down once.
        if ids(&self.queued).insert(command.id.clone()) {
            untold.push_back(note);
        }
        let written = self.catch_up(&mut untold).await;
        drop(untold);
        if written.is_err() {
            return false;
        }
        ids(&self.heard).insert(command.id.clone());
        match command.order {
            command::Order::Pause => self.paused.send_replace(true),
            command::Order::Resume => self.paused.send_replace(false),
            _ => false,
        };
        true
    }
}

fn ids(kept: &Mutex<BTreeSet<String>>) -> MutexGuard<'_, BTreeSet<String>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
