//! A world of stores in regions on virtual time, and how processes live in it: killed, paused, cut off.

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aws::clock::{Clock as _, VirtualClock};
use aws::fake::FakeAws;
use aws::faults::{Faulty, Schedule};
use aws::{Aws as _, Region};
use recovery::lock::Request;
use recovery::store::{BucketStore, Store, Stores};

/// When every world starts.
pub(crate) const START: &str = "2026-08-01T12:00:00Z";

pub(crate) fn region(name: &str) -> Region {
    Region::new(name).unwrap()
}

pub(crate) fn east() -> Region {
    region("us-east-1")
}

pub(crate) fn west() -> Region {
    region("us-west-2")
}

pub(crate) fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub(crate) fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// The output of a future that waits for nothing.
pub(crate) fn settled<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// Buckets of two regions.
pub(crate) struct World {
    pub(crate) clock: VirtualClock,
    pub(crate) aws: FakeAws,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = VirtualClock::starting_at(START.parse().unwrap());
        let aws = FakeAws::new(Arc::new(clock.clone()));
        aws.add_bucket(&east(), "dr");
        aws.add_bucket(&west(), "dr");
        World { clock, aws }
    }

    /// A process's way to the world.
    pub(crate) fn way(&self, schedule: Schedule) -> Faulty {
        Faulty::new(
            Arc::new(self.aws.clone()),
            Arc::new(self.clock.clone()),
            schedule,
        )
    }

    /// The stores as a process reaches them, those of `lost` regions declared lost.
    pub(crate) fn stores(&self, way: &Faulty, lost: &[Region]) -> Stores {
        let lost: BTreeSet<Region> = lost.iter().cloned().collect();
        let store = |at: Region| -> Arc<dyn Store> {
            let objects = way.objects(&at).unwrap();
            Arc::new(BucketStore::new(
                at,
                objects,
                "dr".into(),
                "orders/".into(),
                None,
            ))
        };
        let all = vec![store(east()), store(west())];
        Stores::new(all, lost, Arc::new(self.clock.clone()))
    }

    pub(crate) fn calm(&self) -> Stores {
        self.stores(&self.way(Schedule::calm()), &[])
    }

    /// What is kept in a region's store, whoever can reach it.
    pub(crate) fn kept(&self, at: &Region, key: &str) -> Option<String> {
        let body = self.aws.object(at, "dr", &format!("orders/{key}"))?;
        Some(String::from_utf8(body).unwrap())
    }

    /// Drives a future; everything in the world comes to an end.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.clock
            .drive(future)
            .expect("it waits for what never comes")
    }
}

/// How `actor` asks for the lock to make us-west-2 active.
pub(crate) fn request(actor: &str, execution: &str) -> Request {
    Request {
        plan: "orders".into(),
        execution: execution.into(),
        actor: actor.into(),
        target: west(),
        interval: Request::INTERVAL,
    }
}

/// A process that dies at its n-th poll, wherever it waits then.
pub(crate) struct Killed<F> {
    life: Option<Pin<Box<F>>>,
    polls: usize,
}

pub(crate) fn killed<F: Future>(at_poll: usize, life: F) -> Killed<F> {
    Killed {
        life: Some(Box::pin(life)),
        polls: at_poll,
    }
}

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            self.life = None;
        }
        self.polls = self.polls.saturating_sub(1);
        match self.life.as_mut() {
            None => Poll::Ready(None),
            Some(life) => life.as_mut().poll(context).map(Some),
        }
    }
}

/// A process that is not scheduled from one moment to another.
pub(crate) struct Paused<F> {
    life: Pin<Box<F>>,
    clock: VirtualClock,
    sleep: (Duration, Duration),
    wake: Pin<Box<dyn Future<Output = ()> + Send>>,
}

pub(crate) fn paused<F: Future>(
    clock: &VirtualClock,
    from: Duration,
    to: Duration,
    life: F,
) -> Paused<F> {
    let alarm = clock.clone();
    Paused {
        life: Box::pin(life),
        clock: clock.clone(),
        sleep: (from, to),
        wake: Box::pin(async move {
            for moment in [from, to] {
                alarm.sleep(moment.saturating_sub(alarm.monotonic())).await;
            }
            std::future::pending::<()>().await;
        }),
    }
}

impl<F: Future> Future for Paused<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(self.wake.as_mut().poll(context).is_pending());
        let now = self.clock.monotonic();
        if (self.sleep.0..self.sleep.1).contains(&now) {
            return Poll::Pending;
        }
        self.life.as_mut().poll(context)
    }
}
