//! Sends a message to an SNS topic of the region that becomes active.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::{Aws, Error, Region};

use super::parts::{self, Past};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Answer, Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "topics",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "ARN of the topic of each region.",
    ),
    Argument::required(
        "subject",
        ArgumentType::Text,
        "The subject: up to 100 ASCII characters in one line.",
    ),
    Argument::required(
        "message",
        ArgumentType::Text,
        "The text; plan, execution and regions are added.",
    ),
];

/// The longest subject (Amazon SNS API Reference, `Publish`: less than 100 characters, ASCII, no line breaks).
const LONGEST_SUBJECT: usize = 99;

const EXAMPLE: &str = r#"{
  "topics": {
    "us-east-1": "arn:aws:sns:us-east-1:123456789012:on-call", "us-west-2": "arn:aws:sns:us-west-2:123456789012:on-call" },
  "subject": "The shop has moved", "message": "Watch its dashboards."
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Notify;

/// `Publish`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Publish;

struct Notice {
    aws: Arc<dyn Aws>,
    region: Region,
    topic: String,
    subject: String,
    text: String,
    key: String,
    sent_before: bool,
}

#[async_trait]
impl Kind for Notify {
    fn name(&self) -> &'static str {
        "notify"
    }

    fn doc(&self) -> &'static str {
        "A message was published to the SNS topic of the region that becomes active. Whether it was cannot be observed: \
         a run that continues another one goes by the journal, and where that has no answer the message is sent again, \
         with the same key in its text. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    /// Two seconds: one call.
    fn usual_duration(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    /// At worst it is read twice.
    fn harmless_twice(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        let subject = arguments.text("subject").unwrap_or_default();
        let printable = subject
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if printable && subject.len() <= LONGEST_SUBJECT && !subject.starts_with(' ') {
            return Vec::new();
        }
        let seen = format!(
            "{} characters, not all allowed or too many",
            subject.chars().count()
        );
        let expected =
            format!("up to {LONGEST_SUBJECT} ASCII characters in one line, no space first");
        vec![parts::problem("subject", seen, expected)]
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        vec![parts::changes("sns", "Publish", target, Plane::Data)]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let topic = arguments.text_in("topics", &case.target);
        let topic = topic.ok_or_else(|| parts::names_nothing("topics", &case.target))?;
        let key = case.idempotency_key();
        let message = arguments.text("message").unwrap_or_default();
        let from = case.from.as_ref().map_or("unknown", Region::as_str);
        let text = format!(
            "{message}\n\nPlan: {}\nExecution: {} ({})\nFrom: {from}\nTo: {}\nKey: {key}\n",
            case.plan, case.execution, case.mode, case.target
        );
        let mut past = case.past.iter().filter(|past| past.key == key);
        Ok(Box::new(Notice {
            aws: means.aws.clone(),
            region: case.target.clone(),
            topic: topic.to_owned(),
            subject: arguments.text("subject").unwrap_or_default().to_owned(),
            text,
            sent_before: past.any(|past| parts::past(past) == Past::Accepted),
            key,
        }))
    }
}

#[async_trait]
impl Step for Notice {
    type Seen = ();
    type Act = Publish;

    fn title(&self) -> String {
        format!(
            "a message was published to {} in {}",
            self.topic, self.region
        )
    }

    async fn look(&self, _: Look) -> Result<(), Error> {
        Ok(())
    }

    fn decide(&self, (): &(), memory: &Memory<Publish>) -> Decision<Publish> {
        let sent = memory
            .performed
            .iter()
            .any(|past| past.answer == Answer::Accepted);
        if sent || self.sent_before {
            return Decision::Done;
        }
        parts::again(Publish, &self.describe_act(&Publish), memory)
    }

    fn gates(&self, (): &()) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, _: &Publish) -> Result<(), Error> {
        let topics = self.aws.topics(&self.region)?;
        topics
            .publish(&self.topic, &self.subject, &self.text)
            .await?;
        Ok(())
    }

    fn risk(&self, _: &Publish) -> Risk {
        Risk::Harmless
    }

    fn describe_act(&self, _: &Publish) -> String {
        format!(
            "Publish {:?} to {} in {}",
            self.subject, self.topic, self.region
        )
    }

    fn idempotency_key(&self, _: &Publish) -> Option<String> {
        Some(self.key.clone())
    }

    fn describe(&self, (): &()) -> String {
        format!("{:?} to {}", self.subject, self.topic)
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(error, &format!("the topic {}", self.topic), "sns:Publish")
    }
}

#[cfg(test)]
mod tests {
    use aws::faults::{Fault, Schedule};
    use serde_json::{Value, json};

    use super::*;
    use crate::kind::PastAct;
    use crate::outcome::Outcome;
    use crate::steps::bench::{
        Bench, EAST, WEST, arguments, case, denied, survives, told, unknown_region, west,
    };

    fn asked() -> Value {
        json!({ "topics": { EAST: "arn:east", WEST: "arn:west" }, "subject": "Moved", "message": "We moved." })
    }

    fn prepare(bench: &Bench) {
        bench.fake.add_topic(&west(), "arn:west");
    }

    #[test]
    fn it_is_sent_once_and_again_only_where_nobody_knows() {
        for (answer, count) in [
            (None, 1),
            (Some(Some("accepted")), 0),
            (Some(None), 1),
            (Some(Some("unclear: x")), 1),
        ] {
            let bench = Bench::new();
            prepare(&bench);
            let mut case = case();
            let key = case.idempotency_key();
            case.past.extend(answer.map(|answer: Option<&str>| PastAct {
                key: key.clone(),
                answer: answer.map(str::to_owned),
            }));
            let ended = bench.run(&Notify, asked(), &case);
            assert!(ended.outcome.is_done());
            assert_eq!(bench.fake.published().len(), count, "{answer:?}");
            assert!(
                bench
                    .fake
                    .published()
                    .iter()
                    .all(|it| it.text.contains(&key))
            );
        }
    }

    #[test]
    fn passing_faults_never_fail_it() {
        for bench in survives(&Notify, &asked(), &case(), prepare) {
            assert!(!bench.fake.published().is_empty());
        }
        let bench = Bench::with(Schedule::calm().then("Publish", 0, Fault::Throttle));
        prepare(&bench);
        assert_eq!(bench.run(&Notify, asked(), &case()).outcome, Outcome::Done);
        assert_eq!(bench.fake.published().len(), 1);
    }

    #[test]
    fn bad_input_is_told() {
        denied(&Notify, &asked(), &case(), prepare, "sns:Publish");
        unknown_region(&Notify, asked());
        let ended = Bench::new().run(&Notify, asked(), &case());
        assert!(
            told(&ended).seen.contains("arn:west was not found"),
            "{}",
            told(&ended)
        );
        for (subject, fits) in [
            ("Moved", true),
            ("a\nb", false),
            ("ä", false),
            (&*"x".repeat(100), false),
        ] {
            let arguments = arguments(&Notify, json!({ "subject": subject }));
            assert_eq!(Notify.check(&arguments, &[]).is_empty(), fits, "{subject}");
        }
    }
}
