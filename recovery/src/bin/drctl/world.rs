//! From the command line to what an execution works with: the plan, AWS, the stores.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws::clock::{Clock, SystemClock};
use aws::sdk::{AssumeRole, RegionSettings, SdkAws, Settings};
use aws::{Aws, Region};
use recovery::document::{Document, Problem, StorePlace};
use recovery::engine::{EmptyDesk, Surroundings};
use recovery::journal;
use recovery::kind::Means;
use recovery::message::Message;
use recovery::runner::Pace;
use recovery::steps::KINDS;
use recovery::store::{self, Stores, Times};

use crate::args::{Common, PaceWords};
use crate::show::{Show, Stop, message_json};

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
    let text = read(file)?;
    match Document::read(&text, KINDS) {
        Ok((document, warnings)) => {
            for warning in warnings {
                show.note(format!("warning: {warning}"));
            }
            Ok(document)
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
        for region in lost {
            if !document.regions.contains(region) {
                let known: Vec<&str> = document.regions.iter().map(Region::as_str).collect();
                let seen = format!("{region} is no region of the plan {}", document.name);
                return Err(Stop::usage(Message::new(
                    seen,
                    known.join(", "),
                    "name one of them",
                )));
            }
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let settings = settings(&document, lost, common);
        let attempt = settings.attempt_timeout;
        let aws: Arc<dyn Aws> = Arc::new(SdkAws::new(settings));
        let mut stores = Vec::new();
        for region in document
            .regions
            .iter()
            .filter(|region| !lost.contains(*region))
        {
            if let Some(place) = document.stores.get(region) {
                let opened =
                    store::open(region, &absolute(place), aws.as_ref(), Arc::clone(&clock));
                stores.push(opened.map_err(|error| no_answer(&error.to_string()))?);
            }
        }
        let interval = pace.map_or(10, |pace| pace.heartbeat);
        let first = pace.map_or(2.0, |pace| pace.poll.clamp(0.05, 15.0));
        let interval = Duration::from_secs(interval);
        let times = Times {
            call: Times::default().call.min(interval),
            ..Times::default()
        };
        let digest = document
            .digest()
            .map_err(|error| no_answer(&error.to_string()))?;
        let around = Surroundings {
            path: vec![document.name.clone()],
            document: Arc::new(document),
            digest,
            stores: Stores::new(stores, lost.clone(), Arc::clone(&clock)).with_times(times),
            means: Means {
                aws: Arc::clone(&aws),
                clock: Arc::clone(&clock),
                desk: Arc::new(EmptyDesk),
            },
            children: Arc::new(BTreeMap::new()),
            pace: Pace {
                first_pause: Duration::from_secs_f64(first),
                ..Pace::default()
            },
            attempt: attempt.min(interval * 2),
            interval,
            orders_every: interval.min(Duration::from_secs(5)),
        };
        Ok(World { around, aws, clock })
    }

    /// Who calls, as AWS names the caller in the first region that answers.
    pub(crate) async fn caller(&self) -> String {
        for region in &self.around.document.regions {
            if let Ok(identity) = self.aws.identity(region)
                && let Ok(caller) = identity.caller().await
            {
                return caller.arn;
            }
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
        let stores = &self.around.stores;
        let mut newest: Option<String> = None;
        let mut last = "no store answers".to_owned();
        for store in stores.answering() {
            match journal::executions(stores, store.as_ref()).await {
                // Ids sort by the time they were made.
                Ok(ids) => newest = newest.max(ids.into_iter().max()),
                Err(error) => last = error.to_string(),
            }
            if newest.is_none() {
                last = format!("there is no execution in {}", store.place());
            }
        }
        newest.ok_or_else(|| {
            Stop::failed(Message::new(
                last,
                "an execution of this plan",
                "begin one with drctl run",
            ))
        })
    }
}

fn no_answer(seen: &str) -> Stop {
    Stop::failed(Message::new(
        seen,
        "the stores of the plan",
        "drctl doctor tells what is missing",
    ))
}

/// A directory of a store is meant from where drctl was started.
fn absolute(place: &StorePlace) -> StorePlace {
    match place {
        StorePlace::Directory(path) => {
            let whole = std::path::absolute(path).ok();
            let whole = whole.map(|path| path.display().to_string());
            StorePlace::Directory(whole.unwrap_or_else(|| path.clone()))
        }
        bucket @ StorePlace::Bucket { .. } => bucket.clone(),
    }
}

/// What the SDK is told: the plan's accounts, the regions that are lost, short waits.
fn settings(document: &Document, lost: &BTreeSet<Region>, common: &Common) -> Settings {
    let roles = document.accounts.iter().map(|(region, account)| {
        let role = AssumeRole {
            role_arn: account.role_arn.clone(),
            external_id: account.external_id.clone(),
            session_name: "drctl".to_owned(),
            duration: None,
        };
        let special = RegionSettings {
            assume_role: Some(role),
            ..RegionSettings::default()
        };
        (region.clone(), special)
    });
    Settings {
        profile: common.profile.clone(),
        regions: roles.collect(),
        lost_regions: lost.clone(),
        ..Settings::default()
    }
}

impl World {
    /// Refuses stores that must not be used: without versioning, or with a prefix that is replicated.
    pub(crate) async fn refuse_unfit_stores(&self) -> Result<(), Stop> {
        for store in self.around.stores.answering() {
            if let Ok(Some(why)) = store.unfit().await {
                return Err(Stop::usage(Message::new(
                    format!("{}: {why}", store.place()),
                    "a versioned bucket whose prefix is not replicated: a replicated lock is a false lock",
                    "turn versioning on, or choose a prefix that no replication rule covers",
                )));
            }
        }
        Ok(())
    }

    /// What to tell about an execution that is paused and whose runner is alive.
    pub(crate) async fn paused_and_alive(&self, id: &str, target: &Region) -> Option<String> {
        let (state, _) = self.state(id).await.ok()?;
        let store = self.around.stores.of(target)?;
        let first = store.get(recovery::lock::KEY).await.ok()??;
        if !state.paused || state.ended.is_some() {
            return None;
        }
        // Alive is who writes heartbeats: the lock changes within three of them.
        for _ in 0..3 {
            self.clock.sleep(self.around.interval).await;
            let now = store.get(recovery::lock::KEY).await.ok()??;
            if now.etag != first.etag {
                return Some(format!("{id} is paused and its runner is alive"));
            }
        }
        None
    }
}
