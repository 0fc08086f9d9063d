//! What commands share about exceptions: the day, a check with all exceptions applied, and files that are written whole.

use std::io::Write as _;
use std::path::Path;

use jiff::civil::Date;

use super::CliError;
use super::arguments::Today;
use crate::check::{Options, Outcome};
use crate::exceptions;
use crate::mirror::Mirror;

/// The day that decides what is expired.
pub(super) fn today(given: &Today) -> Result<Date, CliError> {
    match &given.today {
        Some(text) => date("--today", text),
        None => Ok(jiff::tz::Offset::UTC
            .to_datetime(jiff::Timestamp::now())
            .date()),
    }
}

/// A day on the command line.
pub(super) fn date(argument: &str, text: &str) -> Result<Date, CliError> {
    text.parse().map_err(|_| {
        CliError::Usage(format!(
            "{argument} {text}: expected a day such as 2027-03-31"
        ))
    })
}

/// What a check found, with exceptions applied.
pub(super) fn applied(
    mirror: &Mirror<'_>,
    outcome: Outcome,
    options: &Options,
    given: &Today,
) -> Result<Outcome, CliError> {
    let today = today(given)?;
    Ok(exceptions::apply(mirror, outcome, options, today)?.outcome)
}

/// Writes a file whole or not at all: beside it first, then in its place.
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), CliError> {
    let refused = |error: std::io::Error| CliError::Write {
        path: path.display().to_string(),
        error,
    };
    // Through a link the file itself is written.
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let name = real
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let beside = real.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = std::fs::File::create_new(&beside).and_then(|mut file| {
        if let Ok(metadata) = std::fs::metadata(&real) {
            file.set_permissions(metadata.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, &real)
    });
    if written.is_err() {
        // Nothing half-written is left; that it may fail too changes nothing.
        let _ = std::fs::remove_file(&beside);
    }
    written.map_err(refused)
}
