//! What secrets and parameters say: they are read after a failover too, and may lead back to the lost region.

use crate::inventory::{Name, Node};
use crate::mirror::{Counterpart, InstanceId, Mirror, Standing};
use crate::rules::{Check, Rule};
use crate::symbol::PathStep;
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const SECRET: Rule = Rule {
    name: "secret-value-names-primary",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "The value of a secret that is copied to the secondary region names something of the primary region.",
    impact: "Tasks of the secondary read the secret, and call the region that is lost.",
    doc: "\
## What it asks
A replica of a secret has the value of its source. That value must not be made of an endpoint, ARN or id of one region, and
must not name the primary region alone. Of known values only the names of regions are looked at; nothing of them is shown.

## Example
```terraform
secret_string = jsonencode({ username = \"app\", host = aws_db_instance.main.address })
```

## How to fix it
Keep the host out of the secret: give tasks a name that the failover moves, or one for each region.

Source: AWS Secrets Manager user guide, replicating secrets.
",
    check: Check::Code(secret),
};

fn secret(mirror: &Mirror<'_>, sink: &mut Sink) {
    for version in mirror.of_type("aws_secretsmanager_secret_version") {
        let Some(other) = reader(mirror, *version) else {
            continue;
        };
        let path = "secret_string";
        if mirror.value(*version, path).is_none() {
            continue;
        }
        let seen = names(mirror, *version, path);
        let spot = Spot::of(*version, path);
        let asked = if mirror.standing(*version) == Standing::Primary {
            Asked::new(SECRET.name, spot, other)
        } else {
            Asked::new(SECRET.name, other, spot)
        };
        match seen {
            Some(what) => sink.broken(asked.keyed(path).broken(format!(
                "the value of {} names {what}, and the secondary region reads it",
                mirror.instance(*version).address
            ))),
            None => sink.holds(),
        }
    }
}

/// The other side of a version that is read in the secondary region: a copy of its secret, or the primary's own.
fn reader(mirror: &Mirror<'_>, version: InstanceId) -> Option<Spot> {
    match mirror.standing(version) {
        Standing::Secondary(_) => Some(
            mirror
                .counterpart(version)
                .map_or_else(Spot::missing, Spot::at),
        ),
        Standing::Primary => {
            let secrets = mirror.targets(version, "secret_id");
            let copied = mirror
                .pairs()
                .iter()
                .find(|pair| secrets.contains(&pair.primary))?;
            match &copied.counterpart {
                Counterpart::Embedded { holder, path } => Some(Spot::steps(*holder, path)),
                // A secret of its own has a version of its own.
                Counterpart::Instance(_) => None,
            }
        }
        _ => None,
    }
}

/// Asks parameters of the secondary regions whether they name something of the primary.
pub(super) fn parameters(mirror: &Mirror<'_>, rule: &'static str, sink: &mut Sink) {
    for parameter in mirror.of_type("aws_ssm_parameter") {
        if !matches!(mirror.standing(*parameter), Standing::Secondary(_)) {
            continue;
        }
        for path in ["value", "insecure_value"] {
            let Some(what) = names(mirror, *parameter, path) else {
                continue;
            };
            let other = mirror
                .counterpart(*parameter)
                .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
            let asked = Asked::new(rule, other, Spot::of(*parameter, path)).keyed(path);
            sink.broken(asked.broken(format!(
                "the value of {} names {what}",
                mirror.instance(*parameter).address
            )));
        }
    }
}

/// What of the primary region a value names: an instance by what is reached through it, or the region alone.
fn names(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Option<String> {
    let first = PathStep::Name(path.into());
    let referred = mirror.graph.out(id).iter().find(|edge| {
        edge.path.first() == Some(&first)
            && mirror.standing(edge.to) == Standing::Primary
            && is_way_in(&edge.attribute)
    });
    if let Some(edge) = referred {
        return Some(mirror.instance(edge.to).address.to_string());
    }
    let regions: &[Name] = match mirror.value(id, path)? {
        Node::Sensitive(sealed) => &sealed.regions,
        _ => &[],
    };
    let primary = regions.contains(&mirror.roles.primary);
    // A list of regions is no way back into one of them.
    let other = mirror
        .roles
        .secondary
        .iter()
        .any(|region| regions.contains(region));
    (primary && !other).then(|| mirror.roles.primary.to_string())
}

/// Whether something is reached through an attribute: no name, password or port.
fn is_way_in(attribute: &str) -> bool {
    attribute == "arn"
        || [
            "endpoint",
            "address",
            "dns_name",
            "domain_name",
            "url",
            "brokers",
            "hostname",
        ]
        .iter()
        .any(|word| attribute.contains(word))
}
