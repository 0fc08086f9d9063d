//! What previews come to: how much is at risk, and what would be in the way of an execution; pure.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Member, runs_a_plan};
use crate::document::{Document, StepEntry};
use crate::gate::{Gate, GateResult};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::{Intent, Preview};

/// The steps that a mode runs, each with what it would do or why that is not known.
pub type Previews = [(String, Result<Preview, Message>)];

/// All gates, each with its step.
pub fn gates(previews: &Previews) -> impl Iterator<Item = (&str, &GateResult)> {
    previews.iter().flat_map(|(step, preview)| {
        let gates = preview.iter().flat_map(|preview| &preview.gates);
        gates.map(move |gate| (step.as_str(), gate))
    })
}

/// The largest amount of data at risk that a gate measured, and whether a gate could not tell.
pub fn at_risk(previews: &Previews) -> (Option<Duration>, bool) {
    let gates = || gates(previews).filter(|(_, gate)| gate.gate == Gate::DataAtRisk);
    let most = gates().filter_map(|(_, gate)| gate.at_risk).max();
    (most, gates().any(|(_, gate)| gate.at_risk.is_none()))
}

/// What a closed gate of a step asks about, as far as another step may change it.
struct Question {
    gate: Gate,
    mode: Mode,
    writers: Option<BTreeSet<String>>,
}

impl Question {
    fn of(entry: &StepEntry, mode: Mode, gate: Gate) -> Self {
        Question {
            gate,
            mode,
            writers: entry.kind.asks_fenced(&entry.arguments),
        }
    }

    /// Whether a step changes it before it is asked again: a fence ends writes to the old writer, and where writers are
    /// quiesced a switchover waits until the last write is replayed.
    fn is_changed_by(&self, entry: &StepEntry) -> bool {
        match (self.gate, self.mode) {
            (Gate::Fenced, _) => self
                .writers
                .as_ref()
                .is_some_and(|writers| !entry.kind.fences(&entry.arguments).is_disjoint(writers)),
            (Gate::DataAtRisk, Mode::Switchover) => entry.kind.name() == "quiesce_writers",
            _ => false,
        }
    }

    /// One of these steps that changes it, unless that one is itself in somebody's way.
    fn opener<'a>(
        &self,
        document: &'a Document,
        previews: &Previews,
        before: &BTreeSet<usize>,
    ) -> Option<&'a str> {
        let goes = |preview: &Preview| {
            !matches!(preview.intent, Intent::Fail(_))
                && preview.gates.iter().all(GateResult::is_open)
        };
        let entries = before.iter().map(|position| &document.steps[*position]);
        let mut entries = entries.filter(|it| self.is_changed_by(it));
        let entry = entries.find(|entry| {
            let mut own = previews.iter().filter(|(name, _)| *name == entry.name);
            own.any(|(_, preview)| preview.as_ref().is_ok_and(goes))
        })?;
        Some(&entry.name)
    }
}

/// The step of this execution, under its name in the family, that changes what a closed gate of a step asks about before
/// it is asked again; one of a plan above it does so too. `None` where no step does.
pub fn opened_by(
    family: &[Member],
    member: &Member,
    mode: Mode,
    step: &str,
    gate: Gate,
) -> Option<String> {
    let steps = &member.document.steps;
    let place = steps.iter().position(|it| it.name == step)?;
    let question = Question::of(&steps[place], mode, gate);
    family.iter().find_map(|above| {
        let rest = member.under.strip_prefix(&above.under)?;
        let order = above.document.graph(mode).ancestors();
        let before = match rest.split('/').next() {
            // The plan of the step itself.
            None | Some("") => order.get(place)?.clone(),
            Some(child) => {
                let entries = above.document.steps.iter().enumerate();
                let runs = entries.filter(|(_, entry)| runs_a_plan(entry) == Some(child));
                runs.flat_map(|(position, _)| order[position].iter().copied())
                    .collect()
            }
        };
        let opener = question.opener(&above.document, &above.previews, &before)?;
        Some(above.named(opener))
    })
}

/// The steps of a plan and of those that it runs, under the names that they have in the family.
pub fn joined(family: &[Member]) -> Vec<(String, Result<Preview, Message>)> {
    let steps = family.iter().flat_map(|member| {
        let previews = member.previews.iter();
        previews.map(|(step, preview)| (member.named(step), preview.clone()))
    });
    steps.collect()
}

/// Gates that are closed, and that no step of this execution opens before they are asked again.
pub fn in_the_way_of(family: &[Member], mode: Mode) -> Vec<(String, &GateResult)> {
    let members = family.iter().flat_map(|member| {
        let closed = gates(&member.previews).filter(|(_, gate)| !gate.is_open());
        closed.map(move |(step, gate)| (member, step, gate))
    });
    members
        .filter(|(member, step, gate)| opened_by(family, member, mode, step, gate.gate).is_none())
        .map(|(member, step, gate)| (member.named(step), gate))
        .collect()
}
