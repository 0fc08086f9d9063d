//! Executions of failover plans: who is active, which steps run when, what is written down, how it ends.
//!
//! The engine owns what the runner of one step does not know: the other steps, the lock, the journal, orders of people,
//! the epoch. Starting and resuming are the same code: the journal is read for what people decided, the world is looked
//! at for everything else, and every step decides afresh.

mod abort;
mod active;
mod book;
mod case;
mod desk;
mod ending;
mod family;
mod fencing;
mod fits;
mod journals;
mod loop_;
mod observe;
mod open;
pub mod outlook;
mod preview;
mod records;
mod refusal;
mod scribe;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use aws::Region;
use jiff::Timestamp;

pub use abort::{Aborted, abort};
pub use active::{Activity, who_is_active};
pub use case::Seen;
pub use desk::{DEEPEST, EmptyDesk};
pub use family::{Family, Opener, children_of, fits, runs_a_plan, same_place};
pub use fencing::{Closure, Fencing, left_by};
pub use loop_::execute;
pub use observe::observe;
pub use open::{Tempo, absolute, open};
pub use preview::{Member, preview, preview_family};
pub use records::{Past, Record};
pub use refusal::Refusal;

use crate::consent::PlanConsent;
use crate::document::{Document, StepEntry};
use crate::gate::GateResult;
use crate::kind::Means;
use crate::message::Message;
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::runner::Pace;
use crate::schedule::StepState;
use crate::store::{StaleStore, Stores};

/// The words of the journal for a step that is done without a proof that the old writer is fenced.
pub(crate) const UNFENCED: &str = "unfenced";

/// What an operator orders.
#[derive(Clone, Debug)]
pub struct Order {
    /// What for.
    pub mode: Mode,
    /// The region that becomes active.
    pub target: Region,
    /// Regions that are declared lost.
    pub lost: BTreeSet<Region>,
    /// When they were lost.
    pub lost_at: Option<Timestamp>,
    /// When the disaster was declared; the start otherwise.
    pub declared_at: Option<Timestamp>,
    /// Who orders it, as AWS names the caller.
    pub actor: String,
    /// What is accepted.
    pub consents: Vec<PlanConsent>,
    /// The execution to go on with; a new one otherwise.
    pub resume: Option<String>,
}

/// The surroundings of an execution.
#[derive(Clone)]
pub struct Surroundings {
    /// The plan.
    pub document: Arc<Document>,
    /// Its digest.
    pub digest: String,
    /// Its stores.
    pub stores: Stores,
    /// AWS and time. An execution puts its own desk in the place of this one.
    pub means: Means,
    /// Plans that steps of this one may run, by name.
    pub children: Arc<BTreeMap<String, Surroundings>>,
    /// The plans that led here, this one last.
    pub path: Vec<String>,
    /// How fast steps poll.
    pub pace: Pace,
    /// The longest that one attempt of a call may be under way: so much of the lock has to be left before an act that
    /// cannot be undone. Shorter than three heartbeats.
    pub attempt: Duration,
    /// How often the lock's heartbeat is written.
    pub interval: Duration,
    /// How often orders of people are looked for.
    pub orders_every: Duration,
}

impl Surroundings {
    /// The same, where only these steps run in a mode; all others are still looked at. The digest stays the whole
    /// document's: it is the one that was published.
    #[must_use]
    pub fn restricted(&self, mode: Mode, steps: &[String]) -> Surroundings {
        let mut document = Document::clone(&self.document);
        for step in &mut document.steps {
            if steps.contains(&step.name) {
                step.run_in = vec![mode];
            } else {
                step.run_in.clear();
            }
        }
        Surroundings {
            document: Arc::new(document),
            ..self.clone()
        }
    }

    /// The same, where only the steps of a kind run in a mode, in this plan and in those that it runs; `None` where there
    /// is no such step.
    pub fn of_kind(&self, mode: Mode, kind: &str) -> Option<Surroundings> {
        let children = self.children.iter();
        let children: BTreeMap<String, Surroundings> = children
            .filter_map(|(name, child)| Some((name.clone(), child.of_kind(mode, kind)?)))
            .collect();
        let runs_one = |step: &&StepEntry| {
            let plan = step.arguments.text("plan");
            step.kind.name() == "failover_plan" && plan.is_some_and(|it| children.contains_key(it))
        };
        let steps = self.document.steps.iter();
        let steps = steps.filter(|step| step.kind.name() == kind || runs_one(step));
        let steps: Vec<String> = steps.map(|step| step.name.clone()).collect();
        (!steps.is_empty()).then(|| {
            let mut only = self.restricted(mode, &steps);
            let mut document = Document::clone(&only.document);
            one_after_another(&mut document, mode);
            only.document = Arc::new(document);
            only.children = Arc::new(children);
            only
        })
    }

    /// The steps that run in a mode, where they are fewer than the published document says.
    pub fn only(&self, mode: Mode) -> Vec<String> {
        if self.document.digest().is_ok_and(|it| it == self.digest) {
            return Vec::new();
        }
        let steps = self.document.steps.iter();
        let steps = steps.filter(|step| step.runs_in(mode));
        steps.map(|step| step.name.clone()).collect()
    }
}

/// Lets steps of a mode that fence the same writer run one after the other, in the order that the plan gives them: the
/// one that comes later finds done what the first did, where both at once would do it twice.
fn one_after_another(document: &mut Document, mode: Mode) {
    let order = document.graph(mode).order();
    let mut earlier: Vec<(String, BTreeSet<String>)> = Vec::new();
    for position in order {
        let step = &mut document.steps[position];
        if !step.runs_in(mode) {
            continue;
        }
        let own = step.kind.fences(&step.arguments);
        let same = earlier
            .iter()
            .filter(|(name, theirs)| !own.is_disjoint(theirs) && !step.after.contains(name));
        let same: Vec<String> = same.map(|(name, _)| name.clone()).collect();
        step.after.extend(same);
        earlier.push((step.name.clone(), own));
    }
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every step is done or skipped.
    Done,
    /// Done, and nobody has proved that the old writer accepts no writes.
    DoneUnfenced,
    /// A gate refused, and nothing failed.
    Refused,
    /// A step failed or its time was over.
    Failed,
    /// It was asked to stop, or lost its lock: it can be resumed.
    Interrupted,
    /// A person ended it.
    Aborted,
}

impl End {
    /// The word for journals and reports.
    pub fn name(self) -> &'static str {
        match self {
            End::Done => "done",
            End::DoneUnfenced => "done_unfenced",
            End::Refused => "refused",
            End::Failed => "failed",
            End::Interrupted => "interrupted",
            End::Aborted => "aborted",
        }
    }
}

/// A step at the end of an execution.
#[derive(Clone, Debug, Default)]
pub struct StepResult {
    /// Where it stands; an interrupted one waits for the next run.
    pub state: StepState,
    /// How it ended, where it ran.
    pub outcome: Option<Outcome>,
    /// The last answers of its gates.
    pub gates: Vec<GateResult>,
    /// The world as it was last seen, in a line.
    pub world: Option<String>,
    /// What somebody should know.
    pub warnings: Vec<String>,
    /// Whether it is done without a proof that the old writer is fenced.
    pub unfenced: bool,
    /// How long it took in this run.
    pub elapsed: Duration,
}

/// An execution at its end.
#[derive(Clone, Debug)]
pub struct Execution {
    /// Its id.
    pub id: String,
    /// How it ended.
    pub end: End,
    /// Why, where it did not end well; the first reason.
    pub message: Option<Message>,
    /// The epoch that it completed, where it did.
    pub epoch: Option<u64>,
    /// Its steps, in the plan's order.
    pub steps: Vec<(String, StepResult)>,
    /// Steps that never began, with those that were in the way.
    pub blocked: BTreeMap<String, Vec<String>>,
    /// Failures that the plan tolerates.
    pub tolerated: Vec<String>,
    /// Stores that do not hold everything, with why.
    pub stale_stores: Vec<StaleStore>,
}

/// What happens while an execution runs.
#[derive(Clone, Debug)]
pub enum Event {
    /// The execution has its id, and its lock.
    Begins {
        /// The id.
        id: String,
        /// The region that was active.
        from: Option<Region>,
    },
    /// A step begins.
    StepBegins {
        /// Its name.
        step: String,
        /// Its target state.
        title: String,
    },
    /// A line of a step.
    StepTells {
        /// Its name.
        step: String,
        /// The line.
        line: Progress,
    },
    /// A step ended.
    StepEnds {
        /// Its name.
        step: String,
        /// Where it stands now.
        state: StepState,
        /// Why, where it did not end well.
        message: Option<Message>,
    },
    /// Something about the whole execution, in a line.
    Notice(String),
}

/// One line, or several where somebody has to be told what to do.
impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Event::Begins { id, from } => {
                let from = from.as_ref().map_or("nobody could tell", Region::as_str);
                write!(f, "execution {id}; active until now: {from}")
            }
            Event::StepBegins { step, title } => write!(f, "{step}: {title}"),
            Event::StepTells { step, line } => write!(f, "{step}: {line}"),
            Event::StepEnds {
                step,
                state,
                message: None,
            } => write!(f, "{step}: {}", state.name()),
            Event::StepEnds {
                step,
                state,
                message: Some(message),
            } => write!(f, "{step}: {}\n{message}", state.name()),
            Event::Notice(line) => f.write_str(line),
        }
    }
}

/// Somebody who wants to know. Called between calls: it must not block.
pub trait EventSink: Send + Sync {
    /// Takes one event.
    fn event(&self, event: Event);
}

impl<F: Fn(Event) + Send + Sync> EventSink for F {
    fn event(&self, event: Event) {
        self(event);
    }
}
