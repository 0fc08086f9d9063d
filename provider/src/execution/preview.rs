//! What an execution would do now, as one warning: numbers first, short lines.

use std::fmt::Write as _;
use std::time::Duration;

use recovery::document::Document;
use recovery::engine::Member;
use recovery::engine::outlook::{Previews, at_risk, gates, in_the_way_of};
use recovery::gate::GateResult;
use recovery::message::{Message, duration_text};
use recovery::mode::Mode;
use recovery::plan_step::{Intent, Preview};
use recovery::predict::{History, predict};
use recovery::risk::Risk;

/// The longest line that a telephone shows without breaking it.
const WIDTH: usize = 60;

/// Gates that no earlier step, person or wait of this execution changes; those of plans that it runs by `PLAN/STEP`.
pub(crate) fn refused_for_good(family: &[Member], mode: Mode) -> Vec<(String, &GateResult)> {
    let mut closed = in_the_way_of(family, mode);
    closed.retain(|(_, gate)| gate.is_refused_for_good());
    closed
}

/// The data at risk in a few words, for a summary.
pub(crate) fn risk_words(previews: &Previews) -> String {
    match at_risk(previews) {
        (_, true) => "data at risk unknown".to_owned(),
        (Some(most), false) => format!("data at risk {}", duration_text(most)),
        (None, false) => "no data at risk measured".to_owned(),
    }
}

/// The text of the warning.
pub(crate) fn text(document: &Document, mode: Mode, previews: &Previews) -> String {
    let mut text = String::new();
    numbers(document, mode, previews, &mut text);
    text.push_str("\nSteps\n");
    for (step, preview) in previews {
        let _ = writeln!(text, "  {step}: {}", intent(preview));
    }
    let one_way: Vec<&str> = previews
        .iter()
        .filter(|it| is_one_way(it))
        .map(|it| it.0.as_str())
        .collect();
    if !one_way.is_empty() {
        text.push_str("\nCannot be undone\n");
        for (step, preview) in previews.iter().filter(|it| is_one_way(it)) {
            let Ok(Preview {
                intent: Intent::Act(act),
                ..
            }) = preview
            else {
                continue;
            };
            let _ = writeln!(text, "  {step}");
            put(&mut text, "    ", &act.words);
        }
    }
    later(previews, &mut text);
    notes(previews, &mut text);
    text.push_str("\nGates are asked again right before each act.");
    text
}

/// The numbers: what is at risk, and when it serves again.
fn numbers(document: &Document, mode: Mode, previews: &Previews, text: &mut String) {
    let _ = writeln!(text, "{}", capital(&risk_words(previews)));
    for tier in predict(document, mode, &History::new()).tiers {
        let Some(predicted) = &tier.predicted else {
            continue;
        };
        let objective = &document.tiers[&tier.tier];
        let word = if predicted.p95 > tier.rto {
            "OVER"
        } else {
            "within"
        };
        let _ = writeln!(
            text,
            "{}: serves in about {}, {word} {}; may lose {}",
            tier.tier,
            duration_text(predicted.p95),
            duration_text(tier.rto),
            duration_text(objective.rpo)
        );
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn is_one_way((_, preview): &(String, Result<Preview, Message>)) -> bool {
    let Ok(preview) = preview else { return false };
    matches!(&preview.intent, Intent::Act(act) if act.risk == Risk::OneWay)
}

/// What a step would do, in a few words.
fn intent(preview: &Result<Preview, Message>) -> String {
    match preview {
        Err(message) => clip(&format!("not known: {}", message.seen)),
        Ok(preview) => match &preview.intent {
            Intent::Nothing => "nothing to do".to_owned(),
            Intent::Wait(reason) => clip(&format!("waits: {reason}")),
            Intent::Act(act) if act.risk == Risk::OneWay => "acts, one-way".to_owned(),
            Intent::Act(act) => clip(&act.words),
            Intent::Fail(message) => clip(&format!("would fail: {}", message.seen)),
        },
    }
}

fn clip(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Gates that are closed now and asked again before their acts.
fn later(previews: &Previews, text: &mut String) {
    let closed: Vec<_> = gates(previews)
        .filter(|(_, gate)| !gate.is_open())
        .collect();
    if closed.is_empty() {
        return;
    }
    text.push_str("\nClosed now, asked again before the act\n");
    for (step, gate) in closed {
        let _ = writeln!(text, "  {step}: {}", gate.gate);
        put(text, "    ", &gate.message.seen);
        put(text, "    next: ", &gate.message.next);
    }
}

fn notes(previews: &Previews, text: &mut String) {
    let mut told: Vec<&String> = Vec::new();
    for (_, preview) in previews {
        let warnings = preview.iter().flat_map(|preview| &preview.warnings);
        for warning in warnings {
            if !told.contains(&warning) {
                told.push(warning);
            }
        }
    }
    if told.is_empty() {
        return;
    }
    text.push_str("\nTo know\n");
    for warning in told {
        put(text, "  ", warning);
    }
}

/// Writes words in lines that a telephone shows; what has no space stays whole.
pub(crate) fn put(text: &mut String, indent: &str, words: &str) {
    let rest: String = indent.chars().map(|_| ' ').collect();
    let mut line = indent.to_owned();
    let mut empty = true;
    for word in words.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line.clone_from(&rest);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    if !empty {
        let _ = writeln!(text, "{line}");
    }
}

/// Whole seconds, rounded up.
pub(crate) fn seconds(duration: Duration) -> i64 {
    let whole = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i64::try_from(whole).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::put;

    #[test]
    fn lines_break_between_words_and_keep_their_indent() {
        let mut text = String::new();
        put(&mut text, "  ", &"word ".repeat(20));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .all(|line| line.starts_with("  word") && line.len() <= 60),
            "{text}"
        );
    }
}
