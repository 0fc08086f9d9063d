//! Brings an Auto Scaling group of the region that becomes active to the instances that it has to run.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::autoscaling::Group;
use aws::{Aws, Error, Region};
use serde_json::Value;

use super::capacity::{self, FLOOR, Need, PERCENT, maximum_too_small};
use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "groups",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "The group's name in each region.",
    ),
    PERCENT,
    FLOOR,
];

const EXAMPLE: &str = r#"{ "groups": { "us-east-1": "web", "us-west-2": "web" }, "floor": 2 }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct AsgCapacity;

/// Sets the sizes; never smaller ones than before.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Resize {
    minimum: u32,
    maximum: u32,
    desired: u32,
}

struct Capacity {
    aws: Arc<dyn Aws>,
    region: Region,
    group: String,
    need: Result<Need, Message>,
}

#[async_trait]
impl Kind for AsgCapacity {
    fn name(&self) -> &'static str {
        "asg_capacity"
    }

    fn doc(&self) -> &'static str {
        "The Auto Scaling group of the region that becomes active has `percent` of what the old region had in service \
         in the newest observation, or `floor` instances. Minimum and desired size are raised together and never \
         lowered; the maximum is left alone: one that is too small, or a suspended `Launch`, fails before anything is \
         changed. Other suspended processes are told. Done when that many instances are in service and healthy. \
         Without an observation and without a floor it fails and asks for one. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Five minutes: one large fleet saw 3-5 min for provisioning (Netflix, "Project Nimble"); start-up comes on top.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(5)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let service = "autoscaling";
        vec![
            parts::reads(service, "DescribeAutoScalingGroups", target, Plane::Control),
            parts::changes(service, "UpdateAutoScalingGroup", target, Plane::Control),
        ]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let group = arguments.text_in("groups", &case.target);
        let group = group.ok_or_else(|| parts::names_nothing("groups", &case.target))?;
        Ok(Box::new(Capacity {
            aws: means.aws.clone(),
            region: case.target.clone(),
            group: group.to_owned(),
            need: capacity::need(arguments, case),
        }))
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let name = arguments.text_in("groups", region)?;
        let group = means.aws.groups(region).ok()?.describe(name).await.ok()?;
        let bounds = Some((group.minimum, group.maximum));
        Some(capacity::figures(group.in_service, group.desired, bounds))
    }
}

impl Capacity {
    fn name(&self) -> String {
        format!("{} in {}", self.group, self.region)
    }

    fn hopeless(&self, group: &Group, need: &Need) -> Option<Message> {
        if group.maximum < need.count {
            let how = format!("raise the maximum of {}", self.name());
            return Some(maximum_too_small(&self.name(), group.maximum, need, &how));
        }
        let suspended = group.suspended.iter().any(|process| process == "Launch");
        (suspended && group.in_service < need.count).then(|| {
            Message::new(
                format!(
                    "{} of {} instances are in service in {}, and Launch is suspended",
                    group.in_service,
                    need.count,
                    self.name()
                ),
                "a group that may launch instances",
                format!(
                    "aws autoscaling resume-processes --auto-scaling-group-name {} --scaling-processes Launch \
                     --region {}, then run it again",
                    self.group, self.region
                ),
            )
        })
    }
}

#[async_trait]
impl Step for Capacity {
    type Seen = Group;
    type Act = Resize;

    fn title(&self) -> String {
        match &self.need {
            Ok(need) => format!(
                "{} has {} instances or more in service",
                self.name(),
                need.count
            ),
            Err(_) => format!("{} has enough instances in service", self.name()),
        }
    }

    async fn look(&self, _: Look) -> Result<Group, Error> {
        self.aws.groups(&self.region)?.describe(&self.group).await
    }

    fn decide(&self, group: &Group, memory: &Memory<Resize>) -> Decision<Resize> {
        let need = match &self.need {
            Ok(need) => need,
            Err(message) => return Decision::Fail(message.clone()),
        };
        if let Some(message) = self.hopeless(group, need) {
            return Decision::Fail(message);
        }
        if group.minimum < need.count || group.desired < need.count {
            let act = Resize {
                minimum: group.minimum.max(need.count),
                maximum: group.maximum,
                desired: group.desired.max(need.count),
            };
            let words = self.describe_act(&act);
            return parts::again(act, &words, memory);
        }
        if group.in_service >= need.count {
            return Decision::Done;
        }
        Decision::Wait(format!(
            "{} of {} instances are in service; a lack of capacity shows in the group's activities",
            group.in_service, need.count
        ))
    }

    fn gates(&self, _: &Group) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Resize) -> Result<(), Error> {
        let groups = self.aws.groups(&self.region)?;
        groups
            .resize(&self.group, act.minimum, act.maximum, act.desired)
            .await
    }

    fn risk(&self, _: &Resize) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Resize) -> String {
        format!(
            "UpdateAutoScalingGroup {} (minimum {}, desired {})",
            self.name(),
            act.minimum,
            act.desired
        )
    }

    fn warnings(&self, group: &Group) -> Vec<String> {
        let basis = self
            .need
            .as_ref()
            .ok()
            .and_then(|need| need.warning.clone());
        let suspended = (!group.suspended.is_empty()).then(|| {
            format!(
                "processes of {} are suspended until somebody resumes them: {}",
                self.name(),
                group.suspended.join(", ")
            )
        });
        basis.into_iter().chain(suspended).collect()
    }

    fn describe(&self, group: &Group) -> String {
        format!(
            "{} has {} of {} instances in service, bounds {}-{}",
            self.name(),
            group.in_service,
            group.desired,
            group.minimum,
            group.maximum
        )
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions =
            "autoscaling:DescribeAutoScalingGroups and autoscaling:UpdateAutoScalingGroup";
        parts::explain(error, &format!("the group {}", self.name()), permissions)
    }
}
