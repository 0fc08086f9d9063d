//! A bench for steps: the fake with faults on virtual time, a desk, and doubles for S3 objects and alarms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::VirtualClock;
use aws::fake::FakeAws;
use aws::faults::{Faulty, Schedule};
use aws::{Error, ErrorKind, Region};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::doubles::{BenchAws, Doubles};
use crate::argument::{Argument, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Approval, Case, Desk, Kind, Means, PastAct};
use crate::message::Message;
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::plan_step::{ActNote, Ended, PlanStep, Preview};
use crate::progress::NoProgress;
use crate::runner::{Context, Pace};
use crate::witness::{AnswerNote, NoWitness, Witness};

pub(crate) const EAST: &str = "us-east-1";
pub(crate) const WEST: &str = "us-west-2";

pub(crate) fn region(name: &str) -> Region {
    Region::new(name).unwrap()
}

pub(crate) fn east() -> Region {
    region(EAST)
}

pub(crate) fn west() -> Region {
    region(WEST)
}

/// Reads arguments as a document does: declared ones only, with defaults.
pub(crate) fn arguments(kind: &dyn Kind, json: Value) -> Arguments {
    fn fill(declared: &[Argument], members: &mut serde_json::Map<String, Value>) {
        for name in members.keys() {
            let known = declared.iter().any(|argument| argument.name == name);
            assert!(known, "{name} is not declared");
        }
        for argument in declared {
            let Some(text) = argument.default else {
                continue;
            };
            let default = serde_json::from_str(text).unwrap();
            members.entry(argument.name).or_insert(default);
        }
    }
    let Value::Object(mut members) = json else {
        panic!("arguments are an object")
    };
    fill(kind.arguments(), &mut members);
    Arguments::new(members)
}

#[derive(Default)]
pub(crate) struct TestDesk {
    pub(crate) approvals: Mutex<Vec<Approval>>,
    pub(crate) child: Mutex<Option<Result<Outcome, Message>>>,
    pub(crate) children: Mutex<Vec<String>>,
}

#[async_trait]
impl Desk for TestDesk {
    async fn approvals(&self, _: &str) -> Result<Vec<Approval>, Error> {
        Ok(self.approvals.lock().unwrap().clone())
    }

    async fn run_child(&self, plan: &str, _: &Case) -> Result<Ended, Message> {
        self.children.lock().unwrap().push(plan.to_owned());
        let outcome = self
            .child
            .lock()
            .unwrap()
            .clone()
            .unwrap_or(Ok(Outcome::Done))?;
        Ok(Ended {
            outcome,
            gates: Vec::new(),
            acts: Vec::new(),
            world: Some("the child's world".to_owned()),
            warnings: Vec::new(),
            unfenced: false,
            elapsed: Duration::ZERO,
        })
    }
}

pub(crate) struct Bench {
    pub(crate) clock: VirtualClock,
    pub(crate) fake: FakeAws,
    pub(crate) faulty: Faulty,
    pub(crate) desk: Arc<TestDesk>,
    pub(crate) doubles: Doubles,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Bench::with(Schedule::calm())
    }

    pub(crate) fn with(schedule: Schedule) -> Self {
        let clock = VirtualClock::starting_at("2026-08-01T12:00:00Z".parse().unwrap());
        let fake = FakeAws::new(Arc::new(clock.clone()));
        let faulty = Faulty::new(Arc::new(fake.clone()), Arc::new(clock.clone()), schedule);
        Bench {
            clock,
            fake,
            faulty,
            desk: Arc::default(),
            doubles: Doubles::default(),
        }
    }

    pub(crate) fn means(&self) -> Means {
        Means {
            aws: Arc::new(BenchAws {
                faulty: self.faulty.clone(),
                doubles: self.doubles.clone(),
            }),
            clock: Arc::new(self.clock.clone()),
            desk: self.desk.clone(),
        }
    }

    pub(crate) fn build(
        &self,
        kind: &dyn Kind,
        json: Value,
        case: &Case,
    ) -> Result<Box<dyn PlanStep>, Message> {
        kind.build(&arguments(kind, json), case, &self.means())
    }

    /// A run that dies at its `death`th await on the clock; `None` where it ended before. What the journal holds then
    /// is the second part.
    pub(crate) fn run_until(
        &self,
        kind: &dyn Kind,
        json: Value,
        case: &Case,
        death: usize,
    ) -> (Option<Ended>, Vec<PastAct>) {
        let step = self.build(kind, json, case).unwrap();
        let cancel = CancellationToken::new();
        let journal = Journal::default();
        let context = self.context(case, &cancel, &journal);
        let mut run = step.run(&context);
        let mut waker = std::task::Context::from_waker(std::task::Waker::noop());
        let mut ended = None;
        for _ in 0..=death {
            if let Poll::Ready(end) = run.as_mut().poll(&mut waker) {
                ended = Some(end);
                break;
            }
            self.clock.advance_to_next();
        }
        drop(run);
        (ended, journal.0.into_inner().unwrap())
    }

    fn context<'a>(
        &'a self,
        case: &Case,
        cancel: &'a CancellationToken,
        witness: &'a dyn Witness,
    ) -> Context<'a> {
        Context {
            clock: &self.clock,
            cancel,
            progress: &NoProgress,
            witness,
            timeout: case.timeout,
            pace: Pace {
                seed: Some(1),
                ..Pace::default()
            },
        }
    }

    pub(crate) fn run(&self, kind: &dyn Kind, json: Value, case: &Case) -> Ended {
        let declared = arguments(kind, json.clone());
        let declared = kind.calls(&declared, case.mode, &case.target, case.from.as_ref());
        let before = self.faulty.attempts().len();
        let step = self.build(kind, json, case).unwrap();
        let cancel = CancellationToken::new();
        let context = self.context(case, &cancel, &NoWitness);
        let ended = self.clock.drive(step.run(&context)).unwrap();
        for attempt in &self.faulty.attempts()[before..] {
            let (operation, region) = (attempt.operation, &attempt.region);
            let is = |call: &ApiCall| call.operation == operation && call.region == *region;
            let name = kind.name();
            assert!(
                declared.iter().any(is),
                "{name} calls {operation} in {region} and does not declare it"
            );
        }
        ended
    }

    pub(crate) fn preview(&self, kind: &dyn Kind, json: Value, case: &Case) -> Preview {
        let step = self.build(kind, json, case).unwrap();
        self.clock.drive(step.preview()).unwrap().unwrap()
    }

    pub(crate) fn roles(&self, kind: &dyn Kind, json: Value) -> BTreeMap<String, &'static str> {
        let (arguments, means) = (arguments(kind, json), self.means());
        let regions = [east(), west()];
        let roles = self.clock.drive(kind.roles(&arguments, &regions, &means));
        let roles = roles.unwrap();
        roles
            .iter()
            .map(|(region, role)| (region.to_string(), role.name()))
            .collect()
    }
}

/// What the journal would hold of acts that carry a key.
#[derive(Default)]
struct Journal(Mutex<Vec<PastAct>>);

#[async_trait]
impl Witness for Journal {
    async fn before(&self, act: &ActNote, _: &[GateResult]) -> Result<(), Message> {
        let intent = act.key.clone().map(|key| PastAct { key, answer: None });
        self.0.lock().unwrap().extend(intent);
        Ok(())
    }

    async fn after(&self, act: &ActNote, answer: &AnswerNote) {
        let text = match answer {
            AnswerNote::Accepted => "accepted".to_owned(),
            AnswerNote::Unclear(why) => format!("unclear: {why}"),
            AnswerNote::Refused(why) => format!("refused: {why}"),
        };
        let mut acts = self.0.lock().unwrap();
        if let Some(last) = acts
            .last_mut()
            .filter(|last| act.key.as_ref() == Some(&last.key))
        {
            last.answer = Some(text);
        }
    }

    async fn refused(&self, _: &ActNote, _: &[GateResult]) {}
}

/// A failover from the east to the west.
pub(crate) fn case() -> Case {
    Case {
        plan: "shop".to_owned(),
        execution: "01J".to_owned(),
        step: "it".to_owned(),
        mode: Mode::Failover,
        regions: vec![east(), west()],
        target: west(),
        from: Some(east()),
        lost: BTreeSet::new(),
        lost_at: None,
        last_seen: None,
        objective: None,
        consents: Vec::new(),
        baseline: BTreeMap::new(),
        past: Vec::new(),
        epoch: 2,
        timeout: Duration::from_mins(30),
    }
}

/// What somebody is told at the end of a run that did not succeed.
pub(crate) fn told(ended: &Ended) -> &Message {
    ended.outcome.message().expect("it is not done")
}

/// Under many seeds of passing faults the step is done; how often each seed's operation took effect is handed out.
pub(crate) fn survives(
    kind: &dyn Kind,
    json: &Value,
    case: &Case,
    prepare: impl Fn(&Bench),
) -> Vec<Bench> {
    let mut benches = Vec::new();
    for seed in 0..25 {
        let bench = Bench::with(Schedule::seeded(seed, 35));
        prepare(&bench);
        let ended = bench.run(kind, json.clone(), case);
        assert!(ended.outcome.is_done(), "seed {seed}: {:?}", ended.outcome);
        benches.push(bench);
    }
    benches
}

/// A caller who may not do `operation` learns which permission is missing.
pub(crate) fn denied(
    kind: &dyn Kind,
    json: &Value,
    case: &Case,
    prepare: impl Fn(&Bench),
    permission: &str,
) {
    let bench = Bench::new();
    prepare(&bench);
    let (_, operation) = permission.split_once(':').unwrap();
    bench.faulty.deny(operation);
    let ended = bench.run(kind, json.clone(), case);
    assert!(
        matches!(ended.outcome, Outcome::Failed(_)),
        "{:?}",
        ended.outcome
    );
    assert!(told(&ended).next.contains(permission), "{}", told(&ended));
    let denied = aws::fake::Effect::Refused(ErrorKind::AccessDenied);
    assert!(bench.fake.calls().iter().all(|call| call.effect != denied));
    let calls = calls(kind, json, case);
    let declared = |call: &&String| **call == *permission;
    assert!(
        calls.iter().any(|call| declared(&call)),
        "{permission} is not declared: {calls:?}"
    );
}

/// What the kind declares to call, as permissions.
pub(crate) fn calls(kind: &dyn Kind, json: &Value, case: &Case) -> Vec<String> {
    let arguments = arguments(kind, json.clone());
    let calls = kind.calls(&arguments, case.mode, &case.target, case.from.as_ref());
    calls
        .iter()
        .map(|call| format!("{}:{}", call.service, call.operation))
        .collect()
}

/// A region that the document does not name is told, and nothing is called.
pub(crate) fn unknown_region(kind: &dyn Kind, json: Value) {
    let bench = Bench::new();
    let mut case = case();
    case.target = region("eu-west-1");
    let answer = bench
        .build(kind, json, &case)
        .err()
        .expect("it must not be built");
    assert!(answer.seen.contains("eu-west-1"), "{answer}");
    assert_eq!(bench.faulty.attempts(), []);
}
