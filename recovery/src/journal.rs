//! The journal of an execution: what was seen, decided and done, entry by entry, and who decided.
//!
//! Entries stand under `executions/<id>/NNNN.json`, are only ever created, and each carries the hash of the one before.
//! The owner of the plan's lock alone writes them, one after the other, to the store of the target; other stores get
//! copies when they answer. It binds in what people decided; what is true of resources is looked up in the world.

mod entry;
mod fold;
mod mirror;
mod shelf;
mod verify;
mod writer;

use std::collections::BTreeMap;

use aws::Error;

pub use entry::{
    CommandNote, ConsentNote, Declaration, Entry, GateNote, Note, Observed, Phase, SCHEMA,
    TakeoverNote,
};
pub use fold::{Declared, State, StepState, fold};
pub use mirror::mirror;
pub use shelf::Shelf;
pub use verify::{Anchor, Copy, Problem, Verification, verify};
pub use writer::{Journal, NotAppended};

use crate::store::{Store, Stores, together};

/// So many entries are read at once.
const AT_ONCE: usize = 16;

/// The bytes of an entry under the number that its key gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The number of its key.
    pub number: u64,
    /// What is kept there.
    pub bytes: Vec<u8>,
}

/// The key of an entry.
pub fn key(execution: &str, number: u64) -> String {
    format!("{}{number:04}.json", folder(execution))
}

fn folder(execution: &str) -> String {
    format!("executions/{execution}/")
}

fn number_of(key: &str, execution: &str) -> Option<u64> {
    let name = key.strip_prefix(&folder(execution))?;
    let number = name.strip_suffix(".json")?;
    number.parse().ok()
}

/// The entries that a store holds, by execution: their numbers in order, each with its key.
pub(crate) type Listing = BTreeMap<String, Vec<(u64, String)>>;

/// Lists the entries of one execution, or of all, by one question.
pub(crate) async fn list(
    stores: &Stores,
    store: &dyn Store,
    execution: Option<&str>,
) -> Result<Listing, Error> {
    let prefix = execution.map_or_else(|| "executions/".to_owned(), folder);
    let keys = stores
        .harmless(store.region(), || store.list(&prefix))
        .await?;
    let mut listing = Listing::new();
    for key in keys {
        let Some((id, _)) = key
            .strip_prefix("executions/")
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let number = number_of(&key, id);
        let entries = listing.entry(id.to_owned()).or_default();
        entries.extend(number.map(|number| (number, key)));
    }
    for entries in listing.values_mut() {
        entries.sort();
    }
    Ok(listing)
}

/// The entries of an execution in a store, in order, as they are kept there now.
pub async fn read(stores: &Stores, store: &dyn Store, execution: &str) -> Result<Vec<Raw>, Error> {
    let mut listing = list(stores, store, Some(execution)).await?;
    let listed = listing.remove(execution).unwrap_or_default();
    fetch(stores, store, &listed).await
}

/// A store's copy of a journal, for comparing it with the others; as [`recall`] reads it.
pub(crate) async fn copy(
    stores: &Stores,
    store: &dyn Store,
    execution: &str,
) -> Result<Vec<Raw>, Error> {
    let mut listing = list(stores, store, Some(execution)).await?;
    let listed = listing.remove(execution).unwrap_or_default();
    recall(stores, store, execution, &listed).await
}

/// The same, of entries that were listed just now. A whole journal that came to an end is asked for once in a process:
/// entries are never changed, and one that goes on is listed with more of them.
pub(crate) async fn recall(
    stores: &Stores,
    store: &dyn Store,
    execution: &str,
    listed: &[(u64, String)],
) -> Result<Vec<Raw>, Error> {
    let place = store.place();
    let turn = stores.shelf.turn(&place, execution);
    let _reading = turn.lock().await;
    if let Some(entries) = stores.shelf.find(&place, execution, listed) {
        return Ok(entries);
    }
    let entries = fetch(stores, store, listed).await?;
    stores.shelf.keep(&place, execution, &entries);
    Ok(entries)
}

async fn fetch(
    stores: &Stores,
    store: &dyn Store,
    listed: &[(u64, String)],
) -> Result<Vec<Raw>, Error> {
    let mut entries = Vec::new();
    for some in listed.chunks(AT_ONCE) {
        let asked = some.iter().map(|(number, key)| async move {
            let kept = stores.harmless(store.region(), || store.get(key)).await?;
            Ok(kept.map(|kept| Raw {
                number: *number,
                bytes: kept.body,
            }))
        });
        for answer in together(asked.collect()).await {
            entries.extend(answer?);
        }
    }
    Ok(entries)
}

/// The ids of the executions in a store, in order.
pub async fn executions(stores: &Stores, store: &dyn Store) -> Result<Vec<String>, Error> {
    Ok(list(stores, store, None).await?.into_keys().collect())
}
