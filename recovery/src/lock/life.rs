//! Whether whoever holds the lock is alive: the lock is looked at, and nothing is written.

use std::sync::Arc;
use std::time::Duration;

use aws::{Error, Region};

use super::body::{Body, holder};
use super::decide::{Sign, Watch};
use super::{Holder, KEY};
use crate::store::{Store, Stored, Stores};

/// The longest pause between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// What the lock shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Life {
    /// Nobody holds it.
    Nobody,
    /// Its holder wrote a heartbeat at most so long ago.
    Alive(Holder, Duration),
    /// Its holder gave no heartbeat for three intervals, watched for so long.
    Silent(Holder, Duration),
}

/// Looks at the lock until its holder gives a sign of life or was silent for three of its intervals: at once where
/// nobody holds it.
///
/// # Errors
/// When no store answers.
pub async fn life(stores: &Stores, target: &Region) -> Result<Life, Error> {
    match sight(stores, target).await? {
        Some((store, first)) => watch(stores, store.as_ref(), first).await,
        None => Ok(Life::Nobody),
    }
}

/// Who holds the lock, alive or not, by one look; `None` where nobody does.
///
/// # Errors
/// When no store answers.
pub async fn held_by(stores: &Stores, target: &Region) -> Result<Option<Holder>, Error> {
    let seen = sight(stores, target).await?;
    Ok(seen.map(|(store, seen)| holder(store.as_ref(), &seen)))
}

/// The store of the region that becomes active is asked first, since no run goes without it; others where it does not
/// answer.
async fn sight<'a>(
    stores: &'a Stores,
    target: &Region,
) -> Result<Option<(&'a Arc<dyn Store>, Stored)>, Error> {
    let own = stores.answering().filter(|store| store.region() == target);
    let others = stores.answering().filter(|store| store.region() != target);
    let mut silent = None;
    for store in own.chain(others) {
        match read(stores, store.as_ref()).await {
            Ok(Some(seen)) => return Ok(Some((store, seen))),
            // No run goes without it; in the store of another region a run that declared it lost holds nothing.
            Ok(None) if store.region() == target => return Ok(None),
            Ok(None) => {}
            Err(error) => silent = Some(error),
        }
    }
    // Where every store is declared lost nobody can hold a lock that this plan knows of.
    silent.map_or(Ok(None), Err)
}

async fn watch(stores: &Stores, store: &dyn Store, first: Stored) -> Result<Life, Error> {
    let clock = stores.clock();
    let interval = Body::read(&first).map_or(super::Request::INTERVAL, |body| body.interval());
    let watch = Watch {
        etag: first.etag.clone(),
        since: clock.monotonic(),
    };
    let pause = LOOK.min(interval / 4);
    let mut seen = first;
    // When the lock was last seen without a new heartbeat.
    let mut before = watch.since;
    // What could not be read may have been a heartbeat.
    let mut unread = None;
    loop {
        match watch.judge(&seen.etag, interval, clock.monotonic()) {
            Sign::Alive => {
                let since = clock.monotonic().saturating_sub(before);
                return Ok(Life::Alive(holder(store, &seen), since));
            }
            Sign::Silent(watched) => {
                let silent = Life::Silent(holder(store, &seen), watched);
                return unread.map_or(Ok(silent), Err);
            }
            Sign::Waiting(left) => clock.sleep(pause.min(left)).await,
        }
        let looked = clock.monotonic();
        match read(stores, store).await {
            Ok(None) => return Ok(Life::Nobody),
            Ok(Some(now)) => {
                if now.etag == seen.etag {
                    before = looked;
                }
                (seen, unread) = (now, None);
            }
            Err(error) => unread = Some(error),
        }
    }
}

async fn read(stores: &Stores, store: &dyn Store) -> Result<Option<Stored>, Error> {
    stores.bound(store.region(), store.get(KEY)).await
}
