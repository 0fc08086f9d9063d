//! Annotations of GitHub workflows: one line a finding, at the place of the secondary.

use std::io::{self, Write};

use super::{Report, last_line, words};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        let level = match finding.severity {
            "breaks" => "error",
            "degrades" => "warning",
            _ => "notice",
        };
        let place = words::place(finding)
            .map(|place| {
                format!(
                    "file={},line={},col={},",
                    property(&words::file(report, place)),
                    place.line,
                    place.column
                )
            })
            .unwrap_or_default();
        writeln!(
            out,
            "::{level} {place}title={}::{}",
            property(&finding.rule),
            data(&words::finding(finding))
        )?;
    }
    writeln!(out, "{}", data(&last_line(&report.summary)))
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
