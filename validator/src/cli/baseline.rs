//! `drcheck baseline`: findings that are known on the first day.

use std::io::Write as _;
use std::path::Path;

use super::arguments::{Baseline as Arguments, BaselineWrite};
use super::{CliError, Exit, exceptions, roots};
use crate::check::{self, Options, Outcome};
use crate::exceptions::Baseline;
use crate::inventory::Move;
use crate::printable::line;

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let Arguments::Write(arguments) = arguments;
    write(
        arguments,
        used.and_then(clap::ArgMatches::subcommand)
            .map(|(_, matches)| matches),
    )
}

fn write(arguments: &BaselineWrite, used: Option<&clap::ArgMatches>) -> Result<Exit, CliError> {
    let (read, settings) = roots::read(&arguments.sources, used)?;
    let options = Options {
        keyed: arguments.sources.digest_key.is_some(),
        ..Options::default()
    };
    let (mirror, outcome) = check::check(&read.inventory, &settings, &options)?;
    let outcome = exceptions::applied(&mirror, outcome, &options, &arguments.today)?;
    let baseline = Baseline::of(&outcome);
    exceptions::write_file(&arguments.to, &baseline.text())?;
    writeln!(
        std::io::stdout().lock(),
        "{} fingerprints written to {}",
        baseline.len(),
        line(&arguments.to.display().to_string())
    )?;
    Ok(Exit::Fine)
}

/// Marks what a baseline knows.
pub(super) fn mark(
    outcome: &mut Outcome,
    file: &Path,
    moved: &[Move],
    quiet: bool,
) -> Result<(), CliError> {
    let shown = file.display().to_string();
    let text = std::fs::read(file).map_err(|error| CliError::File {
        path: shown.clone(),
        error,
    })?;
    let baseline = Baseline::read(&text, &shown).map_err(super::read_error)?;
    let gone = baseline.mark(outcome, moved);
    if gone > 0 && !quiet {
        // Nothing can be done where even stderr is gone.
        let _ = writeln!(
            anstream::stderr().lock(),
            "note: {gone} of {} fingerprints of {} are not met any more; drcheck baseline write makes it smaller",
            baseline.len(),
            line(&shown)
        );
    }
    Ok(())
}
