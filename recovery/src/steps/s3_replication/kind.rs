//! The backlog of a bucket as a kind of step.

use std::time::Duration;

use async_trait::async_trait;
use aws::Region;
use serde_json::{Value, json};

use super::super::databases::{left_behind, metric_data, other_regions, target_answers};
use super::{Flow, S3Replication, observe};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::Gate;
use crate::kind::{ApiCall, Case, Kind, Means};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;

/// `s3_replication`.
pub struct S3ReplicationKind;

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "buckets",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Bucket of each region.",
    ),
    Argument::required(
        "rules",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Id of the replication rule of each region's bucket, with replication metrics turned on.",
    ),
];

fn flow(arguments: &Arguments, source: &Region, destination: &Region) -> Flow {
    let text = |name: &str, region: &Region| {
        arguments
            .text_in(name, region)
            .unwrap_or_default()
            .to_owned()
    };
    Flow {
        source: (source.clone(), text("buckets", source)),
        destination: (destination.clone(), text("buckets", destination)),
        rule: text("rules", source),
    }
}

#[async_trait]
impl Kind for S3ReplicationKind {
    fn name(&self) -> &'static str {
        "s3_replication"
    }

    fn doc(&self) -> &'static str {
        "Verifies how much of what was written to the bucket of the region that is left has not arrived in the \
         target's. In a failover what is missing has to be known and within the tier's RPO, or accepted by a consent; \
         in a switchover it waits until nothing is pending for two minutes, and in reprotect the same from the target \
         to the others. Operations that failed to replicate in the last day are counted and told: they are in no \
         backlog. Needs replication metrics (OperationsPendingReplication, ReplicationLatency, \
         BytesPendingReplication, OperationsFailedReplication). Changes nothing. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    fn consents_open(&self) -> &'static [Gate] {
        &[Gate::DataAtRisk]
    }

    /// Three reads; a switchover waits for three periods of the metric.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(3)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = vec![metric_data(target, mode != Mode::Reprotect)];
        for other in &other_regions(arguments, "buckets", mode, target, from) {
            calls.push(metric_data(other, mode == Mode::Reprotect));
        }
        calls
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        target_answers(case)?;
        if case.objective.is_none() && case.mode != Mode::Switchover {
            return Err(Message::new(
                format!("the step {} has no tier", case.step),
                "a tier, whose RPO bounds the backlog",
                "give the step a tier",
            ));
        }
        let target = &case.target;
        let flows: Vec<Flow> = if case.mode == Mode::Reprotect {
            let others = case.others().filter(|region| case.answers(region));
            others
                .map(|region| flow(arguments, target, region))
                .collect()
        } else {
            let left = left_behind(case);
            left.iter()
                .map(|region| flow(arguments, region, target))
                .collect()
        };
        Ok(Box::new(S3Replication {
            aws: means.aws.clone(),
            clock: means.clock.clone(),
            flows,
            case: case.clone(),
        }))
    }

    /// What other regions' buckets have that this one has not: by bucket, pending operations.
    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let buckets = arguments.as_json().get("buckets")?.as_object()?;
        let mut figures = serde_json::Map::new();
        for source in buckets.keys().filter(|name| *name != region.as_str()) {
            let source = Region::new(source).ok()?;
            let flow = flow(arguments, &source, region);
            let bucket = flow.source.1.clone();
            let (aws, clock) = (means.aws.as_ref(), means.clock.as_ref());
            let (pending, bytes) = observe::backlog(aws, clock, &flow).await;
            figures.insert(
                bucket,
                json!({ "pending_operations": pending, "pending_bytes": bytes }),
            );
        }
        Some(Value::Object(figures))
    }
}
