//! Old writers that a failover left: whether one is unfenced still, and which execution closed that; pure.

use std::collections::{BTreeMap, BTreeSet};

use aws::Region;
use jiff::Timestamp;

use super::{End, Record};
use crate::document::Document;
use crate::message::{Message, region_list};
use crate::mode::Mode;
use crate::next_move;

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

/// An execution that proved afterwards that old writers accept no writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Its id.
    pub execution: String,
    /// Its mode; a fence alone is a reprotect of a few steps.
    pub mode: Mode,
    /// Whether it was a fence alone.
    pub fence_alone: bool,
    /// Who ran it.
    pub by: Option<String>,
    /// When it ended.
    pub at: Option<Timestamp>,
    /// Where the old writers are that it fenced first.
    pub regions: BTreeSet<Region>,
}

/// What journals tell of old writers, read from the newest one on.
#[derive(Debug, Default)]
pub(super) struct Fences {
    /// Where an execution has proved since that nothing accepts writes: the oldest one of each region.
    closed: BTreeMap<Region, Closure>,
    pub(super) said: Option<Fencing>,
    /// The executions that closed what is spoken of, the oldest first.
    pub(super) closures: Vec<Closure>,
}

impl Fences {
    /// Takes the next older execution.
    pub(super) fn hear(&mut self, document: &Document, record: &Record) {
        if self.said.is_some() {
            return;
        }
        let (done, unfenced) = (End::Done.name(), End::DoneUnfenced.name());
        match record.status() {
            status if status == unfenced && record.moves() => self.judge(document, record),
            status if status == done && record.moves() => self.said = Some(Fencing::Closed),
            status if status == done => self.proved(document, record),
            _ => {}
        }
    }

    /// Whoever fenced proved it of every region that was not lost then; the active one is what stays.
    pub(super) fn proved(&mut self, document: &Document, record: &Record) {
        let Some(declared) = record.state.declared.as_ref() else {
            return;
        };
        let answered = document.regions.iter();
        let answered = answered
            .filter(|region| **region != declared.target && !declared.lost.contains(region));
        for region in answered {
            let closure = Closure {
                execution: record.id.clone(),
                mode: declared.mode,
                fence_alone: !declared.only.is_empty(),
                by: record.state.actor.clone(),
                at: record.state.ended.as_ref().and_then(|(_, at)| *at),
                regions: BTreeSet::from([region.clone()]),
            };
            // Read from the newest one on: the oldest is heard last.
            self.closed.insert(region.clone(), closure);
        }
    }

    /// Says what became of the writers that this execution left unfenced.
    pub(super) fn judge(&mut self, document: &Document, record: &Record) {
        let Some(declared) = record.state.declared.as_ref() else {
            return;
        };
        let mut regions = left_by(document, &declared.target, declared.from.as_ref());
        let mut closures: BTreeMap<String, Closure> = BTreeMap::new();
        for region in &regions {
            if let Some(closure) = self.closed.get(region) {
                let known = closures.entry(closure.execution.clone());
                let known = known.or_insert_with(|| closure.clone());
                known.regions.insert(region.clone());
            }
        }
        regions.retain(|region| !self.closed.contains_key(region));
        // Ids sort by the time they were made.
        self.closures = closures.into_values().collect();
        let execution = record.id.clone();
        self.said = Some(if regions.is_empty() {
            Fencing::Closed
        } else {
            Fencing::Open { execution, regions }
        });
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
