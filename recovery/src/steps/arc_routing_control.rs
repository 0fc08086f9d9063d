//! Turns the routing control of the region that becomes active on, and all others off.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::arc::ClusterEndpoint;
use aws::{Aws, Error, Region};

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const SERVICE: &str = "route53-recovery-cluster";

/// A cluster has five endpoints, in five regions (Amazon Application Recovery Controller Developer Guide, "Routing
/// control components").
const ENDPOINTS: usize = 5;

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "controls",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "ARN of the routing control of each region.",
    ),
    Argument::required(
        "endpoints",
        ArgumentType::ObjectList(&[
            Argument::required(
                "region",
                ArgumentType::Text,
                "The region that the endpoint is in.",
            ),
            Argument::required("url", ArgumentType::Text, "Its URL."),
        ]),
        "The five endpoints of the cluster. They stand in the document because asking for them is control plane.",
    ),
];

const EXAMPLE: &str = r#"{
  "controls": {
    "us-east-1": "arn:aws:route53-recovery-control::123456789012:controlpanel/p/routingcontrol/e",
    "us-west-2": "arn:aws:route53-recovery-control::123456789012:controlpanel/p/routingcontrol/w" },
  "endpoints": [
    { "region": "us-east-1", "url": "https://a.route53-recovery-cluster.us-east-1.amazonaws.com/v1" },
    { "region": "us-west-2", "url": "https://b.route53-recovery-cluster.us-west-2.amazonaws.com/v1" },
    { "region": "eu-west-1", "url": "https://c.route53-recovery-cluster.eu-west-1.amazonaws.com/v1" },
    { "region": "ap-northeast-1", "url": "https://d.route53-recovery-cluster.ap-northeast-1.amazonaws.com/v1" },
    { "region": "ap-southeast-2", "url": "https://e.route53-recovery-cluster.ap-southeast-2.amazonaws.com/v1" }]
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct ArcRoutingControl;

/// On or off by ARN.
type States = BTreeMap<String, bool>;

struct Switching {
    aws: Arc<dyn Aws>,
    target: Region,
    controls: BTreeMap<Region, String>,
    endpoints: Vec<ClusterEndpoint>,
}

#[async_trait]
impl Kind for ArcRoutingControl {
    fn name(&self) -> &'static str {
        "arc_routing_control"
    }

    fn doc(&self) -> &'static str {
        "The routing control of the region that becomes active is On and those of all other regions Off, in one \
         UpdateRoutingControlStates, so that safety rules see one change. Data plane: the five endpoints of the \
         cluster stand in the document and are tried one after the other, the target's first and none of a region \
         that is declared lost; controls of lost regions are turned off all the same, since the cluster holds them. \
         Done when the cluster shows all states. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// One minute: the change itself takes seconds, DNS follows within the records' TTL (60-120 s advised by "Best
    /// practices for Region switch in ARC").
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    /// A control that is On says that its region serves.
    fn can_be_authority(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        let endpoints = arguments.objects("endpoints");
        let mut problems = Vec::new();
        if endpoints.len() != ENDPOINTS {
            let seen = format!("{} endpoints", endpoints.len());
            let expected = "the five endpoints of the cluster: aws route53-recovery-control-config describe-cluster \
                --region us-west-2";
            problems.push(parts::problem("endpoints", seen, expected));
        }
        for (index, endpoint) in endpoints.iter().enumerate() {
            let name = endpoint.text("region").unwrap_or_default();
            if let Err(error) = Region::new(name) {
                let path = format!("endpoints[{index}].region");
                problems.push(parts::problem(path, error.to_string(), "a region"));
            }
            let url = endpoint.text("url").unwrap_or_default();
            if !url.starts_with("https://") {
                let path = format!("endpoints[{index}].url");
                problems.push(parts::problem(
                    path,
                    format!("{url:?}"),
                    "a URL that begins with https://",
                ));
            }
        }
        problems
    }

    fn calls(
        &self,
        arguments: &Arguments,
        _: Mode,
        target: &Region,
        _: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = Vec::new();
        for endpoint in endpoints(arguments, target) {
            // Any one of the five is enough.
            let read = parts::reads(
                SERVICE,
                "GetRoutingControlState",
                &endpoint.region,
                Plane::Data,
            );
            let change = parts::changes(
                SERVICE,
                "UpdateRoutingControlStates",
                &endpoint.region,
                Plane::Data,
            );
            calls.extend([parts::optional(read), parts::optional(change)]);
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
        let controls = controls(arguments, &case.regions);
        if !controls.contains_key(&case.target) {
            return Err(parts::names_nothing("controls", &case.target));
        }
        let mut endpoints = endpoints(arguments, &case.target);
        endpoints.retain(|endpoint| case.answers(&endpoint.region));
        Ok(Box::new(Switching {
            aws: means.aws.clone(),
            target: case.target.clone(),
            controls,
            endpoints,
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let controls = controls(arguments, regions);
        let Some(first) = regions.first() else {
            return BTreeMap::new();
        };
        let arns: Vec<String> = controls.values().cloned().collect();
        let states = match means.aws.routing_controls(first) {
            Ok(arc) => arc.states(&endpoints(arguments, first), &arns).await,
            Err(error) => Err(error),
        };
        let role = |arn: &String| match states.as_ref().map(|states| states.get(arn)) {
            Err(error) => Role::Unknown(error.to_string()),
            Ok(None) => Role::Unknown("the cluster does not tell it".to_owned()),
            Ok(Some(true)) => Role::Active,
            Ok(Some(false)) => Role::Standby,
        };
        controls
            .iter()
            .map(|(region, arn)| (region.clone(), role(arn)))
            .collect()
    }
}

fn controls(arguments: &Arguments, regions: &[Region]) -> BTreeMap<Region, String> {
    let arn = |region: &Region| {
        let arn = arguments.text_in("controls", region)?;
        Some((region.clone(), arn.to_owned()))
    };
    regions.iter().filter_map(arn).collect()
}

/// The endpoints, the one of `first` in front.
fn endpoints(arguments: &Arguments, first: &Region) -> Vec<ClusterEndpoint> {
    let objects = arguments.objects("endpoints");
    let endpoint = |object: &Arguments| {
        Some(ClusterEndpoint {
            region: Region::new(object.text("region")?).ok()?,
            url: object.text("url")?.to_owned(),
        })
    };
    let mut endpoints: Vec<_> = objects.iter().filter_map(endpoint).collect();
    endpoints.sort_by_key(|endpoint| endpoint.region != *first);
    endpoints
}

impl Switching {
    fn wanted(&self) -> States {
        let controls = self.controls.iter();
        controls
            .map(|(region, arn)| (arn.clone(), *region == self.target))
            .collect()
    }

    fn words(&self, states: &States) -> String {
        let word = |arn: &String| match states.get(arn) {
            Some(true) => "On",
            Some(false) => "Off",
            None => "unknown",
        };
        let controls = self.controls.iter();
        let words = controls.map(|(region, arn)| format!("{region} {}", word(arn)));
        words.collect::<Vec<_>>().join(", ")
    }
}

#[async_trait]
impl Step for Switching {
    type Seen = States;
    /// The states to set, all of them.
    type Act = States;

    fn title(&self) -> String {
        format!("the routing control of {} alone is On", self.target)
    }

    async fn look(&self, _: Look) -> Result<States, Error> {
        let arc = self.aws.routing_controls(&self.target)?;
        let arns: Vec<String> = self.controls.values().cloned().collect();
        arc.states(&self.endpoints, &arns).await
    }

    fn decide(&self, seen: &States, memory: &Memory<States>) -> Decision<States> {
        let wanted = self.wanted();
        if *seen == wanted {
            return Decision::Done;
        }
        let words = self.describe_act(&wanted);
        parts::again(wanted, &words, memory)
    }

    fn gates(&self, _: &States) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &States) -> Result<(), Error> {
        self.aws
            .routing_controls(&self.target)?
            .set(&self.endpoints, act)
            .await
    }

    fn risk(&self, _: &States) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &States) -> String {
        format!("UpdateRoutingControlStates ({})", self.words(act))
    }

    fn describe(&self, seen: &States) -> String {
        format!("routing controls: {}", self.words(seen))
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions = "route53-recovery-cluster:GetRoutingControlState, \
            route53-recovery-cluster:UpdateRoutingControlState and route53-recovery-cluster:UpdateRoutingControlStates";
        parts::explain(error, "the routing controls of the document", permissions)
    }
}
