//! Tests of the actions in process.
