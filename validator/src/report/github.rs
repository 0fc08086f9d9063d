//! Annotations of GitHub workflows: one line a finding, at the place of the secondary; what is undecided and what could not be
//! read as well.

use std::io::{self, Write};

use super::{PlaceShown, Report, last_line, unread, words};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for told in unread::all(report) {
        let level = if told.severity == "error" {
            "error"
        } else {
            "warning"
        };
        line(
            out,
            level,
            told.place.as_ref(),
            "not read",
            &unread::said(told),
        )?;
    }
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        let level = match finding.severity {
            "breaks" => "error",
            "degrades" => "warning",
            _ => "notice",
        };
        let text = words::finding(finding);
        line(out, level, words::place(finding), &finding.rule, &text)?;
    }
    for gap in &report.gaps {
        let place = gap.secondary.place.as_ref().or(gap.primary.place.as_ref());
        let title = format!("undecided: {}", gap.rule);
        line(out, "notice", place, &title, &words::gap(gap))?;
    }
    writeln!(out, "{}", data(&last_line(&report.summary)))
}

fn line(
    out: &mut dyn Write,
    level: &str,
    place: Option<&PlaceShown>,
    title: &str,
    text: &str,
) -> io::Result<()> {
    let place = place
        .map(|place| {
            format!(
                "file={},line={},col={},",
                property(&place.file),
                place.line,
                place.column
            )
        })
        .unwrap_or_default();
    writeln!(
        out,
        "::{level} {place}title={}::{}",
        property(title),
        data(text)
    )
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
