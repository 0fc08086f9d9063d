//! A lock that is held: renewed, asked before one-way acts, released.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws::clock::Clock;
use aws::{Error, ErrorKind, Region};
use jiff::Timestamp;

use super::acquire::Taken;
use super::body::{Body, holder};
use super::decide::{Whose, lease, whose};
use super::{KEY, LockLost, NotNow, Permit, Request, Takeover};
use crate::message::{Message, duration_text};
use crate::store::{Retry, StaleStore, Store, StoreTime, Stored, Stores, Times, bounded, together};

/// The part of the lock in one store.
pub(super) struct HeldStore {
    store: Arc<dyn Store>,
    etag: String,
    /// A moment before the last proved write was sent, by our clock.
    renewed: Duration,
    since: Option<Timestamp>,
    takeover: Option<Takeover>,
}

impl HeldStore {
    pub(super) fn new(store: Arc<dyn Store>, taken: Taken) -> Self {
        HeldStore {
            store,
            etag: taken.etag,
            renewed: taken.sent,
            since: taken.date,
            takeover: taken.takeover,
        }
    }
}

struct State {
    beat: u64,
    held: Vec<HeldStore>,
    given_up: Vec<Region>,
}

/// The lock, held. Shared by whoever acts; calls on it are serialised. Dropping it leaves it to be taken over.
pub struct Held {
    target: Region,
    body: Body,
    interval: Duration,
    clock: Arc<dyn Clock>,
    times: Times,
    state: tokio::sync::Mutex<State>,
    lost: Mutex<Option<LockLost>>,
    /// Whether the target's store told it, and what it told.
    time: Mutex<Option<(bool, StoreTime)>>,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held")
            .field("execution", &self.body.execution)
            .finish_non_exhaustive()
    }
}

/// Why a store's part was not renewed.
enum Trouble {
    Lost(LockLost),
    NoAnswer(StaleStore),
}

/// How one attempt at a renewal ended.
enum Attempt {
    Proved,
    Lost(LockLost),
    Again(Error),
    Failed(Error),
}

impl From<Error> for Attempt {
    fn from(error: Error) -> Self {
        if error.is_transient() {
            Attempt::Again(error)
        } else {
            Attempt::Failed(error)
        }
    }
}

impl Held {
    pub(super) fn new(request: &Request, body: Body, stores: &Stores) -> Self {
        let interval = body.interval();
        let times = Times {
            call: stores.times.call.min(interval / 4),
            patience: stores.times.patience.min(interval / 2),
            ..stores.times
        };
        Held {
            target: request.target.clone(),
            body,
            interval,
            clock: stores.clock().clone(),
            times,
            state: tokio::sync::Mutex::new(State {
                beat: 0,
                held: Vec::new(),
                given_up: stores.lost(),
            }),
            lost: Mutex::default(),
            time: Mutex::default(),
        }
    }

    pub(super) async fn add(&self, store: HeldStore) {
        if let Some(date) = store.since {
            self.told(store.store.region(), date);
        }
        self.state.lock().await.held.push(store);
    }

    /// Chance, new for every acquisition; stands in every entry that its owner writes.
    pub fn token(&self) -> &str {
        &self.body.token
    }

    /// Locks that were taken over.
    pub async fn takeovers(&self) -> Vec<Takeover> {
        let state = self.state.lock().await;
        let takeovers = state.held.iter().filter_map(|held| held.takeover.clone());
        takeovers.collect()
    }

    /// Regions whose stores hold no part of the lock because they are declared lost.
    pub async fn lost_stores(&self) -> Vec<Region> {
        self.state.lock().await.given_up.clone()
    }

    /// The time by the target's store, or by another one while that has told none, carried on by the own clock.
    pub fn time(&self) -> Option<Timestamp> {
        let time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        time.map(|(_, told)| told.now(self.clock.as_ref()))
    }

    /// Goes on without the store of a region that an operator declares lost while this runs.
    ///
    /// # Errors
    /// When it is the target's.
    pub async fn give_up(&self, region: &Region) -> Result<(), Message> {
        if *region == self.target {
            return Err(Message::new(
                format!("{region} becomes active and is declared lost"),
                "the store of the region that becomes active answers",
                "abort, and fail over to another region",
            ));
        }
        let mut state = self.state.lock().await;
        state.held.retain(|held| held.store.region() != region);
        if !state.given_up.contains(region) {
            state.given_up.push(region.clone());
        }
        Ok(())
    }

    /// Says that something else proved the lock lost, such as somebody's entry in the journal.
    pub fn mark_lost(&self, lost: LockLost) {
        let mut known = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert(lost);
    }

    /// Whether it is lost, as far as this process knows.
    pub fn lost(&self) -> Option<LockLost> {
        let known = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    /// Writes a heartbeat in every store. Stores that did not answer are returned: their part of the lease runs down.
    ///
    /// # Errors
    /// When the lock is lost.
    pub async fn renew(&self) -> Result<Vec<StaleStore>, LockLost> {
        let mut state = self.state.lock().await;
        self.renew_all(&mut state).await
    }

    async fn renew_all(&self, state: &mut State) -> Result<Vec<StaleStore>, LockLost> {
        if let Some(lost) = self.lost() {
            return Err(lost);
        }
        // Never used twice, also when this future is dropped before the answers come.
        state.beat += 1;
        let beat = state.beat;
        let renewals = state.held.iter_mut().map(|held| self.renew_one(held, beat));
        let mut silent = Vec::new();
        for trouble in together(renewals.collect()).await.into_iter().flatten() {
            match trouble {
                Trouble::Lost(lost) => self.mark_lost(lost),
                Trouble::NoAnswer(store) => silent.push(store),
            }
        }
        self.lost().map_or(Ok(silent), Err)
    }

    /// Writes the beat in one store; `None` when it is proved to stand there.
    async fn renew_one(&self, held: &mut HeldStore, beat: u64) -> Option<Trouble> {
        let clock = self.clock.as_ref();
        let mut retry = Retry::new(clock, self.times);
        let first_sent = clock.monotonic();
        let body = Body {
            beat,
            since: held.since,
            ..self.body.clone()
        };
        loop {
            let error = match self.attempt(held, &body, first_sent).await {
                Attempt::Proved => return None,
                Attempt::Lost(lost) => return Some(Trouble::Lost(lost)),
                Attempt::Again(error) if retry.again().await => {
                    tracing::debug!(%error, "the heartbeat is written again");
                    continue;
                }
                Attempt::Again(error) | Attempt::Failed(error) => error,
            };
            return Some(Trouble::NoAnswer(StaleStore {
                region: held.store.region().clone(),
                why: error.to_string(),
            }));
        }
    }

    async fn attempt(&self, held: &mut HeldStore, body: &Body, first_sent: Duration) -> Attempt {
        let sent = self.clock.monotonic();
        let bytes = body.bytes();
        let call = held.store.replace(KEY, &bytes, &held.etag);
        let error = match bounded(
            self.clock.as_ref(),
            self.times.call,
            held.store.region(),
            call,
        )
        .await
        {
            Ok(kept) => {
                self.settle(held, kept.etag, kept.date, sent);
                return Attempt::Proved;
            }
            Err(error) if error.kind == ErrorKind::PreconditionFailed => error,
            Err(error) => return error.into(),
        };
        let stored = match self.read(held.store.as_ref()).await {
            Ok(stored) => stored,
            Err(error) => return error.into(),
        };
        match (whose(body, stored.as_ref()), stored) {
            (Whose::ThisWrite, Some(stored)) => {
                // An earlier attempt of this beat did it; which one is not known.
                self.settle(held, stored.etag, stored.date, first_sent);
                Attempt::Proved
            }
            (Whose::OtherWrite, Some(stored)) => {
                held.etag = stored.etag;
                Attempt::Again(error)
            }
            (_, stored) => Attempt::Lost(LockLost {
                place: held.store.place(),
                to: stored.map(|stored| holder(held.store.as_ref(), &stored)),
            }),
        }
    }

    fn settle(&self, held: &mut HeldStore, etag: String, date: Option<Timestamp>, sent: Duration) {
        held.etag = etag;
        held.renewed = held.renewed.max(sent);
        if let Some(date) = date {
            held.since = held.since.or(Some(date));
            self.told(held.store.region(), date);
        }
    }

    fn told(&self, region: &Region, date: Timestamp) {
        let told = StoreTime::told(date, self.clock.as_ref());
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        let by_target = *region == self.target;
        if by_target || time.is_none_or(|(known_by_target, _)| !known_by_target) {
            *time = Some((by_target, told));
        }
    }

    async fn read(&self, store: &dyn Store) -> Result<Option<Stored>, Error> {
        bounded(
            self.clock.as_ref(),
            self.times.call,
            store.region(),
            store.get(KEY),
        )
        .await
    }

    /// Writes heartbeats until the lock is lost. Dropping it stops them.
    pub async fn keep_alive(&self) -> LockLost {
        let mut next = self.clock.monotonic();
        loop {
            next += self.interval;
            let now = self.clock.monotonic();
            // Late beats are not made up for.
            next = next.max(now + self.times.pause);
            self.clock.sleep(next.saturating_sub(now)).await;
            match self.renew().await {
                Ok(silent) => {
                    for store in silent {
                        tracing::warn!(region = %store.region, why = store.why, "no heartbeat");
                    }
                }
                Err(lost) => return lost,
            }
        }
    }

    /// Renews everywhere, and lets a one-way act start when more of the lease is left than it may be under way.
    ///
    /// # Errors
    /// When the lock is lost, or could not be renewed in every store that is not given up.
    pub async fn before_one_way(&self, attempt_timeout: Duration) -> Result<Permit, NotNow> {
        let mut state = self.state.lock().await;
        let silent = self.renew_all(&mut state).await.map_err(NotNow::Lost)?;
        if let Some(store) = silent.first() {
            let StaleStore { region, why } = store;
            return Err(NotNow::NotRenewed(Message::new(
                format!("the lock in {region} could not be renewed: {why}"),
                "the lock is renewed in every store before an act that cannot be undone",
                format!(
                    "where {region} is lost, declare it with --lost {region}; else restore access to its store"
                ),
            )));
        }
        let oldest = state.held.iter().map(|held| held.renewed).min();
        let lease_until = oldest.unwrap_or_default() + lease(self.interval);
        let permit = Permit { lease_until };
        if permit.still_holds(self.clock.as_ref(), attempt_timeout) {
            return Ok(permit);
        }
        let left = lease_until.saturating_sub(self.clock.monotonic());
        Err(NotNow::NotRenewed(Message::new(
            format!(
                "{} of the lock are left after renewing it",
                duration_text(left)
            ),
            format!(
                "more than {}, the longest that an attempt of the act may take",
                duration_text(attempt_timeout)
            ),
            "nothing to do: it is asked again; if it stays so, a longer interval of the lock helps",
        )))
    }

    /// Removes the lock, the last store first. Stores that did not answer are returned: there it ends by itself.
    pub async fn release(&self) -> Vec<StaleStore> {
        let mut state = self.state.lock().await;
        let mut left = Vec::new();
        while let Some(held) = state.held.last_mut() {
            let place = held.store.place();
            self.mark_lost(LockLost { place, to: None });
            if let Err(error) = self.remove(held).await {
                left.push(StaleStore {
                    region: held.store.region().clone(),
                    why: error.to_string(),
                });
            }
            state.held.pop();
        }
        left
    }

    async fn remove(&self, held: &mut HeldStore) -> Result<(), Error> {
        let clock = self.clock.as_ref();
        let mut retry = Retry::new(clock, self.times);
        loop {
            let call = held.store.remove(KEY, &held.etag);
            let error = match bounded(clock, self.times.call, held.store.region(), call).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            if error.kind == ErrorKind::PreconditionFailed {
                match self.read(held.store.as_ref()).await {
                    Ok(Some(stored)) if whose(&self.body, Some(&stored)) != Whose::Theirs => {
                        held.etag = stored.etag;
                    }
                    Ok(_) => return Ok(()),
                    Err(error) if !error.is_transient() => return Err(error),
                    Err(_) => {}
                }
            } else if !error.is_transient() {
                return Err(error);
            }
            if !retry.again().await {
                return Err(error);
            }
        }
    }
}
