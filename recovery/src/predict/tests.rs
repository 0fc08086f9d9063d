//! Predicted RTOs against ways that were added up by hand.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::document::tests::{base, document};
use crate::journal::{Declared, StepState};

fn mins(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

fn history(samples: &[(&str, &[u64])]) -> History {
    let pairs = samples.iter();
    pairs
        .map(|(name, minutes)| {
            (
                (*name).to_owned(),
                minutes.iter().map(|m| mins(*m)).collect(),
            )
        })
        .collect()
}

fn tier<'a>(prediction: &'a Prediction, name: &str) -> &'a Predicted {
    let tier = prediction
        .tiers
        .iter()
        .find(|tier| tier.tier == name)
        .unwrap();
    tier.predicted.as_ref().unwrap()
}

fn names(predicted: &Predicted) -> Vec<&str> {
    predicted.way.iter().map(|step| &*step.step).collect()
}

#[test]
fn without_history_declared_durations_and_waits_are_added_up_along_the_way() {
    let prediction = predict(&document(&base()), Mode::Failover, &History::new());
    let critical = tier(&prediction, "critical");
    // hold waits 2 min, the writer usually takes 10.
    assert_eq!(
        (critical.p50, critical.p95, critical.declared),
        (mins(12), mins(12), true)
    );
    assert_eq!(names(critical), ["hold", "promote"]);
    let high = tier(&prediction, "high");
    assert_eq!(
        (high.p95, names(high)),
        (mins(22), vec!["hold", "promote", "settle"])
    );
    assert_eq!(high.way[2].starts, mins(12));
    // Reprotect's step is not part of it.
    assert_eq!(prediction.steps.len(), 3);
}

#[test]
fn history_counts_by_nearest_rank_and_never_below_what_is_waited_on_purpose() {
    let twenty: Vec<u64> = (1..=20).collect();
    let history = history(&[("promote", &twenty), ("hold", &[1]), ("nobody", &[500])]);
    let prediction = predict(&document(&base()), Mode::Failover, &history);
    let steps: BTreeMap<&str, StepDuration> = prediction
        .steps
        .iter()
        .map(|(name, takes)| (&**name, *takes))
        .collect();
    let promote = steps["promote"];
    assert_eq!((promote.p50, promote.p95), (mins(10), mins(19)));
    assert_eq!(promote.basis, Basis::Measured(20));
    assert_eq!(
        (steps["hold"].p50, steps["hold"].basis),
        (mins(2), Basis::Measured(1))
    );
    let critical = tier(&prediction, "critical");
    assert_eq!(
        (critical.p50, critical.p95, critical.declared),
        (mins(12), mins(21), false)
    );
}

/// An execution of a mode that ended so, its steps with phase, outcome, minutes, and in how many runs they began.
fn execution(mode: Mode, end: &str, steps: &[(&str, Phase, &str, u64, usize)]) -> State {
    let step = |(phase, outcome, minutes, begun): (Phase, &str, u64, usize)| StepState {
        phase,
        outcome: Some(outcome.to_owned()),
        observed: None,
        gates: Vec::new(),
        duration: Some(mins(minutes)),
        started: None,
        ended: None,
        operations: Vec::new(),
        begun,
    };
    let steps = steps.iter();
    let steps = steps.map(|&(name, phase, outcome, minutes, begun)| {
        (name.to_owned(), step((phase, outcome, minutes, begun)))
    });
    State {
        declared: Some(Declared {
            plan: "orders".to_owned(),
            digest: String::new(),
            mode,
            target: "us-west-2".parse().unwrap(),
            from: None,
            lost: BTreeSet::new(),
            declared_at: "2026-08-01T12:00:00Z".parse().unwrap(),
            lost_at: None,
            last_seen: None,
            epoch: 1,
            lost_stores: BTreeSet::new(),
            only: Vec::new(),
        }),
        steps: steps.collect(),
        ended: Some((end.to_owned(), None)),
        ..State::default()
    }
}

/// What executions of failovers tell about a step, in minutes.
fn told(executions: &[State], step: &str) -> Vec<u64> {
    let history = super::history(executions, Mode::Failover);
    let samples = history.get(step).into_iter().flatten();
    samples.map(|took| took.as_secs() / 60).collect()
}

#[test]
fn history_holds_steps_that_were_done_in_one_go_and_of_its_own_mode() {
    let done = |minutes| ("promote", Phase::Done, "done", minutes, 1);
    let executions = [
        execution(
            Mode::Failover,
            "done",
            &[done(10), ("hold", Phase::Done, "done", 2, 1)],
        ),
        execution(Mode::Failover, "done", &[done(14)]),
        execution(Mode::Switchover, "done", &[done(99)]),
        execution(Mode::Reprotect, "done", &[done(98)]),
        // What held already took nothing; what another run went on with took longer than its journal says.
        execution(
            Mode::Failover,
            "done",
            &[("promote", Phase::Done, "already done", 1, 1)],
        ),
        execution(
            Mode::Failover,
            "done",
            &[("promote", Phase::Done, "done", 3, 2)],
        ),
    ];
    assert_eq!(told(&executions, "promote"), [10, 14]);
    assert_eq!(told(&executions, "hold"), [2]);
    assert_eq!(told(&executions, "nobody"), [0; 0]);
    let switchovers = super::history(&executions, Mode::Switchover);
    assert_eq!(switchovers["promote"], [mins(99)]);
    // Nothing is told of a mode that nobody has run, or by journals without a first entry.
    assert!(super::history(&executions, Mode::Drill).is_empty());
    assert!(super::history(&[State::default()], Mode::Failover).is_empty());
}

#[test]
fn history_holds_no_step_that_failed_and_those_before_it_although_the_execution_did_not_end_well() {
    let steps = [
        ("hold", Phase::Done, "done", 2, 1),
        ("promote", Phase::Failed, "failed", 40, 1),
    ];
    let mut executions = vec![
        execution(Mode::Failover, "failed", &steps),
        execution(Mode::Failover, "aborted", &steps),
    ];
    for (phase, outcome) in [
        (Phase::TimedOut, "timed out"),
        (Phase::Refused, "refused"),
        (Phase::Interrupted, "interrupted"),
        (Phase::Skipped, "skipped"),
        (Phase::Performing, "done"),
    ] {
        let step = ("promote", phase, outcome, 40, 1);
        executions.push(execution(Mode::Failover, "interrupted", &[step]));
    }
    assert_eq!(told(&executions, "promote"), [0; 0]);
    assert_eq!(told(&executions, "hold"), [2, 2]);
    // So the prediction says that nobody has measured it, and counts what somebody has.
    let history = super::history(&executions, Mode::Failover);
    let prediction = predict(&document(&base()), Mode::Failover, &history);
    let basis = |name: &str| {
        prediction
            .steps
            .iter()
            .find(|it| it.0 == name)
            .unwrap()
            .1
            .basis
    };
    assert_eq!(basis("promote"), Basis::Declared);
    assert_eq!(basis("hold"), Basis::Measured(2));
}

#[test]
fn history_makes_percentiles_of_twenty_failovers() {
    let executions: Vec<State> = (1..=20)
        .map(|minutes| ("promote", Phase::Done, "done", minutes, 1))
        .map(|step| execution(Mode::Failover, "done", &[step]))
        .collect();
    let history = super::history(&executions, Mode::Failover);
    let prediction = predict(&document(&base()), Mode::Failover, &history);
    let promote = prediction
        .steps
        .iter()
        .find(|it| it.0 == "promote")
        .unwrap()
        .1;
    assert_eq!((promote.p50, promote.p95), (mins(10), mins(19)));
    assert_eq!(promote.basis, Basis::Measured(20));
}

#[test]
fn percentiles_are_of_the_nearest_rank() {
    let samples: Vec<Duration> = [3, 1, 2].map(mins).to_vec();
    for (samples, p50, p95) in [
        (samples, 2, 3),
        (vec![mins(7)], 7, 7),
        ((1..=4).map(mins).collect(), 2, 4),
        ((1..=100).map(mins).collect(), 50, 95),
    ] {
        let takes = duration_of(Some(&samples), mins(1), Duration::ZERO);
        assert_eq!(
            (takes.p50, takes.p95),
            (mins(p50), mins(p95)),
            "{}",
            samples.len()
        );
    }
    let none = duration_of(Some(&Vec::new()), mins(4), Duration::ZERO);
    assert_eq!((none.p95, none.basis), (mins(4), Basis::Declared));
}

fn side_by_side(at_once: usize) -> Value {
    let mut value = base();
    value["at_once"] = json!(at_once);
    for step in 0..3 {
        value["steps"][step]["after"] = json!([]);
        value["steps"][step]["tier"] = json!("critical");
    }
    value
}

#[test]
fn steps_that_queue_for_a_slot_make_it_longer_and_are_marked() {
    let wide = predict(&document(&side_by_side(8)), Mode::Failover, &History::new());
    assert_eq!(tier(&wide, "critical").p95, mins(10));
    let one = predict(&document(&side_by_side(1)), Mode::Failover, &History::new());
    let critical = tier(&one, "critical");
    assert_eq!(
        (critical.p95, names(critical)),
        (mins(22), vec!["hold", "promote", "settle"])
    );
    let queued: Vec<bool> = critical.way.iter().map(|step| step.queued).collect();
    assert_eq!(queued, [false, true, true]);
}

#[test]
fn over_the_objective_is_a_warning_or_a_problem_and_names_the_way() {
    let mut value = base();
    value["tiers"]["high"]["rto"] = json!("21m");
    let plan = document(&value);
    let prediction = predict(&plan, Mode::Failover, &history(&[("settle", &[10])]));
    let (warnings, problems) = prediction.judge(&plan);
    assert_eq!((warnings.len(), problems.len()), (1, 0));
    assert_eq!(warnings[0].path, "tiers.high.rto");
    assert_eq!(
        warnings[0].message.seen,
        "a predicted RTO of 22 min (p95; p50 22 min) in a failover: hold 2 min (declared), then \
         promote 10 min (declared), then settle 10 min (measured once)"
    );
    assert_eq!(warnings[0].message.expected, "at most the RTO of 21 min");

    value["require_rto"] = json!(true);
    let plan = document(&value);
    let (warnings, problems) = predict(&plan, Mode::Failover, &History::new()).judge(&plan);
    assert_eq!((warnings.len(), problems.len()), (0, 1));

    value["tiers"]["high"]["rto"] = json!("22m");
    let plan = document(&value);
    let prediction = predict(&plan, Mode::Failover, &History::new());
    assert_eq!(prediction.judge(&plan), (vec![], vec![]));
    assert!(
        prediction
            .tiers
            .iter()
            .all(|tier| tier.is_met() == Some(true))
    );
}

#[test]
fn a_tier_that_nothing_can_be_predicted_for_is_told_and_not_met() {
    let mut value = base();
    value["steps"][2]["run_in"] = json!(["switchover"]);
    let plan = document(&value);
    let prediction = predict(&plan, Mode::Failover, &History::new());
    let high = prediction
        .tiers
        .iter()
        .find(|tier| tier.tier == "high")
        .unwrap();
    assert_eq!((high.is_met(), &high.predicted), (None, &None));
    let (warnings, _) = prediction.judge(&plan);
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].message.seen.contains("nothing to predict from"),
        "{}",
        warnings[0]
    );
}

/// The longest way through a graph whose steps come after earlier ones only.
fn longest(graph: &Graph, takes: &[Duration]) -> Duration {
    let mut ends: Vec<Duration> = Vec::new();
    for (step, takes) in takes.iter().enumerate() {
        let before = graph.after(step).iter().map(|other| ends[*other]).max();
        ends.push(before.unwrap_or_default() + *takes);
    }
    ends.into_iter().max().unwrap_or_default()
}

proptest! {
    #[test]
    fn with_room_for_all_it_is_the_critical_path_and_with_less_room_within_grahams_bound(
        steps in proptest::collection::vec((any::<u16>(), 0_u64..50), 1..12), at_once in 1_usize..5
    ) {
        let after = steps.iter().enumerate().map(|(position, (bits, _))| {
            (0..position).filter(|other| bits & (1 << other) != 0).collect()
        });
        let graph = Graph::new(after.collect());
        let takes: Vec<Duration> = steps.iter().map(|(_, seconds)| Duration::from_secs(*seconds)).collect();
        let present: Vec<usize> = (0..steps.len()).collect();
        let end = |at_once| timeline(&graph, &present, &takes, at_once).iter().map(|slot| slot.ends).max().unwrap();
        let critical = longest(&graph, &takes);
        prop_assert_eq!(end(steps.len()), critical);
        let total: Duration = takes.iter().sum();
        let bounded = end(at_once);
        prop_assert!(bounded >= critical);
        prop_assert!(bounded * u32::try_from(at_once).unwrap() >= total);
        // Graham 1966: total/m + (1 - 1/m) of the critical path.
        let m = u32::try_from(at_once).unwrap();
        prop_assert!(bounded * m <= total + critical * (m - 1));
    }
}
