//! Time, so that everything that waits can also run on virtual time.

#[cfg(feature = "fake")]
mod virtual_time;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

#[cfg(feature = "fake")]
pub use virtual_time::VirtualClock;

/// A clock.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time of day. It can jump; never measure with it.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment; it never goes back.
    fn monotonic(&self) -> Duration;

    /// Waits.
    async fn sleep(&self, duration: Duration);
}

/// The machine's clock. Under a paused tokio runtime it is virtual: waiting costs nothing and time goes on all the same.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: tokio::time::Instant,
    started_at: Timestamp,
}

impl SystemClock {
    /// Starts at the machine's time of day.
    pub fn new() -> Self {
        SystemClock::starting_at(Timestamp::now())
    }

    /// Starts at a chosen time of day; for simulation.
    pub fn starting_at(started_at: Timestamp) -> Self {
        SystemClock {
            started: tokio::time::Instant::now(),
            started_at,
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.started_at
            .saturating_add(self.monotonic())
            .unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
