//! From the entries of a journal to evidence; pure.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::events::{Told, gate_of};
use super::summary::{Given, summary};
use super::{
    ActEvidence, Aftermath, ChainEvidence, ClosureEvidence, ConsentEvidence, Evidence, FORMAT,
    GateEvidence, StepEvidence, TierEvidence,
};
use crate::canonical;
use crate::document::Document;
use crate::journal::{Entry, GateNote, Note, Phase, Raw, Verification};
use crate::message::region_list;
use crate::mode::Mode;
use crate::next_move;

/// The evidence of an execution, from its journal, what its verification said, and what became of the old writers that
/// it left unfenced.
pub fn gather(
    document: &Document,
    execution: &str,
    entries: &[Raw],
    verification: &Verification,
    aftermath: &Aftermath,
) -> Evidence {
    let read = entries.iter();
    let read: Vec<Entry> = read
        .filter_map(|raw| canonical::read(&raw.bytes).ok())
        .collect();
    let mut gathering = Gathering::new(document, execution);
    for entry in &read {
        gathering.take(entry);
    }
    let Gathering {
        mut evidence,
        steps,
        told,
        few_steps,
    } = gathering;
    let declared = evidence.declared_at.parse::<Timestamp>().ok();
    evidence.steps = steps_of(document, &evidence.mode, declared, &steps);
    evidence.tiers = tiers(document, &evidence.steps);
    let active_at = told.first_done.get(&document.authority).cloned();
    evidence.refusals = told.refusals;
    evidence.runs = told.runs;
    evidence.events = told.events;
    for event in &mut evidence.events {
        event.seconds = offset(declared, Some(&event.at));
    }
    close(&mut evidence, aftermath);
    evidence.chain = chain(entries, verification);
    evidence.intact = evidence.chain.problems.is_empty();
    let given = Given {
        active_at: active_at.as_deref(),
        few_steps,
    };
    evidence.summary = summary(&evidence, &given);
    evidence
}

/// The steps of the mode in the plan's order, begun or not.
fn steps_of(
    document: &Document,
    mode: &str,
    declared: Option<Timestamp>,
    begun: &BTreeMap<String, StepEvidence>,
) -> Vec<StepEvidence> {
    let mode = Mode::parse(mode);
    let entries = document.steps.iter();
    let entries = entries.filter(|entry| mode.is_none_or(|mode| entry.runs_in(mode)));
    let steps = entries.map(|entry| {
        let mut step = begun.get(&entry.name).cloned().unwrap_or_default();
        step.step.clone_from(&entry.name);
        entry.kind.name().clone_into(&mut step.kind);
        step.tier.clone_from(&entry.tier);
        if step.standing.is_empty() {
            "waiting".clone_into(&mut step.standing);
        }
        step.began_seconds = offset(declared, step.began_at.as_deref());
        step.ended_seconds = offset(declared, step.ended_at.as_deref());
        step
    });
    steps.collect()
}

/// What later executions closed is no longer open.
fn close(evidence: &mut Evidence, aftermath: &Aftermath) {
    let closures = aftermath.closures.iter();
    evidence.closed_by = closures.map(ClosureEvidence::from).collect();
    if let Some(why) = &aftermath.unknown {
        let line = format!("whether a later execution fenced the old writer is not known: {why}");
        evidence.open.push(line);
    } else if !evidence.closed_by.is_empty() {
        evidence.open.clear();
        if !aftermath.open.is_empty() {
            evidence.open.push(format!(
                "nobody has proved that the old writer in {} accepts no writes: {} when it is back",
                region_list(&aftermath.open),
                next_move::fence()
            ));
        }
    }
}

fn chain(entries: &[Raw], verification: &Verification) -> ChainEvidence {
    let problems = verification.problems.iter();
    ChainEvidence {
        entries: u64::try_from(entries.len()).unwrap_or(u64::MAX),
        head: entries
            .last()
            .map(|raw| canonical::hash(&raw.bytes))
            .unwrap_or_default(),
        problems: problems.map(ToString::to_string).collect(),
        limits: verification.cannot_tell.clone(),
    }
}

struct Gathering {
    evidence: Evidence,
    steps: BTreeMap<String, StepEvidence>,
    told: Told,
    /// Whether it is about a few steps only.
    few_steps: bool,
}

/// When an entry was written.
pub(super) fn moment(entry: &Entry) -> Option<String> {
    entry.time.map(|time| time.to_string())
}

fn offset(declared: Option<Timestamp>, at: Option<&str>) -> Option<i64> {
    let at: Timestamp = at?.parse().ok()?;
    Some(at.duration_since(declared?).as_secs())
}

impl Gathering {
    fn new(document: &Document, execution: &str) -> Self {
        Gathering {
            evidence: Evidence {
                format: FORMAT,
                execution: execution.to_owned(),
                plan: document.name.clone(),
                ..Evidence::default()
            },
            steps: BTreeMap::new(),
            told: Told::default(),
            few_steps: false,
        }
    }

    fn take(&mut self, entry: &Entry) {
        let note = &entry.note;
        self.declaration(entry);
        for consent in &note.consents {
            let consent = ConsentEvidence {
                risk: consent.risk.clone(),
                gate: gate_of(&consent.risk).to_string(),
                up_to_seconds: consent.up_to_millis.map(|millis| millis.div_ceil(1000)),
                step: consent.step.clone(),
                by: consent.by.clone(),
                reason: consent.reason.clone(),
                until: consent.until.to_string(),
            };
            if !self.evidence.consents.contains(&consent) {
                self.evidence.consents.push(consent);
            }
        }
        self.told.take(entry);
        match note.phase {
            Phase::Epoch => self.evidence.epoch = note.epoch,
            Phase::Ended => {
                self.evidence.end.clone_from(&note.outcome);
                self.evidence.ended_at = moment(entry);
            }
            // Whoever goes on has not ended.
            Phase::Resumed => {
                self.evidence.end = None;
                self.evidence.ended_at = None;
            }
            _ => {}
        }
        if let Some(step) = &note.step {
            let known = self.steps.entry(step.clone()).or_default();
            take_step(known, entry);
            if note.decision.as_deref() == Some(crate::engine::UNFENCED) {
                let line = format!(
                    "{step} is done, and nobody has proved that the old writer accepts no writes: fence it when its region is back, or run a reprotect"
                );
                if !self.evidence.open.contains(&line) {
                    self.evidence.open.push(line);
                }
            }
        }
    }

    fn declaration(&mut self, entry: &Entry) {
        let Some(declaration) = &entry.note.declaration else {
            return;
        };
        let evidence = &mut self.evidence;
        if evidence.declared_at.is_empty() {
            evidence.began_at = moment(entry).unwrap_or_default();
        }
        evidence.declared_at = declaration.declared_at.to_string();
        evidence.digest.clone_from(&declaration.digest);
        evidence.mode.clone_from(&declaration.mode);
        evidence.target.clone_from(&declaration.target);
        evidence.from.clone_from(&declaration.from);
        evidence.lost.clone_from(&declaration.lost);
        evidence.lost_at = declaration.lost_at.map(|at| at.to_string());
        // Who ordered it, and not who went on with it.
        if evidence.actor.is_empty() {
            evidence.actor = entry.note.actor.clone().unwrap_or_default();
        }
        self.few_steps = !declaration.only.is_empty();
    }
}

fn take_step(step: &mut StepEvidence, entry: &Entry) {
    let note = &entry.note;
    if step.began_at.is_none() {
        step.began_at = moment(entry);
    }
    if !note.gates.is_empty() {
        step.gates = note.gates.iter().map(gate).collect();
    }
    if let Some(observed) = &note.observed {
        step.world = Some(observed.line.clone());
    }
    match note.phase {
        Phase::Waiting => "running".clone_into(&mut step.standing),
        Phase::Performing => step.acts.push(ActEvidence {
            at: moment(entry).unwrap_or_default(),
            words: note.operation.clone().unwrap_or_default(),
            risk: note.decision.clone().unwrap_or_default(),
            answer: None,
        }),
        Phase::Answered => answered(step, note),
        phase if phase.ends_step() => {
            word(phase).clone_into(&mut step.standing);
            step.ended_at = moment(entry);
            step.message = note.outcome.clone().filter(|_| phase != Phase::Done);
        }
        _ => {}
    }
}

fn answered(step: &mut StepEvidence, note: &Note) {
    let mut open = step.acts.iter_mut().rev();
    let words = note.operation.as_deref();
    if let Some(act) = open.find(|act| act.answer.is_none() && Some(act.words.as_str()) == words) {
        act.answer.clone_from(&note.outcome);
    }
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Done => "done",
        Phase::Refused => "refused",
        Phase::Failed => "failed",
        Phase::TimedOut => "timed_out",
        Phase::Skipped => "skipped",
        _ => "interrupted",
    }
}

fn gate(note: &GateNote) -> GateEvidence {
    GateEvidence {
        gate: note.gate.clone(),
        verdict: note.verdict.clone(),
        seen: note.seen.clone(),
        expected: note.expected.clone(),
        at_risk_seconds: note.at_risk_millis.map(|millis| millis.div_ceil(1000)),
    }
}

/// What was promised beside what came of it. A tier's time counts when all of its steps are verified.
fn tiers(document: &Document, steps: &[StepEvidence]) -> Vec<TierEvidence> {
    let evidence = document.tiers.iter().filter_map(|(name, objective)| {
        let own: Vec<&StepEvidence> = steps
            .iter()
            .filter(|step| step.tier.as_ref() == Some(name))
            .collect();
        if own.is_empty() {
            return None;
        }
        let all_done = own.iter().all(|step| step.standing == "done");
        let last = own.iter().filter_map(|step| step.ended_seconds).max();
        let measured = last
            .filter(|_| all_done)
            .and_then(|last| u64::try_from(last).ok());
        let at_risk = own.iter().flat_map(|step| &step.gates);
        Some(TierEvidence {
            tier: name.clone(),
            rto_objective_seconds: objective.rto.as_secs(),
            rto_measured_seconds: measured,
            rpo_objective_seconds: objective.rpo.as_secs(),
            rpo_measured_seconds: at_risk.filter_map(|gate| gate.at_risk_seconds).max(),
        })
    });
    evidence.collect()
}
