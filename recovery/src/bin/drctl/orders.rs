//! What people order of an execution, from anywhere: pause, retry, skip, approve; and who is going to obey.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use aws::Region;
use recovery::command::{self, Command, Order};
use recovery::engine::Record;
use recovery::journal::Phase;
use recovery::lock::{self, Life};
use recovery::message::{Message, duration_text};
use recovery::next_move;
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

/// Writes an order to every store that answers, and tells who obeys it.
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
        return Err(Stop::usage(Message::new(
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
    // Of a journal that does not hold nobody knows the end; its runner may be alive.
    let record = world.around.record(&id).await.ok();
    if let Some(record) = record.as_ref().filter(|record| record.is_over()) {
        return Err(over(record));
    }
    if let (Order::Skip { step }, Some(record)) = (&order, &record)
        && let Some(state) = record.state.steps.get(step)
        && state.phase == Phase::Done
    {
        return Err(Stop::usage(Message::new(
            format!("{step} of execution {id} is done"),
            "a step that is not done: what was done cannot be left out",
            format!("{} shows where every step stands", next_move::status()),
        )));
    }
    let by = world.caller().await;
    let mut random = fastrand::Rng::new();
    let command = Command::new(&id, &by, order, reason, world.clock.now(), &mut random);
    let command = command.map_err(Stop::usage)?;
    let stale = command::issue(&world.around.stores, &command).await;
    let stale = stale.map_err(Stop::failed)?;
    let declared = record.and_then(|record| record.state.declared);
    let target = declared.map(|declared| declared.target);
    show.line(format!("{} is written down for {id}", command.order));
    let obeys = world.obeys(&id, target.as_ref(), show).await;
    tell(&command, &stale, &obeys, &execution.plan.file, show);
    Ok(Exit::Done)
}

/// An order to what has come to its end would wait for ever.
fn over(record: &Record) -> Stop {
    Stop::usage(Message::new(
        format!("execution {} is over: {}", record.id, record.status()),
        "an execution that has not come to its end",
        format!("{} shows where every step stands", next_move::status()),
    ))
}

/// Who is going to obey an order.
pub(crate) enum Obeys {
    /// A runner that is alive.
    Runner {
        /// Who.
        actor: String,
        /// How long ago its last heartbeat was, at most.
        heartbeat: Duration,
    },
    /// Nobody now; why.
    Nobody(String),
    /// It is not known; why.
    NotKnown(String),
}

impl Obeys {
    /// By what the lock shows.
    pub(crate) fn of(life: Life, execution: &str) -> Obeys {
        let named = |actor: Option<String>| actor.unwrap_or_else(|| "somebody unknown".to_owned());
        match life {
            Life::Nobody => Obeys::Nobody("nobody holds the lock".to_owned()),
            Life::Alive(holder, heartbeat) if holder.execution.as_deref() == Some(execution) => {
                Obeys::Runner {
                    actor: named(holder.actor),
                    heartbeat,
                }
            }
            Life::Alive(holder, _) => Obeys::Nobody(holder.to_string()),
            Life::Silent(holder, watched) => Obeys::Nobody(format!(
                "{} held the lock and gave no heartbeat for {}",
                named(holder.actor),
                duration_text(watched)
            )),
        }
    }
}

impl World {
    /// Looks who is going to obey an order to an execution.
    async fn obeys(&self, id: &str, target: Option<&Region>, show: Show) -> Obeys {
        let document = &self.around.document;
        let Some(target) = target.or_else(|| document.regions.first()) else {
            return Obeys::NotKnown("the plan has no region".to_owned());
        };
        show.note("looking whether its runner is alive");
        match lock::life(&self.around.stores, target).await {
            Ok(life) => Obeys::of(life, id),
            Err(error) => Obeys::NotKnown(error.to_string()),
        }
    }
}

/// Says what becomes of an order that is written down.
pub(crate) fn tell(
    command: &Command,
    stale: &[recovery::store::StaleStore],
    obeys: &Obeys,
    plan: &Path,
    show: Show,
) {
    let (id, order) = (&command.execution, command.order.to_string());
    for store in stale {
        show.note(format!("not in {}: {}", store.region, store.why));
    }
    let resume = next_move::resume(id);
    let resume = match plan.to_str() {
        Some(plan) if plan != "-" => resume.replace("FILE", plan),
        _ => resume,
    };
    let (word, seen, next) = match obeys {
        Obeys::Runner { actor, heartbeat } => {
            show.line(format!(
                "its runner {actor} is alive (last heartbeat at most {} ago) and obeys between two calls",
                duration_text(*heartbeat)
            ));
            ("alive", actor, None)
        }
        Obeys::Nobody(why) => {
            show.line(format!("nobody runs this execution now: {why}"));
            let how = match command.order {
                Order::Pause => "nothing is begun until it is let go on by the next",
                _ => "obeyed first by the next",
            };
            show.line(format!("the order is kept, and {how}: {resume}"));
            ("gone", why, Some(resume))
        }
        Obeys::NotKnown(why) => {
            show.line(format!("whether its runner is alive is not known: {why}"));
            show.line(format!(
                "the order is kept: its runner obeys it, or where it is gone the next: {resume}"
            ));
            ("not_known", why, Some(resume))
        }
    };
    let heartbeat = match obeys {
        Obeys::Runner { heartbeat, .. } => Some(heartbeat.as_secs_f64()),
        _ => None,
    };
    show.value(&json!({
        "execution": id, "order": order, "id": command.id, "runner": word, "seen": seen,
        "heartbeat_seconds": heartbeat, "next": next,
    }));
}
