//! Simulation of a promotion: seeded worlds with faults, kills at every await point, and mutants that must be caught.
//!
//! `RECOVERY_SEED=17 cargo test -p recovery --test simulation` replays one seed, `RECOVERY_SEEDS=5000` runs so many in
//! each test.

mod clock;
mod invariants;
mod looks;
mod mutants;
mod scenario;
mod shapes;
mod world;

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws::rds::InstanceId;
use aws::{ErrorKind, Region};
use recovery::gate::Gate;
use recovery::outcome::{Outcome, Report};
use recovery::progress::NoProgress;
use recovery::runner::{Context, Pace, run};
use recovery::step::Step;
use recovery::steps::rds_promote_replica::{Act, PromoteReplica, Request, Seen};
use tokio_util::sync::CancellationToken;

use crate::clock::drive;
use crate::invariants::violations;
use crate::mutants::{Mistake, Mutant};
use crate::scenario::Scenario;
use crate::world::{Event, World};

/// The seeds of a test, the one to replay, or as many as asked for.
fn seeds(range: Range<u64>) -> Range<u64> {
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

fn step(world: &World) -> PromoteReplica {
    PromoteReplica::new(
        Arc::new(world.clone()),
        Arc::new(world.clock.clone()),
        request(world),
    )
}

fn request(world: &World) -> Request {
    let mut request = Request::new(
        Region::new("us-west-2").expect("a region"),
        InstanceId::new("orders-replica").expect("an identifier"),
        world.scenario.bound,
    );
    request.source = Some(shapes::SOURCE.to_owned());
    request.settings = world.scenario.settings.clone();
    request
}

/// One run, killed before poll `kill` and asked to stop before poll `cancel`; with the number of polls it took.
fn one_run<S: Step<Seen = Seen, Act = Act>>(
    world: &World,
    step: &S,
    kill: Option<usize>,
    cancel: Option<usize>,
) -> (Option<Report<Seen, Act>>, usize) {
    let token = CancellationToken::new();
    let context = Context {
        clock: &world.clock,
        cancel: &token,
        progress: &NoProgress,
        witness: &recovery::witness::NoWitness,
        timeout: Duration::from_hours(3),
        pace: Pace {
            call_timeout: Duration::from_secs(20),
            // Longer than all faults together: no fault may turn a known lag into an unknown one.
            measure_patience: Duration::from_hours(1),
            seed: Some(world.scenario.seed),
            ..Pace::default()
        },
    };
    world.note(Event::RunStarts);
    drive(&world.clock, run(step, &context), kill, |poll| {
        if cancel == Some(poll) {
            token.cancel();
            world.note(Event::Cancelled);
        }
    })
}

fn assert_holds(world: &World, outcome: Option<&Outcome>, story: &str) {
    let found = violations(world, outcome);
    assert!(
        found.is_empty(),
        "{story}: {found:?}\noutcome {outcome:?}\n{:#?}\nreplay with RECOVERY_SEED={}\n{:?}",
        world.log(),
        world.scenario.seed,
        world.scenario,
    );
}

/// The end that the scenario has to come to.
fn assert_end(world: &World, report: Option<Report<Seen, Act>>, story: &str) {
    let outcome = report.expect("not killed").outcome;
    assert_holds(world, Some(&outcome), story);
    let right = match &outcome {
        Outcome::Refused { gate } => world.scenario.must_refuse() && gate.gate == Gate::DataAtRisk,
        Outcome::Done | Outcome::AlreadyDone => !world.scenario.must_refuse(),
        _ => false,
    };
    assert!(
        right,
        "{story}: {outcome:?}\nreplay with RECOVERY_SEED={}\n{:#?}\n{:?}",
        world.scenario.seed,
        world.log(),
        world.scenario
    );
}

#[test]
fn c32_under_any_faults_and_stale_reads_a_promotion_is_done_once_or_refused_and_never_done_early() {
    for seed in seeds(0..600) {
        let world = World::new(Scenario::draw(seed));
        let (report, _) = one_run(&world, &step(&world), None, None);
        assert_end(&world, report, "uninterrupted");
    }
}

#[test]
fn killed_at_any_await_point_the_next_run_finishes_what_was_begun() {
    for seed in seeds(0..40) {
        let scenario = Scenario::draw(seed);
        let whole = World::new(scenario.clone());
        let (_, polls) = one_run(&whole, &step(&whole), None, None);
        for kill in 0..polls {
            let world = World::new(scenario.clone());
            one_run(&world, &step(&world), Some(kill), None);
            assert_holds(&world, None, &format!("killed at poll {kill}"));
            let (report, _) = one_run(&world, &step(&world), None, None);
            assert_end(
                &world,
                report,
                &format!("run again after a kill at poll {kill}"),
            );
        }
    }
}

#[test]
fn killed_again_and_again_it_still_gets_there() {
    for seed in seeds(1000..1300) {
        let world = World::new(Scenario::draw(seed));
        let mut random = fastrand::Rng::with_seed(seed);
        for _ in 0..random.usize(1..6) {
            one_run(&world, &step(&world), Some(random.usize(0..60)), None);
        }
        let (report, _) = one_run(&world, &step(&world), None, None);
        assert_end(&world, report, "run after several kills");
    }
}

#[test]
fn asked_to_stop_at_any_moment_it_starts_no_act_and_the_next_run_goes_on() {
    for seed in seeds(2000..2040) {
        let scenario = Scenario::draw(seed);
        let whole = World::new(scenario.clone());
        let (_, polls) = one_run(&whole, &step(&whole), None, None);
        for cancel in (0..polls).step_by(3) {
            let world = World::new(scenario.clone());
            let (report, _) = one_run(&world, &step(&world), None, Some(cancel));
            let outcome = report.expect("not killed").outcome;
            assert_holds(
                &world,
                Some(&outcome),
                &format!("asked to stop at poll {cancel}"),
            );
            let orderly = match &outcome {
                Outcome::Interrupted(message) => message.next.contains("run it again"),
                // It may have been over with the call in flight.
                Outcome::Done | Outcome::AlreadyDone => true,
                Outcome::Refused { .. } => scenario.must_refuse(),
                _ => false,
            };
            assert!(orderly, "seed {seed}, poll {cancel}: {outcome:?}");
            let (report, _) = one_run(&world, &step(&world), None, None);
            assert_end(
                &world,
                report,
                &format!("run again after a stop at poll {cancel}"),
            );
        }
    }
}

/// The log of a world whose run was not disturbed, reduced to what happened to its promotions.
fn promotions(seed: u64) -> Vec<Event> {
    let world = World::new(Scenario::draw(seed));
    one_run(&world, &step(&world), None, None);
    let about = |event: &Event| match event {
        Event::Call(operation, _) | Event::Effect(operation) | Event::Answer(operation, _) => {
            *operation == "promote"
        }
        _ => false,
    };
    world.log().into_iter().filter(about).collect()
}

#[test]
fn the_worlds_contain_every_fate_of_a_promotion_that_the_engine_must_survive() {
    let fates: Vec<Vec<Event>> = (0..600).map(promotions).collect();
    let effect = Event::Effect("promote");
    let answered = |kind| Event::Answer("promote", Err(kind));
    let count =
        |holds: &dyn Fn(&Vec<Event>) -> bool| fates.iter().filter(|fate| holds(fate)).count();
    for kind in [ErrorKind::Unavailable, ErrorKind::Timeout] {
        let after = count(&|fate| {
            fate.windows(2)
                .any(|pair| pair == [effect.clone(), answered(kind)])
        });
        assert!(after > 5, "{kind:?} after the effect: {after} worlds");
        let before = count(&|fate| {
            fate.windows(2)
                .any(|pair| matches!(pair[0], Event::Call(..)) && pair[1] == answered(kind))
        });
        assert!(before > 5, "{kind:?} before the effect: {before} worlds");
    }
    assert!(count(&|fate| fate.contains(&answered(ErrorKind::Throttled))) > 5);
    // Silence: no answer at all, with and without an effect.
    assert!(count(&|fate| fate.last() == Some(&effect)) > 5);
    assert!(
        count(&|fate| fate
            .windows(2)
            .any(|pair| matches!(pair, [Event::Call(..), Event::Call(..)])))
            > 5
    );
}

#[test]
fn an_engine_with_a_mistake_is_caught() {
    for mistake in [
        Mistake::SkipsGates,
        Mistake::TrustsOldNumbers,
        Mistake::TrustsAvailable,
        Mistake::TrustsMissingSource,
        Mistake::PromotesAgain,
        Mistake::ForgetsAcceptance,
    ] {
        let caught = (0..600).find(|seed| {
            let world = World::new(Scenario::draw(*seed));
            let mutant = Mutant {
                step: step(&world),
                mistake,
                first: Mutex::new(None),
            };
            let (report, _) = one_run(&world, &mutant, None, None);
            !violations(&world, report.as_ref().map(|report| &report.outcome)).is_empty()
        });
        assert!(
            caught.is_some(),
            "no world catches an engine that {mistake:?}"
        );
    }
}

#[test]
fn a_status_that_never_moves_ends_with_the_time_after_one_promotion() {
    for seed in seeds(0..20) {
        let mut scenario = Scenario::draw(seed).calm();
        scenario.stages[0] = Duration::from_hours(1000);
        let world = World::new(scenario);
        let (report, _) = one_run(&world, &step(&world), None, None);
        let outcome = report.expect("not killed").outcome;
        assert!(
            matches!(outcome, Outcome::TimedOut(_)),
            "seed {seed}: {outcome:?}"
        );
        let promotions = world
            .log()
            .iter()
            .filter(|event| matches!(event, Event::Call("promote", _)))
            .count();
        assert_eq!(promotions, 1, "seed {seed}");
        assert!(
            world.clock.elapsed() < Duration::from_hours(4),
            "seed {seed}: waited past its time"
        );
    }
}

#[test]
fn a_refusal_that_waiting_cannot_change_ends_the_run_at_the_first_answer() {
    for (operation, kind) in [
        ("describe", ErrorKind::NotFound),
        ("describe", ErrorKind::AccessDenied),
        ("describe", ErrorKind::Credentials),
        ("promote", ErrorKind::AccessDenied),
        ("promote", ErrorKind::Other),
    ] {
        let mut scenario = Scenario::draw(5).calm();
        scenario.backing_up = Duration::ZERO;
        let world = World::new(scenario);
        world.deny(operation, kind);
        let (report, _) = one_run(&world, &step(&world), None, None);
        let Outcome::Failed(message) = report.expect("not killed").outcome else {
            panic!("{operation} {kind:?}");
        };
        assert!(message.seen.contains("request r-1"), "{message}");
        assert!(!message.next.is_empty());
        let asked = world
            .log()
            .iter()
            .filter(|event| matches!(event, Event::Call(called, _) if *called == operation))
            .count();
        assert_eq!(asked, 1, "{operation} {kind:?}");
        assert!(
            world.clock.elapsed() < Duration::from_mins(1),
            "{operation} {kind:?}"
        );
    }
}

#[test]
fn an_endpoint_that_cannot_be_reached_is_given_up_after_a_while() {
    let world = World::new(Scenario::draw(5).calm());
    world.deny("describe", ErrorKind::Unreachable);
    let (report, _) = one_run(&world, &step(&world), None, None);
    let Outcome::Failed(message) = report.expect("not killed").outcome else {
        panic!("waited for an endpoint that is not there");
    };
    assert!(message.next.contains("another one"), "{message}");
    assert!(world.clock.elapsed() < Duration::from_mins(4));
}

#[test]
fn a_lag_that_may_not_be_read_is_refused_as_unknown_and_says_why() {
    let world = World::new(Scenario::draw(5).calm());
    world.deny("lag", ErrorKind::AccessDenied);
    let (report, _) = one_run(&world, &step(&world), None, None);
    let Outcome::Refused { gate } = report.expect("not killed").outcome else {
        panic!("promoted without knowing the lag");
    };
    assert!(
        gate.message.seen.contains("AccessDenied"),
        "{}",
        gate.message
    );
}
