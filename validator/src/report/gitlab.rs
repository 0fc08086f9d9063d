//! GitLab's code quality report: an array of issues.

use std::io::{self, Write};

use serde_json::json;

use super::{Report, words};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<serde_json::Value> = report
        .findings
        .iter()
        .filter(|finding| finding.counts())
        .map(|finding| {
            let severity = match finding.severity {
                "breaks" => "critical",
                "degrades" => "major",
                _ => "info",
            };
            let place = words::place(finding);
            json!({
                "description": words::finding(finding),
                "check_name": finding.rule,
                "fingerprint": finding.fingerprint,
                "severity": severity,
                "location": {
                    // The format wants a file; a plan or state has none.
                    "path": place.map_or(".".to_owned(), |place| words::file(report, place)),
                    "lines": { "begin": place.map_or(1, |place| place.line) },
                },
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}
