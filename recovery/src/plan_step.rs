//! A step as the engine holds it: whatever it sees and does, it can be run and previewed.

use std::time::Duration;

use async_trait::async_trait;

use crate::gate::{Gate, GateResult, Verdict};
use crate::message::Message;
use crate::outcome::Outcome;
use crate::risk::Risk;
use crate::runner::{Context, run};
use crate::step::{Answer, Decision, Look, Memory, Step};

/// An act as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActNote {
    /// The operation, on what, with which arguments.
    pub words: String,
    /// How far it can be undone.
    pub risk: Risk,
    /// The idempotency key that it carries, where it cannot be observed.
    pub key: Option<String>,
}

/// An act of a run with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerformedNote {
    /// The act.
    pub act: ActNote,
    /// When its answer came, counted from the start of the run.
    pub at: Duration,
    /// How it was answered.
    pub answer: Answer,
    /// The error that was answered, with code and request id, when it was one.
    pub error: Option<String>,
}

/// How a step of a plan ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How.
    pub outcome: Outcome,
    /// The last answers of its gates.
    pub gates: Vec<GateResult>,
    /// What this run did.
    pub acts: Vec<PerformedNote>,
    /// The world as it was last seen, in a line.
    pub world: Option<String>,
    /// What somebody should know although it stopped nothing.
    pub warnings: Vec<String>,
    /// Whether the step is done and yet nobody has proved that the old writer accepts no writes: the execution then
    /// ends `done_unfenced`. The first of the warnings says why.
    pub unfenced: bool,
    /// How long it took.
    pub elapsed: Duration,
}

/// What a step would do now.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Nothing: its target state holds.
    Nothing,
    /// It would wait for this.
    Wait(String),
    /// It would perform this act.
    Act(ActNote),
    /// It would fail.
    Fail(Message),
}

/// A step as it would go now.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The world in a line.
    pub world: String,
    /// What it would do.
    pub intent: Intent,
    /// Its gates now.
    pub gates: Vec<GateResult>,
    /// What somebody should know.
    pub warnings: Vec<String>,
}

/// A step of a plan.
#[async_trait]
pub trait PlanStep: Send + Sync {
    /// Its target state in a few words.
    fn title(&self) -> String;

    /// Runs it to its end.
    async fn run(&self, context: &Context<'_>) -> Ended;

    /// Looks, decides and asks the gates, and changes nothing.
    async fn preview(&self) -> Result<Preview, Message>;
}

#[async_trait]
impl<S: Step> PlanStep for S {
    fn title(&self) -> String {
        Step::title(self)
    }

    async fn run(&self, context: &Context<'_>) -> Ended {
        let report = run(self, context).await;
        let acts = report.acts.iter().map(|performed| PerformedNote {
            act: note(self, &performed.act),
            at: performed.at,
            answer: performed.answer,
            error: performed.error.clone(),
        });
        let unfenced = unfenced(&report.outcome, &report.gates);
        // What the gates saw, and what is seen at the end.
        let mut warnings: Vec<String> = unfenced.clone().into_iter().collect();
        for seen in report.gated_on.iter().chain(&report.world) {
            for warning in self.warnings(seen) {
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
        Ended {
            acts: acts.collect(),
            unfenced: unfenced.is_some(),
            warnings,
            world: report.world.as_ref().map(|world| self.describe(world)),
            outcome: report.outcome,
            gates: report.gates,
            elapsed: report.elapsed,
        }
    }

    async fn preview(&self) -> Result<Preview, Message> {
        let seen = self
            .look(Look::WhatAnswers)
            .await
            .map_err(|error| self.explain(&error))?;
        let (intent, gates) = match self.decide(&seen, &Memory::default()) {
            Decision::Done => (Intent::Nothing, Vec::new()),
            Decision::Wait(reason) => (Intent::Wait(reason), self.gates(&seen)),
            Decision::Fail(message) => (Intent::Fail(message), Vec::new()),
            Decision::Act(act) if self.risk(&act) == Risk::OneWay => {
                (Intent::Act(note(self, &act)), self.gates(&seen))
            }
            Decision::Act(act) => (Intent::Act(note(self, &act)), Vec::new()),
        };
        Ok(Preview {
            world: self.describe(&seen),
            intent,
            gates,
            warnings: self.warnings(&seen),
        })
    }
}

/// The warning of a step that is done because a consent opened the gate that asks for a proof of the fence.
fn unfenced(outcome: &Outcome, gates: &[GateResult]) -> Option<String> {
    let consented = |gate: &&GateResult| {
        gate.gate == Gate::Fenced && gate.verdict == Verdict::Consented && outcome.is_done()
    };
    let gate = gates.iter().find(consented)?;
    Some(format!(
        "unfenced: {}; fence it as soon as its region answers",
        gate.message.seen
    ))
}

/// The act as it is written down.
pub(crate) fn note<S: Step>(step: &S, act: &S::Act) -> ActNote {
    ActNote {
        words: step.describe_act(act),
        risk: step.risk(act),
        key: step.idempotency_key(act),
    }
}
