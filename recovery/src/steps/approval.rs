//! Waits for a person to say yes.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::{Aws, Error, Region};

use super::parts::{self, Past};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Approval as Answered, Case, Desk, Kind, Means, Plane};
use crate::message::{Message, duration_text};
use crate::mode::Mode;
use crate::next_move;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "question",
        ArgumentType::Text,
        "What is asked, for somebody who knows nothing yet.",
    ),
    Argument::optional(
        "topics",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "ARN of the SNS topic of each region that the question is sent to. Without it the question shows in the \
         progress alone.",
    ),
    Argument::defaulted(
        "expires",
        ArgumentType::Duration,
        "\"1h\"",
        "How long a run waits for the answer.",
    ),
];

const EXAMPLE: &str = r#"{
  "question": "Fail the shop over?",
  "topics": {
    "us-east-1": "arn:aws:sns:us-east-1:123456789012:on-call", "us-west-2": "arn:aws:sns:us-west-2:123456789012:on-call" }
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Approval;

/// `Publish` of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ask;

struct Asking {
    aws: Arc<dyn Aws>,
    desk: Arc<dyn Desk>,
    region: Region,
    topic: Option<String>,
    question: String,
    plan: String,
    execution: String,
    step: String,
    token: String,
    key: String,
    expires: Duration,
    asked_before: bool,
}

#[async_trait]
impl Kind for Approval {
    fn name(&self) -> &'static str {
        "approval"
    }

    fn doc(&self) -> &'static str {
        "A person has approved this step of this execution: the question is sent to the SNS topic of the region that \
         becomes active with a token, and `drctl approve` answers with the token. Who approved is recorded; a no fails \
         the step, and so does `expires`. An answer with another token is told and counts for nothing. The token binds \
         an answer to this question and is no secret: who may answer is decided by who may write to the plan's stores. \
         A run that continues another one has the same token and waits at most `expires` again; a message whose \
         sending was not answered is sent again. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Ten minutes: people have to wake up; a declared guess until a journal says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(10)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    /// At worst the question is read twice.
    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(
        &self,
        arguments: &Arguments,
        _: Mode,
        target: &Region,
        _: Option<&Region>,
    ) -> Vec<ApiCall> {
        let topic = arguments.text_in("topics", target);
        let call = topic.map(|_| parts::changes("sns", "Publish", target, Plane::Data));
        call.into_iter().collect()
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let topic = arguments.text_in("topics", &case.target);
        if topic.is_none() && arguments.as_json().contains_key("topics") {
            return Err(parts::names_nothing("topics", &case.target));
        }
        let key = case.idempotency_key();
        let mut token = parts::digest(&format!("{key}/{}", case.epoch));
        token.truncate(12);
        let past = case.past.iter().filter(|past| past.key == key);
        Ok(Box::new(Asking {
            aws: means.aws.clone(),
            desk: means.desk.clone(),
            region: case.target.clone(),
            topic: topic.map(str::to_owned),
            question: arguments.text("question").unwrap_or_default().to_owned(),
            plan: case.plan.clone(),
            execution: case.execution.clone(),
            step: case.step.clone(),
            token,
            asked_before: past
                .into_iter()
                .any(|past| parts::past(past) == Past::Accepted),
            key,
            expires: arguments
                .duration("expires")
                .unwrap_or(Duration::from_hours(1)),
        }))
    }
}

impl Asking {
    fn command(&self) -> String {
        next_move::approve(&self.step, &self.token, Some(&self.execution))
    }

    fn text(&self) -> String {
        format!(
            "{}\n\nPlan: {}\nExecution: {}\nStep: {}\nRegion that becomes active: {}\nExpires: {} after this message\n\n\
             Yes: {}\nNo: {} --decline\n",
            self.question,
            self.plan,
            self.execution,
            self.step,
            self.region,
            duration_text(self.expires),
            self.command(),
            self.command()
        )
    }

    fn own<'a>(&self, seen: &'a [Answered]) -> impl Iterator<Item = &'a Answered> {
        let token = self.token.clone();
        seen.iter().filter(move |answer| answer.token == token)
    }
}

#[async_trait]
impl Step for Asking {
    type Seen = Vec<Answered>;
    type Act = Ask;

    fn title(&self) -> String {
        format!("somebody approved: {}", self.question)
    }

    async fn look(&self, _: Look) -> Result<Vec<Answered>, Error> {
        self.desk.approvals(&self.step).await
    }

    fn decide(&self, seen: &Vec<Answered>, memory: &Memory<Ask>) -> Decision<Ask> {
        // One no is enough, whoever said yes before.
        if let Some(no) = self.own(seen).find(|answer| !answer.approved) {
            return Decision::Fail(Message::new(
                format!("{} declined at {}: {}", no.by, no.at, self.question),
                "an approval",
                "settle it with them; then skip the step with that reason, or start another execution",
            ));
        }
        if self.own(seen).next().is_some() {
            return Decision::Done;
        }
        let sent = memory
            .performed
            .iter()
            .any(|past| past.answer == crate::step::Answer::Accepted);
        if self.topic.is_some() && !sent && !self.asked_before {
            return parts::again(Ask, &self.describe_act(&Ask), memory);
        }
        if memory.elapsed >= self.expires {
            return Decision::Fail(Message::new(
                format!(
                    "nobody answered within {}: {}",
                    duration_text(self.expires),
                    self.question
                ),
                "an approval",
                format!("{}, then run it again", self.command()),
            ));
        }
        Decision::Wait(format!(
            "waiting for an approval: {} ({})",
            self.question,
            self.command()
        ))
    }

    fn gates(&self, _: &Vec<Answered>) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, _: &Ask) -> Result<(), Error> {
        let Some(topic) = &self.topic else {
            return Ok(());
        };
        let subject = format!("Approval needed: {}", self.plan);
        let topics = self.aws.topics(&self.region)?;
        topics.publish(topic, &subject, &self.text()).await?;
        Ok(())
    }

    fn risk(&self, _: &Ask) -> Risk {
        Risk::Harmless
    }

    fn describe_act(&self, _: &Ask) -> String {
        let topic = self.topic.as_deref().unwrap_or("nothing");
        format!("Publish the question to {topic} in {}", self.region)
    }

    fn idempotency_key(&self, _: &Ask) -> Option<String> {
        Some(self.key.clone())
    }

    fn warnings(&self, seen: &Vec<Answered>) -> Vec<String> {
        let foreign = seen.iter().filter(|answer| answer.token != self.token);
        foreign
            .map(|answer| {
                format!(
                    "an answer by {} at {} carries another token and does not count",
                    answer.by, answer.at
                )
            })
            .collect()
    }

    fn describe(&self, seen: &Vec<Answered>) -> String {
        let answers = self.own(seen).map(|answer| {
            let word = if answer.approved {
                "approved"
            } else {
                "declined"
            };
            format!("{word} by {} at {}", answer.by, answer.at)
        });
        let answers: Vec<_> = answers.collect();
        if answers.is_empty() {
            return "nobody has answered".to_owned();
        }
        answers.join(", ")
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(
            error,
            "the topic that the question is sent to",
            "sns:Publish",
        )
    }
}
