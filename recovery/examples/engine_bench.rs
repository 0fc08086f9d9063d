//! Measures what the engine costs beyond AWS's calls: a failover of many steps against the fake, on virtual time, so that
//! everything that passes is its own work; and how long a large plan takes to be read. Prints JSON; `make bench-recovery`
//! runs it.

#![allow(clippy::print_stdout, reason = "this is what it is for")]

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws::clock::{Clock, VirtualClock};
use aws::fake::{FakeAws, Lag, connections, standalone};
use aws::{Aws, Region};
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::document::Document;
use recovery::engine::{EmptyDesk, End, Event, Order, Surroundings, execute};
use recovery::kind::Means;
use recovery::mode::Mode;
use recovery::runner::Pace;
use recovery::steps::KINDS;
use recovery::store::{self, Stores};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Steps of the execution, and of the plan that is only read.
const STEPS: usize = 200;
const LARGE: usize = 500;
const EAST: &str = "us-east-1";
const WEST: &str = "us-west-2";

fn main() -> Result<(), Box<dyn Error>> {
    let large = plan(LARGE).to_string();
    let mut reads: Vec<Duration> = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        let (document, _) = read(&large)?;
        let digest = document.digest()?;
        reads.push(begun.elapsed());
        assert_eq!(digest.len(), 64, "a SHA-256 in hexadecimal digits");
    }
    reads.sort();
    let mut runs: Vec<Duration> = Vec::new();
    for _ in 0..5 {
        runs.push(failover()?);
    }
    runs.sort();
    let steps = u32::try_from(STEPS)? + 1;
    let figures = json!({
        "steps": steps,
        "step_ms": runs[runs.len() / 2].as_secs_f64() * 1000.0 / f64::from(steps),
        "plan_steps": LARGE + 1,
        "plan_ms": reads[reads.len() / 2].as_secs_f64() * 1000.0,
    });
    println!("{figures}");
    Ok(())
}

fn read(text: &str) -> Result<(Document, usize), Box<dyn Error>> {
    let (document, warnings) = Document::read(text, KINDS).map_err(|problems| {
        let first = problems.first().map(ToString::to_string);
        first.unwrap_or_default()
    })?;
    Ok((document, warnings.len()))
}

/// A database that decides who is active, and so many parameters of the application.
fn plan(steps: usize) -> Value {
    let mut all = vec![json!({
        "name": "promote", "tier": "critical", "after": [],
        "rds_promote_replica": { "instances": { EAST: "orders", WEST: "orders-replica" } },
    })];
    for number in 0..steps {
        all.push(json!({
            "name": format!("value-{number}"), "tier": "critical",
            "application_target": { "parameters": [{
                "name": format!("/orders/{number}"), "values": { EAST: "east", WEST: "west" },
            }] },
        }));
    }
    json!({
        "schema": 1, "name": "orders", "regions": [EAST, WEST],
        "tiers": { "critical": { "rto": "24h", "rpo": "5m" } },
        "authority": "promote",
        "stores": {
            EAST: { "bucket": "orders-dr-us-east-1", "prefix": "failover/" },
            WEST: { "bucket": "orders-dr-us-west-2", "prefix": "failover/" },
        },
        "steps": all,
    })
}

/// The estate that the plan is about.
fn estate(clock: &VirtualClock) -> Result<FakeAws, Box<dyn Error>> {
    let (east, west) = (Region::new(EAST)?, Region::new(WEST)?);
    let fake = FakeAws::new(Arc::new(clock.clone()));
    fake.add(&east, standalone(&east, "orders"));
    fake.add_replica(&west, "orders-replica", &east, "orders");
    fake.set_lag_of_the_past(&west, "orders-replica", Lag::Steady(1.0));
    fake.set_metric_of_the_past(&east, &connections("orders"), Some(12.0));
    for region in [&east, &west] {
        fake.add_bucket(region, &format!("orders-dr-{region}"));
    }
    for number in 0..STEPS {
        fake.add_parameter(&west, &format!("/orders/{number}"), "String", "east");
    }
    Ok(fake)
}

/// One failover; the time that this process worked on it.
fn failover() -> Result<Duration, Box<dyn Error>> {
    let clock = VirtualClock::starting_at("2026-08-01T12:00:00Z".parse()?);
    let aws: Arc<dyn Aws> = Arc::new(estate(&clock)?);
    let time: Arc<dyn Clock> = Arc::new(clock.clone());
    let (document, _) = read(&plan(STEPS).to_string())?;
    let (east, west) = (Region::new(EAST)?, Region::new(WEST)?);
    let lost = BTreeSet::from([east]);
    let place = document.stores.get(&west).ok_or("a store")?;
    let stores = vec![store::open(&west, place, aws.as_ref(), Arc::clone(&time))?];
    let digest = document.digest()?;
    let around = Surroundings {
        path: vec![document.name.clone()],
        digest,
        document: Arc::new(document),
        stores: Stores::new(stores, lost.clone(), Arc::clone(&time)),
        means: Means {
            aws: Arc::clone(&aws),
            clock: Arc::clone(&time),
            desk: Arc::new(EmptyDesk),
        },
        children: Arc::default(),
        pace: Pace {
            seed: Some(1),
            ..Pace::default()
        },
        attempt: Duration::from_secs(15),
        interval: Duration::from_secs(10),
        orders_every: Duration::from_secs(5),
    };
    let unfenced = PlanConsent {
        risk: AcceptedRisk::Unfenced,
        step: None,
        until: time.now().saturating_add(Duration::from_hours(12))?,
        target: west.to_string(),
        epoch: 1,
        by: "bench".to_owned(),
        reason: "it is measured".to_owned(),
    };
    let order = Order {
        mode: Mode::Failover,
        target: west,
        lost,
        lost_at: Some(time.now()),
        declared_at: None,
        actor: "bench".to_owned(),
        consents: vec![unfenced],
        resume: None,
    };
    let canonical = around.document.canonical()?;
    let name = around.document.name.clone();
    let published =
        recovery::publication::publish(&around.stores, &name, canonical.as_bytes(), "bench");
    clock
        .drive(published)
        .ok_or("it waits for ever")?
        .map_err(|stop| format!("{stop:?}"))?;
    let cancel = CancellationToken::new();
    let sink = |_: Event| {};
    let begun = Instant::now();
    let done = clock.drive(execute(&around, &order, &cancel, &sink));
    let worked = begun.elapsed();
    match done {
        Some(Ok(done)) if done.end == End::DoneUnfenced => Ok(worked),
        Some(Ok(done)) => Err(format!("it ended {}: {:?}", done.end.name(), done.message).into()),
        Some(Err(refusal)) => Err(format!("{refusal:?}").into()),
        None => Err("it waits for ever".into()),
    }
}
