//! Promotions and the fences of their old writers: a promotion that does not come after its fence is refused on the day
//! by its gate, and somebody should know before.

use std::collections::BTreeSet;

use super::problem::{Findings, Path};
use super::read::Draft;
use super::steps::{DraftStep, Given};
use crate::graph::Graph;
use crate::mode::Mode;

/// Warns of promotions in a failover that come after no fence of their old writer.
pub(super) fn unfenced(draft: &Draft, graph: &Graph, steps: &Path, findings: &mut Findings) {
    let present: Vec<bool> = draft
        .steps
        .iter()
        .map(|step| step.runs_in(Mode::Failover))
        .collect();
    let before = graph.only(&present).ancestors();
    for (position, step) in draft.steps.iter().enumerate() {
        let Some(writers) = promotes(step).filter(|_| present[position]) else {
            continue;
        };
        let fences: Vec<usize> = fences_of(draft, &writers);
        let here: Vec<usize> = fences.iter().copied().filter(|it| present[*it]).collect();
        if here.iter().any(|fence| before[position].contains(fence)) {
            continue;
        }
        let path = steps.index(position);
        match here.first() {
            Some(fence) => comes_before(draft, position, *fence, &path, findings),
            // A plan that it runs may fence.
            None if runs_a_plan_before(draft, &before[position]) => {}
            None => none(draft, step, fences.first().copied(), &path, findings),
        }
    }
}

/// The writers that a step promotes, where it promotes one.
fn promotes(step: &DraftStep) -> Option<BTreeSet<String>> {
    step.kind?.promotes(step.arguments.as_ref()?)
}

fn fences_of(draft: &Draft, writers: &BTreeSet<String>) -> Vec<usize> {
    let fences = |step: &DraftStep| match (step.kind, &step.arguments) {
        (Some(kind), Some(arguments)) => !kind.fences(arguments).is_disjoint(writers),
        _ => false,
    };
    let steps = draft.steps.iter().enumerate();
    let steps = steps.filter(|(_, step)| fences(step));
    steps.map(|(position, _)| position).collect()
}

fn runs_a_plan_before(draft: &Draft, before: &BTreeSet<usize>) -> bool {
    before.iter().any(|step| {
        let kind = draft.steps[*step].kind;
        kind.is_some_and(|kind| kind.name() == "failover_plan")
    })
}

fn name(draft: &Draft, position: usize) -> String {
    let name = draft.steps[position].name.clone();
    name.unwrap_or_else(|| format!("steps[{position}]"))
}

/// The fence is there, and the promotion does not wait for it.
fn comes_before(
    draft: &Draft,
    position: usize,
    fence: usize,
    path: &Path,
    findings: &mut Findings,
) {
    let (own, fence) = (name(draft, position), name(draft, fence));
    let mut after = match &draft.steps[position].after {
        Given::Yes(after) => after.clone(),
        _ => position
            .checked_sub(1)
            .map(|previous| vec![name(draft, previous)])
            .unwrap_or_default(),
    };
    after.push(fence.clone());
    let after: Vec<String> = after.iter().map(|name| format!("{name:?}")).collect();
    findings.warn(
        &path.key("after"),
        format!("{own} does not come after {fence}, which fences the same writer"),
        "a promotion after the fence of its old writer: begun before, its gate refuses it",
        format!("write \"after\": [{}]", after.join(", ")),
    );
}

/// No step fences the writer in a failover.
fn none(
    draft: &Draft,
    step: &DraftStep,
    elsewhere: Option<usize>,
    path: &Path,
    findings: &mut Findings,
) {
    let own = step.name.as_deref().unwrap_or("the step");
    let (seen, next) = match elsewhere {
        Some(fence) => {
            let fence = name(draft, fence);
            (
                format!(
                    "no step fences the writer that {own} leaves: {fence} does not run in a failover"
                ),
                format!(
                    "add failover to the \"run_in\" of {fence}, and {fence} to the \"after\" of {own}"
                ),
            )
        }
        None => (
            format!("no step fences the writer that {own} leaves"),
            format!(
                "add a step of the kind fence_database with the same instances, and write it into the \"after\" of {own}"
            ),
        ),
    };
    let expected = "a fence of the old writer before the promotion: without its proof a failover is refused unless \
                    somebody consents to it unfenced";
    findings.warn(path, seen, expected, next);
}
