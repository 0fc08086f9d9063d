//! `drctl status` and `drctl watch`: who is active, and where the newest execution stands.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::Region;
use futures_util::future::join3;
use recovery::engine::{Fencing, who_is_active};
use recovery::epoch;
use recovery::evidence::{ClosureEvidence, Evidence, StepEvidence};
use recovery::lock;
use recovery::message::region_list;
use recovery::next_move;
use serde_json::json;

use crate::args::{Common, Status};
use crate::evidence::broken;
use crate::show::{Exit, Show, Stop};
use crate::world::{World, document};

/// How often a watcher looks.
const LOOK: Duration = Duration::from_secs(2);

pub(crate) async fn status(status: &Status, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&status.execution.plan.file, show)?;
    let lost: BTreeSet<_> = status.execution.lost.iter().cloned().collect();
    let world = World::look(document, &lost, common)?;
    // At once: a region that does not answer is waited for once.
    let regions = world.around.document.regions.iter().cloned().collect();
    let (activity, epochs, silent) = join3(
        who_is_active(&world.around.document, &lost, &world.around.means),
        epoch::read(&world.around.stores),
        world.silent(&regions),
    )
    .await;
    let active = activity
        .active
        .as_ref()
        .map_or("nobody can tell", |region| region.as_str());
    show.line(format!(
        "active region: {} ({})",
        show.state(active),
        activity.because
    ));
    for (region, why) in &silent {
        show.line(format!(
            "{}: {region} does not answer: {why}",
            show.state("silent")
        ));
        let without = next_move::status_without(region);
        show.line(format!("  next: where it is lost, {without}"));
    }
    let number = epochs.highest.as_ref().map(|record| record.epoch);
    show.line(format!(
        "epoch: {}",
        number.map_or("none yet".to_owned(), |number| number.to_string())
    ));
    for (step, roles) in &activity.roles {
        let roles: Vec<String> = roles
            .iter()
            .map(|(region, role)| format!("{region} {}", role.name()))
            .collect();
        let elsewhere = if activity.divergent_steps.contains(step) {
            " (elsewhere than the authority says)"
        } else {
            ""
        };
        show.line(format!("  {step}: {}{elsewhere}", roles.join(", ")));
    }
    if let Some(rival) = epochs.active().err() {
        show.line(format!("{}: {}", show.state("undecided"), rival.seen));
    }
    let past = world.around.past().await;
    let (fencing, closures) = match past {
        Ok(past) => (past.fencing, past.closures),
        Err(message) => (Fencing::NotKnown(message.seen), Vec::new()),
    };
    let closed: Vec<ClosureEvidence> = closures.iter().map(ClosureEvidence::from).collect();
    for closure in &closed {
        show.line(format!("{}: {closure}", show.state("fenced")));
    }
    match &fencing {
        Fencing::Closed => {}
        Fencing::Open { execution, regions } => show.line(format!(
            "{}: nobody has proved since execution {execution} that the old writer accepts no writes in {}; drctl fence closes it when the region is back",
            show.state("unfenced"),
            region_list(regions)
        )),
        Fencing::NotKnown(why) => show.line(format!(
            "whether an old writer is left unfenced is not known: {why}"
        )),
    }
    show.value(&json!({
        "active": activity.active.as_ref().map(aws::Region::as_str), "because": activity.because, "epoch": number,
        "divergent_steps": activity.divergent_steps, "unfenced": fencing.execution(), "fencing": fencing.name(),
        "closed_by": closed,
        "silent": silent.iter().map(|(region, why)| json!({
            "region": region.as_str(), "why": why.to_string(), "next": next_move::status_without(region),
        })).collect::<Vec<_>>(),
    }));
    if let Ok(id) = world.execution(status.execution.id.as_deref()).await {
        let evidence = world.evidence(&id).await?;
        tell(&evidence, show);
        show.value(&serde_json::to_value(&evidence).unwrap_or_default());
        if evidence.end.is_none() {
            world.tell_runner(&evidence, show).await;
        }
    }
    Ok(Exit::Done)
}

impl World {
    /// Who holds the lock of an execution without an end, by one look: a status waits for nobody's heartbeat.
    async fn tell_runner(&self, evidence: &Evidence, show: Show) {
        let id = &evidence.execution;
        let Ok(target) = Region::new(evidence.target.clone()) else {
            return;
        };
        let holder = match lock::held_by(&self.around.stores, &target).await {
            Ok(holder) => holder.filter(|it| it.execution.as_ref() == Some(id)),
            Err(error) => {
                show.line(format!("  whether anybody runs it is not known: {error}"));
                return;
            }
        };
        let held = holder.is_some();
        match holder {
            Some(holder) => show.line(format!(
                "  {holder}; a runner that is gone is taken over by {}",
                next_move::resume(id)
            )),
            None => show.line(format!(
                "  nobody runs it now; go on with {}",
                next_move::resume(id)
            )),
        }
        show.value(&json!({ "execution": id, "lock_held": held, "next": next_move::resume(id) }));
    }
}

pub(crate) fn tell(evidence: &Evidence, show: Show) {
    let end = evidence.end.as_deref().unwrap_or("no end is written");
    show.line(format!(
        "execution {}: {} to {}: {end}",
        evidence.execution, evidence.mode, evidence.target
    ));
    tell_broken(evidence, show);
    show.line(format!("  {}", evidence.summary));
    for step in &evidence.steps {
        show.line(line(step, show));
    }
    for open in &evidence.open {
        show.line(format!("  open: {open}"));
    }
}

/// A journal that does not hold is told before anything that it says.
fn tell_broken(evidence: &Evidence, show: Show) {
    if let Some(message) = broken(evidence) {
        show.line(format!("  {}: {}", show.state("broken"), message.seen));
        show.line(format!("    next: {}", message.next));
    }
}

fn line(step: &StepEvidence, show: Show) -> String {
    let what = step
        .message
        .as_deref()
        .or(step.world.as_deref())
        .unwrap_or_default();
    let what = what.lines().next().unwrap_or_default();
    format!("  {}: {} {what}", step.step, show.state(&step.standing))
}

/// Follows an execution to its end.
pub(crate) async fn followed(world: &World, named: Option<&str>, show: Show) -> Result<Exit, Stop> {
    let id = world.execution(named).await?;
    show.line(format!("watching {id}"));
    let mut told: Vec<String> = Vec::new();
    let mut told_broken = false;
    loop {
        let evidence = world.evidence(&id).await?;
        if !evidence.intact && !told_broken {
            told_broken = true;
            tell_broken(&evidence, show);
            show.value(
                &json!({ "execution": id, "intact": false, "problems": evidence.chain.problems }),
            );
        }
        let lines: Vec<String> = evidence.steps.iter().map(|step| line(step, show)).collect();
        for (number, line) in lines.iter().enumerate() {
            // Only what moved since the last look.
            if told.get(number) != Some(line) && evidence.steps[number].standing != "waiting" {
                show.line(line);
                show.value(&serde_json::to_value(&evidence.steps[number]).unwrap_or_default());
            }
        }
        told = lines;
        if let Some(end) = &evidence.end {
            show.line(show.state(end));
            show.value(&json!({ "execution": id, "end": end }));
            return Ok(match end.as_str() {
                "done" => Exit::Done,
                "done_unfenced" => Exit::Unfenced,
                "refused" => Exit::Refused,
                "interrupted" => Exit::Interrupted,
                _ => Exit::Failed,
            });
        }
        world.clock.sleep(LOOK).await;
    }
}
