//! The estate of the example in memory: two regions with everything that its plan moves, and the plan's stores.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws::clock::{Clock, VirtualClock};
use aws::fake::{FakeAws, Lag, connections, standalone};
use aws::faults::{Faulty, Schedule};
use aws::{Aws, Region};
use recovery::document::Document;
use recovery::engine::{EmptyDesk, Event, Execution, Order, Refusal, Surroundings, execute};
use recovery::kind::Means;
use recovery::mode::Mode;
use recovery::runner::Pace;
use recovery::steps::KINDS;
use recovery::store::{self, Stores};
use recovery::{observation, publication};
use tokio_util::sync::CancellationToken;

/// The plan of the example, as it is documented.
pub(crate) const PLAN: &str = include_str!("../../../examples/region-failover/plan.json");

pub(crate) fn east() -> Region {
    Region::new("us-east-1").unwrap()
}

pub(crate) fn west() -> Region {
    Region::new("us-west-2").unwrap()
}

/// The estate with its clock and faults.
pub(crate) struct Estate {
    pub(crate) clock: VirtualClock,
    pub(crate) fake: FakeAws,
    pub(crate) faulty: Faulty,
    pub(crate) document: Arc<Document>,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
}

impl Estate {
    /// Peace at noon; `schedule` decides about faults and latency.
    pub(crate) fn new(schedule: Schedule) -> Self {
        let (document, _) = Document::read(PLAN, KINDS).expect("the example is a plan");
        Estate::of(schedule, document)
    }

    /// The same for another plan of the same buckets.
    pub(crate) fn of(schedule: Schedule, document: Document) -> Self {
        let clock = VirtualClock::starting_at("2026-08-01T12:00:00Z".parse().unwrap());
        let fake = FakeAws::new(Arc::new(clock.clone()));
        databases(&fake);
        for (region, tasks, workers) in [(east(), 4, 3), (west(), 1, 1)] {
            fake.add_service(&region, "moleculeflow", "api", tasks, Some((tasks, 10)));
            fake.add_group(&region, group(workers));
            fake.add_topic(
                &region,
                &format!("arn:aws:sns:{region}:123456789012:oncall"),
            );
            fake.add_parameter(
                &region,
                "/moleculeflow/database/host",
                "String",
                "moleculeflow-prod.us-east-1.rds.amazonaws.com",
            );
            for name in ["dr", "switch"] {
                fake.add_bucket(&region, &format!("moleculeflow-{name}-{region}"));
            }
        }
        fake.add_secret(&east(), "moleculeflow/database", "{}", None);
        fake.add_secret(&west(), "moleculeflow/database", "{}", Some(&east()));
        let faulty = Faulty::new(Arc::new(fake.clone()), Arc::new(clock.clone()), schedule);
        Estate {
            clock,
            fake,
            faulty,
            document: Arc::new(document),
            events: Arc::default(),
        }
    }

    pub(crate) fn around(&self, lost: &BTreeSet<Region>) -> Surroundings {
        self.around_with(Arc::new(self.faulty.clone()), &self.document, lost)
    }

    /// The surroundings of a process that reaches AWS in its own way.
    pub(crate) fn around_with(
        &self,
        aws: Arc<dyn Aws>,
        document: &Arc<Document>,
        lost: &BTreeSet<Region>,
    ) -> Surroundings {
        Estate::around_on(Arc::new(self.clock.clone()), aws, document, lost)
    }

    /// The same for a machine with a clock of its own.
    pub(crate) fn around_on(
        clock: Arc<dyn Clock>,
        aws: Arc<dyn Aws>,
        document: &Arc<Document>,
        lost: &BTreeSet<Region>,
    ) -> Surroundings {
        let places = document.stores.iter();
        let stores = places
            .filter(|(region, _)| !lost.contains(*region))
            .map(|(region, place)| store::open(region, place, aws.as_ref(), Arc::clone(&clock)));
        let stores = stores.collect::<Result<Vec<_>, _>>().expect("stores open");
        Surroundings {
            document: Arc::clone(document),
            digest: document.digest().expect("whole numbers"),
            stores: Stores::new(stores, lost.clone(), Arc::clone(&clock)),
            means: Means {
                aws,
                clock,
                desk: Arc::new(EmptyDesk),
            },
            children: Arc::default(),
            path: vec![document.name.clone()],
            pace: Pace {
                seed: Some(1),
                ..Pace::default()
            },
            attempt: Duration::from_secs(15),
            interval: Duration::from_secs(10),
            orders_every: Duration::from_secs(5),
        }
    }

    /// Publishes the plan and observes, in peace.
    pub(crate) fn prepare(&self) {
        let around = self.around(&BTreeSet::new());
        let canonical = self.document.canonical().expect("whole numbers");
        let publish =
            publication::publish(&around.stores, "moleculeflow", canonical.as_bytes(), "ada");
        self.clock
            .drive(publish)
            .expect("it ends")
            .expect("published");
        let observe = recovery::engine::observe(&around, "ada");
        let (observation, _) = self.clock.drive(observe).expect("it ends");
        let stale = self
            .clock
            .drive(observation::write(&around.stores, &observation))
            .expect("it ends");
        assert!(stale.is_empty(), "{stale:?}");
    }

    /// An order to make the west active after the east was lost.
    pub(crate) fn failover(&self) -> Order {
        Order {
            mode: Mode::Failover,
            target: west(),
            lost: BTreeSet::from([east()]),
            lost_at: Some(self.clock.now()),
            declared_at: None,
            actor: "ada".to_owned(),
            consents: Vec::new(),
            resume: None,
        }
    }

    /// Runs an order to its end.
    pub(crate) fn run(&self, order: &Order) -> Result<Execution, Refusal> {
        let cancel = CancellationToken::new();
        let around = self.around(&order.lost);
        let events = Arc::clone(&self.events);
        let sink = move |event: Event| events.lock().unwrap().push(event);
        self.clock
            .drive(execute(&around, order, &cancel, &sink))
            .expect("it ends")
    }
}

fn databases(fake: &FakeAws) {
    let mut prod = standalone(&east(), "moleculeflow-prod");
    prod.backup_retention_days = 30;
    fake.add(&east(), prod);
    fake.add_replica(
        &west(),
        "moleculeflow-replica",
        &east(),
        "moleculeflow-prod",
    );
    fake.set_lag_of_the_past(&west(), "moleculeflow-replica", Lag::Steady(1.0));
    fake.set_metric_of_the_past(&east(), &connections("moleculeflow-prod"), Some(12.0));
    for group in ["sg-0aaaaaaaaaaaaaaaa", "sg-0bbbbbbbbbbbbbbbb"] {
        fake.close_group(group);
    }
}

fn group(size: u32) -> aws::autoscaling::Group {
    aws::autoscaling::Group {
        name: "moleculeflow-workers".to_owned(),
        minimum: size,
        maximum: 6,
        desired: size,
        in_service: size,
        suspended: Vec::new(),
    }
}
