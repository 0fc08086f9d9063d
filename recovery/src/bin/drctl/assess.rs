//! `drctl observe` and `assess`: before the day, and at its beginning.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::Region;
use futures_util::future::{join, join_all};
use recovery::duration;
use recovery::engine::outlook::opened_by;
use recovery::engine::{Order, observe as look, preview_family, who_is_active};
use recovery::message::{Message, duration_text};
use recovery::mode::Mode;
use recovery::next_move;
use recovery::observation;
use recovery::plan_step::Intent;
use serde_json::json;

use crate::args::{Assess, Common, Observe};
use crate::children::Family;
use crate::fence::is_silence;
use crate::plan::gate_json;
use crate::show::{Exit, Show, Stop, message_json};
use crate::world::{World, document};

/// The shortest time between two observations: each asks every step in every region.
const SHORTEST: Duration = Duration::from_secs(10);

/// The time between two observations.
fn every(text: &str) -> Result<Duration, Stop> {
    let every = duration::parse(text).map_err(|error| {
        Stop::usage(Message::new(
            error.to_string(),
            "a duration such as 5m",
            "--every 5m",
        ))
    })?;
    if every < SHORTEST {
        return Err(Stop::usage(Message::new(
            format!("--every {text}"),
            format!(
                "{} or more: each observation asks every step in every region",
                duration::text(SHORTEST)
            ),
            format!("--every {}, or --every 5m", duration::text(SHORTEST)),
        )));
    }
    Ok(every)
}

pub(crate) async fn observe(command: &Observe, common: &Common, show: Show) -> Result<Exit, Stop> {
    let every = command.every.as_deref().map(every).transpose()?;
    let world = World::open(
        document(&command.plan.file, show)?,
        &BTreeSet::new(),
        common,
        None,
    )?;
    let by = world.caller().await;
    loop {
        let (observation, activity) = look(&world.around, &by).await;
        let stale = observation::write(&world.around.stores, &observation).await;
        let active = activity
            .active
            .as_ref()
            .map_or("nobody can tell", Region::as_str);
        show.line(format!(
            "{} observed {} steps; active: {active}",
            observation.at,
            observation.steps.len()
        ));
        for store in &stale {
            show.note(format!("not kept in {}: {}", store.region, store.why));
        }
        show.value(&json!({ "at": observation.at.to_string(), "active": active, "steps": observation.steps }));
        let kept = stale.len() < world.around.document.regions.len();
        match every {
            Some(every) => world.clock.sleep(every).await,
            None if kept => return Ok(Exit::Done),
            None => {
                return Err(Stop::failed(Message::new(
                    "no store took the observation",
                    "a store that answers",
                    "drctl doctor",
                )));
            }
        }
    }
}

pub(crate) async fn assess(command: &Assess, common: &Common, show: Show) -> Result<Exit, Stop> {
    let lost: BTreeSet<Region> = command.lost.iter().cloned().collect();
    let mut world = World::look(document(&command.plan.file, show)?, &lost, common)?;
    let children = Family::read(&command.plan.children, common, None, show)?;
    // Whichever region becomes active: they are looked for in every store that answers.
    let target = command.target.clone();
    let near = target.or_else(|| {
        let mut regions = world.around.document.regions.iter();
        regions.find(|region| !lost.contains(*region)).cloned()
    });
    let mut blind = None;
    if let Some(near) = near {
        blind = children.join(&mut world, &near).await.err();
    }
    let document = &world.around.document;
    // At once: a region that does not answer is waited for once.
    let asked = document
        .regions
        .iter()
        .map(|region| answer(&world, region, &lost));
    let (activity, answers) = join(
        who_is_active(document, &lost, &world.around.means),
        join_all(asked),
    )
    .await;
    let active = activity
        .active
        .as_ref()
        .map_or("nobody can tell", Region::as_str);
    show.line(format!("active region: {active} ({})", activity.because));
    for (region, answer) in document.regions.iter().zip(&answers) {
        tell_answer(region, answer.as_ref(), show);
    }
    let targets = document
        .regions
        .iter()
        .filter(|region| match &command.target {
            Some(target) => *region == target,
            None => !lost.contains(*region) && activity.active.as_ref() != Some(*region),
        });
    let targets: Vec<&Region> = targets.collect();
    if targets.is_empty() {
        let why = "no region could become active: each one is active already, or declared lost";
        show.line(why);
        show.value(&json!({ "error": why }));
    }
    let mut any_open = false;
    for target in targets {
        any_open |= way(&world, target, &lost, show).await?;
    }
    if let Some(stop) = &blind {
        let message = &stop.message;
        show.line(format!(
            "the plans that it runs were not looked at: {}",
            message.seen
        ));
        show.line(format!("  next: {}", message.next));
        show.value(&json!({ "error": message_json(message) }));
    }
    Ok(if any_open && blind.is_none() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

/// Whether a region answers at all; `None` where it is declared lost.
async fn answer(
    world: &World,
    region: &Region,
    lost: &BTreeSet<Region>,
) -> Option<Result<(), aws::Error>> {
    if lost.contains(region) {
        return None;
    }
    Some(world.answers(region).await)
}

fn tell_answer(region: &Region, answer: Option<&Result<(), aws::Error>>, show: Show) {
    let (word, next) = match answer {
        None => ("declared lost, not asked".to_owned(), None),
        Some(Ok(())) => ("answers".to_owned(), None),
        Some(Err(error)) => (
            format!("does not answer: {error}"),
            is_silence(error).then(|| next_move::assess_without(region)),
        ),
    };
    show.line(format!("  {region}: {word}"));
    if let Some(without) = &next {
        show.line(format!("    next: where it is lost, {without}"));
    }
    show.value(&json!({ "region": region.as_str(), "answers": word, "next": next }));
}

/// What a failover to a region would be now; whether nothing is in its way.
async fn way(
    world: &World,
    target: &Region,
    lost: &BTreeSet<Region>,
    show: Show,
) -> Result<bool, Stop> {
    let order = Order {
        mode: Mode::Failover,
        target: target.clone(),
        lost: lost.clone(),
        lost_at: None,
        declared_at: None,
        actor: world.caller().await,
        consents: Vec::new(),
        resume: None,
    };
    let family = match preview_family(&world.around, &order, None).await {
        Ok(family) => family,
        Err(refusal) => {
            show.line(format!("failover to {target}: {}", refusal.message().seen));
            show.value(
                &json!({ "target": target.as_str(), "error": message_json(refusal.message()) }),
            );
            return Ok(false);
        }
    };
    show.line(format!("failover to {target}:"));
    let mut open = true;
    let steps = family.iter().flat_map(|member| {
        let steps = member.previews.iter();
        steps.map(move |(step, preview)| (member, step, preview))
    });
    for (member, own, preview) in steps {
        let step = &member.named(own);
        let Ok(preview) = preview else {
            open = false;
            let why = preview
                .as_ref()
                .err()
                .map(|message| message.seen.clone())
                .unwrap_or_default();
            show.line(format!("  {step}: {}", show.state(&why)));
            continue;
        };
        for gate in &preview.gates {
            if let Some(at_risk) = gate.at_risk {
                show.line(format!("  {step}: data at risk {}", duration_text(at_risk)));
            }
            let first = opened_by(&family, member, Mode::Failover, own, gate.gate);
            if let Some(first) = first.filter(|_| !gate.is_open()) {
                let what = gate.gate;
                show.line(format!(
                    "  {step}: gate {what}: closed until {first} is done"
                ));
            } else if !gate.is_open() {
                open = false;
                show.line(format!("  {step}: gate {gate}"));
                show.line(format!("    next: {}", gate.message.next));
            }
        }
        match &preview.intent {
            Intent::Act(act) if act.risk == recovery::risk::Risk::OneWay => {
                show.line(format!("  {step}: cannot be undone: {}", act.words));
            }
            Intent::Fail(message) => {
                open = false;
                show.line(format!("  {step}: would fail: {}", message.seen));
                show.line(format!("    next: {}", message.next));
            }
            _ => {}
        }
        let gates: Vec<_> = preview.gates.iter().map(gate_json).collect();
        show.value(&json!({ "target": target.as_str(), "step": step, "world": preview.world, "gates": gates }));
    }
    world.tell_prediction(Mode::Failover, show).await;
    let word = if open {
        "every gate is open, or opened by an earlier step"
    } else {
        "something is in its way"
    };
    show.line(format!("  {word}"));
    Ok(open)
}
