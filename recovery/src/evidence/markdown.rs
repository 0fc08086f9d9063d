//! Evidence as Markdown, for tickets and reviews.

use std::fmt::Write as _;

use super::events::risk_text;
use super::{
    ConsentEvidence, EventEvidence, Evidence, RefusalEvidence, RunEvidence, TierEvidence,
    seconds_text,
};

/// The whole as Markdown.
pub fn markdown(evidence: &Evidence) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_all(evidence, &mut text);
    text
}

fn write_all(evidence: &Evidence, text: &mut String) -> std::fmt::Result {
    let end = evidence.end.as_deref().unwrap_or("not ended");
    writeln!(
        text,
        "# {} of {}: {end}\n",
        evidence.mode,
        cell(&evidence.plan)
    )?;
    if !evidence.intact {
        writeln!(
            text,
            "> **The journal is not intact**: it was changed or has gaps, so nothing below is certain.\n>"
        )?;
        for problem in &evidence.chain.problems {
            writeln!(text, "> - {}", cell(problem))?;
        }
        writeln!(text)?;
    }
    writeln!(text, "{}.\n", cell(&evidence.summary))?;
    writeln!(text, "| | |\n|---|---|")?;
    let from = evidence.from.as_deref().unwrap_or("nobody could tell");
    let rows = [
        ("execution", evidence.execution.clone()),
        ("active region", format!("{from} → {}", evidence.target)),
        ("lost regions", or_none(&evidence.lost.join(", "))),
        (
            "lost at",
            or_none(evidence.lost_at.as_deref().unwrap_or_default()),
        ),
        ("declared at", evidence.declared_at.clone()),
        (
            "began, ended",
            format!(
                "{}, {}",
                evidence.began_at,
                evidence.ended_at.as_deref().unwrap_or("not yet")
            ),
        ),
        ("ordered by", evidence.actor.clone()),
        (
            "epoch",
            evidence
                .epoch
                .map_or("not completed".to_owned(), |epoch| epoch.to_string()),
        ),
        ("plan's digest", evidence.digest.clone()),
    ];
    for (name, value) in rows {
        writeln!(text, "| {name} | {} |", cell(&value))?;
    }
    if !evidence.tiers.is_empty() {
        writeln!(
            text,
            "\n## Objectives\n\n| tier | RTO promised | RTO measured | RPO promised | RPO measured | |\n|---|---|---|---|---|---|"
        )?;
        for tier in &evidence.tiers {
            writeln!(text, "{}", tier_row(tier))?;
        }
    }
    writeln!(
        text,
        "\n## Steps\n\n| step | kind | stands | began | ended | what |\n|---|---|---|---|---|---|"
    )?;
    for step in &evidence.steps {
        let moment = |seconds: Option<i64>| seconds.map_or(String::new(), offset);
        let what = step
            .message
            .as_deref()
            .or(step.world.as_deref())
            .unwrap_or_default();
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            cell(&step.step),
            step.kind,
            step.standing,
            moment(step.began_seconds),
            moment(step.ended_seconds),
            cell(what)
        )?;
    }
    for step in evidence
        .steps
        .iter()
        .filter(|step| !step.gates.is_empty() || !step.acts.is_empty() || !step.warnings.is_empty())
    {
        writeln!(text, "\n### {}\n", cell(&step.step))?;
        for gate in &step.gates {
            writeln!(
                text,
                "- gate {} ({}): {}; expected {}",
                gate.gate,
                gate.verdict,
                cell(&gate.seen),
                cell(&gate.expected)
            )?;
        }
        for act in &step.acts {
            let answer = act.answer.as_deref().unwrap_or("no answer was written");
            writeln!(
                text,
                "- {} {} ({}): {}",
                act.at,
                cell(&act.words),
                act.risk,
                cell(answer)
            )?;
        }
        for warning in &step.warnings {
            writeln!(text, "- note: {}", cell(warning))?;
        }
    }
    let refusals = evidence.refusals.iter().map(refusal_text);
    section(text, "Refusals", refusals.map(|it| cell(&it)))?;
    let consents = evidence.consents.iter().map(consent_text);
    section(text, "Consents", consents.map(|it| cell(&it)))?;
    happened(&evidence.events, text)?;
    let runs = evidence.runs.iter().map(run_text);
    section(text, "Runs", runs.map(|it| cell(&it)))?;
    let closed = evidence.closed_by.iter().map(|it| cell(&it.to_string()));
    section(text, "Closed later", closed)?;
    section(text, "Still open", evidence.open.iter().map(|it| cell(it)))?;
    let chain = &evidence.chain;
    writeln!(
        text,
        "\n## Journal\n\n{} entries, head `{}`.",
        chain.entries, chain.head
    )?;
    for problem in &chain.problems {
        writeln!(text, "- does not hold: {}", cell(problem))?;
    }
    for limit in &chain.limits {
        writeln!(text, "- not proved: {}", cell(limit))?;
    }
    Ok(())
}

/// What was refused, in a line.
pub(super) fn refusal_text(refusal: &RefusalEvidence) -> String {
    let then = match refusal.then.as_deref() {
        None => "it stands",
        Some("consented") => "somebody consented later",
        Some("passed") => "it passed when it was asked again",
        Some("skipped") => "its step was skipped later",
        Some(_) => "the step was done later without that act",
    };
    let next = refusal.next.as_ref();
    let next = next.map_or(String::new(), |next| format!("; next: {next}"));
    format!(
        "{} {}, gate {}, before {}: seen {}; expected {}{next} ({then})",
        refusal.at, refusal.step, refusal.gate, refusal.act, refusal.seen, refusal.expected
    )
}

/// What was accepted, in a line.
pub(super) fn consent_text(consent: &ConsentEvidence) -> String {
    format!(
        "{} at the gate {} of {}, by {} until {}: {}",
        risk_text(&consent.risk, consent.up_to_seconds),
        consent.gate,
        consent.step.as_deref().unwrap_or("every step"),
        consent.by,
        consent.until,
        consent.reason
    )
}

/// A process that ran it, in a line.
pub(super) fn run_text(run: &RunEvidence) -> String {
    let end = match run.end.as_deref() {
        Some("gone") => "wrote no end",
        Some(end) => end,
        None => "no end is written yet",
    };
    let silent = run.silent_seconds.map_or(String::new(), |silent| {
        format!(
            ", its lock taken over after {} without a heartbeat",
            seconds_text(silent)
        )
    });
    let followed = match (&run.followed_by, &run.followed_at) {
        (Some(by), Some(at)) => format!("; {by} went on at {at}{silent}"),
        _ => String::new(),
    };
    format!(
        "{} from {}, last seen {}: {end}{followed}",
        run.by, run.began_at, run.last_entry_at
    )
}

/// The time line of what people and processes did.
fn happened(events: &[EventEvidence], text: &mut String) -> std::fmt::Result {
    if events.is_empty() {
        return Ok(());
    }
    writeln!(
        text,
        "\n## What happened\n\n| when | after | what | step | who | in words |\n|---|---|---|---|---|---|"
    )?;
    for event in events {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            to_the_second(&event.at),
            event.seconds.map_or(String::new(), offset),
            event_name(&event.event),
            cell(event.step.as_deref().unwrap_or_default()),
            cell(event.by.as_deref().unwrap_or_default()),
            cell(&event.words)
        )?;
    }
    Ok(())
}

/// A moment without its parts of a second.
pub(super) fn to_the_second(at: &str) -> String {
    match at.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => at.to_owned(),
    }
}

/// The word of an event as people read it.
pub(super) fn event_name(event: &str) -> String {
    event.replace('_', " ")
}

fn section(
    text: &mut String,
    title: &str,
    lines: impl Iterator<Item = String>,
) -> std::fmt::Result {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n## {title}\n")?;
    lines.iter().try_for_each(|line| writeln!(text, "- {line}"))
}

fn tier_row(tier: &TierEvidence) -> String {
    let measured = |seconds: Option<u64>| seconds.map_or("not measured".to_owned(), seconds_text);
    let kept = match tier.kept() {
        Some(true) => "kept",
        Some(false) => "**broken**",
        None => "open",
    };
    format!(
        "| {} | {} | {} | {} | {} | {kept} |",
        cell(&tier.tier),
        seconds_text(tier.rto_objective_seconds),
        measured(tier.rto_measured_seconds),
        seconds_text(tier.rpo_objective_seconds),
        measured(tier.rpo_measured_seconds),
    )
}

/// A moment as an offset from the declaration.
pub(super) fn offset(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "+" };
    format!("{sign}{}", seconds_text(seconds.unsigned_abs()))
}

fn or_none(text: &str) -> String {
    if text.is_empty() {
        "none".to_owned()
    } else {
        text.to_owned()
    }
}

/// Text that cannot end a cell, begin markup or break a line.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' => {
                safe.push('\\');
                safe.push(letter);
            }
            '\n' | '\r' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
