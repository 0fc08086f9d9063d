//! What steps ask of people and of other plans.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::Error;
use tokio_util::sync::CancellationToken;

use super::{End, Event, Order, Surroundings, execute};
use crate::command::{self, Command};
use crate::kind::{Approval, Case, Desk};
use crate::message::Message;
use crate::outcome::Outcome;
use crate::plan_step::Ended;
use crate::store::Stores;

/// How deep plans may run plans.
pub const DEEPEST: usize = 3;

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
        let found = command::read(&self.stores, &self.execution, &Default::default()).await;
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
        let order = Order {
            // A child is found again by what the world shows; its own journal tells how far it was.
            resume: None,
            ..self.order.clone()
        };
        let ignore = |_: Event| {};
        // A future that contains itself needs a place of its own.
        let run = Box::pin(execute(&child, &order, &self.cancel, &ignore));
        let done = run.await.map_err(|refusal| refusal.message().clone())?;
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
