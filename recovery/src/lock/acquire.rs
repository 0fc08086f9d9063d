//! Taking the lock, store by store in the plan's order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws::{Error, ErrorKind, Region};
use jiff::Timestamp;

use super::body::{Body, holder};
use super::decide::{Sign, Watch, Whose, whose};
use super::held::{Held, HeldStore};
use super::{Acquired, Holder, KEY, Request, Takeover};
use crate::message::Message;
use crate::store::{Retry, Store, Stored, Stores, bounded};

/// Takes the lock in every store whose region is not declared lost, or tells who holds it.
///
/// A lock without heartbeat is watched for three of its owner's intervals and then taken over. What was taken before a
/// store said no is given back.
///
/// # Errors
/// When the target's store is declared lost, or a store does not answer or may not be written.
pub async fn acquire(request: &Request, stores: &Stores) -> Result<Acquired, Message> {
    if stores.of(&request.target).is_none() {
        return Err(Message::new(
            format!(
                "the store of {}, the region that becomes active, is declared lost or missing",
                request.target
            ),
            "a lock and a journal in the region that becomes active",
            "choose another target, or take its region off the lost ones",
        ));
    }
    let body = Body::new(request);
    let held = Held::new(request, body.clone(), stores);
    let watches = first_sight(stores).await;
    for store in stores.answering() {
        let watch = watches.get(store.region()).cloned().flatten();
        let taking = Taking {
            stores,
            store: store.as_ref(),
            body: &body,
            watch,
            first_sent: None,
            takeover: None,
        };
        // What is already held must stay alive while this one is watched.
        let taken = tokio::select! {
            biased;
            taken = taking.run() => taken,
            lost = held.keep_alive() => Err(Stop::Refused(lost.message())),
        };
        match taken {
            Ok(taken) => held.add(HeldStore::new(store.clone(), taken)).await,
            Err(stop) => {
                held.release().await;
                return match stop {
                    Stop::HeldBy(holder) => Ok(Acquired::HeldBy(holder)),
                    Stop::Refused(message) => Err(message),
                };
            }
        }
    }
    Ok(Acquired::Held(Arc::new(held)))
}

/// What is there at the beginning, in all stores at once, so that several silent locks are watched together. A store
/// that does not answer now is asked again when it is its turn.
async fn first_sight(stores: &Stores) -> BTreeMap<Region, Option<Watch>> {
    let clock = stores.clock();
    let sights = stores
        .each(|store| {
            bounded(
                clock.as_ref(),
                stores.times.call,
                store.region(),
                store.get(KEY),
            )
        })
        .await;
    let watch = |stored: Stored| Watch {
        etag: stored.etag,
        since: clock.monotonic(),
    };
    sights
        .into_iter()
        .filter_map(|(store, sight)| Some((store.region().clone(), sight.ok()?.map(watch))))
        .collect()
}

/// One store's part of the lock, just taken.
pub(super) struct Taken {
    pub(super) etag: String,
    /// A moment before the write was sent, by our clock.
    pub(super) sent: Duration,
    /// The store's date of the answer.
    pub(super) date: Option<Timestamp>,
    pub(super) takeover: Option<Takeover>,
}

enum Stop {
    HeldBy(Holder),
    Refused(Message),
}

struct Taking<'a> {
    stores: &'a Stores,
    store: &'a dyn Store,
    body: &'a Body,
    watch: Option<Watch>,
    first_sent: Option<Duration>,
    takeover: Option<Takeover>,
}

impl Taking<'_> {
    async fn run(mut self) -> Result<Taken, Stop> {
        let clock = self.stores.clock().clone();
        let mut retry = Retry::new(clock.as_ref(), self.stores.times);
        loop {
            let turn = if self.watch.is_some() {
                self.look().await
            } else {
                self.create().await
            };
            match turn {
                Ok(Some(taken)) => return Ok(taken),
                Ok(None) => retry = Retry::new(clock.as_ref(), self.stores.times),
                Err(Turn::Stop(stop)) => return Err(stop),
                Err(Turn::Failed(error)) => {
                    let passes = error.is_transient() && !error.was_held_back();
                    if !(passes && retry.again().await) {
                        return Err(Stop::Refused(self.no_answer(&error)));
                    }
                }
            }
        }
    }

    async fn create(&mut self) -> Result<Option<Taken>, Turn> {
        let sent = self.sending();
        let bytes = self.body.bytes();
        match self.call(self.store.create(KEY, &bytes)).await {
            Ok(kept) => Ok(Some(self.taken(kept.etag, kept.date, sent))),
            Err(error) if error.kind == ErrorKind::PreconditionFailed => self.look().await,
            Err(error) => Err(error.into()),
        }
    }

    /// Looks at the lock that is there: perhaps it is ours, perhaps its owner is silent.
    async fn look(&mut self) -> Result<Option<Taken>, Turn> {
        let stored = self.call(self.store.get(KEY)).await?;
        let now = self.stores.clock().monotonic();
        let Some(stored) = stored else {
            // Released: the next turn creates it.
            self.watch = None;
            return Ok(None);
        };
        if matches!(
            whose(self.body, Some(&stored)),
            Whose::ThisWrite | Whose::OtherWrite
        ) {
            let sent = self.first_sent.unwrap_or(now);
            return Ok(Some(self.taken(stored.etag, stored.date, sent)));
        }
        let holder = holder(self.store, &stored);
        let interval = Body::read(&stored).map_or(self.body.interval(), |body| body.interval());
        let watch = self.watch.get_or_insert_with(|| Watch {
            etag: stored.etag.clone(),
            since: now,
        });
        match watch.judge(&stored.etag, interval, now) {
            Sign::Alive => Err(Turn::Stop(Stop::HeldBy(holder))),
            Sign::Waiting(left) => {
                let pause = left.min(interval / 2);
                self.stores.clock().sleep(pause).await;
                Ok(None)
            }
            Sign::Silent(watched) => self.take_over(holder, &stored, watched).await,
        }
    }

    async fn take_over(
        &mut self,
        from: Holder,
        stored: &Stored,
        watched: Duration,
    ) -> Result<Option<Taken>, Turn> {
        let sent = self.sending();
        let at = stored.date;
        self.takeover = Some(Takeover { from, watched, at });
        let bytes = self.body.bytes();
        let call = self.store.replace(KEY, &bytes, &stored.etag);
        match self.call(call).await {
            Ok(kept) => Ok(Some(self.taken(kept.etag, kept.date, sent))),
            // The next look tells whose it is now.
            Err(error) if error.kind == ErrorKind::PreconditionFailed => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn taken(&mut self, etag: String, date: Option<Timestamp>, sent: Duration) -> Taken {
        Taken {
            etag,
            sent,
            date,
            takeover: self.takeover.take(),
        }
    }

    /// The moment before a write is sent.
    fn sending(&mut self) -> Duration {
        let now = self.stores.clock().monotonic();
        self.first_sent.get_or_insert(now);
        now
    }

    async fn call<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        bounded(
            self.stores.clock().as_ref(),
            self.stores.times.call,
            self.store.region(),
            call,
        )
        .await
    }

    fn no_answer(&self, error: &Error) -> Message {
        let region = self.store.region();
        Message::new(
            format!(
                "the lock in {} could not be taken: {error}",
                self.store.place()
            ),
            "a lock in the store of every region that is not declared lost",
            format!(
                "where {region} is lost, declare it with --lost {region}; else restore access to its store"
            ),
        )
    }
}

enum Turn {
    Stop(Stop),
    Failed(Error),
}

impl From<Error> for Turn {
    fn from(error: Error) -> Self {
        Turn::Failed(error)
    }
}
