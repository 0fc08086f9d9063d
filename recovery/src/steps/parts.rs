//! What many kinds of steps need alike: declared calls, repetition, and what to tell about errors.

use std::time::Duration;

use aws::{Error, ErrorKind, Region};
use sha2::{Digest, Sha256};

use crate::kind::{ApiCall, Case, PastAct, Plane};
use crate::message::{Message, duration_text};
use crate::step::{Answer, Decision, Memory};

/// How long after an accepted or unclear call AWS may still show the state from before it: the bound that promotions
/// use too, see [`crate::steps::rds_promote_replica::STATUS_LAG`].
pub(crate) const SETTLE: Duration = Duration::from_mins(2);

/// After this many rejections of one act, with looks and pauses between them, AWS is believed.
pub(crate) const MOST_REJECTIONS: usize = 3;

/// A call that only reads, and that the step cannot do without.
pub(crate) fn reads(
    service: &'static str,
    operation: &'static str,
    region: &Region,
    plane: Plane,
) -> ApiCall {
    ApiCall {
        service,
        operation,
        region: region.clone(),
        plane,
        changes: false,
        needed: true,
    }
}

/// A call that changes something, and that the step cannot do without.
pub(crate) fn changes(
    service: &'static str,
    operation: &'static str,
    region: &Region,
    plane: Plane,
) -> ApiCall {
    ApiCall {
        changes: true,
        ..reads(service, operation, region, plane)
    }
}

/// The call, where the step goes on without its answer.
pub(crate) fn optional(call: ApiCall) -> ApiCall {
    ApiCall {
        needed: false,
        ..call
    }
}

/// What to do about an act whose effect does not show, and that does no harm a second time.
pub(crate) fn again<A: Clone + PartialEq>(act: A, words: &str, memory: &Memory<A>) -> Decision<A> {
    let Some((last, age)) = memory.last(|past| *past == act) else {
        return Decision::Act(act);
    };
    if let Some(message) = rejected_too_often(&act, words, memory) {
        return Decision::Fail(message);
    }
    match last.answer {
        Answer::Accepted if age < SETTLE => {
            Decision::Wait(format!("{words} was accepted and does not show yet"))
        }
        // A look after it shows that it did not take effect; a short pause for one that is only late.
        Answer::Ambiguous | Answer::Rejected if age < Duration::from_secs(10) => {
            Decision::Wait(format!("{words} was not accepted clearly; looking again"))
        }
        _ => Decision::Act(act),
    }
}

/// What to do about a one-way act whose effect does not show: never a second time once it was accepted, and after an
/// unclear answer only when [`SETTLE`] has passed and the world still shows the state from before.
pub(crate) fn once<A: Clone + PartialEq>(act: A, words: &str, memory: &Memory<A>) -> Decision<A> {
    let Some((last, age)) = memory.last(|past| *past == act) else {
        return Decision::Act(act);
    };
    if let Some(message) = rejected_too_often(&act, words, memory) {
        return Decision::Fail(message);
    }
    let accepted = memory
        .performed
        .iter()
        .any(|past| past.act == act && past.answer == Answer::Accepted);
    match last.answer {
        _ if accepted => Decision::Wait(format!("{words} was accepted and does not show yet")),
        _ if age < SETTLE => Decision::Wait(format!(
            "{words} was not answered clearly; watching for {} whether it took effect",
            duration_text(SETTLE)
        )),
        _ => Decision::Act(act),
    }
}

/// One decision about several things: a failure before an act, an act before a wait, done only when all are.
pub(crate) fn together<A>(decisions: impl IntoIterator<Item = Decision<A>>) -> Decision<A> {
    let rank = |decision: &Decision<A>| match decision {
        Decision::Fail(_) => 3,
        Decision::Act(_) => 2,
        Decision::Wait(_) => 1,
        Decision::Done => 0,
    };
    let mut found = Decision::Done;
    for decision in decisions {
        if rank(&decision) > rank(&found) {
            found = decision;
        }
    }
    found
}

fn rejected_too_often<A: PartialEq>(act: &A, words: &str, memory: &Memory<A>) -> Option<Message> {
    let performed = memory.performed.iter();
    let rejections: Vec<_> = performed
        .filter(|past| past.act == *act && past.answer == Answer::Rejected)
        .collect();
    let last = rejections
        .last()
        .filter(|_| rejections.len() >= MOST_REJECTIONS)?;
    Some(Message::new(
        format!(
            "{} rejections of {words}, the last: {}",
            rejections.len(),
            last.error.as_deref().unwrap_or("without a reason")
        ),
        format!("{words} to be accepted"),
        "settle what AWS names, then run it again: it looks first and goes on from what it sees",
    ))
}

/// What to tell about an AWS error that ends a step about `what`, which needs `permissions`.
pub(crate) fn explain(error: &Error, what: &str, permissions: &str) -> Message {
    let region = &error.region;
    let (expected, next) = match error.kind {
        ErrorKind::NotFound => (
            format!("{what}, to be there"),
            "check name, region and account of what the document names".to_owned(),
        ),
        ErrorKind::AccessDenied => (
            format!("a caller that may {} in {region}", error.operation),
            format!(
                "allow {} to the caller, or use other credentials; the step needs {permissions}",
                error
                    .missing_permission()
                    .map_or_else(|| format!("{}:{}", error.service, error.operation), str::to_owned)
            ),
        ),
        ErrorKind::Credentials => (
            "usable AWS credentials".to_owned(),
            "renew the credentials (an expired session token is the usual reason) and run it again".to_owned(),
        ),
        ErrorKind::Unreachable => (
            format!("an answer from {} in {region}", error.service),
            format!("check network and endpoint; if {region} is lost, declare that: --lost {region}"),
        ),
        _ => (
            format!("{} about {what} to be accepted", error.operation),
            "settle what AWS names, then run it again: it looks first and goes on from what it sees".to_owned(),
        ),
    };
    Message::new(error.to_string(), expected, next)
}

/// Nothing is done in a region that is declared lost.
///
/// # Errors
/// When the target is.
pub(crate) fn target_answers(case: &Case) -> Result<(), Message> {
    if case.answers(&case.target) {
        return Ok(());
    }
    Err(Message::new(
        format!("{} is the target and declared lost", case.target),
        "a target region that is not lost",
        "choose another region, or withdraw the declaration",
    ))
}

/// The document names nothing for a region.
pub(crate) fn names_nothing(argument: &str, region: &Region) -> Message {
    Message::new(
        format!("{argument} names nothing for {region}"),
        format!("{argument}.{region}"),
        "add the region to the step in the document and publish it",
    )
}

/// What is wrong with an argument, at its path.
pub(crate) fn problem(
    path: impl Into<String>,
    seen: impl Into<String>,
    expected: impl Into<String>,
) -> (String, Message) {
    let path = path.into();
    let next = format!("correct {path}");
    (path, Message::new(seen, expected, next))
}

/// How an act of an earlier run ended that cannot be observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// It was accepted.
    Accepted,
    /// It may have taken effect: the run died before the answer, or the answer was unclear.
    Unclear,
    /// It did not take effect.
    Refused,
}

/// Reads how an earlier act was answered, by the words of [`crate::witness::AnswerNote`]: `accepted`, `unclear: …`,
/// `refused: …`. What is not understood is unclear.
pub(crate) fn past(act: &PastAct) -> Past {
    match act.answer.as_deref() {
        Some(text) if text.starts_with("accepted") => Past::Accepted,
        Some(text) if text.starts_with("refused") => Past::Refused,
        _ => Past::Unclear,
    }
}

/// SHA-256 of a text, in hexadecimal: compares values without keeping them.
pub(crate) fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Performed;

    fn memory(answers: &[Answer], ago: u64) -> Memory<u8> {
        let elapsed = Duration::from_secs(1000);
        let performed = answers.iter().map(|answer| Performed {
            act: 1,
            at: elapsed.saturating_sub(Duration::from_secs(ago)),
            answer: *answer,
            error: Some("why".to_owned()),
        });
        Memory {
            performed: performed.collect(),
            elapsed,
        }
    }

    fn word(decision: Decision<u8>) -> &'static str {
        match decision {
            Decision::Done => "done",
            Decision::Wait(_) => "wait",
            Decision::Act(_) => "act",
            Decision::Fail(_) => "fail",
        }
    }

    #[test]
    fn what_is_harmless_is_repeated_and_what_is_one_way_is_not() {
        use Answer::{Accepted, Ambiguous, Rejected};
        for (answers, ago, harmless, one_way) in [
            (&[][..], 0, "act", "act"),
            (&[Accepted], 1, "wait", "wait"),
            (&[Accepted], 121, "act", "wait"),
            (&[Ambiguous], 1, "wait", "wait"),
            (&[Ambiguous], 11, "act", "wait"),
            (&[Ambiguous], 121, "act", "act"),
            (&[Accepted, Ambiguous], 121, "act", "wait"),
            (&[Rejected, Rejected], 121, "act", "act"),
            (&[Rejected, Rejected, Rejected], 1, "fail", "fail"),
        ] {
            let memory = memory(answers, ago);
            assert_eq!(word(again(1, "it", &memory)), harmless, "{answers:?} {ago}");
            assert_eq!(word(once(1, "it", &memory)), one_way, "{answers:?} {ago}");
        }
    }

    #[test]
    fn a_denied_call_names_its_permission_whatever_aws_said() {
        let mut error = Error {
            kind: ErrorKind::AccessDenied,
            service: "ecs".to_owned(),
            operation: "UpdateService".to_owned(),
            region: "us-west-2".to_owned(),
            code: None,
            message: "no".to_owned(),
            request_id: None,
        };
        let told = explain(&error, "a service", "ecs:*");
        assert!(told.next.contains("allow ecs:UpdateService"), "{told}");
        "x is not authorized to perform: ecs:Other on y".clone_into(&mut error.message);
        assert!(
            explain(&error, "a service", "ecs:*")
                .next
                .contains("allow ecs:Other")
        );
    }
}
