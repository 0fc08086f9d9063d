//! The RTO that a plan will take, by tier, before the day: what its steps took in earlier executions, or what their
//! kinds usually take, put together by who comes after whom and how many run at once.
//!
//! The figure is the time from the start of the execution to the end of the tier's last step. Whatever an operator
//! needs to decide comes on top. The p95 adds up the p95 of every step on the way, which is more than the p95 of the
//! whole: it errs towards too long.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::document::{Document, Problem, Warning};
use crate::graph::Graph;
use crate::journal::{Phase, State};
use crate::message::{Message, duration_text};
use crate::mode::Mode;
use crate::outcome::Outcome;

/// How long steps took in earlier executions, by name of the step.
pub type History = BTreeMap<String, Vec<Duration>>;

/// What executions of a mode tell about how long steps take. Pure.
///
/// Counted is what a step took that was begun once and did something: one that was gone on with by another run took
/// longer than its journal says, and one whose target state held already took nothing.
pub fn history<'a>(executions: impl IntoIterator<Item = &'a State>, mode: Mode) -> History {
    let mut history = History::new();
    let of_mode = executions.into_iter().filter(|state| {
        let declared = state.declared.as_ref();
        declared.is_some_and(|declared| declared.mode == mode)
    });
    for (name, step) in of_mode.flat_map(|state| &state.steps) {
        let whole = step.phase == Phase::Done && step.begun == 1;
        let acted = step.outcome.as_deref() == Some(Outcome::Done.name());
        if let Some(took) = step.duration.filter(|_| whole && acted) {
            history.entry(name.clone()).or_default().push(took);
        }
    }
    history
}

/// What a duration rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// So many earlier executions.
    Measured(usize),
    /// The usual duration that the step's kind declares; nobody has measured this step.
    Declared,
}

/// How long a step takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepDuration {
    /// Half of the executions took no longer.
    pub p50: Duration,
    /// 95 of a hundred took no longer; the longest of fewer than twenty.
    pub p95: Duration,
    /// What that rests on.
    pub basis: Basis,
}

/// A step on the way that decides a tier's RTO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnTheWay {
    /// The step.
    pub step: String,
    /// When it starts, counted from the start of the execution, at p95.
    pub starts: Duration,
    /// How long it takes.
    pub takes: StepDuration,
    /// Whether it could start earlier if more steps ran at once.
    pub queued: bool,
}

/// What is predicted for a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierPrediction {
    /// The tier.
    pub tier: String,
    /// The RTO that is promised.
    pub rto: Duration,
    /// The predicted RTO: typical, and in a bad case. `None` when no step of the tier runs in the mode: then there is
    /// nothing to predict from.
    pub predicted: Option<Predicted>,
}

/// A predicted RTO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicted {
    /// With every step at its p50.
    pub p50: Duration,
    /// With every step at its p95.
    pub p95: Duration,
    /// The way that decides the p95.
    pub way: Vec<OnTheWay>,
    /// Whether a duration on it is only declared.
    pub declared: bool,
}

/// What is predicted for a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The mode.
    pub mode: Mode,
    /// By tier, in the order of names.
    pub tiers: Vec<TierPrediction>,
    /// By step that the mode runs, in the order of the document.
    pub steps: Vec<(String, StepDuration)>,
}

/// Predicts.
pub fn predict(document: &Document, mode: Mode, history: &History) -> Prediction {
    let graph = document.graph(mode);
    let durations: Vec<StepDuration> = document
        .steps
        .iter()
        .map(|step| {
            let usual = step.kind.usual_duration();
            let waits = step.kind.waits(&step.arguments);
            duration_of(history.get(&step.name), usual, waits)
        })
        .collect();
    let present: Vec<usize> = document
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.runs_in(mode))
        .map(|(position, _)| position)
        .collect();
    let at = |pick: fn(&StepDuration) -> Duration| {
        let takes: Vec<Duration> = durations.iter().map(pick).collect();
        timeline(&graph, &present, &takes, document.at_once.max(1))
    };
    let (typical, bad) = (at(|step| step.p50), at(|step| step.p95));
    let tiers = document.tiers.iter().map(|(tier, objective)| {
        let steps = present.iter().copied();
        let of_tier = steps.filter(|step| document.steps[*step].tier.as_ref() == Some(tier));
        let ends: Vec<usize> = of_tier.collect();
        let last = |slots: &[Slot]| ends.iter().copied().max_by_key(|step| slots[*step].ends);
        let predicted = last(&bad).zip(last(&typical)).map(|(end, typical_end)| {
            let way = way(document, &bad, &durations, end);
            Predicted {
                p50: typical[typical_end].ends,
                p95: bad[end].ends,
                declared: way.iter().any(|step| step.takes.basis == Basis::Declared),
                way,
            }
        });
        TierPrediction {
            tier: tier.clone(),
            rto: objective.rto,
            predicted,
        }
    });
    Prediction {
        mode,
        tiers: tiers.collect(),
        steps: present
            .iter()
            .map(|step| (document.steps[*step].name.clone(), durations[*step]))
            .collect(),
    }
}

/// What a step takes; never less than it waits on purpose.
fn duration_of(samples: Option<&Vec<Duration>>, usual: Duration, waits: Duration) -> StepDuration {
    let mut samples = samples.cloned().unwrap_or_default();
    samples.sort_unstable();
    let (p50, p95, basis) = match (rank(&samples, 50), rank(&samples, 95)) {
        (Some(p50), Some(p95)) => (p50, p95, Basis::Measured(samples.len())),
        _ => (usual, usual, Basis::Declared),
    };
    StepDuration {
        p50: p50.max(waits),
        p95: p95.max(waits),
        basis,
    }
}

/// The percentile of sorted samples, by nearest rank.
fn rank(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// When a step starts and ends, and the step whose end let it start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    starts: Duration,
    ends: Duration,
    behind: Option<usize>,
    queued: bool,
}

/// Plays the execution through as [`crate::schedule`] would start it, every step taking what it takes.
fn timeline(graph: &Graph, present: &[usize], takes: &[Duration], at_once: usize) -> Vec<Slot> {
    let mut slots = vec![Slot::default(); graph.len()];
    let followers = graph.followers();
    let mut missing: Vec<usize> = (0..graph.len())
        .map(|step| graph.after(step).len())
        .collect();
    let steps = present.iter().copied();
    let mut ready: BTreeSet<usize> = steps.filter(|step| missing[*step] == 0).collect();
    let mut running: BTreeSet<(Duration, usize)> = BTreeSet::new();
    let mut now = Duration::ZERO;
    let mut freed = None;
    loop {
        while running.len() < at_once
            && let Some(step) = ready.pop_first()
        {
            let before = graph.after(step).iter().copied();
            let last = before.max_by_key(|other| slots[*other].ends);
            let queued = last.map_or(Duration::ZERO, |other| slots[other].ends) < now;
            let ends = now.saturating_add(takes[step]);
            slots[step] = Slot {
                starts: now,
                ends,
                behind: if queued { freed } else { last },
                queued,
            };
            running.insert((ends, step));
        }
        let Some((ends, step)) = running.pop_first() else {
            return slots;
        };
        now = ends;
        freed = Some(step);
        for follower in &followers[step] {
            missing[*follower] -= 1;
            if missing[*follower] == 0 {
                ready.insert(*follower);
            }
        }
    }
}

fn way(
    document: &Document,
    slots: &[Slot],
    durations: &[StepDuration],
    end: usize,
) -> Vec<OnTheWay> {
    let mut way = Vec::new();
    let mut next = Some(end);
    while let Some(step) = next {
        let slot = slots[step];
        way.push(OnTheWay {
            step: document.steps[step].name.clone(),
            starts: slot.starts,
            takes: durations[step],
            queued: slot.queued,
        });
        next = slot.behind;
    }
    way.reverse();
    way
}

impl TierPrediction {
    /// Whether the objective is met even in a bad case; `None` when nothing could be predicted.
    pub fn is_met(&self) -> Option<bool> {
        Some(self.predicted.as_ref()?.p95 <= self.rto)
    }
}

impl Prediction {
    /// What to tell about it: what misses its objective is a warning, or a problem where the document requires that
    /// objectives are met; what could not be predicted is never silent.
    pub fn judge(&self, document: &Document) -> (Vec<Warning>, Vec<Problem>) {
        let (mut warnings, mut problems) = (Vec::new(), Vec::new());
        for tier in &self.tiers {
            let Some(message) = self.message(tier) else {
                continue;
            };
            let (path, place) = (format!("tiers.{}.rto", tier.tier), None);
            if document.require_rto {
                problems.push(Problem {
                    path,
                    place,
                    message,
                });
            } else {
                warnings.push(Warning {
                    path,
                    place,
                    message,
                });
            }
        }
        (warnings, problems)
    }

    fn message(&self, tier: &TierPrediction) -> Option<Message> {
        let expected = format!("at most the RTO of {}", duration_text(tier.rto));
        let Some(predicted) = &tier.predicted else {
            return Some(Message::new(
                format!(
                    "no step of this tier runs in {}: nothing to predict from",
                    self.mode
                ),
                expected,
                "give the tier to the steps whose end means that it serves again",
            ));
        };
        if predicted.p95 <= tier.rto {
            return None;
        }
        let steps: Vec<String> = predicted
            .way
            .iter()
            .filter(|step| !step.takes.p95.is_zero())
            .map(|step| {
                let basis = match step.takes.basis {
                    Basis::Measured(1) => "measured once".to_owned(),
                    Basis::Measured(count) => format!("measured {count} times"),
                    Basis::Declared => "declared".to_owned(),
                };
                let queued = if step.queued {
                    ", queued for a free slot"
                } else {
                    ""
                };
                format!(
                    "{} {} ({basis}{queued})",
                    step.step,
                    duration_text(step.takes.p95)
                )
            })
            .collect();
        Some(Message::new(
            format!(
                "a predicted RTO of {} (p95; p50 {}) in a {}: {}",
                duration_text(predicted.p95),
                duration_text(predicted.p50),
                self.mode,
                steps.join(", then ")
            ),
            expected,
            if predicted.declared {
                "run a switchover or a drill to measure what is only declared; else shorten the way, or promise a longer RTO"
            } else {
                "shorten the way (steps in parallel, capacity kept ready), or promise a longer RTO"
            },
        ))
    }
}

#[cfg(test)]
mod tests;
