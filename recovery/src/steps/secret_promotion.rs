//! Makes replicas of secrets standalone in the region that becomes active, so that they can be changed there.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::secrets::Secret;
use aws::{Aws, Error, Region};

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::{Gate, GateResult, Verdict};
use crate::kind::{ApiCall, Case, Kind, Means, Plane, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// The secrets of each region.
pub(crate) const ARGUMENTS: &[Argument] = &[Argument::required(
    "secrets",
    ArgumentType::ByRegion(&ArgumentType::TextList),
    "The secrets of each region, by name.",
)];

const EXAMPLE: &str =
    r#"{ "secrets": { "us-east-1": ["shop/database"], "us-west-2": ["shop/database"] } }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct SecretPromotion;

/// `StopReplicationToReplica` of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stop(String);

struct Promotion {
    aws: Arc<dyn Aws>,
    region: Region,
    secrets: Vec<String>,
    from: Option<Region>,
    regions: Vec<Region>,
}

#[async_trait]
impl Kind for SecretPromotion {
    fn name(&self) -> &'static str {
        "secret_promotion"
    }

    fn doc(&self) -> &'static str {
        "The secrets of the region that becomes active are standalone: StopReplicationToReplica is called there, and \
         the other regions are not asked. One-way: the secret keeps its name and the suffix of its ARN, follows the \
         old region no more, and secret_replicate builds replication anew in reprotect. Only in failovers. Refused \
         when the replica follows another region than the one that is left. Done when each shows no primary region. \
         Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover]
    }

    /// Half a minute: a declared guess until a journal says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn one_way(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let service = "secretsmanager";
        vec![
            parts::reads(service, "DescribeSecret", target, Plane::Control),
            parts::changes(service, "StopReplicationToReplica", target, Plane::Control),
        ]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        if case.mode != Mode::Failover {
            return Err(Message::new(
                format!("a {} would stop the replication of secrets", case.mode),
                "a failover: standalone secrets cannot be joined again without replacing one of them",
                "leave `failover` alone in the step's run_in",
            ));
        }
        Ok(Box::new(Promotion {
            aws: means.aws.clone(),
            region: case.target.clone(),
            secrets: names(arguments, &case.target)?,
            from: case.from.clone().filter(|from| *from != case.target),
            regions: case.regions.clone(),
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let mut roles = BTreeMap::new();
        for region in regions {
            if let Ok(names) = names(arguments, region) {
                roles.insert(
                    region.clone(),
                    role(means.aws.as_ref(), region, &names).await,
                );
            }
        }
        roles
    }
}

/// The names for a region.
pub(crate) fn names(arguments: &Arguments, region: &Region) -> Result<Vec<String>, Message> {
    let names = arguments.texts_in("secrets", region);
    if arguments.in_region("secrets", region).is_none() {
        return Err(parts::names_nothing("secrets", region));
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

async fn role(aws: &dyn Aws, region: &Region, names: &[String]) -> Role {
    let mut alone = 0;
    for name in names {
        let answer = match aws.secrets(region) {
            Ok(secrets) => secrets.describe(name).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(secret) => alone += usize::from(secret.primary_region.is_none()),
            Err(error) => return Role::Unknown(error.to_string()),
        }
    }
    match alone {
        0 => Role::Standby,
        all if all == names.len() => Role::Active,
        _ => Role::Neither,
    }
}

impl Promotion {
    fn gate(&self, secret: &Secret, origin: &Region) -> GateResult {
        let known = match &self.from {
            Some(from) => origin == from,
            None => self.regions.contains(origin) && *origin != self.region,
        };
        let expected = match &self.from {
            Some(from) => format!("a replica of {from}"),
            None => "a replica of a region of the plan".to_owned(),
        };
        let seen = format!(
            "{} in {} is a replica of {origin}",
            secret.name, self.region
        );
        let (verdict, next) = if known {
            (Verdict::Passed, "")
        } else {
            let next =
                "see which region is right: promote a replica of it, or correct the document";
            (Verdict::Refused { may_change: false }, next)
        };
        GateResult {
            gate: Gate::RightSource,
            verdict,
            message: Message::new(seen, expected, next),
            at_risk: None,
        }
    }
}

#[async_trait]
impl Step for Promotion {
    type Seen = Vec<Secret>;
    type Act = Stop;

    fn title(&self) -> String {
        format!(
            "{} are standalone in {}",
            self.secrets.join(", "),
            self.region
        )
    }

    async fn look(&self, _: Look) -> Result<Vec<Secret>, Error> {
        let secrets = self.aws.secrets(&self.region)?;
        let mut seen = Vec::new();
        for name in &self.secrets {
            seen.push(secrets.describe(name).await?);
        }
        Ok(seen)
    }

    fn decide(&self, seen: &Vec<Secret>, memory: &Memory<Stop>) -> Decision<Stop> {
        let each = self.secrets.iter().zip(seen).map(|(name, secret)| {
            if secret.primary_region.is_none() {
                return Decision::Done;
            }
            let act = Stop(name.clone());
            let words = self.describe_act(&act);
            parts::once(act, &words, memory)
        });
        parts::together(each)
    }

    fn gates(&self, seen: &Vec<Secret>) -> Vec<GateResult> {
        let replicas = seen.iter();
        let replicas =
            replicas.filter_map(|secret| Some((secret, secret.primary_region.as_ref()?)));
        replicas
            .map(|(secret, origin)| self.gate(secret, origin))
            .collect()
    }

    async fn perform(&self, act: &Stop) -> Result<(), Error> {
        self.aws
            .secrets(&self.region)?
            .stop_replication(&act.0)
            .await
    }

    fn risk(&self, _: &Stop) -> Risk {
        Risk::OneWay
    }

    fn describe_act(&self, act: &Stop) -> String {
        format!("StopReplicationToReplica {} in {}", act.0, self.region)
    }

    fn describe(&self, seen: &Vec<Secret>) -> String {
        let one = |secret: &Secret| match &secret.primary_region {
            Some(origin) => format!(
                "{} in {} is a replica of {origin}",
                secret.name, self.region
            ),
            None => format!("{} in {} is standalone", secret.name, self.region),
        };
        seen.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions =
            "secretsmanager:DescribeSecret and secretsmanager:StopReplicationToReplica";
        parts::explain(error, &format!("secrets in {}", self.region), permissions)
    }
}
