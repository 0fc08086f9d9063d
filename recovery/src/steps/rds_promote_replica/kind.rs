//! The promotion as a kind of step.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use aws::rds::DbInstance;
use aws::{Error, ErrorKind, Region};
use serde_json::{Value, json};

use super::super::databases::{
    EPOCH_TAG, INSTANCES, check_instances, control, epoch_of, instance_in, metric_data,
    other_regions, places, target_answers,
};
use super::{PlanTerms, PromoteReplica, Request, Settings};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::Gate;
use crate::gate::fenced::OldWriter;
use crate::kind::{ApiCall, Case, Kind, Means, Plane, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::replication;

/// `rds_promote_replica`.
pub struct RdsPromoteReplicaKind;

const ARGUMENTS: &[Argument] = &[
    INSTANCES,
    Argument::optional(
        "backup_retention_days",
        ArgumentType::Integer { min: 0, max: 35 },
        "Days that the promoted instance keeps automated backups. A replica has none; AWS's default for a promotion is 1.",
    ),
    Argument::optional(
        "backup_window",
        ArgumentType::Text,
        "Daily window of its backups in UTC, such as 03:00-04:00.",
    ),
    Argument::optional(
        "multi_az",
        ArgumentType::Flag,
        "Whether it has a standby in another zone. A promotion does not imply it.",
    ),
    Argument::optional(
        "deletion_protection",
        ArgumentType::Flag,
        "Whether it is protected from deletion.",
    ),
    Argument::optional(
        "instance_class",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Class of the promoted instance in each region, such as db.r6g.large. Changing it restarts the database.",
    ),
];

fn settings(arguments: &Arguments, region: &Region) -> Settings {
    let flag = |name: &str| arguments.as_json().get(name).and_then(Value::as_bool);
    let days = arguments.integer("backup_retention_days");
    Settings {
        backup_retention_days: days.and_then(|days| u8::try_from(days).ok()),
        backup_window: arguments.text("backup_window").map(str::to_owned),
        multi_az: flag("multi_az"),
        deletion_protection: flag("deletion_protection"),
        instance_class: arguments
            .text_in("instance_class", region)
            .map(str::to_owned),
    }
}

/// The request of an execution.
fn request(arguments: &Arguments, case: &Case) -> Result<Request, Message> {
    target_answers(case)?;
    let bound = match (case.objective, case.mode) {
        (Some(objective), _) => objective.rpo,
        (None, Mode::Switchover) => Duration::ZERO,
        (None, _) => {
            return Err(Message::new(
                format!("the step {} has no tier", case.step),
                "a tier, whose RPO bounds the loss",
                "give the step a tier",
            ));
        }
    };
    let mut request = Request::new(
        case.target.clone(),
        instance_in(arguments, &case.target)?,
        bound,
    );
    let from = case.from.as_ref().filter(|from| **from != case.target);
    request.source = match from {
        Some(from) => Some(instance_in(arguments, from)?.to_string()),
        None => None,
    };
    request.lost_regions.clone_from(&case.lost);
    request.lost_at = case.lost_at;
    request.source_last_seen = case.last_seen;
    request.settings = settings(arguments, &case.target);
    request.plan = Some(PlanTerms {
        mode: case.mode,
        step: case.step.clone(),
        from: from.cloned(),
        regions: case.regions.clone(),
        epoch: case.epoch,
        consents: case.consents.clone(),
    });
    Ok(request)
}

/// The role that an instance shows by itself.
fn role(answer: Result<DbInstance, Error>) -> (Role, u64) {
    let instance = match answer {
        Ok(instance) => instance,
        Err(error) if error.kind == ErrorKind::NotFound => return (Role::Neither, 0),
        Err(error) => return (Role::Unknown(error.to_string()), 0),
    };
    let epoch = epoch_of(&instance).unwrap_or_default();
    let role = match OldWriter::of(&instance, Ok(None)) {
        OldWriter::NoWriter(_) => Role::Standby,
        OldWriter::Open(_) => Role::Active,
        // Stopped, or in quarantine: nothing is served there.
        _ => Role::Neither,
    };
    (role, epoch)
}

/// Of several standalone writers only the one of the highest epoch is active.
fn ranked(roles: BTreeMap<Region, (Role, u64)>) -> BTreeMap<Region, Role> {
    let active = roles.values().filter(|(role, _)| *role == Role::Active);
    let highest = active.map(|(_, epoch)| *epoch).max().unwrap_or_default();
    let rank = |(role, epoch): (Role, u64)| match role {
        Role::Active if epoch < highest => Role::Neither,
        role => role,
    };
    let roles = roles.into_iter();
    roles.map(|(region, seen)| (region, rank(seen))).collect()
}

#[async_trait]
impl Kind for RdsPromoteReplicaKind {
    fn name(&self) -> &'static str {
        "rds_promote_replica"
    }

    fn doc(&self) -> &'static str {
        "Makes the read replica of the target region a standalone writer with the settings asked for \
         (PromoteReadReplica, then ModifyDBInstance for what a promotion does not take), and tags it with the epoch. \
         Before: it follows the right source, what would be lost is known and within the tier's RPO (none in a \
         switchover: the source has shown no connection for two minutes and its last write was replayed), the source \
         is fenced, and the target is ready to serve. Done is an available instance without source and without read \
         replication, the settings as asked and nothing pending. One-way. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// "Several minutes or longer" by size (Amazon RDS User Guide, "Promoting a read replica to be a standalone DB
    /// instance"), plus the first backup.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(10)
    }

    /// A standalone instance refuses a promotion, and the step looks first.
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

    fn promotes(&self, arguments: &Arguments) -> Option<BTreeSet<String>> {
        Some(places(arguments))
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        check_instances(arguments, regions)
    }

    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let statistics = ApiCall {
            plane: Plane::Data,
            ..control("cloudwatch", "GetMetricStatistics", target, false, true)
        };
        let mut calls = vec![
            control("rds", "DescribeDBInstances", target, false, true),
            control("rds", "PromoteReadReplica", target, true, true),
            control("rds", "ModifyDBInstance", target, true, true),
            control("rds", "AddTagsToResource", target, true, true),
            statistics,
        ];
        for source in &other_regions(arguments, INSTANCES.name, mode, target, from) {
            let needed = mode == Mode::Switchover;
            calls.push(control("rds", "DescribeDBInstances", source, false, needed));
            calls.push(metric_data(source, needed));
        }
        calls
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        let request = request(arguments, case)?;
        let (aws, clock) = (means.aws.clone(), means.clock.clone());
        Ok(Box::new(PromoteReplica::new(aws, clock, request)))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let mut roles = BTreeMap::new();
        for region in regions {
            let Ok(id) = instance_in(arguments, region) else {
                continue;
            };
            let answer = match means.aws.rds(region) {
                Ok(rds) => rds.describe(&id).await,
                Err(error) => Err(error),
            };
            roles.insert(region.clone(), role(answer));
        }
        ranked(roles)
    }

    async fn mark_epoch(
        &self,
        arguments: &Arguments,
        target: &Region,
        epoch: u64,
        means: &Means,
    ) -> Result<(), Error> {
        let Ok(id) = instance_in(arguments, target) else {
            return Ok(());
        };
        let rds = means.aws.rds(target)?;
        let instance = rds.describe(&id).await?;
        if instance.source.is_some() || epoch_of(&instance) >= Some(epoch) {
            return Ok(());
        }
        let tag = (EPOCH_TAG.to_owned(), epoch.to_string());
        rds.add_tags(&instance.arn, &[tag]).await
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let id = instance_in(arguments, region).ok()?;
        let seen = replication::observe(means.aws.as_ref(), means.clock.as_ref(), region, &id);
        let seen = seen.await.ok()?;
        Some(json!({
            "role": seen.role.name(),
            "status": seen.status,
            "health": seen.health.name(),
            "lag_seconds": seen.lag_seconds,
            "measured_at": seen.measured_at.map(|at| at.to_string()),
            "observed_at": seen.observed_at.to_string(),
        }))
    }
}
