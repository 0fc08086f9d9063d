//! Runners that fight for the lock in seeded worlds: whoever shares a reachable store never acts at the same time.

use std::ops::Range;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::{Clock as _, VirtualClock};
use aws::faults::Schedule;
use aws::{Error, ErrorKind, Region};
use recovery::lock::{Acquired, acquire};
use recovery::store::{Kept, Store, Stored, Stores};

use crate::world::{World, east, killed, paused, request, seconds, west};

const ATTEMPT: Duration = Duration::from_secs(25);

/// One permitted act: by whom, from when until when it may be under way.
type Acts = Arc<Mutex<Vec<(usize, Range<Duration>)>>>;

/// Writes that were sent, were given up by their sender, and arrive later.
#[derive(Clone)]
struct Network {
    clock: VirtualClock,
    late: Arc<Mutex<Vec<(Duration, Write)>>>,
    random: Arc<Mutex<fastrand::Rng>>,
    percent: u32,
    /// The longest that an answer is under way, in milliseconds.
    slowest: u64,
    arrived: Arc<Mutex<usize>>,
}

struct Write {
    store: Arc<dyn Store>,
    key: String,
    body: Vec<u8>,
    condition: Option<String>,
    removes: bool,
}

impl Write {
    async fn arrive(self) {
        let _nobody_hears_the_answer = match (self.removes, self.condition) {
            (true, etag) => {
                self.store
                    .remove(&self.key, &etag.unwrap_or_default())
                    .await
            }
            (_, Some(etag)) => self
                .store
                .replace(&self.key, &self.body, &etag)
                .await
                .map(|_| ()),
            (_, None) => self.store.create(&self.key, &self.body).await.map(|_| ()),
        };
    }
}

/// A store behind such a network.
struct Late {
    inner: Arc<dyn Store>,
    truth: Arc<dyn Store>,
    network: Network,
}

impl Late {
    /// The answer is under way: the effect is there, and the sender does not know yet.
    async fn travel(&self) {
        let millis = self
            .network
            .random
            .lock()
            .unwrap()
            .u64(0..self.network.slowest);
        self.network
            .clock
            .sleep(Duration::from_millis(millis))
            .await;
    }

    /// Lets arrive what is due, and perhaps swallows this write until later.
    async fn pass(
        &self,
        key: &str,
        body: &[u8],
        condition: Option<&str>,
        removes: bool,
    ) -> Result<(), Error> {
        let network = &self.network;
        let now = network.clock.monotonic();
        loop {
            let due = {
                let mut late = network.late.lock().unwrap();
                let first = late.iter().position(|(at, _)| *at <= now);
                first.map(|index| late.remove(index))
            };
            let Some((_, write)) = due else { break };
            *network.arrived.lock().unwrap() += 1;
            write.arrive().await;
        }
        let (swallowed, after) = {
            let mut random = network.random.lock().unwrap();
            (random.u32(0..100) < network.percent, random.u64(1..90))
        };
        if !swallowed {
            return Ok(());
        }
        let write = Write {
            store: self.truth.clone(),
            key: key.to_owned(),
            body: body.to_vec(),
            condition: condition.map(str::to_owned),
            removes,
        };
        network
            .late
            .lock()
            .unwrap()
            .push((now + seconds(after), write));
        network.clock.sleep(seconds(4)).await;
        Err(Error {
            kind: ErrorKind::Timeout,
            service: "s3".into(),
            operation: "PutObject".into(),
            region: self.region().to_string(),
            code: None,
            message: "connection reset by peer".into(),
            request_id: None,
        })
    }
}

#[async_trait]
impl Store for Late {
    fn region(&self) -> &Region {
        self.inner.region()
    }

    fn place(&self) -> String {
        self.inner.place()
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Error> {
        let answer = self.inner.get(key).await;
        self.travel().await;
        answer
    }

    async fn create(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.pass(key, body, None, false).await?;
        let answer = self.inner.create(key, body).await;
        self.travel().await;
        answer
    }

    async fn replace(&self, key: &str, body: &[u8], etag: &str) -> Result<Kept, Error> {
        self.pass(key, body, Some(etag), false).await?;
        let answer = self.inner.replace(key, body, etag).await;
        self.travel().await;
        answer
    }

    async fn put(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.inner.put(key, body).await
    }

    async fn remove(&self, key: &str, etag: &str) -> Result<(), Error> {
        self.pass(key, b"", Some(etag), true).await?;
        self.inner.remove(key, etag).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        self.inner.list(prefix).await
    }

    async fn unfit(&self) -> Result<Option<String>, Error> {
        self.inner.unfit().await
    }
}

/// An act that takes this long; whoever dies during it leaves it under way for as long as an attempt may take.
async fn act(world: &World, number: usize, takes: Duration, acts: &Acts) {
    let now = world.clock.monotonic();
    let index = {
        let mut acts = acts.lock().unwrap();
        acts.push((number, now..now + ATTEMPT));
        acts.len() - 1
    };
    world.clock.sleep(takes).await;
    acts.lock().unwrap()[index].1.end = now + takes;
}

/// A process: takes the lock, acts a few times, gives it back, over and over.
async fn runner(
    world: &World,
    number: usize,
    stores: Stores,
    mut random: fastrand::Rng,
    acts: Acts,
) {
    for round in 0..4 {
        let wanted = request(&format!("runner {number}"), &format!("e{number}-{round}"));
        if let Ok(Acquired::Held(held)) = acquire(&wanted, &stores).await {
            let mut random = random.fork();
            let gives_back = random.bool();
            let acting = async {
                for _ in 0..random.u32(1..6) {
                    let longest = if random.bool() { 10 } else { 30_000 };
                    let pause = random.u64(0..longest);
                    world.clock.sleep(Duration::from_millis(pause)).await;
                    if held.before_one_way(ATTEMPT).await.is_ok() {
                        act(world, number, seconds(random.u64(5..26)), &acts).await;
                    }
                }
            };
            let mut acting = pin!(acting);
            tokio::select! {
                biased;
                () = &mut acting => {}
                // The call in flight is finished whatever happens.
                _lost = held.keep_alive() => acting.await,
            }
            if gives_back {
                held.release().await;
            }
        }
        world
            .clock
            .sleep(Duration::from_millis(random.u64(0..20_000)))
            .await;
    }
}

/// A runner that dies somewhere and is started again, and that is once not scheduled for a while.
async fn process(world: &World, number: usize, stores: Stores, seed: u64, acts: Acts) {
    let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(31).wrapping_add(number as u64));
    let from = seconds(random.u64(0..200));
    let to = from
        + seconds(if random.bool() {
            random.u64(20..40)
        } else {
            random.u64(0..120)
        });
    let life = async {
        for _ in 0..random.u32(0..3) {
            let life = runner(world, number, stores.clone(), random.fork(), acts.clone());
            if killed(random.usize(1..400), life).await.is_some() {
                return;
            }
        }
        runner(world, number, stores.clone(), random.fork(), acts.clone()).await;
    };
    paused(&world.clock, from, to, life).await;
}

/// Returns how many acts there were, by how many runners.
fn fight(seed: u64) -> (usize, usize) {
    let world = World::new();
    let mut random = fastrand::Rng::with_seed(seed);
    world.aws.set_conflicts(random.u32(0..20), seed);
    let network = Network {
        clock: world.clock.clone(),
        late: Arc::default(),
        random: Arc::new(Mutex::new(random.fork())),
        percent: random.u32(0..15),
        slowest: if random.bool() { 50 } else { 1_500 },
        arrived: Arc::default(),
    };
    let acts = Acts::default();
    let mut reach = |number: u64| {
        let mut schedule = Schedule::seeded(seed * 7 + number, random.u32(0..25));
        schedule.most = 60;
        schedule.latency_millis = 5..=network.slowest;
        let way = world.way(schedule);
        // All have the target's store in common; some go without the other one.
        let lost = if random.u32(0..3) == 0 {
            vec![east()]
        } else {
            vec![]
        };
        let stores = world.stores(&way, &lost);
        let truth = world.calm();
        let late = stores.answering().map(|inner| -> Arc<dyn Store> {
            let truth = truth.of(inner.region()).unwrap().clone();
            Arc::new(Late {
                inner: inner.clone(),
                truth,
                network: network.clone(),
            })
        });
        let late = late.collect();
        Stores::new(
            late,
            lost.into_iter().collect(),
            Arc::new(world.clock.clone()),
        )
    };
    let (a, b, c) = (reach(1), reach(2), reach(3));
    world.run(async {
        tokio::join!(
            process(&world, 1, a, seed, acts.clone()),
            process(&world, 2, b, seed, acts.clone()),
            process(&world, 3, c, seed, acts.clone()),
        )
    });
    let acts = acts.lock().unwrap();
    for (index, (who, when)) in acts.iter().enumerate() {
        for (other, then) in &acts[..index] {
            let overlap = when.start < then.end && then.start < when.end;
            assert!(
                who == other || !overlap,
                "seed {seed}: {who} acts {when:?} while {other} acts {then:?}"
            );
        }
    }
    let mut runners: Vec<usize> = acts.iter().map(|(who, _)| *who).collect();
    runners.sort_unstable();
    runners.dedup();
    (acts.len(), runners.len())
}

#[test]
fn runners_that_share_a_store_never_act_at_the_same_time() {
    let one = std::env::var("RECOVERY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    if let Some(seed) = one {
        fight(seed);
        return;
    }
    let fights: Vec<_> = (0..400).map(fight).collect();
    let acts: usize = fights.iter().map(|(acts, _)| acts).sum();
    let shared = fights.iter().filter(|(_, runners)| *runners > 1).count();
    assert!(
        acts > 2_000,
        "only {acts} acts: the world is too hostile to prove anything"
    );
    assert!(
        shared > 200,
        "only {shared} worlds in which several runners acted"
    );
}

#[test]
fn killed_at_any_await_the_next_run_gets_the_lock_and_the_dead_one_leaves_nothing_that_lasts() {
    for at_poll in 1..60 {
        let world = World::new();
        let schedule = Schedule {
            latency_millis: 50..=50,
            ..Schedule::calm()
        };
        let stores = world.stores(&world.way(schedule), &[]);
        world.run(async {
            let life = async {
                let Ok(Acquired::Held(held)) = acquire(&request("alice", "e1"), &stores).await
                else {
                    panic!("nobody else is there");
                };
                for _ in 0..4 {
                    held.before_one_way(ATTEMPT).await.unwrap();
                }
                held.release().await;
            };
            killed(at_poll, life).await;
            let next = acquire(&request("alice", "e1"), &stores).await;
            let Ok(Acquired::Held(held)) = next else {
                panic!("killed at {at_poll}: {next:?}");
            };
            held.before_one_way(ATTEMPT).await.unwrap();
            assert_eq!(held.release().await, []);
        });
        assert!(world.clock.monotonic() < seconds(60), "killed at {at_poll}");
        assert_eq!(world.kept(&west(), "lock"), None);
    }
}
