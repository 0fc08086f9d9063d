//! Simulation of whole plans: seeded worlds, kills at every await point, two operators, orders of people, and engines
//! with a mistake that must be caught.
//!
//! `RECOVERY_SEED=17 cargo test -p recovery --test failover` replays one seed, `RECOVERY_SEEDS=5000` runs so many.

mod invariants;
mod mutants;
mod orders;
mod regressions;
mod rivals;
mod runs;
mod shapes;
mod tally;
mod unlocked;
mod world;
