//! What a user is told: errors and warnings, each with its place.

use cty::{Path, PathError};

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the operation.
    pub error: bool,
    /// One line, without a final dot.
    pub summary: String,
    /// What was seen, what was expected, what to do next.
    pub detail: String,
    /// The attribute that it is about; empty when it is about the whole.
    pub path: Path,
}

/// Errors and warnings of one operation, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Adds an error about the whole.
    pub fn error(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.error_at(Path::root(), summary, detail);
    }

    /// Adds an error about an attribute.
    pub fn error_at(&mut self, path: Path, summary: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Diagnostic {
            error: true,
            summary: summary.into(),
            detail: detail.into(),
            path,
        });
    }

    /// Adds a warning about the whole.
    pub fn warning(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.warning_at(Path::root(), summary, detail);
    }

    /// Adds a warning about an attribute.
    pub fn warning_at(
        &mut self,
        path: Path,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.0.push(Diagnostic {
            error: false,
            summary: summary.into(),
            detail: detail.into(),
            path,
        });
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds what another operation found.
    pub fn extend(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Adds an error about a value that is not as the schema says: Terraform and the provider disagree.
    pub(crate) fn mismatch(&mut self, what: &str, error: &PathError) {
        self.error_at(
            error.path.clone(),
            format!("Terraform sent {what} that does not match the schema"),
            error.message.clone(),
        );
    }

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.error)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
