//! What must hold in every world, whatever befell it; checked while processes live and against what they left.

use std::collections::{BTreeMap, BTreeSet};

use aws::Region;
use aws::fake::{Call, Effect};
use recovery::engine::{End, Execution};
use recovery::journal::{self, Entry, Phase, Raw};
use recovery::mode::Mode;
use recovery::schedule::StepState;
use recovery::steps::KINDS;

use super::world::World;
use crate::estate::{east, west};

/// Operations that cannot be undone.
const ONE_WAY: [&str; 6] = [
    "PromoteReadReplica",
    "StopReplicationToReplica",
    "FailoverGlobalCluster",
    "SwitchoverGlobalCluster",
    "FailoverGlobalReplicationGroup",
    "InvokeFunction",
];

/// The oldest measurement that a promotion may rest on: another call of the same look that was given up, the freshness of
/// the pace, and an attempt of the act. A process that sleeps in the middle of a look does not see how long that takes:
/// then the gate bounds it, to which a lag is unknown that is older than three periods.
const MEASURED_WITHIN: i64 = 15 + 15 + 15;
const MEASURED_WITHIN_ASLEEP: i64 = 3 * 60 + 15 + 15;

/// A process as the watch knows it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) actor: String,
    /// Regions that it was told are lost.
    pub(crate) lost: Vec<Region>,
}

/// Watches what arrives at AWS.
pub(crate) struct Watch<'w> {
    world: &'w World,
    lives: Vec<Known>,
    seen: usize,
    /// What each life has sent that arrived.
    sent: Vec<Vec<Call>>,
    /// One-way acts of each life that took effect and still hold: operation, on what, where.
    did: BTreeSet<(usize, &'static str, String, Region)>,
    epoch: u64,
    measured_within: i64,
    pub(crate) found: Vec<String>,
}

impl<'w> Watch<'w> {
    pub(crate) fn new(world: &'w World, lives: Vec<Known>) -> Self {
        Watch {
            world,
            seen: world.estate.fake.calls_since(0).len(),
            sent: vec![Vec::new(); lives.len()],
            did: BTreeSet::new(),
            lives,
            epoch: epoch(world),
            measured_within: MEASURED_WITHIN,
            found: Vec::new(),
        }
    }

    /// Somebody sleeps.
    pub(crate) fn asleep(mut self, asleep: bool) -> Self {
        if asleep {
            self.measured_within = MEASURED_WITHIN_ASLEEP;
        }
        self
    }

    /// After a life was polled: what arrived came from it.
    pub(crate) fn polled(&mut self, life: usize) {
        let new = self.world.estate.fake.calls_since(self.seen);
        self.seen += new.len();
        for call in new {
            self.arrived(life, &call);
            self.sent[life].push(call);
        }
    }

    fn arrived(&mut self, life: usize, call: &Call) {
        let known = self.lives[life].clone();
        if known.lost.contains(&call.region) {
            let seen = format!(
                "{} in {}, which is declared lost",
                call.operation, call.region
            );
            self.found.push(seen);
        }
        if call.operation == "PutObject" && epoch(self.world) != self.epoch {
            let now = epoch(self.world);
            if now < self.epoch {
                self.found
                    .push(format!("epoch {} after {}", now, self.epoch));
            }
            self.epoch = now;
        }
        if !ONE_WAY.contains(&call.operation) {
            return;
        }
        for region in [east(), west()] {
            let holder = lock_holder(self.world, &region);
            if !known.lost.contains(&region) && holder.as_deref() != Some(known.actor.as_str()) {
                self.found.push(format!(
                    "{} of {} arrived while the lock in {region} was held by {holder:?}",
                    call.operation, known.actor
                ));
            }
        }
        self.once(life, call);
        let before = &self.sent[life];
        if call.operation == "PromoteReadReplica" {
            for measured in ["GetMetricStatistics", "DescribeDBInstances"] {
                let newest = before
                    .iter()
                    .rev()
                    .find(|earlier| earlier.operation == measured && earlier.region == call.region);
                let age = newest.map(|newest| call.at.duration_since(newest.at).as_secs());
                if age.is_none_or(|age| age > self.measured_within) {
                    self.found
                        .push(format!("promoted {age:?} s after {measured}"));
                }
            }
        }
    }

    /// What a life has done it does not do again, unless somebody undid it meanwhile.
    fn once(&mut self, life: usize, call: &Call) {
        if call.operation == "InvokeFunction" {
            return;
        }
        let act = (life, call.operation, call.id.clone(), call.region.clone());
        if self.did.contains(&act) {
            self.found
                .push(format!("{} again after its effect", call.operation));
        }
        if call.effect == Effect::Changed {
            let other = |(_, operation, id, region): &(usize, &str, String, Region)| {
                (*operation, id) == (call.operation, &call.id) && *region != call.region
            };
            self.did.retain(|known| !other(known));
            self.did.insert(act);
        }
    }
}

/// The highest epoch in any store.
pub(crate) fn epoch(world: &World) -> u64 {
    let kept = |region: Region| {
        let body = object(world, &region, "moleculeflow/epoch")?;
        let record: serde_json::Value = serde_json::from_slice(&body).ok()?;
        record["epoch"].as_u64()
    };
    [east(), west()]
        .into_iter()
        .filter_map(kept)
        .max()
        .unwrap_or(0)
}

fn object(world: &World, region: &Region, key: &str) -> Option<Vec<u8>> {
    let bucket = format!("moleculeflow-dr-{region}");
    world.estate.fake.object(region, &bucket, key)
}

/// Whose lock stands in a region's store of either plan.
pub(crate) fn lock_holder(world: &World, region: &Region) -> Option<String> {
    let body = object(world, region, "moleculeflow/lock")?;
    let body: serde_json::Value = serde_json::from_slice(&body).ok()?;
    body["actor"].as_str().map(str::to_owned)
}

/// The executions of the plan with their entries, and where two stores contradict each other.
pub(crate) fn journals(world: &World) -> (BTreeMap<String, Vec<Raw>>, Vec<String>) {
    let (mut all, mut found) = (BTreeMap::<String, Vec<Raw>>::new(), Vec::new());
    for region in [west(), east()] {
        for (id, raw) in journals_in(world, &region) {
            let known = all.entry(id.clone()).or_default();
            let pairs = known.iter().zip(&raw);
            if pairs
                .into_iter()
                .any(|(one, other)| one.bytes != other.bytes)
            {
                found.push(format!("the stores tell {id} differently"));
            }
            if raw.len() > known.len() {
                *known = raw;
            }
        }
    }
    (all, found)
}

fn journals_in(world: &World, region: &Region) -> BTreeMap<String, Vec<Raw>> {
    let aws = std::sync::Arc::new(world.estate.fake.clone());
    let around = world.around(aws, &BTreeSet::default());
    let store = around.stores.of(region).expect("a store");
    let read = async {
        let mut found = BTreeMap::new();
        for id in journal::executions(&around.stores, store.as_ref())
            .await
            .expect("a list")
        {
            let raw = journal::read(&around.stores, store.as_ref(), &id).await;
            found.insert(id, raw.expect("a journal"));
        }
        found
    };
    world
        .estate
        .clock
        .drive(read)
        .expect("it waits for nothing")
}

/// The newest execution that leads to a region.
pub(crate) fn newest(world: &World, target: &Region) -> Option<String> {
    let leads = |raw: &[Raw]| {
        let first: Entry = serde_json::from_slice(&raw.first()?.bytes).ok()?;
        Some(first.note.declaration?.target == target.as_str())
    };
    let (journals, _) = journals(world);
    let mut leading = journals
        .into_iter()
        .filter(|(_, raw)| leads(raw) == Some(true));
    leading.next_back().map(|(id, _)| id)
}

/// What does not hold in what was left; `consented` says whether anybody accepted a risk.
pub(crate) fn left(world: &World, consented: bool) -> Vec<String> {
    let mut found = twice(world);
    let promoted = world.estate.fake.effects("PromoteReadReplica") > 0;
    if world.had_to_refuse() && promoted {
        found.push("promoted although the gate has to refuse".to_owned());
    }
    let (journals, contradictions) = journals(world);
    found.extend(contradictions);
    for (id, raw) in journals {
        let problems = journal::verify(&id, &raw, &[], &[]).problems;
        found.extend(
            problems
                .iter()
                .map(|problem| format!("journal {id}: {problem}")),
        );
        let entries = raw.iter().map(|raw| serde_json::from_slice(&raw.bytes));
        let entries: Vec<Entry> = entries.collect::<Result<_, _>>().unwrap_or_default();
        check_order(world, &entries, &mut found);
        check_gates(&entries, consented, &mut found);
    }
    found
}

/// One-way acts that took effect twice without being undone in between.
fn twice(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    let mut last: BTreeMap<(&str, String), Region> = BTreeMap::new();
    for call in world.estate.fake.calls_since(0) {
        let once = ONE_WAY.contains(&call.operation) && call.operation != "InvokeFunction";
        if !once || call.effect != Effect::Changed {
            continue;
        }
        let act = (call.operation, call.id.clone());
        if last.insert(act, call.region.clone()).as_ref() == Some(&call.region) {
            found.push(format!(
                "{} of {} in {} took effect twice",
                call.operation, call.id, call.region
            ));
        }
    }
    found
}

/// No act of a step before what it comes after has ended in the same run.
fn check_order(world: &World, entries: &[Entry], found: &mut Vec<String>) {
    for (place, entry) in entries.iter().enumerate() {
        let (Phase::Performing, Some(step)) = (entry.note.phase, &entry.note.step) else {
            continue;
        };
        for other in comes_after(world, step) {
            let ended = entries[..place].iter().any(|earlier| {
                let phase = earlier.note.phase;
                let over = phase == Phase::Skipped
                    || earlier.run == entry.run
                        && (phase.ends_step() && phase != Phase::Interrupted);
                earlier.note.step.as_deref() == Some(other.as_str()) && over
            });
            if !ended {
                found.push(format!("{step} acted before {other} was over"));
            }
        }
    }
}

/// The steps of a failover that have to be over before this one.
fn comes_after(world: &World, step: &str) -> Vec<String> {
    let after = world
        .estate
        .document
        .step(step)
        .map(|step| step.after.clone());
    let named = after.unwrap_or_default().into_iter();
    named
        .flat_map(|name| {
            let runs = |name: &String| {
                let step = world.estate.document.step(name);
                step.is_some_and(|step| step.runs_in(Mode::Failover))
            };
            if runs(&name) {
                vec![name]
            } else {
                comes_after(world, &name)
            }
        })
        .collect()
}

/// Every one-way act of a kind with gates has them in the journal, open.
fn check_gates(entries: &[Entry], consented: bool, found: &mut Vec<String>) {
    for entry in entries
        .iter()
        .filter(|it| it.note.phase == Phase::Performing)
    {
        let operation = entry.note.operation.as_deref().unwrap_or_default();
        let verdicts = entry.note.gates.iter().map(|gate| gate.verdict.as_str());
        for verdict in verdicts {
            if verdict == "refused" || verdict == "consented" && !consented {
                found.push(format!("{operation} behind a gate that is {verdict}"));
            }
        }
        let promotes = operation.starts_with("PromoteReadReplica");
        if promotes && entry.note.gates.len() < 4 {
            let gates: Vec<_> = entry.note.gates.iter().map(|gate| &gate.gate).collect();
            found.push(format!("{operation} behind {gates:?} alone"));
        }
    }
}

/// What an execution says of itself that is not so.
pub(crate) fn claims(world: &World, target: &Region, execution: &Execution) -> Vec<String> {
    let mut found = Vec::new();
    let fake = &world.estate.fake;
    for (name, step) in &execution.steps {
        if step.state != StepState::Done {
            continue;
        }
        let kind = world
            .estate
            .document
            .step(name)
            .map(|step| step.kind.name());
        let holds = match kind {
            Some("rds_promote_replica") if *target == west() => fake
                .truth(&west(), "moleculeflow-replica")
                .is_some_and(|it| it.source.is_none() && it.backup_retention_days == 30),
            Some("application_target" | "route53_health_check_switch") | None => true,
            Some(name) => KINDS.iter().any(|kind| kind.name() == name),
        };
        if !holds {
            found.push(format!("{name} is said to be done, and is not"));
        }
    }
    if matches!(execution.end, End::Done | End::DoneUnfenced) {
        let open = |(_, step): &&(String, recovery::engine::StepResult)| {
            !matches!(step.state, StepState::Done | StepState::Skipped)
        };
        let open = execution.steps.iter().filter(open);
        let open = open.filter(|(name, _)| !execution.tolerated.contains(name));
        found.extend(open.map(|(name, step)| format!("done with {name} {:?}", step.state)));
        if execution.epoch.is_none() || epoch(world) < execution.epoch.unwrap_or(u64::MAX) {
            found.push(format!(
                "done with epoch {:?}, stores say {}",
                execution.epoch,
                epoch(world)
            ));
        }
    }
    found
}
