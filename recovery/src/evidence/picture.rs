//! The picture of the time line: a bar for each step, marks for what people and processes did, gaps without a runner.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::html::escape;
use super::markdown::{event_name, offset};
use super::{Evidence, StepEvidence};

const WIDTH: i64 = 900;
const NAMES: i64 = 230;
const ROW: i64 = 22;
/// Where the first bar is: below the axis and the marks.
const TOP: i64 = 40;

/// A moment on the axis.
struct Axis {
    longest: i64,
}

impl Axis {
    fn x(&self, seconds: i64) -> i64 {
        NAMES + (WIDTH - NAMES - 60) * seconds.clamp(0, self.longest) / self.longest
    }
}

/// Draws it, on one axis that begins with the declaration.
pub(super) fn draw(evidence: &Evidence, page: &mut String) -> std::fmt::Result {
    let shown: Vec<(&StepEvidence, i64, i64)> = evidence
        .steps
        .iter()
        .filter_map(|step| {
            let began = step.began_seconds?.max(0);
            Some((step, began, step.ended_seconds.unwrap_or(began).max(began)))
        })
        .collect();
    let ends = shown.iter().map(|(_, _, ended)| *ended);
    let events = evidence.events.iter().filter_map(|event| event.seconds);
    let axis = Axis {
        longest: ends.chain(events).max().unwrap_or(0).max(1),
    };
    let height = TOP + 6 + ROW * i64::try_from(shown.len()).unwrap_or(0);
    write!(
        page,
        "<div class=\"wide\"><svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"time line of the steps\">"
    )?;
    for part in 0..=4 {
        let seconds = axis.longest * part / 4;
        let at = axis.x(seconds);
        write!(
            page,
            "<line x1=\"{at}\" y1=\"18\" x2=\"{at}\" y2=\"{height}\" stroke=\"#8886\"/><text x=\"{at}\" y=\"12\" text-anchor=\"middle\">{}</text>",
            offset(seconds)
        )?;
    }
    gaps(evidence, &axis, height, page)?;
    for (row, (step, began, ended)) in (0_i64..).zip(&shown) {
        bar(step, *began, *ended, TOP + row * ROW, &axis, page)?;
    }
    marks(evidence, &axis, page)?;
    write!(page, "</svg></div>")
}

fn bar(
    step: &StepEvidence,
    began: i64,
    ended: i64,
    top: i64,
    axis: &Axis,
    page: &mut String,
) -> std::fmt::Result {
    let left = axis.x(began);
    let color = match step.standing.as_str() {
        "done" => "var(--ok)",
        "failed" | "refused" | "timed_out" => "var(--bad)",
        _ => "var(--wait)",
    };
    let width = (axis.x(ended) - left).max(3);
    write!(
        page,
        "<text x=\"0\" y=\"{}\">{}</text><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"14\" rx=\"3\" fill=\"{color}\"><title>{}: {} to {}</title></rect>",
        top + 12,
        escape(&step.step.chars().take(32).collect::<String>()),
        escape(&step.step),
        offset(began),
        offset(ended)
    )
}

/// Times in which nobody ran it: from the last entry of a run to the beginning of the next one.
fn gaps(evidence: &Evidence, axis: &Axis, height: i64, page: &mut String) -> std::fmt::Result {
    let seconds = |at: &str| {
        let declared: Timestamp = evidence.declared_at.parse().ok()?;
        Some(
            at.parse::<Timestamp>()
                .ok()?
                .duration_since(declared)
                .as_secs(),
        )
    };
    for run in &evidence.runs {
        let next = run.followed_at.as_deref().and_then(seconds);
        let (Some(last), Some(next)) = (seconds(&run.last_entry_at), next) else {
            continue;
        };
        let left = axis.x(last);
        write!(
            page,
            "<rect x=\"{left}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#8883\"><title>nobody ran it: {} to {}</title></rect>",
            TOP - 4,
            (axis.x(next) - left).max(1),
            height - TOP + 4,
            offset(last),
            offset(next)
        )?;
    }
    Ok(())
}

/// A mark for everything that people and processes did.
fn marks(evidence: &Evidence, axis: &Axis, page: &mut String) -> std::fmt::Result {
    for event in &evidence.events {
        let Some(seconds) = event.seconds else {
            continue;
        };
        let color = match event.event.as_str() {
            "refused" | "gone" => "var(--bad)",
            "began" | "epoch" => "var(--ok)",
            _ => "var(--wait)",
        };
        write!(
            page,
            "<circle cx=\"{}\" cy=\"27\" r=\"5\" fill=\"{color}\"><title>{} {}: {} {}</title></circle>",
            axis.x(seconds),
            offset(seconds),
            escape(&event_name(&event.event)),
            escape(event.by.as_deref().unwrap_or_default()),
            escape(&event.words)
        )?;
    }
    Ok(())
}
