//! What people order of an execution that runs, from anywhere: pause, retry, skip, approve.

use std::collections::BTreeSet;

use recovery::command::{self, Command, Order};
use serde_json::json;

use crate::args::{ApproveOrder, Common, Execution, SkipOrder, StepOrder};
use crate::show::{Exit, Show, Stop};
use crate::world::{World, document};

pub(crate) async fn pause(
    execution: &Execution,
    common: &Common,
    show: Show,
) -> Result<Exit, Stop> {
    give(execution, Order::Pause, None, common, show).await
}

pub(crate) async fn retry(order: &StepOrder, common: &Common, show: Show) -> Result<Exit, Stop> {
    let step = order.step.clone();
    give(&order.execution, Order::Retry { step }, None, common, show).await
}

pub(crate) async fn skip(order: &SkipOrder, common: &Common, show: Show) -> Result<Exit, Stop> {
    let step = order.order.step.clone();
    let reason = Some(order.reason.clone());
    give(
        &order.order.execution,
        Order::Skip { step },
        reason,
        common,
        show,
    )
    .await
}

pub(crate) async fn approve(
    order: &ApproveOrder,
    common: &Common,
    show: Show,
) -> Result<Exit, Stop> {
    let (step, token) = (order.order.step.clone(), order.token.clone());
    let given = if order.decline {
        Order::Decline { step, token }
    } else {
        Order::Approve { step, token }
    };
    give(&order.order.execution, given, None, common, show).await
}

/// Writes an order to every store that answers; its runner obeys it between calls.
async fn give(
    execution: &Execution,
    order: Order,
    reason: Option<String>,
    common: &Common,
    show: Show,
) -> Result<Exit, Stop> {
    let document = document(&execution.plan.file, show)?;
    if let Order::Retry { step }
    | Order::Skip { step }
    | Order::Approve { step, .. }
    | Order::Decline { step, .. } = &order
        && document.step(step).is_none()
    {
        let known: Vec<&str> = document
            .steps
            .iter()
            .map(|step| step.name.as_str())
            .collect();
        return Err(Stop::usage(recovery::message::Message::new(
            format!("the plan has no step {step}"),
            known.join(", "),
            "name one of them",
        )));
    }
    let lost: BTreeSet<_> = execution.lost.iter().cloned().collect();
    let world = World::open(document, &lost, common, None)?;
    let id = world.execution(execution.id.as_deref()).await?;
    // An order to what does not exist would wait for ever.
    world.entries(&id).await?;
    let by = world.caller().await;
    let mut random = fastrand::Rng::new();
    let command = Command::new(&id, &by, order, reason, world.clock.now(), &mut random);
    issue(&world, &command.map_err(Stop::usage)?, show).await
}

/// Writes a command down for a runner, and says so.
pub(crate) async fn issue(world: &World, command: &Command, show: Show) -> Result<Exit, Stop> {
    let (id, order) = (&command.execution, command.order.to_string());
    let stale = command::issue(&world.around.stores, command)
        .await
        .map_err(Stop::failed)?;
    show.line(format!(
        "{order} is written down for {id}; its runner obeys between two calls"
    ));
    for store in &stale {
        show.note(format!("not in {}: {}", store.region, store.why));
    }
    show.value(&json!({ "execution": id, "order": order, "id": command.id }));
    Ok(Exit::Done)
}
