//! Copies of a journal in the stores of other regions.

use std::collections::BTreeMap;

use aws::{ErrorKind, Region};

use super::{Raw, key, read};
use crate::store::{StaleStore, Store, Stores};

/// How many entries, from the first one on, a store is known to hold.
pub(super) type Copies = BTreeMap<Region, usize>;

/// Copies the journal of an execution from one region's store to all others, from the first entry that they may lack.
/// Returns the stores that do not hold it all.
pub async fn mirror(stores: &Stores, from: &Region, execution: &str) -> Vec<StaleStore> {
    let Some(source) = stores.of(from) else {
        return stores.stale();
    };
    match read(stores, source.as_ref(), execution).await {
        Ok(entries) => {
            let mut copies = Copies::default();
            copy_missing(stores, from, execution, &entries, &mut copies).await
        }
        Err(error) => vec![StaleStore {
            region: from.clone(),
            why: format!("the journal could not be read: {error}"),
        }],
    }
}

pub(super) async fn copy_missing(
    stores: &Stores,
    from: &Region,
    execution: &str,
    entries: &[Raw],
    copies: &mut Copies,
) -> Vec<StaleStore> {
    let known = copies.clone();
    let copied = stores
        .each(|store| {
            let known = known.get(store.region()).copied().unwrap_or_default();
            let is_source = store.region() == from;
            async move {
                if is_source {
                    return (entries.len(), None);
                }
                copy_to(stores, store.as_ref(), execution, entries, known).await
            }
        })
        .await;
    let mut stale = stores.stale();
    for (store, (count, why)) in copied {
        let region = store.region().clone();
        copies.insert(region.clone(), count);
        stale.extend(why.map(|why| StaleStore { region, why }));
    }
    stale
}

/// How many entries the store holds now, and why not all.
async fn copy_to(
    stores: &Stores,
    store: &dyn Store,
    execution: &str,
    entries: &[Raw],
    known: usize,
) -> (usize, Option<String>) {
    let region = store.region();
    for (index, entry) in entries.iter().enumerate().skip(known) {
        let key = key(execution, entry.number);
        let missing = entries.len() - index;
        let failed = |why: String| (index, Some(format!("{missing} entries are missing: {why}")));
        let created = stores
            .harmless(region, || store.create(&key, &entry.bytes))
            .await;
        match created {
            Ok(_) => {}
            Err(error) if error.kind == ErrorKind::PreconditionFailed => {
                match stores.harmless(region, || store.get(&key)).await {
                    Ok(Some(there)) if there.body == entry.bytes => {}
                    Ok(_) => {
                        return failed(format!("it holds another entry {}", entry.number));
                    }
                    Err(error) => return failed(error.to_string()),
                }
            }
            Err(error) => return failed(error.to_string()),
        }
    }
    (entries.len(), None)
}
