//! Lets functions of the region that becomes active read their event sources, and those elsewhere no more.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::lambda::Mapping;
use aws::{Aws, Error, Region};

use super::parts;
use super::silence::{Silence, Silences};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[Argument::required(
    "mappings",
    ArgumentType::ByRegion(&ArgumentType::TextList),
    "The event source mappings of each region, by their UUIDs.",
)];

const EXAMPLE: &str = r#"{
  "mappings": {
    "us-east-1": ["14e0db71-5d35-4eb5-b481-8945cf9d10c2"], "us-west-2": ["3b1d5fd1-7c4b-4a3a-9f43-0a4bd6a0e8f1"] }
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct LambdaEventSources;

/// Enables or disables a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Set {
    region: Region,
    uuid: String,
    enabled: bool,
}

/// Each mapping with its state, or why another region's does not tell it.
type Seen = Vec<(Region, String, Result<Mapping, Silence>)>;

struct Sources {
    aws: Arc<dyn Aws>,
    target: Region,
    mappings: BTreeMap<Region, Vec<String>>,
    lost: BTreeSet<Region>,
    mode: Mode,
    silences: Silences,
}

#[async_trait]
impl Kind for LambdaEventSources {
    fn name(&self) -> &'static str {
        "lambda_event_sources"
    }

    fn doc(&self) -> &'static str {
        "The event source mappings of the region that becomes active are enabled and those of the other regions \
         disabled. In a failover the target comes first; in a switchover the others are disabled before anything is \
         enabled, so that no event is handled twice. Mappings of a region that is declared lost are left and told: the \
         step runs in reprotect too, and disables them there. Done when every mapping shows its state. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    /// One minute: `Enabling` and `Disabling` pass within it as a rule; a declared guess until a journal says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(
        &self,
        arguments: &Arguments,
        mode: Mode,
        target: &Region,
        _: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = Vec::new();
        for region in named(arguments).keys() {
            let read = parts::reads("lambda", "GetEventSourceMapping", region, Plane::Control);
            let change =
                parts::changes("lambda", "UpdateEventSourceMapping", region, Plane::Control);
            // What is declared lost is left; in a failover nothing but the target is needed.
            let needed = region == target || mode != Mode::Failover;
            for call in [read, change] {
                calls.push(ApiCall { needed, ..call });
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
        parts::target_answers(case)?;
        let mappings = named(arguments);
        if !mappings.contains_key(&case.target) {
            return Err(parts::names_nothing("mappings", &case.target));
        }
        Ok(Box::new(Sources {
            aws: means.aws.clone(),
            target: case.target.clone(),
            mappings,
            lost: case.lost.clone(),
            mode: case.mode,
            silences: Silences::new(means.clock.clone()),
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let named = named(arguments);
        let mut roles = BTreeMap::new();
        for region in regions {
            let Some(uuids) = named.get(region) else {
                continue;
            };
            roles.insert(
                region.clone(),
                role(means.aws.as_ref(), region, uuids).await,
            );
        }
        roles
    }
}

fn named(arguments: &Arguments) -> BTreeMap<Region, Vec<String>> {
    let regions = arguments.object("mappings").unwrap_or_default();
    let names = regions.as_json().keys();
    let regions = names.filter_map(|name| Region::new(name.as_str()).ok());
    let uuids = |region: Region| {
        let uuids = arguments.texts_in("mappings", &region);
        (
            region.clone(),
            uuids.into_iter().map(str::to_owned).collect(),
        )
    };
    regions.map(uuids).collect()
}

async fn role(aws: &dyn Aws, region: &Region, uuids: &[String]) -> Role {
    let mut enabled = 0;
    for uuid in uuids {
        let answer = match aws.functions(region) {
            Ok(functions) => functions.mapping(uuid).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(mapping) => enabled += usize::from(mapping.state == "Enabled"),
            Err(error) => return Role::Unknown(error.to_string()),
        }
    }
    match enabled {
        0 => Role::Standby,
        all if all == uuids.len() => Role::Active,
        _ => Role::Neither,
    }
}

impl Sources {
    fn decide_one(
        &self,
        region: &Region,
        uuid: &str,
        seen: &Result<Mapping, Silence>,
        memory: &Memory<Set>,
    ) -> Decision<Set> {
        let enabled = *region == self.target;
        let mapping = match seen {
            Ok(mapping) => mapping,
            Err(silence) => return silence.decide(&format!("the mapping {uuid}"), region),
        };
        match (mapping.state.as_str(), enabled) {
            ("Enabled", true) | ("Disabled", false) => Decision::Done,
            ("Enabled", false) | ("Disabled", true) => {
                let act = Set {
                    region: region.clone(),
                    uuid: uuid.to_owned(),
                    enabled,
                };
                let words = self.describe_act(&act);
                parts::again(act, &words, memory)
            }
            ("Deleting", _) => Decision::Fail(Message::new(
                format!("the mapping {uuid} in {region} is being deleted"),
                "a mapping that stays",
                "create it again and name the new one in the document",
            )),
            (state, _) => Decision::Wait(format!("the mapping {uuid} in {region} is {state}")),
        }
    }
}

#[async_trait]
impl Step for Sources {
    type Seen = Seen;
    type Act = Set;

    fn title(&self) -> String {
        format!("event sources are read in {} and nowhere else", self.target)
    }

    async fn look(&self, _: Look) -> Result<Seen, Error> {
        let mut seen = Vec::new();
        for (region, uuids) in &self.mappings {
            if self.lost.contains(region) {
                continue;
            }
            for uuid in uuids {
                let answer = self.aws.functions(region)?.mapping(uuid).await;
                let answer = if *region == self.target {
                    Ok(answer?)
                } else {
                    self.silences.hear(region, answer)?
                };
                seen.push((region.clone(), uuid.clone(), answer));
            }
        }
        Ok(seen)
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Set>) -> Decision<Set> {
        let part = |here: bool| {
            let mappings = seen
                .iter()
                .filter(move |(region, ..)| (*region == self.target) == here);
            parts::together(
                mappings.map(|(region, uuid, seen)| self.decide_one(region, uuid, seen, memory)),
            )
        };
        let first = part(self.mode == Mode::Failover);
        if first == Decision::Done {
            part(self.mode != Mode::Failover)
        } else {
            first
        }
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Set) -> Result<(), Error> {
        self.aws
            .functions(&act.region)?
            .set_enabled(&act.uuid, act.enabled)
            .await
    }

    fn risk(&self, _: &Set) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Set) -> String {
        let word = if act.enabled { "enable" } else { "disable" };
        format!(
            "UpdateEventSourceMapping {} in {} ({word})",
            act.uuid, act.region
        )
    }

    fn warnings(&self, _: &Seen) -> Vec<String> {
        let lost = self
            .mappings
            .iter()
            .filter(|(region, uuids)| self.lost.contains(region) && !uuids.is_empty());
        lost.map(|(region, _)| {
            format!("mappings in {region} are not disabled: the region is declared lost. Reprotect disables them")
        })
        .collect()
    }

    fn describe(&self, seen: &Seen) -> String {
        let one = |(region, uuid, seen): &(Region, String, Result<Mapping, Silence>)| {
            let state = seen
                .as_ref()
                .map_or("unknown", |mapping| mapping.state.as_str());
            format!("{uuid} in {region} {state}")
        };
        seen.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions = "lambda:GetEventSourceMapping and lambda:UpdateEventSourceMapping";
        parts::explain(
            error,
            "the event source mappings of the document",
            permissions,
        )
    }
}
