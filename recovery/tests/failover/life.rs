//! Processes on virtual time: polled one by one, killed before any poll, not scheduled for a while.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::{Clock, VirtualClock};
use jiff::{SignedDuration, Timestamp};

type Work<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A process.
pub(crate) struct Life<'a, T> {
    work: Option<Work<'a, T>>,
    flag: Arc<Flag>,
    /// How often it was polled.
    pub(crate) polls: usize,
    /// Dies before this poll.
    pub(crate) kill: Option<usize>,
    /// Is not scheduled from one moment to another.
    pub(crate) asleep: Option<(Duration, Duration)>,
    /// What it came to; `None` while it lives, and for ever when it was killed.
    pub(crate) output: Option<T>,
}

impl<'a, T> Life<'a, T> {
    pub(crate) fn new(work: impl Future<Output = T> + 'a) -> Self {
        Life {
            work: Some(Box::pin(work)),
            flag: Arc::new(Flag(AtomicBool::new(true))),
            polls: 0,
            kill: None,
            asleep: None,
            output: None,
        }
    }

    pub(crate) fn killed_at(mut self, poll: Option<usize>) -> Self {
        self.kill = poll;
        self
    }

    pub(crate) fn paused(mut self, span: Option<(Duration, Duration)>) -> Self {
        self.asleep = span;
        self
    }

    fn sleeps(&self, now: Duration) -> bool {
        self.asleep
            .is_some_and(|(from, to)| from <= now && now < to)
    }

    fn is_over(&self) -> bool {
        self.work.is_none()
    }

    /// One poll; false when there was nothing to do.
    fn turn(&mut self, now: Duration) -> bool {
        if self.is_over() || self.sleeps(now) || !self.flag.0.swap(false, Ordering::AcqRel) {
            return false;
        }
        if self.kill == Some(self.polls) {
            self.work = None;
            return true;
        }
        self.polls += 1;
        let waker = Waker::from(Arc::clone(&self.flag));
        let mut context = Context::from_waker(&waker);
        let work = self.work.as_mut().expect("it is not over");
        if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
            self.output = Some(output);
            self.work = None;
        }
        true
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// Lets all of them live to their ends, and calls `after` with the number of each that was just polled.
pub(crate) fn live<T>(
    clock: &VirtualClock,
    lives: &mut [Life<'_, T>],
    mut after: impl FnMut(usize, usize),
) {
    // Somebody who sleeps is woken by time alone.
    let mut alarms: Vec<_> = lives
        .iter()
        .filter_map(|life| life.asleep)
        .flat_map(|(from, to)| [from, to])
        .map(|at| Box::pin(clock.sleep(at.saturating_sub(clock.monotonic()))))
        .collect();
    let mut context = Context::from_waker(Waker::noop());
    alarms.retain_mut(|alarm| alarm.as_mut().poll(&mut context).is_pending());
    loop {
        let mut moved = false;
        for (number, life) in lives.iter_mut().enumerate() {
            if life.turn(clock.monotonic()) {
                moved = true;
                after(number, life.polls);
            }
        }
        if lives.iter().all(Life::is_over) {
            return;
        }
        if !moved {
            assert!(
                clock.advance_to_next(),
                "somebody waits for what never comes"
            );
        }
    }
}

/// The clock of a machine whose time of day is wrong, and whose monotonic clock began another day.
#[derive(Clone)]
pub(crate) struct Skewed {
    pub(crate) clock: VirtualClock,
    pub(crate) seconds: i64,
}

#[async_trait]
impl Clock for Skewed {
    fn now(&self) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(self.seconds)
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic() + Duration::from_secs(self.seconds.unsigned_abs() * 1000)
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }
}
