//! Faults around any implementation of the traits, by a seeded schedule.
//!
//! Which fault meets a call follows from the seed, the operation, the region and how many such calls there were, and
//! not from the order in which concurrent calls happen to run; so a failing seed replays.

mod schedule;
#[cfg(test)]
mod tests;
mod wrapped;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use schedule::{Fault, Schedule};

use crate::clock::Clock;
use crate::{Aws, Error, ErrorKind, Region};

/// One call as its caller saw it, whether or not it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// The region that was called.
    pub region: Region,
    /// What was done to it.
    pub fault: Option<Fault>,
    /// How it ended for the caller; `None` while it is under way, and for ever where the caller stopped waiting.
    pub answer: Option<Result<(), ErrorKind>>,
}

#[derive(Default)]
struct State {
    counts: BTreeMap<(Region, &'static str), u64>,
    faults: u32,
    lost: BTreeSet<Region>,
    denied: BTreeSet<String>,
    attempts: Vec<Attempt>,
}

/// An implementation of the traits with faults around it. Copies share their state.
#[derive(Clone)]
pub struct Faulty {
    inner: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    schedule: Arc<Schedule>,
    state: Arc<Mutex<State>>,
}

impl Faulty {
    /// Wraps an implementation. Latency and black holes wait on `clock`.
    pub fn new(inner: Arc<dyn Aws>, clock: Arc<dyn Clock>, schedule: Schedule) -> Self {
        Faulty {
            inner,
            clock,
            schedule: Arc::new(schedule),
            state: Arc::default(),
        }
    }

    /// Takes a region away: from now on no call arrives there, and each ends as unreachable after the connect timeout.
    pub fn lose(&self, region: &Region) {
        self.state().lost.insert(region.clone());
    }

    /// Gives a lost region back.
    pub fn give_back(&self, region: &Region) {
        self.state().lost.remove(region);
    }

    /// Denies an operation, such as `PromoteReadReplica`, from now on.
    pub fn deny(&self, operation: &str) {
        self.state().denied.insert(operation.to_owned());
    }

    /// Allows a denied operation again.
    pub fn allow(&self, operation: &str) {
        self.state().denied.remove(operation);
    }

    /// Every call so far, in the order in which they began.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.state().attempts.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call with what the schedule has for it.
    async fn call<T>(
        &self,
        service: &'static str,
        operation: &'static str,
        region: &Region,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let (index, fault, latency) = self.begin(operation, region);
        let answer = self.meet(fault, latency, work).await;
        let answer = answer.map_err(|cut| match cut {
            Cut::Answered(error) => error,
            Cut::By(fault) => fault.error(service, operation, region, index),
        });
        let word = answer.as_ref().map(|_| ()).map_err(|error| error.kind);
        self.state().attempts[index].answer = Some(word);
        answer
    }

    fn begin(&self, operation: &'static str, region: &Region) -> (usize, Option<Fault>, Duration) {
        let mut state = self.state();
        let count = state.counts.entry((region.clone(), operation)).or_default();
        let number = *count;
        *count += 1;
        let (drawn, latency) = self.schedule.draw(operation, region, number);
        let within = state.faults < self.schedule.most;
        let fault = if state.lost.contains(region) {
            Some(Fault::RegionLost)
        } else if state.denied.contains(operation) {
            Some(Fault::AccessDenied)
        } else {
            let scripted = self.schedule.scripted(operation, number);
            scripted.or_else(|| drawn.filter(|_| within).inspect(|_| state.faults += 1))
        };
        let index = state.attempts.len();
        state.attempts.push(Attempt {
            operation,
            region: region.clone(),
            fault,
            answer: None,
        });
        (index, fault, latency)
    }

    async fn meet<T>(
        &self,
        fault: Option<Fault>,
        latency: Duration,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Cut> {
        if !latency.is_zero() {
            self.clock.sleep(latency).await;
        }
        let Some(fault) = fault else {
            return work.await.map_err(Cut::Answered);
        };
        if fault.lets_the_call_arrive() {
            // What the service answers is lost on the way back.
            let _lost = work.await;
        }
        match fault {
            Fault::BlackHoleBeforeEffect | Fault::BlackHoleAfterEffect => {
                match self.schedule.attempt_timeout {
                    Some(bound) => self.clock.sleep(bound).await,
                    None => std::future::pending().await,
                }
            }
            Fault::RegionLost => self.clock.sleep(self.schedule.connect_timeout).await,
            _ => {}
        }
        Err(Cut::By(fault))
    }
}

/// How a call came to fail.
enum Cut {
    Answered(Error),
    By(Fault),
}
