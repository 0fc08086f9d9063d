//! A small estate on virtual time, for the tests of kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::{Clock, VirtualClock};
use aws::fake::{FakeAws, connections, standalone};
use aws::faults::{Faulty, Schedule};
use aws::{Aws, Error, Region};
use jiff::Timestamp;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::argument::Arguments;
use crate::consent::{AcceptedRisk, PlanConsent};
use crate::document::Objective;
use crate::kind::{ApiCall, Approval, Case, Desk, Kind, Means, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::plan_step::{Ended, PlanStep, Preview};
use crate::progress::NoProgress;
use crate::runner::{Context, Pace};
use crate::witness::NoWitness;

pub(super) fn east() -> Region {
    Region::new("us-east-1").unwrap()
}

pub(super) fn west() -> Region {
    Region::new("us-west-2").unwrap()
}

struct NobodyThere;

#[async_trait]
impl Desk for NobodyThere {
    async fn approvals(&self, _: &str) -> Result<Vec<Approval>, Error> {
        Ok(Vec::new())
    }

    async fn run_child(&self, plan: &str, _: &Case) -> Result<Ended, Message> {
        Err(Message::new(format!("no plan {plan}"), "", ""))
    }
}

/// A primary `orders` in the east and its replica `orders-replica` in the west, at noon; faults come as they are asked
/// for.
pub(super) struct Estate {
    pub(super) clock: VirtualClock,
    pub(super) fake: FakeAws,
    pub(super) faulty: Faulty,
}

impl Estate {
    pub(super) fn new() -> Self {
        Estate::with(Schedule::calm())
    }

    pub(super) fn with(schedule: Schedule) -> Self {
        let clock = VirtualClock::starting_at("2026-08-01T12:00:00Z".parse().unwrap());
        let fake = FakeAws::new(Arc::new(clock.clone()));
        fake.add(&east(), standalone(&east(), "orders"));
        fake.add_replica(&west(), "orders-replica", &east(), "orders");
        fake.set_lag_of_the_past(&west(), "orders-replica", aws::fake::Lag::Steady(1.0));
        fake.set_metric_of_the_past(&east(), &connections("orders"), Some(12.0));
        let faulty = Faulty::new(Arc::new(fake.clone()), Arc::new(clock.clone()), schedule);
        Estate {
            clock,
            fake,
            faulty,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn pass(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    pub(super) fn means(&self) -> Means {
        self.means_of(Arc::new(self.faulty.clone()))
    }

    pub(super) fn means_of(&self, aws: Arc<dyn Aws>) -> Means {
        Means {
            aws,
            clock: Arc::new(self.clock.clone()),
            desk: Arc::new(NobodyThere),
        }
    }

    /// Runs a step of a kind to its end.
    pub(super) fn run(&self, kind: &dyn Kind, arguments: Value, case: &Case) -> Ended {
        let arguments = given(arguments);
        let before = self.faulty.attempts().len();
        let step = kind
            .build(&arguments, case, &self.means())
            .expect("it can be built");
        let ended = self.drive(step.as_ref(), Duration::from_mins(45));
        let declared = kind.calls(&arguments, case.mode, &case.target, case.from.as_ref());
        for attempt in &self.faulty.attempts()[before..] {
            let is = |call: &ApiCall| {
                call.operation == attempt.operation && call.region == attempt.region
            };
            assert!(
                declared.iter().any(is),
                "{} makes {} in {} and does not declare it",
                kind.name(),
                attempt.operation,
                attempt.region
            );
        }
        ended
    }

    pub(super) fn drive(&self, step: &dyn PlanStep, timeout: Duration) -> Ended {
        let cancel = CancellationToken::new();
        let context = Context {
            clock: &self.clock,
            cancel: &cancel,
            progress: &NoProgress,
            witness: &NoWitness,
            timeout,
            pace: Pace {
                seed: Some(1),
                ..Pace::default()
            },
        };
        self.clock.drive(step.run(&context)).expect("it ends")
    }

    /// Runs a step and kills it after so many polls; `None` when it was killed.
    fn killed(&self, step: &dyn PlanStep, polls: usize) -> Option<Ended> {
        let cancel = CancellationToken::new();
        let context = Context {
            clock: &self.clock,
            cancel: &cancel,
            progress: &NoProgress,
            witness: &NoWitness,
            timeout: Duration::from_mins(45),
            pace: Pace {
                seed: Some(1),
                ..Pace::default()
            },
        };
        let mut run = std::pin::pin!(step.run(&context));
        let mut task = std::task::Context::from_waker(std::task::Waker::noop());
        for _ in 0..polls {
            if let std::task::Poll::Ready(ended) = run.as_mut().poll(&mut task) {
                return Some(ended);
            }
            assert!(self.clock.advance_to_next(), "it waits for nothing");
        }
        None
    }

    pub(super) fn preview(&self, kind: &dyn Kind, arguments: Value, case: &Case) -> Preview {
        let step = kind
            .build(&given(arguments), case, &self.means())
            .expect("it can be built");
        let preview = self.clock.drive(step.preview()).expect("it ends");
        preview.expect("it looks")
    }

    pub(super) fn roles(&self, kind: &dyn Kind, arguments: Value) -> BTreeMap<Region, Role> {
        let (arguments, regions, means) = (given(arguments), [east(), west()], self.means());
        let roles = kind.roles(&arguments, &regions, &means);
        self.clock.drive(roles).expect("it ends")
    }

    pub(super) fn unfenced(&self) -> PlanConsent {
        self.consent(AcceptedRisk::Unfenced)
    }

    pub(super) fn consent(&self, risk: AcceptedRisk) -> PlanConsent {
        PlanConsent {
            risk,
            step: None,
            until: self.now() + Duration::from_hours(2),
            target: "us-west-2".to_owned(),
            epoch: 7,
            by: "ada".to_owned(),
            reason: "the region is gone".to_owned(),
        }
    }
}

/// Calls that take a while, so that a run can be killed before each.
pub(super) fn slow() -> Schedule {
    Schedule {
        latency_millis: 5..=2000,
        ..Schedule::calm()
    }
}

/// Kills a run at each of its await points in a world of its own, runs it again, and checks that the second one ends
/// done and that each of the operations took effect once. Returns how many points there were.
pub(super) fn kill_everywhere(
    world: impl Fn() -> Estate,
    kind: &dyn Kind,
    arguments: &Value,
    case: impl Fn(&Estate) -> Case,
    once: &[&str],
) -> usize {
    for polls in 1..5_000 {
        let estate = world();
        let case = case(&estate);
        let built = kind.build(&given(arguments.clone()), &case, &estate.means());
        let first = estate.killed(built.expect("it can be built").as_ref(), polls);
        let ended = match &first {
            Some(ended) => ended.clone(),
            None => estate.run(kind, arguments.clone(), &case),
        };
        assert!(ended.outcome.is_done(), "killed at {polls}: {ended:?}");
        for operation in once {
            let effects = estate.fake.effects(operation);
            assert_eq!(effects, 1, "{operation}, killed at {polls}");
        }
        if first.is_some() {
            return polls;
        }
    }
    panic!("it never ends");
}

/// Arguments as a document gives them; defaults are written out by the caller.
pub(super) fn given(arguments: Value) -> Arguments {
    let Value::Object(members) = arguments else {
        panic!("arguments are an object");
    };
    Arguments::new(members)
}

/// An execution that leads from the east to the west.
pub(super) fn case(mode: Mode) -> Case {
    Case {
        plan: "orders".to_owned(),
        execution: "e1".to_owned(),
        step: "the-step".to_owned(),
        mode,
        regions: vec![east(), west()],
        target: west(),
        from: Some(east()),
        lost: BTreeSet::new(),
        lost_at: None,
        last_seen: None,
        objective: Some(Objective {
            rto: Duration::from_hours(1),
            rpo: Duration::from_mins(5),
        }),
        consents: Vec::new(),
        baseline: BTreeMap::new(),
        past: Vec::new(),
        epoch: 7,
        timeout: Duration::from_mins(45),
    }
}

/// The same with the east declared lost just now.
pub(super) fn east_lost(estate: &Estate) -> Case {
    let mut case = case(Mode::Failover);
    case.lost.insert(east());
    case.lost_at = Some(estate.now());
    estate.faulty.lose(&east());
    case
}

/// Calls that arrived somewhere, reads left out.
pub(super) fn changes(estate: &Estate) -> Vec<&'static str> {
    let calls = estate.fake.calls().into_iter();
    let changed = calls.filter(|call| call.effect == aws::fake::Effect::Changed);
    changed.map(|call| call.operation).collect()
}

pub(super) fn refusal(ended: &Ended) -> String {
    match &ended.outcome {
        Outcome::Refused { gate } => gate.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}
