//! Writing the journal: one entry after the other, each created once, by the owner of the lock alone.

use std::sync::{Arc, Mutex, PoisonError};

use aws::ErrorKind;

use super::entry::{Entry, Note, SCHEMA};
use super::mirror::{Copies, copy_missing};
use super::{Raw, State, fold, key, read};
use crate::canonical;
use crate::lock::{Held, Holder, LockLost};
use crate::message::Message;
use crate::store::{Retry, StaleStore, Store, Stores, bounded};

/// Why an entry was not appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAppended {
    /// Somebody else wrote an entry: the lock is lost, this run must stop.
    Lost(LockLost),
    /// The store did not take it. It may be there all the same; the next entry finds out.
    NotWritten(Message),
}

impl NotAppended {
    /// What to tell.
    pub fn message(&self) -> Message {
        match self {
            NotAppended::Lost(lost) => lost.message(),
            NotAppended::NotWritten(message) => message.clone(),
        }
    }
}

/// The journal of an execution, held by the owner of the lock. Appending is serialised.
pub struct Journal {
    execution: String,
    stores: Stores,
    primary: Arc<dyn Store>,
    held: Arc<Held>,
    chain: tokio::sync::Mutex<Chain>,
    copies: tokio::sync::Mutex<Copies>,
    /// What is kept for sure, for the copies.
    kept: Mutex<Vec<Raw>>,
    appended: tokio::sync::Notify,
}

/// Where the chain ends.
struct Chain {
    next: u64,
    previous: Option<String>,
    /// Entries that were sent under the next number; one of them may be there.
    sent: Vec<Vec<u8>>,
}

impl Chain {
    fn advance(&mut self, bytes: &[u8]) {
        self.next += 1;
        self.previous = Some(canonical::hash(bytes));
        self.sent.clear();
    }
}

impl Journal {
    /// Opens the journal of an execution in the target's store, new or as an earlier run left it, and folds it.
    ///
    /// # Errors
    /// When the store does not answer, or what is there is no whole chain of entries.
    pub async fn open(
        execution: &str,
        stores: &Stores,
        target: &aws::Region,
        held: Arc<Held>,
    ) -> Result<(Journal, State), Message> {
        let primary = stores.of(target).cloned().ok_or_else(|| {
            Message::new(
                format!("there is no store in {target} that may be called"),
                "a journal in the store of the region that becomes active",
                "declare its region not lost, or choose another target",
            )
        })?;
        let kept = read(stores, primary.as_ref(), execution).await;
        let kept = kept.map_err(|error| {
            Message::new(
                format!("the journal in {} cannot be read: {error}", primary.place()),
                "the journal of the execution, or none",
                "restore access to the store, and run it again",
            )
        })?;
        let state = fold(execution, &kept)?;
        let chain = Chain {
            next: state.entries + 1,
            previous: state.head.clone(),
            sent: Vec::new(),
        };
        let journal = Journal {
            execution: execution.to_owned(),
            stores: stores.clone(),
            primary,
            held,
            chain: tokio::sync::Mutex::new(chain),
            copies: tokio::sync::Mutex::default(),
            kept: Mutex::new(kept),
            appended: tokio::sync::Notify::new(),
        };
        Ok((journal, state))
    }

    /// Appends a note; returns its number. One request, unless an answer is lost.
    ///
    /// # Errors
    /// When somebody else wrote under this number, or the store does not take it.
    pub async fn append(&self, note: Note) -> Result<u64, NotAppended> {
        let mut chain = self.chain.lock().await;
        let clock = self.stores.clock().as_ref();
        let mut retry = Retry::new(clock, self.stores.times);
        // The same bytes at every try, so that an earlier one is recognised.
        let mut bytes = self.entry(&chain, &note).bytes();
        loop {
            if let Some(lost) = self.held.lost() {
                return Err(NotAppended::Lost(lost));
            }
            match self.create(&mut chain, &bytes).await {
                Ok(There::This) => {
                    let number = chain.next;
                    self.keep(&mut chain, bytes);
                    return Ok(number);
                }
                // The entry of an earlier call, whose answer was lost, is there: it says this, or this comes after it.
                Ok(There::Earlier(earlier)) => {
                    let number = chain.next;
                    let says_this = says(&earlier, &note);
                    self.keep(&mut chain, earlier);
                    if says_this {
                        return Ok(number);
                    }
                    bytes = self.entry(&chain, &note).bytes();
                }
                Ok(There::Theirs(lost)) => {
                    self.held.mark_lost(lost.clone());
                    return Err(NotAppended::Lost(lost));
                }
                Err(error) if error.is_transient() && retry.again().await => {}
                Err(error) => return Err(NotAppended::NotWritten(self.not_written(&error))),
            }
        }
    }

    fn entry(&self, chain: &Chain, note: &Note) -> Entry {
        Entry {
            schema: SCHEMA,
            execution: self.execution.clone(),
            number: chain.next,
            previous: chain.previous.clone(),
            time: self.held.time(),
            run: self.held.token().to_owned(),
            note: note.clone(),
        }
    }

    async fn create(&self, chain: &mut Chain, bytes: &[u8]) -> Result<There, aws::Error> {
        let (clock, limit) = (self.stores.clock().as_ref(), self.stores.times.call);
        let (store, key) = (self.primary.as_ref(), key(&self.execution, chain.next));
        // Known before it is sent: this future may be dropped before the answer comes.
        chain.sent.push(bytes.to_vec());
        let created = bounded(clock, limit, store.region(), store.create(&key, bytes)).await;
        match created {
            Ok(_) => return Ok(There::This),
            Err(error) if error.kind == ErrorKind::PreconditionFailed => {}
            Err(error) => return Err(error),
        }
        let stored = bounded(clock, limit, store.region(), store.get(&key)).await?;
        let Some(stored) = stored else {
            // Refused because it was there, and it is gone: entries are never removed.
            return Ok(There::Theirs(self.lost(None)));
        };
        if stored.body == bytes {
            Ok(There::This)
        } else if chain.sent.contains(&stored.body) {
            Ok(There::Earlier(stored.body))
        } else {
            Ok(There::Theirs(self.lost(Some(&stored.body))))
        }
    }

    fn lost(&self, theirs: Option<&[u8]>) -> LockLost {
        let entry: Option<Entry> = theirs.and_then(|bytes| canonical::read(bytes).ok());
        LockLost {
            place: self.primary.place(),
            to: theirs.map(|_| Holder {
                region: self.primary.region().clone(),
                place: self.primary.place(),
                actor: entry.as_ref().and_then(|entry| entry.note.actor.clone()),
                execution: Some(self.execution.clone()),
                since: entry.and_then(|entry| entry.time),
                seen_at: None,
            }),
        }
    }

    fn keep(&self, chain: &mut Chain, bytes: Vec<u8>) {
        let number = chain.next;
        chain.advance(&bytes);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(Raw { number, bytes });
        drop(kept);
        self.appended.notify_one();
    }

    fn not_written(&self, error: &aws::Error) -> Message {
        Message::new(
            format!(
                "the journal in {} was not written: {error}",
                self.primary.place()
            ),
            "every act is written down before it is sent",
            "nothing is lost: restore access to the store, then drctl resume --plan FILE looks at the world and goes on",
        )
    }

    /// The number and the hash of the last entry that is kept for sure; 0 and an empty text before the first.
    pub async fn head(&self) -> (u64, String) {
        let chain = self.chain.lock().await;
        let hash = chain.previous.clone().unwrap_or_default();
        (chain.next - 1, hash)
    }

    /// Copies what other stores lack, once; returns the stores that lack something still.
    pub async fn mirror(&self) -> Vec<StaleStore> {
        let kept = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.clone()
        };
        let mut copies = self.copies.lock().await;
        copy_missing(
            &self.stores,
            self.primary.region(),
            &self.execution,
            &kept,
            &mut copies,
        )
        .await
    }

    /// Copies entries to the other stores as they come, until it is dropped. It blocks nobody.
    pub async fn keep_mirrored(&self) {
        loop {
            let stale = self.mirror().await;
            let retry = self.stores.clock().sleep(self.stores.times.patience);
            let lost = self.stores.lost().len();
            tokio::select! {
                biased;
                () = self.appended.notified() => {}
                () = retry, if stale.len() > lost => {}
            }
        }
    }
}

/// Whether an entry says what a note says.
fn says(entry: &[u8], note: &Note) -> bool {
    canonical::read::<Entry>(entry).is_ok_and(|entry| entry.note == *note)
}

/// What stands under the number of an entry that was to be created.
enum There {
    This,
    Earlier(Vec<u8>),
    Theirs(LockLost),
}
