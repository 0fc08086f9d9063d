//! What went wrong or could not be told, with its place: data until somebody prints it.

use std::sync::Arc;

use crate::source::{Location, Place};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was not read, or is wrong: a part of the estate is missing from what was seen.
    Error,
    /// Read, but worth a look.
    Warning,
    /// Something is unknown, and this is what would settle it.
    Note,
}

/// What a diagnostic costs the run; decides exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A file or a part of one could not be parsed.
    Syntax,
    /// Files, modules or inputs could not be found, or lie outside of the boundary.
    Load,
    /// Parsed, but Terraform would refuse it.
    Evaluation,
    /// A plan, state or saved inventory could not be read.
    Document,
    /// An input has no value.
    Input,
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What it costs the run.
    pub kind: Kind,
    /// One line without a final dot: what was seen.
    pub summary: String,
    /// Sentences: what was expected and the next move. May be empty.
    pub detail: String,
    /// Where, in a file that is at hand.
    pub place: Option<Place>,
    /// Where, as people read it. Filled in from `place` when diagnostics leave the run, or given directly for documents
    /// that are no source files.
    pub location: Option<Location>,
    /// The address it is about, as `module.a.aws_vpc.main`.
    pub address: Option<Arc<str>>,
}

impl Diagnostic {
    /// An error of some kind, without a place.
    pub fn error(kind: Kind, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            kind,
            summary: summary.into(),
            detail: detail.into(),
            place: None,
            location: None,
            address: None,
        }
    }

    /// A warning of some kind, without a place.
    pub fn warning(kind: Kind, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(kind, summary, detail)
        }
    }

    /// A note of some kind, without a place.
    pub fn note(kind: Kind, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Note,
            ..Diagnostic::error(kind, summary, detail)
        }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, about an address.
    #[must_use]
    pub fn about(mut self, address: impl Into<Arc<str>>) -> Self {
        self.address = Some(address.into());
        self
    }
}
