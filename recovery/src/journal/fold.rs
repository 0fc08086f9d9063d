//! What a journal comes to; pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws::Region;
use jiff::Timestamp;

use super::Raw;
use super::entry::{ConsentNote, Declaration, Entry, GateNote, Note, Phase, TakeoverNote};
use super::verify::{Problem, check_chain};
use crate::canonical;
use crate::command::Order;
use crate::consent::PlanConsent;
use crate::kind::PastAct;
use crate::message::Message;
use crate::mode::Mode;
use crate::next_move;

/// A step as the journal left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepState {
    /// The phase of its last entry.
    pub phase: Phase,
    /// The outcome of its last entry that had one.
    pub outcome: Option<String>,
    /// What was last observed, in a line.
    pub observed: Option<String>,
    /// The gates as they were last asked.
    pub gates: Vec<GateNote>,
    /// How long it took, where its end says so.
    pub duration: Option<Duration>,
    /// When its first entry was written.
    pub started: Option<Timestamp>,
    /// When its last end was written.
    pub ended: Option<Timestamp>,
    /// The operations that were sent, in order.
    pub operations: Vec<String>,
    /// In how many runs it began, retries counted.
    pub begun: usize,
}

/// What an execution is and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What it is; `None` while nothing was written.
    pub declared: Option<Declared>,
    /// Who runs it, by the newest run.
    pub actor: Option<String>,
    /// How many runs there were.
    pub runs: usize,
    /// What was accepted.
    pub consents: Vec<PlanConsent>,
    /// The steps that have entries.
    pub steps: BTreeMap<String, StepState>,
    /// Acts that cannot be observed, by step: with their answers, or without one.
    pub acts: BTreeMap<String, Vec<PastAct>>,
    /// Takeovers of the lock.
    pub takeovers: Vec<TakeoverNote>,
    /// Ids of the commands that were obeyed.
    pub obeyed: BTreeSet<String>,
    /// Whether nothing new is started until it is resumed.
    pub paused: bool,
    /// The epoch that was completed and written.
    pub completed_epoch: Option<u64>,
    /// Who ordered its end, where a run obeyed and did not come to write it.
    pub ending: Option<String>,
    /// How it ended, and when.
    pub ended: Option<(String, Option<Timestamp>)>,
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last entry.
    pub head: Option<String>,
}

/// What an execution is, as its first entry and the newest run say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The plan's name.
    pub plan: String,
    /// The plan's digest.
    pub digest: String,
    /// The mode.
    pub mode: Mode,
    /// The region that becomes active.
    pub target: Region,
    /// The region that was active.
    pub from: Option<Region>,
    /// Regions that are declared lost, by the newest run.
    pub lost: BTreeSet<Region>,
    /// When it was declared.
    pub declared_at: Timestamp,
    /// When the lost region was lost.
    pub lost_at: Option<Timestamp>,
    /// When the region that is left was last seen serving.
    pub last_seen: Option<Timestamp>,
    /// The epoch that it completes.
    pub epoch: u64,
    /// Regions whose stores hold no part of the lock, by the newest run.
    pub lost_stores: BTreeSet<Region>,
    /// The steps that it is about; empty for all that the mode runs.
    pub only: Vec<String>,
}

impl State {
    /// What earlier runs did in a step that cannot be observed.
    pub fn past(&self, step: &str) -> Vec<PastAct> {
        self.acts.get(step).cloned().unwrap_or_default()
    }

    /// Acts that cannot be observed and that no answer was written for.
    pub fn unanswered(&self) -> impl Iterator<Item = (&str, &PastAct)> {
        self.acts.iter().flat_map(|(step, acts)| {
            let open = acts.iter().filter(|act| act.answer.is_none());
            open.map(move |act| (step.as_str(), act))
        })
    }
}

/// Folds the entries of an execution.
///
/// # Errors
/// When they are no whole chain, or one of them cannot be read.
pub fn fold(execution: &str, entries: &[Raw]) -> Result<State, Message> {
    if let Some(problem) = check_chain(execution, entries).into_iter().next() {
        return Err(broken(execution, &problem));
    }
    let mut state = State::default();
    for raw in entries {
        let unreadable = |why: String| {
            broken(
                execution,
                &Problem::Unreadable {
                    number: raw.number,
                    why,
                },
            )
        };
        let entry: Entry = canonical::read(&raw.bytes).map_err(unreadable)?;
        state.take(&entry).map_err(unreadable)?;
        state.entries = raw.number;
        state.head = Some(canonical::hash(&raw.bytes));
    }
    Ok(state)
}

fn broken(execution: &str, problem: &Problem) -> Message {
    Message::new(
        format!("the journal of execution {execution} is broken: {problem}"),
        "entries 1, 2, 3 … that follow from each other",
        format!(
            "{} compares it with the copies in other regions; a new execution starts from what is seen",
            next_move::verify(execution)
        ),
    )
}

impl State {
    fn take(&mut self, entry: &Entry) -> Result<(), String> {
        let note = &entry.note;
        if let Some(declaration) = &note.declaration {
            self.declare(declaration, note)?;
        }
        let consents = note.consents.iter().filter_map(ConsentNote::consent);
        self.consents.extend(consents);
        self.takeovers.extend(note.takeover.clone());
        if let Some(command) = &note.command {
            self.obeyed.insert(command.id.clone());
            if note.phase == Phase::Obeyed && command.order == Order::Abort.to_string() {
                self.ending = Some(command.by.clone());
            }
        }
        match note.phase {
            Phase::Paused => self.paused = true,
            Phase::Unpaused => self.paused = false,
            Phase::Epoch => self.completed_epoch = note.epoch.or(self.completed_epoch),
            Phase::Ended => {
                self.ending = None;
                let how = note.outcome.clone().unwrap_or_default();
                self.ended = Some((how, entry.time));
            }
            _ => {}
        }
        if let Some(step) = &note.step {
            self.take_act(step, note);
            self.take_step(step, entry);
        }
        Ok(())
    }

    fn declare(&mut self, declaration: &Declaration, note: &Note) -> Result<(), String> {
        let region = |name: &String| Region::new(name.clone()).map_err(|error| error.to_string());
        let mode = Mode::parse(&declaration.mode)
            .ok_or_else(|| format!("{:?} is no mode", declaration.mode))?;
        let regions = |names: &[String]| names.iter().map(region).collect::<Result<_, _>>();
        self.declared = Some(Declared {
            plan: declaration.plan.clone(),
            digest: declaration.digest.clone(),
            mode,
            target: region(&declaration.target)?,
            from: declaration.from.as_ref().map(region).transpose()?,
            lost: regions(&declaration.lost)?,
            // A later run repeats the beginning; only who goes on after an end may move it.
            declared_at: declaration.declared_at,
            lost_at: declaration.lost_at,
            last_seen: declaration.last_seen,
            epoch: declaration.epoch,
            lost_stores: regions(&declaration.lost_stores)?,
            only: declaration.only.clone(),
        });
        self.actor.clone_from(&note.actor);
        self.runs += 1;
        self.ended = None;
        Ok(())
    }

    fn take_act(&mut self, step: &str, note: &Note) {
        let Some(key) = &note.key else {
            return;
        };
        let acts = self.acts.entry(step.to_owned()).or_default();
        match note.phase {
            Phase::Performing => acts.push(PastAct {
                key: key.clone(),
                answer: None,
            }),
            Phase::Answered => {
                let open = acts.iter_mut().rev();
                let mut open = open.filter(|act| act.key == *key && act.answer.is_none());
                if let Some(act) = open.next() {
                    act.answer = Some(note.outcome.clone().unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    fn take_step(&mut self, step: &str, entry: &Entry) {
        let note = &entry.note;
        let state = self.steps.entry(step.to_owned());
        let state = state.or_insert_with(|| StepState {
            phase: note.phase,
            outcome: None,
            observed: None,
            gates: Vec::new(),
            duration: None,
            started: entry.time,
            ended: None,
            operations: Vec::new(),
            begun: 0,
        });
        state.begun += usize::from(note.phase == Phase::Waiting);
        // What people say about a step does not move it.
        let told = matches!(note.phase, Phase::Obeyed | Phase::Consented | Phase::Remark);
        // Skipped while its end was written down: the person's word counts, unless it was done all the same.
        let skipped = state.phase == Phase::Skipped && note.phase.ends_step();
        let stays_skipped = skipped && note.phase != Phase::Done;
        if !(told || stays_skipped) {
            state.phase = note.phase;
        }
        if note.outcome.is_some() {
            state.outcome.clone_from(&note.outcome);
        }
        if let Some(observed) = &note.observed {
            state.observed = Some(observed.line.clone());
        }
        if !note.gates.is_empty() {
            state.gates.clone_from(&note.gates);
        }
        if note.phase == Phase::Performing {
            state.operations.extend(note.operation.clone());
        }
        if note.phase.ends_step() {
            state.duration = note.duration_millis.map(Duration::from_millis);
            state.ended = entry.time;
        }
    }
}
