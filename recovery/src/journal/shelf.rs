//! Journals that came to an end, kept by the process that read them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Raw;
use super::verify::{check_chain, ends};

/// The most journals that are kept; then the oldest makes room.
const MOST: usize = 64;

/// An execution, and the place of a store.
type Key = (String, String);

/// Journals that were read. Only whole ones that came to an end stand here: one under way grows, and what is wrong
/// with a broken one may be mended, so both are read anew each time.
#[derive(Debug, Default)]
pub struct Shelf {
    kept: Mutex<BTreeMap<Key, Vec<Raw>>>,
    reading: Mutex<BTreeMap<Key, Arc<tokio::sync::Mutex<()>>>>,
}

impl Shelf {
    /// Held by who reads a journal: another look that wants it too waits, and then finds it here.
    pub(super) fn turn(&self, place: &str, execution: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else holds what only this list knows of.
        reading.retain(|_, turn| Arc::strong_count(turn) > 1);
        let turn = reading.entry((execution.to_owned(), place.to_owned()));
        Arc::clone(turn.or_default())
    }

    /// The journal, where it still is what was listed: an execution that is gone on with has more entries than before.
    pub(super) fn find(
        &self,
        place: &str,
        execution: &str,
        listed: &[(u64, String)],
    ) -> Option<Vec<Raw>> {
        let kept = self.kept();
        let entries = kept.get(&(execution.to_owned(), place.to_owned()))?;
        let known = entries.iter().map(|entry| entry.number);
        let same = known.eq(listed.iter().map(|(number, _)| *number));
        same.then(|| entries.clone())
    }

    /// Keeps a journal, where it is whole and ended.
    pub(super) fn keep(&self, place: &str, execution: &str, entries: &[Raw]) {
        if !ends(entries) || !check_chain(execution, entries).is_empty() {
            return;
        }
        let mut kept = self.kept();
        kept.insert((execution.to_owned(), place.to_owned()), entries.to_vec());
        // Ids sort by the time they were made.
        while kept.len() > MOST {
            kept.pop_first();
        }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<Key, Vec<Raw>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
