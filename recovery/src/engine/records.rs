//! Executions as the stores tell of them: the newest one, where one stands, its evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;

use super::fencing::Fences;
use super::journals::Journals;
use super::{Closure, End, Fencing, Surroundings};
use crate::epoch::{self, EpochRecord};
use crate::evidence::{Aftermath, Evidence, gather};
use crate::journal::{self, Anchor, Copy, Raw, State, Verification};
use crate::message::Message;
use crate::mode::Mode;

/// So many executions back it is looked for what was said of an old writer.
const FAR: usize = 50;

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
    /// Whether it runs, or its runner is gone in the middle.
    pub fn is_under_way(&self) -> bool {
        matches!(self.status(), "running" | "interrupted")
    }

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

    /// Whether it came to its end, with the old writer fenced or not.
    fn made_active(&self) -> bool {
        [End::Done, End::DoneUnfenced]
            .iter()
            .any(|end| end.name() == self.status())
    }

    /// That it decides since what is active.
    fn overtakes(&self) -> String {
        let target = self.state.declared.as_ref().map(|it| it.target.as_str());
        let target = target.unwrap_or("another region");
        format!("execution {} made {target} active since", self.id)
    }

    /// Whether it makes another region active.
    pub fn moves(&self) -> bool {
        let declared = self.state.declared.as_ref();
        declared.is_some_and(|it| matches!(it.mode, Mode::Failover | Mode::Switchover))
    }
}

/// What the journals tell of how it came to now.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The newest execution, of any mode.
    pub newest: Option<Record>,
    /// The newest failover or switchover: what came after it (a reprotect, a fence) moved nothing.
    pub moved: Option<Record>,
    /// Whether an old writer was left that may still accept writes.
    pub fencing: Fencing,
    /// The executions that fenced since what the newest failover or switchover left unfenced, the oldest first.
    pub closures: Vec<Closure>,
}

impl Past {
    /// The failover or switchover that was begun and has not come to its end, whatever was executed since without moving
    /// anything, and that nothing has overtaken. One that ended refused or failed is no longer in the way of another
    /// document.
    pub fn unfinished(&self, digest: &str, highest: Option<&EpochRecord>) -> Option<&Record> {
        let record = self.moved.as_ref()?;
        let declared = record.state.declared.as_ref()?;
        let overtaken =
            highest.is_some_and(|it| it.epoch >= declared.epoch && it.execution != record.id);
        let same = declared.digest == digest || record.is_under_way();
        (same && !overtaken && !record.is_over()).then_some(record)
    }

    /// The newest execution where it is an unfinished reprotect of the whole plan. One of a few steps, as `drctl fence`
    /// runs them, is another thing.
    pub fn unfinished_reprotect(&self) -> Option<&Record> {
        let newest = self.newest.as_ref()?;
        let declared = newest.state.declared.as_ref()?;
        let whole = declared.mode == Mode::Reprotect && declared.only.is_empty();
        (whole && !newest.is_over()).then_some(newest)
    }
}

impl Surroundings {
    /// Reads the newest journals, back to the newest failover or switchover, and to what is said of its old writer.
    ///
    /// # Errors
    /// When no store answers, or a journal on the way is broken: it may be that of an unfinished failover.
    pub async fn past(&self) -> Result<Past, Message> {
        let mut past = Past::default();
        let mut fences = Fences::default();
        let journals = Journals::list(&self.stores, None).await?;
        for (number, id) in journals.ids().into_iter().rev().enumerate() {
            let record = match journals.record(id).await {
                Ok(record) => record,
                Err(message) if past.moved.is_none() => return Err(message),
                Err(message) => {
                    past.fencing = Fencing::NotKnown(message.seen);
                    return Ok(past);
                }
            };
            fences.hear(&self.document, &record);
            if past.newest.is_none() {
                past.newest = Some(record.clone());
            }
            if past.moved.is_none() && record.moves() {
                past.moved = Some(record);
            }
            if past.moved.is_some() && (fences.said.is_some() || number >= FAR) {
                let unsaid = format!("the newest {FAR} executions came to no end");
                past.closures = fences.closures;
                past.fencing = fences.said.unwrap_or(Fencing::NotKnown(unsaid));
                return Ok(past);
            }
        }
        past.closures = fences.closures;
        past.fencing = fences.said.unwrap_or_default();
        Ok(past)
    }

    /// Whether an old writer is left unfenced, as far as the stores tell.
    pub async fn fencing(&self) -> Fencing {
        match self.past().await {
            Ok(past) => past.fencing,
            Err(message) => Fencing::NotKnown(message.seen),
        }
    }

    /// The id of the newest execution; `None` where there never was one.
    ///
    /// # Errors
    /// When no store answers.
    pub async fn newest_execution(&self) -> Result<Option<String>, Message> {
        let journals = Journals::list(&self.stores, None).await?;
        Ok(journals.ids().pop_last().map(str::to_owned))
    }

    /// Where an execution stands, by the longest journal that answers.
    ///
    /// # Errors
    /// When no store answers, there is no such execution, or the journal is broken.
    pub async fn record(&self, id: &str) -> Result<Record, Message> {
        let journals = Journals::list(&self.stores, Some(id)).await?;
        journals.record(id).await
    }

    /// The longest journal of an execution that answers, whether it holds or not.
    ///
    /// # Errors
    /// When no store answers, or there is no such execution.
    pub async fn entries(&self, id: &str) -> Result<Vec<Raw>, Message> {
        let journals = Journals::list(&self.stores, Some(id)).await?;
        journals.entries(id).await
    }

    /// The newest executions, newest first, at most so many. One whose journal cannot be read is left out.
    ///
    /// # Errors
    /// When no store answers.
    pub async fn records(&self, most: usize) -> Result<Vec<Record>, Message> {
        let journals = Journals::list(&self.stores, None).await?;
        let newest = journals.ids().into_iter().rev().take(most);
        let read = join_all(newest.map(|id| journals.record(id))).await;
        Ok(read.into_iter().flatten().collect())
    }

    /// A journal beside its copies in the stores that answer, and the epoch that names its head.
    pub async fn verified(&self, id: &str, entries: &[Raw]) -> Verification {
        let stores = &self.stores;
        // Its journal is read after it, and so holds the entry that it names.
        let highest = epoch::read(stores).await.highest;
        let read = stores.each(|store| journal::copy(stores, store.as_ref(), id));
        let copies: Vec<(String, Vec<Raw>)> = read
            .await
            .into_iter()
            .filter_map(|(store, answer)| Some((store.place(), answer.ok()?)))
            .collect();
        let copies: Vec<Copy<'_>> = copies
            .iter()
            .map(|(place, entries)| Copy { place, entries })
            .collect();
        // One that runs has grown since: an entry that came later was not cut off.
        let grown = copies.iter().map(|copy| copy.entries);
        let grown = grown.filter(|copy| copy.starts_with(entries));
        let entries = grown.max_by_key(|copy| copy.len()).unwrap_or(entries);
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
        let state = journal::fold(id, entries).ok();
        let declared = state.as_ref().and_then(|state| state.declared.as_ref());
        let document = match declared {
            Some(it) if !it.only.is_empty() => self.restricted(it.mode, &it.only).document,
            _ => Arc::clone(&self.document),
        };
        let aftermath = match state {
            Some(state) => {
                let (id, entries) = (id.to_owned(), Vec::new());
                self.aftermath(&Record { id, state, entries }).await
            }
            None => Aftermath::default(),
        };
        gather(&document, id, entries, &verification, &aftermath)
    }

    /// What later executions did about the old writers that one left unfenced.
    async fn aftermath(&self, record: &Record) -> Aftermath {
        if !(record.moves() && record.status() == End::DoneUnfenced.name()) {
            return Aftermath::default();
        }
        let mut fences = Fences::default();
        let mut unknown = None;
        let mut later = Vec::new();
        match Journals::list(&self.stores, None).await {
            Err(message) => unknown = Some(message.seen),
            Ok(journals) => {
                let ids = journals.ids().into_iter();
                for id in ids.filter(|id| *id > record.id.as_str()).take(FAR) {
                    match journals.record(id).await {
                        // Whoever is fenced from here on is fenced for that one's sake.
                        Ok(next) if next.moves() && next.made_active() => {
                            unknown = Some(next.overtakes());
                            break;
                        }
                        Ok(next) => later.push(next),
                        Err(message) => unknown = Some(message.seen),
                    }
                }
            }
        }
        // From the newest one on, as they are heard elsewhere.
        let proofs = later.iter().rev();
        for proof in proofs.filter(|it| !it.moves() && it.status() == End::Done.name()) {
            fences.proved(&self.document, proof);
        }
        fences.judge(&self.document, record);
        let open = match fences.said {
            Some(Fencing::Open { regions, .. }) => regions,
            _ => BTreeSet::new(),
        };
        Aftermath {
            closures: fences.closures,
            open,
            unknown,
        }
    }
}
