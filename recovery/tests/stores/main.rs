//! Stores, lock, journal, commands and records on virtual time: one contract for every store, and seeded worlds with faults,
//! kills, paused processes and partitions.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod commands;
mod contract;
mod journal;
mod journal_reading;
mod lock;
mod lock_life;
mod lock_stories;
mod peace;
mod world;
