//! What may start now: a pure function of the document, the mode and how far each step is.
//!
//! A step starts when all that it comes after is over well enough: done, skipped by somebody, or failed where the
//! document says `on_failure = continue`. A gate's refusal always holds up what follows: it asks for a decision, and
//! nobody has made one. Steps outside of the mode are absent: what comes after them comes after what they came after.

use std::collections::BTreeMap;

use crate::document::{Document, OnFailure, StepEntry};
use crate::mode::Mode;

/// How far a step is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// It has not started.
    #[default]
    Waiting,
    /// It runs.
    Running,
    /// Its target state holds, proved.
    Done,
    /// It failed.
    Failed,
    /// Somebody decided that it is left out.
    Skipped,
    /// One of its gates refused.
    Refused,
    /// Its time was over.
    TimedOut,
}

impl StepState {
    /// Whether it neither runs nor is going to.
    pub fn is_over(self) -> bool {
        !matches!(self, StepState::Waiting | StepState::Running)
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            StepState::Waiting => "waiting",
            StepState::Running => "running",
            StepState::Done => "done",
            StepState::Failed => "failed",
            StepState::Skipped => "skipped",
            StepState::Refused => "refused",
            StepState::TimedOut => "timed out",
        }
    }
}

/// A step that cannot start any more, unless somebody retries or skips what holds it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The step.
    pub step: String,
    /// The steps that ended in a way that holds it up, directly or through others.
    pub because: Vec<String>,
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All that had to be done is done.
    Done,
    /// A gate refused, and nothing failed that matters.
    Refused,
    /// A step failed, or ran out of time, whose failure stops.
    Failed,
}

/// What is to be done about the steps of an execution now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// To be started now, in the order of the document; with those that run, never more than the document allows.
    pub start: Vec<String>,
    /// Ready, but as many as the document allows run already, or start now.
    pub queued: Vec<String>,
    /// What can never start.
    pub blocked: Vec<Blocked>,
    /// Failures that the document tolerates: reported, and nothing more.
    pub tolerated: Vec<String>,
    /// How the execution ended; `None` while something runs or can start.
    pub ending: Option<Ending>,
}

/// Schedules. Steps that `states` does not name are waiting; names that the mode does not run do not count.
pub fn schedule(document: &Document, mode: Mode, states: &BTreeMap<String, StepState>) -> Schedule {
    let graph = document.graph(mode);
    let state = |step: &StepEntry| states.get(&step.name).copied().unwrap_or_default();
    let steps: Vec<(&StepEntry, StepState)> = document
        .steps
        .iter()
        .map(|step| (step, state(step)))
        .collect();
    let here = |position: &usize| steps[*position].0.runs_in(mode);

    let order = graph.order();
    let blockers = blockers(&graph, &order, &steps);
    let settled = settled(&graph, &order, &steps);
    let running = (0..steps.len())
        .filter(here)
        .filter(|position| steps[*position].1 == StepState::Running)
        .count();
    let mut free = document.at_once.max(1).saturating_sub(running);
    let mut schedule = Schedule::default();
    for position in (0..steps.len()).filter(here) {
        let (step, state) = steps[position];
        if tolerated(step, state) {
            schedule.tolerated.push(step.name.clone());
        }
        if state != StepState::Waiting {
            continue;
        }
        // One that no order reaches is on a cycle, which no document that was read has.
        let because = if order.contains(&position) {
            names(&steps, &blockers[position])
        } else {
            vec![step.name.clone()]
        };
        let before = graph.after(position);
        if !because.is_empty() {
            let step = step.name.clone();
            schedule.blocked.push(Blocked { step, because });
        } else if before.iter().all(|other| settled[*other]) {
            if free == 0 {
                schedule.queued.push(step.name.clone());
            } else {
                free -= 1;
                schedule.start.push(step.name.clone());
            }
        }
    }
    if running == 0 && schedule.start.is_empty() {
        schedule.ending = Some(ending(steps.iter().filter(|(step, _)| step.runs_in(mode))));
    }
    schedule
}

fn names(steps: &[(&StepEntry, StepState)], positions: &[usize]) -> Vec<String> {
    let positions = positions.iter();
    positions
        .map(|position| steps[*position].0.name.clone())
        .collect()
}

fn tolerated(step: &StepEntry, state: StepState) -> bool {
    let failed = matches!(state, StepState::Failed | StepState::TimedOut);
    failed && step.on_failure == OnFailure::Continue
}

/// Whether what comes after a step that ended like this may not start.
fn holds_up(step: &StepEntry, state: StepState) -> bool {
    match state {
        StepState::Waiting | StepState::Running | StepState::Done | StepState::Skipped => false,
        StepState::Refused => true,
        StepState::Failed | StepState::TimedOut => step.on_failure == OnFailure::Stop,
    }
}

/// For each step whether it is over, and where somebody left it out, all that it comes after too: whoever skips a step
/// decides about that step, and not that what follows may overtake what came before.
fn settled(
    graph: &crate::graph::Graph,
    order: &[usize],
    steps: &[(&StepEntry, StepState)],
) -> Vec<bool> {
    let mut settled = vec![false; steps.len()];
    for position in order {
        let state = steps[*position].1;
        let mut before = graph.after(*position).iter();
        settled[*position] =
            state.is_over() && (state != StepState::Skipped || before.all(|other| settled[*other]));
    }
    settled
}

/// For each step the ended ones that hold it up, directly or through steps that wait.
fn blockers(
    graph: &crate::graph::Graph,
    order: &[usize],
    steps: &[(&StepEntry, StepState)],
) -> Vec<Vec<usize>> {
    let mut blockers: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for position in order {
        let mut because = Vec::new();
        for other in graph.after(*position) {
            let (step, state) = steps[*other];
            if holds_up(step, state) {
                because.push(*other);
            } else if matches!(state, StepState::Waiting | StepState::Skipped) {
                because.extend(&blockers[*other]);
            }
        }
        because.sort_unstable();
        because.dedup();
        blockers[*position] = because;
    }
    blockers
}

fn ending<'a>(steps: impl Iterator<Item = &'a (&'a StepEntry, StepState)>) -> Ending {
    let mut ending = Ending::Done;
    for (step, state) in steps {
        match state {
            StepState::Refused if ending == Ending::Done => ending = Ending::Refused,
            StepState::Failed | StepState::TimedOut if holds_up(step, *state) => {
                ending = Ending::Failed;
            }
            // Nothing waits without being held up, unless it is on a cycle.
            StepState::Waiting if ending == Ending::Done => ending = Ending::Failed,
            _ => {}
        }
    }
    ending
}

#[cfg(test)]
mod tests;
