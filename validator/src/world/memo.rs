//! Remembers what was evaluated, and notices what asks for itself.

use std::cell::RefCell;
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Values by key; a key without a value is being evaluated.
#[derive(Debug)]
pub(crate) struct Memo<K, V>(RefCell<FxHashMap<K, Option<V>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo(RefCell::default())
    }
}

/// The key is being evaluated already: it depends on itself.
pub(crate) struct Cycle;

impl<K: Hash + Eq + Clone, V: Clone> Memo<K, V> {
    /// The remembered value, or the one that `make` gives now.
    pub(crate) fn get(&self, key: &K, make: impl FnOnce() -> V) -> Result<V, Cycle> {
        if let Some(entry) = self.0.borrow().get(key) {
            return entry.clone().ok_or(Cycle);
        }
        self.0.borrow_mut().insert(key.clone(), None);
        let value = make();
        self.0.borrow_mut().insert(key.clone(), Some(value.clone()));
        Ok(value)
    }
}
