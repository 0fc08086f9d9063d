//! Engines with one mistake each: the simulation is only worth something if it catches them. The mistakes stand around
//! the seams of the real engine: kinds, steps, witness, clock, stores. The product has no switch for any of them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use aws::rds::InstanceId;
use aws::{Error, Region};
use recovery::argument::{Argument, Arguments};
use recovery::document::Document;
use recovery::gate::{Gate, GateResult};
use recovery::kind::{ApiCall, Case, Kind, Means, Role};
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::plan_step::{ActNote, Ended, PlanStep, Preview};
use recovery::risk::Risk;
use recovery::runner::Context;
use recovery::step::{Answer, Decision, Look, Memory, Step};
use recovery::steps::rds_promote_replica::{
    Act, PlanTerms, PromoteReplica, Request, Seen, Settings,
};
use recovery::witness::{AnswerNote, Witness};
use tokio_util::sync::CancellationToken;

use super::rivals;

/// The mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// The gate of the data at risk is not asked.
    SkipsAGate,
    /// An instance that is available after the call counts as promoted.
    TrustsAvailable,
    /// Acts although the lock could not be renewed.
    IgnoresTheLease,
    /// Promotes before the old writer is fenced.
    PromotesBeforeFencing,
    /// A promotion that was accepted is sent again.
    PromotesAgain,
    /// Gates are asked about what was seen first.
    TrustsOldNumbers,
    /// The lock is taken in the target's store alone.
    LocksOneStore,
}

pub(crate) const MISTAKES: [Mistake; 7] = [
    Mistake::SkipsAGate,
    Mistake::TrustsAvailable,
    Mistake::IgnoresTheLease,
    Mistake::PromotesBeforeFencing,
    Mistake::PromotesAgain,
    Mistake::TrustsOldNumbers,
    Mistake::LocksOneStore,
];

/// The document as an engine with a mistake reads it. Its digest is the true one's.
pub(crate) fn document(true_one: &Document, mistake: Mistake) -> Document {
    let mut document = true_one.clone();
    for step in &mut document.steps {
        if mistake == Mistake::PromotesBeforeFencing && step.name.starts_with("promote") {
            step.after.clear();
        }
        step.kind = Box::leak(Box::new(MistakenKind {
            kind: step.kind,
            mistake,
        }));
    }
    document
}

/// A kind whose steps have the mistake.
struct MistakenKind {
    kind: &'static dyn Kind,
    mistake: Mistake,
}

#[async_trait]
impl Kind for MistakenKind {
    fn name(&self) -> &'static str {
        self.kind.name()
    }

    fn doc(&self) -> &'static str {
        self.kind.doc()
    }

    fn arguments(&self) -> &'static [Argument] {
        self.kind.arguments()
    }

    fn usual_duration(&self) -> std::time::Duration {
        self.kind.usual_duration()
    }

    fn harmless_twice(&self) -> bool {
        self.kind.harmless_twice()
    }

    fn one_way(&self) -> bool {
        self.kind.one_way()
    }

    fn can_be_authority(&self) -> bool {
        self.kind.can_be_authority()
    }

    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        self.kind.calls(arguments, mode, target, from)
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        let step = self.kind.build(arguments, case, means)?;
        if self.mistake == Mistake::IgnoresTheLease {
            return Ok(Box::new(Reckless(step)));
        }
        if self.name() != "rds_promote_replica" {
            return Ok(step);
        }
        let request = request(arguments, case);
        Ok(Box::new(Mutant {
            step: PromoteReplica::new(means.aws.clone(), means.clock.clone(), request),
            mistake: self.mistake,
            first: Mutex::default(),
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        self.kind.roles(arguments, regions, means).await
    }

    async fn mark_epoch(
        &self,
        arguments: &Arguments,
        target: &Region,
        epoch: u64,
        means: &Means,
    ) -> Result<(), Error> {
        self.kind.mark_epoch(arguments, target, epoch, means).await
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<serde_json::Value> {
        self.kind.measure(arguments, region, means).await
    }
}

/// What the kind asks of the step, for the arguments of the example.
fn request(arguments: &Arguments, case: &Case) -> Request {
    let instance = |region: &Region| arguments.text_in("instances", region).unwrap_or_default();
    let target = InstanceId::new(instance(&case.target)).expect("the example names instances");
    let mut request = Request::new(
        case.target.clone(),
        target,
        case.objective.expect("a tier").rpo,
    );
    let from = case.from.as_ref().filter(|from| **from != case.target);
    request.source = from.map(|from| instance(from).to_owned());
    request.lost_regions.clone_from(&case.lost);
    request.lost_at = case.lost_at;
    request.source_last_seen = case.last_seen;
    let days = arguments.integer("backup_retention_days");
    request.settings = Settings {
        backup_retention_days: days.and_then(|days| u8::try_from(days).ok()),
        multi_az: arguments
            .as_json()
            .get("multi_az")
            .and_then(serde_json::Value::as_bool),
        deletion_protection: arguments
            .as_json()
            .get("deletion_protection")
            .and_then(serde_json::Value::as_bool),
        ..Settings::default()
    };
    request.plan = Some(PlanTerms {
        mode: case.mode,
        step: case.step.clone(),
        from: from.cloned(),
        regions: case.regions.clone(),
        epoch: case.epoch,
        consents: case.consents.clone(),
    });
    request
}

/// The real promotion with one mistake.
struct Mutant {
    step: PromoteReplica,
    mistake: Mistake,
    first: Mutex<Option<Seen>>,
}

#[async_trait]
impl Step for Mutant {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        Step::title(&self.step)
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        if self.mistake != Mistake::TrustsOldNumbers {
            return self.step.look(look).await;
        }
        let first = self.first.lock().expect("nobody panics").clone();
        let Some(mut seen) = first else {
            let seen = self.step.look(Look::Everything).await?;
            *self.first.lock().expect("nobody panics") = Some(seen.clone());
            return Ok(seen);
        };
        seen.target = self.step.look(Look::Target).await?.target;
        Ok(seen)
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        let acted = !memory.performed.is_empty();
        match self.mistake {
            Mistake::TrustsAvailable if seen.target.status.as_str() == "available" && acted => {
                Decision::Done
            }
            Mistake::PromotesAgain => {
                let mut memory = memory.clone();
                memory
                    .performed
                    .retain(|last| last.answer != Answer::Accepted);
                self.step.decide(seen, &memory)
            }
            _ => self.step.decide(seen, memory),
        }
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        let mut gates = self.step.gates(seen);
        match self.mistake {
            Mistake::SkipsAGate => gates.retain(|it| it.gate != Gate::DataAtRisk),
            Mistake::PromotesBeforeFencing => gates.retain(|it| it.gate != Gate::Fenced),
            _ => {}
        }
        gates
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        self.step.perform(act).await
    }

    fn risk(&self, act: &Act) -> Risk {
        Step::risk(&self.step, act)
    }

    fn describe_act(&self, act: &Act) -> String {
        self.step.describe_act(act)
    }

    fn describe(&self, seen: &Seen) -> String {
        Step::describe(&self.step, seen)
    }

    fn explain(&self, error: &Error) -> Message {
        Step::explain(&self.step, error)
    }
}

/// A step whose acts are sent whatever its witness says, and that hears of no stop.
struct Reckless(Box<dyn PlanStep>);

#[async_trait]
impl PlanStep for Reckless {
    fn title(&self) -> String {
        self.0.title()
    }

    async fn run(&self, context: &Context<'_>) -> Ended {
        let cancel = CancellationToken::new();
        let deaf = Deaf(context.witness);
        let context = Context {
            cancel: &cancel,
            witness: &deaf,
            ..*context
        };
        self.0.run(&context).await
    }

    async fn preview(&self) -> Result<Preview, Message> {
        self.0.preview().await
    }
}

struct Deaf<'a>(&'a dyn Witness);

#[async_trait]
impl Witness for Deaf<'_> {
    async fn before(&self, act: &ActNote, gates: &[GateResult]) -> Result<(), Message> {
        let _refused = self.0.before(act, gates).await;
        Ok(())
    }

    async fn after(&self, act: &ActNote, answer: &AnswerNote) {
        self.0.after(act, answer).await;
    }

    async fn refused(&self, act: &ActNote, gates: &[GateResult]) {
        self.0.refused(act, gates).await;
    }
}

/// What has to be found, in the words of the invariant.
fn words(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::SkipsAGate => "alone",
        Mistake::TrustsAvailable => "is said to be done, and is not",
        Mistake::IgnoresTheLease | Mistake::LocksOneStore => "while the lock in",
        Mistake::PromotesBeforeFencing => "acted before fence was over",
        Mistake::PromotesAgain => "PromoteReadReplica again after its effect",
        Mistake::TrustsOldNumbers => "s after GetMetricStatistics",
    }
}

/// Seeds within which every mistake has to be caught.
const WITHIN: u64 = 200;

#[test]
fn an_engine_with_a_mistake_is_caught_by_the_invariant_that_is_meant_for_it() {
    for mistake in MISTAKES {
        let caught = (0..WITHIN).find(|seed| {
            let found = rivals::of_seed(*seed, Some(mistake)).err();
            found.is_some_and(|found| found.contains(words(mistake)))
        });
        println!("{mistake:?}: caught by seed {caught:?}");
        assert!(
            caught.is_some(),
            "{mistake:?} is not caught in {WITHIN} worlds"
        );
    }
}
