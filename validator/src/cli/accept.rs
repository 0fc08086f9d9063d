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
    for finding in wanted(&report, &arguments.fingerprints)? {
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
    starts: &[String],
) -> Result<Vec<&'r SavedFinding>, CliError> {
    let own = |finding: &&SavedFinding| finding.family == Family::Exceptions.word();
    if starts.is_empty() {
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
    let mut found = Vec::new();
    for start in starts {
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
                    "--fingerprint {start}: there is no such finding in the report"
                )));
            }
        }
    }
    Ok(found)
}
