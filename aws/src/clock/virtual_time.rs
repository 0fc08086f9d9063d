//! Time that moves only when somebody moves it; for simulation.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Clock;

/// A clock that stands still until it is advanced. Copies share their time.
///
/// A sleep is a timer of this clock and needs no runtime, so a driver can poll a future by hand, advance to the next
/// timer when nothing else can happen ([`drive`](VirtualClock::drive) does both), or drop the future in the middle to
/// play a process that dies. Polling never moves time.
#[derive(Clone)]
pub struct VirtualClock {
    start: Timestamp,
    timers: Arc<Mutex<Timers>>,
}

#[derive(Default)]
struct Timers {
    now: Duration,
    next_id: u64,
    waiting: Vec<Timer>,
}

struct Timer {
    id: u64,
    at: Duration,
    waker: Option<Waker>,
}

impl std::fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VirtualClock({})", self.now())
    }
}

impl VirtualClock {
    /// Stands at this time of day.
    pub fn starting_at(start: Timestamp) -> Self {
        VirtualClock {
            start,
            timers: Arc::default(),
        }
    }

    /// Moves time forward, and wakes who waited for a moment up to then.
    pub fn advance(&self, by: Duration) {
        let to = self.lock().now.saturating_add(by);
        self.advance_to(to);
    }

    /// Moves time to the next timer; false when nobody waits, so that time would stand still for ever.
    pub fn advance_to_next(&self) -> bool {
        let next = {
            let timers = self.lock();
            // A timer that is due has woken its sleeper, who may be kept from looking.
            let ahead = timers.waiting.iter().map(|timer| timer.at);
            ahead.filter(|at| *at > timers.now).min()
        };
        if let Some(at) = next {
            self.advance_to(at);
        }
        next.is_some()
    }

    /// Polls a future to its end, and advances to the next timer whenever it can do nothing else. `None` when it waits
    /// for something that no timer of this clock will bring.
    pub fn drive<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&flag));
        let mut context = Context::from_waker(&waker);
        loop {
            if flag.0.swap(false, Ordering::AcqRel) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                    return Some(output);
                }
            } else if !self.advance_to_next() {
                return None;
            }
        }
    }

    fn advance_to(&self, to: Duration) {
        let due: Vec<Waker> = {
            let mut timers = self.lock();
            timers.now = timers.now.max(to);
            let now = timers.now;
            let reached = timers.waiting.iter_mut().filter(|timer| timer.at <= now);
            reached.filter_map(|timer| timer.waker.take()).collect()
        };
        due.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Timers> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that the future asked to be polled again.
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let elapsed = self.monotonic();
        self.start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.lock().now
    }

    async fn sleep(&self, duration: Duration) {
        let at = self.monotonic().saturating_add(duration);
        Sleep {
            clock: self.clone(),
            at,
            id: None,
        }
        .await;
    }
}

/// A timer from its first poll until it is dropped.
struct Sleep {
    clock: VirtualClock,
    at: Duration,
    id: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (at, known) = (self.at, self.id);
        let id = {
            let mut timers = self.clock.lock();
            if timers.now >= at {
                return Poll::Ready(());
            }
            let id = known.unwrap_or(timers.next_id);
            timers.next_id = timers.next_id.max(id + 1);
            let waker = Some(context.waker().clone());
            match timers.waiting.iter_mut().find(|timer| timer.id == id) {
                Some(timer) => timer.waker = waker,
                None => timers.waiting.push(Timer { id, at, waker }),
            }
            id
        };
        self.id = Some(id);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.clock.lock().waiting.retain(|timer| timer.id != id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Clock, VirtualClock};

    fn clock() -> VirtualClock {
        VirtualClock::starting_at("2026-08-01T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn hours_pass_without_waiting_and_exactly() {
        let clock = clock();
        let woken = clock.drive(async {
            clock.sleep(Duration::from_hours(5)).await;
            clock.now()
        });
        assert_eq!(woken, Some("2026-08-01T17:00:00Z".parse().unwrap()));
    }

    #[test]
    fn the_earlier_timer_wins_a_race_and_the_loser_leaves_no_timer() {
        let clock = clock();
        let winner = clock.drive(async {
            tokio::select! {
                () = clock.sleep(Duration::from_secs(9)) => "nine",
                () = clock.sleep(Duration::from_secs(3)) => "three",
            }
        });
        assert_eq!(winner, Some("three"));
        assert_eq!(clock.monotonic(), Duration::from_secs(3));
        assert!(!clock.advance_to_next(), "the loser was dropped");
    }

    #[test]
    fn a_sleeper_that_is_kept_from_looking_does_not_stop_time() {
        let clock = clock();
        let mut kept = Box::pin(clock.sleep(Duration::from_secs(1)));
        let mut polled = false;
        let end = clock.drive(std::future::poll_fn(|context| {
            if !polled {
                polled = true;
                assert!(kept.as_mut().poll(context).is_pending());
            }
            std::task::Poll::<()>::Pending
        }));
        assert_eq!(end, None, "it is due, and nothing else will come");
        assert_eq!(clock.monotonic(), Duration::from_secs(1));
    }

    #[test]
    fn waiting_for_what_never_comes_is_told_and_not_waited_for() {
        assert_eq!(clock().drive(std::future::pending::<()>()), None);
    }
}
