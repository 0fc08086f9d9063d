//! Runs another failover plan to its end, as a part of this one.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::Region;

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::kind::{ApiCall, Case, Desk, Kind, Means};
use crate::message::Message;
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::plan_step::{ActNote, Ended, Intent, PlanStep, Preview};
use crate::risk::Risk;
use crate::runner::Context;

const ARGUMENTS: &[Argument] = &[Argument::required(
    "plan",
    ArgumentType::Text,
    "Name of the other plan. It has stores of its own in every region of this plan: its lock and its journal stand there.",
)];

/// The longest name of a plan.
const LONGEST_NAME: usize = 64;

const EXAMPLE: &str = r#"{ "plan": "billing" }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct FailoverPlan;

/// The step. It is no [`Step`](crate::step::Step): the child has its own journal, gates, lock and bounds, and one call
/// of a runner's loop would be cut off in the middle of it.
struct Child {
    desk: Arc<dyn Desk>,
    plan: String,
    case: Case,
}

#[async_trait]
impl Kind for FailoverPlan {
    fn name(&self) -> &'static str {
        "failover_plan"
    }

    fn doc(&self) -> &'static str {
        "Another plan was executed to its end, to the same region and in the same mode, as a child of this execution. \
         Each of its steps has its own gates and its own timeout, which bound this step: it is not cut off in between. \
         Plans nest three deep at most and never in a circle. What it calls is in its own document, which \
         drctl takes from --child FILE or from where drctl plan publish --child FILE put it. Tried against the fake alone, and by drctl with stores in directories."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    /// Fifteen minutes: the child's own prediction says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(15)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    /// Its steps look first: what holds is not done again.
    fn harmless_twice(&self) -> bool {
        true
    }

    /// It may have steps that are.
    fn one_way(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        let name = arguments.text("plan").unwrap_or_default();
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(letters) {
            return Vec::new();
        }
        vec![parts::problem(
            "plan",
            format!("{name:?}"),
            "a plan's name: 1-64 of a-z, 0-9 and -",
        )]
    }

    fn calls(&self, _: &Arguments, _: Mode, _: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        Vec::new()
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let plan = arguments.text("plan").unwrap_or_default();
        if plan == case.plan {
            return Err(Message::new(
                format!("the plan {plan} runs itself"),
                "another plan",
                "name another plan in the document",
            ));
        }
        Ok(Box::new(Child {
            desk: means.desk.clone(),
            plan: plan.to_owned(),
            case: case.clone(),
        }))
    }
}

impl Child {
    fn ended(outcome: Outcome) -> Ended {
        Ended {
            outcome,
            gates: Vec::new(),
            acts: Vec::new(),
            world: None,
            warnings: Vec::new(),
            unfenced: false,
            elapsed: Duration::ZERO,
        }
    }
}

#[async_trait]
impl PlanStep for Child {
    fn title(&self) -> String {
        format!("the plan {} is executed to {}", self.plan, self.case.target)
    }

    async fn run(&self, context: &Context<'_>) -> Ended {
        let started = context.clock.monotonic();
        let mut ended = if context.cancel.is_cancelled() {
            Child::ended(Outcome::Interrupted(Message::new(
                "asked to stop; nothing was begun",
                self.title(),
                "run it again: it looks first and goes on from what it sees",
            )))
        } else {
            match self.desk.run_child(&self.plan, &self.case).await {
                Ok(ended) => ended,
                Err(message) => Child::ended(Outcome::Failed(message)),
            }
        };
        ended.elapsed = context.clock.monotonic().saturating_sub(started);
        ended
    }

    async fn preview(&self) -> Result<Preview, Message> {
        let act = ActNote {
            words: format!(
                "run the plan {}: drctl plan check --to REGION --plan FILE, with its file, shows what it would do",
                self.plan
            ),
            risk: Risk::OneWay,
            key: None,
        };
        Ok(Preview {
            world: "not looked at".to_owned(),
            intent: Intent::Act(act),
            gates: Vec::new(),
            warnings: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::steps::bench::{Bench, arguments, case, told, west};

    fn asked() -> Value {
        json!({ "plan": "billing" })
    }

    #[test]
    fn the_childs_end_is_its_end() {
        let failed = || Message::new("a", "b", "c");
        for (child, done) in [
            (Ok(Outcome::Done), true),
            (Ok(Outcome::Failed(failed())), false),
            (Err(failed()), false),
        ] {
            let bench = Bench::new();
            *bench.desk.child.lock().unwrap() = Some(child);
            let ended = bench.run(&FailoverPlan, asked(), &case());
            assert_eq!(ended.outcome.is_done(), done);
            assert_eq!(*bench.desk.children.lock().unwrap(), ["billing"]);
            if !done {
                assert_eq!(told(&ended), &failed());
            }
        }
    }

    #[test]
    fn a_preview_runs_nothing() {
        let bench = Bench::new();
        let preview = bench.preview(&FailoverPlan, asked(), &case());
        assert!(matches!(preview.intent, Intent::Act(act) if act.words.contains("billing")));
        assert!(bench.desk.children.lock().unwrap().is_empty());
    }

    #[test]
    fn bad_input_is_told() {
        let bench = Bench::new();
        assert!(
            bench
                .build(&FailoverPlan, json!({ "plan": "shop" }), &case())
                .is_err()
        );
        let mut case = case();
        case.lost.insert(west());
        assert!(bench.build(&FailoverPlan, asked(), &case).is_err());
        for (name, fits) in [
            ("billing-2", true),
            ("", false),
            ("Billing", false),
            ("a/b", false),
            (&*"x".repeat(65), false),
        ] {
            let arguments = arguments(&FailoverPlan, json!({ "plan": name }));
            assert_eq!(
                FailoverPlan.check(&arguments, &[]).is_empty(),
                fits,
                "{name}"
            );
        }
    }
}
