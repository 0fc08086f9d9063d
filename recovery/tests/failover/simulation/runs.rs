//! One operator: seeded worlds, killed and run again until the world is where it should be.

use std::ops::Range;
use std::sync::Arc;

use aws::faults::Faulty;
use recovery::engine::{End, Event, Execution, Order, Refusal, execute};
use recovery::gate::Gate;
use recovery::outcome::Outcome;
use tokio_util::sync::CancellationToken;

use super::invariants::{Known, Watch, claims, left, newest};
use super::shapes::SHAPES;
use super::world::{Fate, Scenario, World};
use crate::estate::{east, west};
use crate::life::{Life, live};

/// The seeds of a test, the one to replay, or as many as asked for.
pub(crate) fn seeds(range: Range<u64>) -> Range<u64> {
    let number = |name: &str| -> Option<u64> {
        let text = std::env::var(name).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        )
    };
    match (number("RECOVERY_SEED"), number("RECOVERY_SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(count)) => range.start..range.start + count,
        (None, None) => range,
    }
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
            Ok(Some(_)) => return Ok(polls),
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
            End::Done | End::DoneUnfenced if world.scenario.must_refuse() => {
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
                let right = |gate: Gate| match gate {
                    Gate::DataAtRisk => world.scenario.must_refuse(),
                    Gate::Fenced => world.scenario.fate == Fate::Vanishes,
                    _ => false,
                };
                if gates.iter().all(|it| right(it.gate)) {
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
    for seed in seeds(0..150) {
        let mut random = fastrand::Rng::with_seed(seed ^ 0x51ED);
        let kills: Vec<usize> = (0..random.usize(0..4))
            .map(|_| random.usize(0..500))
            .collect();
        all_right(Scenario::draw(seed), &kills);
    }
}
