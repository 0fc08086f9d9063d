//! Stores, lock, journal and commands on virtual time: one contract for every store, and seeded worlds with faults,
//! kills, paused processes and partitions.

mod contract;
mod lock;
mod lock_stories;
mod world;
