//! The global writer as a kind of step.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws::Region;
use aws::aurora::GlobalCluster;
use serde_json::{Value, json};

use super::super::databases::{control, metric_data, other_regions, target_answers};
use super::observe::{newest_lag, region_of};
use super::{AuroraGlobalWriter, Request};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::Gate;
use crate::kind::{ApiCall, Case, Kind, Means, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;

/// `aurora_global_writer`.
pub struct AuroraGlobalWriterKind;

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "global_cluster",
        ArgumentType::Text,
        "Identifier of the Aurora global cluster.",
    ),
    Argument::required(
        "clusters",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Identifier or ARN of the cluster of each region.",
    ),
];

async fn described(
    arguments: &Arguments,
    regions: &[Region],
    means: &Means,
) -> Result<GlobalCluster, String> {
    let id = arguments.text("global_cluster").unwrap_or_default();
    let mut why = "no region to ask".to_owned();
    for region in regions {
        let answer = match means.aws.global_clusters(region) {
            Ok(clusters) => clusters.describe(id).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(global) => return Ok(global),
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

#[async_trait]
impl Kind for AuroraGlobalWriterKind {
    fn name(&self) -> &'static str {
        "aurora_global_writer"
    }

    fn doc(&self) -> &'static str {
        "The target's cluster is the writer of the global cluster. In a switchover SwitchoverGlobalCluster, asked in \
         the writer's region; in a failover FailoverGlobalCluster with AllowDataLoss, asked in the target's. Before: \
         the writer is where the plan thinks, the target is available, of the same version and has an instance (a \
         headless one is refused before anything starts); in a failover also what would be lost is known \
         (AuroraGlobalDBRPOLag) and within the tier's RPO, and the old writer is fenced: AWS does that at best effort \
         only, so without a proof a consent of risk \"unfenced\" decides. Done is an available global cluster whose \
         writer is the target, with no failover state. A snapshot of lost writes is copied as soon as the old region \
         shows it; reprotect waits for that copy. Tried against a fake with AWS's order of states and, without a plan around it, in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Reprotect looks for lost writes once the old region is back.
    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    /// One team measured about eight minutes
    /// (<https://github.com/keycloak/keycloak-benchmark/issues/445>); AWS says "a few minutes".
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(8)
    }

    /// A writer cannot be made the writer again, and the step looks first.
    fn harmless_twice(&self) -> bool {
        true
    }

    fn one_way(&self) -> bool {
        true
    }

    fn consents_open(&self) -> &'static [Gate] {
        &[Gate::DataAtRisk, Gate::Fenced]
    }

    fn can_be_authority(&self) -> bool {
        true
    }

    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = vec![
            control("rds", "DescribeGlobalClusters", target, false, true),
            control("rds", "DescribeDBClusters", target, false, true),
        ];
        if mode == Mode::Failover {
            calls.push(control("rds", "FailoverGlobalCluster", target, true, true));
            calls.push(metric_data(target, true));
        }
        // The writer is described wherever it is, also where the plan does not think it is.
        for other in &other_regions(arguments, "clusters", mode, target, None) {
            let left = from.is_none_or(|from| from == other);
            let needed = mode == Mode::Switchover && left;
            calls.push(control("rds", "DescribeDBClusters", other, false, needed));
            if needed {
                calls.push(control("rds", "SwitchoverGlobalCluster", other, true, true));
            }
            if mode != Mode::Switchover {
                let needed = mode == Mode::Reprotect;
                let (list, copy) = ("DescribeDBClusterSnapshots", "CopyDBClusterSnapshot");
                calls.push(control("rds", list, other, false, needed));
                calls.push(control("rds", copy, other, true, needed));
                calls.push(metric_data(other, false));
            }
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
        let clusters = case.regions.iter().filter_map(|region| {
            let cluster = arguments.text_in("clusters", region)?;
            Some((region.clone(), cluster.to_owned()))
        });
        let request = Request {
            global: arguments
                .text("global_cluster")
                .unwrap_or_default()
                .to_owned(),
            clusters: clusters.collect(),
            consents: Vec::new(),
            case: case.clone(),
        };
        if case.mode == Mode::Switchover && !case.lost.is_empty() {
            return Err(Message::new(
                "a region is declared lost",
                "healthy regions: a switchover needs the writer's answer",
                "run a failover",
            ));
        }
        if case.mode == Mode::Failover && case.objective.is_none() {
            return Err(Message::new(
                format!("the step {} has no tier", case.step),
                "a tier, whose RPO bounds the loss",
                "give the step a tier",
            ));
        }
        Ok(Box::new(AuroraGlobalWriter::new(
            means.aws.clone(),
            means.clock.clone(),
            request,
        )))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let global = described(arguments, regions, means).await;
        let role = |region: &Region| match &global {
            Err(why) => Role::Unknown(why.clone()),
            Ok(global) => {
                let mut members = global.members.iter();
                match members.find(|it| region_of(&it.arn).as_ref() == Some(region)) {
                    Some(member) if member.writer => Role::Active,
                    Some(_) => Role::Standby,
                    None => Role::Neither,
                }
            }
        };
        regions
            .iter()
            .map(|region| (region.clone(), role(region)))
            .collect()
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let name = arguments.text_in("clusters", region)?;
        let cluster = means
            .aws
            .global_clusters(region)
            .ok()?
            .cluster(name)
            .await
            .ok()?;
        let lag = newest_lag(
            means.aws.as_ref(),
            means.clock.as_ref(),
            region,
            &cluster.id,
        )
        .await;
        Some(json!({
            "status": cluster.status,
            "instances": cluster.instances,
            "lag_seconds": lag.map(|(_, seconds)| seconds),
            "measured_at": lag.map(|(at, _)| at.to_string()),
        }))
    }
}
