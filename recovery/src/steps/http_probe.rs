//! Waits until a URL of the region that becomes active answers well, several times in a row.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use aws::{Aws, Error, Region};

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "urls",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "What is asked for each region; without credentials in it.",
    ),
    Argument::defaulted(
        "status",
        ArgumentType::Integer { min: 100, max: 599 },
        "200",
        "The status that is expected. Redirects are not followed.",
    ),
    Argument::optional(
        "contains",
        ArgumentType::Text,
        "Text that the answer has to contain.",
    ),
    Argument::defaulted(
        "successes",
        ArgumentType::Integer { min: 1, max: 100 },
        "3",
        "How many good answers in a row.",
    ),
    Argument::defaulted(
        "request_timeout",
        ArgumentType::Duration,
        "\"5s\"",
        "The longest that one answer may take.",
    ),
];

const EXAMPLE: &str = r#"{
  "urls": { "us-east-1": "https://east.shop.example/health", "us-west-2": "https://west.shop.example/health" },
  "contains": "ok"
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct HttpProbe;

/// It changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Never {}

#[derive(Clone, Debug)]
struct Seen {
    in_a_row: u32,
    last: String,
}

struct Probe {
    aws: Arc<dyn Aws>,
    url: String,
    status: i64,
    contains: Option<String>,
    successes: u32,
    request_timeout: Duration,
    in_a_row: AtomicU32,
}

#[async_trait]
impl Kind for HttpProbe {
    fn name(&self) -> &'static str {
        "http_probe"
    }

    fn doc(&self) -> &'static str {
        "The URL given for the region that becomes active answers with the expected status and text, `successes` \
         times in a row, asked from where the plan is run. Any other answer, and none, begins the row anew until the \
         step's time is over; so does another run. Changes nothing. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover]
    }

    /// Five seconds: three answers of a healthy application, with the runner's first pauses between them.
    fn usual_duration(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        let urls = regions
            .iter()
            .filter_map(|region| Some((region, arguments.text_in("urls", region)?)));
        let bad = urls.filter_map(|(region, url)| bad_url(&format!("urls.{region}"), url));
        bad.collect()
    }

    /// It calls no AWS API.
    fn calls(&self, _: &Arguments, _: Mode, _: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        Vec::new()
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        let url = arguments.text_in("urls", &case.target);
        let url = url.ok_or_else(|| parts::names_nothing("urls", &case.target))?;
        let successes = arguments
            .integer("successes")
            .and_then(|count| u32::try_from(count).ok());
        Ok(Box::new(Probe {
            aws: means.aws.clone(),
            url: url.to_owned(),
            status: arguments.integer("status").unwrap_or(200),
            contains: arguments.text("contains").map(str::to_owned),
            successes: successes.unwrap_or(3),
            request_timeout: arguments
                .duration("request_timeout")
                .unwrap_or(Duration::from_secs(5)),
            in_a_row: AtomicU32::new(0),
        }))
    }
}

/// What is wrong with a URL: documents are published, so no credentials stand in them.
pub(crate) fn bad_url(path: &str, url: &str) -> Option<(String, Message)> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    let fits = host.is_some_and(|host| !host.is_empty() && !host.contains('@'));
    if fits && !url.contains(char::is_whitespace) {
        return None;
    }
    // The URL itself is not shown: it may hold a password.
    let expected = "a URL such as https://shop.example/health, without user and password";
    Some(parts::problem(path, "no such URL", expected))
}

#[async_trait]
impl Step for Probe {
    type Seen = Seen;
    type Act = Never;

    fn title(&self) -> String {
        format!(
            "{} answers {} {} times in a row",
            self.url, self.status, self.successes
        )
    }

    /// No answer is an answer here, and begins the row anew.
    async fn look(&self, _: Look) -> Result<Seen, Error> {
        let answer = self.aws.web()?.get(&self.url, self.request_timeout).await;
        let (good, last) = match answer {
            Err(error) => (false, error.to_string()),
            Ok(answer) if i64::from(answer.status) != self.status => {
                (false, format!("status {}", answer.status))
            }
            Ok(answer) => match &self.contains {
                Some(text) if !answer.body.contains(text) => (
                    false,
                    format!("status {} without the text expected", answer.status),
                ),
                _ => (true, format!("status {}", answer.status)),
            },
        };
        let in_a_row = if good {
            self.in_a_row.load(Ordering::Relaxed).saturating_add(1)
        } else {
            0
        };
        self.in_a_row.store(in_a_row, Ordering::Relaxed);
        Ok(Seen { in_a_row, last })
    }

    fn decide(&self, seen: &Seen, _: &Memory<Never>) -> Decision<Never> {
        if seen.in_a_row >= self.successes {
            return Decision::Done;
        }
        Decision::Wait(self.describe(seen))
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
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

    fn describe(&self, seen: &Seen) -> String {
        format!(
            "{}: {}; {} of {} good answers in a row",
            self.url, seen.last, seen.in_a_row, self.successes
        )
    }

    fn explain(&self, error: &Error) -> Message {
        Message::new(
            error.to_string(),
            format!("an answer of {}", self.url),
            "run it again",
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::outcome::Outcome;
    use crate::steps::bench::{Bench, EAST, WEST, arguments, case, told, unknown_region, west};

    const URL: &str = "https://west.example/health";

    fn asked() -> Value {
        json!({ "urls": { EAST: "https://east.example/health", WEST: URL }, "contains": "up" })
    }

    #[test]
    fn only_good_answers_in_a_row_are_enough() {
        let bench = Bench::new();
        let answers = [
            (503, "up"),
            (200, "up"),
            (200, "up"),
            (0, ""),
            (200, "down"),
            (200, "up"),
        ];
        for (status, body) in answers {
            bench.fake.answer_web(URL, status, body);
        }
        let ended = bench.run(&HttpProbe, asked(), &case());
        assert_eq!(ended.outcome, Outcome::Done);
        assert!(ended.world.unwrap().contains("3 of 3"));
    }

    #[test]
    fn silence_and_wrong_answers_are_waited_for_no_longer_than_the_step_may_take() {
        for (status, body, word) in [
            (0, "", "connection refused"),
            (500, "up", "status 500"),
            (200, "no", "without"),
        ] {
            let bench = Bench::new();
            bench.fake.answer_web(URL, status, body);
            let ended = bench.run(&HttpProbe, asked(), &case());
            assert!(matches!(ended.outcome, Outcome::TimedOut(_)), "{word}");
            assert!(told(&ended).seen.contains(word), "{}", told(&ended));
            assert!(ended.elapsed <= case().timeout + Duration::from_secs(1));
        }
    }

    #[test]
    fn bad_input_is_told_without_the_password() {
        unknown_region(&HttpProbe, asked());
        for (url, fits) in [
            ("https://a.example", true),
            ("http://a.example:8080/x?y=a@b", true),
            ("ftp://a.example", false),
            ("https://", false),
            ("https://ana:hunter2@a.example/", false),
            ("https://a.example/ b", false),
        ] {
            let arguments = arguments(&HttpProbe, json!({ "urls": { WEST: url } }));
            let problems = HttpProbe.check(&arguments, &[west()]);
            assert_eq!(problems.is_empty(), fits, "{url}");
            assert!(!format!("{problems:?}").contains("hunter2"));
        }
    }
}
