//! What happened, in a sentence: the top of every form of the evidence; pure.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Evidence, RefusalEvidence, RunEvidence, seconds_text};
use crate::engine::End;
use crate::mode::Mode;

/// What the sentence needs beside the evidence.
pub(super) struct Given<'a> {
    /// When the step that says who is active was done first.
    pub(super) active_at: Option<&'a str>,
    /// Whether it ran a few steps only, as a fence alone does.
    pub(super) few_steps: bool,
}

/// The sentence.
pub(super) fn summary(evidence: &Evidence, given: &Given<'_>) -> String {
    let parts = [
        Some(outcome(evidence, given)),
        refused(evidence),
        by_consent_at_once(evidence),
        interrupted(evidence),
        skipped(evidence),
        fenced(evidence),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let sentence = parts.join("; ");
    match evidence.chain.problems.len() {
        0 => sentence,
        1 => format!(
            "the journal is not intact (1 problem), and this is what it says now: {sentence}"
        ),
        count => format!(
            "the journal is not intact ({count} problems), and this is what it says now: {sentence}"
        ),
    }
}

fn outcome(evidence: &Evidence, given: &Given<'_>) -> String {
    let target = &evidence.target;
    let is = |end: End| evidence.end.as_deref() == Some(end.name());
    let over = is(End::Done) || is(End::DoneUnfenced);
    if evidence.mode == Mode::Reprotect.name() || evidence.mode.is_empty() {
        let what = match (evidence.mode.is_empty(), given.few_steps) {
            (true, _) => return "nothing is known of what was ordered".to_owned(),
            (_, true) => format!("the fence of what is not {target}"),
            (_, false) => format!("the reprotect of {target}"),
        };
        return match evidence.ended_at.as_deref().filter(|_| over) {
            Some(at) => format!("{what} was done {}", when(evidence, at)),
            None => format!("{what} is not done: {}", why(evidence)),
        };
    }
    match given.active_at {
        Some(at) if over => format!("{target} became active {}", when(evidence, at)),
        Some(at) => format!(
            "{target} became active {}, and the {} is not finished: {}",
            when(evidence, at),
            evidence.mode,
            why(evidence)
        ),
        // Left out by a person, and active all the same.
        None if over => {
            let at = evidence.ended_at.as_deref().unwrap_or_default();
            format!(
                "the {} to {target} was done {}",
                evidence.mode,
                when(evidence, at)
            )
        }
        None if evidence.end.is_none() => {
            format!("{target} is not proved active yet: {}", why(evidence))
        }
        None => format!("{target} was not proved active: {}", why(evidence)),
    }
}

/// A moment, and how long after the declaration it was.
fn when(evidence: &Evidence, at: &str) -> String {
    let moment = dated(at);
    let since = at.parse::<Timestamp>().ok().and_then(|at| {
        let declared: Timestamp = evidence.declared_at.parse().ok()?;
        u64::try_from(at.duration_since(declared).as_secs()).ok()
    });
    match since {
        Some(since) => format!("{moment}, {} after it was declared", seconds_text(since)),
        None => moment,
    }
}

fn dated(at: &str) -> String {
    match at.parse::<Timestamp>() {
        Ok(at) => at.strftime("at %H:%M UTC on %Y-%m-%d").to_string(),
        Err(_) => "at a time that nobody wrote down".to_owned(),
    }
}

/// The same without the date where it is the one of the declaration.
fn clock(evidence: &Evidence, at: &str) -> String {
    let date = |text: &str| text.split('T').next().unwrap_or_default().to_owned();
    match at.parse::<Timestamp>() {
        Ok(moment) if date(at) == date(&evidence.declared_at) => {
            moment.strftime("at %H:%M UTC").to_string()
        }
        _ => dated(at),
    }
}

/// Why it is not done, or how far it is.
fn why(evidence: &Evidence) -> String {
    let of = |standings: &[&str]| {
        let mut steps = evidence.steps.iter();
        let found = steps.find(|step| standings.contains(&step.standing.as_str()));
        found.map_or("a step", |step| step.step.as_str())
    };
    match evidence.end.as_deref() {
        Some("failed") => format!("{} failed", of(&["failed", "timed_out"])),
        Some("refused") => format!("{} was refused by a gate", of(&["refused"])),
        Some("interrupted") => "it was interrupted, and can be resumed".to_owned(),
        Some("aborted") => {
            let last = evidence.events.iter().rev();
            let mut last = last.filter(|event| event.event == "order");
            let by = last.find_map(|event| event.by.as_deref());
            format!("it was ended by {}", by.unwrap_or("somebody"))
        }
        _ => {
            let done = evidence.steps.iter();
            let done = done.filter(|step| step.standing == "done").count();
            format!(
                "{done} of {} steps are done, and no end is written",
                evidence.steps.len()
            )
        }
    }
}

fn distinct<'a>(refusals: impl Iterator<Item = &'a RefusalEvidence>) -> usize {
    let gates: BTreeSet<_> = refusals.map(|it| (&it.step, &it.gate)).collect();
    gates.len()
}

fn refused(evidence: &Evidence) -> Option<String> {
    let all = distinct(evidence.refusals.iter());
    let with = |then: &str| {
        let ended = evidence.refusals.iter();
        distinct(ended.filter(|it| it.then.as_deref() == Some(then)))
    };
    let (consented, passed) = (with("consented"), with("passed"));
    Some(match (all, consented) {
        (0, _) => return None,
        (1, 1) => "one gate was refused and consented to".to_owned(),
        (1, _) if passed == 1 => "one gate was refused and passed later".to_owned(),
        (1, _) => "one gate was refused".to_owned(),
        (all, consented) if all == consented => {
            format!("{all} gates were refused and consented to")
        }
        (all, 0) => format!("{all} gates were refused"),
        (all, consented) => format!("{all} gates were refused, {consented} of them consented to"),
    })
}

/// Gates that a consent opened before they had refused.
fn by_consent_at_once(evidence: &Evidence) -> Option<String> {
    let steps: BTreeSet<&str> = evidence
        .events
        .iter()
        .filter(|event| event.event == "went_on_by_consent")
        .filter_map(|event| event.step.as_deref())
        .filter(|step| evidence.refusals.iter().all(|it| it.step != *step))
        .collect();
    (!steps.is_empty()).then(|| {
        let steps: Vec<&str> = steps.into_iter().collect();
        format!("a consent opened the gates of {}", steps.join(", "))
    })
}

fn interrupted(evidence: &Evidence) -> Option<String> {
    let broken = |run: &&RunEvidence| matches!(run.end.as_deref(), Some("gone" | "interrupted"));
    let broken: Vec<&RunEvidence> = evidence
        .runs
        .iter()
        .filter(broken)
        .filter(|run| run.followed_by.is_some())
        .collect();
    let last = broken.last()?;
    let by = last.followed_by.as_deref().unwrap_or_default();
    let then = clock(evidence, last.followed_at.as_deref().unwrap_or_default());
    Some(match broken.as_slice() {
        [run] if run.end.as_deref() == Some("gone") => format!(
            "the process of {} was gone after its last entry {}, and {by} went on {then}",
            run.by,
            clock(evidence, &run.last_entry_at)
        ),
        [_] => format!("it was interrupted, and {by} went on {then}"),
        several => format!(
            "it was interrupted {} times, and {by} went on {then}",
            several.len()
        ),
    })
}

fn skipped(evidence: &Evidence) -> Option<String> {
    let skipped = evidence.steps.iter();
    let skipped = skipped.filter(|step| step.standing == "skipped");
    let skipped: Vec<&str> = skipped.map(|step| step.step.as_str()).collect();
    (!skipped.is_empty()).then(|| format!("left out by order: {}", skipped.join(", ")))
}

fn fenced(evidence: &Evidence) -> Option<String> {
    if evidence.end.as_deref() != Some(End::DoneUnfenced.name()) {
        return None;
    }
    let Some(last) = evidence.closed_by.last() else {
        return Some("the old writer is not fenced".to_owned());
    };
    let still = if evidence.open.is_empty() {
        ""
    } else {
        ", not everywhere yet"
    };
    let at = clock(evidence, last.at.as_deref().unwrap_or_default());
    Some(format!(
        "the old writer was left unfenced, and fenced later, {at}, by the {} {}{still}",
        last.mode, last.execution
    ))
}
