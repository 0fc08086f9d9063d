//! One operator: seeded worlds, killed and run again until the world is where it should be.

use std::ops::Range;
use std::sync::Arc;

use aws::faults::Faulty;
use recovery::engine::{End, Event, Execution, Order, Refusal, execute};
use recovery::gate::{Gate, GateResult};
use recovery::outcome::Outcome;
use tokio_util::sync::CancellationToken;

use super::invariants::{Known, Watch, claims, left, newest};
use super::shapes::{ASKING, SHAPES};
use super::tally::Tally;
use super::world::{Fate, Scenario, World};
use crate::estate::{east, west};
use crate::life::{Life, live};

/// A number that was asked for in the environment.
fn asked(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Plays every world of a range, the one to replay, or as many as asked for. True when it was all of them. Prints the
/// first problems, and fails when there are any.
pub(crate) fn all_worlds(
    what: &str,
    usual: Range<u64>,
    mut play: impl FnMut(u64) -> Result<(), String>,
) -> bool {
    let (one, many) = (asked("RECOVERY_SEED"), asked("RECOVERY_SEEDS"));
    let seeds = match (one, many) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(count)) => 0..count,
        (None, None) => usual,
    };
    let (count, mut wrong) = (seeds.end - seeds.start, Vec::new());
    let started = std::time::Instant::now();
    for seed in seeds {
        if let Err(problem) = play(seed) {
            if wrong.is_empty() {
                println!("{what}, seed {seed}: {problem}");
            }
            wrong.push(seed);
        }
        if many.is_some() && (seed + 1).is_multiple_of(1000) {
            let seconds = started.elapsed().as_secs();
            println!(
                "{what}: {} worlds, {} wrong, {seconds} s",
                seed + 1,
                wrong.len()
            );
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{what}: {count} worlds, {} wrong, {seconds:.1} s; {}",
        wrong.len(),
        Tally::text()
    );
    assert!(
        wrong.is_empty(),
        "{what}: replay with RECOVERY_SEED={}; all that went wrong: {wrong:?}",
        wrong[0]
    );
    one.is_none()
}

/// What became of a run.
pub(crate) struct Ran {
    /// `None` when it was killed.
    pub(crate) end: Option<Result<Execution, Refusal>>,
    pub(crate) polls: usize,
    pub(crate) found: Vec<String>,
}

/// One run of the world's operator.
pub(crate) fn one_run(
    world: &World,
    way: &Faulty,
    order: &Order,
    kill: Option<usize>,
    mut moment: impl FnMut(usize),
) -> Ran {
    let around = world.around_at(world.scenario.skew, Arc::new(way.clone()), &order.lost);
    let cancel = CancellationToken::new();
    let sink = |_: Event| {};
    let work = execute(&around, order, &cancel, &sink);
    let mut lives = [Life::new(work).killed_at(kill)];
    let known = Known {
        actor: order.actor.clone(),
        lost: order.lost.iter().cloned().collect(),
    };
    let mut watch = Watch::new(world, vec![known]);
    live(&world.estate.clock, &mut lives, |life, poll| {
        watch.polled(life);
        moment(poll);
    });
    let mut found = watch.found;
    let [mut life] = lives;
    let end = life.output.take();
    Tally::run(end.is_none());
    if let Some(Ok(execution)) = &end {
        found.extend(claims(world, &order.target, execution));
    }
    Ran {
        end,
        polls: life.polls,
        found,
    }
}

/// How a story ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came {
    There,
    Refused,
}

/// Runs until the plan is where it should be or refuses for a true reason; killed at these polls first.
fn tell(scenario: Scenario, kills: &[usize]) -> Result<usize, String> {
    let seed = scenario.seed;
    let mut random = fastrand::Rng::with_seed(seed ^ 0xABCD);
    let world = World::new(scenario);
    let way = world.way(1);
    let (fate, at) = (world.scenario.fate, world.scenario.moment);
    if matches!(fate, Fate::Lost | Fate::ComesBack) {
        way.lose(&east());
    }
    Tally::shape(world.scenario.shape);
    let mut declared = matches!(fate, Fate::Lost | Fate::ComesBack);
    let mut polls = 0;
    let mut story = Vec::new();
    for run in 0..kills.len() + 12 {
        let mut order = world.order("ada", declared);
        // Half of the operators begin anew after a death; both ways have to lead there.
        order.resume = newest(&world, &west()).filter(|_| random.bool() || run > kills.len());
        let kill = kills.get(run).copied();
        let first = run == 0;
        let ran = one_run(&world, &way, &order, kill, |poll| {
            if first && poll == at {
                match fate {
                    Fate::Vanishes => way.lose(&east()),
                    Fate::ComesBack => way.give_back(&east()),
                    _ => {}
                }
            }
        });
        polls = polls.max(ran.polls);
        let words = match &ran.end {
            None => format!("killed at {}", ran.polls),
            Some(Ok(execution)) => format!("{} {:?}", execution.end.name(), execution.message),
            Some(Err(refusal)) => format!("{refusal:?}"),
        };
        story.push(format!("resume {}: {words}", order.resume.is_some()));
        let mut found = ran.found;
        found.extend(left(&world, world.needs_consent(declared)));
        let fail = |what: &str| {
            Err(format!(
                "{what}\n{story:#?}\nreplay with RECOVERY_SEED={seed}, kills {kills:?}\n{:?}",
                world.scenario
            ))
        };
        if !found.is_empty() {
            return fail(&format!("{found:#?}"));
        }
        let undeclared = fate == Fate::Vanishes && !declared && way_lost(&way);
        match judge(&world, ran.end.as_ref()) {
            // Who knows more declares it.
            Ok(Some(Came::Refused)) if undeclared => {}
            Ok(Some(_)) => {
                Tally::way(&way);
                return Ok(polls);
            }
            Ok(None) => {}
            Err(what) => return fail(&what),
        }
        // Whoever saw it end declares what he knows.
        declared |= undeclared && ran.end.is_some();
    }
    Err(format!(
        "it never got there\n{story:#?}\nreplay with RECOVERY_SEED={seed}, kills {kills:?}\n{:?}",
        world.scenario
    ))
}

fn way_lost(way: &Faulty) -> bool {
    let attempts = way.attempts();
    attempts
        .iter()
        .any(|attempt| attempt.fault == Some(aws::faults::Fault::RegionLost))
}

/// Whether this end is a right one; `None` to run again.
pub(crate) fn judge(
    world: &World,
    end: Option<&Result<Execution, Refusal>>,
) -> Result<Option<Came>, String> {
    match end {
        None | Some(Err(Refusal::NoAnswer(_))) => Ok(None),
        Some(Err(Refusal::Locked(message))) => Err(format!("locked out by the dead: {message}")),
        Some(Err(Refusal::Unfit(message))) => {
            // The world is there; only the epoch may be missing, and the next run resumes.
            let active = message.seen.contains("is active already");
            if active {
                Ok(None)
            } else {
                Err(message.to_string())
            }
        }
        Some(Ok(execution)) => match execution.end {
            End::Done | End::DoneUnfenced if world.had_to_refuse() => {
                Err("done although it has to be refused".to_owned())
            }
            End::Done | End::DoneUnfenced => Ok(Some(Came::There)),
            End::Refused => {
                let refused = execution
                    .steps
                    .iter()
                    .filter_map(|(_, step)| match &step.outcome {
                        Some(Outcome::Refused { gate }) => Some(gate),
                        _ => None,
                    });
                let gates: Vec<_> = refused.collect();
                let vanishes = world.scenario.fate == Fate::Vanishes;
                let right = |it: &GateResult| match it.gate {
                    Gate::DataAtRisk => {
                        let silent = it.message.seen.contains("cannot be connected to");
                        world.scenario.must_refuse() || vanishes && silent
                    }
                    Gate::Fenced => vanishes,
                    _ => false,
                };
                if gates.iter().all(|it| right(it)) {
                    Ok(Some(Came::Refused))
                } else {
                    Err(format!("refused for no reason: {gates:#?}"))
                }
            }
            End::Failed if world.scenario.fate == Fate::Vanishes => Ok(None),
            End::Interrupted => Ok(None),
            end => Err(format!("ended {end:?}: {:?}", execution.message)),
        },
    }
}

fn all_right(scenario: Scenario, kills: &[usize]) -> usize {
    tell(scenario, kills).unwrap_or_else(|problem| panic!("{problem}"))
}

/// The world of a seed, with deaths.
pub(crate) fn of_seed(seed: u64) -> Result<(), String> {
    let mut random = fastrand::Rng::with_seed(seed ^ 0x51ED);
    let kills: Vec<usize> = (0..random.usize(0..4))
        .map(|_| random.usize(0..500))
        .collect();
    tell(Scenario::draw(seed), &kills).map(|_| ())
}

#[test]
fn every_shape_gets_there_in_peace() {
    for shape in SHAPES {
        for fate in [Fate::Healthy, Fate::Lost] {
            let mut scenario = Scenario::calm(7, shape);
            scenario.fate = fate;
            all_right(scenario, &[]);
        }
    }
}

#[test]
fn whatever_befalls_it_a_plan_gets_there_or_refuses_for_a_true_reason() {
    all_worlds("one operator", 0..120, of_seed);
}

/// One await of every plan, or each one where many worlds are asked for.
#[test]
fn killed_at_any_await_the_next_run_gets_there() {
    let each = asked("RECOVERY_SEEDS").is_some();
    let mut kills = 0;
    for (place, shape) in SHAPES.iter().enumerate() {
        let mut scenario = Scenario::calm(9000 + place as u64, shape);
        scenario.percent = 4;
        let awaits = if each {
            0..all_right(scenario.clone(), &[])
        } else {
            let one = 40 + 23 * place;
            one..one + 1
        };
        for kill in awaits {
            all_right(scenario.clone(), &[kill]);
            kills += 1;
        }
    }
    println!("a kill at each of {kills} awaits of {} plans", SHAPES.len());
    assert!(kills >= SHAPES.len());
}

#[test]
fn there_are_twenty_shapes_of_plans_and_more() {
    let shapes: std::collections::BTreeSet<_> = SHAPES.iter().chain(ASKING).collect();
    assert!(shapes.len() >= 20, "{}", shapes.len());
}
