//! `drctl abort`: a runner that is alive is told; the end of an execution whose runner is gone is written here.

use std::collections::BTreeSet;

use aws::Region;
use recovery::command::{self, Command, Order};
use recovery::engine::{self, Aborted, who_is_active};
use recovery::evidence::Evidence;
use recovery::lock::{self, Life};
use recovery::store::StaleStore;
use serde_json::json;

use crate::args::{AbortOrder, Common};
use crate::orders::{Obeys, tell as tell_order};
use crate::show::{Exit, Show, Stop};
use crate::status::tell;
use crate::world::{World, document};

pub(crate) async fn abort(order: &AbortOrder, common: &Common, show: Show) -> Result<Exit, Stop> {
    let execution = &order.execution;
    let document = document(&execution.plan.file, show)?;
    let lost: BTreeSet<Region> = execution.lost.iter().cloned().collect();
    let world = World::open(document.clone(), &lost, common, None)?;
    let id = world.execution(execution.id.as_deref()).await?;
    let declared = world.declared(&id).await?;
    let lost = lost.into_iter().chain(declared.lost).collect();
    let world = World::open(document, &lost, common, None)?;
    let by = world.caller().await;
    let (now, mut random) = (world.clock.now(), fastrand::Rng::new());
    let reason = order.reason.clone();
    let command = Command::new(&id, &by, Order::Abort, reason, now, &mut random);
    let command = command.map_err(Stop::usage)?;
    if let Some(store) = world.around.stores.of(&declared.target)
        && let Ok(Some(_)) = store.get(lock::KEY).await
    {
        show.note("there is a lock: looking for half a minute whether its runner is alive");
    }
    match engine::abort(&world.around, &command).await? {
        Aborted::Alive(holder) => {
            show.line(format!("{holder}, and its runner is alive"));
            let stale = command::issue(&world.around.stores, &command).await;
            let stale = stale.map_err(Stop::failed)?;
            show.line(format!("{} is written down for {id}", command.order));
            // It wrote a heartbeat between two looks at the lock that was wanted.
            let obeys = Obeys::of(Life::Alive(holder, world.around.interval / 2), &id);
            tell_order(&command, &stale, &obeys, &execution.plan.file, show);
            Ok(Exit::Done)
        }
        Aborted::Before => {
            show.line(format!("{id} was aborted before"));
            left(&world, &id, show).await
        }
        Aborted::Ended {
            takeovers,
            stale_stores,
        } => {
            for takeover in takeovers {
                show.line(takeover);
            }
            for StaleStore { region, why } in stale_stores {
                show.note(format!("its end is not in the store of {region}: {why}"));
            }
            show.line(format!("{id} is ended by {by}; nobody was running it"));
            left(&world, &id, show).await
        }
    }
}

/// Tells what it did and what it left.
async fn left(world: &World, id: &str, show: Show) -> Result<Exit, Stop> {
    let mut evidence = world.evidence(id).await?;
    let open = open(world, &evidence);
    evidence.open.extend(open);
    tell(&evidence, show);
    let around = &world.around;
    let lost = around.stores.lost().into_iter().collect();
    let activity = who_is_active(&around.document, &lost, &around.means).await;
    let active = activity.active.as_ref().map(Region::as_str);
    show.line(format!(
        "active region: {} ({})",
        show.state(active.unwrap_or("nobody can tell")),
        activity.because
    ));
    show.line("what was done stays as it is; drctl run begins another one from what is seen");
    show.value(&json!({
        "execution": id, "end": evidence.end, "active": active, "because": activity.because,
        "steps": evidence.steps, "open": evidence.open,
    }));
    Ok(Exit::Done)
}

/// What nobody knows the end of: acts without an answer, and plans that a step runs.
fn open(world: &World, evidence: &Evidence) -> Vec<String> {
    let mut open = Vec::new();
    for step in &evidence.steps {
        let acts = step.acts.iter().filter(|act| act.answer.is_none());
        open.extend(acts.map(|act| {
            format!(
                "{}: {} was about to be sent, and no answer was written; it may have taken effect",
                step.step, act.words
            )
        }));
        let child = world
            .around
            .document
            .step(&step.step)
            .and_then(engine::runs_a_plan);
        if let Some(plan) = child.filter(|_| step.standing != "done" && step.began_at.is_some()) {
            open.push(format!(
                "{}: the plan {plan} has an execution of its own; drctl abort --plan with its file ends that",
                step.step
            ));
        }
    }
    open
}
