//! `drcheck check`: compares both regions and writes reports.

use std::io::{BufWriter, Write as _};

use super::arguments::{Check as Arguments, FailOn};
use super::outputs::{self, form};
use super::{CliError, Exit, baseline, exceptions, roots};
use crate::check::{self, Options};
use crate::diagnostic::Severity;
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
    let outputs = outputs::asked(&arguments.outputs)?;
    let (read, settings) = roots::read(&arguments.sources, used)?;
    outputs::refuse_sources(&outputs, arguments, &read.inventory)?;
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
    // Nobody selected the rule that is asked whatever is selected.
    let unselected = |name: &str| name == rules::NOT_READ && !options.select.is_empty();
    let asked = rules::all().filter(|rule| options.wants(rule) && !unselected(rule.name));
    report.asked = asked.map(|rule| rule.name).collect();
    // Files first: whoever reads stdout may have seen enough before the end of it.
    let failed = outputs::write_all(&report, &outputs);
    match print(&report, arguments) {
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    if !failed.is_empty() {
        return Err(CliError::Usage(failed.join("\n")));
    }
    Ok(exit(&report, &read.inventory, arguments))
}

/// At least one rule must be left to ask.
pub(super) fn something(options: &Options) -> Result<(), CliError> {
    // One rule is asked whatever is selected: it alone answers nothing.
    let asked = |rule: &rules::Rule| options.wants(rule) && rule.name != rules::NOT_READ;
    if rules::all().any(asked) {
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

fn exit(report: &Report, inventory: &Inventory, arguments: &Arguments) -> Exit {
    let summary = &report.summary;
    // An error that was told is never a success, whatever could be decided without what it is about.
    let unread = summary.modules_not_read > 0
        || inventory
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
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
