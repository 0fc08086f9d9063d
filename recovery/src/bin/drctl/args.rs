//! Arguments of the command line, as help shows them.

#![allow(clippy::doc_markdown, reason = "doc comments here are shown as help")]

mod beside;

use std::path::PathBuf;

use aws::Region;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use recovery::mode::Mode;

pub(crate) use beside::{Bundle, Doctor, Login, Report};
use beside::{DOCTOR_HELP, LOGIN_HELP};

/// Runs failover plans without Terraform: makes another region active, step by step, gate by gate.
#[derive(Debug, Parser)]
#[command(name = "drctl", version, max_term_width = 100, after_help = HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Print JSON: one object, or one a line for what goes on
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Profile of the shared AWS configuration files
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

const HELP: &str = "\
Examples:
  drctl plan check --plan plan.json --to us-west-2
  drctl assess --plan plan.json --lost us-east-1
  drctl run --plan plan.json --to us-west-2 --mode failover --lost us-east-1
  drctl watch --plan plan.json

Exit codes: 0 done; 1 failed; 2 wrong usage or a bad plan; 3 refused by a gate; 4 interrupted, and can be resumed; 5 done, but
nobody has proved that the old writer is fenced.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at a plan: validate, check against the world, prove what it depends on, publish
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Make a region active
    #[command(after_help = RUN_HELP)]
    Run(Box<Run>),
    /// Go on with an execution: lets a paused one go on, or takes over one whose runner is gone
    Resume(Box<Resume>),
    /// Let an execution begin nothing new; what is under way goes on
    Pause(Execution),
    /// End an execution: calls in flight are finished, nothing new is begun
    #[command(after_help = ABORT_HELP)]
    Abort(AbortOrder),
    /// Try a step again that was refused, failed or ran out of time
    Retry(StepOrder),
    /// Go on without a step; the reason is kept in the journal
    Skip(SkipOrder),
    /// Say yes to an approval step, or no with --decline
    Approve(ApproveOrder),
    /// Show which region is active, and where the newest execution stands
    Status(Status),
    /// Fence the old writer once its region is back: closes what a failover had to leave unfenced
    #[command(after_help = FENCE_HELP)]
    Fence(Box<Fence>),
    /// Follow an execution until it ends
    Watch(Box<Watch>),
    /// Look at every region in peace and keep what is seen: capacity, roles, lag
    Observe(Observe),
    /// Should we fail over? What answers, data at risk, predicted RTO, what cannot be undone
    Assess(Assess),
    /// Check before the day: credentials, clocks, stores, permissions, bundle, the last execution
    #[command(after_help = DOCTOR_HELP)]
    Doctor(Doctor),
    /// Enter a role with the code of a device, and print its credentials for credential_process
    #[command(after_help = LOGIN_HELP)]
    Login(Box<Login>),
    /// Write a directory that runs a plan with nothing else at hand, or check one
    Bundle(Bundle),
    /// Write the evidence of an execution
    Report(Report),
    /// Verify the journal of an execution: edits, gaps
    Verify(Execution),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print a page of the manual, or write all of them
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command whose page is printed, such as plan check; drctl itself where none is named
    pub(crate) command: Vec<String>,
    /// Write the pages of all commands into a directory: drctl.1, drctl-run.1, drctl-plan-check.1
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Read a plan and name everything that is wrong with it; nothing is called
    Validate(PlanFile),
    /// Show what every step would do now, its gates and what it would wait for; nothing is changed
    Check(PlanCheck),
    /// Prove that no step needs a region that is lost; exit code 1 when one does
    Prove(PlanProve),
    /// Print the plan in its canonical form, with its digest
    Show(PlanFile),
    /// Write the plan to every store, and make it the current one
    Publish(PlanPublish),
    /// Print the reference of the steps that plans can have
    Steps {
        /// One kind of step
        kind: Option<String>,
    },
}

/// The plan's file.
#[derive(Clone, Debug, Args)]
pub(crate) struct PlanFile {
    /// The failover plan, a JSON file; - is stdin
    #[arg(long = "plan", value_name = "FILE", env = "DRCTL_PLAN")]
    pub(crate) file: PathBuf,
    /// A plan that a step of this one runs, a JSON file; else it is taken from where it was published; repeatable
    #[arg(long = "child", value_name = "FILE")]
    pub(crate) children: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanCheck {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    #[command(flatten)]
    pub(crate) way: Way,
}

#[derive(Debug, Args)]
pub(crate) struct PlanProve {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// The region that is lost; every one in turn where it is not given
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Option<Region>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanPublish {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// A region whose store is not reached; published there later
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Vec<Region>,
}

/// Where it goes, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct Way {
    /// The region that becomes active
    #[arg(long = "to", value_name = "REGION")]
    pub(crate) target: Region,
    /// What for
    #[arg(long, default_value = "failover")]
    pub(crate) mode: ModeWord,
    /// A region that is lost: nothing there is called; repeatable
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Vec<Region>,
    /// When it was lost, such as 2026-08-01T12:00:00Z: growth of the lag after that is no loss
    #[arg(long, value_name = "TIME")]
    pub(crate) lost_at: Option<Timestamp>,
    /// When the disaster was declared; RTO counts from here; now where it is not given
    #[arg(long, value_name = "TIME")]
    pub(crate) declared_at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) consent: ConsentWords,
}

/// What is accepted.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConsentWords {
    /// Accept a risk for this execution: unfenced, unknown_lag, or data_loss_up_to=10m; repeatable
    #[arg(long = "accept", value_name = "RISK", requires = "reason")]
    pub(crate) accept: Vec<String>,
    /// Why it is accepted; kept in the journal
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// When the consent ends; an hour from now where it is not given, a day at most
    #[arg(long, value_name = "TIME")]
    pub(crate) accept_until: Option<Timestamp>,
}

const RUN_HELP: &str = "\
Nothing is done that cannot be undone before its gates were asked with numbers measured right then. A gate that cannot be
answered refuses. Run it again at any time: it looks first and goes on from what it sees.";

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    #[command(flatten)]
    pub(crate) way: Way,
    #[command(flatten)]
    pub(crate) pace: PaceWords,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// The execution; the newest where it is not given
    pub(crate) execution: Option<String>,
    /// A region that is lost by now; repeatable
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Vec<Region>,
    #[command(flatten)]
    pub(crate) consent: ConsentWords,
    #[command(flatten)]
    pub(crate) pace: PaceWords,
}

/// How patient it is; for laboratories.
#[derive(Clone, Debug, Args)]
pub(crate) struct PaceWords {
    /// Seconds between heartbeats of the lock; a silent runner is taken over after three of them
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(crate) heartbeat: u64,
    /// Seconds of the first pause between two looks; later ones grow up to 15
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0, value_parser = poll)]
    pub(crate) poll: f64,
}

/// Seconds between two looks.
fn poll(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok();
    let fits = |it: &f64| (0.05..=15.0).contains(it);
    seconds
        .filter(fits)
        .ok_or_else(|| "seconds from 0.05 to 15".to_owned())
}

/// An execution of a plan.
#[derive(Clone, Debug, Args)]
pub(crate) struct Execution {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// The execution; the newest where it is not given
    #[arg(value_name = "EXECUTION")]
    pub(crate) id: Option<String>,
    /// A region that is lost: its store is not asked; repeatable
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Vec<Region>,
}

const ABORT_HELP: &str = "\
Where its runner is alive it is told, and obeys between two calls. Where it is gone the end is
written here, under the lock; what was done stays as it is, and is told. Regions that the execution
was told are lost are not asked.";

#[derive(Debug, Args)]
pub(crate) struct AbortOrder {
    #[command(flatten)]
    pub(crate) execution: Execution,
    /// Why; kept in the journal
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct StepOrder {
    /// The step
    #[arg(long)]
    pub(crate) step: String,
    #[command(flatten)]
    pub(crate) execution: Execution,
}

#[derive(Debug, Args)]
pub(crate) struct SkipOrder {
    #[command(flatten)]
    pub(crate) order: StepOrder,
    /// Why the execution goes on without it
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveOrder {
    #[command(flatten)]
    pub(crate) order: StepOrder,
    /// The token of the message that asked
    #[arg(long)]
    pub(crate) token: String,
    /// Say no
    #[arg(long)]
    pub(crate) decline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) execution: Execution,
}

const FENCE_HELP: &str = "\
Runs the fence_database steps alone, in mode reprotect, those of plans that the plan runs too: every
writer that the active one outranks by its epoch is fenced, and proved to be. Nothing else is begun.
A region that is lost still is named with --lost: the others are fenced, and it stays open.";

#[derive(Debug, Args)]
pub(crate) struct Fence {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// The region that is active; the one of the newest epoch where it is not given
    #[arg(long, value_name = "REGION")]
    pub(crate) active: Option<Region>,
    /// A region that is lost still: nothing there is called or fenced; repeatable
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Vec<Region>,
    #[command(flatten)]
    pub(crate) pace: PaceWords,
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    pub(crate) status: Status,
    /// When it ends unfenced, wait for each old region's return and fence it
    #[arg(long)]
    pub(crate) fence: bool,
    #[command(flatten)]
    pub(crate) pace: PaceWords,
}

#[derive(Debug, Args)]
pub(crate) struct Observe {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// Again and again, such as every 5m, until it is stopped; 10s at least
    #[arg(long, value_name = "DURATION")]
    pub(crate) every: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Assess {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// The region that would become active; every other one where it is not given
    #[arg(long = "to", value_name = "REGION")]
    pub(crate) target: Option<Region>,
    /// A region that seems lost; repeatable
    #[arg(long, value_name = "REGION")]
    pub(crate) lost: Vec<Region>,
}

/// The modes by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ModeWord {
    /// Bounded data loss is accepted
    Failover,
    /// Without loss; both regions are healthy
    Switchover,
    /// Rebuild replication after a failover
    Reprotect,
    /// An exercise
    Drill,
}

impl From<ModeWord> for Mode {
    fn from(word: ModeWord) -> Mode {
        match word {
            ModeWord::Failover => Mode::Failover,
            ModeWord::Switchover => Mode::Switchover,
            ModeWord::Reprotect => Mode::Reprotect,
            ModeWord::Drill => Mode::Drill,
        }
    }
}
