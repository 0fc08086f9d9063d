//! Quiet writers as a kind of step.

use std::time::Duration;

use async_trait::async_trait;
use aws::Region;
use serde_json::{Map, Value, json};

use super::super::databases::{control, metric_data};
use super::{QuiesceWriters, ServiceName, Writers, observe};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::kind::{ApiCall, Case, Kind, Means};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;

/// `quiesce_writers`.
pub struct QuiesceWritersKind;

const SERVICE: &[Argument] = &[
    Argument::required("cluster", ArgumentType::Text, "Its ECS cluster."),
    Argument::required("service", ArgumentType::Text, "Its name."),
];

const ARGUMENTS: &[Argument] = &[
    Argument::optional(
        "services",
        ArgumentType::ByRegion(&ArgumentType::ObjectList(SERVICE)),
        "ECS services of each region that write.",
    ),
    Argument::optional(
        "groups",
        ArgumentType::ByRegion(&ArgumentType::TextList),
        "Auto Scaling groups of each region that write.",
    ),
    Argument::required(
        "instances",
        ArgumentType::ByRegion(&ArgumentType::TextList),
        "Database instances of each region whose connections have to end: RDS instances, or the writer instances of \
         Aurora clusters.",
    ),
];

fn writers(arguments: &Arguments, region: &Region) -> Writers {
    let texts = |name: &str| {
        let texts = arguments.texts_in(name, region).into_iter();
        texts.map(str::to_owned).collect()
    };
    let services = arguments
        .in_region("services", region)
        .and_then(Value::as_array);
    let services = services.into_iter().flatten().filter_map(|service| {
        Some(ServiceName {
            cluster: service.get("cluster")?.as_str()?.to_owned(),
            service: service.get("service")?.as_str()?.to_owned(),
        })
    });
    Writers {
        region: region.clone(),
        services: services.collect(),
        groups: texts("groups"),
        instances: texts("instances"),
    }
}

#[async_trait]
impl Kind for QuiesceWritersKind {
    fn name(&self) -> &'static str {
        "quiesce_writers"
    }

    fn doc(&self) -> &'static str {
        "Nothing in the region that is left writes any more: the minimum of each service's autoscaling and its \
         desired count are 0 (RegisterScalableTarget, UpdateService), the groups' minimum and desired size too \
         (UpdateAutoScalingGroup), nothing runs, and its databases showed no connection for two minutes after that \
         (DatabaseConnections). The previous sizes stand in the record of each act; what ran in peace is in the \
         observations. Something else that connects (a person, a monitor) keeps it waiting, and is told with its \
         number. Scheduled scaling that raises the minimum again is not looked at. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Switchover]
    }

    /// A task has 30 s to end by default (Amazon ECS Developer Guide, `stopTimeout`), targets are deregistered over
    /// five minutes at most by default, and the metric needs two minutes.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(6)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        let empty = regions
            .iter()
            .filter(|region| writers(arguments, region).instances.is_empty());
        empty
            .map(|region| {
                let message = Message::new(
                    format!("no instance of {region}"),
                    "at least one whose connections show that nobody writes",
                    "name the writer instance",
                );
                (format!("instances.{region}"), message)
            })
            .collect()
    }

    fn calls(
        &self,
        arguments: &Arguments,
        _: Mode,
        _: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let Some(from) = from else {
            return Vec::new();
        };
        let writers = writers(arguments, from);
        let mut calls = vec![metric_data(from, true)];
        if !writers.services.is_empty() {
            let scaling = "application-autoscaling";
            calls.push(control("ecs", "DescribeServices", from, false, true));
            calls.push(control("ecs", "UpdateService", from, true, true));
            calls.push(control(
                scaling,
                "DescribeScalableTargets",
                from,
                false,
                true,
            ));
            calls.push(control(scaling, "RegisterScalableTarget", from, true, true));
        }
        if !writers.groups.is_empty() {
            calls.push(control(
                "autoscaling",
                "DescribeAutoScalingGroups",
                from,
                false,
                true,
            ));
            calls.push(control(
                "autoscaling",
                "UpdateAutoScalingGroup",
                from,
                true,
                true,
            ));
        }
        calls
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        let Some(from) = &case.from else {
            return Err(Message::new(
                "which region is active is not known",
                "one region whose writers are stopped",
                "see what the authority step shows; a switchover needs one active region",
            ));
        };
        if !case.answers(from) {
            return Err(Message::new(
                format!("{from} is declared lost"),
                "a region that answers: a switchover stops its writers",
                "run a failover",
            ));
        }
        let left = (*from != case.target).then(|| writers(arguments, from));
        Ok(Box::new(QuiesceWriters {
            aws: means.aws.clone(),
            clock: means.clock.clone(),
            writers: left,
            case: case.clone(),
        }))
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let writers = writers(arguments, region);
        let (aws, clock) = (means.aws.as_ref(), means.clock.as_ref());
        let seen = observe::look(aws, clock, Some(&writers)).await.ok()?;
        let services: Map<String, Value> = seen
            .services
            .iter()
            .map(|it| {
                let figures = json!({
                    "desired": it.service.desired,
                    "running": it.service.running,
                    "minimum": it.bounds.map(|bounds| bounds.minimum),
                    "maximum": it.bounds.map(|bounds| bounds.maximum),
                });
                (format!("{}/{}", it.name.cluster, it.name.service), figures)
            })
            .collect();
        let groups: Map<String, Value> = seen
            .groups
            .iter()
            .map(|it| {
                let figures = json!({
                    "desired": it.desired,
                    "in_service": it.in_service,
                    "minimum": it.minimum,
                    "maximum": it.maximum,
                });
                (it.name.clone(), figures)
            })
            .collect();
        Some(json!({ "services": services, "groups": groups }))
    }
}
