//! Waits until a CloudWatch alarm of the region that becomes active is OK.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::metrics::AlarmState;
use aws::{Aws, Error, Region};

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[Argument::required(
    "alarms",
    ArgumentType::ByRegion(&ArgumentType::Text),
    "The alarm's name in each region.",
)];

const EXAMPLE: &str = r#"{ "alarms": { "us-east-1": "shop-errors", "us-west-2": "shop-errors" } }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Alarm;

/// It changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Never {}

struct Watch {
    aws: Arc<dyn Aws>,
    region: Region,
    alarm: String,
}

#[async_trait]
impl Kind for Alarm {
    fn name(&self) -> &'static str {
        "alarm"
    }

    fn doc(&self) -> &'static str {
        "The alarm of the region that becomes active is OK. ALARM and INSUFFICIENT_DATA are waited for until the step's \
         time is over. Changes nothing. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Two minutes: an alarm of one period of a minute, evaluated each minute.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(2)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        vec![parts::reads(
            "cloudwatch",
            "DescribeAlarms",
            target,
            Plane::Control,
        )]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let alarm = arguments.text_in("alarms", &case.target);
        let alarm = alarm.ok_or_else(|| parts::names_nothing("alarms", &case.target))?;
        Ok(Box::new(Watch {
            aws: means.aws.clone(),
            region: case.target.clone(),
            alarm: alarm.to_owned(),
        }))
    }
}

#[async_trait]
impl Step for Watch {
    type Seen = AlarmState;
    type Act = Never;

    fn title(&self) -> String {
        format!("the alarm {} in {} is OK", self.alarm, self.region)
    }

    async fn look(&self, _: Look) -> Result<AlarmState, Error> {
        self.aws.metrics(&self.region)?.alarm(&self.alarm).await
    }

    fn decide(&self, seen: &AlarmState, _: &Memory<Never>) -> Decision<Never> {
        match seen {
            AlarmState::Ok => Decision::Done,
            AlarmState::Alarm | AlarmState::InsufficientData => Decision::Wait(self.describe(seen)),
        }
    }

    fn gates(&self, _: &AlarmState) -> Vec<GateResult> {
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

    fn describe(&self, seen: &AlarmState) -> String {
        let word = match seen {
            AlarmState::Ok => "OK",
            AlarmState::Alarm => "ALARM",
            AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        };
        format!("the alarm {} in {} is {word}", self.alarm, self.region)
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(
            error,
            &format!("the alarm {}", self.alarm),
            "cloudwatch:DescribeAlarms",
        )
    }
}

#[cfg(test)]
mod tests {
    use aws::ErrorKind;
    use serde_json::{Value, json};

    use super::*;
    use crate::outcome::Outcome;
    use crate::steps::bench::{Bench, EAST, WEST, case, told, unknown_region, west};

    fn asked() -> Value {
        json!({ "alarms": { EAST: "errors", WEST: "errors" } })
    }

    fn bench(states: &[AlarmState]) -> Bench {
        let bench = Bench::new();
        let place = (west(), "errors".to_owned());
        bench
            .doubles
            .alarms
            .lock()
            .unwrap()
            .insert(place, states.to_vec());
        bench
    }

    #[test]
    fn ok_alone_is_done() {
        use AlarmState::{Alarm as Red, InsufficientData, Ok as Green};
        let bench = bench(&[Red, InsufficientData, Green]);
        assert_eq!(bench.run(&Alarm, asked(), &case()).outcome, Outcome::Done);
        for (state, word) in [(Red, "is ALARM"), (InsufficientData, "INSUFFICIENT_DATA")] {
            let ended = self::bench(&[state]).run(&Alarm, asked(), &case());
            assert!(matches!(ended.outcome, Outcome::TimedOut(_)));
            assert!(told(&ended).seen.contains(word), "{}", told(&ended));
        }
    }

    #[test]
    fn throttling_is_waited_out_and_bad_input_is_told() {
        for kind in [
            ErrorKind::Throttled,
            ErrorKind::Unavailable,
            ErrorKind::Unreachable,
        ] {
            let bench = bench(&[AlarmState::Ok]);
            bench.doubles.errors.lock().unwrap().push(kind);
            let ended = bench.run(&Alarm, asked(), &case());
            assert!(ended.outcome.is_done(), "{kind:?}");
        }
        let bench = bench(&[AlarmState::Ok]);
        bench
            .doubles
            .errors
            .lock()
            .unwrap()
            .push(ErrorKind::AccessDenied);
        let ended = bench.run(&Alarm, asked(), &case());
        assert!(
            told(&ended)
                .next
                .contains("allow cloudwatch:DescribeAlarms"),
            "{}",
            told(&ended)
        );
        let ended = Bench::new().run(&Alarm, asked(), &case());
        assert!(told(&ended).seen.contains("NotFound"), "{}", told(&ended));
        unknown_region(&Alarm, asked());
    }
}
