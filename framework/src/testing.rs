//! Runs a provider in process, for tests.
