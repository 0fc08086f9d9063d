//! `drcheck init`: writes a `dr.hcl` from what it sees.

use std::io::Write as _;
use std::path::Path;

use super::arguments::Init as Arguments;
use super::{CliError, Exit, exceptions, inventory, roots};
use crate::check::{self, Options};
use crate::printable::line;
use crate::settings::{self, Settings, proposal};

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let path = arguments.sources.path.as_deref().unwrap_or(Path::new("."));
    let there = roots::estate_file(path);
    let file = there.clone().unwrap_or_else(|| path.join(roots::ESTATE));
    let shown = file.display().to_string();
    if let Some(there) = &there {
        refuse(there, arguments)?;
    }
    let text = match &there {
        Some(there) => kept(there, arguments, used)?,
        None => proposed(arguments, used, &shown)?,
    };
    // Nothing is written that could not be read.
    settings::read(&shown, text.clone().into())?;
    let mut out = std::io::stdout().lock();
    if arguments.print {
        out.write_all(text.as_bytes())?;
        return Ok(Exit::Fine);
    }
    exceptions::write_file(&file, &text)?;
    writeln!(
        out,
        "{} written; look through it, then run drcheck again",
        line(&shown)
    )?;
    Ok(Exit::Fine)
}

/// A file that is there is not touched by mistake.
fn refuse(file: &Path, arguments: &Arguments) -> Result<(), CliError> {
    if arguments.print {
        return Ok(());
    }
    if arguments.force {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{} is there already; --print shows what would be added to it, --force adds it",
        file.display()
    )))
}

/// A file where there is none.
fn proposed(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
    shown: &str,
) -> Result<String, CliError> {
    let read = inventory::read(&arguments.sources, used)?;
    let options = Options::default();
    let defaults = Settings::default();
    match check::check(&read.inventory, &defaults, &options) {
        Ok((mirror, outcome)) => Ok(proposal::of(&mirror, &outcome)),
        Err(error) => {
            let Some(start) = &error.suggestion else {
                return Err(error.into());
            };
            // The suggestion is where to begin; what follows from it can be told only if both regions are there.
            let guessed = settings::read(shown, start.clone().into())?;
            Ok(match check::check(&read.inventory, &guessed, &options) {
                Ok((mirror, outcome))
                    if !outcome.findings.is_empty() || !mirror.pairs().is_empty() =>
                {
                    proposal::guessed(&error, &proposal::of(&mirror, &outcome))
                }
                _ => proposal::guessed(&error, start),
            })
        }
    }
}

/// A file that is there, with what it does not say yet. Nothing of it is lost.
fn kept(
    file: &Path,
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<String, CliError> {
    let text = roots::text(file)?;
    let (read, settings) = roots::read(&arguments.sources, used)?;
    let (mirror, outcome) = check::check(&read.inventory, &settings, &Options::default())?;
    Ok(proposal::beside(&text, &mirror, &outcome))
}
