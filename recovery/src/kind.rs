//! What a kind of step is: its arguments, what it calls, when it runs, how it is built for one execution.
//!
//! One file under `steps/` for each kind, and one line in [`crate::steps::KINDS`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::{Aws, Error, Region};
use jiff::Timestamp;
use serde_json::Value;

use crate::argument::{Argument, Arguments};
use crate::consent::PlanConsent;
use crate::document::Objective;
use crate::gate::Gate;
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::{Ended, PlanStep};

/// The role that a step's resource plays in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It serves there: the writer, the running service, the record's target.
    Active,
    /// It waits there.
    Standby,
    /// It is there, and neither serves nor could.
    Neither,
    /// It could not be observed; the text says why.
    Unknown(String),
}

impl Role {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Role::Active => "active",
            Role::Standby => "standby",
            Role::Neither => "neither",
            Role::Unknown(_) => "unknown",
        }
    }
}

/// Which part of a service answers a call: data planes go on when control planes do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plane {
    /// Creates, changes and describes resources.
    Control,
    /// Does the service's daily work.
    Data,
}

/// One kind of call that a step makes, for the dependency proof and for the permissions that an operator needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiCall {
    /// The service by its IAM prefix, such as `rds`.
    pub service: &'static str,
    /// The operation, such as `PromoteReadReplica`.
    pub operation: &'static str,
    /// The region whose endpoint answers.
    pub region: Region,
    /// Which plane answers.
    pub plane: Plane,
    /// Whether it changes something.
    pub changes: bool,
    /// Whether the step cannot be done without its answer.
    pub needed: bool,
}

/// An act of an earlier run of the same execution that cannot be observed, by the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastAct {
    /// The idempotency key that it carried.
    pub key: String,
    /// How it was answered; `None` when the run died before the answer was written.
    pub answer: Option<String>,
}

/// The execution that a step is built for.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of the failover plan.
    pub plan: String,
    /// Id of the execution.
    pub execution: String,
    /// Name of the step.
    pub step: String,
    /// What the execution is for.
    pub mode: Mode,
    /// All regions of the plan, the primary one first.
    pub regions: Vec<Region>,
    /// The region that becomes (or, in reprotect, stays) active.
    pub target: Region,
    /// The region that was active when the execution was declared; `None` when nobody could tell.
    pub from: Option<Region>,
    /// Regions that are declared lost: nothing there is called.
    pub lost: BTreeSet<Region>,
    /// When they were lost, as the operator says.
    pub lost_at: Option<Timestamp>,
    /// When the region that is left was last seen serving, by an observation.
    pub last_seen: Option<Timestamp>,
    /// RTO and RPO of the step's tier.
    pub objective: Option<Objective>,
    /// What somebody accepted, for this execution.
    pub consents: Vec<PlanConsent>,
    /// Figures of the newest observation that was made in peace: by region, what [`Kind::measure`] gave.
    pub baseline: BTreeMap<Region, Value>,
    /// Acts of earlier runs that cannot be observed.
    pub past: Vec<PastAct>,
    /// The epoch that this execution will complete.
    pub epoch: u64,
    /// The longest the step may take.
    pub timeout: Duration,
}

impl Case {
    /// Whether a region may be called.
    pub fn answers(&self, region: &Region) -> bool {
        !self.lost.contains(region)
    }

    /// The regions other than the target.
    pub fn others(&self) -> impl Iterator<Item = &Region> {
        self.regions.iter().filter(|region| **region != self.target)
    }

    /// A key that is the same in every run of this execution and step, for acts that have to be told apart.
    pub fn idempotency_key(&self) -> String {
        format!("{}/{}/{}", self.plan, self.execution, self.step)
    }
}

/// What a person decided about a step while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// The token that the request carried.
    pub token: String,
    /// Whether it is a yes.
    pub approved: bool,
    /// When.
    pub at: Timestamp,
}

/// What steps need beyond AWS: decisions of people, and other plans.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Decisions about a step of this execution so far.
    async fn approvals(&self, step: &str) -> Result<Vec<Approval>, Error>;

    /// Runs another plan to its end, as a child of this execution.
    async fn run_child(&self, plan: &str, case: &Case) -> Result<Ended, Message>;
}

/// What a step works with.
#[derive(Clone)]
pub struct Means {
    /// AWS.
    pub aws: Arc<dyn Aws>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// People and other plans.
    pub desk: Arc<dyn Desk>,
}

/// A kind of step.
#[async_trait]
pub trait Kind: Send + Sync {
    /// The word that documents use: lower case with underscores.
    fn name(&self) -> &'static str;

    /// What it does, in a paragraph for the reference: the target state, what is called, what it was tried against.
    fn doc(&self) -> &'static str;

    /// Its arguments.
    fn arguments(&self) -> &'static [Argument];

    /// The modes it runs in where a document says nothing.
    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover]
    }

    /// How long it usually takes, where no journal says better.
    fn usual_duration(&self) -> Duration;

    /// How long it waits on purpose with these arguments, whatever the world does. Pure.
    fn waits(&self, _: &Arguments) -> Duration {
        Duration::ZERO
    }

    /// The arguments of the reference's example as JSON text, for a plan of `us-east-1` and `us-west-2`; `None` where
    /// what [`crate::reference::example`] makes of the declarations does.
    fn example(&self) -> Option<&'static str> {
        None
    }

    /// Whether performing it twice does no harm.
    fn harmless_twice(&self) -> bool;

    /// Whether it has an act that cannot be undone.
    fn one_way(&self) -> bool {
        false
    }

    /// The gates before its acts that a consent opens.
    fn consents_open(&self) -> &'static [Gate] {
        &[]
    }

    /// Whether its answer tells which region is active, so that it can be a plan's authority.
    fn can_be_authority(&self) -> bool {
        false
    }

    /// The writers that it fences, each as its region and identifier; none where it fences nothing. Pure.
    fn fences(&self, _: &Arguments) -> BTreeSet<String> {
        BTreeSet::new()
    }

    /// The writers, one of which it promotes while another one has to be fenced, in the words of [`Kind::fences`]; `None`
    /// where it promotes nothing, or no kind of step fences what it promotes. Pure.
    fn promotes(&self, _: &Arguments) -> Option<BTreeSet<String>> {
        None
    }

    /// The writers, one of which its gate `fenced` asks about, in the words of [`Kind::fences`]; `None` where it asks about
    /// none, or about one that no kind of step fences. Pure.
    fn asks_fenced(&self, arguments: &Arguments) -> Option<BTreeSet<String>> {
        self.promotes(arguments)
    }

    /// What is wrong with arguments of the right types: path within the step, and what to tell. Pure.
    fn check(&self, _: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        Vec::new()
    }

    /// The calls it makes to make `target` active when `from` was, in a mode. Pure.
    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall>;

    /// The step for one execution. Pure: nothing is called yet.
    ///
    /// # Errors
    /// When the arguments do not allow it in this case.
    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message>;

    /// The role of its resource in each of these regions; empty where the kind has none.
    async fn roles(&self, _: &Arguments, _: &[Region], _: &Means) -> BTreeMap<Region, Role> {
        BTreeMap::new()
    }

    /// Tags what was promoted in the target with the epoch, where that helps to rank two writers; does nothing
    /// elsewhere. Harmless to repeat.
    async fn mark_epoch(&self, _: &Arguments, _: &Region, _: u64, _: &Means) -> Result<(), Error> {
        Ok(())
    }

    /// Figures of a region in peace, such as running tasks or lag, that a later execution goes by.
    async fn measure(&self, _: &Arguments, _: &Region, _: &Means) -> Option<Value> {
        None
    }
}
