//! A comment on a pull request: short enough for every forge, worst findings first.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{FindingShown, Report, SideShown, last_line, unread, words};

/// Most bytes of a comment; forges cut at 65,536.
const MOST: usize = 60_000;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    let roles = &report.roles;
    let _ = writeln!(
        text,
        "### drcheck: {} → {}\n\n{}\n",
        escape(&roles.primary),
        escape(&roles.secondary.join(", ")),
        last_line(&report.summary)
    );
    let counting: Vec<&FindingShown> = report
        .findings
        .iter()
        .filter(|finding| finding.counts())
        .collect();
    let mut left = counting.len();
    for finding in &counting {
        let section = section(finding);
        // Room for the sentence that says what was cut, and for gaps.
        if text.len() + section.len() > MOST - 2_000 {
            break;
        }
        text.push_str(&section);
        left -= 1;
    }
    if left > 0 {
        let _ = writeln!(
            text,
            "\n**{left} more findings are not shown here**; the full report has them.\n"
        );
    }
    not_read(report, &mut text);
    gaps(report, &mut text);
    out.write_all(text.as_bytes())
}

fn section(finding: &FindingShown) -> String {
    let sign = match finding.severity {
        "breaks" => "🔴",
        "degrades" => "🟠",
        _ => "🔵",
    };
    let mut text = String::new();
    let _ = writeln!(
        text,
        "<details><summary>{sign} <b>{}</b>: {}</summary>\n",
        html(&finding.rule),
        html(&finding.message)
    );
    let _ = writeln!(text, "| | address | value | place |\n|---|---|---|---|");
    for (role, side) in [
        ("primary", &finding.primary),
        ("secondary", &finding.secondary),
    ] {
        let _ = writeln!(text, "| {role} {} |", row(side));
    }
    let _ = writeln!(text, "\n**In a failover:** {}\n", escape(&finding.impact));
    if let Some(fix) = &finding.fix {
        let place = words::place(finding)
            .map(|place| format!(" at {}", code(&format!("{}:{}", place.file, place.line))))
            .unwrap_or_default();
        let _ = writeln!(text, "**Fix{place}:** {}\n", escape(fix));
    }
    if !finding.consequences.is_empty() {
        let _ = writeln!(
            text,
            "{} consequences follow from it.\n",
            finding.consequences.len()
        );
    }
    text.push_str("</details>\n\n");
    text
}

fn row(side: &SideShown) -> String {
    let place = side
        .place
        .as_ref()
        .map(|place| format!("{}:{}", place.file, place.line))
        .unwrap_or_default();
    let value = match (&side.value, side.path.is_empty()) {
        (Some(value), false) => format!("{} = {value}", side.path),
        (Some(value), true) => value.clone(),
        (None, _) => String::new(),
    };
    let cell = |text: &str| {
        if text.is_empty() {
            String::new()
        } else {
            code(text)
        }
    };
    format!(
        "{} | {} | {} | {}",
        escape(side.region.as_deref().unwrap_or("")),
        cell(side.address.as_deref().unwrap_or("none")),
        cell(&value),
        cell(&place)
    )
}

/// What could not be read: nothing of it was checked.
fn not_read(report: &Report, text: &mut String) {
    let all: Vec<_> = unread::all(report).collect();
    if all.is_empty() {
        return;
    }
    let _ = writeln!(text, "**Not read in full:**\n");
    for told in &all {
        let line = format!("- {}\n", escape(&unread::placed(told)));
        if text.len() + line.len() > MOST - 1_000 {
            text.push_str("- and more; the full report has them\n");
            break;
        }
        text.push_str(&line);
    }
    text.push('\n');
}

fn gaps(report: &Report, text: &mut String) {
    if report.gaps.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "<details><summary>{} undecided</summary>\n",
        report.gaps.len()
    );
    for gap in &report.gaps {
        let line = format!(
            "- **{}**: {} _{}_\n",
            gap.rule,
            escape(&words::sentence(&gap.message)),
            escape(&gap.settle)
        );
        if text.len() + line.len() > MOST - 200 {
            text.push_str("- and more; the full report has them\n");
            break;
        }
        text.push_str(&line);
    }
    text.push_str("\n</details>\n");
}

/// Text in which nothing is markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '`' | '[' | ']' | '|' | '#' | '\\' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace(['\n', '\r'], " ")
}

/// Text as code in a cell of a table.
fn code(text: &str) -> String {
    let clean = html(text).replace('|', "&#124;");
    format!("<code>{clean}</code>")
}
