//! `drctl doctor`: what can be known before the day, one line for each check.

mod bundle;
mod past;
mod permissions;

use std::collections::{BTreeMap, BTreeSet};

use aws::sts::Caller;
use aws::{Error, Region};
use recovery::message::Message;
use recovery::observation::{self, MAX_AGE, freshness};
use recovery::prove::prove;
use recovery::publication;
use recovery::store::Store;
use serde_json::json;

use crate::args::{Common, Doctor};
use crate::show::{Exit, Show, Stop};
use crate::world::{World, document};

/// A clock that is further off than this is told: signatures are refused at five minutes.
const MOST_SKEW_SECONDS: u64 = 60;

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Ok,
    /// Nothing is broken, and somebody should look at it.
    Warning(Message),
    /// Nobody could tell.
    NotKnown(Message),
    Broken(Message),
}

impl Verdict {
    fn name(&self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warning(_) => "warning",
            Verdict::NotKnown(_) => "not known",
            Verdict::Broken(_) => "broken",
        }
    }

    fn message(&self) -> Option<&Message> {
        match self {
            Verdict::Ok => None,
            Verdict::Warning(message) | Verdict::NotKnown(message) | Verdict::Broken(message) => {
                Some(message)
            }
        }
    }
}

/// Tells checks as they are made, and counts them.
struct Chart {
    show: Show,
    counts: BTreeMap<&'static str, usize>,
}

impl Chart {
    fn tell(&mut self, check: &str, verdict: &Verdict) {
        *self.counts.entry(verdict.name()).or_default() += 1;
        let word = self.show.state(verdict.name());
        let Some(message) = verdict.message() else {
            self.show.line(format!("{word}: {check}"));
            self.show.value(&json!({ "check": check, "verdict": "ok" }));
            return;
        };
        self.show.line(format!("{word}: {check}: {}", message.seen));
        if !message.next.is_empty() {
            self.show.line(format!("  next: {}", message.next));
        }
        self.show.value(&json!({
            "check": check, "verdict": verdict.name(), "why": message.seen, "expected": message.expected, "next": message.next,
        }));
    }

    fn count(&self, word: &str) -> usize {
        self.counts.get(word).copied().unwrap_or_default()
    }

    fn end(&self) -> Exit {
        let words = ["ok", "warning", "not known", "broken"];
        let all: usize = self.counts.values().sum();
        let each: Vec<String> = words
            .iter()
            .map(|word| format!("{} {word}", self.count(word)))
            .collect();
        self.show.line(format!("{all} checks: {}", each.join(", ")));
        self.show.value(&json!({
            "checks": all, "ok": self.count("ok"), "warning": self.count("warning"),
            "not_known": self.count("not known"), "broken": self.count("broken"),
        }));
        if self.count("broken") == 0 {
            Exit::Done
        } else {
            Exit::Failed
        }
    }
}

pub(crate) async fn doctor(command: &Doctor, common: &Common, show: Show) -> Result<Exit, Stop> {
    let plan = document(&command.plan.file, show)?;
    let world = World::open(plan, &BTreeSet::new(), common, None)?;
    let mut chart = Chart {
        show,
        counts: BTreeMap::new(),
    };
    let callers = credentials(&world, &mut chart).await;
    for store in world.around.stores.answering() {
        let place = format!("store {}", store.place());
        chart.tell(&place, &fit(store.as_ref()).await);
        if let Some(verdict) = clock(&world, store.as_ref()).await {
            chart.tell(&format!("clock against {}", store.region()), &verdict);
        }
    }
    let published = published(&world).await;
    chart.tell("the plan is published in every store", &published);
    chart.tell("the newest observation", &observed(&world).await);
    for region in &world.around.document.regions {
        let check = format!("the plan gets by without {region}");
        chart.tell(&check, &proved(&world, region));
    }
    permissions::check(&world, &callers, &mut chart).await;
    let now = world.clock.now();
    let digest = &world.around.digest;
    let bundle = bundle::verdict(command.bundle.as_deref(), digest, now);
    chart.tell("the bundle", &bundle);
    past::check(&world, &mut chart).await;
    Ok(chart.end())
}

/// Who calls in each region of the plan; a region whose credentials do not work is told, and has nobody.
async fn credentials(world: &World, chart: &mut Chart) -> BTreeMap<Region, Caller> {
    let mut callers = BTreeMap::new();
    for region in &world.around.document.regions {
        let verdict = match permissions::caller(world, region).await {
            Ok(caller) => {
                callers.insert(region.clone(), caller);
                Verdict::Ok
            }
            Err(error) => Verdict::Broken(unanswered(
                &error,
                &format!("credentials that the STS of {region} takes"),
                "drctl login --help shows how to make some that work without the identity provider's home region",
            )),
        };
        chart.tell(&format!("credentials in {region}"), &verdict);
    }
    callers
}

fn unanswered(error: &Error, expected: &str, next: &str) -> Message {
    Message::new(error.to_string(), expected, next)
}

async fn fit(store: &dyn Store) -> Verdict {
    let expected = "a versioned bucket whose prefix is not replicated";
    match store.unfit().await {
        Ok(None) => Verdict::Ok,
        Ok(Some(why)) => Verdict::Broken(Message::new(
            why,
            expected,
            "turn versioning on, or choose a prefix that no replication rule covers",
        )),
        Err(error) => Verdict::Broken(unanswered(
            &error,
            expected,
            "make the bucket, or allow the caller what the message names",
        )),
    }
}

/// This machine's clock beside the store's; `None` where the store, a directory, has no time of its own.
async fn clock(world: &World, store: &dyn Store) -> Option<Verdict> {
    let expected = "a clock that agrees with AWS";
    let unmeasured = |why: String| {
        let seen = format!("not measured: {why}");
        Verdict::NotKnown(Message::new(seen, expected, "drctl plan publish"))
    };
    let date = match store.get(publication::CURRENT).await {
        Ok(Some(kept)) => kept.date?,
        Ok(None) => {
            let why = "nothing is published there that tells its time";
            return Some(unmeasured(why.to_owned()));
        }
        Err(error) => return Some(unmeasured(error.to_string())),
    };
    let skew = world.clock.now().duration_since(date).abs();
    if skew.unsigned_abs().as_secs() <= MOST_SKEW_SECONDS {
        return Some(Verdict::Ok);
    }
    Some(Verdict::Broken(Message::new(
        format!("this clock is {} s off", skew.as_secs()),
        expected,
        "set it, for example by NTP: AWS refuses signatures that are five minutes off",
    )))
}

async fn published(world: &World) -> Verdict {
    let broken = |seen: String| {
        Verdict::Broken(Message::new(
            seen,
            "this plan in every store",
            "drctl plan publish",
        ))
    };
    match publication::current(&world.around.stores, None).await {
        Ok(current) if current.digest != world.around.digest => broken(format!(
            "the published plan is {}, this is {}",
            current.digest, world.around.digest
        )),
        Ok(current) => match current.stale_stores.first() {
            None => Verdict::Ok,
            Some(stale) => broken(format!("not in {}: {}", stale.region, stale.why)),
        },
        Err(message) => Verdict::Broken(message),
    }
}

async fn observed(world: &World) -> Verdict {
    let newest = observation::newest(&world.around.stores).await;
    let made = newest.observation.as_ref().map(|it| it.at);
    let now = newest.now.unwrap_or_else(|| world.clock.now());
    match freshness(made, now, MAX_AGE).problem(MAX_AGE) {
        Some(message) => Verdict::Broken(message),
        None => match newest.stale.first() {
            None => Verdict::Ok,
            Some(stale) => Verdict::Warning(Message::new(
                format!("not in {}: {}", stale.region, stale.why),
                "observations in every store",
                "drctl observe --plan PLAN --every 5m keeps them coming",
            )),
        },
    }
}

fn proved(world: &World, region: &Region) -> Verdict {
    if prove(&world.around.document, region).is_proven() {
        return Verdict::Ok;
    }
    let next = format!("drctl plan prove --lost {region} names what is missing");
    let seen = format!("something needs {region}, or a control plane that lives in one region");
    Verdict::Broken(Message::new(
        seen,
        format!("a failover that needs nothing of {region}"),
        next,
    ))
}
