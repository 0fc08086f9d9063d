//! Random damage to real input: every reader and the evaluator take it, in time and without a panic. Each test runs for
//! `DRCHECK_FUZZ_SECONDS`, two where nothing is said; `make fuzz` runs longer. What is found is left in a file and named.

#[path = "fuzz/dense.rs"]
mod dense;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/round.rs"]
mod round;
#[path = "fuzz/targets.rs"]
mod targets;
