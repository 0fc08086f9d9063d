//! Writes edits of findings into configuration: a few bytes of a file, everything else as it was. What is written is read
//! and checked again first: see [`apply`].

mod apply;
mod follow;
mod locate;
mod text;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::load::Edited;

pub use apply::{Check, Looked, apply};
pub use text::Change;

/// One finding whose edit was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The rule.
    pub rule: Arc<str>,
    /// The instance that was to be edited.
    pub address: Arc<str>,
    /// What the edit does, one sentence.
    pub text: String,
    /// The file that was changed, as it is shown; or why nothing was.
    pub result: Result<String, String>,
}

/// What came out.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// Every finding that has an edit, in the order of reports.
    pub tried: Vec<Tried>,
    /// New texts of changed files, by resolved path.
    pub edited: Edited,
    /// Names of changed files as they are shown, with the texts before and after.
    pub files: BTreeMap<String, FileChange>,
}

/// A file that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its resolved path.
    pub path: PathBuf,
    /// What it held.
    pub before: Arc<[u8]>,
    /// What it is to hold.
    pub after: Arc<[u8]>,
}

impl FileChange {
    /// The change as a unified diff between `a/name` and `b/name`.
    pub fn diff(&self, name: &str) -> String {
        let name = name.trim_start_matches('/');
        let (before, after) = (
            String::from_utf8_lossy(&self.before),
            String::from_utf8_lossy(&self.after),
        );
        // Lines beside the edited one in a file of values may hold secrets.
        let context = if is_of_values(name) { 0 } else { 3 };
        similar::TextDiff::from_lines(&*before, &*after)
            .unified_diff()
            .context_radius(context)
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }
}

/// Whether a file holds values of variables only.
fn is_of_values(name: &str) -> bool {
    name.ends_with(".tfvars") || name.ends_with(".tfvars.json")
}

/// Where files of the estate lie, and which of them may be written.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The directory that names of files are relative to.
    pub base: &'a Path,
    /// The directory that files must lie in, resolved.
    pub limit: &'a Path,
}
