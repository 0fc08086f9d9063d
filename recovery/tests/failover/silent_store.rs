//! A store that falls silent in the middle of a failover: nothing is begun that it does not hold, the run ends as
//! interrupted, and the next one brings it to the end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::{Clock, VirtualClock};
use aws::faults::Schedule;
use aws::{Error, Region};
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::engine::{End, Event, Execution, Order, Refusal, Surroundings, execute};
use recovery::journal::{Copy, verify};
use recovery::store::{Kept, Store, Stored, Stores};
use tokio_util::sync::CancellationToken;

use crate::estate::{Estate, east, west};

/// A store that answers so many more appends to journals, and then is silent for a while, to everybody.
struct Silent {
    inner: Arc<dyn Store>,
    clock: VirtualClock,
    appends_left: AtomicI64,
    lasts: Duration,
    /// When it fell silent, in milliseconds of the clock; negative while it answers.
    since: AtomicI64,
}

impl Silent {
    fn new(inner: Arc<dyn Store>, clock: &VirtualClock, appends: i64, lasts: Duration) -> Self {
        Silent {
            inner,
            clock: clock.clone(),
            appends_left: AtomicI64::new(appends),
            lasts,
            since: AtomicI64::new(-1),
        }
    }

    fn is_silent(&self) -> bool {
        let since = self.since.load(Ordering::SeqCst);
        let Ok(since) = u64::try_from(since) else {
            return false;
        };
        self.clock.monotonic() < Duration::from_millis(since) + self.lasts
    }

    /// Waits for ever while it is silent; the caller stops waiting.
    async fn answers(&self) {
        if self.is_silent() {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Store for Silent {
    fn region(&self) -> &Region {
        self.inner.region()
    }

    fn place(&self) -> String {
        self.inner.place()
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Error> {
        self.answers().await;
        self.inner.get(key).await
    }

    async fn create(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        let append = key.starts_with("executions/");
        if append && self.appends_left.fetch_sub(1, Ordering::SeqCst) == 0 {
            let now = self.clock.monotonic().as_millis();
            self.since.store(now.try_into().unwrap(), Ordering::SeqCst);
        }
        self.answers().await;
        self.inner.create(key, body).await
    }

    async fn replace(&self, key: &str, body: &[u8], etag: &str) -> Result<Kept, Error> {
        self.answers().await;
        self.inner.replace(key, body, etag).await
    }

    async fn put(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.answers().await;
        self.inner.put(key, body).await
    }

    async fn remove(&self, key: &str, etag: &str) -> Result<(), Error> {
        self.answers().await;
        self.inner.remove(key, etag).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        self.answers().await;
        self.inner.list(prefix).await
    }

    async fn unfit(&self) -> Result<Option<String>, Error> {
        self.inner.unfit().await
    }
}

const ONE_WAY: [&str; 2] = ["PromoteReadReplica", "StopReplicationToReplica"];

fn lost() -> Estate {
    let estate = Estate::new(Schedule::calm());
    estate.prepare();
    estate.faulty.lose(&east());
    estate
}

fn order(estate: &Estate) -> Order {
    Order {
        consents: vec![PlanConsent {
            risk: AcceptedRisk::Unfenced,
            step: None,
            until: "2026-08-01T20:00:00Z".parse().unwrap(),
            target: west().to_string(),
            epoch: 1,
            by: "ada".to_owned(),
            reason: "us-east-1 is gone".to_owned(),
        }],
        ..estate.failover()
    }
}

/// The same surroundings, the target's store silent after so many appends.
fn silenced(estate: &Estate, appends: i64, lasts: Duration) -> Surroundings {
    let lost = BTreeSet::from([east()]);
    let around = estate.around(&lost);
    let inner = Arc::clone(around.stores.of(&west()).expect("it is not lost"));
    let store = Arc::new(Silent::new(inner, &estate.clock, appends, lasts));
    let clock: Arc<dyn Clock> = Arc::new(estate.clock.clone());
    Surroundings {
        stores: Stores::new(vec![store], lost, clock),
        ..around
    }
}

fn run(estate: &Estate, around: &Surroundings, order: &Order) -> Result<Execution, Refusal> {
    let cancel = CancellationToken::new();
    let sink = |_: Event| {};
    let ended = estate.clock.drive(execute(around, order, &cancel, &sink));
    ended.expect("it ends")
}

/// By the journal that the target's store holds: whether an act was begun that stands nowhere.
fn journal_holds(estate: &Estate, id: &str) {
    let around = estate.around(&BTreeSet::from([east()]));
    let entries = estate.clock.drive(around.entries(id));
    let entries = entries.expect("it ends").expect("there is a journal");
    let copies: [Copy<'_>; 0] = [];
    let verification = verify(id, &entries, &copies, &[]);
    assert!(verification.problems.is_empty(), "{verification:#?}");
}

#[test]
fn a_store_that_is_silent_for_long_interrupts_the_run_and_the_next_one_ends_it() {
    let mut interrupted = 0;
    for appends in 0..60 {
        let estate = lost();
        let around = silenced(&estate, appends, Duration::from_mins(20));
        let ended = run(&estate, &around, &order(&estate));
        let resume = match ended {
            // Before the first entry there is nothing to go on with.
            Err(Refusal::NoAnswer(message)) => {
                assert_eq!(appends, 0, "{message}");
                assert_eq!(estate.fake.effects("PromoteReadReplica"), 0);
                None
            }
            Err(other) => panic!("after {appends} appends: {other:?}"),
            Ok(ended) if ended.end == End::DoneUnfenced => {
                assert!(
                    interrupted > 20,
                    "only {interrupted} places to be silent at"
                );
                return;
            }
            Ok(ended) => {
                assert_eq!(ended.end, End::Interrupted, "after {appends}: {ended:#?}");
                interrupted += 1;
                Some(ended.id)
            }
        };
        estate.clock.advance(Duration::from_mins(20));
        let id = resume.clone();
        let order = Order {
            resume,
            ..order(&estate)
        };
        let done = estate.run(&order).expect("it goes on");
        assert_eq!(done.end, End::DoneUnfenced, "after {appends}: {done:#?}");
        for act in ONE_WAY {
            assert_eq!(estate.fake.effects(act), 1, "{act} after {appends}");
        }
        if let Some(id) = id {
            journal_holds(&estate, &id);
        }
    }
    panic!("a failover of more than 60 entries");
}

#[test]
fn a_store_that_is_silent_for_some_seconds_is_waited_for() {
    for appends in [1, 5, 9, 15, 20] {
        let estate = lost();
        let around = silenced(&estate, appends, Duration::from_secs(8));
        let done = run(&estate, &around, &order(&estate)).expect("it begins");
        assert_eq!(done.end, End::DoneUnfenced, "after {appends}: {done:#?}");
        for act in ONE_WAY {
            assert_eq!(estate.fake.effects(act), 1, "{act} after {appends}");
        }
        journal_holds(&estate, &done.id);
    }
}
