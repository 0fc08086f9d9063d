//! Waits a while, for a reason that stands in the document.

use std::time::Duration;

use async_trait::async_trait;
use aws::{Error, Region};

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means};
use crate::message::{Message, duration_text};
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[
    Argument::required("duration", ArgumentType::Duration, "How long, such as 90s."),
    Argument::required(
        "reason",
        ArgumentType::Text,
        "What is waited for, and why nothing better tells.",
    ),
];

const EXAMPLE: &str =
    r#"{ "duration": "60s", "reason": "resolvers keep the old record for its TTL" }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Wait;

/// It changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Never {}

struct Pause {
    length: Duration,
    reason: String,
}

#[async_trait]
impl Kind for Wait {
    fn name(&self) -> &'static str {
        "wait"
    }

    fn doc(&self) -> &'static str {
        "`duration` has passed on a clock that never jumps. Only the run that waits knows how long it has waited: one \
         that continues it after a crash waits again, at most the whole duration, and so is late rather than early. \
         Changes nothing; an alarm or a probe says more than a clock. Tried on virtual time alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// A minute: the step's own `duration` says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn waits(&self, arguments: &Arguments) -> Duration {
        arguments.duration("duration").unwrap_or_default()
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        let length = arguments.duration("duration").unwrap_or_default();
        if length.is_zero() {
            return vec![parts::problem(
                "duration",
                "no time at all",
                "a duration such as 90s",
            )];
        }
        Vec::new()
    }

    fn calls(&self, _: &Arguments, _: Mode, _: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        Vec::new()
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        _: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        let length = arguments.duration("duration").unwrap_or_default();
        if length >= case.timeout {
            return Err(Message::new(
                format!(
                    "a wait of {} in a step that may take {}",
                    duration_text(length),
                    duration_text(case.timeout)
                ),
                "a timeout that is longer than the wait",
                "raise the step's timeout, or shorten the wait, and publish the plan",
            ));
        }
        Ok(Box::new(Pause {
            length,
            reason: arguments.text("reason").unwrap_or_default().to_owned(),
        }))
    }
}

#[async_trait]
impl Step for Pause {
    type Seen = ();
    type Act = Never;

    fn title(&self) -> String {
        format!(
            "{} have passed: {}",
            duration_text(self.length),
            self.reason
        )
    }

    async fn look(&self, _: Look) -> Result<(), Error> {
        Ok(())
    }

    fn decide(&self, (): &(), memory: &Memory<Never>) -> Decision<Never> {
        if memory.elapsed >= self.length {
            return Decision::Done;
        }
        Decision::Wait(format!(
            "waiting {}: {}",
            duration_text(self.length),
            self.reason
        ))
    }

    fn gates(&self, (): &()) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Never) -> Result<(), Error> {
        match *act {}
    }

    fn risk(&self, act: &Never) -> Risk {
        match *act {}
    }

    fn describe_act(&self, act: &Never) -> String {
        match *act {}
    }

    fn describe(&self, (): &()) -> String {
        format!("a wait of {}", duration_text(self.length))
    }

    fn explain(&self, error: &Error) -> Message {
        Message::new(error.to_string(), "nothing is called", "run it again")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::outcome::Outcome;
    use crate::steps::bench::{Bench, arguments, case};

    fn asked(duration: &str) -> Value {
        json!({ "duration": duration, "reason": "caches fill" })
    }

    #[test]
    fn the_whole_time_passes_and_hardly_more_whenever_it_runs() {
        let bench = Bench::new();
        for _ in 0..2 {
            let ended = bench.run(&Wait, asked("3m"), &case());
            assert_eq!(ended.outcome, Outcome::Done);
            assert!(
                ended.elapsed >= Duration::from_mins(3),
                "{:?}",
                ended.elapsed
            );
            assert!(
                ended.elapsed <= Duration::from_secs(195),
                "{:?}",
                ended.elapsed
            );
        }
    }

    #[test]
    fn a_wait_that_cannot_end_in_time_is_refused() {
        let refused = Bench::new()
            .build(&Wait, asked("30m"), &case())
            .err()
            .unwrap();
        assert!(refused.seen.contains("30 min"), "{refused}");
        assert_eq!(Wait.check(&arguments(&Wait, asked("0s")), &[]).len(), 1);
        assert_eq!(Wait.check(&arguments(&Wait, asked("1s")), &[]), []);
    }
}
