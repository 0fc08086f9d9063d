//! `drctl run` and `drctl resume`: an execution with its progress, until it ends.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::Region;
use recovery::consent::{AcceptedRisk, LONGEST_CONSENT, PlanConsent};
use recovery::engine::{End, Event, Execution, Order, execute};
use recovery::journal;
use recovery::message::{Message, duration_text};
use recovery::mode::Mode;
use recovery::{duration, epoch};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::args::{Common, ConsentWords, Resume, Run, Way};
use crate::children::Family;
use crate::fence::restricted;
use crate::show::{Exit, Show, Stop, message_json};
use crate::world::{World, document};

pub(crate) async fn run(command: &Run, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let lost: BTreeSet<Region> = command.way.lost.iter().cloned().collect();
    let mut world = World::open(document, &lost, common, Some(&command.pace))?;
    world.refuse_unfit_stores().await?;
    let family = Family::read(&command.plan.children, common, Some(&command.pace), show)?;
    family.join(&mut world, &command.way.target).await?;
    let begun = world.under_way(&command.way).await;
    if let Some(id) = &begun {
        show.line(format!(
            "execution {id} of the same plan, mode and target is not finished, and is gone on with; drctl abort {id} ends it instead"
        ));
        show.value(&json!({ "event": "goes_on", "execution": id }));
    }
    let order = order(&command.way, &world, begun).await?;
    follow(&world, &order, show).await
}

pub(crate) async fn resume(command: &Resume, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let lost: BTreeSet<Region> = command.lost.iter().cloned().collect();
    let world = World::open(document.clone(), &lost, common, Some(&command.pace))?;
    let id = world.execution(command.execution.as_deref()).await?;
    let declared = world.declared(&id).await?;
    let mut lost = lost;
    lost.extend(declared.lost.iter().cloned());
    let mut world = World::open(document, &lost, common, Some(&command.pace))?;
    let family = Family::read(&command.plan.children, common, Some(&command.pace), show)?;
    family.join(&mut world, &declared.target).await?;
    if !declared.only.is_empty() {
        world.around = restricted(&world.around, declared.mode, &declared.only);
    }
    let actor = world.caller().await;
    // Where its runner is alive and waits, it is told to go on; else this run takes it over.
    if let Some(paused) = world.paused_and_alive(&id, &declared.target).await {
        world.go_on(&id, &actor).await?;
        show.line(format!("{paused}; it was told to go on"));
        show.value(&json!({ "execution": id, "resumed": true }));
        return Ok(Exit::Done);
    }
    // Whoever resumes it means it to go on: the pause of a run that is gone would hold this one.
    if world.is_held(&id).await {
        world.go_on(&id, &actor).await?;
        show.line(format!("{id} was paused, and goes on"));
    }
    let consents = consents(
        &command.consent,
        &world,
        &declared.target,
        declared.epoch,
        &actor,
    )?;
    let order = Order {
        mode: declared.mode,
        target: declared.target.clone(),
        lost,
        lost_at: declared.lost_at,
        declared_at: None,
        actor,
        consents,
        resume: Some(id),
    };
    follow(&world, &order, show).await
}

/// The order of a command line.
pub(crate) async fn order(way: &Way, world: &World, resume: Option<String>) -> Result<Order, Stop> {
    let actor = world.caller().await;
    // What is accepted is bound to the epoch that this execution completes.
    let epoch = epoch::read(&world.around.stores).await.next();
    let consents = consents(&way.consent, world, &way.target, epoch, &actor)?;
    Ok(Order {
        mode: way.mode.into(),
        target: way.target.clone(),
        lost: way.lost.iter().cloned().collect(),
        lost_at: way.lost_at,
        declared_at: way.declared_at,
        actor,
        consents,
        resume,
    })
}

fn consents(
    words: &ConsentWords,
    world: &World,
    target: &Region,
    epoch: u64,
    by: &str,
) -> Result<Vec<PlanConsent>, Stop> {
    let now = world.clock.now();
    let until = match words.accept_until {
        Some(until) => until,
        None => now.saturating_add(Duration::from_hours(1)).unwrap_or(now),
    };
    if until.duration_since(now).unsigned_abs() > LONGEST_CONSENT || until <= now {
        let seen = format!("--accept-until {until}");
        let expected = format!(
            "a moment within the next {}",
            duration_text(LONGEST_CONSENT)
        );
        let next = "leave --accept-until out for an hour from now";
        return Err(Stop::usage(Message::new(seen, expected, next)));
    }
    let reason = words.reason.as_deref().unwrap_or_default().trim();
    if !words.accept.is_empty() && reason.is_empty() {
        return Err(Stop::usage(Message::new(
            "--reason is empty",
            "why the risk is accepted: it stands in the journal and in the evidence",
            "--reason \"us-east-1 is gone, customers wait\"",
        )));
    }
    let consents = words.accept.iter().map(|word| {
        let risk = match word.split_once('=') {
            None if word == "unfenced" => Some(AcceptedRisk::Unfenced),
            None if word == "unknown_lag" => Some(AcceptedRisk::UnknownLag),
            Some(("data_loss_up_to", bound)) => {
                duration::parse(bound).ok().map(AcceptedRisk::DataLossUpTo)
            }
            _ => None,
        };
        let risk = risk.ok_or_else(|| {
            let expected = "unfenced, unknown_lag, or data_loss_up_to=DURATION";
            Stop::usage(Message::new(
                format!("--accept {word}"),
                expected,
                "each names one risk",
            ))
        })?;
        Ok(PlanConsent {
            risk,
            step: None,
            until,
            target: target.to_string(),
            epoch,
            by: by.to_owned(),
            reason: reason.to_owned(),
        })
    });
    consents.collect()
}

/// Runs an order to its end, with its progress; Ctrl-C stops it between calls.
pub(crate) async fn follow(world: &World, order: &Order, show: Show) -> Result<Exit, Stop> {
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let told = show;
    let signals = tokio::spawn(async move {
        interrupted().await;
        told.note("asked to stop: nothing new is begun, the call in flight is finished");
        stop.cancel();
    });
    let sink = |event: Event| tell(&event, told);
    let done = execute(&world.around, order, &cancel, &sink).await;
    signals.abort();
    done.map(|done| summary(&done, show)).map_err(Stop::from)
}

/// Waits until somebody asks this process to stop.
async fn interrupted() {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut term {
            Some(term) => term.recv().await.map_or((), |()| ()),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

fn tell(event: &Event, show: Show) {
    match event {
        Event::Begins { id, from } => {
            let from = from.as_ref().map_or("nobody could tell", Region::as_str);
            show.line(format!("execution {id}; active until now: {from}"));
            show.value(&json!({ "event": "begins", "execution": id, "from": from }));
        }
        Event::StepBegins { step, title } => {
            // The goal, which does not hold yet.
            show.line(format!("  {step}: goal: {title}"));
            show.value(&json!({ "event": "step_begins", "step": step, "title": title }));
        }
        Event::StepTells { step, line } => {
            show.line(format!("  {step}: {line}"));
            show.value(&json!({
                "event": "step_tells", "step": step, "seconds": line.elapsed.as_secs_f64(), "text": line.text,
            }));
        }
        Event::StepEnds {
            step,
            state,
            message,
        } => {
            show.line(format!("  {step}: {}", show.state(state.name())));
            for line in message.iter().flat_map(|message| {
                message
                    .to_string()
                    .lines()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            }) {
                show.line(format!("      {line}"));
            }
            show.value(&json!({
                "event": "step_ends", "step": step, "state": state.name(), "message": message.as_ref().map(message_json),
            }));
        }
        Event::Notice(line) => {
            show.line(format!("  {line}"));
            show.value(&json!({ "event": "notice", "text": line }));
        }
    }
}

fn summary(done: &Execution, show: Show) -> Exit {
    let count = done
        .steps
        .iter()
        .filter(|(_, step)| step.state == recovery::schedule::StepState::Done)
        .count();
    show.line(format!(
        "{}: {} of {} steps done",
        show.state(done.end.name()),
        count,
        done.steps.len()
    ));
    if let Some(epoch) = done.epoch {
        show.line(format!("epoch {epoch} is completed"));
    }
    for (step, because) in &done.blocked {
        show.line(format!(
            "  {step} never began: {} was in the way",
            because.join(", ")
        ));
    }
    for store in &done.stale_stores {
        show.note(format!(
            "not everything is in the store of {}: {}",
            store.region, store.why
        ));
    }
    let next = match done.end {
        End::Done => String::new(),
        End::Aborted => "begin another one with drctl run: it starts from what is seen".to_owned(),
        End::DoneUnfenced => {
            "fence the old writer when its region is back: drctl fence, or drctl watch --fence"
                .to_owned()
        }
        _ => format!("go on with: drctl resume {}", done.id),
    };
    if !next.is_empty() {
        show.line(&next);
    }
    let steps: Vec<Value> = done
        .steps
        .iter()
        .map(|(name, step)| json!({ "step": name, "state": step.state.name(), "world": step.world, "warnings": step.warnings }))
        .collect();
    show.value(&json!({
        "event": "ends", "execution": done.id, "end": done.end.name(), "epoch": done.epoch, "steps": steps,
        "message": done.message.as_ref().map(message_json), "blocked": done.blocked, "next": next,
    }));
    done.end.into()
}

impl World {
    /// The execution that would be begun a second time: of the same document, mode and target, and its runner is gone in
    /// the middle. What it told people and measured belongs to one execution.
    async fn under_way(&self, way: &Way) -> Option<String> {
        let past = self.around.past().await.ok()?;
        let mode = Mode::from(way.mode);
        let epochs = epoch::read(&self.around.stores).await;
        let begun = match mode {
            Mode::Reprotect => past.unfinished_reprotect(),
            _ => past.unfinished(&self.around.digest, epochs.highest.as_ref()),
        };
        let record = begun.filter(|record| record.is_under_way())?;
        let declared = record.state.declared.as_ref()?;
        let same = declared.mode == mode
            && declared.target == way.target
            && declared.digest == self.around.digest
            && declared.only.is_empty();
        same.then(|| record.id.clone())
    }

    /// What an execution is, by the journal in the first store that has it.
    pub(crate) async fn declared(&self, id: &str) -> Result<journal::Declared, Stop> {
        let (state, _) = self.state(id).await?;
        state.declared.ok_or_else(|| {
            let seen = format!("there is no execution {id}");
            Stop::failed(Message::new(
                seen,
                "an execution that was begun",
                "drctl status shows the newest one",
            ))
        })
    }

    /// Where an execution stands, by the longest journal that answers, with its entries.
    pub(crate) async fn state(
        &self,
        id: &str,
    ) -> Result<(journal::State, Vec<journal::Raw>), Stop> {
        let record = self.around.record(id).await.map_err(Stop::failed)?;
        Ok((record.state, record.entries))
    }

    /// The longest journal of an execution that answers, whether it holds or not.
    pub(crate) async fn entries(&self, id: &str) -> Result<Vec<journal::Raw>, Stop> {
        self.around.entries(id).await.map_err(Stop::failed)
    }
}
