//! Executions as the stores tell of them: the newest one, where one stands, its evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{End, Surroundings};
use crate::epoch;
use crate::evidence::{Evidence, gather};
use crate::journal::{self, Anchor, Copy, Phase, Raw, State, Verification};
use crate::message::Message;
use crate::mode::Mode;
use crate::predict::History;

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

impl Surroundings {
    /// The id of the newest execution; `None` where there never was one.
    ///
    /// # Errors
    /// When no store answers.
    pub async fn newest_execution(&self) -> Result<Option<String>, Message> {
        let mut newest: Option<String> = None;
        let (mut answered, mut last) = (false, String::new());
        for store in self.stores.answering() {
            match journal::executions(&self.stores, store.as_ref()).await {
                // Ids sort by the time they were made.
                Ok(ids) => {
                    answered = true;
                    newest = newest.max(ids.into_iter().max());
                }
                Err(error) => last = error.to_string(),
            }
        }
        if answered {
            Ok(newest)
        } else {
            Err(no_store(&last))
        }
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
        let mut ids: BTreeSet<String> = BTreeSet::new();
        let (mut answered, mut last) = (false, String::new());
        for store in self.stores.answering() {
            match journal::executions(&self.stores, store.as_ref()).await {
                Ok(found) => {
                    answered = true;
                    ids.extend(found);
                }
                Err(error) => last = error.to_string(),
            }
        }
        if !answered {
            return Err(no_store(&last));
        }
        let mut records = Vec::new();
        // Ids sort by the time they were made.
        for id in ids.iter().rev().take(most) {
            if let Ok(record) = self.record(id).await {
                records.push(record);
            }
        }
        Ok(records)
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

/// How long steps took, by the journals of executions in a mode. Only what was done counts.
pub fn history(records: &[Record], mode: Mode) -> History {
    let mut history = History::new();
    for record in records {
        let declared = record.state.declared.as_ref();
        if declared.is_none_or(|declared| declared.mode != mode) {
            continue;
        }
        for (step, state) in &record.state.steps {
            if let (Phase::Done, Some(took)) = (state.phase, state.duration) {
                history.entry(step.clone()).or_default().push(took);
            }
        }
    }
    history
}

fn no_store(seen: &str) -> Message {
    Message::new(seen, "a store that answers", "drctl doctor")
}
