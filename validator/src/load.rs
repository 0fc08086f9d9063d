//! Finds, reads and merges the files of a configuration, inside of a boundary: the result is a tree of modules whose
//! expressions are not evaluated yet.

pub mod config;
