//! `drcheck check`: compares both regions and writes reports.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use super::arguments::{Check as Arguments, FailOn, ReportFormat};
use super::{CliError, Exit, baseline, exceptions, roots};
use crate::check::{self, Options};
use crate::diagnostic::{Kind, Severity};
use crate::inventory::Inventory;
use crate::report::{self, Form, Report};
use crate::rules;
use crate::verdict::Family;

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let options = Options {
        select: words(&arguments.select, "--select")?,
        ignore: words(&arguments.ignore, "--ignore")?,
        keyed: arguments.sources.digest_key.is_some(),
    };
    something(&options)?;
    let outputs = outputs(&arguments.outputs)?;
    let (read, settings) = roots::read(&arguments.sources, used)?;
    let (mirror, outcome) = check::check(&read.inventory, &settings, &options)?;
    let mut outcome = exceptions::applied(&mirror, outcome, &options, &arguments.today)?;
    if let Some(file) = &arguments.baseline {
        let moved = &read.inventory.moved;
        baseline::mark(&mut outcome, file, moved, arguments.sources.quiet)?;
    }
    let mut report = report::build(&report::Input {
        mirror: &mirror,
        outcome: &outcome,
    });
    report.place_from(&roots::base(&arguments.sources));
    let asked = rules::all().filter(|rule| options.wants(rule));
    report.asked = asked.map(|rule| rule.name).collect();
    print(&report, arguments)?;
    let failed = write_all(&report, &outputs);
    if !failed.is_empty() {
        return Err(CliError::Usage(failed.join("\n")));
    }
    Ok(exit(&report, &read.inventory, arguments))
}

/// At least one rule must be left to ask.
pub(super) fn something(options: &Options) -> Result<(), CliError> {
    if rules::all().any(|rule| options.wants(rule)) {
        return Ok(());
    }
    Err(CliError::Usage(
        "no rule is left to ask: --ignore takes away all that --select names".into(),
    ))
}

/// Rules and families that exist, else an error with the nearest name.
pub(super) fn words(given: &[String], argument: &str) -> Result<Vec<String>, CliError> {
    let known: Vec<&str> = rules::all()
        .map(|rule| rule.name)
        .chain(Family::ALL.into_iter().map(Family::word))
        .collect();
    for word in given {
        if !known.contains(&word.as_str()) {
            let hint = crate::settings::nearest(word, known.iter().copied())
                .map(|name| format!("; did you mean {name}?"))
                .unwrap_or_default();
            return Err(CliError::Usage(format!(
                "{argument} {word}: there is no such rule or family{hint} (drcheck rules lists them)"
            )));
        }
    }
    Ok(given.to_vec())
}

fn form(format: ReportFormat) -> Form {
    match format {
        ReportFormat::Text => Form::Text,
        ReportFormat::Json => Form::Json,
        ReportFormat::Sarif => Form::Sarif,
        ReportFormat::Junit => Form::Junit,
        ReportFormat::Gitlab => Form::Gitlab,
        ReportFormat::Markdown => Form::Markdown,
        ReportFormat::Github => Form::Github,
        ReportFormat::Html => Form::Html,
    }
}

fn outputs(given: &[String]) -> Result<Vec<(Form, String)>, CliError> {
    let all = named(given)?;
    for (at, (_, file)) in all.iter().enumerate() {
        let why = if all[..at].iter().any(|(_, other)| other == file) {
            "is named twice; each report needs a file of its own"
        } else if file == "-" {
            "is no file; --format F chooses what stdout gets"
        } else if SOURCES.iter().any(|end| file.ends_with(end)) {
            "is named like a file that is read; no report is written over one"
        } else {
            continue;
        };
        return Err(CliError::Usage(format!("--output: {file} {why}")));
    }
    Ok(all)
}

/// How files end that Terraform or drcheck reads.
const SOURCES: [&str; 6] = [".tf", ".tf.json", ".tofu", ".tfvars", ".tfstate", ".hcl"];

fn named(given: &[String]) -> Result<Vec<(Form, String)>, CliError> {
    use clap::ValueEnum as _;
    given
        .iter()
        .map(|text| {
            let (format, file) = text.split_once('=').unwrap_or((text, ""));
            match ReportFormat::from_str(format, true) {
                Ok(format) if !file.is_empty() => Ok((form(format), file.to_owned())),
                _ => Err(CliError::Usage(format!(
                    "--output {text}: expected FORMAT=FILE with text, json, sarif, junit, gitlab, markdown, github or html"
                ))),
            }
        })
        .collect()
}

fn print(report: &Report, arguments: &Arguments) -> Result<(), CliError> {
    let form = form(arguments.format);
    if form == Form::Text {
        let mut out = BufWriter::new(anstream::stdout().lock());
        report::write(report, form, &mut out)?;
        out.flush()?;
    } else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        report::write(report, form, &mut out)?;
        out.flush()?;
    }
    Ok(())
}

/// Writes all that can be written, and says what cannot.
fn write_all(report: &Report, outputs: &[(Form, String)]) -> Vec<String> {
    let mut failed = Vec::new();
    for (form, file) in outputs {
        let written = File::create(file).and_then(|file| {
            let mut out = BufWriter::new(file);
            if *form == Form::Text {
                let mut text = anstream::StripStream::new(Vec::new());
                report::write(report, *form, &mut text)?;
                out.write_all(&text.into_inner())?;
            } else {
                report::write(report, *form, &mut out)?;
            }
            out.flush()
        });
        if let Err(error) = written {
            failed.push(format!("cannot write {file}: {error}"));
        }
    }
    failed
}

fn exit(report: &Report, inventory: &Inventory, arguments: &Arguments) -> Exit {
    let unread = inventory.diagnostics.iter().any(|diagnostic| {
        diagnostic.severity == Severity::Error
            && matches!(diagnostic.kind, Kind::Syntax | Kind::Document)
    });
    let summary = &report.summary;
    let failing = match arguments.fail_on {
        FailOn::Drifts => summary.breaks + summary.degrades + summary.drifts,
        FailOn::Degrades => summary.breaks + summary.degrades,
        FailOn::Breaks => summary.breaks,
        FailOn::Never => 0,
    };
    if unread || summary.relations == 0 {
        Exit::Incomplete
    } else if failing > 0 {
        Exit::Refused
    } else if arguments.strict && summary.undecided > 0 {
        Exit::Undecided
    } else {
        Exit::Fine
    }
}
