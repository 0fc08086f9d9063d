//! What functions see of the world: files inside of the boundary, and nothing else.

use std::fmt;
use std::sync::Arc;

/// What functions see of the world: nothing but the files inside of the boundary.
#[derive(Clone)]
pub struct Environment {
    /// Files, by paths relative to the root directory (Terraform's working directory).
    pub files: Arc<dyn Files + Send + Sync>,
}

impl Environment {
    /// A world without files.
    pub fn none() -> Self {
        Environment {
            files: Arc::new(NoFiles),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment(..)")
    }
}

/// What a look at the file system gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// It is there.
    Here(T),
    /// It is not there, or not of that kind: Terraform's error. The text says what.
    Missing(String),
    /// It lies outside of the boundary, or depends on the machine: not known. The text says why and what would settle it.
    Outside(String),
}

/// Read access inside of the boundary.
pub trait Files {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Found<Arc<[u8]>>;
    /// Whether there is a regular file.
    fn exists(&self, path: &str) -> Found<bool>;
    /// Regular files below a directory, as paths relative to it with forward slashes, without order.
    fn list(&self, directory: &str) -> Found<Vec<String>>;
}

/// No files at all: every path is missing.
#[derive(Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, path: &str) -> Found<Arc<[u8]>> {
        Found::Missing(format!("there is no file {path:?}"))
    }
    fn exists(&self, _path: &str) -> Found<bool> {
        Found::Here(false)
    }
    fn list(&self, directory: &str) -> Found<Vec<String>> {
        Found::Missing(format!("there is no directory {directory:?}"))
    }
}
