//! Annotations of GitHub workflows: one line a finding, at the place of the secondary.

use std::io::{self, Write};

use super::{FindingShown, PlaceShown, Report, last_line};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        let level = match finding.severity {
            "breaks" => "error",
            "degrades" => "warning",
            _ => "notice",
        };
        let place = place(finding)
            .map(|place| {
                format!(
                    "file={},line={},col={},",
                    property(&place.file),
                    place.line,
                    place.column
                )
            })
            .unwrap_or_default();
        let text = format!("{} In a failover: {}", finding.message, finding.impact);
        writeln!(
            out,
            "::{level} {place}title={}::{}",
            property(&finding.rule),
            data(&text)
        )?;
    }
    writeln!(out, "{}", data(&last_line(&report.summary)))
}

/// Where the finding is shown: the secondary's place, else the primary's.
pub(super) fn place(finding: &FindingShown) -> Option<&PlaceShown> {
    finding
        .secondary
        .place
        .as_ref()
        .or(finding.primary.place.as_ref())
}

/// Text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
