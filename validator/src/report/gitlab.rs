//! GitLab's code quality report: an array of issues. What is undecided is one for information; what could not be read blocks.

use std::io::{self, Write};

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::{DiagnosticShown, FindingShown, GapShown, PlaceShown, Report, unread, words};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings.iter().filter(|finding| finding.counts());
    let issues: Vec<Json> = unread::all(report)
        .map(not_read)
        .chain(findings.map(finding))
        .chain(report.gaps.iter().map(gap))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue(
    (name, text): (&str, &str),
    severity: &str,
    fingerprint: &str,
    place: Option<&PlaceShown>,
) -> Json {
    json!({
        "description": text,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            // The format wants a file; a plan or state has none.
            "path": place.map_or(".", |place| place.file.as_str()),
            "lines": { "begin": place.map_or(1, |place| place.line) },
        },
    })
}

fn finding(finding: &FindingShown) -> Json {
    let severity = match finding.severity {
        "breaks" => "critical",
        "degrades" => "major",
        _ => "info",
    };
    let said = (finding.rule.as_str(), words::finding(finding));
    let place = words::place(finding);
    issue((said.0, &said.1), severity, &finding.fingerprint, place)
}

fn gap(gap: &GapShown) -> Json {
    let place = gap.secondary.place.as_ref().or(gap.primary.place.as_ref());
    let text = format!("Undecided: {}", words::gap(gap));
    issue((&gap.rule, &text), "info", &gap.fingerprint, place)
}

fn not_read(told: &DiagnosticShown) -> Json {
    let severity = if told.severity == "error" {
        "blocker"
    } else {
        "major"
    };
    let text = unread::placed(told);
    let fingerprint = crate::functions::hex(&Sha256::digest(text.as_bytes()));
    issue(
        ("not-read", &text),
        severity,
        &fingerprint,
        told.place.as_ref(),
    )
}
