//! The primary of a global datastore as a kind of step.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws::Region;
use serde_json::{Value, json};

use super::super::databases::{control, metric_data, target_answers};
use super::{ElasticacheGlobalPrimary, Request};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::Gate;
use crate::kind::{ApiCall, Case, Kind, Means, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;

/// `elasticache_global_primary`.
pub struct ElasticacheGlobalPrimaryKind;

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "datastore",
        ArgumentType::Text,
        "Id of the global datastore, such as ldgnf-sessions.",
    ),
    Argument::required(
        "groups",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Replication group of each region.",
    ),
    Argument::optional(
        "lag_clusters",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Cache cluster of each region whose metric GlobalDatastoreReplicationLag is judged: the primary node of the \
         region's group.",
    ),
    Argument::defaulted(
        "disposable",
        ArgumentType::Flag,
        "false",
        "Whether what the cache holds can be made anew, so that neither its loss nor a second writer is judged.",
    ),
];

#[async_trait]
impl Kind for ElasticacheGlobalPrimaryKind {
    fn name(&self) -> &'static str {
        "elasticache_global_primary"
    }

    fn doc(&self) -> &'static str {
        "The target's replication group is the primary of the global datastore (FailoverGlobalReplicationGroup). \
         Before: the primary is where the plan thinks; what would be lost is known (GlobalDatastoreReplicationLag) \
         and within the tier's RPO, none in a switchover, which AWS does not offer: accept the loss, or declare the \
         cache disposable; in a failover the old primary is fenced, or a consent of risk \"unfenced\" counts. Done is \
         an available datastore whose primary is the target. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// AWS says that a promotion usually takes less than a minute (Amazon ElastiCache User Guide, "Replication across
    /// AWS Regions using global datastores"); the datastore stays modifying for longer.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(5)
    }

    /// A primary cannot be made the primary again, and the step looks first.
    fn harmless_twice(&self) -> bool {
        true
    }

    fn one_way(&self) -> bool {
        true
    }

    fn consents_open(&self) -> &'static [Gate] {
        &[Gate::DataAtRisk, Gate::Fenced]
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let (describe, failover) = (
            "DescribeGlobalReplicationGroups",
            "FailoverGlobalReplicationGroup",
        );
        vec![
            control("elasticache", describe, target, false, true),
            control("elasticache", failover, target, true, true),
            metric_data(target, false),
        ]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        target_answers(case)?;
        let of_target = |name: &str| arguments.text_in(name, &case.target).map(str::to_owned);
        let disposable = arguments.flag("disposable");
        if case.objective.is_none() && case.mode == Mode::Failover && !disposable {
            return Err(Message::new(
                format!("the step {} has no tier", case.step),
                "a tier, whose RPO bounds the loss",
                "give the step a tier, or write disposable = true",
            ));
        }
        Ok(Box::new(ElasticacheGlobalPrimary {
            aws: means.aws.clone(),
            clock: means.clock.clone(),
            request: Request {
                datastore: arguments.text("datastore").unwrap_or_default().to_owned(),
                group: of_target("groups").unwrap_or_default(),
                lag_cluster: of_target("lag_clusters"),
                disposable,
                case: case.clone(),
            },
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let id = arguments.text("datastore").unwrap_or_default();
        let mut seen = Err("no region to ask".to_owned());
        for region in regions {
            let answer = match means.aws.global_datastores(region) {
                Ok(datastores) => datastores.describe(id).await,
                Err(error) => Err(error),
            };
            seen = answer.map_err(|error| error.to_string());
            if seen.is_ok() {
                break;
            }
        }
        let role = |region: &Region| match &seen {
            Err(why) => Role::Unknown(why.clone()),
            Ok(datastore) => match datastore.members.iter().find(|it| it.region == *region) {
                Some(member) if member.primary => Role::Active,
                Some(_) => Role::Standby,
                None => Role::Neither,
            },
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
        let id = arguments.text("datastore")?;
        let datastore = means
            .aws
            .global_datastores(region)
            .ok()?
            .describe(id)
            .await
            .ok()?;
        let member = datastore.members.iter().find(|it| it.region == *region)?;
        Some(
            json!({ "status": datastore.status, "primary": member.primary, "member": member.status }),
        )
    }
}
