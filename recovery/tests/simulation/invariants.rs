//! What must hold in every world, whatever happened in it; checked against the log of calls and the truth.

use std::time::Duration;

use aws::ErrorKind;
use recovery::outcome::Outcome;
use recovery::steps::rds_promote_replica::STATUS_LAG;

use crate::world::{Event, World};

/// The longest that may pass between asking for the lag and the promotion that rests on it.
const FRESH: Duration = Duration::from_secs(15);

/// The invariants that do not hold, in words; `outcome` is that of the last run, just now.
pub(crate) fn violations(world: &World, outcome: Option<&Outcome>) -> Vec<String> {
    let log = world.log();
    let mut found = Vec::new();
    let effects = log
        .iter()
        .filter(|event| **event == Event::Effect("promote"))
        .count();
    if effects > 1 {
        found.push(format!("the promotion took effect {effects} times"));
    }
    if outcome.is_some_and(Outcome::is_done) {
        if !world.is_truly_done() {
            found.push("declared done early".to_owned());
        }
        if effects != 1 {
            found.push(format!("done with {effects} promotions"));
        }
    }
    if world.scenario.must_refuse()
        && log
            .iter()
            .any(|event| matches!(event, Event::Call("promote", _)))
    {
        found.push("promoted although the gate has to refuse".to_owned());
    }
    for (index, event) in log.iter().enumerate() {
        if let Event::Call("promote", at) = event {
            check_measured(&log[..index], *at, &mut found);
            check_not_again(&log[..index], *at, &mut found);
        }
    }
    let cancelled = log.iter().position(|event| *event == Event::Cancelled);
    if let Some(cancelled) = cancelled
        && log[cancelled..]
            .iter()
            .take_while(|event| **event != Event::RunStarts)
            .any(|event| matches!(event, Event::Call("promote" | "modify", _)))
    {
        found.push("an act was started after the run was asked to stop".to_owned());
    }
    found
}

/// The part of the log since the run that the promotion belongs to began.
fn this_run(before: &[Event]) -> &[Event] {
    let start = before.iter().rposition(|event| *event == Event::RunStarts);
    &before[start.unwrap_or_default()..]
}

/// Lag, then the replica's status, both answered, right before.
fn check_measured(before: &[Event], at: Duration, found: &mut Vec<String>) {
    let run = this_run(before);
    let since = run
        .iter()
        .rposition(|event| matches!(event, Event::Call("promote", _)));
    let run = &run[since.unwrap_or_default()..];
    let lag = run
        .iter()
        .rposition(|event| matches!(event, Event::Call("lag", _)));
    let described = run
        .iter()
        .rposition(|event| *event == Event::Answer("describe", Ok(())));
    match (lag.map(|lag| (lag, &run[lag])), described) {
        (Some((lag, Event::Call(_, asked))), Some(described)) if lag < described => {
            if at.saturating_sub(*asked) > FRESH {
                found.push(format!(
                    "promoted on a lag measured {:?} before",
                    at.saturating_sub(*asked)
                ));
            }
        }
        _ => found.push("promoted without a lag and a status measured before".to_owned()),
    }
}

/// Not after it was accepted, and not soon after an answer that leaves its effect open.
fn check_not_again(before: &[Event], at: Duration, found: &mut Vec<String>) {
    let run = this_run(before);
    let Some(last) = run
        .iter()
        .rposition(|event| matches!(event, Event::Call("promote", _)))
    else {
        return;
    };
    let Event::Call(_, sent) = run[last] else {
        return;
    };
    let answer = run[last..].iter().find_map(|event| match event {
        Event::Answer("promote", answer) => Some(*answer),
        _ => None,
    });
    match answer {
        Some(Ok(())) => found.push("promoted again after AWS had accepted it".to_owned()),
        Some(Err(ErrorKind::Throttled)) => {}
        _ if at.saturating_sub(sent) < STATUS_LAG => {
            found.push(
                "promoted again before the effect of an unclear answer could show".to_owned(),
            );
        }
        _ => {}
    }
}
