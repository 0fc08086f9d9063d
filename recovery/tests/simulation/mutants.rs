//! Engines with one mistake each: the simulation is only worth something if it catches them.

use async_trait::async_trait;
use recovery::gate::GateResult;
use recovery::message::Message;
use recovery::risk::Risk;
use recovery::step::{Decision, Look, Memory, Step};
use recovery::steps::rds_promote_replica::{Act, PromoteReplica, Seen};

/// The mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// No gate is asked.
    SkipsGates,
    /// The gates are asked about what was measured at the first look, not right before the act.
    TrustsOldNumbers,
    /// An instance that is available after the call counts as done.
    TrustsAvailable,
    /// A missing source counts as done.
    TrustsMissingSource,
    /// A promotion whose answer was lost is sent again at once.
    PromotesAgain,
    /// A promotion that AWS accepted is sent again while its status lags.
    ForgetsAcceptance,
}

/// The real step with one mistake.
pub(crate) struct Mutant {
    pub(crate) step: PromoteReplica,
    pub(crate) mistake: Mistake,
    pub(crate) first: std::sync::Mutex<Option<Seen>>,
}

#[async_trait]
impl Step for Mutant {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        self.step.title()
    }

    async fn look(&self, look: Look) -> Result<Seen, aws::Error> {
        if self.mistake != Mistake::TrustsOldNumbers {
            return self.step.look(look).await;
        }
        let first = self.first.lock().expect("no panic holds the lock").clone();
        let Some(mut seen) = first else {
            let seen = self.step.look(Look::Everything).await?;
            *self.first.lock().expect("no panic holds the lock") = Some(seen.clone());
            return Ok(seen);
        };
        seen.target = self.step.look(Look::Target).await?.target;
        Ok(seen)
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        let available = seen.target.status.as_str() == "available";
        let acted = !memory.performed.is_empty();
        match self.mistake {
            Mistake::TrustsAvailable if available && acted => Decision::Done,
            Mistake::TrustsMissingSource if available && seen.target.source.is_none() => {
                Decision::Done
            }
            Mistake::PromotesAgain | Mistake::ForgetsAcceptance => {
                let mut memory = memory.clone();
                let accepted = recovery::step::Answer::Accepted;
                let forgets = self.mistake == Mistake::ForgetsAcceptance;
                memory
                    .performed
                    .retain(|last| (last.answer == accepted) != forgets);
                self.step.decide(seen, &memory)
            }
            _ => self.step.decide(seen, memory),
        }
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        match self.mistake {
            Mistake::SkipsGates => Vec::new(),
            _ => self.step.gates(seen),
        }
    }

    async fn perform(&self, act: &Act) -> Result<(), aws::Error> {
        self.step.perform(act).await
    }

    fn risk(&self, act: &Act) -> Risk {
        self.step.risk(act)
    }

    fn describe_act(&self, act: &Act) -> String {
        self.step.describe_act(act)
    }

    fn describe(&self, seen: &Seen) -> String {
        self.step.describe(seen)
    }

    fn explain(&self, error: &aws::Error) -> Message {
        self.step.explain(error)
    }
}
