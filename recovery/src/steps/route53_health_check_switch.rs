//! Moves traffic by records and health checks that were prepared in peace: an S3 object in the region that takes over
//! appears, and no control plane is needed.

mod switches;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::objects::Condition;
use aws::{Aws, Error, Region};

use self::switches::{Switch, on, problems, switches};
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

/// The longest that one question of the proof may take.
const PROOF_TIMEOUT: Duration = Duration::from_secs(5);

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "switches",
        ArgumentType::ObjectList(&[
            Argument::required(
                "region",
                ArgumentType::Text,
                "A region of the plan other than the first.",
            ),
            Argument::required("bucket", ArgumentType::Text, "A bucket in that region."),
            Argument::required(
                "key",
                ArgumentType::Text,
                "The object that says that the region has taken over.",
            ),
        ]),
        "One switch for every region but the first, which is active while all switches are off.",
    ),
    Argument::optional(
        "proof_url",
        ArgumentType::Text,
        "A URL below the record that moves; asked until it answers from the region that becomes active.",
    ),
    Argument::optional(
        "proof_contains",
        ArgumentType::ByRegion(&ArgumentType::Text),
        "Text that the answer of proof_url contains when it comes from that region.",
    ),
];

const EXAMPLE: &str = r#"{
  "switches": [{ "region": "us-west-2", "bucket": "shop-switch-us-west-2", "key": "active" }],
  "proof_url": "https://shop.example/region",
  "proof_contains": { "us-east-1": "us-east-1", "us-west-2": "us-west-2" }
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Route53HealthCheckSwitch;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Turn {
    switch: usize,
    on: bool,
}

#[derive(Clone, Debug)]
struct Seen {
    /// By switch; `None` for one in a lost region.
    on: Vec<Option<Result<bool, Silence>>>,
    /// Why the answer is not the target's yet; `None` where it is not asked for or comes from there.
    unproved: Option<String>,
}

struct Switching {
    aws: Arc<dyn Aws>,
    target: Region,
    lost: BTreeSet<Region>,
    switches: Vec<Switch>,
    proof: Option<(String, String)>,
    words: String,
    silences: Silences,
}

#[async_trait]
impl Kind for Route53HealthCheckSwitch {
    fn name(&self) -> &'static str {
        "route53_health_check_switch"
    }

    fn doc(&self) -> &'static str {
        "Records that were prepared in peace move on the data plane. Prepare: for every region but the first one bucket \
         in that region whose object `key` Route 53's health checkers can read without credentials over HTTPS (they \
         send none; allow that one key alone); a health check of type HTTPS on that object, inverted, so that it is \
         unhealthy while the object is there; and failover records whose PRIMARY is the first region's and follows \
         that check, SECONDARY the other region's without a check on the object. With more than two regions the \
         first region's record follows a calculated check that all inverted checks are healthy, and each other \
         region's weighted record a plain check on its own object. Then: to make a region active its object is \
         written, and after that the objects of the others are deleted; to make the first region active all are \
         deleted. A lost region's object is left and told: once its S3 answers no more its inverted check is healthy. \
         CloudWatch alarms are no switch: Route 53 follows an alarm's data stream, and SetAlarmState does not move it \
         (Amazon Route 53 Developer Guide, \"How Amazon Route 53 determines whether a health check is healthy\"). Done \
         when the objects are right, and with `proof_url` when the URL answers from that region; without it, health \
         checks and TTLs still need their time. Tried against the fake and in the lab; with `proof_url` against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Two and a half minutes: three checks 30 s apart, the defaults of a health check, and a TTL of 60 s.
    fn usual_duration(&self) -> Duration {
        Duration::from_secs(150)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    /// An object is there or not, and the first region is active when none is.
    fn can_be_authority(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        problems(arguments, regions)
    }

    fn calls(
        &self,
        arguments: &Arguments,
        _: Mode,
        target: &Region,
        _: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = Vec::new();
        for switch in switches(arguments) {
            let change = if switch.region == *target {
                "PutObject"
            } else {
                "DeleteObject"
            };
            let own = switch.region == *target;
            let read = parts::reads("s3", "GetObject", &switch.region, Plane::Data);
            let change = parts::changes("s3", change, &switch.region, Plane::Data);
            calls.extend([read, change].map(|call| if own { call } else { parts::optional(call) }));
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
        let switches = switches(arguments);
        let known = case.regions.first() == Some(&case.target)
            || switches.iter().any(|switch| switch.region == case.target);
        if !known {
            return Err(parts::names_nothing("switches", &case.target));
        }
        let contains = arguments.text_in("proof_contains", &case.target);
        let proof = arguments.text("proof_url").zip(contains);
        Ok(Box::new(Switching {
            aws: means.aws.clone(),
            target: case.target.clone(),
            lost: case.lost.clone(),
            switches,
            proof: proof.map(|(url, text)| (url.to_owned(), text.to_owned())),
            words: format!(
                "{} is active by execution {} of the plan {}\n",
                case.target, case.execution, case.plan
            ),
            silences: Silences::new(means.clock.clone()),
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let mut roles = BTreeMap::new();
        for switch in switches(arguments) {
            let role = match on(means.aws.as_ref(), &switch).await {
                Ok(true) => Role::Active,
                Ok(false) => Role::Standby,
                Err(error) => Role::Unknown(error.to_string()),
            };
            roles.insert(switch.region, role);
        }
        let unknown = roles.values().find(|role| matches!(role, Role::Unknown(_)));
        let first = if roles.values().any(|role| *role == Role::Active) {
            Role::Standby
        } else {
            unknown.cloned().unwrap_or(Role::Active)
        };
        // The primary has no switch of its own; where it is lost, the first region that is asked is another one.
        let primary = regions
            .first()
            .filter(|region| !roles.contains_key(*region))
            .cloned();
        roles.extend(primary.map(|region| (region, first)));
        roles
    }
}

impl Switching {
    async fn proof(&self) -> Option<String> {
        let (url, text) = self.proof.as_ref()?;
        let web = match self.aws.web() {
            Ok(web) => web,
            Err(error) => return Some(error.to_string()),
        };
        match web.get(url, PROOF_TIMEOUT).await {
            Ok(answer) if answer.body.contains(text) && answer.status < 400 => None,
            Ok(answer) => Some(format!("{url} answers {} from elsewhere", answer.status)),
            Err(error) => Some(format!("{url}: {error}")),
        }
    }

    fn decide_one(
        &self,
        index: usize,
        seen: &Result<bool, Silence>,
        memory: &Memory<Turn>,
    ) -> Decision<Turn> {
        let switch = &self.switches[index];
        let act = Turn {
            switch: index,
            on: switch.region == self.target,
        };
        match seen {
            Err(silence) => silence.decide("the switch", &switch.region),
            Ok(on) if *on == act.on => Decision::Done,
            Ok(_) => {
                let words = self.describe_act(&act);
                parts::again(act, &words, memory)
            }
        }
    }
}

#[async_trait]
impl Step for Switching {
    type Seen = Seen;
    type Act = Turn;

    fn title(&self) -> String {
        format!("prepared records point at {}", self.target)
    }

    async fn look(&self, _: Look) -> Result<Seen, Error> {
        let mut seen = Vec::new();
        for switch in &self.switches {
            if self.lost.contains(&switch.region) {
                seen.push(None);
                continue;
            }
            let answer = on(self.aws.as_ref(), switch).await;
            seen.push(Some(if switch.region == self.target {
                Ok(answer?)
            } else {
                self.silences.hear(&switch.region, answer)?
            }));
        }
        Ok(Seen {
            on: seen,
            unproved: self.proof().await,
        })
    }

    /// The target's switch first, so that there is no moment in which the first region, perhaps lost, is active again.
    fn decide(&self, seen: &Seen, memory: &Memory<Turn>) -> Decision<Turn> {
        let part = |own: bool| {
            let switches = seen.on.iter().enumerate();
            let switches =
                switches.filter(|(index, _)| (self.switches[*index].region == self.target) == own);
            parts::together(switches.filter_map(|(index, seen)| {
                let seen = seen.as_ref()?;
                Some(self.decide_one(index, seen, memory))
            }))
        };
        let own = part(true);
        if own != Decision::Done {
            return own;
        }
        let others = part(false);
        match &seen.unproved {
            Some(why) if others == Decision::Done => Decision::Wait(format!(
                "the switches are right; health checks and DNS follow: {why}"
            )),
            _ => others,
        }
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Turn) -> Result<(), Error> {
        let switch = &self.switches[act.switch];
        let objects = self.aws.objects(&switch.region)?;
        if act.on {
            let body = self.words.clone().into_bytes();
            objects
                .put(&switch.bucket, &switch.key, body, Condition::Always, None)
                .await?;
            return Ok(());
        }
        objects.delete(&switch.bucket, &switch.key, None).await
    }

    fn risk(&self, _: &Turn) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Turn) -> String {
        let Switch {
            region,
            bucket,
            key,
        } = &self.switches[act.switch];
        let operation = if act.on { "PutObject" } else { "DeleteObject" };
        format!("{operation} s3://{bucket}/{key} in {region}")
    }

    fn warnings(&self, _: &Seen) -> Vec<String> {
        let lost = self
            .switches
            .iter()
            .filter(|switch| self.lost.contains(&switch.region));
        lost.map(|switch| {
            format!(
                "the switch in {} is left as it is, since the region is declared lost: if it is on and its S3 still \
                 answers, traffic may follow it",
                switch.region
            )
        })
        .collect()
    }

    fn describe(&self, seen: &Seen) -> String {
        let word = |seen: &Option<Result<bool, Silence>>| match seen {
            Some(Ok(true)) => "on",
            Some(Ok(false)) => "off",
            _ => "unknown",
        };
        let switches = self.switches.iter().zip(&seen.on);
        let words = switches.map(|(switch, seen)| format!("{} {}", switch.region, word(seen)));
        let proof = seen.unproved.as_ref().map(|why| format!("; {why}"));
        let words = words.collect::<Vec<_>>().join(", ");
        format!("switches: {words}{}", proof.unwrap_or_default())
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(
            error,
            "the objects that switch",
            "s3:GetObject, s3:PutObject and s3:DeleteObject",
        )
    }
}
