//! From the command line to what an execution works with: the plan, AWS, the stores.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws::clock::{Clock, SystemClock};
use aws::sdk::{SdkAws, Settings};
use aws::{Aws, Region};
use recovery::command::{self, Command, Order};
use recovery::document::{Document, Problem, Warning};
use recovery::engine::{Surroundings, Tempo, open};
use recovery::lock::{self, Life};
use recovery::message::Message;
use recovery::steps::KINDS;

use crate::args::{Common, PaceWords};
use crate::show::{Show, Stop, message_json};

/// The longest that one call of somebody who only looks may be under way.
pub(crate) const LOOK: Duration = Duration::from_secs(5);

/// What every command works with.
pub(crate) struct World {
    pub(crate) around: Surroundings,
    pub(crate) aws: Arc<dyn Aws>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Reads a file, or stdin.
pub(crate) fn read(file: &Path) -> Result<String, Stop> {
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    text.map_err(|error| {
        Stop::usage(Message::new(
            format!("{}: {error}", file.display()),
            "a failover plan, a JSON file",
            "name it with --plan FILE, or in DRCTL_PLAN",
        ))
    })
}

/// Reads a plan, and tells everything that is wrong with it.
pub(crate) fn document(file: &Path, show: Show) -> Result<Document, Stop> {
    document_and_warnings(file, show).map(|(document, _)| document)
}

/// The same with what was warned about.
pub(crate) fn document_and_warnings(
    file: &Path,
    show: Show,
) -> Result<(Document, Vec<Warning>), Stop> {
    let text = read(file)?;
    match Document::read(&text, KINDS) {
        Ok((document, warnings)) => {
            for warning in &warnings {
                show.note(format!("warning: {warning}"));
            }
            Ok((document, warnings))
        }
        Err(problems) => Err(bad(file, &problems, show)),
    }
}

/// Tells every problem, and sums them up.
fn bad(file: &Path, problems: &[Problem], show: Show) -> Stop {
    for problem in problems {
        if show.json {
            show.value(&serde_json::json!({
                "problem": { "path": problem.path, "message": message_json(&problem.message) }
            }));
        } else {
            Show::error(&format!("{}: {problem}", file.display()));
        }
    }
    Stop::usage(Message::new(
        match problems.len() {
            1 => format!("1 problem in {}", file.display()),
            count => format!("{count} problems in {}", file.display()),
        },
        "a plan without problems",
        "mend them; drctl plan steps lists the kinds of steps and their arguments",
    ))
}

impl World {
    /// The world of a plan. Regions that are declared lost are never called.
    pub(crate) fn open(
        document: Document,
        lost: &BTreeSet<Region>,
        common: &Common,
        pace: Option<&PaceWords>,
    ) -> Result<World, Stop> {
        let settings = settings(&document, lost, common);
        World::with(document, lost, settings, pace)
    }

    /// The world of a plan for whoever only looks, and wants to know soon which region does not answer.
    pub(crate) fn look(
        document: Document,
        lost: &BTreeSet<Region>,
        common: &Common,
    ) -> Result<World, Stop> {
        let settings = Settings {
            attempt_timeout: LOOK,
            ..settings(&document, lost, common)
        };
        World::with(document, lost, settings, None)
    }

    fn with(
        document: Document,
        lost: &BTreeSet<Region>,
        settings: Settings,
        pace: Option<&PaceWords>,
    ) -> Result<World, Stop> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let attempt = settings.attempt_timeout;
        let aws: Arc<dyn Aws> = Arc::new(SdkAws::new(settings));
        let default = Tempo::default();
        let tempo = pace.map_or(default, |pace| Tempo {
            heartbeat: Duration::from_secs(pace.heartbeat),
            poll: Duration::from_secs_f64(pace.poll),
            ..default
        });
        let tempo = Tempo { attempt, ..tempo };
        let around = open(document, lost, &aws, &clock, tempo).map_err(Stop::usage)?;
        Ok(World { around, aws, clock })
    }

    /// Who calls, as AWS names the caller in the first region that answers.
    pub(crate) async fn caller(&self) -> String {
        if let Some(caller) = self.around.caller().await {
            return caller;
        }
        let user = std::env::var("USER").unwrap_or_else(|_| "somebody".to_owned());
        format!("{user} (AWS did not say who)")
    }

    /// An execution, by its id; the newest where none is named.
    pub(crate) async fn execution(&self, named: Option<&str>) -> Result<String, Stop> {
        if let Some(named) = named {
            let fits = |byte: u8| byte.is_ascii_alphanumeric();
            if !named.is_empty() && named.len() <= 64 && named.bytes().all(fits) {
                return Ok(named.to_owned());
            }
            return Err(Stop::usage(Message::new(
                format!("{named:?} is no id of an execution"),
                "26 letters and digits, as drctl run and drctl status print them",
                "leave it out for the newest execution",
            )));
        }
        let newest = self.around.newest_execution().await.map_err(Stop::failed)?;
        newest.ok_or_else(|| {
            let name = &self.around.document.name;
            Stop::failed(Message::new(
                format!("there is no execution of {name} in its stores"),
                "an execution of this plan",
                "begin one with drctl run",
            ))
        })
    }
}

/// What the SDK is told: the plan's accounts, the regions that are lost, short waits.
fn settings(document: &Document, lost: &BTreeSet<Region>, common: &Common) -> Settings {
    let mut settings = Settings {
        profile: common.profile.clone(),
        lost_regions: lost.clone(),
        ..Settings::default()
    };
    for (region, account) in &document.accounts {
        settings.enter(
            region,
            &account.role_arn,
            account.external_id.as_deref(),
            "drctl",
        );
    }
    settings
}

impl World {
    /// Refuses stores that must not be used: without versioning, or with a prefix that is replicated.
    pub(crate) async fn refuse_unfit_stores(&self) -> Result<(), Stop> {
        let refused = self.around.refuse_unfit_stores().await;
        refused.map_err(Stop::usage)
    }

    /// What to tell about an execution that is paused and whose runner is alive.
    pub(crate) async fn paused_and_alive(&self, id: &str, target: &Region) -> Option<String> {
        let (state, _) = self.state(id).await.ok()?;
        if !state.paused || state.ended.is_some() {
            return None;
        }
        match lock::life(&self.around.stores, target).await.ok()? {
            Life::Alive(holder, _) if holder.execution.as_deref() == Some(id) => {
                Some(format!("{id} is paused and its runner is alive"))
            }
            _ => None,
        }
    }

    /// Whether a pause was obeyed, or waits to be, and nothing lets the execution go on since.
    pub(crate) async fn is_held(&self, id: &str) -> bool {
        let Ok((state, _)) = self.state(id).await else {
            return false;
        };
        let waiting = command::read(&self.around.stores, id, &state.obeyed).await;
        let orders = waiting.new.iter().map(|command| &command.order);
        orders.fold(state.paused, |held, order| match order {
            Order::Pause => true,
            Order::Resume => false,
            _ => held,
        })
    }

    /// Orders a paused execution to go on.
    pub(crate) async fn go_on(&self, id: &str, by: &str) -> Result<(), Stop> {
        let mut random = fastrand::Rng::new();
        let order = Command::new(id, by, Order::Resume, None, self.clock.now(), &mut random);
        let order = order.map_err(Stop::usage)?;
        let issued = command::issue(&self.around.stores, &order).await;
        issued.map(|_| ()).map_err(Stop::failed)
    }
}
