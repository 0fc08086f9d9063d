//! The stores of a plan together: which may be called, each call bounded, all at once where order does not matter.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use aws::clock::Clock;
use aws::{Error, ErrorKind, Region};
use jiff::Timestamp;

use super::Store;
use crate::journal::Shelf;
use crate::message::duration_text;

/// A store that does not hold what the others hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleStore {
    /// Its region.
    pub region: Region,
    /// Why.
    pub why: String,
}

/// How long a call may take, and how long and how often one that fails for a passing reason is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The longest of one call; then whether it took effect is unknown.
    pub call: Duration,
    /// The pause before it is made again.
    pub pause: Duration,
    /// For how long it is made again.
    pub patience: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Times {
            call: Duration::from_secs(5),
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(15),
        }
    }
}

/// The stores of a plan in its region order.
#[derive(Clone)]
pub struct Stores {
    all: Vec<Arc<dyn Store>>,
    lost: BTreeSet<Region>,
    clock: Arc<dyn Clock>,
    pub(crate) times: Times,
    /// Journals that were read before.
    pub(crate) shelf: Arc<Shelf>,
}

impl Stores {
    /// Stores in the plan's region order; nothing in a lost region is called, and its store may be left out.
    pub fn new(all: Vec<Arc<dyn Store>>, lost: BTreeSet<Region>, clock: Arc<dyn Clock>) -> Self {
        Stores {
            all,
            lost,
            clock,
            times: Times::default(),
            shelf: Arc::default(),
        }
    }

    /// The same stores, with journals that other looks of this process have read.
    #[must_use]
    pub fn with_shelf(mut self, shelf: &Arc<Shelf>) -> Self {
        self.shelf = Arc::clone(shelf);
        self
    }

    /// The same stores with other waits.
    #[must_use]
    pub fn with_times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// The stores that may be called, in order.
    pub fn answering(&self) -> impl DoubleEndedIterator<Item = &Arc<dyn Store>> {
        self.all
            .iter()
            .filter(|store| !self.lost.contains(store.region()))
    }

    /// The store of a region, unless it is lost.
    pub fn of(&self, region: &Region) -> Option<&Arc<dyn Store>> {
        self.answering().find(|store| store.region() == region)
    }

    /// The regions whose stores are not called, in order; stores that were never opened too.
    pub fn lost(&self) -> Vec<Region> {
        self.lost.iter().cloned().collect()
    }

    /// The lost regions as stale stores.
    pub(crate) fn stale(&self) -> Vec<StaleStore> {
        let lost = self.lost().into_iter().map(|region| StaleStore {
            region,
            why: "its region is declared lost".to_owned(),
        });
        lost.collect()
    }

    /// The clock that bounds calls.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// A call to one store, bounded; a passing failure of a call that does no harm twice is tried again.
    pub(crate) async fn harmless<T, F: Future<Output = Result<T, Error>>>(
        &self,
        region: &Region,
        mut call: impl FnMut() -> F,
    ) -> Result<T, Error> {
        let mut retry = Retry::new(self.clock.as_ref(), self.times);
        loop {
            match bounded(self.clock.as_ref(), self.times.call, region, call()).await {
                // Asking again within seconds asks nobody: nothing is sent to a region that never answered.
                Err(error) if error.was_held_back() => return Err(error),
                Err(error) if error.is_transient() && retry.again().await => {}
                answer => return answer,
            }
        }
    }

    /// One call to a region, bounded as those to its store are, and made once.
    ///
    /// # Errors
    /// Those of the call, or that it took too long.
    pub async fn bound<T>(
        &self,
        region: &Region,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        bounded(self.clock.as_ref(), self.times.call, region, call).await
    }

    /// One piece of work for every answering store, all at once; answers in the order of the stores.
    pub(crate) async fn each<'a, T: Send + 'a, F: Future<Output = T> + Send + 'a>(
        &'a self,
        work: impl Fn(&'a Arc<dyn Store>) -> F,
    ) -> Vec<(&'a Arc<dyn Store>, T)> {
        let stores: Vec<_> = self.answering().collect();
        let answers = together(stores.iter().map(|store| work(store)).collect()).await;
        stores.into_iter().zip(answers).collect()
    }
}

/// Waits between tries until the patience is used up.
pub(crate) struct Retry<'a> {
    clock: &'a dyn Clock,
    times: Times,
    started: Duration,
}

impl<'a> Retry<'a> {
    pub(crate) fn new(clock: &'a dyn Clock, times: Times) -> Self {
        Retry {
            clock,
            times,
            started: clock.monotonic(),
        }
    }

    /// Waits for the next try; false when there is none.
    pub(crate) async fn again(&mut self) -> bool {
        let spent = self.clock.monotonic().saturating_sub(self.started);
        if spent + self.times.pause > self.times.patience {
            return false;
        }
        self.clock.sleep(self.times.pause).await;
        true
    }
}

/// The call, or a timeout.
pub(crate) async fn bounded<T>(
    clock: &dyn Clock,
    limit: Duration,
    region: &Region,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::select! {
        biased;
        answer = call => answer,
        () = clock.sleep(limit) => Err(Error {
            kind: ErrorKind::Timeout,
            service: "store".to_owned(),
            operation: "call".to_owned(),
            region: region.to_string(),
            code: None,
            message: format!("no answer within {}", duration_text(limit)),
            request_id: None,
        }),
    }
}

/// Runs futures at once; their outputs in order.
pub(crate) async fn together<T, F: Future<Output = T> + Send>(futures: Vec<F>) -> Vec<T> {
    let mut running: Vec<(Pin<Box<F>>, Option<T>)> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    poll_fn(|context| {
        let mut pending = false;
        for (future, output) in running.iter_mut().filter(|(_, output)| output.is_none()) {
            match future.as_mut().poll(context) {
                Poll::Ready(value) => *output = Some(value),
                Poll::Pending => pending = true,
            }
        }
        if pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    let outputs = running.into_iter().map(|(_, output)| output);
    outputs.map(|it| it.expect("all are ready")).collect()
}

/// A store's time, carried on by a clock that never jumps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreTime {
    date: Timestamp,
    at: Duration,
}

impl StoreTime {
    /// The date of an answer that has just come.
    pub(crate) fn told(date: Timestamp, clock: &dyn Clock) -> Self {
        StoreTime {
            date,
            at: clock.monotonic(),
        }
    }

    /// The time now.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        let since = clock.monotonic().saturating_sub(self.at);
        self.date.saturating_add(since).unwrap_or(Timestamp::MAX)
    }
}
