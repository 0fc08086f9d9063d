//! A seeded world: a plan of some shape, everything that it moves, and what befalls it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use aws::clock::Clock;
use aws::elasticache::{DatastoreMember, GlobalDatastore};
use aws::fake::{Effect, Lag};
use aws::faults::{Faulty, Schedule};
use aws::metrics::{AlarmState, Metric};
use aws::tables::Table;
use aws::{Aws, Region};
use jiff::SignedDuration;
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::document::Document;
use recovery::engine::{Order, Surroundings};
use recovery::mode::Mode;
use recovery::store::{Store, Stores};
use recovery::{observation, publication};

use crate::estate::{Estate, east, west};
use crate::life::Skewed;
use crate::simulation::mutants::{self, Mistake};
use crate::simulation::shapes::{self, CHILD, SHAPES};
use crate::simulation::unlocked::Unlocked;

/// What befalls the region that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It answers all the time.
    Healthy,
    /// It is lost and declared lost.
    Lost,
    /// It is lost while the first run is under way, and declared lost after that.
    Vanishes,
    /// It is declared lost and comes back while the first run is under way.
    ComesBack,
}

/// What differs from world to world.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    pub(crate) shape: &'static str,
    pub(crate) fate: Fate,
    /// Before which poll of the first run the region vanishes or comes back.
    pub(crate) moment: usize,
    pub(crate) percent: u32,
    /// How the replica's lag goes.
    pub(crate) lag: Lag,
    /// How old a read may be.
    pub(crate) stale: Duration,
    /// How wrong the time of day of the first operator's machine is, in seconds.
    pub(crate) skew: i64,
}

impl Scenario {
    pub(crate) fn draw(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        Scenario {
            seed,
            shape: random.choice(SHAPES).expect("there are shapes"),
            fate: match random.u8(0..5) {
                0 | 1 => Fate::Healthy,
                2 => Fate::Lost,
                3 => Fate::Vanishes,
                _ => Fate::ComesBack,
            },
            moment: random.usize(1..400),
            percent: random.u32(0..12),
            lag: match random.u8(0..12) {
                0 => Lag::Steady(4000.0),
                1 => Lag::NotReplicating,
                2 => Lag::Missing,
                _ => Lag::Steady(f64::from(random.u32(0..90))),
            },
            stale: Duration::from_millis(random.u64(0..3000)),
            skew: if random.bool() {
                random.i64(-20..=20)
            } else {
                0
            },
        }
    }

    /// A world in which nothing is in the way.
    pub(crate) fn calm(seed: u64, shape: &'static str) -> Self {
        Scenario {
            seed,
            shape,
            fate: Fate::Healthy,
            moment: 0,
            percent: 0,
            lag: Lag::Steady(1.0),
            stale: Duration::ZERO,
            skew: 0,
        }
    }

    /// Whether the gate of the promotion has to refuse, by the truth.
    pub(crate) fn must_refuse(&self) -> bool {
        let known = matches!(self.lag, Lag::Steady(seconds) if seconds <= 300.0);
        !known
            && shapes::names(self.shape)
                .iter()
                .any(|name| name.starts_with("promote"))
    }
}

/// The world.
pub(crate) struct World {
    pub(crate) scenario: Scenario,
    pub(crate) estate: Estate,
    pub(crate) child: Arc<Document>,
    /// What is wrong with the engine, and the plan as it reads it.
    mistake: Option<(Mistake, Arc<Document>)>,
}

impl World {
    /// Whether the promotion had to be refused, by the truth: more than the objective would have been lost, or nobody
    /// could know. Behind a fence nothing is written, so a replica that is far behind catches up while people wait.
    pub(crate) fn had_to_refuse(&self) -> bool {
        self.scenario.must_refuse() && !self.caught_up()
    }

    fn caught_up(&self) -> bool {
        let Lag::Steady(seconds) = self.scenario.lag else {
            return false;
        };
        let calls = self.estate.fake.calls_since(0);
        let first = |operations: &[&str]| {
            let changed = calls.iter().filter(|call| {
                operations.contains(&call.operation) && call.effect == Effect::Changed
            });
            changed.map(|call| call.at).min()
        };
        // Connections that were open before a quarantine go on until the restart.
        let fenced = first(&["RebootDBInstance", "StopDBInstance"]);
        let promoted = first(&["PromoteReadReplica"]);
        let (Some(fenced), Some(promoted)) = (fenced, promoted) else {
            return false;
        };
        let document = &self.estate.document;
        let steps = document.steps.iter();
        let tiers = steps
            .filter(|step| step.name.starts_with("promote"))
            .filter_map(|step| document.tiers.get(step.tier.as_deref()?));
        let objective = tiers.map(|tier| tier.rpo).min();
        let waited = promoted.duration_since(fenced).as_secs_f64();
        seconds - waited <= objective.unwrap_or_default().as_secs_f64()
    }

    /// From now on the engine makes a mistake.
    pub(crate) fn play_with(&mut self, mistake: Mistake) {
        let document = mutants::document(&self.estate.document, mistake);
        self.mistake = Some((mistake, Arc::new(document)));
    }

    pub(crate) fn new(scenario: Scenario) -> Self {
        // Ids and tokens follow from it too.
        fastrand::seed(scenario.seed);
        let document = shapes::document("moleculeflow", scenario.shape);
        let estate = Estate::of(Schedule::calm(), document);
        let world = World {
            child: Arc::new(shapes::document("billing", CHILD)),
            scenario,
            estate,
            mistake: None,
        };
        world.furnish();
        world.prepare();
        let fake = &world.estate.fake;
        fake.set_lag_of_the_past(&west(), "moleculeflow-replica", world.scenario.lag);
        fake.set_staleness(world.scenario.stale, world.scenario.seed);
        world
    }

    fn furnish(&self) {
        let fake = &self.estate.fake;
        for (region, on) in [(east(), true), (west(), false)] {
            fake.add_parameter(&region, "/moleculeflow/cache/host", "String", "east");
            fake.put_alarm(&region, "errors", AlarmState::Ok);
            fake.put_alarm(&region, "always", AlarmState::Alarm);
            fake.add_function(&region, "warm", None);
            let replicas = [(east(), "ACTIVE".to_owned()), (west(), "ACTIVE".to_owned())];
            let others = replicas.into_iter().filter(|(other, _)| *other != region);
            let table = Table {
                name: "orders".to_owned(),
                status: "ACTIVE".to_owned(),
                replicas: others.collect(),
            };
            fake.put_table(&region, table);
            let arn =
                "arn:aws:route53-recovery-control::123456789012:controlpanel/p/routingcontrol/";
            fake.add_control(&format!("{arn}{}", if on { "e" } else { "w" }), on);
        }
        for url in ["https://east.example/health", "https://west.example/health"] {
            fake.answer_web(url, 200, "ok");
        }
        fake.add_mapping(&east(), "e-1", "Enabled");
        fake.add_mapping(&west(), "w-1", "Disabled");
        fake.add_access_point(
            "arn:aws:s3::123456789012:accesspoint/abcdef.mrap",
            &[(&east(), 100), (&west(), 0)],
        );
        let clusters = [(&east(), "orders-east"), (&west(), "orders-west")];
        fake.add_global_cluster("orders", &clusters);
        let metric = Metric {
            namespace: "AWS/RDS".to_owned(),
            name: "AuroraGlobalDBRPOLag".to_owned(),
            dimensions: vec![("DBClusterIdentifier".to_owned(), "orders-west".to_owned())],
        };
        fake.set_metric_of_the_past(&west(), &metric, Some(850.0));
        let latency = Metric {
            namespace: "AWS/DynamoDB".to_owned(),
            name: "ReplicationLatency".to_owned(),
            dimensions: vec![
                ("TableName".to_owned(), "orders".to_owned()),
                ("ReceivingRegion".to_owned(), "us-west-2".to_owned()),
            ],
        };
        fake.set_metric_of_the_past(&east(), &latency, Some(900.0));
        let member = |region, group: &str, primary| DatastoreMember {
            group: group.to_owned(),
            region,
            primary,
            status: "associated".to_owned(),
        };
        fake.put_datastore(GlobalDatastore {
            id: "ldgnf-sessions".to_owned(),
            status: "available".to_owned(),
            members: vec![
                member(east(), "sessions-east", true),
                member(west(), "sessions-west", false),
            ],
        });
    }

    /// Publishes the plans and observes, in peace.
    fn prepare(&self) {
        self.estate.prepare();
        let around = self.around(Arc::new(self.estate.fake.clone()), &BTreeSet::new());
        let child = &around.children["billing"];
        let canonical = self.child.canonical().expect("whole numbers");
        let publish = publication::publish(&child.stores, "billing", canonical.as_bytes(), "ada");
        let clock = &self.estate.clock;
        clock.drive(publish).expect("it ends").expect("published");
        let observe = recovery::engine::observe(child, "ada");
        let (seen, _) = clock.drive(observe).expect("it ends");
        let written = clock.drive(observation::write(&child.stores, &seen));
        assert_eq!(written, Some(Vec::new()));
    }

    /// A process's way to AWS.
    pub(crate) fn way(&self, number: u64) -> Faulty {
        let mut schedule =
            Schedule::seeded(self.scenario.seed ^ number << 32, self.scenario.percent);
        schedule.latency_millis = 1..=1500;
        let fake = Arc::new(self.estate.fake.clone());
        Faulty::new(fake, Arc::new(self.estate.clock.clone()), schedule)
    }

    /// The way of somebody for whom nothing is in the way.
    pub(crate) fn calm_way(&self) -> Faulty {
        let (fake, clock) = (self.estate.fake.clone(), self.estate.clock.clone());
        Faulty::new(Arc::new(fake), Arc::new(clock), Schedule::calm())
    }

    /// The surroundings of a process on a machine that is right.
    pub(crate) fn around(&self, aws: Arc<dyn Aws>, lost: &BTreeSet<Region>) -> Surroundings {
        self.around_at(0, aws, lost)
    }

    /// The surroundings of a process on a machine whose time of day is so many seconds wrong.
    pub(crate) fn around_at(
        &self,
        skew: i64,
        aws: Arc<dyn Aws>,
        lost: &BTreeSet<Region>,
    ) -> Surroundings {
        let clock: Arc<dyn Clock> = Arc::new(Skewed {
            clock: self.estate.clock.clone(),
            seconds: skew,
        });
        let on = |document| {
            let (clock, aws) = (Arc::clone(&clock), Arc::clone(&aws));
            Estate::around_on(clock, aws, document, lost)
        };
        let (child, mut around) = (on(&self.child), on(&self.estate.document));
        around.children = Arc::new(BTreeMap::from([("billing".to_owned(), child)]));
        if let Some((mistake, document)) = &self.mistake {
            around.document = Arc::clone(document);
            if *mistake == Mistake::LocksOneStore {
                around.stores = half_locked(&around.stores, lost, clock);
            }
        }
        around
    }

    /// Whether somebody has to accept that the old writer is not proved fenced: AWS fences an Aurora writer at best
    /// effort, and nobody one in a lost region.
    pub(crate) fn needs_consent(&self, lost: bool) -> bool {
        lost || shapes::names(self.scenario.shape)
            .iter()
            .any(|name| name == "aurora")
    }

    /// An order to make the west active.
    pub(crate) fn order(&self, actor: &str, lost: bool) -> Order {
        self.order_to(&west(), actor, lost.then(east), 1)
    }

    /// An order to make a region active, with consents for the epoch that its operator believes to be next.
    pub(crate) fn order_to(
        &self,
        target: &Region,
        actor: &str,
        lost: Option<Region>,
        epoch: u64,
    ) -> Order {
        let lost: BTreeSet<Region> = lost.into_iter().collect();
        let consent = PlanConsent {
            risk: AcceptedRisk::Unfenced,
            step: None,
            until: "2026-08-02T11:00:00Z".parse().expect("a moment"),
            target: target.to_string(),
            epoch,
            by: actor.to_owned(),
            reason: "us-east-1 is gone".to_owned(),
        };
        Order {
            mode: Mode::Failover,
            target: target.clone(),
            // A person reads it off the machine that is used.
            lost_at: (!lost.is_empty())
                .then(|| self.estate.clock.now() + SignedDuration::from_secs(self.scenario.skew)),
            declared_at: None,
            actor: actor.to_owned(),
            consents: if self.needs_consent(!lost.is_empty()) {
                vec![consent]
            } else {
                Vec::new()
            },
            resume: None,
            lost,
        }
    }
}

/// The stores of somebody who takes the lock in the west alone.
fn half_locked(stores: &Stores, lost: &BTreeSet<Region>, clock: Arc<dyn Clock>) -> Stores {
    let stores = stores.answering().cloned().map(|store| {
        if *store.region() == east() {
            Arc::new(Unlocked(store)) as Arc<dyn Store>
        } else {
            store
        }
    });
    Stores::new(stores.collect(), lost.clone(), clock)
}
