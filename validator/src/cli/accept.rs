//! `drcheck accept`: writes entries for findings of a report into `dr.hcl`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::Accept as Arguments;
use super::{CliError, Exit, exceptions, roots};
use crate::documents;
use crate::exceptions::{Decision, SavedFinding, SavedReport, add, entries};
use crate::printable::line;
use crate::settings;
use crate::verdict::Family;

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, CliError> {
    let today = exceptions::today(&arguments.today)?;
    let last = exceptions::date("--expires", &arguments.expires)?;
    if last < today {
        return Err(CliError::Usage(format!(
            "--expires {last}: that day is over; an entry holds until the end of its last day"
        )));
    }
    warn_of_far(last, today);
    for (name, value) in [
        ("--owner", &arguments.owner),
        ("--reason", &arguments.reason),
    ] {
        if value.trim().is_empty() {
            return Err(CliError::Usage(format!("{name} says nothing")));
        }
    }
    let report = report(&arguments.from)?;
    let decision = Decision {
        owner: arguments.owner.clone(),
        reason: arguments.reason.clone(),
        expires: last.to_string(),
    };
    let mut accepts = Vec::new();
    for finding in wanted(&report, arguments)? {
        accepts.extend(entries(finding, &decision).map_err(CliError::Usage)?);
    }
    let file = file(arguments.path.as_deref());
    let shown = file.display().to_string();
    let text = roots::text(&file)?;
    // What is wrong with it already is told before anything is added.
    settings::read(&shown, text.clone().into())?;
    let in_use = report
        .findings
        .iter()
        .filter_map(|finding| Some(finding.accepted.as_ref()?.by.clone()))
        .collect();
    let (text, written) = add(&text, &accepts, &in_use)
        .map_err(|message| CliError::Usage(format!("{shown}: {message}")))?;
    settings::read(&shown, text.clone().into())?;
    exceptions::write_file(&file, &text)?;
    let mut out = std::io::stdout().lock();
    for entry in &written {
        let lines: Vec<_> = entry.lines().map(line).collect();
        writeln!(out, "{}\n", lines.join("\n"))?;
    }
    let entries = if written.len() == 1 {
        "entry"
    } else {
        "entries"
    };
    writeln!(
        out,
        "{} {entries} written to {}",
        written.len(),
        line(&shown)
    )?;
    Ok(Exit::Fine)
}

/// The file to write: that of the estate, or a new one in the directory.
fn file(path: Option<&Path>) -> PathBuf {
    let path = path.unwrap_or(Path::new("."));
    roots::estate_file(path).unwrap_or_else(|| {
        if path.extension().is_some_and(|extension| extension == "hcl") {
            path.to_path_buf()
        } else {
            path.join(roots::ESTATE)
        }
    })
}

fn report(path: &Path) -> Result<SavedReport, CliError> {
    let shown = path.display().to_string();
    let failed = |error| CliError::File {
        path: shown.clone(),
        error,
    };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(failed)?;
    } else {
        bytes = std::fs::read(path).map_err(failed)?;
    }
    let how = "drcheck --output json=FILE writes one";
    let text = documents::text(&bytes);
    let report: SavedReport =
        documents::parse(&text, &shown, "a report", how).map_err(super::read_error)?;
    documents::check_version(report.format_version.as_deref(), 1, &shown, "report")
        .map_err(super::read_error)?;
    Ok(report)
}

/// The findings that are named, or all that nobody accepted.
fn wanted<'r>(
    report: &'r SavedReport,
    arguments: &Arguments,
) -> Result<Vec<&'r SavedFinding>, CliError> {
    let own = |finding: &&SavedFinding| finding.family == Family::Exceptions.word();
    if arguments.all {
        let all: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.accepted.is_none() && !own(finding))
            .collect();
        if all.is_empty() {
            return Err(CliError::Usage(
                "the report has no finding that nobody accepted".into(),
            ));
        }
        return Ok(all);
    }
    if arguments.fingerprints.is_empty() {
        let open = report.findings.iter().filter(|it| it.accepted.is_none());
        return Err(CliError::Usage(format!(
            "which findings are accepted must be said: --fingerprint START for each, or --all for the {} that nobody accepted",
            open.filter(|it| !own(it)).count()
        )));
    }
    let mut found = Vec::new();
    for start in &arguments.fingerprints {
        let mut hits = report
            .findings
            .iter()
            .filter(|finding| finding.fingerprint.starts_with(start.as_str()));
        match (hits.next(), hits.next()) {
            (Some(finding), None) if own(&finding) => {
                return Err(CliError::Usage(format!(
                    "--fingerprint {start}: {} is about an entry of dr.hcl; change the entry",
                    finding.rule
                )));
            }
            (Some(finding), None) => found.push(finding),
            (Some(_), Some(_)) => {
                return Err(CliError::Usage(format!(
                    "--fingerprint {start}: several findings begin with it; give more digits"
                )));
            }
            (None, _) => {
                return Err(CliError::Usage(format!(
                    "--fingerprint {start}: {}",
                    follows(report, start)
                )));
            }
        }
    }
    Ok(found)
}

/// Why no finding has a fingerprint: it may be that of a consequence, which goes away with its cause.
fn follows(report: &SavedReport, start: &str) -> String {
    let cause = report.findings.iter().find_map(|finding| {
        let mut all = finding.consequences.iter();
        let consequence = all.find(|it| it.fingerprint.starts_with(start))?;
        Some((finding, consequence))
    });
    match cause {
        Some((finding, consequence)) => format!(
            "{} follows from the finding {} of {}; accept that one",
            consequence.rule,
            finding.fingerprint.get(..8).unwrap_or(&finding.fingerprint),
            finding.rule
        ),
        None => "there is no such finding in the report".into(),
    }
}

/// Days after which an entry is unlikely to be looked at again.
const LONG: i32 = 366;

/// Warns of a last day that is so far away that nobody will decide anew.
fn warn_of_far(last: jiff::civil::Date, today: jiff::civil::Date) {
    let days = today.until(last).map_or(i32::MAX, |span| span.get_days());
    if days > LONG {
        super::diagnostics::say_warning(&format!(
            "--expires {last} is more than a year away: an entry hides what it accepts until then, whoever has left; a nearer day makes somebody look again"
        ));
    }
}
