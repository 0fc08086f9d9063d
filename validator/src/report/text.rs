//! The report for people on a terminal.

use std::io::{self, Write};

use super::{FindingShown, GapShown, PlaceShown, Report, SideShown, last_line, words};
use crate::printable::line as printable;

/// Styles; the stream takes them out where nobody can see them.
const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const BLUE: &str = "\x1b[1;34m";
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Consequences of a finding that are listed; a lost subnet alone can have dozens.
const MOST_CONSEQUENCES: usize = 6;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    head(report, out)?;
    for finding in &report.findings {
        self::finding(finding, out)?;
    }
    gaps(&report.gaps, out)?;
    writeln!(out, "{BOLD}{}{PLAIN}", last_line(&report.summary))
}

fn head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let roles = &report.roles;
    let name = roles
        .estate
        .as_ref()
        .map(|name| format!("{name}: "))
        .unwrap_or_default();
    let how = roles
        .inferred
        .as_ref()
        .map(|how| format!(" ({how})"))
        .unwrap_or_default();
    writeln!(
        out,
        "{BOLD}{}primary {}, secondary {}{PLAIN}{}; strategy {}, address ranges {}; {}, {} without counterpart\n",
        printable(&name),
        printable(&roles.primary),
        printable(&roles.secondary.join(", ")),
        printable(&how),
        roles.strategy,
        roles.cidr,
        words::many(report.summary.pairs, "pair"),
        report.summary.strays,
    )
}

fn finding(finding: &FindingShown, out: &mut dyn Write) -> io::Result<()> {
    let (colour, word) = match finding.severity {
        "breaks" => (RED, "breaks"),
        "degrades" => (YELLOW, "degrades"),
        _ => (BLUE, "drifts"),
    };
    let sub = finding
        .sub
        .as_ref()
        .map(|sub| format!(" ({sub})"))
        .unwrap_or_default();
    let tier = finding
        .tier
        .as_ref()
        .map(|tier| format!(" [tier {tier}]"))
        .unwrap_or_default();
    writeln!(
        out,
        "{colour}{word}{PLAIN} {BOLD}{}{}{PLAIN}{DIM}{}{PLAIN}: {}",
        finding.rule,
        printable(&sub),
        printable(&tier),
        printable(&finding.message)
    )?;
    side("primary  ", &finding.primary, out)?;
    side("secondary", &finding.secondary, out)?;
    if finding.instances.len() > 1 {
        writeln!(
            out,
            "  {} instances: {}",
            finding.instances.len(),
            printable(&few(&finding.instances))
        )?;
    }
    writeln!(
        out,
        "  {DIM}in a failover:{PLAIN} {}",
        printable(&finding.impact)
    )?;
    if let Some(fix) = &finding.fix {
        let how = if finding.fixable {
            " (drcheck fix writes it)"
        } else {
            ""
        };
        let place = words::place(finding)
            .map(|place| format!(" at {}", at(place)))
            .unwrap_or_default();
        writeln!(
            out,
            "  {DIM}fix{}:{PLAIN} {}{how}",
            printable(&place),
            printable(fix)
        )?;
    }
    what_follows(finding, out)?;
    known(finding, out)?;
    writeln!(out)
}

fn what_follows(finding: &FindingShown, out: &mut dyn Write) -> io::Result<()> {
    for consequence in finding.consequences.iter().take(MOST_CONSEQUENCES) {
        writeln!(
            out,
            "  {DIM}follows:{PLAIN} {}: {}",
            consequence.rule,
            printable(&consequence.message)
        )?;
    }
    let more = finding.consequences.len().saturating_sub(MOST_CONSEQUENCES);
    if more > 0 {
        writeln!(
            out,
            "  {DIM}follows:{PLAIN} and {more} more, which json and html list"
        )?;
    }
    Ok(())
}

/// Why it does not count.
fn known(finding: &FindingShown, out: &mut dyn Write) -> io::Result<()> {
    if let Some(accepted) = &finding.accepted {
        writeln!(
            out,
            "  {DIM}accepted until {} by {}:{PLAIN} {}",
            printable(&accepted.expires),
            printable(&accepted.owner),
            printable(&accepted.reason)
        )?;
    }
    if finding.in_baseline {
        writeln!(out, "  {DIM}known from the baseline{PLAIN}")?;
    }
    Ok(())
}

/// The first of many, and how many more.
fn few(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(6).map(String::as_str).collect();
    let more = names.len().saturating_sub(shown.len());
    if more == 0 {
        shown.join(", ")
    } else {
        format!("{} and {more} more", shown.join(", "))
    }
}

fn side(role: &str, side: &SideShown, out: &mut dyn Write) -> io::Result<()> {
    let region = side.region.as_deref().unwrap_or("");
    let address = side.address.as_deref().unwrap_or("none");
    let value = match (&side.value, side.path.is_empty()) {
        (Some(value), true) => format!("  {value}"),
        (Some(value), false) => format!("  {} = {value}", side.path),
        (None, false) if side.address.is_some() => format!("  {} not set", side.path),
        (None, _) => String::new(),
    };
    let place = side
        .place
        .as_ref()
        .map(|place| format!("  at {}", at(place)))
        .unwrap_or_default();
    writeln!(
        out,
        "  {DIM}{role} {region}{PLAIN} {}{}{DIM}{}{PLAIN}",
        printable(address),
        printable(&value),
        printable(&place)
    )
}

fn at(place: &PlaceShown) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// Gaps by what would settle them: one line of `dr.hcl` or one variable often settles many.
fn gaps(gaps: &[GapShown], out: &mut dyn Write) -> io::Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BOLD}Undecided{PLAIN}")?;
    let mut groups: Vec<(&str, Vec<&GapShown>)> = Vec::new();
    for gap in gaps {
        match groups.iter_mut().find(|(settle, _)| *settle == gap.settle) {
            Some((_, members)) => members.push(gap),
            None => groups.push((&gap.settle, vec![gap])),
        }
    }
    for (settle, members) in groups {
        for gap in &members {
            writeln!(out, "  {}: {}", gap.rule, printable(&gap.message))?;
        }
        writeln!(out, "    {DIM}to settle:{PLAIN} {}\n", printable(settle))?;
    }
    Ok(())
}
