//! Reads what `dr.hcl` says about comparing. All that is wrong in it is told at once, each with its place.

mod blocks;
mod fields;
mod rules;
mod seconds;
mod zones;

use crate::source::{Location, SourceFile, Sources, Span};
use crate::syntax;

use super::Settings;
pub(crate) use seconds::seconds;

/// Longest file; a line each for some ten thousand exceptions.
const LONGEST: usize = 4 * 1024 * 1024;

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub location: Location,
    /// What was seen, what was expected.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = &self.location;
        write!(
            f,
            "{}:{}:{}: {}",
            place.file, place.line, place.column, self.message
        )
    }
}

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(.problems))]
pub struct SettingsError {
    /// All that is wrong.
    pub problems: Vec<Problem>,
}

fn told(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Words at the top of the file.
pub(super) const BLOCKS: [&str; 10] = [
    "accept", "estate", "pair", "relation", "root", "rule", "single", "tier", "use", "zones",
];

/// Reads a file's text; `name` is the file as it was named.
///
/// # Errors
/// When something in it is wrong.
pub fn read(name: &str, text: Vec<u8>) -> Result<Settings, SettingsError> {
    if let Some(message) = refused(&text) {
        let location = Location {
            file: name.into(),
            line: 1,
            column: 1,
        };
        let problems = vec![Problem { location, message }];
        return Err(SettingsError { problems });
    }
    let sources = Sources::new();
    let file = sources.add(name, syntax::parse(std::sync::Arc::<[u8]>::from(text)));
    let mut problems: Vec<Problem> = Vec::new();
    for error in &file.ast.errors {
        problems.push(problem(&file, error.span, error.message.clone()));
    }
    let mut settings = Settings {
        file: Some(name.into()),
        ..Settings::default()
    };
    if problems.is_empty() {
        blocks::read(&file, &mut settings, &mut problems);
    }
    if problems.is_empty() {
        Ok(settings)
    } else {
        problems.sort_by(|a, b| a.location.cmp(&b.location));
        Err(SettingsError { problems })
    }
}

/// What cannot be read at all.
fn refused(text: &[u8]) -> Option<String> {
    if text.len() > LONGEST {
        return Some(format!(
            "the file has {} bytes; up to {LONGEST} are read",
            text.len()
        ));
    }
    std::str::from_utf8(text)
        .is_err()
        .then(|| "the file is not UTF-8".into())
}

pub(super) fn problem(file: &SourceFile, span: Span, message: impl Into<String>) -> Problem {
    Problem {
        location: file.location(span.start),
        message: message.into(),
    }
}
