//! What was played so far, by all tests of this process.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use aws::faults::Faulty;

#[derive(Default)]
struct Counts {
    shapes: BTreeSet<&'static str>,
    runs: u64,
    kills: u64,
    faults: u64,
    calls: u64,
}

static COUNTS: Mutex<Option<Counts>> = Mutex::new(None);

/// What was played.
pub(crate) struct Tally;

impl Tally {
    fn with<T>(work: impl FnOnce(&mut Counts) -> T) -> T {
        let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        work(counts.get_or_insert_default())
    }

    /// A plan of a shape.
    pub(crate) fn shape(shape: &'static str) {
        Tally::with(|counts| counts.shapes.insert(shape));
    }

    /// A process that lived, and perhaps was killed.
    pub(crate) fn run(killed: bool) {
        Tally::with(|counts| {
            counts.runs += 1;
            counts.kills += u64::from(killed);
        });
    }

    /// The calls of a process's way, at its end.
    pub(crate) fn way(way: &Faulty) {
        let attempts = way.attempts();
        let faults = attempts.iter().filter(|it| it.fault.is_some()).count();
        Tally::with(|counts| {
            counts.calls += attempts.len() as u64;
            counts.faults += faults as u64;
        });
    }

    /// All of it in a line.
    pub(crate) fn text() -> String {
        Tally::with(|it| {
            format!(
                "so far {} shapes, {} processes, {} killed, {} calls, {} faults",
                it.shapes.len(),
                it.runs,
                it.kills,
                it.calls,
                it.faults
            )
        })
    }
}
