//! What may start, what never can, and that every execution ends.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::document::tests::{base, document};

/// A plan of steps by name, what they come after, and further fields.
fn plan(at_once: usize, steps: &[(&str, &[&str], Value)]) -> Document {
    let mut value = base();
    value["at_once"] = json!(at_once);
    value["tiers"] = json!({});
    value["authority"] = json!("writer");
    let mut list = vec![json!({
        "name": "writer",
        "after": [],
        "run_in": ["drill"],
        "move_writer": { "instances": { "us-east-1": "e", "us-west-2": "w" } }
    })];
    for (name, after, more) in steps {
        let mut step = json!({ "name": name, "after": after, "pause": { "for": "1s" } });
        for (key, value) in more.as_object().unwrap() {
            step[key] = value.clone();
        }
        list.push(step);
    }
    value["steps"] = Value::Array(list);
    document(&value)
}

fn states(list: &[(&str, StepState)]) -> BTreeMap<String, StepState> {
    let pairs = list.iter();
    pairs
        .map(|(name, state)| ((*name).to_owned(), *state))
        .collect()
}

fn diamond() -> Document {
    plan(
        8,
        &[
            ("a", &[], json!({})),
            ("b", &["a"], json!({ "on_failure": "continue" })),
            ("c", &["a"], json!({})),
            ("d", &["b", "c"], json!({})),
        ],
    )
}

fn scheduled(document: &Document, list: &[(&str, StepState)]) -> Schedule {
    schedule(document, Mode::Failover, &states(list))
}

#[test]
fn steps_start_when_all_before_them_is_over_well_enough() {
    use StepState::{Done, Failed, Running, Skipped, TimedOut};
    let plan = diamond();
    for (list, start) in [
        (&[][..], &["a"][..]),
        (&[("a", Running)], &[]),
        (&[("a", Done)], &["b", "c"]),
        (&[("a", Skipped)], &["b", "c"]),
        (&[("a", Done), ("b", Done)], &["c"]),
        (&[("a", Done), ("b", Done), ("c", Running)], &[]),
        (&[("a", Done), ("b", Failed), ("c", Done)], &["d"]),
        (&[("a", Done), ("b", TimedOut), ("c", Skipped)], &["d"]),
    ] {
        let schedule = scheduled(&plan, list);
        assert_eq!(schedule.start, start, "{list:?}");
        assert_eq!(
            (schedule.ending, &*schedule.blocked),
            (None, &[][..]),
            "{list:?}"
        );
    }
}

#[test]
fn who_skips_a_step_lets_nothing_overtake_what_came_before_it() {
    use StepState::{Done, Refused, Running, Skipped};
    let steps: [(&str, &[&str], Value); 3] = [
        ("fence", &[], json!({})),
        ("promote", &["fence"], json!({})),
        ("names", &["promote"], json!({})),
    ];
    let plan = plan(8, &steps);
    let early = scheduled(&plan, &[("fence", Running), ("promote", Skipped)]);
    assert_eq!(early.start, Vec::<String>::new());
    let done = scheduled(&plan, &[("fence", Done), ("promote", Skipped)]);
    assert_eq!(done.start, ["names"]);
    let refused = scheduled(&plan, &[("fence", Refused), ("promote", Skipped)]);
    assert_eq!(refused.ending, Some(Ending::Refused));
    assert_eq!(refused.blocked[0].because, ["fence"]);
    let decided = scheduled(&plan, &[("fence", Skipped), ("promote", Skipped)]);
    assert_eq!(decided.start, ["names"]);
}

#[test]
fn what_is_held_up_names_who_holds_it_up_and_how_it_ends() {
    use StepState::{Done, Failed, Refused, Running, Skipped, TimedOut};
    let plan = diamond();
    let all = |because: &[&str], steps: &[&str]| -> Vec<Blocked> {
        let because: Vec<String> = because.iter().map(|&name| name.to_owned()).collect();
        let steps = steps.iter();
        steps
            .map(|&step| Blocked {
                step: step.to_owned(),
                because: because.clone(),
            })
            .collect()
    };
    for (list, blocked, ending) in [
        (
            &[("a", Failed)][..],
            all(&["a"], &["b", "c", "d"]),
            Some(Ending::Failed),
        ),
        (
            &[("a", TimedOut)],
            all(&["a"], &["b", "c", "d"]),
            Some(Ending::Failed),
        ),
        (
            &[("a", Refused)],
            all(&["a"], &["b", "c", "d"]),
            Some(Ending::Refused),
        ),
        // `continue` is about failures: a refusal asks for a decision.
        (
            &[("a", Done), ("b", Refused), ("c", Done)],
            all(&["b"], &["d"]),
            Some(Ending::Refused),
        ),
        (
            &[("a", Done), ("b", Refused), ("c", Failed)],
            all(&["b", "c"], &["d"]),
            Some(Ending::Failed),
        ),
        (
            &[("a", Done), ("b", Running), ("c", Failed)],
            all(&["c"], &["d"]),
            None,
        ),
        (
            &[("a", Done), ("b", Failed), ("c", Done), ("d", Done)],
            vec![],
            Some(Ending::Done),
        ),
        (
            &[
                ("a", Skipped),
                ("b", Skipped),
                ("c", Skipped),
                ("d", Skipped),
            ],
            vec![],
            Some(Ending::Done),
        ),
        (
            &[("a", Done), ("b", Done), ("c", Done), ("d", Failed)],
            vec![],
            Some(Ending::Failed),
        ),
    ] {
        let schedule = scheduled(&plan, list);
        assert_eq!(schedule.blocked, blocked, "{list:?}");
        assert_eq!(schedule.ending, ending, "{list:?}");
        assert_eq!(schedule.start, Vec::<String>::new(), "{list:?}");
    }
    let tolerated = scheduled(&plan, &[("a", Done), ("b", Failed), ("c", Failed)]).tolerated;
    assert_eq!(tolerated, ["b"]);
}

#[test]
fn what_another_mode_runs_is_absent_and_its_state_does_not_count() {
    let only = json!({ "run_in": ["reprotect"] });
    let plan = plan(
        8,
        &[
            ("a", &[], json!({})),
            ("b", &["a"], only.clone()),
            ("c", &["b"], json!({})),
        ],
    );
    assert_eq!(scheduled(&plan, &[]).start, ["a"]);
    assert_eq!(scheduled(&plan, &[("b", StepState::Failed)]).start, ["a"]);
    let schedule = scheduled(&plan, &[("a", StepState::Done), ("b", StepState::Running)]);
    assert_eq!(schedule.start, ["c"]);
    let reprotect = super::schedule(&plan, Mode::Reprotect, &states(&[]));
    assert_eq!(reprotect.start, ["b"]);
    let over = super::schedule(&plan, Mode::Reprotect, &states(&[("b", StepState::Done)]));
    assert_eq!(over.ending, Some(Ending::Done));
}

#[test]
fn no_more_start_than_may_run_at_once() {
    let steps: Vec<(&str, &[&str], Value)> = ["a", "b", "c", "d"]
        .map(|name| (name, &[][..], json!({})))
        .to_vec();
    let plan = plan(2, &steps);
    let schedule = scheduled(&plan, &[]);
    assert_eq!(
        (schedule.start, schedule.queued),
        (
            vec!["a".to_owned(), "b".to_owned()],
            vec!["c".to_owned(), "d".to_owned()]
        )
    );
    let schedule = scheduled(&plan, &[("b", StepState::Running), ("a", StepState::Done)]);
    assert_eq!(schedule.start, ["c"]);
    assert_eq!(schedule.ending, None);
    // A bound that was lowered by a resume with more running already.
    let three = [
        ("a", StepState::Running),
        ("b", StepState::Running),
        ("c", StepState::Running),
    ];
    assert_eq!(scheduled(&plan, &three).start, Vec::<String>::new());
}

/// Plans of up to ten steps that only come after earlier ones, with modes and what a failure means.
fn any_plan() -> impl Strategy<Value = Document> {
    let step = (any::<u16>(), any::<bool>(), 0_u8..4);
    (1_usize..5, proptest::collection::vec(step, 1..10)).prop_map(|(at_once, steps)| {
        const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let mut rows = Vec::new();
        for (position, (bits, goes_on, mode)) in steps.iter().enumerate() {
            let earlier = (0..position).filter(|other| bits & (1 << other) != 0);
            let after: Vec<&str> = earlier.map(|other| NAMES[other]).collect();
            let on_failure = if *goes_on { "continue" } else { "stop" };
            let run_in = if *mode == 0 { "reprotect" } else { "failover" };
            rows.push((
                NAMES[position],
                after,
                json!({ "on_failure": on_failure, "run_in": [run_in] }),
            ));
        }
        let rows: Vec<(&str, &[&str], Value)> = rows
            .iter()
            .map(|(name, after, more)| (*name, &**after, more.clone()))
            .collect();
        plan(at_once, &rows)
    })
}

/// Whether everything before a step allows it, by following names and not the graph.
fn allowed(document: &Document, step: &StepEntry, states: &BTreeMap<String, StepState>) -> bool {
    step.after.iter().all(|name| {
        let before = document.step(name).unwrap();
        if !before.runs_in(Mode::Failover) {
            return allowed(document, before, states);
        }
        match states.get(name).copied().unwrap_or_default() {
            StepState::Done => true,
            StepState::Skipped => allowed(document, before, states),
            StepState::Failed | StepState::TimedOut => before.on_failure == OnFailure::Continue,
            _ => false,
        }
    })
}

proptest! {
    /// Plays executions in which steps end in any order and in any way.
    #[test]
    fn every_execution_ends_and_keeps_the_rules(plan in any_plan(), seed in any::<u64>()) {
        use StepState::{Done, Failed, Refused, Running, Skipped, TimedOut, Waiting};
        let mut random = fastrand::Rng::with_seed(seed);
        let mut states: BTreeMap<String, StepState> = BTreeMap::new();
        let mut started = BTreeSet::new();
        let ways = [Done, Done, Done, Done, Failed, Skipped, Refused, TimedOut];
        let mut rounds = 0;
        let last = loop {
            rounds += 1;
            prop_assert!(rounds <= plan.steps.len() + 1, "no end");
            let schedule = schedule(&plan, Mode::Failover, &states);
            for name in &schedule.start {
                let step = plan.step(name).unwrap();
                prop_assert!(step.runs_in(Mode::Failover));
                prop_assert!(started.insert(name.clone()), "{} twice", name);
                prop_assert!(allowed(&plan, step, &states), "{} too early", name);
                states.insert(name.clone(), Running);
            }
            for blocked in &schedule.blocked {
                prop_assert!(!blocked.because.is_empty());
                for other in &blocked.because {
                    let state = states[other];
                    prop_assert!(matches!(state, Failed | Refused | TimedOut));
                }
            }
            let running: Vec<String> = states
                .iter()
                .filter(|(_, state)| **state == Running)
                .map(|(name, _)| name.clone())
                .collect();
            prop_assert!(running.len() <= plan.at_once);
            // Nothing that is allowed waits while there is room.
            let idle = plan.steps.iter().any(|step| {
                step.runs_in(Mode::Failover)
                    && states.get(&step.name).copied().unwrap_or_default() == Waiting
                    && allowed(&plan, step, &states)
            });
            prop_assert!(!idle || running.len() == plan.at_once);
            prop_assert_eq!(schedule.ending.is_some(), running.is_empty());
            if running.is_empty() {
                break schedule;
            }
            let ends = random.usize(..running.len());
            states.insert(running[ends].clone(), ways[random.usize(..ways.len())]);
        };
        let here = plan.steps.iter().filter(|step| step.runs_in(Mode::Failover));
        let blocked: BTreeSet<&str> = last.blocked.iter().map(|blocked| &*blocked.step).collect();
        let mut all_well = true;
        for step in here {
            let state = states.get(&step.name).copied().unwrap_or_default();
            prop_assert_eq!(state == Waiting, blocked.contains(&*step.name));
            all_well &= !holds_up(step, state) && state != Waiting;
        }
        prop_assert_eq!(last.ending == Some(Ending::Done), all_well);
    }
}
