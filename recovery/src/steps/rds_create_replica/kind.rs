//! Rebuilding replicas as a kind of step.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use aws::Region;
use aws::rds::InstanceId;
use serde_json::{Value, json};

use super::super::databases::{
    INSTANCES, check_instances, control, instance_in, metric_data, other_regions, places,
    target_answers,
};
use super::{Place, RdsCreateReplica, Request};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::Gate;
use crate::kind::{ApiCall, Case, Kind, Means};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::replication;

/// `rds_create_replica`.
pub struct RdsCreateReplicaKind;

const TEXT: &ArgumentType = &ArgumentType::Text;

const ARGUMENTS: &[Argument] = &[
    INSTANCES,
    Argument::defaulted(
        "suffix",
        ArgumentType::Text,
        "\"old\"",
        "The old primary is renamed to its name, this suffix and the epoch, such as orders-old-7.",
    ),
    Argument::optional(
        "instance_class",
        ArgumentType::ByRegion(TEXT),
        "Class of the replica in each region; the writer's where it is not given.",
    ),
    Argument::optional(
        "subnet_group",
        ArgumentType::ByRegion(TEXT),
        "Subnet group of the replica in each region; the default one otherwise.",
    ),
    Argument::optional(
        "security_groups",
        ArgumentType::ByRegion(&ArgumentType::TextList),
        "Security groups of the replica in each region; the default one otherwise.",
    ),
    Argument::optional(
        "parameter_group",
        ArgumentType::ByRegion(TEXT),
        "Parameter group of the replica in each region. AWS takes the default one otherwise, in most cases.",
    ),
    Argument::optional(
        "kms_key_id",
        ArgumentType::ByRegion(TEXT),
        "Key of each region, by ARN. Needed where the writer is encrypted.",
    ),
];

fn renamed(arguments: &Arguments, id: &InstanceId, epoch: u64) -> Result<InstanceId, Message> {
    let suffix = arguments.text("suffix").unwrap_or("old");
    InstanceId::new(format!("{id}-{suffix}-{epoch}")).map_err(|error| {
        Message::new(
            error.to_string(),
            "a name for the old primary of at most 63 letters, digits and single hyphens",
            "write a shorter suffix",
        )
    })
}

fn place(arguments: &Arguments, region: &Region, epoch: u64) -> Result<Place, Message> {
    let id = instance_in(arguments, region)?;
    let text = |name: &str| arguments.text_in(name, region).map(str::to_owned);
    let groups = arguments.texts_in("security_groups", region).into_iter();
    Ok(Place {
        region: region.clone(),
        renamed: renamed(arguments, &id, epoch)?,
        id,
        instance_class: text("instance_class"),
        subnet_group: text("subnet_group"),
        security_groups: groups.map(str::to_owned).collect(),
        parameter_group: text("parameter_group"),
        kms_key_id: text("kms_key_id"),
    })
}

#[async_trait]
impl Kind for RdsCreateReplicaKind {
    fn name(&self) -> &'static str {
        "rds_create_replica"
    }

    fn doc(&self) -> &'static str {
        "Every other region's instance is a replica of the active writer, available and replicating. An old primary \
         that stands there under the name is tagged (dr:replaced-by) and renamed, never deleted; before that the \
         writer has to be of the higher epoch (tag dr:epoch) and the old primary fenced. Then \
         CreateDBInstanceReadReplica in that region, with the groups and the key that the document names, since AWS \
         takes defaults otherwise. A writer without automated backups, or an encrypted one without a key for the \
         region, is refused before. A region that is declared lost is left out and told. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Reprotect]
    }

    /// Hours for large databases (Amazon RDS User Guide, "Creating a read replica in a different AWS Region"); this is
    /// for a small one.
    fn usual_duration(&self) -> Duration {
        Duration::from_hours(1)
    }

    /// A name that is taken is refused, and the step looks first.
    fn harmless_twice(&self) -> bool {
        true
    }

    fn one_way(&self) -> bool {
        true
    }

    fn consents_open(&self) -> &'static [Gate] {
        &[Gate::Fenced]
    }

    fn asks_fenced(&self, arguments: &Arguments) -> Option<BTreeSet<String>> {
        Some(places(arguments))
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        let mut wrong = check_instances(arguments, regions);
        for region in regions {
            // The longest epoch that anybody will see.
            if let Ok(id) = instance_in(arguments, region)
                && let Err(message) = renamed(arguments, &id, 999_999)
            {
                wrong.push(("suffix".to_owned(), message));
            }
        }
        wrong
    }

    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = vec![control("rds", "DescribeDBInstances", target, false, true)];
        for other in &other_regions(arguments, INSTANCES.name, mode, target, from) {
            calls.push(control("rds", "DescribeDBInstances", other, false, true));
            calls.push(control("rds", "AddTagsToResource", other, true, true));
            calls.push(control("rds", "ModifyDBInstance", other, true, true));
            let create = "CreateDBInstanceReadReplica";
            calls.push(control("rds", create, other, true, true));
            calls.push(metric_data(other, true));
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
        let places = case
            .others()
            .map(|region| place(arguments, region, case.epoch));
        let request = Request {
            writer: instance_in(arguments, &case.target)?,
            places: places.collect::<Result<_, Message>>()?,
            case: case.clone(),
        };
        Ok(Box::new(RdsCreateReplica {
            aws: means.aws.clone(),
            clock: means.clock.clone(),
            request,
        }))
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
        Some(json!({ "role": seen.role.name(), "health": seen.health.name() }))
    }
}
