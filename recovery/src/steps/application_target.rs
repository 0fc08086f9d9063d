//! Lets the application of the region that becomes active connect to what is there: parameters and secrets name it, and
//! services that read them only when they start are started anew.

mod decide;
mod observe;
#[cfg(test)]
mod tests;
mod wanted;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::ecs::Service;
use aws::{Aws, Error, Region};

use self::observe::{Held, State};
use self::wanted::{Wanted, services, wanted};
use super::ecs_service_capacity::SERVICE;
use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const PERMISSIONS: &str = "ssm:GetParameter, ssm:PutParameter, secretsmanager:DescribeSecret, \
    secretsmanager:GetSecretValue, secretsmanager:PutSecretValue, ecs:DescribeServices and ecs:UpdateService";

const VALUES: Argument = Argument::required(
    "values",
    ArgumentType::ByRegion(&ArgumentType::Text),
    "What it holds when that region is active, such as the endpoint of that region's database.",
);

const ARGUMENTS: &[Argument] = &[
    Argument::optional(
        "parameters",
        ArgumentType::ObjectList(&[
            Argument::required(
                "name",
                ArgumentType::Text,
                "The parameter, of the type String.",
            ),
            VALUES,
        ]),
        "Parameters of Systems Manager in the region that becomes active.",
    ),
    Argument::optional(
        "secrets",
        ArgumentType::ObjectList(&[
            Argument::required(
                "id",
                ArgumentType::Text,
                "The secret, by name; not a replica.",
            ),
            Argument::optional(
                "pointer",
                ArgumentType::Text,
                "JSON pointer to a text within the secret, such as /host; the rest of the secret is kept. Without it \
                 the whole secret is that text.",
            ),
            VALUES,
        ]),
        "Secrets in the region that becomes active. The values stand in the document: only what is not secret itself, \
         such as a host name.",
    ),
    Argument::optional(
        "services",
        ArgumentType::ByRegion(&ArgumentType::ObjectList(SERVICE)),
        "ECS services of each region that are started anew after the change.",
    ),
];

const EXAMPLE: &str = r#"{
  "parameters": [{ "name": "/shop/database-host", "values": {
    "us-east-1": "shop.abc.us-east-1.rds.amazonaws.com", "us-west-2": "shop.def.us-west-2.rds.amazonaws.com" } }],
  "services": {
    "us-east-1": [{ "cluster": "shop", "service": "web" }], "us-west-2": [{ "cluster": "shop", "service": "web" }] }
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationTarget;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    Parameter(usize),
    Secret(usize),
    Redeploy { service: usize, before: String },
}

#[derive(Clone, Debug)]
struct Seen {
    parameters: Vec<Held>,
    secrets: Vec<Held>,
    services: Vec<Service>,
}

struct Target {
    aws: Arc<dyn Aws>,
    region: Region,
    parameters: Vec<Wanted>,
    secrets: Vec<Wanted>,
    services: Vec<(String, String)>,
    /// Makes a repeated write of a secret the same write.
    key: String,
}

#[async_trait]
impl Kind for ApplicationTarget {
    fn name(&self) -> &'static str {
        "application_target"
    }

    fn doc(&self) -> &'static str {
        "What the application connects to names the region that becomes active: parameters of Systems Manager and texts \
         within secrets hold the values given for that region, and then the ECS services are started anew. The rest of \
         a secret is kept, and its value is never written anywhere. Done when every value holds and every service has \
         a complete deployment that is newer than the newest change; so a run that was killed between the change and \
         the start is continued rightly. A replica of a secret cannot be written: let a secret_promotion stand before, \
         or use a secret of that region alone. Tried against the fake and in the lab."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Four minutes: a rolling deployment of a small service with its health checks; a declared guess until a journal
    /// says better.
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(4)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, _: &[Region]) -> Vec<(String, Message)> {
        let (parameters, secrets) = (
            arguments.objects("parameters"),
            arguments.objects("secrets"),
        );
        let mut problems = Vec::new();
        if parameters.is_empty() && secrets.is_empty() {
            problems.push(parts::problem(
                "parameters",
                "neither parameters nor secrets",
                "at least one of them",
            ));
        }
        for (index, secret) in secrets.iter().enumerate() {
            let pointer = secret.text("pointer").unwrap_or_default();
            if !pointer.is_empty() && !pointer.starts_with('/') {
                let path = format!("secrets[{index}].pointer");
                let seen = format!("{pointer:?} is no JSON pointer");
                problems.push(parts::problem(
                    path,
                    seen,
                    "a pointer such as /host (RFC 6901)",
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
        if !arguments.objects("parameters").is_empty() {
            calls.push(parts::reads("ssm", "GetParameter", target, Plane::Data));
            calls.push(parts::changes(
                "ssm",
                "PutParameter",
                target,
                Plane::Control,
            ));
        }
        if !arguments.objects("secrets").is_empty() {
            let service = "secretsmanager";
            calls.push(parts::reads(
                service,
                "DescribeSecret",
                target,
                Plane::Control,
            ));
            calls.push(parts::reads(service, "GetSecretValue", target, Plane::Data));
            calls.push(parts::changes(
                service,
                "PutSecretValue",
                target,
                Plane::Control,
            ));
        }
        if arguments.in_region("services", target).is_some() {
            calls.push(parts::reads(
                "ecs",
                "DescribeServices",
                target,
                Plane::Control,
            ));
            calls.push(parts::changes(
                "ecs",
                "UpdateService",
                target,
                Plane::Control,
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
        Ok(Box::new(Target {
            aws: means.aws.clone(),
            region: case.target.clone(),
            parameters: wanted(arguments, "parameters", "name", &case.target)?,
            secrets: wanted(arguments, "secrets", "id", &case.target)?,
            services: services(arguments, &case.target)?,
            key: case.idempotency_key(),
        }))
    }
}

#[async_trait]
impl Step for Target {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        format!(
            "the application in {} connects to what is there ({} parameters, {} secrets, {} services started anew)",
            self.region,
            self.parameters.len(),
            self.secrets.len(),
            self.services.len()
        )
    }

    async fn look(&self, _: Look) -> Result<Seen, Error> {
        let (parameters, secrets) = (
            observe::parameters(self).await?,
            observe::secrets(self).await?,
        );
        let mut services = Vec::new();
        for (cluster, service) in &self.services {
            services.push(
                self.aws
                    .ecs(&self.region)?
                    .describe(cluster, service)
                    .await?,
            );
        }
        Ok(Seen {
            parameters,
            secrets,
            services,
        })
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        let parameters = seen.parameters.iter().enumerate();
        let parameters =
            parameters.map(|(index, held)| self.decide_value(held, Act::Parameter(index), memory));
        let secrets = seen.secrets.iter().enumerate();
        let secrets =
            secrets.map(|(index, held)| self.decide_value(held, Act::Secret(index), memory));
        let values = parts::together(parameters.chain(secrets));
        if values != Decision::Done {
            return values;
        }
        // One unknown moment makes the newest unknown.
        let moments = seen
            .parameters
            .iter()
            .chain(&seen.secrets)
            .map(|held| held.changed_at);
        let changed = moments
            .collect::<Option<Vec<_>>>()
            .and_then(|all| all.into_iter().max());
        let services = seen.services.iter().enumerate();
        parts::together(
            services.map(|(index, service)| self.decide_service(index, service, changed, memory)),
        )
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        match act {
            Act::Parameter(index) => {
                let wanted = &self.parameters[*index];
                self.aws
                    .parameters(&self.region)?
                    .put(&wanted.name, &wanted.value)
                    .await
            }
            Act::Secret(index) => observe::write_secret(self, &self.secrets[*index]).await,
            Act::Redeploy { service, .. } => {
                let (cluster, service) = &self.services[*service];
                self.aws.ecs(&self.region)?.redeploy(cluster, service).await
            }
        }
    }

    fn risk(&self, _: &Act) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Act) -> String {
        let region = &self.region;
        match act {
            Act::Parameter(index) => {
                format!("PutParameter {} in {region}", self.parameters[*index].name)
            }
            Act::Secret(index) => format!(
                "PutSecretValue {} in {region}",
                self.secrets[*index].place()
            ),
            Act::Redeploy { service, .. } => {
                let (cluster, service) = &self.services[*service];
                format!("UpdateService {cluster}/{service} in {region} (force a new deployment)")
            }
        }
    }

    fn describe(&self, seen: &Seen) -> String {
        let held = seen.parameters.iter().chain(&seen.secrets);
        let holds = held
            .clone()
            .filter(|held| held.state == State::Holds)
            .count();
        let services = seen
            .services
            .iter()
            .map(|it| format!("{} {}", it.name, it.rollout));
        let services: Vec<_> = services.collect();
        let all = held.count();
        format!(
            "{holds} of {all} values hold in {}; services: {}",
            self.region,
            services.join(", ")
        )
    }

    fn explain(&self, error: &Error) -> Message {
        parts::explain(
            error,
            &format!("what the application in {} reads", self.region),
            PERMISSIONS,
        )
    }
}
