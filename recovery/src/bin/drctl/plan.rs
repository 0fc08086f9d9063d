//! `drctl plan`: validate, check, prove, show, publish, and the reference of steps.

use std::collections::BTreeSet;

use aws::Region;
use recovery::document::Document;
use recovery::engine::outlook::{in_the_way_of, opened_by};
use recovery::engine::{Order, Surroundings, preview_family};
use recovery::gate::GateResult;
use recovery::message::Message;
use recovery::plan_step::{Intent, Preview};
use recovery::prove::{Proof, Subject, Weight, prove};
use recovery::steps::{KINDS, kind};
use recovery::{publication, reference};
use serde_json::{Value, json};

use crate::args::{Common, PlanCheck, PlanCommand, PlanFile, PlanProve, PlanPublish};
use crate::children::Family;
use crate::run::order;
use crate::show::{Exit, Show, Stop, message_json};
use crate::world::{World, document, document_and_warnings};

pub(crate) async fn run(command: &PlanCommand, common: &Common, show: Show) -> Result<Exit, Stop> {
    match command {
        PlanCommand::Validate(plan) => validate(plan, show),
        PlanCommand::Check(command) => check(command, common, show).await,
        PlanCommand::Prove(command) => proved(command, show),
        PlanCommand::Show(plan) => shown(plan, show),
        PlanCommand::Publish(command) => publish(command, common, show).await,
        PlanCommand::Steps { kind } => steps(kind.as_deref(), show),
    }
}

fn validate(plan: &PlanFile, show: Show) -> Result<Exit, Stop> {
    let (document, warnings) = document_and_warnings(&plan.file, show)?;
    let digest = digest(&document)?;
    let warnings = warnings.iter();
    let warnings: Vec<Value> = warnings
        .map(|it| json!({ "path": it.path, "message": message_json(&it.message) }))
        .collect();
    show.value(&json!({
        "plan": document.name, "digest": digest, "steps": document.steps.len(), "valid": true, "warnings": warnings,
    }));
    let wrong = match warnings.len() {
        0 => "nothing is wrong with it".to_owned(),
        1 => "nothing is refused, 1 warning".to_owned(),
        count => format!("nothing is refused, {count} warnings"),
    };
    show.line(format!(
        "{}: {} steps in {} regions, {wrong}",
        document.name,
        document.steps.len(),
        document.regions.len()
    ));
    show.line(format!("digest {digest}"));
    Ok(Exit::Done)
}

fn digest(document: &Document) -> Result<String, Stop> {
    document
        .digest()
        .map_err(|error| Stop::usage(Message::new(error.to_string(), "whole numbers", "")))
}

fn shown(plan: &PlanFile, show: Show) -> Result<Exit, Stop> {
    let document = document(&plan.file, show)?;
    let digest = digest(&document)?;
    let canonical = document.canonical();
    let canonical = canonical
        .map_err(|error| Stop::usage(Message::new(error.to_string(), "whole numbers", "")))?;
    Show::text(&format!("{canonical}\n"));
    show.note(format!("digest {digest}"));
    Ok(Exit::Done)
}

fn steps(named: Option<&str>, show: Show) -> Result<Exit, Stop> {
    match named {
        None => {
            for kind in KINDS {
                let first = kind
                    .doc()
                    .split_once(". ")
                    .map_or(kind.doc(), |(first, _)| first);
                show.line(format!("{:<30} {first}", kind.name()));
                show.value(
                    &json!({ "kind": kind.name(), "doc": kind.doc(), "one_way": kind.one_way() }),
                );
            }
        }
        Some(name) => {
            let found = kind(name).ok_or_else(|| {
                let known: Vec<&str> = KINDS.iter().map(|kind| kind.name()).collect();
                Stop::usage(Message::new(
                    format!("no kind of step is called {name}"),
                    known.join(", "),
                    "drctl plan steps lists them",
                ))
            })?;
            let page = reference::page(found);
            if show.json {
                show.value(&json!({ "kind": name, "doc": found.doc(), "one_way": found.one_way(), "page": page }));
            } else {
                Show::text(&page);
            }
        }
    }
    Ok(Exit::Done)
}

fn proved(command: &PlanProve, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let regions = match &command.lost {
        Some(region) if document.regions.contains(region) => vec![region.clone()],
        Some(region) => {
            let known: Vec<&str> = document.regions.iter().map(Region::as_str).collect();
            return Err(Stop::usage(Message::new(
                format!("{region} is no region of the plan"),
                known.join(", "),
                "name one of them",
            )));
        }
        None => document.regions.clone(),
    };
    let mut all = true;
    for region in &regions {
        let proof = prove(&document, region);
        all &= proof.is_proven();
        tell_proof(&proof, show);
    }
    Ok(if all { Exit::Done } else { Exit::Failed })
}

fn tell_proof(proof: &Proof, show: Show) {
    for case in &proof.cases {
        let word = if case.is_proven() {
            "proven"
        } else {
            "not proven"
        };
        show.line(format!(
            "{} lost, {} becomes active: {}",
            proof.lost,
            case.target,
            show.state(word)
        ));
        let mut findings = Vec::new();
        for finding in &case.findings {
            let weight = match finding.weight {
                Weight::Breaks => "breaks",
                Weight::Unknown => "unknown",
                Weight::Note => "note",
            };
            let subject = match &finding.subject {
                Subject::Step(step) => format!("step {step}"),
                Subject::Store(region) => format!("the store in {region}"),
                Subject::Probe(probe) => format!("probe {probe}"),
                Subject::Plan => "the plan".to_owned(),
            };
            show.line(format!("  {weight}: {subject}: {}", finding.message.seen));
            if finding.weight != Weight::Note && !finding.message.next.is_empty() {
                show.line(format!("    next: {}", finding.message.next));
            }
            findings.push(json!({ "weight": weight, "subject": subject, "message": message_json(&finding.message) }));
        }
        show.value(&json!({ "lost": proof.lost.as_str(), "target": case.target.as_str(), "proven": case.is_proven(), "findings": findings }));
    }
}

async fn publish(command: &PlanPublish, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let canonical = document
        .canonical()
        .map_err(|error| Stop::usage(Message::new(error.to_string(), "whole numbers", "")))?;
    let lost: BTreeSet<Region> = command.lost.iter().cloned().collect();
    let world = World::open(document, &lost, common, None)?;
    world.refuse_unfit_stores().await?;
    let (stores, name) = (&world.around.stores, &world.around.document.name);
    let by = world.caller().await;
    let family = Family::read(&command.plan.children, common, None, show)?;
    let mut stale = family.publish(&world, &by).await?;
    let own = publication::publish(stores, name, canonical.as_bytes(), &by).await;
    stale.extend(own.map_err(Stop::failed)?);
    show.line(format!("published {name}, digest {}", world.around.digest));
    for store in &stale {
        show.note(format!(
            "not in {}: {}; publish again when it answers",
            store.region, store.why
        ));
    }
    let silent: Vec<&str> = stale.iter().map(|store| store.region.as_str()).collect();
    show.value(&json!({ "plan": name, "digest": world.around.digest, "stale_stores": silent }));
    Ok(Exit::Done)
}

async fn check(command: &PlanCheck, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let lost: BTreeSet<Region> = command.way.lost.iter().cloned().collect();
    let mut world = World::open(document, &lost, common, None)?;
    let family = Family::read(&command.plan.children, common, None, show)?;
    family.join(&mut world, &command.way.target).await?;
    let order = order(&command.way, &world, None).await?;
    show.line(format!(
        "{} to {} now, were it run; nothing is changed",
        order.mode, order.target
    ));
    let closed = previewed(&world.around, &order, show).await?;
    world.tell_prediction(order.mode, show).await;
    Ok(if closed { Exit::Refused } else { Exit::Done })
}

/// Tells what every step would do, and then those of the plans that it runs; whether something is in the way.
async fn previewed(around: &Surroundings, order: &Order, show: Show) -> Result<bool, Stop> {
    let mode = order.mode;
    let family = preview_family(around, order, None).await;
    let family = family.map_err(|refusal| Stop::usage(refusal.message().clone()))?;
    let mut closed = !in_the_way_of(&family, mode).is_empty();
    for member in &family {
        for (step, preview) in &member.previews {
            let later = |gate: &GateResult| opened_by(&family, member, mode, step, gate.gate);
            closed |= tell_preview(&member.named(step), preview, later, show);
        }
    }
    Ok(closed)
}

/// Tells what a step would do; whether it would fail.
fn tell_preview(
    step: &str,
    preview: &Result<Preview, Message>,
    later: impl Fn(&GateResult) -> Option<String>,
    show: Show,
) -> bool {
    let preview = match preview {
        Ok(preview) => preview,
        Err(message) => {
            show.line(format!(
                "  {step}: {}: {}",
                show.state("unknown"),
                message.seen
            ));
            show.value(&json!({ "step": step, "error": message_json(message) }));
            return true;
        }
    };
    let (word, what) = match &preview.intent {
        Intent::Nothing => ("done", "nothing to do".to_owned()),
        Intent::Wait(reason) => ("waits", reason.clone()),
        Intent::Act(act) => ("acts", format!("{} ({})", act.words, act.risk)),
        Intent::Fail(message) => ("failed", message.seen.clone()),
    };
    show.line(format!("  {step}: {}: {what}", show.state(word)));
    show.line(format!("    now: {}", preview.world));
    for gate in &preview.gates {
        show.line(format!("    gate {gate}"));
        if let Some(opener) = later(gate).filter(|_| !gate.is_open()) {
            show.line(format!(
                "      {opener} comes first, and then it is asked again"
            ));
        }
    }
    for warning in &preview.warnings {
        show.line(format!("    note: {warning}"));
    }
    show.value(&json!({
        "step": step, "intent": word, "what": what, "world": preview.world,
        "gates": preview.gates.iter().map(gate_json).collect::<Vec<_>>(), "warnings": preview.warnings,
    }));
    word == "failed"
}

pub(crate) fn gate_json(gate: &GateResult) -> Value {
    json!({
        "gate": gate.gate.to_string(), "open": gate.is_open(), "message": message_json(&gate.message),
        "at_risk_seconds": gate.at_risk.map(|at_risk| at_risk.as_secs_f64().ceil()),
    })
}
