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
    let read = inventory::read(&arguments.sources, used)?;
    let options = Options::default();
    let defaults = Settings::default();
    let text = match check::check(&read.inventory, &defaults, &options) {
        Ok((mirror, outcome)) => proposal::of(&mirror, &outcome),
        Err(error) => {
            let Some(start) = &error.suggestion else {
                return Err(error.into());
            };
            // The suggestion is where to begin; what follows from it can be told only if both regions are there.
            let guessed = settings::read(&shown, start.clone().into())?;
            match check::check(&read.inventory, &guessed, &options) {
                Ok((mirror, outcome))
                    if !outcome.findings.is_empty() || !mirror.pairs().is_empty() =>
                {
                    proposal::guessed(&error, &proposal::of(&mirror, &outcome))
                }
                _ => proposal::guessed(&error, start),
            }
        }
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

/// A file that is there is not lost by mistake.
fn refuse(file: &Path, arguments: &Arguments) -> Result<(), CliError> {
    if arguments.print {
        return Ok(());
    }
    let shown = file.display();
    if !arguments.force {
        return Err(CliError::Usage(format!(
            "{shown} is there already; --print shows what would be written, --force writes over it"
        )));
    }
    let text = roots::text(file)?;
    if text
        .lines()
        .any(|line| line.trim_start().starts_with("root "))
    {
        return Err(CliError::Usage(format!(
            "{shown} names roots, which init does not see; edit it by hand (--print shows the rest)"
        )));
    }
    Ok(())
}
