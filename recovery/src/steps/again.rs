//! When an act may be sent again: what every step does after an answer that was lost, late or a refusal.

use std::time::Duration;

use super::rds_promote_replica::{MOST_REJECTIONS, STATUS_LAG};
use crate::message::{Message, duration_text};
use crate::step::{Answer, Decision, Memory};

/// What an act does when it is sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twice {
    /// No harm: sent again when its effect does not show within [`STATUS_LAG`].
    Harmless,
    /// Once accepted it is never sent again by the same run.
    Never,
}

/// Sends the act, or waits for what an earlier one of this run does. `same` tells the acts that it repeats.
pub(super) fn send<A>(
    memory: &Memory<A>,
    act: A,
    same: impl Fn(&A) -> bool,
    words: &str,
    twice: Twice,
) -> Decision<A> {
    let Some((last, age)) = memory.last(&same) else {
        return Decision::Act(act);
    };
    match last.answer {
        Answer::Accepted if twice == Twice::Never || age < STATUS_LAG => {
            Decision::Wait(format!("{words} was accepted; waiting until it shows"))
        }
        Answer::Ambiguous | Answer::Rejected if age < STATUS_LAG => Decision::Wait(format!(
            "{words} was not answered clearly; watching for {} whether it took effect",
            duration_text(STATUS_LAG)
        )),
        Answer::Rejected => match rejected_too_often(memory, same, words) {
            Some(message) => Decision::Fail(message),
            None => Decision::Act(act),
        },
        Answer::Accepted | Answer::Ambiguous => Decision::Act(act),
    }
}

fn rejected_too_often<A>(
    memory: &Memory<A>,
    same: impl Fn(&A) -> bool,
    words: &str,
) -> Option<Message> {
    let rejections: Vec<_> = memory
        .performed
        .iter()
        .filter(|performed| same(&performed.act) && performed.answer == Answer::Rejected)
        .collect();
    if rejections.len() < MOST_REJECTIONS {
        return None;
    }
    let error = rejections.last().and_then(|last| last.error.clone());
    Some(Message::new(
        format!(
            "{} rejections of {words}, the last: {}",
            rejections.len(),
            error.unwrap_or_default()
        ),
        format!("{words} to be accepted"),
        "settle what AWS names, then run it again: it looks first and goes on from what it sees",
    ))
}

/// Whether an act of this run was accepted, and how long ago.
pub(super) fn accepted<A>(memory: &Memory<A>, matches: impl Fn(&A) -> bool) -> Option<Duration> {
    let (last, age) = memory.last(matches)?;
    (last.answer == Answer::Accepted).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Performed;

    fn decided(answers: &[(Answer, u64)], twice: Twice) -> &'static str {
        let elapsed = Duration::from_secs(10_000);
        let performed = answers.iter().map(|(answer, ago)| Performed {
            act: "act",
            at: elapsed.saturating_sub(Duration::from_secs(*ago)),
            answer: *answer,
            error: Some("InvalidState".to_owned()),
        });
        let memory = Memory {
            performed: performed.collect(),
            elapsed,
        };
        match send(&memory, "act", |_| true, "Act", twice) {
            Decision::Act(_) => "act",
            Decision::Wait(_) => "wait",
            Decision::Fail(_) => "fail",
            Decision::Done => "done",
        }
    }

    #[test]
    fn an_act_is_repeated_only_after_the_status_lag_and_an_accepted_one_only_where_it_does_no_harm()
    {
        use Answer::{Accepted, Ambiguous, Rejected};
        for (answers, harmless, never) in [
            (&[][..], "act", "act"),
            (&[(Accepted, 10)], "wait", "wait"),
            (&[(Accepted, 121)], "act", "wait"),
            (&[(Ambiguous, 119)], "wait", "wait"),
            (&[(Ambiguous, 120)], "act", "act"),
            (&[(Rejected, 10)], "wait", "wait"),
            (&[(Rejected, 130)], "act", "act"),
            (
                &[(Rejected, 500), (Rejected, 300), (Rejected, 130)],
                "fail",
                "fail",
            ),
        ] {
            assert_eq!(decided(answers, Twice::Harmless), harmless, "{answers:?}");
            assert_eq!(decided(answers, Twice::Never), never, "{answers:?}");
        }
    }
}
