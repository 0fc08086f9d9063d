//! Objects as files of JSON, or nowhere: then the state is all there is.

use std::path::PathBuf;
use std::{fs, io};

use terraform_framework::{Model, cty};

/// Where objects live.
#[derive(Debug)]
pub(crate) struct Store(Option<PathBuf>);

impl Store {
    pub(crate) fn new(directory: Option<&str>) -> Self {
        Store(directory.map(PathBuf::from))
    }

    /// Whether objects live anywhere beyond the state.
    pub(crate) fn is_real(&self) -> bool {
        self.0.is_some()
    }

    fn file(&self, id: &str) -> Option<PathBuf> {
        let directory = self.0.as_ref()?;
        // An id is a file name here, never a way out of the directory.
        let plain = id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        plain.then(|| directory.join(format!("{id}.json")))
    }

    pub(crate) fn put<M: Model>(&self, id: &str, model: &M) -> io::Result<()> {
        let Some(file) = self.file(id) else {
            return Ok(());
        };
        let json = cty::json::encode(&model.write(), &M::ty()).map_err(io::Error::other)?;
        fs::write(file, json)
    }

    pub(crate) fn get<M: Model>(&self, id: &str) -> Option<M> {
        let json = fs::read(self.file(id)?).ok()?;
        M::from_cty(&cty::json::decode(&json, &M::ty()).ok()?).ok()
    }

    pub(crate) fn remove(&self, id: &str) {
        // One that is already gone is as gone as it should be.
        let _ = self.file(id).map(fs::remove_file);
    }
}
