//! From a plan to what an execution works with: its stores, AWS, time. Every caller of the engine opens alike.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use aws::clock::Clock;
use aws::{Aws, Region};

use super::{EmptyDesk, Surroundings};
use crate::document::{Document, StorePlace};
use crate::kind::Means;
use crate::message::Message;
use crate::runner::Pace;
use crate::store::{self, Stores, Times};

/// How fast an execution goes about its work. The defaults suit AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tempo {
    /// How often the lock's heartbeat is written; a runner that is silent for three of them is taken over.
    pub heartbeat: Duration,
    /// The first pause between two looks of a step; it grows to 15 seconds.
    pub poll: Duration,
    /// The longest that one attempt of a call may be under way.
    pub attempt: Duration,
}

impl Default for Tempo {
    fn default() -> Self {
        Tempo {
            heartbeat: crate::lock::Request::INTERVAL,
            poll: Duration::from_secs(2),
            attempt: Duration::from_secs(15),
        }
    }
}

/// Opens a plan. Nothing is called; regions that are declared lost never are.
///
/// # Errors
/// When a lost region is none of the plan's, or a store has no client.
pub fn open(
    document: Document,
    lost: &BTreeSet<Region>,
    aws: &Arc<dyn Aws>,
    clock: &Arc<dyn Clock>,
    tempo: Tempo,
) -> Result<Surroundings, Message> {
    if let Some(region) = lost
        .iter()
        .find(|region| !document.regions.contains(region))
    {
        let known: Vec<&str> = document.regions.iter().map(Region::as_str).collect();
        let seen = format!("{region} is no region of the plan {}", document.name);
        return Err(Message::new(seen, known.join(", "), "name one of them"));
    }
    let digest = document
        .digest()
        .map_err(|error| Message::new(error.to_string(), "whole numbers", ""))?;
    let mut stores = Vec::new();
    for region in &document.regions {
        let place = document.stores.get(region);
        if let Some(place) = place.filter(|_| !lost.contains(region)) {
            let opened = store::open(region, &absolute(place), aws.as_ref(), Arc::clone(clock));
            stores.push(opened.map_err(|error| {
                Message::new(
                    error.to_string(),
                    "the stores of the plan",
                    "drctl doctor --plan FILE tells what is missing",
                )
            })?);
        }
    }
    let times = Times {
        call: Times::default().call.min(tempo.heartbeat),
        ..Times::default()
    };
    Ok(Surroundings {
        path: vec![document.name.clone()],
        digest,
        stores: Stores::new(stores, lost.clone(), Arc::clone(clock)).with_times(times),
        means: Means {
            aws: Arc::clone(aws),
            clock: Arc::clone(clock),
            desk: Arc::new(EmptyDesk),
        },
        document: Arc::new(document),
        children: Arc::new(BTreeMap::new()),
        pace: Pace {
            first_pause: tempo.poll,
            ..Pace::default()
        },
        attempt: tempo.attempt.min(tempo.heartbeat * 2),
        interval: tempo.heartbeat,
        orders_every: tempo.heartbeat.min(Duration::from_secs(5)),
    })
}

/// A directory of a store is meant from where the program was started.
pub fn absolute(place: &StorePlace) -> StorePlace {
    match place {
        StorePlace::Directory(path) => {
            let whole = std::path::absolute(path).ok();
            let whole = whole.map(|path| path.display().to_string());
            StorePlace::Directory(whole.unwrap_or_else(|| path.clone()))
        }
        bucket @ StorePlace::Bucket { .. } => bucket.clone(),
    }
}

/// The longest to wait for what only tells more: who calls, whether a store is fit.
const ASIDE: Duration = Duration::from_secs(5);

impl Surroundings {
    /// Who calls, as AWS names the caller in the first region that answers; `None` where none does.
    pub async fn caller(&self) -> Option<String> {
        let lost = self.stores.lost();
        let regions = self.document.regions.iter();
        for region in regions.filter(|region| !lost.contains(region)) {
            if let Ok(identity) = self.means.aws.identity(region)
                && let Some(Ok(caller)) = self.aside(identity.caller()).await
            {
                return Some(caller.arn);
            }
        }
        None
    }

    /// Refuses stores that must not be used: without versioning, or with a prefix that is replicated.
    ///
    /// # Errors
    /// Names the first of them. A store that does not answer is no reason.
    pub async fn refuse_unfit_stores(&self) -> Result<(), Message> {
        let asked = self.stores.each(|store| self.aside(store.unfit()));
        for (store, unfit) in asked.await {
            if let Some(Err(error)) = &unfit
                && error.code.as_deref() == Some("NoSuchBucket")
            {
                return Err(Message::new(
                    format!("{}: {error}", store.place()),
                    "a versioned bucket that is there",
                    "create it, or correct the store of the region in the document",
                ));
            }
            if let Some(Ok(Some(why))) = unfit {
                return Err(Message::new(
                    format!("{}: {why}", store.place()),
                    "a versioned bucket whose prefix is not replicated: a replicated lock is a false lock",
                    "turn versioning on, or choose a prefix that no replication rule covers",
                ));
            }
        }
        Ok(())
    }

    /// Waits a little for what nothing depends on; `None` where it took too long.
    async fn aside<T>(&self, answer: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            answer = answer => Some(answer),
            () = self.means.clock.sleep(ASIDE) => None,
        }
    }
}
