//! The examples that pages quote.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The tree of examples.
pub(super) struct Examples {
    root: PathBuf,
    /// What a page should show, but is not there.
    pub(super) missing: BTreeSet<PathBuf>,
}

impl Examples {
    pub(super) fn of(root: &Path) -> Self {
        Examples {
            root: root.to_owned(),
            missing: BTreeSet::new(),
        }
    }

    /// An example that a page must have, as a section; nothing if it is not there, which is remembered.
    pub(super) fn usage(&mut self, file: &str) -> io::Result<String> {
        let Some(quoted) = self.quoted(file, "terraform")? else {
            self.missing.insert(self.root.join(file));
            return Ok(String::new());
        };
        Ok(format!("## Example Usage\n\n{quoted}\n"))
    }

    /// An example as a fenced block, if it is there.
    pub(super) fn quoted(&self, file: &str, language: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.root.join(file)) {
            Ok(text) => Ok(Some(format!("```{language}\n{}\n```\n", text.trim_end()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
