//! What only the whole document can tell: names that lead nowhere, cycles, regions that a step must not need,
//! objectives that cannot be met.

use std::collections::BTreeMap;
use std::time::Duration;

use aws::Region;

use super::problem::{Findings, Path};
use super::read::Draft;
use super::steps::{DraftStep, Given};
use crate::duration;
use crate::graph::Graph;
use crate::kind::Kind;
use crate::mode::Mode;
use crate::nearest::did_you_mean;

pub(super) fn check(draft: &Draft, findings: &mut Findings) {
    let steps = Path::default().key("steps");
    duplicates(draft, &steps, findings);
    tiers(draft, &steps, findings);
    authority(draft, findings);
    for (position, step) in draft.steps.iter().enumerate() {
        let path = steps.index(position);
        if let Some(regions) = &draft.regions {
            by_kind(step, regions, &path, findings);
            abandoned(step, regions, &path, findings);
        }
        bounds(draft, step, &path, findings);
    }
    let graph = graph(draft, &steps, findings);
    let cycles = graph.cycles();
    for cycle in &cycles {
        tell_cycle(draft, cycle, &steps, findings);
    }
    if cycles.is_empty() {
        waits(draft, &graph, findings);
        super::fences::unfenced(draft, &graph, &steps, findings);
    }
    modes(draft, &steps, findings);
}

fn duplicates(draft: &Draft, steps: &Path, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, name) in names(draft) {
        if let Some(first) = seen.get(name) {
            findings.refuse(
                &steps.index(position).key("name"),
                format!("{name:?} again: steps[{first}] has this name"),
                "a name that no other step has",
                "rename one of the two",
            );
        } else {
            seen.insert(name, position);
        }
    }
}

fn names(draft: &Draft) -> impl Iterator<Item = (usize, &str)> {
    let steps = draft.steps.iter().enumerate();
    steps.filter_map(|(position, step)| Some((position, step.name.as_deref()?)))
}

fn tiers(draft: &Draft, steps: &Path, findings: &mut Findings) {
    let known: Vec<&str> = draft.tiers.keys().map(String::as_str).collect();
    for (position, step) in draft.steps.iter().enumerate() {
        let Given::Yes(tier) = &step.tier else {
            continue;
        };
        if !draft.tiers.contains_key(tier) {
            findings.refuse(
                &steps.index(position).key("tier"),
                format!("{:?}", super::json::clip(tier)),
                format!("a tier of the plan: {}", super::fields::one_of(&known)),
                did_you_mean(
                    tier,
                    known.iter().copied(),
                    "add it to \"tiers\" with rto and rpo",
                ),
            );
        }
    }
    for tier in known {
        let used = |step: &DraftStep| matches!(&step.tier, Given::Yes(name) if name == tier);
        if !draft.steps.iter().any(used) {
            findings.warn(
                &Path::default().key("tiers").key(tier),
                "no step of this tier",
                "steps whose end means that the tier serves again",
                "give the tier to its steps, or take it out: its RTO can be neither predicted nor measured",
            );
        }
    }
}

fn authority(draft: &Draft, findings: &mut Findings) {
    let Some(authority) = &draft.authority else {
        return;
    };
    let path = Path::default().key("authority");
    let could: Vec<&str> = names(draft)
        .filter(|(position, _)| {
            let kind = draft.steps[*position].kind;
            kind.is_some_and(<dyn Kind>::can_be_authority)
        })
        .map(|(_, name)| name)
        .collect();
    let expected = match could.as_slice() {
        [] => "a step of a kind that shows which region is active; the plan has none".to_owned(),
        _ => format!(
            "a step of a kind that shows which region is active: {}",
            super::fields::one_of(&could)
        ),
    };
    let found = draft
        .steps
        .iter()
        .find(|step| step.name.as_ref() == Some(authority));
    match found.map(|step| step.kind) {
        None => findings.refuse(
            &path,
            format!("no step is named {:?}", super::json::clip(authority)),
            expected,
            did_you_mean(
                authority,
                names(draft).map(|(_, name)| name),
                "name a step of the plan",
            ),
        ),
        Some(Some(kind)) if !kind.can_be_authority() => findings.refuse(
            &path,
            format!("{authority:?} is of the kind {}", kind.name()),
            expected,
            "name the step that moves the database's writer",
        ),
        Some(_) => {}
    }
}

/// What the kind itself finds wrong with its arguments.
fn by_kind(step: &DraftStep, regions: &[Region], path: &Path, findings: &mut Findings) {
    let (Some(kind), Some(arguments)) = (step.kind, &step.arguments) else {
        return;
    };
    for (place, message) in kind.check(arguments, regions) {
        let within = within(kind.name(), &place);
        findings.add(&path.key(kind.name()).join(within), None, message);
    }
}

/// The path within the arguments: kinds may write `kind.x`, `kind` or `x`.
fn within<'p>(kind: &str, place: &'p str) -> &'p str {
    match place.strip_prefix(kind) {
        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => rest,
        _ => place,
    }
}

/// A step that a failover runs must not need the region that the failover leaves.
fn abandoned(step: &DraftStep, regions: &[Region], path: &Path, findings: &mut Findings) {
    let (Some(kind), Some(arguments)) = (step.kind, &step.arguments) else {
        return;
    };
    if !step.runs_in(Mode::Failover) {
        return;
    }
    let mut needs: Vec<String> = Vec::new();
    for from in regions {
        for target in regions.iter().filter(|target| *target != from) {
            for call in kind.calls(arguments, Mode::Failover, target, Some(from)) {
                let (service, operation) = (call.service, call.operation);
                let need = format!("{service}:{operation} in {from} (to make {target} active)");
                if call.needed && call.region == *from && !needs.contains(&need) {
                    needs.push(need);
                }
            }
        }
    }
    if !needs.is_empty() {
        findings.refuse(
            &path.key(kind.name()),
            format!("a failover needs {}", needs.join(", ")),
            "no call that needs an answer of the region that a failover leaves",
            "take failover out of the step's \"run_in\", or use a kind that does without that region",
        );
    }
}

fn bounds(draft: &Draft, step: &DraftStep, path: &Path, findings: &mut Findings) {
    let Some(kind) = step.kind else {
        return;
    };
    if kind.one_way() && matches!(step.tier, Given::No) && !draft.tiers.is_empty() {
        findings.warn(
            path,
            format!("a step of the one-way kind {} without a tier", kind.name()),
            "a tier: its RPO bounds how much data the step may lose",
            "add \"tier\"",
        );
    }
}

/// Who comes after whom; names that lead nowhere are told.
fn graph(draft: &Draft, steps: &Path, findings: &mut Findings) -> Graph {
    let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, name) in names(draft) {
        positions.entry(name).or_insert(position);
    }
    let mut lists = Vec::new();
    for (position, step) in draft.steps.iter().enumerate() {
        let Given::Yes(after) = &step.after else {
            // What could not be read is taken for nothing: the document is refused anyway.
            let previous = position.checked_sub(1);
            let previous = previous.filter(|_| matches!(step.after, Given::No));
            lists.push(previous.into_iter().collect());
            continue;
        };
        let path = steps.index(position).key("after");
        let mut before = Vec::new();
        for (place, name) in after.iter().enumerate() {
            let (path, full) = (path.index(place), findings.full());
            match positions.get(name.as_str()) {
                Some(other) if before.contains(other) => {
                    let seen = format!("{name:?} a second time");
                    findings.refuse(&path, seen, "each step once", "take it out");
                }
                Some(other) => before.push(*other),
                None => {
                    // Not even looked for once nobody is told any more.
                    let known = positions.keys().copied().filter(|_| !full);
                    findings.refuse(
                        &path,
                        format!("no step is named {:?}", super::json::clip(name)),
                        "the name of a step",
                        did_you_mean(name, known, "name a step of the plan, or take it out"),
                    );
                }
            }
        }
        lists.push(before);
    }
    Graph::new(lists)
}

fn tell_cycle(draft: &Draft, cycle: &[usize], steps: &Path, findings: &mut Findings) {
    let name = |position: &usize| {
        let name = draft
            .steps
            .get(*position)
            .and_then(|step| step.name.clone());
        name.unwrap_or_else(|| format!("steps[{position}]"))
    };
    let Some(first) = cycle.first() else {
        return;
    };
    let mut path = steps.index(*first);
    if let Some(DraftStep {
        after: Given::Yes(after),
        ..
    }) = draft.steps.get(*first)
    {
        path = path.key("after");
        let next = name(cycle.get(1).unwrap_or(first));
        if let Some(place) = after.iter().position(|other| *other == next) {
            path = path.index(place);
        }
    }
    let mut names: Vec<String> = cycle.iter().map(name).collect();
    names.push(name(first));
    findings.refuse(
        &path,
        format!("a cycle: {}", names.join(" after ")),
        "steps that come after others without ever coming after themselves",
        "take one of these names out of its \"after\" (a step without \"after\" comes after the previous one)",
    );
}

/// An objective that is shorter than what its tier waits for on purpose can never be met.
fn waits(draft: &Draft, graph: &Graph, findings: &mut Findings) {
    let waits: Vec<Duration> = draft
        .steps
        .iter()
        .map(|step| match (step.kind, &step.arguments) {
            (Some(kind), Some(arguments)) => kind.waits(arguments),
            _ => Duration::ZERO,
        })
        .collect();
    let longest = [Mode::Failover, Mode::Switchover].map(|mode| {
        let present: Vec<bool> = draft.steps.iter().map(|step| step.runs_in(mode)).collect();
        let paths = longest_paths(&graph.only(&present), &waits);
        (mode, present, paths)
    });
    for (tier, objective) in &draft.tiers {
        let Some(objective) = objective else {
            continue;
        };
        let of_tier = |position: &usize| {
            let step = draft.steps.get(*position);
            step.is_some_and(|step| matches!(&step.tier, Given::Yes(name) if name == tier))
        };
        let over = longest.iter().find_map(|(mode, present, paths)| {
            let ends = (0..present.len())
                .filter(|step| present[*step])
                .filter(of_tier);
            let (waits, path) = ends
                .map(|step| &paths[step])
                .max_by_key(|(waits, _)| *waits)?;
            (*waits > objective.rto).then_some((mode, waits, path))
        });
        if let Some((mode, total, path)) = over {
            let parts = path
                .iter()
                .filter(|step| !waits[**step].is_zero())
                .map(|step| {
                    let name = draft.steps[*step].name.as_deref().unwrap_or("a step");
                    format!("{name} {}", duration::text(waits[*step]))
                });
            let parts: Vec<String> = parts.collect();
            findings.refuse(
                &Path::default().key("tiers").key(tier).key("rto"),
                format!(
                    "an RTO of {} with waits of {} on the way in a {mode}: {}",
                    duration::text(objective.rto),
                    duration::text(*total),
                    parts.join(", ")
                ),
                "an RTO that is longer than what the tier waits for on purpose",
                "shorten the waits, take them off the tier's way (\"after\"), or promise a longer RTO",
            );
        }
    }
}

/// For each step the longest way to its end and the steps on it.
fn longest_paths(graph: &Graph, weights: &[Duration]) -> Vec<(Duration, Vec<usize>)> {
    let mut best: Vec<(Duration, Option<usize>)> = vec![(Duration::ZERO, None); graph.len()];
    for step in graph.order() {
        let before = graph.after(step).iter().copied();
        let before = before.max_by_key(|other| best[*other].0);
        let start = before.map_or(Duration::ZERO, |other| best[other].0);
        best[step] = (start.saturating_add(weights[step]), before);
    }
    let path = |end: usize| {
        let mut path = vec![end];
        let mut step = end;
        while let Some(before) = best[step].1 {
            path.push(before);
            step = before;
        }
        path.reverse();
        path
    };
    let ends = 0..graph.len();
    ends.map(|end| (best[end].0, path(end))).collect()
}

fn modes(draft: &Draft, steps: &Path, findings: &mut Findings) {
    let known = draft.steps.iter().all(DraftStep::modes_known);
    if draft.steps.is_empty() || !known {
        return;
    }
    for (mode, next) in [
        (
            Mode::Failover,
            "check \"run_in\": this plan recovers nothing when a region is lost",
        ),
        (
            Mode::Reprotect,
            "add the steps that rebuild replication once a lost region is back: without them there is no way home",
        ),
    ] {
        if !draft.steps.iter().any(|step| step.runs_in(mode)) {
            findings.warn(
                steps,
                format!("no step runs in {mode}"),
                format!("steps for {mode}"),
                next,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn kinds_may_write_paths_with_their_name_or_without() {
        for (place, within) in [
            ("pause.for", ".for"),
            ("pause[0]", "[0]"),
            ("pause", ""),
            ("for", "for"),
            ("pauses.us-east-1", "pauses.us-east-1"),
        ] {
            assert_eq!(super::within("pause", place), within);
        }
    }
}
