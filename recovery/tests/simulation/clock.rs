//! Time that moves only when the driver moves it, and the driver that polls a run by hand.
//!
//! Every await of the simulated world is a timer of this clock, so "poll n times, then drop" kills a run at its n-th
//! await point, exactly and repeatably.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::Clock;
use jiff::Timestamp;

/// When every simulation starts.
pub(crate) const START: &str = "2026-08-01T12:00:00Z";

#[derive(Default)]
struct Timers {
    now: Duration,
    next_id: u64,
    pending: Vec<(u64, Duration)>,
}

/// The clock of one simulated world.
#[derive(Clone, Default)]
pub(crate) struct SimulatedClock(Arc<Mutex<Timers>>);

impl SimulatedClock {
    fn timers(&self) -> MutexGuard<'_, Timers> {
        self.0.lock().expect("no panic holds the lock")
    }

    /// Time since the start of the simulation.
    pub(crate) fn elapsed(&self) -> Duration {
        self.timers().now
    }

    /// Moves time to the next timer; false when nobody waits.
    fn advance(&self) -> bool {
        let mut timers = self.timers();
        let Some(next) = timers.pending.iter().map(|(_, at)| *at).min() else {
            return false;
        };
        timers.now = timers.now.max(next);
        true
    }

    /// Waits on this clock.
    pub(crate) fn wait(&self, duration: Duration) -> Sleep {
        let mut timers = self.timers();
        let (id, at) = (timers.next_id, timers.now.saturating_add(duration));
        timers.next_id += 1;
        timers.pending.push((id, at));
        Sleep {
            clock: self.clone(),
            id,
            at,
        }
    }
}

/// A timer; dropping it takes it off the clock.
pub(crate) struct Sleep {
    clock: SimulatedClock,
    id: u64,
    at: Duration,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.clock.elapsed() >= self.at {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.timers().pending.retain(|(id, _)| *id != self.id);
    }
}

#[async_trait]
impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = START.parse().expect("a timestamp");
        start + self.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        self.wait(duration).await;
    }
}

/// Polls a future to its end, or at most `polls` times and then drops it. Calls `before` with the number of each poll.
pub(crate) fn drive<T>(
    clock: &SimulatedClock,
    future: impl Future<Output = T>,
    polls: Option<usize>,
    mut before: impl FnMut(usize),
) -> (Option<T>, usize) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for poll in 0.. {
        if polls == Some(poll) {
            return (None, poll);
        }
        before(poll);
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return (Some(value), poll + 1);
        }
        assert!(
            clock.advance(),
            "the run waits for something that never comes"
        );
    }
    unreachable!("the loop above only ends by returning")
}
