//! Executions as the stores tell of them: the newest one, where one stands, its evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws::Region;

use super::journals::Journals;
use super::{End, Surroundings};
use crate::document::Document;
use crate::epoch::{self, EpochRecord};
use crate::evidence::{Evidence, gather};
use crate::journal::{self, Anchor, Copy, Raw, State, Verification};
use crate::message::{Message, region_list};
use crate::mode::Mode;
use crate::next_move;

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

/// Whether an execution left an old writer unfenced, and nothing has closed that since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fencing {
    /// Nothing is open.
    #[default]
    Closed,
    /// An execution left it so.
    Open {
        /// The execution's id.
        execution: String,
        /// Where the old writers are.
        regions: BTreeSet<Region>,
    },
    /// Nobody can tell; why.
    NotKnown(String),
}

impl Fencing {
    /// The word for reports.
    pub fn name(&self) -> &'static str {
        match self {
            Fencing::Closed => "closed",
            Fencing::Open { .. } => "open",
            Fencing::NotKnown(_) => "not_known",
        }
    }

    /// The execution that left the old writer unfenced.
    pub fn execution(&self) -> Option<&str> {
        match self {
            Fencing::Open { execution, .. } => Some(execution),
            Fencing::Closed | Fencing::NotKnown(_) => None,
        }
    }

    /// What to tell; `None` where nothing is open.
    pub fn problem(&self) -> Option<Message> {
        Some(match self {
            Fencing::Closed => return None,
            Fencing::Open { execution, regions } => Message::new(
                format!(
                    "execution {execution} left the old writer unfenced in {}, and nothing has closed that since: two \
                     databases may accept writes",
                    region_list(regions)
                ),
                "one database that accepts writes",
                format!("when its region answers again: {}", next_move::fence()),
            ),
            Fencing::NotKnown(why) => Message::new(
                format!("whether an old writer is left unfenced is not known: {why}"),
                "journals that say so",
                next_move::status(),
            ),
        })
    }
}

impl Record {
    /// Whether it makes another region active.
    pub fn moves(&self) -> bool {
        let declared = self.state.declared.as_ref();
        declared.is_some_and(|it| matches!(it.mode, Mode::Failover | Mode::Switchover))
    }
}

/// What journals tell of old writers, read from the newest one on; pure.
#[derive(Default)]
struct Fences {
    /// Where an execution has proved since that nothing accepts writes.
    closed: BTreeSet<Region>,
    said: Option<Fencing>,
}

impl Fences {
    fn hear(&mut self, document: &Document, record: &Record) {
        let declared = record.state.declared.as_ref();
        let Some(declared) = declared.filter(|_| self.said.is_none()) else {
            return;
        };
        let (done, unfenced) = (End::Done.name(), End::DoneUnfenced.name());
        match record.status() {
            status if status == unfenced && record.moves() => {
                let mut regions = left_by(document, &declared.target, declared.from.as_ref());
                regions.retain(|region| !self.closed.contains(region));
                let execution = record.id.clone();
                self.said = Some(if regions.is_empty() {
                    Fencing::Closed
                } else {
                    Fencing::Open { execution, regions }
                });
            }
            status if status == done && record.moves() => self.said = Some(Fencing::Closed),
            // Who fenced proved it of every region that was not lost then.
            status if status == done => {
                let answered = document.regions.iter();
                let answered = answered.filter(|region| !declared.lost.contains(region));
                self.closed.extend(answered.cloned());
            }
            _ => {}
        }
    }
}

/// The regions that the active role left: the one that had it, or all others where nobody could tell.
pub fn left_by(document: &Document, active: &Region, from: Option<&Region>) -> BTreeSet<Region> {
    if let Some(from) = from {
        return BTreeSet::from([from.clone()]);
    }
    let others = document.regions.iter().filter(|it| *it != active);
    others.cloned().collect()
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
                past.fencing = fences.said.unwrap_or(Fencing::NotKnown(unsaid));
                return Ok(past);
            }
        }
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
        let mut records = Vec::new();
        for id in journals.ids().into_iter().rev().take(most) {
            records.extend(journals.record(id).await.ok());
        }
        Ok(records)
    }

    /// A journal beside its copies in the stores that answer, and the epoch that names its head.
    pub async fn verified(&self, id: &str, entries: &[Raw]) -> Verification {
        let stores = &self.stores;
        let read = stores.each(|store| journal::copy(stores, store.as_ref(), id));
        let (read, epochs) = futures_util::future::join(read, epoch::read(stores)).await;
        let answered = read.into_iter();
        let copies: Vec<(String, Vec<Raw>)> = answered
            .filter_map(|(store, answer)| Some((store.place(), answer.ok()?)))
            .collect();
        let copies: Vec<Copy<'_>> = copies
            .iter()
            .map(|(place, entries)| Copy { place, entries })
            .collect();
        let highest = epochs.highest.filter(|highest| highest.execution == id);
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
