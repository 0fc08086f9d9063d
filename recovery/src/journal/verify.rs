//! Whether a journal is whole and unchanged, as far as it can tell by itself; pure.
//!
//! Each entry holds the hash of the one before, so a change of any entry but the last shows in the next one. The last
//! entries can be cut off, and whoever can write the store can rewrite the whole chain: that shows only against
//! something outside, such as a copy in another region, the head in the epoch record, or a signature.

use std::fmt;

use super::entry::{Entry, Phase};
use super::{Raw, key};
use crate::canonical;

/// Something that a whole, unchanged journal does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// An entry cannot be read.
    Unreadable {
        /// Its number.
        number: u64,
        /// Why.
        why: String,
    },
    /// There is no entry of this number, and there are later ones.
    Missing {
        /// The number.
        number: u64,
    },
    /// What stands under a number says that it is another entry, or of another execution.
    Misplaced {
        /// The number of the key.
        number: u64,
        /// What it says it is.
        says: String,
    },
    /// An entry does not follow from the one before: one of the two was changed.
    NotLinked {
        /// The number of the later one.
        number: u64,
    },
    /// The bytes are not those that this engine would have written.
    NotCanonical {
        /// The number.
        number: u64,
    },
    /// There are entries after the end.
    AfterTheEnd {
        /// The number of the first one.
        number: u64,
    },
    /// A copy says something else.
    Differs {
        /// The number.
        number: u64,
        /// Where the copy is.
        place: String,
    },
    /// A copy has an entry that is not here: it was cut off.
    CutOff {
        /// The number of the first such entry.
        number: u64,
        /// Where the copy, or what else knows of it, is.
        place: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Unreadable { number, why } => {
                write!(f, "entry {number} cannot be read: {why}")
            }
            Problem::Missing { number } => {
                write!(f, "entry {number} is missing, and later ones are there")
            }
            Problem::Misplaced { number, says } => {
                write!(f, "entry {number} says that it is {says}")
            }
            Problem::NotLinked { number } => write!(
                f,
                "entry {number} does not follow from the one before: one of the two was changed"
            ),
            Problem::NotCanonical { number } => {
                write!(f, "entry {number} was written by something else")
            }
            Problem::AfterTheEnd { number } => {
                write!(f, "entry {number} comes after the end of the execution")
            }
            Problem::Differs { number, place } => {
                write!(f, "entry {number} is another one in {place}")
            }
            Problem::CutOff { number, place } => {
                write!(f, "entry {number} is known to {place} and is not here")
            }
        }
    }
}

/// The journal as another store holds it.
#[derive(Clone, Debug)]
pub struct Copy<'a> {
    /// Where.
    pub place: &'a str,
    /// Its entries.
    pub entries: &'a [Raw],
}

/// Something outside the journal that names an entry by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What and where, in words.
    pub place: String,
    /// The number of the entry.
    pub number: u64,
    /// Its hash.
    pub hash: String,
}

/// What a verification found, held and cannot say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many entries there are.
    pub entries: usize,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What was compared and holds.
    pub held: Vec<String>,
    /// What could have happened all the same.
    pub cannot_tell: Vec<String>,
}

/// Verifies a journal against itself, its copies and what else names its entries.
pub fn verify(
    execution: &str,
    entries: &[Raw],
    copies: &[Copy<'_>],
    anchors: &[Anchor],
) -> Verification {
    let mut found = Verification {
        entries: entries.len(),
        problems: check_chain(execution, entries),
        ..Verification::default()
    };
    found.problems.extend(check_end(entries));
    if found.problems.is_empty() {
        found.held.push(format!(
            "{} entries follow from each other without a gap",
            entries.len()
        ));
    }
    let mut known_outside = 0;
    let last = entries.last().map_or(0, |entry| entry.number);
    let mut behind = Vec::new();
    for copy in copies {
        let problems = compare(entries, copy);
        if problems.is_empty() && !copy.entries.is_empty() {
            let known = copy.entries.last().map_or(0, |entry| entry.number);
            known_outside = known_outside.max(known);
            let place = copy.place;
            if known < last {
                behind.push(format!(
                    "whether entries {} to {last} were cut off in {place}, or never came there because it did not answer",
                    known + 1
                ));
            }
            found
                .held
                .push(format!("entries 1 to {known} are the same in {place}"));
        }
        found.problems.extend(problems);
    }
    for anchor in anchors {
        match check_anchor(entries, anchor) {
            None => {
                known_outside = known_outside.max(anchor.number);
                let Anchor { place, number, .. } = anchor;
                found
                    .held
                    .push(format!("entry {number} is the one that {place} names"));
            }
            Some(problem) => found.problems.push(problem),
        }
    }
    found.cannot_tell = behind;
    let rest = cannot_tell(entries, known_outside, anchors.is_empty());
    found.cannot_tell.extend(rest);
    found
}

fn cannot_tell(entries: &[Raw], known_outside: u64, no_anchor: bool) -> Vec<String> {
    let last = entries.last().map_or(0, |entry| entry.number);
    let mut cannot_tell = Vec::new();
    if known_outside < last {
        cannot_tell.push(format!(
            "whether entry {last} was changed: no later entry and nothing outside names it"
        ));
    }
    if !ends(entries) {
        cannot_tell.push(format!(
            "whether entries after {last} were cut off everywhere: the execution has no end"
        ));
    }
    if no_anchor {
        cannot_tell.push(
            "whether somebody who can write every store rewrote the whole chain: nothing outside the stores names its head"
                .to_owned(),
        );
    }
    cannot_tell
}

/// Whether its last entry is its end.
pub(super) fn ends(entries: &[Raw]) -> bool {
    let last = entries.last();
    let last: Option<Entry> = last.and_then(|raw| canonical::read(&raw.bytes).ok());
    last.is_some_and(|entry| entry.note.phase == Phase::Ended)
}

/// Gaps, misplaced entries and links that do not hold.
pub(super) fn check_chain(execution: &str, entries: &[Raw]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut expected = 1;
    let mut previous: Option<String> = None;
    for raw in entries {
        let number = raw.number;
        let gap = number != expected;
        if gap {
            problems.push(Problem::Missing { number: expected });
        }
        expected = number + 1;
        match canonical::read::<Entry>(&raw.bytes) {
            Err(why) => problems.push(Problem::Unreadable { number, why }),
            Ok(entry) => {
                if entry.number != number || entry.execution != execution {
                    let says = key(&entry.execution, entry.number);
                    problems.push(Problem::Misplaced { number, says });
                } else if !gap && entry.previous != previous {
                    problems.push(Problem::NotLinked { number });
                }
                if entry.bytes() != raw.bytes {
                    problems.push(Problem::NotCanonical { number });
                }
            }
        }
        previous = Some(canonical::hash(&raw.bytes));
    }
    problems
}

/// An execution that ended goes on only when another run says so.
fn check_end(entries: &[Raw]) -> Option<Problem> {
    let mut ended = false;
    for raw in entries {
        let entry: Entry = canonical::read(&raw.bytes).ok()?;
        if ended && entry.note.declaration.is_none() && entry.note.phase != Phase::TookOver {
            return Some(Problem::AfterTheEnd { number: raw.number });
        }
        ended = entry.note.phase == Phase::Ended || (ended && entry.note.phase == Phase::TookOver);
    }
    None
}

fn compare(entries: &[Raw], copy: &Copy<'_>) -> Vec<Problem> {
    let problem = |theirs: &Raw| {
        let place = copy.place.to_owned();
        let number = theirs.number;
        match entries.iter().find(|ours| ours.number == number) {
            None => Some(Problem::CutOff { number, place }),
            Some(ours) if ours.bytes != theirs.bytes => Some(Problem::Differs { number, place }),
            Some(_) => None,
        }
    };
    copy.entries.iter().filter_map(problem).collect()
}

fn check_anchor(entries: &[Raw], anchor: &Anchor) -> Option<Problem> {
    let (number, place) = (anchor.number, anchor.place.clone());
    match entries.iter().find(|entry| entry.number == number) {
        None => Some(Problem::CutOff { number, place }),
        Some(entry) if canonical::hash(&entry.bytes) != anchor.hash => {
            Some(Problem::Differs { number, place })
        }
        Some(_) => None,
    }
}
