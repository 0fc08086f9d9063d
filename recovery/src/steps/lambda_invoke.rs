//! Calls a function in the region that becomes active, once.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::{Aws, Error, ErrorKind, Region};
use serde_json::{Map, Value, json};

use super::parts::{self, Past};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Approval, Case, Desk, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::next_move;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Answer, Decision, Look, Memory, Step};

const PERMISSIONS: &str = "lambda:InvokeFunction";

/// The code of an answer in which the function itself failed.
const FUNCTION_ERROR: &str = "FunctionError";

/// Members of the payload that the step writes.
const OWN: [&str; 2] = ["idempotency_key", "failover"];

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "functions",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "The function of each region, by name or ARN.",
    ),
    Argument::defaulted(
        "payload",
        ArgumentType::Text,
        "\"{}\"",
        "A JSON object; idempotency_key and failover (plan, execution, step, mode, target, from) are added to it.",
    ),
    Argument::defaulted(
        "repeatable",
        ArgumentType::Flag,
        "false",
        "Whether calling it again does no harm when its answer was lost. Otherwise the operator is asked.",
    ),
];

const EXAMPLE: &str = r#"{ "functions": { "us-east-1": "warm-caches", "us-west-2": "warm-caches" }, "repeatable": true }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct LambdaInvoke;

/// `Invoke`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Invoke;

struct Invocation {
    aws: Arc<dyn Aws>,
    desk: Arc<dyn Desk>,
    region: Region,
    function: String,
    payload: String,
    repeatable: bool,
    step: String,
    key: String,
    past: Vec<Past>,
}

#[async_trait]
impl Kind for LambdaInvoke {
    fn name(&self) -> &'static str {
        "lambda_invoke"
    }

    fn doc(&self) -> &'static str {
        "The function of the region that becomes active answered without an error, within 90 s. The payload carries \
         an idempotency_key that is the same whenever this step of this execution calls it. What the function does \
         cannot be observed: a call whose answer was lost, or that an earlier run began without an answer in the \
         journal, or that failed within the function, is repeated only with `repeatable`; otherwise the operator is \
         asked (`drctl approve` or decline with the token that is shown) until the step's time is over. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Half a minute: a declared guess until a journal says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        false
    }

    fn one_way(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        match object(arguments) {
            Ok(_) => Vec::new(),
            Err(why) => vec![parts::problem(
                "payload",
                why,
                format!("a JSON object without the members {}", OWN.join(" and ")),
            )],
        }
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        vec![parts::changes(
            "lambda",
            "InvokeFunction",
            target,
            Plane::Data,
        )]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let function = arguments.text_in("functions", &case.target);
        let function = function.ok_or_else(|| parts::names_nothing("functions", &case.target))?;
        let key = case.idempotency_key();
        let past = case.past.iter().filter(|past| past.key == key).map(|past| {
            let failed_within = past
                .answer
                .as_ref()
                .is_some_and(|text| text.contains(FUNCTION_ERROR));
            if failed_within {
                Past::Unclear
            } else {
                parts::past(past)
            }
        });
        Ok(Box::new(Invocation {
            aws: means.aws.clone(),
            desk: means.desk.clone(),
            region: case.target.clone(),
            function: function.to_owned(),
            payload: payload(arguments, case, &key)?,
            repeatable: arguments.flag("repeatable"),
            step: case.step.clone(),
            past: past.collect(),
            key,
        }))
    }
}

fn object(arguments: &Arguments) -> Result<Map<String, Value>, String> {
    let text = arguments.text("payload").unwrap_or("{}");
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) if OWN.iter().any(|own| members.contains_key(*own)) => {
            Err(format!("a member of {}", OWN.join(" and ")))
        }
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("JSON that is no object".to_owned()),
        Err(error) => Err(format!(
            "no JSON: line {}, column {}",
            error.line(),
            error.column()
        )),
    }
}

fn payload(arguments: &Arguments, case: &Case, key: &str) -> Result<String, Message> {
    let expected = "a JSON object";
    let mut members = object(arguments)
        .map_err(|why| Message::new(why, expected, "correct payload in the document"))?;
    let failover = json!({
        "plan": case.plan,
        "execution": case.execution,
        "step": case.step,
        "mode": case.mode.name(),
        "target": case.target.as_str(),
        "from": case.from.as_ref().map(Region::as_str),
    });
    members.insert("idempotency_key".to_owned(), Value::from(key));
    members.insert("failover".to_owned(), failover);
    Ok(Value::Object(members).to_string())
}

impl Invocation {
    /// A call may have been made without anybody knowing how it ended.
    fn ask(&self, unclear: usize, approvals: &[Approval]) -> Decision<Invoke> {
        // Each unclear call is asked about by itself: a yes to the first is none to the second.
        let token = format!("repeat-{unclear}");
        let answer = approvals
            .iter()
            .rev()
            .find(|approval| approval.token == token);
        match answer {
            Some(approval) if approval.approved => Decision::Act(Invoke),
            Some(approval) => Decision::Fail(Message::new(
                format!(
                    "{} was perhaps called, and {} does not want it repeated",
                    self.function, approval.by
                ),
                "a clear answer of the function",
                format!(
                    "if it did its work, with that as the reason: {}",
                    next_move::skip(&self.step)
                ),
            )),
            None => Decision::Wait(format!(
                "{} in {} was perhaps called with the key {} and its answer is not known. See its logs; to call it \
                 again: {}; if it did its work: {}",
                self.function,
                self.region,
                self.key,
                next_move::approve(&self.step, &token, None),
                next_move::skip(&self.step)
            )),
        }
    }
}

#[async_trait]
impl Step for Invocation {
    type Seen = Vec<Approval>;
    type Act = Invoke;

    fn title(&self) -> String {
        format!(
            "{} in {} answered without an error",
            self.function, self.region
        )
    }

    async fn look(&self, _: Look) -> Result<Vec<Approval>, Error> {
        self.desk.approvals(&self.step).await
    }

    fn decide(&self, seen: &Vec<Approval>, memory: &Memory<Invoke>) -> Decision<Invoke> {
        let now = |answer: Answer| {
            memory
                .performed
                .iter()
                .filter(move |past| past.answer == answer)
                .count()
        };
        if now(Answer::Accepted) > 0 || self.past.contains(&Past::Accepted) {
            return Decision::Done;
        }
        let before = self
            .past
            .iter()
            .filter(|past| **past == Past::Unclear)
            .count();
        let unclear = before + now(Answer::Ambiguous);
        if unclear > 0 && !self.repeatable {
            return self.ask(unclear, seen);
        }
        let words = self.describe_act(&Invoke);
        parts::again(Invoke, &words, memory)
    }

    /// What the function does is not known here; what has to be asked before it is asked by steps of their own.
    fn gates(&self, _: &Vec<Approval>) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, _: &Invoke) -> Result<(), Error> {
        let functions = self.aws.functions(&self.region)?;
        let answer = functions.invoke(&self.function, &self.payload).await?;
        let failed = match answer.function_error {
            Some(how) => format!("the function failed ({how}); its answer and logs say why"),
            None if answer.status < 300 => return Ok(()),
            None => format!("the function answered with status {}", answer.status),
        };
        Err(Error {
            kind: ErrorKind::Other,
            service: "lambda".to_owned(),
            operation: "InvokeFunction".to_owned(),
            region: self.region.to_string(),
            code: Some(FUNCTION_ERROR.to_owned()),
            message: failed,
            request_id: answer.request_id,
        })
    }

    /// Nobody here knows what it does.
    fn risk(&self, _: &Invoke) -> Risk {
        Risk::OneWay
    }

    fn answers_late(&self, _: &Invoke) -> bool {
        true
    }

    fn describe_act(&self, _: &Invoke) -> String {
        format!("Invoke {} in {}", self.function, self.region)
    }

    fn idempotency_key(&self, _: &Invoke) -> Option<String> {
        Some(self.key.clone())
    }

    fn describe(&self, _: &Vec<Approval>) -> String {
        let calls = self.past.len();
        format!(
            "{} in {}: {calls} calls by earlier runs of this execution",
            self.function, self.region
        )
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(
            error,
            &format!("the function {}", self.function),
            PERMISSIONS,
        )
    }
}
