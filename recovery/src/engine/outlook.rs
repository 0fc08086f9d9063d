//! What previews come to: how much is at risk, and what would be in the way of an execution; pure.

use std::time::Duration;

use super::Member;
use crate::document::Document;
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

/// The step of this execution that changes what a gate asks about before it is asked again: a fence ends writes to the
/// old writer, and where writers are quiesced a switchover waits until the last write is replayed. `None` where no step
/// does, or the one that would is itself in somebody's way.
pub fn opened_by<'a>(
    document: &'a Document,
    mode: Mode,
    previews: &Previews,
    gate: Gate,
) -> Option<&'a str> {
    let kind = match (gate, mode) {
        (Gate::Fenced, _) => "fence_database",
        (Gate::DataAtRisk, Mode::Switchover) => "quiesce_writers",
        _ => return None,
    };
    let goes = |preview: &Preview| {
        !matches!(preview.intent, Intent::Fail(_)) && preview.gates.iter().all(GateResult::is_open)
    };
    let entries = document.steps.iter();
    let mut entries = entries.filter(|it| it.kind.name() == kind && it.runs_in(mode));
    let entry = entries.find(|entry| {
        let mut own = previews.iter().filter(|(name, _)| *name == entry.name);
        own.any(|(_, preview)| preview.as_ref().is_ok_and(goes))
    })?;
    Some(&entry.name)
}

/// Gates that are closed, and that no step of this execution opens before they are asked again.
pub fn in_the_way<'a>(
    document: &Document,
    mode: Mode,
    previews: &'a Previews,
) -> Vec<(&'a str, &'a GateResult)> {
    let closed = gates(previews).filter(|(_, gate)| !gate.is_open());
    closed
        .filter(|(_, gate)| opened_by(document, mode, previews, gate.gate).is_none())
        .collect()
}

/// The steps of a plan and of those that it runs, under the names that they have in the family.
pub fn joined(family: &[Member]) -> Vec<(String, Result<Preview, Message>)> {
    let steps = family.iter().flat_map(|member| {
        let previews = member.previews.iter();
        previews.map(|(step, preview)| (member.named(step), preview.clone()))
    });
    steps.collect()
}

/// As [`in_the_way`] of a plan and of those that it runs: what a plan asks, a step of one that runs it opens too.
pub fn in_the_way_of(family: &[Member], mode: Mode) -> Vec<(String, &GateResult)> {
    let mut closed = Vec::new();
    for member in family {
        let above = || {
            let others = family.iter();
            others.filter(|it| member.under.starts_with(&it.under))
        };
        for (step, gate) in gates(&member.previews).filter(|(_, gate)| !gate.is_open()) {
            let opens =
                |it: &Member| opened_by(&it.document, mode, &it.previews, gate.gate).is_some();
            if !above().any(opens) {
                closed.push((member.named(step), gate));
            }
        }
    }
    closed
}
