//! Brings an ECS service of the region that becomes active to the tasks that it has to run.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::ecs::{ScalingBounds, Service};
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

const PERMISSIONS: &str = "ecs:DescribeServices, ecs:UpdateService, \
    application-autoscaling:DescribeScalableTargets and application-autoscaling:RegisterScalableTarget";

/// Cluster and service.
pub(crate) const SERVICE: &[Argument] = &[
    Argument::required(
        "cluster",
        ArgumentType::Text,
        "The cluster, by name or ARN.",
    ),
    Argument::required("service", ArgumentType::Text, "The service, by name."),
];

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "services",
        ArgumentType::ByRegion(&ArgumentType::Object(SERVICE)),
        "The service of each region.",
    ),
    PERCENT,
    FLOOR,
];

const EXAMPLE: &str = r#"{
  "services": {
    "us-east-1": { "cluster": "shop", "service": "web" }, "us-west-2": { "cluster": "shop", "service": "web" } },
  "floor": 2
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct EcsServiceCapacity;

/// What it can do. Nothing here ever asks for fewer tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    /// Raise the minimum of its autoscaling; the maximum stays.
    Minimum { minimum: u32, maximum: u32 },
    /// Ask for so many tasks.
    Desired(u32),
}

#[derive(Clone, Debug)]
struct Seen {
    service: Service,
    bounds: Option<ScalingBounds>,
}

struct Capacity {
    aws: Arc<dyn Aws>,
    region: Region,
    cluster: String,
    service: String,
    need: Result<Need, Message>,
}

#[async_trait]
impl Kind for EcsServiceCapacity {
    fn name(&self) -> &'static str {
        "ecs_service_capacity"
    }

    fn doc(&self) -> &'static str {
        "The ECS service of the region that becomes active runs `percent` of what the old region ran in the newest \
         observation, or `floor` tasks. The minimum of its autoscaling is raised first, then its desired count; \
         neither is ever lowered, and the maximum is left alone: one that is too small fails before anything is \
         changed. Done when that many tasks run and the deployment has not failed. Without an observation and without \
         a floor it fails and asks for one. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Three minutes: one large fleet saw 3-5 min for provisioning alone (Netflix, "Project Nimble").
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(3)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let scaling = "application-autoscaling";
        vec![
            parts::reads("ecs", "DescribeServices", target, Plane::Control),
            parts::reads(scaling, "DescribeScalableTargets", target, Plane::Control),
            parts::changes(scaling, "RegisterScalableTarget", target, Plane::Control),
            parts::changes("ecs", "UpdateService", target, Plane::Control),
        ]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let (cluster, service) = place(arguments, &case.target)
            .ok_or_else(|| parts::names_nothing("services", &case.target))?;
        Ok(Box::new(Capacity {
            aws: means.aws.clone(),
            region: case.target.clone(),
            cluster,
            service,
            need: capacity::need(arguments, case),
        }))
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let (cluster, service) = place(arguments, region)?;
        let ecs = means.aws.ecs(region).ok()?;
        let seen = ecs.describe(&cluster, &service).await.ok()?;
        let bounds = ecs.bounds(&cluster, &service).await.ok()?;
        let bounds = bounds.map(|bounds| (bounds.minimum, bounds.maximum));
        Some(capacity::figures(seen.running, seen.desired, bounds))
    }
}

fn place(arguments: &Arguments, region: &Region) -> Option<(String, String)> {
    let members = arguments.object_in("services", region)?;
    Some((
        members.text("cluster")?.to_owned(),
        members.text("service")?.to_owned(),
    ))
}

impl Capacity {
    fn name(&self) -> String {
        format!("{}/{} in {}", self.cluster, self.service, self.region)
    }

    /// What no waiting and no act of this step changes.
    fn hopeless(&self, seen: &Seen, need: &Need) -> Option<Message> {
        let service = &seen.service;
        if service.status != "ACTIVE" {
            return Some(Message::new(
                format!("the service {} is {}", self.name(), service.status),
                "an ACTIVE service",
                "create the service again, or name another one in the document",
            ));
        }
        if service.rollout == "FAILED" {
            return Some(Message::new(
                format!(
                    "the deployment {} of {} has failed",
                    service.deployment,
                    self.name()
                ),
                "a deployment whose tasks start",
                "read the service's events, deploy a revision that starts, then run it again",
            ));
        }
        let bounds = seen.bounds.filter(|bounds| bounds.maximum < need.count)?;
        let how = format!("raise the maximum of the autoscaling of {}", self.name());
        Some(maximum_too_small(&self.name(), bounds.maximum, need, &how))
    }
}

#[async_trait]
impl Step for Capacity {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        match &self.need {
            Ok(need) => format!("{} runs {} tasks or more", self.name(), need.count),
            Err(_) => format!("{} runs enough tasks", self.name()),
        }
    }

    async fn look(&self, _: Look) -> Result<Seen, Error> {
        let ecs = self.aws.ecs(&self.region)?;
        let bounds = ecs.bounds(&self.cluster, &self.service).await?;
        let service = ecs.describe(&self.cluster, &self.service).await?;
        Ok(Seen { service, bounds })
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        let need = match &self.need {
            Ok(need) => need,
            Err(message) => return Decision::Fail(message.clone()),
        };
        if let Some(message) = self.hopeless(seen, need) {
            return Decision::Fail(message);
        }
        if let Some(bounds) = seen.bounds.filter(|bounds| bounds.minimum < need.count) {
            let act = Act::Minimum {
                minimum: need.count,
                maximum: bounds.maximum,
            };
            let words = self.describe_act(&act);
            return parts::again(act, &words, memory);
        }
        let service = &seen.service;
        if service.desired < need.count {
            let act = Act::Desired(need.count);
            let words = self.describe_act(&act);
            return parts::again(act, &words, memory);
        }
        if service.running >= need.count {
            return Decision::Done;
        }
        Decision::Wait(format!(
            "{} of {} tasks run, {} start; no capacity or no image shows in the service's events",
            service.running, need.count, service.pending
        ))
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        let ecs = self.aws.ecs(&self.region)?;
        match *act {
            Act::Minimum { minimum, maximum } => {
                ecs.set_bounds(&self.cluster, &self.service, minimum, maximum)
                    .await
            }
            Act::Desired(count) => ecs.set_desired(&self.cluster, &self.service, count).await,
        }
    }

    fn risk(&self, _: &Act) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Act) -> String {
        match act {
            Act::Minimum { minimum, .. } => {
                format!("RegisterScalableTarget {} (minimum {minimum})", self.name())
            }
            Act::Desired(count) => format!("UpdateService {} (desired {count})", self.name()),
        }
    }

    fn warnings(&self, seen: &Seen) -> Vec<String> {
        let basis = self
            .need
            .as_ref()
            .ok()
            .and_then(|need| need.warning.clone());
        let suspended = seen.bounds.is_some_and(|bounds| bounds.suspended);
        let suspended = suspended.then(|| {
            format!(
                "scaling of {} is suspended: it runs what this step asks for and follows no load until somebody \
                 resumes it",
                self.name()
            )
        });
        basis.into_iter().chain(suspended).collect()
    }

    fn describe(&self, seen: &Seen) -> String {
        let Service {
            running, desired, ..
        } = seen.service;
        let bounds = seen.bounds.map_or("no autoscaling".to_owned(), |bounds| {
            format!("autoscaling {}-{}", bounds.minimum, bounds.maximum)
        });
        format!(
            "{} runs {running} of {desired} tasks, {bounds}",
            self.name()
        )
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(
            error,
            &format!("the ECS service {}", self.name()),
            PERMISSIONS,
        )
    }
}
