//! Replicates secrets of the active region again, once a lost region is back.

mod observe;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::{Aws, Error, Region};

use self::observe::{Seen, There};
use super::parts;
use super::secret_promotion::names;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::{Gate, GateResult, Verdict};
use crate::kind::{ApiCall, Case, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Answer, Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[
    Argument::required(
        "secrets",
        ArgumentType::ByRegion(&ArgumentType::TextList),
        "The secrets of each region, by name.",
    ),
    Argument::defaulted(
        "overwrite",
        ArgumentType::Flag,
        "false",
        "Whether a secret of the same name in another region may be replaced although its value differs. Its value is \
         lost then.",
    ),
];

const EXAMPLE: &str =
    r#"{ "secrets": { "us-east-1": ["shop/database"], "us-west-2": ["shop/database"] } }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct SecretReplicate;

/// `ReplicateSecretToRegions` of a secret to a region.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Replicate {
    name: String,
    to: Region,
}

struct Replication {
    aws: Arc<dyn Aws>,
    active: Region,
    secrets: Vec<String>,
    others: Vec<Region>,
    lost: BTreeSet<Region>,
    overwrite: bool,
}

#[async_trait]
impl Kind for SecretReplicate {
    fn name(&self) -> &'static str {
        "secret_replicate"
    }

    fn doc(&self) -> &'static str {
        "The secrets of the active region are replicated to every other region that is not lost. One-way: a secret of \
         the same name there is replaced, so it is looked at first: where its value differs the step refuses, unless \
         `overwrite` is set. Done when every replica shows InSync. Of two regions, a secret of the active one that is a \
         replica of the other's stays one, as a switchover leaves it, and is told. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Reprotect]
    }

    /// One minute: a declared guess until a journal says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(1)
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

    fn calls(
        &self,
        arguments: &Arguments,
        _: Mode,
        target: &Region,
        _: Option<&Region>,
    ) -> Vec<ApiCall> {
        let service = "secretsmanager";
        let mut calls = vec![
            parts::reads(service, "DescribeSecret", target, Plane::Control),
            parts::reads(service, "GetSecretValue", target, Plane::Data),
            parts::changes(service, "ReplicateSecretToRegions", target, Plane::Control),
        ];
        let regions = arguments.object("secrets").unwrap_or_default();
        let regions = regions
            .as_json()
            .keys()
            .filter_map(|name| Region::new(name.as_str()).ok());
        for region in regions.filter(|region| region != target) {
            calls.push(parts::reads(
                service,
                "DescribeSecret",
                &region,
                Plane::Control,
            ));
            calls.push(parts::reads(
                service,
                "GetSecretValue",
                &region,
                Plane::Data,
            ));
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
        let others = case.others().filter(|region| case.answers(region));
        Ok(Box::new(Replication {
            aws: means.aws.clone(),
            active: case.target.clone(),
            secrets: names(arguments, &case.target)?,
            others: others.cloned().collect(),
            lost: case.lost.clone(),
            overwrite: arguments.flag("overwrite"),
        }))
    }
}

impl Replication {
    fn decide_one(
        &self,
        name: &str,
        to: &Region,
        status: Option<&str>,
        memory: &Memory<Replicate>,
    ) -> Decision<Replicate> {
        let act = Replicate {
            name: name.to_owned(),
            to: to.clone(),
        };
        match status {
            Some("InSync") => Decision::Done,
            Some("InProgress") => Decision::Wait(format!("{name} is being replicated to {to}")),
            Some("Failed") if Self::accepted(&act, memory) => Decision::Fail(Message::new(
                format!("the replication of {name} to {to} has failed"),
                "a replica that is InSync",
                format!(
                    "see why: aws secretsmanager describe-secret --secret-id {name} --region {}; often the KMS key \
                         there is not usable",
                    self.active
                ),
            )),
            _ => {
                let words = self.describe_act(&act);
                parts::once(act, &words, memory)
            }
        }
    }

    /// The one other region, where the secret of the active region is a replica of the one there: both have it already.
    /// A switchover leaves it so. With more regions nobody could tell whether the others have it.
    fn replicated_from<'a>(&self, seen: &'a Seen) -> Option<&'a Region> {
        let origin = seen.secret.primary_region.as_ref()?;
        (self.others.as_slice() == std::slice::from_ref(origin) && self.lost.is_empty())
            .then_some(origin)
    }

    fn accepted(act: &Replicate, memory: &Memory<Replicate>) -> bool {
        let last = memory.last(|past| past == act);
        last.is_some_and(|(past, age)| {
            past.answer == Answer::Accepted && age > Duration::from_secs(30)
        })
    }

    fn gate(&self, name: &str, to: &Region, there: &There) -> GateResult {
        let (verdict, seen) = match there {
            There::Absent => (Verdict::Passed, format!("there is no {name} in {to}")),
            There::Replica => (
                Verdict::Passed,
                format!("{name} in {to} is a replica already"),
            ),
            There::Same => (
                Verdict::Passed,
                format!("{name} in {to} has the same value"),
            ),
            There::Differs if self.overwrite => (
                Verdict::Consented,
                format!("{name} in {to} has another value; overwrite is set"),
            ),
            There::Differs => (
                Verdict::Refused { may_change: true },
                format!("{name} in {to} has another value, which would be lost"),
            ),
            There::Unknown(why) => (
                Verdict::Refused { may_change: true },
                format!("whether {name} in {to} has another value is not known: {why}"),
            ),
        };
        let next = match verdict {
            Verdict::Refused { .. } => {
                "compare the two; then set `overwrite` on the step, or delete the one there"
            }
            _ => "",
        };
        let expected = "nothing there that would be lost";
        GateResult {
            gate: Gate::DataAtRisk,
            verdict,
            message: Message::new(seen, expected, next),
            at_risk: None,
        }
    }
}

#[async_trait]
impl Step for Replication {
    type Seen = Vec<Seen>;
    type Act = Replicate;

    fn title(&self) -> String {
        let others: Vec<_> = self.others.iter().map(Region::as_str).collect();
        let secrets = self.secrets.join(", ");
        format!(
            "{secrets} are replicated from {} to {}",
            self.active,
            others.join(", ")
        )
    }

    async fn look(&self, look: Look) -> Result<Vec<Seen>, Error> {
        observe::look(self, look).await
    }

    fn decide(&self, seen: &Vec<Seen>, memory: &Memory<Replicate>) -> Decision<Replicate> {
        let each = seen.iter().flat_map(|seen| {
            if self.replicated_from(seen).is_some() {
                return vec![Decision::Done];
            }
            let replica = seen.secret.primary_region.as_ref().map(|origin| {
                Decision::Fail(Message::new(
                    format!("{} in {} is a replica of {origin}", seen.name, self.active),
                    "a standalone secret in the active region",
                    "let a secret_promotion make it standalone, or replicate from the region that it follows",
                ))
            });
            let others = self.others.iter().map(|to| {
                let replicas = seen.secret.replicas.iter();
                let mut status = replicas.filter(|(region, _)| region == to).map(|(_, status)| status.as_str());
                self.decide_one(&seen.name, to, status.next_back(), memory)
            });
            replica.into_iter().chain(others).collect::<Vec<_>>()
        });
        parts::together(each)
    }

    fn gates(&self, seen: &Vec<Seen>) -> Vec<GateResult> {
        let gates = seen.iter().flat_map(|seen| {
            let there = seen.there.iter();
            there
                .map(|(to, there)| self.gate(&seen.name, to, there))
                .collect::<Vec<_>>()
        });
        gates.collect()
    }

    async fn perform(&self, act: &Replicate) -> Result<(), Error> {
        let secrets = self.aws.secrets(&self.active)?;
        secrets
            .replicate(&act.name, std::slice::from_ref(&act.to))
            .await
    }

    fn risk(&self, _: &Replicate) -> Risk {
        Risk::OneWay
    }

    fn describe_act(&self, act: &Replicate) -> String {
        format!(
            "ReplicateSecretToRegions {} in {} (to {})",
            act.name, self.active, act.to
        )
    }

    fn warnings(&self, seen: &Vec<Seen>) -> Vec<String> {
        let lost = self.lost.iter();
        let lost =
            lost.map(|region| format!("nothing is replicated to {region}: it is declared lost"));
        let turned = seen.iter().filter_map(|seen| {
            let origin = self.replicated_from(seen)?;
            Some(format!(
                "{} in {} stays a replica of {origin}, as a switchover leaves it: its value is changed there, and a \
                 failover without {origin} makes it standalone",
                seen.name, self.active
            ))
        });
        lost.chain(turned).collect()
    }

    fn describe(&self, seen: &Vec<Seen>) -> String {
        let one = |seen: &Seen| {
            let replicas = seen.secret.replicas.iter();
            let replicas: Vec<_> = replicas
                .map(|(to, status)| format!("{to} {status}"))
                .collect();
            format!(
                "{} in {}: replicas [{}]",
                seen.name,
                self.active,
                replicas.join(", ")
            )
        };
        seen.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions = "secretsmanager:DescribeSecret, secretsmanager:GetSecretValue and \
            secretsmanager:ReplicateSecretToRegions";
        parts::explain(error, "the secrets of the document", permissions)
    }
}
