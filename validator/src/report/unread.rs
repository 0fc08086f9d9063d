//! What could not be read, in words: errors and warnings about files, each with its place.

use super::{DiagnosticShown, Report, words};

/// Errors and warnings about what was read.
pub(super) fn all(report: &Report) -> impl Iterator<Item = &DiagnosticShown> {
    report.diagnostics.iter().filter(|it| it.severity != "note")
}

/// What was seen and what was expected.
pub(super) fn said(told: &DiagnosticShown) -> String {
    format!("{} {}", words::sentence(&told.summary), told.detail)
        .trim_end()
        .to_owned()
}

/// The same behind its place.
pub(super) fn placed(told: &DiagnosticShown) -> String {
    match &told.place {
        Some(place) => format!("{}:{}: {}", place.file, place.line, said(told)),
        None => said(told),
    }
}
