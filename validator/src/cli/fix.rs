//! `drcheck fix`: edits of the configuration, as a diff or in place.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::arguments::{Fix as Arguments, SourceArguments};
use super::check::words;
use super::progress::Progress;
use super::{CliError, Exit, diagnostics, exceptions, roots};
use crate::check::{self, Options};
use crate::fix::{self, Fixed, Looked, Place};
use crate::inventory::{Inventory, Sealer};
use crate::load::{Boundary, Edited};
use crate::printable::line;
use crate::rules;
use crate::settings::Settings;
use crate::sources::{self, Wanted};
use crate::verdict::{Family, Finding};

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let options = Options {
        select: words(&arguments.select, "--select")?,
        ignore: words(&arguments.ignore, "--ignore")?,
        ..Options::default()
    };
    let asked = SourceArguments {
        path: Some(arguments.path.clone().unwrap_or_else(|| PathBuf::from("."))),
        plans: Vec::new(),
        states: Vec::new(),
        inventories: Vec::new(),
        inputs: arguments.inputs.clone(),
        digest_key: None,
        quiet: arguments.quiet,
    };
    // One key for all looks: a digest may be part of what is compared.
    let sealer = Sealer::random();
    let settings = roots::settings(&asked)?;
    let progress = Progress::new(arguments.quiet);
    let wanted = roots::wanted(&asked, used, &|message| progress.say(message))?;
    let (base, limit) = place(&wanted, &asked)?;
    let read = sources::read(&wanted, &sealer, &|message| progress.say(message))?;
    progress.done();
    for (told, sources) in &read.told {
        diagnostics::say(told, sources.as_deref(), !arguments.quiet);
    }
    let today = exceptions::today(&arguments.today)?;
    let first = look(read.inventory, &settings, today)?;
    for start in &arguments.finding {
        let starts = |finding: &&Finding| finding.fingerprint.starts_with(start.as_str());
        if !first.findings.iter().any(|finding| starts(&finding)) {
            return Err(CliError::Usage(format!(
                "--finding {start}: no finding has such a fingerprint; drcheck check shows them in json and html"
            )));
        }
    }
    let again = |edited: &Edited| -> Result<Looked, String> {
        progress.say("checking an edit");
        let wanted =
            roots::edited(&asked, used, edited, &|_| {}).map_err(|error| error.to_string())?;
        let read = sources::read(&wanted, &sealer, &|_| {}).map_err(|error| error.to_string())?;
        look(read.inventory, &settings, today).map_err(|error| error.to_string())
    };
    let chosen = |finding: &Finding| {
        finding.accepted.is_none()
            && rules::find(&finding.rule).is_some_and(|rule| options.wants(rule))
            && (arguments.finding.is_empty()
                || arguments
                    .finding
                    .iter()
                    .any(|start| finding.fingerprint.starts_with(start.as_str())))
    };
    let place = Place {
        base: &base,
        limit: &limit,
    };
    let fixed = fix::apply(first, place, &chosen, &again);
    progress.done();
    show(&fixed, &base, arguments)
}

fn look(inventory: Inventory, settings: &Settings, today: Date) -> Result<Looked, CliError> {
    let mut settings = settings.clone();
    crate::exceptions::follow(&mut settings, &inventory);
    let options = Options::default();
    let (mirror, outcome) = check::check(&inventory, &settings, &options)?;
    let outcome = crate::exceptions::apply(&mirror, outcome, &options, today)?.outcome;
    Ok(Looked {
        // An entry that is not needed after an edit is no harm done by it.
        findings: outcome
            .findings
            .into_iter()
            .filter(|finding| finding.family != Family::Exceptions)
            .collect(),
        gaps: outcome
            .gaps
            .into_iter()
            .map(|gap| gap.fingerprint)
            .collect(),
        inventory,
    })
}

/// What places are relative to, and the directory that files must lie in.
fn place(wanted: &Wanted, asked: &SourceArguments) -> Result<(PathBuf, PathBuf), CliError> {
    let path = asked.path.as_deref().unwrap_or(Path::new("."));
    let request = wanted.roots.iter().find_map(|root| root.request.as_ref());
    let Some(request) = request else {
        return Err(CliError::Usage(format!(
            "{}: there is no configuration to edit, only plans, states or inventories",
            path.display()
        )));
    };
    let base = if wanted.roots.len() == 1 {
        request.root.clone()
    } else if path.is_file() {
        path.parent().unwrap_or(Path::new(".")).to_path_buf()
    } else {
        path.to_path_buf()
    };
    let boundary = Boundary::around(&request.root, request.boundary.as_deref())?;
    Ok((base, boundary.limit().to_path_buf()))
}

/// Prints the diff, or writes the files; then says what was left out.
fn show(fixed: &Fixed, base: &Path, arguments: &Arguments) -> Result<Exit, CliError> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (name, change) in &fixed.files {
        let shown = crate::load::lexical(&base.join(name))
            .to_string_lossy()
            .replace('\\', "/");
        if !arguments.write {
            write!(out, "{}", change.diff(&shown))?;
            continue;
        }
        let now = std::fs::read(&change.path).map_err(|error| CliError::File {
            path: shown.clone(),
            error,
        })?;
        if *now != *change.before {
            return Err(CliError::Usage(format!(
                "{shown} changed while its edits were checked; nothing more was written, run the command again"
            )));
        }
        std::fs::write(&change.path, &change.after)
            .map_err(|error| CliError::Usage(format!("cannot write {shown}: {error}")))?;
    }
    out.flush()?;
    let mut said = anstream::stderr().lock();
    let done = fixed.tried.iter().filter(|tried| tried.result.is_ok());
    let count = done.clone().count();
    for tried in &fixed.tried {
        let (rule, address) = (&tried.rule, line(&tried.address));
        match &tried.result {
            Ok(file) if !arguments.quiet => {
                writeln!(said, "{rule} of {address}: {} ({})", tried.text, line(file))?;
            }
            Ok(_) => {}
            Err(why) => writeln!(said, "left out: {rule} of {address}: {}", line(why))?,
        }
    }
    if !arguments.quiet {
        let verb = if arguments.write { "written" } else { "shown" };
        writeln!(said, "{count} of {} edits {verb}", fixed.tried.len())?;
    }
    Ok(if count == fixed.tried.len() {
        Exit::Fine
    } else {
        Exit::Refused
    })
}
