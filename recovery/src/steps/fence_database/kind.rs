//! The fence as a kind of step.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use aws::Region;

use super::super::databases::{
    INSTANCES, check_instances, control, instance_in, left_behind, metric_data, other_regions,
    places, target_answers,
};
use super::{FenceDatabase, Means as FenceMeans, Writer};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::Gate;
use crate::kind::{ApiCall, Case, Kind, Means};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;

/// `fence_database`.
pub struct FenceDatabaseKind;

const ARGUMENTS: &[Argument] = &[
    INSTANCES,
    Argument::defaulted(
        "by",
        ArgumentType::Choice(&["quarantine", "stop"]),
        "\"quarantine\"",
        "How: behind a security group without rules and restarted, or stopped. AWS stops no instance that has \
         replicas, and starts a stopped one again after seven days.",
    ),
    Argument::optional(
        "quarantine",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Id of the security group of each region that lets nothing in, prepared in peace. Needed for by = \"quarantine\".",
    ),
];

fn means_in(arguments: &Arguments, region: &Region) -> Result<FenceMeans, Message> {
    if arguments.text("by") == Some("stop") {
        return Ok(FenceMeans::Stop);
    }
    let group = arguments.text_in("quarantine", region).unwrap_or_default();
    if group.starts_with("sg-") {
        return Ok(FenceMeans::Quarantine(group.to_owned()));
    }
    Err(Message::new(
        format!("{group:?} is no id of a security group"),
        format!("a security group of {region} without any rule under quarantine"),
        "prepare one in every region and name it, or write by = \"stop\"",
    ))
}

#[async_trait]
impl Kind for FenceDatabaseKind {
    fn name(&self) -> &'static str {
        "fence_database"
    }

    fn doc(&self) -> &'static str {
        "The old writer accepts no writes, proved by observation. Its security groups are replaced by one without \
         rules (ModifyDBInstance), the moment is kept as a tag, and it is restarted (RebootDBInstance), since open \
         connections outlive a change of groups; proved by a whole minute without a connection after that \
         (DatabaseConnections). That the group has no rules is not looked at; connections that go on tell. With by = \
         \"stop\" it is stopped, which AWS refuses where replicas follow. A region that is lost or does not answer \
         proves nothing: refused without a consent of risk \"unfenced\"; with one the execution ends unfenced. In reprotect every other region that answers is fenced, provided that \
         the active writer outranks it by its epoch (tag dr:epoch). Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn example(&self) -> Option<&'static str> {
        Some(
            r#"{
                "instances": {"us-east-1": "orders", "us-west-2": "orders-replica"},
                "quarantine": {"us-east-1": "sg-0a1b2c3d4e5f60718", "us-west-2": "sg-08172635445362718"}
            }"#,
        )
    }

    /// Reprotect closes what a failover had to leave open.
    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    fn consents_open(&self) -> &'static [Gate] {
        &[Gate::Fenced]
    }

    /// A restart of one to two minutes, and up to three periods of the metric.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(5)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn fences(&self, arguments: &Arguments) -> BTreeSet<String> {
        places(arguments)
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        let mut wrong = check_instances(arguments, regions);
        for region in regions {
            if let Err(message) = means_in(arguments, region) {
                wrong.push((format!("quarantine.{region}"), message));
            }
        }
        wrong
    }

    /// None is needed: where the old region does not answer, a consent stands for all of them.
    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = Vec::new();
        if mode == Mode::Reprotect {
            calls.push(control("rds", "DescribeDBInstances", target, false, true));
        }
        for old in &other_regions(arguments, INSTANCES.name, mode, target, from) {
            calls.push(control("rds", "DescribeDBInstances", old, false, false));
            if arguments.text("by") == Some("stop") {
                calls.push(control("rds", "StopDBInstance", old, true, false));
                continue;
            }
            calls.push(control("rds", "ModifyDBInstance", old, true, false));
            calls.push(control("rds", "AddTagsToResource", old, true, false));
            calls.push(control("rds", "RebootDBInstance", old, true, false));
            calls.push(metric_data(old, false));
        }
        calls
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        let reprotect = case.mode == Mode::Reprotect;
        let regions = if reprotect {
            let others = case.others().filter(|region| case.answers(region));
            others.cloned().collect()
        } else {
            left_behind(case)
        };
        let active = if reprotect {
            target_answers(case)?;
            Some((case.target.clone(), instance_in(arguments, &case.target)?))
        } else {
            None
        };
        let writers = regions.into_iter().map(|region| {
            Ok(Writer {
                id: instance_in(arguments, &region)?,
                means: means_in(arguments, &region)?,
                region,
            })
        });
        Ok(Box::new(FenceDatabase {
            aws: means.aws.clone(),
            clock: means.clock.clone(),
            writers: writers.collect::<Result<_, Message>>()?,
            active,
            case: case.clone(),
        }))
    }
}
