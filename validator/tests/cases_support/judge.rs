//! Holds a report against what a case says must come out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::read::{Case, Kind};

/// A list of a report.
pub(crate) fn list<'r>(report: &'r Json, name: &str) -> impl Iterator<Item = &'r Json> {
    report[name].as_array().into_iter().flatten()
}

/// What a report says of one rule.
struct Said<'r> {
    findings: Vec<&'r Json>,
    /// Findings of other rules that this one's are told under.
    under: Vec<&'r Json>,
    gaps: Vec<&'r Json>,
    holds: u64,
}

impl<'r> Said<'r> {
    fn of(rule: &str, report: &'r Json) -> Self {
        let of = |list: &'r str| {
            self::list(report, list)
                .filter(|told| told["rule"] == rule)
                .collect()
        };
        let follows = |told: &&Json| {
            told["rule"] != rule
                && list(told, "consequences").any(|follows| follows["rule"] == rule)
        };
        let asked = list(report, "rules").find(|told| told["rule"] == rule);
        Said {
            findings: of("findings"),
            under: list(report, "findings").filter(follows).collect(),
            gaps: of("gaps"),
            holds: asked
                .and_then(|told| told["hold"].as_u64())
                .unwrap_or_default(),
        }
    }
}

/// What is wrong with a report, if anything.
pub(crate) fn judge(rule: &str, case: &Case, report: &Json) -> Option<String> {
    let said = Said::of(rule, report);
    let problem = match case.kind {
        Kind::Broken => broken(case, &said),
        Kind::Holds => holds(&said),
        Kind::Undecided => undecided(&said),
    }?;
    Some(format!("  {problem}\n{}", shown(rule, &said, report)))
}

fn broken(case: &Case, said: &Said<'_>) -> Option<String> {
    let counts = |told: &&&Json| told["accepted"].is_null() && told["in_baseline"] == false;
    let Some(_) = said.findings.iter().find(counts) else {
        return Some(match said.under.as_slice() {
            [] => "expected a finding, there is none".into(),
            _ => "expected a finding, there is only a consequence of another rule's".into(),
        });
    };
    let places = said
        .findings
        .iter()
        .filter(counts)
        .flat_map(|told| [&told["primary"], &told["secondary"]]);
    let mut places = places
        .map(|side| &side["place"])
        .filter(|place| !place.is_null());
    (!places.any(|place| is_in(case, place)))
        .then(|| "no place of the finding lies in the case".into())
}

/// Whether something stands at a place in the files of a case.
fn is_in(case: &Case, place: &Json) -> bool {
    let text = place["file"].as_str().and_then(|file| case.files.get(file));
    let line = place["line"]
        .as_u64()
        .and_then(|line| usize::try_from(line).ok()?.checked_sub(1));
    let line = text
        .zip(line)
        .and_then(|(text, line)| text.lines().nth(line));
    line.is_some_and(|line| !line.trim().is_empty())
}

fn holds(said: &Said<'_>) -> Option<String> {
    silent(said).or_else(|| match (said.gaps.len(), said.holds) {
        (0, 0) => Some("the rule asked nothing".into()),
        (0, _) => None,
        _ => Some("expected an answer, there is a gap".into()),
    })
}

fn undecided(said: &Said<'_>) -> Option<String> {
    silent(said).or_else(|| {
        if said.gaps.is_empty() {
            return Some("expected a gap, there is none".into());
        }
        let says = |told: &&Json| {
            told["settle"]
                .as_str()
                .is_some_and(|text| !text.trim().is_empty())
        };
        (!said.gaps.iter().all(says)).then(|| "a gap does not say what would settle it".into())
    })
}

/// What must not be there where nothing is broken.
fn silent(said: &Said<'_>) -> Option<String> {
    match (said.findings.as_slice(), said.under.as_slice()) {
        ([], []) => None,
        ([], _) => Some("expected no finding, one is told under another rule's".into()),
        _ => Some("expected no finding, there is one".into()),
    }
}

/// All that a report says of a rule, and which other rules say something.
fn shown(rule: &str, said: &Said<'_>, report: &Json) -> String {
    let mut text = format!("  {rule}: {} hold", said.holds);
    let entries = |word: &'static str, list: &[&Json]| {
        list.iter()
            .map(|told| (word, (*told).clone()))
            .collect::<Vec<_>>()
    };
    let all = [
        entries("finding", &said.findings),
        entries("gap", &said.gaps),
        entries("told under", &said.under),
    ];
    for (word, told) in all.concat() {
        let at = |side: &str| {
            let (address, path) = (&told[side]["address"], &told[side]["path"]);
            let place = &told[side]["place"];
            format!(
                "{} {} ({}:{})",
                address.as_str().unwrap_or("-"),
                path.as_str().unwrap_or_default(),
                place["file"].as_str().unwrap_or("-"),
                place["line"]
            )
        };
        let _ = write!(
            text,
            "\n  {word} of {}: {} | {} | {}",
            told["rule"].as_str().unwrap_or_default(),
            told["message"].as_str().unwrap_or_default(),
            at("primary"),
            at("secondary")
        );
        if let Some(settle) = told["settle"].as_str() {
            let _ = write!(text, " | {settle} {}", told["because"]);
        }
    }
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for (name, word) in [("findings", ""), ("gaps", "?")] {
        for told in list(report, name).filter(|told| told["rule"] != rule) {
            let name = told["rule"].as_str().unwrap_or_default();
            *others.entry(format!("{name}{word}")).or_default() += 1;
        }
    }
    let others: Vec<String> = others
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    let _ = write!(text, "\n  others: {}", others.join(", "));
    text
}
