//! The epoch: counts completed role changes, and ranks two standalone writers.
//!
//! Every store keeps the newest record it was told. The highest one counts, and a record is never replaced by a lower
//! one. Two records of one epoch that name different regions come from two runners without a store in common: then
//! nothing ranks their writers, and a person has to.

use aws::{ErrorKind, Region};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::message::Message;
use crate::next_move;
use crate::store::{Retry, StaleStore, Store, Stores};

/// The key of the record in every store.
pub const KEY: &str = "epoch";

/// One completed role change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// The format.
    pub schema: u32,
    /// The plan.
    pub plan: String,
    /// How many role changes were completed.
    pub epoch: u64,
    /// The region that is active since.
    pub active: String,
    /// The execution that completed it.
    pub execution: String,
    /// When, by a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The number of the journal's last entry before this was written.
    pub entry: u64,
    /// The hash of that entry: what the journal is verified against.
    pub head: String,
}

/// What the stores say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epochs {
    /// The highest record; `None` where no store has one.
    pub highest: Option<EpochRecord>,
    /// Another record of the same epoch that names another execution; see [`Epochs::active`].
    pub rival: Option<EpochRecord>,
    /// Stores without it, with an older one, or silent.
    pub stale: Vec<StaleStore>,
}

impl Epochs {
    /// The region that is active by the highest epoch; `None` where no store has one.
    ///
    /// # Errors
    /// When two executions completed that epoch and made different regions active: nothing ranks their writers, and a
    /// person has to say which one counts.
    pub fn active(&self) -> Result<Option<Region>, Message> {
        let Some(highest) = &self.highest else {
            return Ok(None);
        };
        if let Some(rival) = self.rival.as_ref().filter(|it| it.active != highest.active) {
            let one = |record: &EpochRecord| {
                let at = record.at.map(|at| format!(" at {at}")).unwrap_or_default();
                format!("{} made {} active{at}", record.execution, record.active)
            };
            return Err(Message::new(
                format!(
                    "two executions completed epoch {}: {}, {}; nothing ranks their writers",
                    highest.epoch,
                    one(highest),
                    one(rival)
                ),
                "one region that is active by the epoch",
                format!(
                    "see which of the two customers write to, and name it: {}; drctl report --plan FILE of each execution \
                     shows what it did",
                    next_move::fence_all_but("REGION")
                ),
            ));
        }
        Region::new(&highest.active).map(Some).map_err(|error| {
            Message::new(
                format!("the record of epoch {}: {error}", highest.epoch),
                "the name of a region",
                format!(
                    "name the active region: {}",
                    next_move::fence_all_but("REGION")
                ),
            )
        })
    }

    /// The epoch that the next role change completes.
    pub fn next(&self) -> u64 {
        self.highest.as_ref().map_or(1, |record| record.epoch + 1)
    }
}

/// How two writers rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// The first is active, the second is a second writer: fence it, never delete it.
    First,
    /// The second is active, the first is a second writer.
    Second,
    /// Nothing ranks them; why.
    Undecided(&'static str),
}

/// The epoch that a writer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// Its tag says so.
    Epoch(u64),
    /// It was read and has no tag: it was never made active by a failover plan.
    None,
    /// It could not be read.
    Unknown,
}

/// Ranks two standalone writers: the higher epoch is active.
pub fn rank(first: Carried, second: Carried) -> Ranking {
    let number = |carried| match carried {
        Carried::Epoch(epoch) => Some(epoch),
        Carried::None => Some(0),
        Carried::Unknown => None,
    };
    match (number(first), number(second)) {
        (Some(first), Some(second)) if first > second => Ranking::First,
        (Some(first), Some(second)) if first < second => Ranking::Second,
        (Some(0), Some(0)) => Ranking::Undecided("neither writer carries an epoch"),
        (Some(_), Some(_)) => Ranking::Undecided("both writers carry the same epoch"),
        _ => Ranking::Undecided("the epoch of a writer could not be read"),
    }
}

/// What one store said.
type Answer = (Region, Result<Option<EpochRecord>, String>);

/// Judges what the stores said; pure.
pub fn judge(answers: Vec<Answer>) -> Epochs {
    let records = answers
        .iter()
        .filter_map(|(_, answer)| answer.as_ref().ok()?.as_ref());
    // In a tie the one of the earlier store, so that everybody sees the same.
    let highest = records
        .clone()
        .rev()
        .max_by_key(|record| record.epoch)
        .cloned();
    let rival = highest.as_ref().and_then(|highest| {
        let others = records.filter(|record| {
            record.epoch == highest.epoch && record.execution != highest.execution
        });
        // One that made another region active says more than one that made the same.
        let rival = others.max_by_key(|record| record.active != highest.active);
        rival.cloned()
    });
    let epoch = highest.as_ref().map(|record| record.epoch);
    let stale = answers.iter().filter_map(|(region, answer)| {
        let why = match answer {
            Err(why) => why.clone(),
            Ok(None) if epoch.is_some() => "it has no epoch".to_owned(),
            Ok(Some(record)) if Some(record.epoch) < epoch => {
                format!("its epoch is {}", record.epoch)
            }
            Ok(_) => return None,
        };
        let region = region.clone();
        Some(StaleStore { region, why })
    });
    Epochs {
        stale: stale.collect(),
        highest,
        rival,
    }
}

/// Reads the epoch from every store that answers.
pub async fn read(stores: &Stores) -> Epochs {
    let answers = stores
        .each(|store| async move {
            let kept = stores.harmless(store.region(), || store.get(KEY)).await;
            let kept = kept.map_err(|error| error.to_string())?;
            kept.map(|kept| canonical::read(&kept.body)).transpose()
        })
        .await;
    let answers = answers.into_iter();
    let mut epochs = judge(
        answers
            .map(|(store, answer)| (store.region().clone(), answer))
            .collect(),
    );
    epochs.stale.extend(stores.stale());
    epochs
}

/// Writes a record to every store that answers and holds no higher one. Returns the stores that do not hold it after
/// that, with why.
pub async fn write(stores: &Stores, record: &EpochRecord) -> Vec<StaleStore> {
    let written = stores
        .each(|store| write_to(stores, store.as_ref(), record))
        .await;
    let failed = written.into_iter().filter_map(|(store, answer)| {
        let why = answer.err()?;
        let region = store.region().clone();
        Some(StaleStore { region, why })
    });
    stores.stale().into_iter().chain(failed).collect()
}

async fn write_to(stores: &Stores, store: &dyn Store, record: &EpochRecord) -> Result<(), String> {
    let (region, bytes) = (store.region(), canonical::bytes(record));
    let mut retry = Retry::new(stores.clock().as_ref(), stores.times);
    loop {
        let kept = stores.harmless(region, || store.get(KEY)).await;
        let kept = kept.map_err(|error| error.to_string())?;
        if let Some(kept) = &kept {
            let there: EpochRecord = canonical::read(&kept.body)
                .map_err(|why| format!("its epoch cannot be read, and is not replaced: {why}"))?;
            if there.epoch > record.epoch {
                return Err(format!("it already holds epoch {}", there.epoch));
            }
            if there.epoch == record.epoch {
                if there.execution == record.execution {
                    return Ok(());
                }
                return Err(format!(
                    "it holds epoch {} of execution {}, which made {} active",
                    there.epoch, there.execution, there.active
                ));
            }
        }
        let written = match &kept {
            Some(kept) => {
                stores
                    .bound(region, store.replace(KEY, &bytes, &kept.etag))
                    .await
            }
            None => stores.bound(region, store.create(KEY, &bytes)).await,
        };
        // Whatever was answered, the next look tells what is there.
        let Err(error) = written else { return Ok(()) };
        let again = error.is_transient() || error.kind == ErrorKind::PreconditionFailed;
        if !(again && retry.again().await) {
            return Err(error.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str) -> Region {
        Region::new(name).unwrap()
    }

    fn record(epoch: u64, execution: &str) -> EpochRecord {
        EpochRecord {
            schema: 1,
            plan: "orders".into(),
            epoch,
            active: "us-west-2".into(),
            execution: execution.into(),
            at: None,
            entry: 9,
            head: "00".into(),
        }
    }

    #[test]
    fn the_higher_epoch_is_active_and_what_is_unknown_ranks_nothing() {
        use Carried::{Epoch, None, Unknown};
        assert_eq!(rank(Epoch(2), Epoch(1)), Ranking::First);
        assert_eq!(rank(Epoch(1), Epoch(2)), Ranking::Second);
        assert_eq!(rank(None, Epoch(1)), Ranking::Second);
        for (first, second) in [
            (Epoch(1), Epoch(1)),
            (None, None),
            (Epoch(9), Unknown),
            (Unknown, None),
        ] {
            assert!(
                matches!(rank(first, second), Ranking::Undecided(_)),
                "{first:?} {second:?}"
            );
        }
    }

    #[test]
    fn the_highest_record_counts_and_the_others_are_stale() {
        let (a, b, c) = (
            region("us-east-1"),
            region("us-west-2"),
            region("eu-west-1"),
        );
        let epochs = judge(vec![
            (a.clone(), Ok(Some(record(1, "e1")))),
            (b, Ok(Some(record(2, "e2")))),
            (c.clone(), Err("no answer".into())),
        ]);
        assert_eq!(epochs.highest, Some(record(2, "e2")));
        assert_eq!((epochs.rival.as_ref(), epochs.next()), (None, 3));
        let stale: Vec<_> = epochs.stale.iter().map(|store| &store.region).collect();
        assert_eq!(stale, [&a, &c]);
        assert_eq!(judge(vec![(a, Ok(None))]).next(), 1);
    }

    #[test]
    fn two_records_of_one_epoch_are_told() {
        let epochs = judge(vec![
            (region("us-east-1"), Ok(Some(record(2, "e1")))),
            (region("us-west-2"), Ok(Some(record(2, "e2")))),
        ]);
        assert_eq!(epochs.highest, Some(record(2, "e1")));
        assert_eq!(epochs.rival, Some(record(2, "e2")));
        assert_eq!(epochs.active(), Ok(Some(region("us-west-2"))));
    }

    #[test]
    fn two_records_of_one_epoch_that_name_different_regions_decide_nothing() {
        let mut other = record(2, "e3");
        other.active = "eu-west-1".into();
        // Whichever store tells it, and whatever stands between the two.
        let two = [Some(record(2, "e1")), Some(record(2, "e2")), Some(other)];
        let names = ["us-east-1", "us-west-2", "eu-west-1"].map(region);
        for turn in 0..3 {
            let mut told = two.clone();
            told.rotate_left(turn);
            let epochs = judge(names.iter().cloned().zip(told.map(Ok)).collect());
            let why = epochs.active().unwrap_err();
            assert!(
                why.seen.contains("eu-west-1") && why.seen.contains("us-west-2"),
                "{why}"
            );
            assert!(why.next.contains("--active REGION"), "{why}");
        }
        // A higher one decides.
        let above = (region("us-east-1"), Ok(Some(record(3, "e4"))));
        let told = names.iter().cloned().zip(two.map(Ok)).chain([above]);
        assert_eq!(
            judge(told.collect()).active(),
            Ok(Some(region("us-west-2")))
        );
        assert_eq!(judge(Vec::new()).active(), Ok(None));
    }
}
