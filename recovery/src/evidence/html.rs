//! Evidence as one self-contained HTML page with a picture of the time line: no script, no request, prints on A4.

use std::fmt::Write as _;

use super::markdown::{consent_text, event_name, offset, refusal_text, run_text, to_the_second};
use super::{EventEvidence, Evidence, StepEvidence, picture, seconds_text};

const STYLE: &str = "\
:root{color-scheme:light dark;--ok:#1a7f37;--bad:#c62828;--wait:#b26a00;--line:#8886;--soft:#8882}\
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\
h1{font-size:1.4rem;margin:0 0 .3rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid var(--line)}\
.wide{overflow-x:auto}.badge{display:inline-block;padding:0 .5rem;border-radius:.6rem;color:#fff;background:var(--wait)}\
.badge.done{background:var(--ok)}.badge.failed,.badge.refused,.badge.timed_out,.badge.aborted,.badge.broken{background:var(--bad)}\
.events td:nth-child(-n+2){white-space:nowrap}.events td:last-child{width:100%}\
.summary{font-size:1.1rem}.warning{border:2px solid var(--bad);border-radius:.4rem;padding:.5rem .8rem}\
svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:currentColor}\
details{border-bottom:1px solid var(--line);padding:.3rem 0}summary{cursor:pointer}code{font-size:.9em}\
@media print{details>*{display:block}body{max-width:none}}";

/// The whole as HTML.
pub fn html(evidence: &Evidence) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_all(evidence, &mut page);
    page
}

fn write_all(evidence: &Evidence, page: &mut String) -> std::fmt::Result {
    let end = evidence.end.as_deref().unwrap_or("running");
    let title = format!("{} of {}: {end}", evidence.mode, evidence.plan);
    write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{STYLE}</style></head><body>",
        escape(&title)
    )?;
    write!(
        page,
        "<h1>{} of {} {}</h1>",
        escape(&evidence.mode),
        escape(&evidence.plan),
        badge(end)
    )?;
    broken(evidence, page)?;
    write!(
        page,
        "<p class=\"summary\">{}.</p>",
        escape(&evidence.summary)
    )?;
    let from = evidence.from.as_deref().unwrap_or("nobody could tell");
    write!(
        page,
        "<p>{} → <b>{}</b>, declared {} by {}</p>",
        escape(from),
        escape(&evidence.target),
        escape(&evidence.declared_at),
        escape(&evidence.actor)
    )?;
    facts(evidence, page)?;
    tiers(evidence, page)?;
    write!(
        page,
        "<h2>Time line</h2><p>Seconds count from the declaration.</p>"
    )?;
    picture::draw(evidence, page)?;
    happened(&evidence.events, page)?;
    write!(page, "<h2>Steps</h2>")?;
    evidence.steps.iter().try_for_each(|it| step(it, page))?;
    list(page, "Refusals", evidence.refusals.iter().map(refusal_text))?;
    list(page, "Consents", evidence.consents.iter().map(consent_text))?;
    list(page, "Runs", evidence.runs.iter().map(run_text))?;
    let closed = evidence.closed_by.iter().map(ToString::to_string);
    list(page, "Closed later", closed)?;
    list(page, "Still open", evidence.open.iter().cloned())?;
    let chain = &evidence.chain;
    write!(
        page,
        "<h2>Journal</h2><p>{} entries, head <code>{}</code></p>",
        chain.entries,
        escape(&chain.head)
    )?;
    list(page, "Not proved", chain.limits.iter().cloned())?;
    write!(page, "</body></html>")
}

/// A journal that does not hold is told before anything that it says.
fn broken(evidence: &Evidence, page: &mut String) -> std::fmt::Result {
    if evidence.intact {
        return Ok(());
    }
    write!(
        page,
        "<div class=\"warning\"><p><b>The journal is not intact</b>: it was changed or has gaps, so nothing below is certain.</p><ul>"
    )?;
    for problem in &evidence.chain.problems {
        write!(page, "<li>{}</li>", escape(problem))?;
    }
    write!(page, "</ul></div>")
}

/// What people and processes did, in order.
fn happened(events: &[EventEvidence], page: &mut String) -> std::fmt::Result {
    if events.is_empty() {
        return Ok(());
    }
    write!(
        page,
        "<div class=\"events\"><table><tr><th>When</th><th></th><th>In words</th></tr>"
    )?;
    for event in events {
        let class = match event.event.as_str() {
            "refused" | "gone" => "refused",
            "epoch" | "began" => "done",
            _ => "",
        };
        write!(
            page,
            "<tr><td>{}<div>{}</div></td><td><span class=\"badge {class}\">{}</span></td><td>",
            escape(&to_the_second(&event.at)),
            event.seconds.map_or(String::new(), offset),
            escape(&event_name(&event.event)),
        )?;
        if let Some(step) = &event.step {
            write!(page, "<b>{}</b>: ", escape(step))?;
        }
        write!(page, "{}", escape(&event.words))?;
        if let Some(by) = &event.by {
            write!(page, "<div><i>{}</i></div>", escape(by))?;
        }
        write!(page, "</td></tr>")?;
    }
    write!(page, "</table></div>")
}

fn facts(evidence: &Evidence, page: &mut String) -> std::fmt::Result {
    let lost = if evidence.lost.is_empty() {
        "none".to_owned()
    } else {
        evidence.lost.join(", ")
    };
    let rows = [
        ("Execution", evidence.execution.clone()),
        ("Lost regions", lost),
        (
            "Lost at",
            evidence
                .lost_at
                .clone()
                .unwrap_or_else(|| "not said".to_owned()),
        ),
        ("Began", evidence.began_at.clone()),
        (
            "Ended",
            evidence
                .ended_at
                .clone()
                .unwrap_or_else(|| "not yet".to_owned()),
        ),
        (
            "Epoch",
            evidence
                .epoch
                .map_or("not completed".to_owned(), |epoch| epoch.to_string()),
        ),
        ("Plan's digest", evidence.digest.clone()),
    ];
    write!(page, "<table>")?;
    for (name, value) in rows {
        write!(page, "<tr><th>{name}</th><td>{}</td></tr>", escape(&value))?;
    }
    write!(page, "</table>")
}

fn tiers(evidence: &Evidence, page: &mut String) -> std::fmt::Result {
    if evidence.tiers.is_empty() {
        return Ok(());
    }
    write!(
        page,
        "<h2>Objectives</h2><div class=\"wide\"><table><tr><th>Tier</th><th>RTO promised</th><th>measured</th><th>RPO promised</th><th>measured</th><th></th></tr>"
    )?;
    for tier in &evidence.tiers {
        let measured =
            |seconds: Option<u64>| seconds.map_or("not measured".to_owned(), seconds_text);
        let kept = match tier.kept() {
            Some(true) => "<span class=\"badge done\">kept</span>",
            Some(false) => "<span class=\"badge broken\">broken</span>",
            None => "<span class=\"badge\">open</span>",
        };
        write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{kept}</td></tr>",
            escape(&tier.tier),
            seconds_text(tier.rto_objective_seconds),
            measured(tier.rto_measured_seconds),
            seconds_text(tier.rpo_objective_seconds),
            measured(tier.rpo_measured_seconds)
        )?;
    }
    write!(page, "</table></div>")
}

fn step(step: &StepEvidence, page: &mut String) -> std::fmt::Result {
    let open = if matches!(step.standing.as_str(), "done" | "waiting") {
        ""
    } else {
        " open"
    };
    write!(
        page,
        "<details{open}><summary>{} <b>{}</b> <code>{}</code></summary>",
        badge(&step.standing),
        escape(&step.step),
        escape(&step.kind)
    )?;
    for line in step.message.iter().chain(&step.world) {
        write!(page, "<p>{}</p>", escape(line))?;
    }
    if !step.gates.is_empty() {
        write!(
            page,
            "<div class=\"wide\"><table><tr><th>Gate</th><th></th><th>Seen</th><th>Expected</th></tr>"
        )?;
        for gate in &step.gates {
            let class = if gate.verdict == "refused" {
                "refused"
            } else {
                "done"
            };
            write!(
                page,
                "<tr><td>{}</td><td><span class=\"badge {class}\">{}</span></td><td>{}</td><td>{}</td></tr>",
                escape(&gate.gate),
                escape(&gate.verdict),
                escape(&gate.seen),
                escape(&gate.expected)
            )?;
        }
        write!(page, "</table></div>")?;
    }
    if !step.acts.is_empty() {
        write!(page, "<ul>")?;
        for act in &step.acts {
            let answer = act.answer.as_deref().unwrap_or("no answer was written");
            write!(
                page,
                "<li>{} {} <i>({})</i>: {}</li>",
                escape(&act.at),
                escape(&act.words),
                escape(&act.risk),
                escape(answer)
            )?;
        }
        write!(page, "</ul>")?;
    }
    for warning in &step.warnings {
        write!(page, "<p><b>Note:</b> {}</p>", escape(warning))?;
    }
    write!(page, "</details>")
}

fn list(page: &mut String, title: &str, lines: impl Iterator<Item = String>) -> std::fmt::Result {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    write!(page, "<h2>{title}</h2><ul>")?;
    lines
        .iter()
        .try_for_each(|line| write!(page, "<li>{}</li>", escape(line)))?;
    write!(page, "</ul>")
}

fn badge(word: &str) -> String {
    let class = if word == "done_unfenced" {
        "wait"
    } else {
        word
    };
    format!(
        "<span class=\"badge {}\">{}</span>",
        escape(class),
        escape(word)
    )
}

/// Text that stays text, also in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
