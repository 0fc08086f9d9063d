//! Finds, reads and merges the files of a configuration, inside of a boundary: the result is a tree of modules whose
//! expressions are not evaluated yet.

pub mod config;

/// A configuration that cannot be loaded at all.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct LoadError {
    /// The root as it was given.
    pub path: String,
    /// What was seen and what to do.
    pub message: String,
}
