//! The journal of an execution: what was seen, decided and done, entry by entry, and who decided.
//!
//! Entries stand under `executions/<id>/NNNN.json`, are only ever created, and each carries the hash of the one before.
//! The owner of the plan's lock alone writes them, one after the other, to the store of the target; other stores get
//! copies when they answer. It binds in what people decided; what is true of resources is looked up in the world.

mod entry;
mod fold;
mod mirror;
mod verify;
mod writer;

use aws::Error;

pub use entry::{
    CommandNote, ConsentNote, Declaration, Entry, GateNote, Note, Observed, Phase, SCHEMA,
    TakeoverNote,
};
pub use fold::{Declared, State, StepState, fold};
pub use mirror::mirror;
pub use verify::{Anchor, Copy, Problem, Verification, verify};
pub use writer::{Journal, NotAppended};

use crate::store::{Store, Stores};

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

/// The entries of an execution in a store, in order, as they are kept there.
pub async fn read(stores: &Stores, store: &dyn Store, execution: &str) -> Result<Vec<Raw>, Error> {
    let (region, folder) = (store.region(), folder(execution));
    let keys = stores.harmless(region, || store.list(&folder)).await?;
    let mut entries = Vec::new();
    for key in keys {
        let Some(number) = number_of(&key, execution) else {
            continue;
        };
        let kept = stores.harmless(region, || store.get(&key)).await?;
        entries.extend(kept.map(|kept| Raw {
            number,
            bytes: kept.body,
        }));
    }
    entries.sort_by_key(|entry| entry.number);
    Ok(entries)
}

/// The ids of the executions in a store, in order.
pub async fn executions(stores: &Stores, store: &dyn Store) -> Result<Vec<String>, Error> {
    let keys = stores
        .harmless(store.region(), || store.list("executions/"))
        .await?;
    let ids = keys.iter().filter_map(|key| {
        let (id, _) = key.strip_prefix("executions/")?.split_once('/')?;
        Some(id.to_owned())
    });
    let mut ids: Vec<String> = ids.collect();
    ids.dedup();
    Ok(ids)
}
