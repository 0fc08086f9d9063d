//! What steps ask of people and of other plans.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::Error;
use tokio_util::sync::CancellationToken;

use super::{End, Event, Order, Refusal, Surroundings, execute};
use crate::command::{self, Command};
use crate::epoch;
use crate::journal;
use crate::kind::{Approval, Case, Desk};
use crate::message::Message;
use crate::outcome::Outcome;
use crate::plan_step::Ended;
use crate::store::Stores;

/// How deep plans may run plans.
pub const DEEPEST: usize = 3;

/// How often it is asked what earlier runs of a child did, and how long after an answer that did not come.
const ASKED: usize = 3;
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// A desk at which nobody sits: for looks that ask nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyDesk;

#[async_trait]
impl Desk for EmptyDesk {
    async fn approvals(&self, _: &str) -> Result<Vec<Approval>, Error> {
        Ok(Vec::new())
    }

    async fn run_child(&self, plan: &str, _: &Case) -> Result<Ended, Message> {
        Err(Message::new(
            format!("the plan {plan} is not at hand"),
            "the document of every plan that a plan runs",
            "give it with --child FILE",
        ))
    }
}

/// The desk of one execution.
pub(super) struct ExecutionDesk {
    pub(super) execution: String,
    pub(super) stores: Stores,
    pub(super) around: Surroundings,
    pub(super) order: Order,
    pub(super) cancel: CancellationToken,
}

#[async_trait]
impl Desk for ExecutionDesk {
    async fn approvals(&self, step: &str) -> Result<Vec<Approval>, Error> {
        let found = command::read(&self.stores, &self.execution, &BTreeSet::new()).await;
        Ok(found
            .new
            .iter()
            .filter_map(|it| approval(it, step))
            .collect())
    }

    async fn run_child(&self, plan: &str, case: &Case) -> Result<Ended, Message> {
        let Some(child) = self.around.children.get(plan) else {
            return EmptyDesk.run_child(plan, case).await;
        };
        if self.around.path.len() >= DEEPEST || self.around.path.iter().any(|name| name == plan) {
            return Err(Message::new(
                format!("{} runs {plan}", self.around.path.join(" runs ")),
                format!("plans that run plans at most {DEEPEST} deep, and none that runs itself"),
                "take the step out, or move its steps into this plan",
            ));
        }
        let mut child = child.clone();
        child.path = self.around.path.clone();
        child.path.push(plan.to_owned());
        let earlier = match patiently(&child, &self.order).await {
            Ok(earlier) => earlier,
            Err(Unread::NoAnswer(message)) => return Ok(interrupted(plan, message)),
            Err(Unread::Unfit(message)) => return Err(message),
        };
        if let Earlier::Done(id) = earlier {
            return Ok(done_before(plan, &id));
        }
        let order = earlier.order(&self.order);
        let ignore = |_: Event| {};
        // A future that contains itself needs a place of its own.
        let run = Box::pin(execute(&child, &order, &self.cancel, &ignore));
        let done = match run.await {
            Ok(done) => done,
            Err(Refusal::NoAnswer(message)) => return Ok(interrupted(plan, message)),
            Err(refusal) => return Err(refusal.message().clone()),
        };
        let message = done.message.clone().unwrap_or_default();
        let outcome = match done.end {
            End::Done | End::DoneUnfenced => Outcome::Done,
            End::Interrupted | End::Aborted => Outcome::Interrupted(message),
            End::Refused | End::Failed => Outcome::Failed(message),
        };
        Ok(Ended {
            outcome,
            gates: Vec::new(),
            acts: Vec::new(),
            world: Some(format!(
                "the plan {plan}, execution {}, ended {}",
                done.id,
                done.end.name()
            )),
            warnings: Vec::new(),
            unfenced: done.end == End::DoneUnfenced,
            elapsed: Duration::ZERO,
        })
    }
}

/// What an earlier run of this execution left of a child.
pub(super) enum Earlier {
    Nothing,
    /// An execution that has not come to its end: it is gone on with.
    Under(String),
    /// An execution that did what is asked for, and that nothing has come after.
    Done(String),
}

impl Earlier {
    /// The order to the child: to go on with what was left of it, or to begin.
    pub(super) fn order(self, parent: &Order) -> Order {
        Order {
            resume: match self {
                Earlier::Under(id) => Some(id),
                Earlier::Nothing | Earlier::Done(_) => None,
            },
            ..parent.clone()
        }
    }
}

/// Why it is not known what earlier runs did.
pub(super) enum Unread {
    /// A store did not answer: it may the next time.
    NoAnswer(Message),
    /// It answered what cannot be gone on with.
    Unfit(Message),
}

/// Asks again before a store that does not answer interrupts the whole execution.
pub(super) async fn patiently(child: &Surroundings, order: &Order) -> Result<Earlier, Unread> {
    let mut asked = 1;
    loop {
        match earlier(child, order).await {
            Err(Unread::NoAnswer(_)) if asked < ASKED => asked += 1,
            found => return found,
        }
        child.means.clock.sleep(ASK_AGAIN).await;
    }
}

/// Finds the newest execution of a child that leads where this one leads, as its journal tells.
async fn earlier(child: &Surroundings, order: &Order) -> Result<Earlier, Unread> {
    let stores = &child.stores;
    let Some(store) = stores.of(&order.target) else {
        return Ok(Earlier::Nothing);
    };
    let unread = |error: Error| {
        let message = Message::new(
            format!(
                "the journals of {} in {} cannot be read: {error}",
                child.document.name,
                store.place()
            ),
            "what earlier runs did",
            "restore access to the store, and run it again",
        );
        if error.is_transient() {
            Unread::NoAnswer(message)
        } else {
            Unread::Unfit(message)
        }
    };
    let ids = journal::executions(stores, store.as_ref()).await;
    let Some(id) = ids.map_err(unread)?.into_iter().max() else {
        return Ok(Earlier::Nothing);
    };
    let raw = journal::read(stores, store.as_ref(), &id).await;
    let state = journal::fold(&id, &raw.map_err(unread)?).map_err(Unread::Unfit)?;
    let Some(declared) = state.declared else {
        return Ok(Earlier::Nothing);
    };
    let same = declared.digest == child.digest
        && declared.mode == order.mode
        && declared.target == order.target
        && declared.only == child.only(order.mode);
    let highest = epoch::read(stores).await.highest;
    let over = highest
        .as_ref()
        .is_some_and(|record| record.epoch >= declared.epoch);
    let its_own = highest.is_some_and(|record| record.execution == id);
    let how = state.ended.map(|(how, _)| how).unwrap_or_default();
    let done = how == End::Done.name();
    Ok(match (same, done, how == End::Aborted.name()) {
        (true, true, _) if its_own => Earlier::Done(id),
        (true, false, false) if its_own || !over => Earlier::Under(id),
        _ => Earlier::Nothing,
    })
}

/// A child that has to be gone on with.
fn interrupted(plan: &str, message: Message) -> Ended {
    Ended {
        outcome: Outcome::Interrupted(message),
        world: Some(format!("the plan {plan} waits for an answer")),
        ..done_before(plan, "")
    }
}

/// A child that an earlier run saw through.
fn done_before(plan: &str, id: &str) -> Ended {
    Ended {
        outcome: Outcome::AlreadyDone,
        gates: Vec::new(),
        acts: Vec::new(),
        world: Some(format!("the plan {plan} was executed before, as {id}")),
        warnings: Vec::new(),
        unfenced: false,
        elapsed: Duration::ZERO,
    }
}

/// A decision about a step, where the command is one.
fn approval(command: &Command, step: &str) -> Option<Approval> {
    let (named, token, approved) = match &command.order {
        command::Order::Approve { step, token } => (step, token, true),
        command::Order::Decline { step, token } => (step, token, false),
        _ => return None,
    };
    (named == step).then(|| Approval {
        by: command.by.clone(),
        token: token.clone(),
        approved,
        at: command.at().unwrap_or_default(),
    })
}

/// The desk of an execution, to be shared by its steps.
pub(super) fn desk(
    around: &Surroundings,
    order: &Order,
    execution: &str,
    cancel: &CancellationToken,
) -> Arc<dyn Desk> {
    Arc::new(ExecutionDesk {
        execution: execution.to_owned(),
        stores: around.stores.clone(),
        around: around.clone(),
        order: order.clone(),
        cancel: cancel.clone(),
    })
}
