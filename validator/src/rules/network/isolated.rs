//! Services and functions that stand where neither a gateway nor an endpoint leads to what they use.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Name;
use crate::mirror::{
    End, InstanceId, Key, Maybe, Meaning, Mirror, Part, Standing, decided_by_aws, text,
};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements::instances;
use crate::views::routes::{self, Route, Subnets, Target};
use crate::views::{containers, policies};

pub(super) const RULE: Rule = Rule {
    name: "endpoint-missing-without-nat",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Something of the secondary region stands in subnets without a way out, and without an endpoint for what it uses.",
    impact: "Tasks cannot pull images, read secrets, write logs or call AWS: they do not start, or hang until a timeout.",
    doc: "\
## What it asks
Tasks and functions use services of AWS: registries and S3 for their images, logs, secrets, parameters, and what their roles
allow. In the primary region each is reached by a default route or an endpoint; the subnets of the counterpart need one of
both too.

## Example
```terraform
resource \"aws_ecs_service\" \"api\" {
  network_configuration {
    subnets = [aws_subnet.isolated.id]     # no route to a NAT gateway, no endpoint for ecr.dkr
  }
}
```

## How to fix it
Declare the endpoints that the finding names, or a route to a NAT gateway.

Source: Amazon ECS developer guide, interface VPC endpoints; AWS PrivateLink guide.
",
    check: Check::Code(check),
};

/// Services that roles may use and that VPCs have endpoints for.
const BY_ROLE: [&str; 8] = [
    "dynamodb",
    "kms",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "states",
];

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    // Found once for each region: a search over the estate for every pair would grow with its square.
    let mut tables: BTreeMap<Standing, Subnets> = BTreeMap::new();
    for (ty, path) in [
        ("aws_ecs_service", "network_configuration[0].subnets"),
        ("aws_lambda_function", "vpc_config[0].subnet_ids"),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let (needed, open) = needed(mirror, pair.primary);
            let region = Standing::Secondary(pair.secondary);
            for standing in [Standing::Primary, region] {
                let found = tables.entry(standing);
                found.or_insert_with(|| routes::subnets(mirror, standing));
            }
            let (one, other) = (
                Place::of(mirror, pair.primary, path, Standing::Primary, &tables),
                Place::of(mirror, secondary, path, region, &tables),
            );
            let (Some(one), Some(other)) = (one, other) else {
                continue;
            };
            let lacks = |service: &&str| one.reaches(service) && !other.reaches(service);
            let lacking: Vec<&str> = needed.iter().copied().filter(lacks).collect();
            // What the primary may need, or reach, and the secondary does not.
            let mut doubts: Vec<Name> = Vec::new();
            if BY_ROLE.iter().any(lacks) {
                doubts.extend(open);
            }
            if needed
                .iter()
                .any(|service| !one.reaches(service) && !other.reaches(service))
            {
                doubts.extend(one.open.difference(&other.open).cloned());
            }
            if lacking.is_empty() && doubts.is_empty() {
                sink.holds();
                continue;
            }
            let asked = Asked::new(
                RULE.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            )
            .keyed("way to services of AWS");
            let name = &mirror.instance(secondary).address;
            let words = lacking.join(", ");
            if lacking.is_empty() {
                let message = format!("whether {name} reaches all that it needs is not known");
                sink.unsure(asked.unsure(message, doubts));
            } else if other.open.is_empty() && mirror.complete() {
                sink.broken(
                    asked
                        .broken(format!(
                            "{name} stands in subnets without a default route, and no endpoint leads to {words}"
                        ))
                        .follows(one.gone(mirror, &lacking))
                        .fix(format!("Declare endpoints for {words}, or a route to a NAT gateway.")),
                );
            } else {
                sink.unsure(asked.unsure(
                    format!("whether {name} reaches {words} is not known"),
                    other.open.iter().cloned().collect(),
                ));
            }
        }
    }
}

/// Where something stands: ways out of its subnets.
struct Place {
    /// Whether each subnet has a route that leads out.
    out: bool,
    routes: Vec<Route>,
    /// Endpoints of the VPC, by service.
    endpoints: Vec<(String, InstanceId)>,
    open: BTreeSet<Name>,
}

impl Place {
    /// `None` where it stands in no subnet that is known, or its tables are not known.
    fn of(
        mirror: &Mirror<'_>,
        id: InstanceId,
        path: &str,
        standing: Standing,
        tables: &BTreeMap<Standing, Subnets>,
    ) -> Option<Self> {
        let end = match standing {
            Standing::Secondary(at) => End::Secondary(at),
            _ => End::Primary,
        };
        let mut subnets = instances(mirror, id, path, end)?;
        subnets.retain(|id| &*mirror.instance(*id).ty == "aws_subnet");
        let known = tables.get(&standing)?;
        let mut place = Place {
            out: !subnets.is_empty(),
            routes: Vec::new(),
            endpoints: Vec::new(),
            open: BTreeSet::new(),
        };
        for subnet in &subnets {
            let table = routes::table(mirror, *known.table.get(subnet)?, None);
            place.out &= table.routes.iter().any(|route| leads_out(route.target));
            place.open.extend(table.open);
            place.routes.extend(table.routes);
        }
        let vpc = *mirror.targets(*subnets.first()?, "vpc_id").first()?;
        for endpoint in mirror
            .graph
            .owned(vpc, mirror.inventory, "aws_vpc_endpoint", "vpc_id")
        {
            let root = mirror.instance(endpoint).root.as_ref();
            let meaning = mirror.meaning(mirror.value(endpoint, "service_name"), end, root);
            match meaning.letters() {
                Some(text) => {
                    let service = text.splitn(4, '.').nth(3).unwrap_or(text);
                    place.endpoints.push((service.to_owned(), endpoint));
                }
                None => place.open.extend(meaning.open()),
            }
        }
        Some(place)
    }

    fn reaches(&self, service: &str) -> bool {
        self.out || self.endpoints.iter().any(|(own, _)| own == service)
    }

    /// Routes and endpoints of the primary that nothing mirrors: then that is what is wrong.
    fn gone(&self, mirror: &Mirror<'_>, services: &[&str]) -> Vec<InstanceId> {
        let routes = self.routes.iter().filter(|route| leads_out(route.target));
        let routes = routes.filter_map(|route| route.spot.instance.filter(|_| route.separate));
        let endpoints = self.endpoints.iter();
        let endpoints = endpoints.filter(|(service, _)| services.contains(&service.as_str()));
        routes
            .chain(endpoints.map(|(_, id)| *id))
            .filter(|id| {
                mirror
                    .pairing
                    .strays
                    .iter()
                    .any(|stray| stray.instance == *id)
            })
            .collect()
    }
}

/// Whether there may be a way to AWS.
fn leads_out(target: Target) -> bool {
    !matches!(target, Target::Local | Target::Endpoint | Target::Peering)
}

/// The services that something uses, by the names of their endpoints; and why it may use more.
fn needed(mirror: &Mirror<'_>, id: InstanceId) -> (BTreeSet<&'static str>, Vec<Name>) {
    let mut needed = BTreeSet::new();
    let mut roles = Vec::new();
    let mut open = Vec::new();
    let mut leads = |id, path| {
        let found = mirror.targets(id, path);
        match text(mirror.value(id, path)) {
            Maybe::Unknown(because) if found.is_empty() && !decided_by_aws(&because) => {
                open.extend(because);
            }
            _ => {}
        }
        found
    };
    roles.extend(leads(id, "role"));
    for task in leads(id, "task_definition") {
        roles.extend(leads(task, "task_role_arn"));
        for container in containers::of(mirror, task, End::Primary).unwrap_or_default() {
            if mentions(mirror, &container.image, "dkr.ecr", "aws_ecr_repository") {
                needed.extend(["ecr.api", "ecr.dkr", "s3"]);
            }
            if container
                .log_options
                .iter()
                .any(|(name, _)| name == "awslogs-group")
            {
                needed.insert("logs");
            }
            for (_, secret) in &container.secrets {
                if mentions(
                    mirror,
                    secret,
                    ":secretsmanager:",
                    "aws_secretsmanager_secret",
                ) {
                    needed.insert("secretsmanager");
                }
                if mentions(mirror, secret, ":ssm:", "aws_ssm_parameter") {
                    needed.insert("ssm");
                }
            }
        }
    }
    for role in roles {
        for (policy, path) in policies::of_role(mirror, role) {
            let node = mirror.value(policy, path);
            for statement in
                policies::statements(mirror, policy, node, End::Primary).unwrap_or_default()
            {
                let uses = |service: &&&str| {
                    statement.allows
                        && statement
                            .actions
                            .iter()
                            .any(|action| action.split(':').next() == Some(**service))
                };
                needed.extend(BY_ROLE.iter().filter(uses).copied());
            }
        }
    }
    (needed, open)
}

/// Whether a text holds some letters, or names an instance of a type.
fn mentions(mirror: &Mirror<'_>, meaning: &Meaning, letters: &str, ty: &str) -> bool {
    let mut found = false;
    meaning.walk(&mut |part| {
        found |= match part {
            Part::Letters(text) => text.contains(letters),
            Part::Reference(key, _) => {
                let id = match key {
                    Key::Own(pair) | Key::Other(pair) => {
                        Some(mirror.pairing.pairs[pair.index()].primary)
                    }
                    Key::Alone(id) | Key::Stray(id) | Key::Foreign(id) => Some(*id),
                    Key::Resource(_) => None,
                };
                id.is_some_and(|id| mirror.instance(id).ty.starts_with(ty))
            }
            Part::Hole(_) => false,
        };
    });
    found
}
