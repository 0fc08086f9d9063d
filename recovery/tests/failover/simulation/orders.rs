//! Orders of people at any moment of an execution: obeyed once, written down, and heeded.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aws::clock::Clock as _;
use aws::fake::Effect;
use aws::faults::Faulty;
use jiff::Timestamp;
use recovery::command::{self, Command, Order};
use recovery::engine::{Execution, Refusal};
use recovery::journal::{Entry, Phase};
use recovery::schedule::StepState;

use super::invariants::{Known, Watch, claims, journals, left};
use super::rivals::{Operator, operate, under_way};
use super::runs::all_worlds;
use super::shapes::{self, ASKING, SHAPES};
use super::tally::Tally;
use super::world::{Fate, Scenario, World};
use crate::estate::{east, west};
use crate::life::{Life, live};

/// An order given at this moment must have been heard by then: two looks, and a store that is tried again.
const HEARD_WITHIN: i64 = 90;

/// What is under way when an order is obeyed is finished within this: the call, and its answer written down.
const FINISHED_WITHIN: i64 = 25;

/// A person gave it.
struct Given {
    command: Command,
    at: Timestamp,
}

type Said = (Vec<Result<Execution, Refusal>>, Vec<Given>);

fn scenario(seed: u64) -> Scenario {
    let mut scenario = Scenario::draw(seed);
    let mut random = fastrand::Rng::with_seed(seed ^ 0xE7E);
    let alone: Vec<&str> = SHAPES
        .iter()
        .filter(|it| !it.contains("billing"))
        .copied()
        .collect();
    scenario.shape = if random.u8(0..4) == 0 {
        random.choice(ASKING).expect("some")
    } else {
        random.choice(alone).expect("some")
    };
    if !matches!(scenario.fate, Fate::Lost) {
        scenario.fate = Fate::Healthy;
    }
    scenario
}

/// Somebody who orders this and that, from a machine that reaches everything.
async fn people(world: &World, seed: u64) -> Vec<Given> {
    let mut random = fastrand::Rng::with_seed(seed ^ 0x9E0);
    let way: Faulty = world.calm_way();
    let around = world.around(Arc::new(way), &BTreeSet::new());
    let clock = &world.estate.clock;
    let mut given = Vec::new();
    let mut plans: Vec<(u64, Order)> = Vec::new();
    for _ in 0..random.usize(1..5) {
        let at = random.u64(0..500);
        let step = random
            .choice(shapes::names(world.scenario.shape))
            .expect("steps");
        match random.u8(0..9) {
            0..=2 => {
                plans.push((at, Order::Pause));
                plans.push((at + random.u64(1..200), Order::Resume));
            }
            3 | 4 => plans.push((at, Order::Retry { step })),
            5 | 6 => plans.push((at, Order::Skip { step })),
            7 => plans.push((at, Order::Abort)),
            _ => plans.push((at, Order::Resume)),
        }
    }
    plans.sort_by_key(|(at, _)| *at);
    // Whoever paused lets it go on, whatever else was said.
    plans.push((900, Order::Resume));
    let start = clock.monotonic();
    let mut answers = 0;
    for (at, order) in plans {
        let until = start + Duration::from_secs(at);
        while clock.monotonic() < until {
            let left = until.saturating_sub(clock.monotonic());
            clock.sleep(left.min(Duration::from_secs(20))).await;
            if let Some(order) = answer(world, answers, &mut random) {
                answers += 1;
                given.extend(give(world, &around, order, &mut random).await);
            }
        }
        given.extend(give(world, &around, order, &mut random).await);
    }
    given
}

/// The answer to a question that was asked; a wrong one first.
fn answer(world: &World, answers: usize, random: &mut fastrand::Rng) -> Option<Order> {
    let published = world.estate.fake.published();
    let text = &published
        .iter()
        .rev()
        .find(|it| it.text.contains("--token"))?
        .text;
    let token = text.split("--token ").nth(1)?.split_whitespace().next()?;
    let step = "approval".to_owned();
    match answers {
        0 => Some(Order::Approve {
            step,
            token: "of somebody else".to_owned(),
        }),
        1 if random.u8(0..5) == 0 => Some(Order::Decline {
            step,
            token: token.to_owned(),
        }),
        1 => Some(Order::Approve {
            step,
            token: token.to_owned(),
        }),
        _ => None,
    }
}

async fn give(
    world: &World,
    around: &recovery::engine::Surroundings,
    order: Order,
    random: &mut fastrand::Rng,
) -> Option<Given> {
    let id = under_way(around, &west()).await?;
    let at = world.estate.clock.now();
    let reason = Some("it was decided so".to_owned());
    let command = Command::new(&id, "eve", order, reason, at, random).expect("it has a reason");
    let stale = command::issue(&around.stores, &command).await;
    assert_eq!(stale, Ok(Vec::new()), "every store answers");
    Some(Given { command, at })
}

/// What does not hold of the orders that were given.
fn judge(world: &World, given: &[Given]) -> Vec<String> {
    let mut found = Vec::new();
    for (id, raw) in journals(world).0 {
        let entries = raw.iter().map(|raw| serde_json::from_slice(&raw.bytes));
        let entries: Vec<Entry> = entries.collect::<Result<_, _>>().unwrap_or_default();
        let given = given.iter().filter(|it| it.command.execution == id);
        found.extend(obeyed_once(&entries, given));
        found.extend(quiet_while_paused(world, &entries));
        found.extend(nothing_after_an_end(&entries));
    }
    found
}

fn obeyed_once<'a>(entries: &[Entry], given: impl Iterator<Item = &'a Given>) -> Vec<String> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let notes = entries
        .iter()
        .filter_map(|entry| entry.note.command.as_ref());
    for note in notes {
        *times.entry(&note.id).or_default() += 1;
    }
    let last = entries
        .iter()
        .rev()
        .find(|entry| entry.note.phase == Phase::Ended);
    let ended = last.and_then(|entry| entry.time);
    let mut found = Vec::new();
    for Given { command, at } in given {
        let times = times.get(command.id.as_str()).copied().unwrap_or_default();
        let answer = matches!(command.order, Order::Approve { .. } | Order::Decline { .. });
        let due = ended.is_some_and(|ended| ended.duration_since(*at).as_secs() > HEARD_WITHIN);
        if times > 1 || (times == 0 && due && !answer) {
            found.push(format!(
                "{} given at {at} was obeyed {times} times",
                command.order
            ));
        }
    }
    let named = entries.iter().filter(|it| it.note.command.is_some());
    let nameless = named.filter(|it| it.note.actor.as_deref() != Some("eve"));
    found.extend(nameless.map(|it| format!("an order of nobody: {:?}", it.note)));
    found
}

/// Nothing is begun between a pause and its end.
fn quiet_while_paused(world: &World, entries: &[Entry]) -> Vec<String> {
    let mut found = Vec::new();
    let mut since: Option<Timestamp> = None;
    for entry in entries {
        match (entry.note.phase, since) {
            (Phase::Paused, None) => since = entry.time,
            (Phase::Unpaused, Some(from)) => {
                let to = entry.time.unwrap_or(from);
                found.extend(begun_between(world, from, to));
                since = None;
            }
            _ => {}
        }
    }
    found
}

fn begun_between(world: &World, from: Timestamp, to: Timestamp) -> Vec<String> {
    let calls = world.estate.fake.calls_since(0).into_iter();
    let begun = calls.filter(|call| {
        call.effect == Effect::Changed
            && !matches!(call.operation, "PutObject" | "DeleteObject")
            && call.at.duration_since(from).as_secs() > FINISHED_WITHIN
            // The journal's time is a store's, a little late.
            && to.duration_since(call.at).as_secs() > 5
    });
    begun
        .map(|call| {
            format!(
                "{} at {}, paused from {from} to {to}",
                call.operation, call.at
            )
        })
        .collect()
}

/// After an order to end it no run begins an act.
fn nothing_after_an_end(entries: &[Entry]) -> Vec<String> {
    let is_abort = |entry: &&Entry| {
        let order = entry.note.command.as_ref().map(|it| it.order.as_str());
        entry.note.phase == Phase::Obeyed && order == Some("abort")
    };
    let Some(abort) = entries.iter().find(is_abort) else {
        return Vec::new();
    };
    let late = |entry: &&Entry| {
        let (Some(at), Some(from)) = (entry.time, abort.time) else {
            return false;
        };
        entry.run == abort.run
            && entry.note.phase == Phase::Performing
            && at.duration_since(from).as_secs() > FINISHED_WITHIN
    };
    let late = entries.iter().filter(late);
    late.map(|entry| {
        format!(
            "{:?} at {:?} after it was ended",
            entry.note.operation, entry.time
        )
    })
    .collect()
}

/// What an execution says of steps that people decided about.
fn as_decided(world: &World, execution: &Execution) -> Vec<String> {
    let (journals, _) = journals(world);
    let entries = journals.get(&execution.id).into_iter().flatten();
    let entries: Vec<Entry> = entries
        .filter_map(|raw| serde_json::from_slice(&raw.bytes).ok())
        .collect();
    let mut found = Vec::new();
    for (name, step) in &execution.steps {
        let decided = entries.iter().any(|it| {
            it.note.phase == Phase::Skipped
                && it.note.command.is_some()
                && it.note.step.as_deref() == Some(name)
        });
        let skipped = step.state == StepState::Skipped;
        let open = !matches!(step.state, StepState::Skipped | StepState::Done);
        if decided && open || skipped && !decided {
            found.push(format!("{name} is {:?}, decided {decided}", step.state));
        }
    }
    found
}

/// The first words of the orders that journals tell of, answers to questions among them.
fn obeyed(world: &World) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for raw in journals(world).0.values().flatten() {
        let entry: Entry = serde_json::from_slice(&raw.bytes).expect("an entry");
        let order = entry.note.command.as_ref();
        words.extend(order.and_then(|it| Some(it.order.split(' ').next()?.to_owned())));
        let seen = entry.note.observed.as_ref();
        if seen.is_some_and(|seen| seen.line.starts_with("approved by eve")) {
            words.insert("approve".to_owned());
        }
    }
    words
}

/// One life says the one, the other life the other.
fn said<'a>(
    ends: impl Future<Output = Vec<Result<Execution, Refusal>>> + 'a,
    given: impl Future<Output = Vec<Given>> + 'a,
) -> Pin<Box<dyn Future<Output = Said> + 'a>> {
    Box::pin(async { (ends.await, given.await) })
}

/// Plays a world; the words of the orders that were obeyed in it.
pub(crate) fn of_seed(seed: u64) -> Result<BTreeSet<String>, String> {
    let world = World::new(scenario(seed));
    let world = &world;
    let lost = world.scenario.fate == Fate::Lost;
    let way = world.way(1);
    if lost {
        way.lose(&east());
    }
    let sent = way.clone();
    let ada = Operator {
        actor: "ada",
        target: west(),
        lost: lost.then(east),
        skew: world.scenario.skew,
        starts: Duration::ZERO,
        way,
        random: fastrand::Rng::with_seed(seed),
    };
    let mut lives = [
        Life::new(said(operate(world, ada), async { Vec::new() })),
        Life::new(said(async { Vec::new() }, people(world, seed))),
    ];
    let known = |actor: &str, lost: bool| Known {
        actor: actor.to_owned(),
        lost: lost.then(east).into_iter().collect(),
    };
    let mut watch = Watch::new(world, vec![known("ada", lost), known("eve", false)]);
    live(&world.estate.clock, &mut lives, |life, _| {
        watch.polled(life);
    });
    Tally::shape(world.scenario.shape);
    Tally::run(false);
    Tally::way(&sent);
    let mut found = watch.found;
    let [ada, eve] = lives;
    let (ends, _): Said = ada.output.expect("nobody is killed");
    let (_, given): Said = eve.output.expect("nobody is killed");
    for execution in ends.iter().flatten() {
        found.extend(claims(world, &west(), execution));
        found.extend(as_decided(world, execution));
    }
    found.extend(left(world, true));
    found.extend(judge(world, &given));
    if found.is_empty() {
        return Ok(obeyed(world));
    }
    let orders = given
        .iter()
        .map(|it| format!("{}: {}", it.at, it.command.order));
    let orders: Vec<_> = orders.collect();
    let ends: Vec<_> = ends.iter().map(super::rivals::in_words).collect();
    Err(format!(
        "{found:#?}\n{orders:#?}\n{ends:#?}\nreplay with RECOVERY_SEED={seed}\n{:?}",
        world.scenario
    ))
}

#[test]
fn orders_of_people_at_any_moment_are_obeyed_once_and_written_down() {
    let mut words = BTreeSet::new();
    let all = all_worlds("orders of people", 0..60, |seed| {
        words.extend(of_seed(seed)?);
        Ok(())
    });
    if all {
        let known = ["abort", "approve", "pause", "resume", "retry", "skip"];
        assert_eq!(
            words,
            known.map(str::to_owned).into(),
            "no order of a kind was obeyed"
        );
    }
}
