//! Executions as the stores tell of them: the newest one, where one stands, its evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;

use super::{End, Surroundings};
use crate::epoch;
use crate::evidence::{Evidence, gather};
use crate::journal::{self, Anchor, Copy, Raw, State, Verification};
use crate::message::Message;
use crate::mode::Mode;

/// An execution that a store tells of.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// What its journal comes to.
    pub state: State,
    /// The entries of the longest journal that answers.
    pub entries: Vec<Raw>,
}

impl Record {
    /// The word for how it stands: an [`End`], or `running` where no end was written (its runner may be gone).
    pub fn status(&self) -> &str {
        self.state
            .ended
            .as_ref()
            .map_or("running", |(how, _)| how.as_str())
    }

    /// Whether it came to an end that nothing follows: done, or ended by a person.
    pub fn is_over(&self) -> bool {
        [End::Done, End::DoneUnfenced, End::Aborted]
            .iter()
            .any(|end| end.name() == self.status())
    }
}

/// What the journals tell of how it came to now.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The newest execution, of any mode.
    pub newest: Option<Record>,
    /// The newest failover or switchover: what came after it (a reprotect, a fence) moved nothing.
    pub moved: Option<Record>,
}

impl Record {
    /// Whether it makes another region active.
    pub fn moves(&self) -> bool {
        let declared = self.state.declared.as_ref();
        declared.is_some_and(|it| matches!(it.mode, Mode::Failover | Mode::Switchover))
    }
}

impl Surroundings {
    /// Reads the newest journals, back to the newest failover or switchover.
    ///
    /// # Errors
    /// When no store answers, or a journal on the way is broken: it may be that of an unfinished failover.
    pub async fn past(&self) -> Result<Past, Message> {
        let mut past = Past::default();
        // Ids sort by the time they were made.
        for id in self.executions().await?.into_iter().rev() {
            let record = self.record(&id).await?;
            if past.newest.is_none() {
                past.newest = Some(record.clone());
            }
            if record.moves() {
                past.moved = Some(record);
                break;
            }
        }
        Ok(past)
    }

    /// The id of the newest execution; `None` where there never was one.
    ///
    /// # Errors
    /// When no store answers.
    pub async fn newest_execution(&self) -> Result<Option<String>, Message> {
        // Ids sort by the time they were made.
        Ok(self.executions().await?.pop_last())
    }

    /// Where an execution stands, by the longest journal that answers.
    ///
    /// # Errors
    /// When no store answers, there is no such execution, or the journal is broken.
    pub async fn record(&self, id: &str) -> Result<Record, Message> {
        let entries = self.entries(id).await?;
        Ok(Record {
            id: id.to_owned(),
            state: journal::fold(id, &entries)?,
            entries,
        })
    }

    /// The longest journal of an execution that answers, whether it holds or not.
    ///
    /// # Errors
    /// When no store answers, or there is no such execution.
    pub async fn entries(&self, id: &str) -> Result<Vec<Raw>, Message> {
        let mut longest = Vec::new();
        let mut last = None;
        for store in self.stores.answering() {
            match journal::read(&self.stores, store.as_ref(), id).await {
                Ok(entries) if entries.len() > longest.len() => longest = entries,
                Ok(_) => {}
                Err(error) => last = Some(error.to_string()),
            }
        }
        match last {
            _ if !longest.is_empty() => Ok(longest),
            Some(last) => Err(no_store(&last)),
            None => Err(Message::new(
                format!("there is no execution {id}"),
                "an execution that was begun",
                "drctl status shows the newest one",
            )),
        }
    }

    /// The newest executions, newest first, at most so many. One whose journal cannot be read is left out.
    ///
    /// # Errors
    /// When no store answers.
    pub async fn records(&self, most: usize) -> Result<Vec<Record>, Message> {
        // Ids sort by the time they were made.
        let ids = self.executions().await?.into_iter().rev().take(most);
        let read = ids.map(|id| async move { self.record(&id).await.ok() });
        Ok(join_all(read).await.into_iter().flatten().collect())
    }

    /// The ids of all executions that a store knows.
    async fn executions(&self) -> Result<BTreeSet<String>, Message> {
        let listed = self.stores.answering();
        let listed = listed.map(|store| journal::executions(&self.stores, store.as_ref()));
        let mut ids = BTreeSet::new();
        let (mut answered, mut last) = (false, String::new());
        for answer in join_all(listed).await {
            match answer {
                Ok(found) => {
                    answered = true;
                    ids.extend(found);
                }
                Err(error) => last = error.to_string(),
            }
        }
        if answered {
            Ok(ids)
        } else {
            Err(no_store(&last))
        }
    }

    /// A journal beside its copies in the stores that answer, and the epoch that names its head.
    pub async fn verified(&self, id: &str, entries: &[Raw]) -> Verification {
        let mut copies = Vec::new();
        for store in self.stores.answering() {
            if let Ok(entries) = journal::read(&self.stores, store.as_ref(), id).await {
                copies.push((store.place(), entries));
            }
        }
        let copies: Vec<Copy<'_>> = copies
            .iter()
            .map(|(place, entries)| Copy { place, entries })
            .collect();
        let highest = epoch::read(&self.stores).await.highest;
        let highest = highest.filter(|highest| highest.execution == id);
        let anchors: Vec<Anchor> = highest
            .into_iter()
            .map(|highest| Anchor {
                place: format!("the record of epoch {}", highest.epoch),
                number: highest.entry,
                hash: highest.head,
            })
            .collect();
        journal::verify(id, entries, &copies, &anchors)
    }

    /// The evidence of an execution. Of one that ran a few steps only, those are told.
    pub async fn evidence(&self, id: &str, entries: &[Raw]) -> Evidence {
        let verification = self.verified(id, entries).await;
        let declared = journal::fold(id, entries).ok();
        let document = match declared.and_then(|state| state.declared) {
            Some(it) if !it.only.is_empty() => self.restricted(it.mode, &it.only).document,
            _ => Arc::clone(&self.document),
        };
        gather(&document, id, entries, &verification)
    }
}

fn no_store(seen: &str) -> Message {
    Message::new(seen, "a store that answers", "drctl doctor")
}
