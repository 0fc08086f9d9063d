//! The journals in the stores of a plan: each store is asked once which there are, and of an execution the longest journal
//! that answers is read, and no other.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Record;
use crate::journal::{self, Listing, Raw};
use crate::message::{Message, region_list};
use crate::next_move;
use crate::store::{Store, Stores};

/// What the stores list.
pub(super) struct Journals<'a> {
    stores: &'a Stores,
    listed: Vec<(&'a Arc<dyn Store>, Listing)>,
    /// Why a store did not say what it holds.
    silent: Option<String>,
}

impl<'a> Journals<'a> {
    /// Asks all stores for the journals of one execution, or of all.
    ///
    /// # Errors
    /// When no store answers.
    pub(super) async fn list(
        stores: &'a Stores,
        execution: Option<&'a str>,
    ) -> Result<Journals<'a>, Message> {
        let asked = stores.each(|store| journal::list(stores, store.as_ref(), execution));
        let (mut listed, mut silent) = (Vec::new(), None);
        for (store, answer) in asked.await {
            match answer {
                Ok(listing) => listed.push((store, listing)),
                Err(error) => silent = Some(error.to_string()),
            }
        }
        if listed.is_empty() {
            return Err(no_store(stores, silent));
        }
        Ok(Journals {
            stores,
            listed,
            silent,
        })
    }

    /// The ids of all executions that a store knows, in the order in which they were begun.
    pub(super) fn ids(&self) -> BTreeSet<&str> {
        let listings = self.listed.iter().map(|(_, listing)| listing);
        // Ids sort by the time they were made.
        listings
            .flat_map(|it| it.keys().map(String::as_str))
            .collect()
    }

    /// The longest journal of an execution that answers, whether it holds or not.
    ///
    /// # Errors
    /// When no store that lists it answers, or there is no such execution.
    pub(super) async fn entries(&self, id: &str) -> Result<Vec<Raw>, Message> {
        let listed = self.listed.iter();
        let mut listed: Vec<_> = listed
            .filter_map(|(store, listing)| Some((*store, listing.get(id)?)))
            .filter(|(_, entries)| !entries.is_empty())
            .collect();
        listed.sort_by_key(|(_, entries)| Reverse(entries.len()));
        let mut silent = self.silent.clone();
        for (store, entries) in listed {
            match journal::recall(self.stores, store.as_ref(), id, entries).await {
                Ok(entries) if entries.is_empty() => {}
                Ok(entries) => return Ok(entries),
                Err(error) => silent = Some(error.to_string()),
            }
        }
        Err(match silent {
            Some(_) => no_store(self.stores, silent),
            None => Message::new(
                format!("there is no execution {id}"),
                "an execution that was begun",
                format!("{} shows the newest one", next_move::status()),
            ),
        })
    }

    /// Where an execution stands, by the longest journal that answers.
    ///
    /// # Errors
    /// As [`Journals::entries`], and when the journal is broken.
    pub(super) async fn record(&self, id: &str) -> Result<Record, Message> {
        let entries = self.entries(id).await?;
        Ok(Record {
            id: id.to_owned(),
            state: journal::fold(id, &entries)?,
            entries,
        })
    }
}

/// No store told anything: those that were asked did not answer, or there was none to ask.
fn no_store(stores: &Stores, silent: Option<String>) -> Message {
    let expected = "a store that answers";
    if let Some(silent) = silent {
        return Message::new(silent, expected, "drctl doctor --plan FILE");
    }
    let lost = stores.lost().into_iter().collect();
    Message::new(
        format!(
            "no store could be asked, because every region that has one is declared lost ({})",
            region_list(&lost)
        ),
        expected,
        "declare lost only what does not answer: leave out of --lost, or of `lost_regions` and DR_LOST_REGIONS, a region \
         that does",
    )
}
