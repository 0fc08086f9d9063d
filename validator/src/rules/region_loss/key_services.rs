//! Services that key policies of the secondary region name.

use crate::inventory::Name;
use crate::mirror::{End, Meaning, Mirror, Part, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::policies::{self, names_own};

pub(super) const SERVICE: Rule = Rule {
    name: "key-policy-service-region",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A key policy of the secondary region names a service of the primary region.",
    impact: "The service of the secondary region may not use the key: log groups cannot be created, data cannot be read.",
    doc: "\
## What it asks
Service principals such as `logs.us-east-1.amazonaws.com` and values of `kms:ViaService` in key policies of the secondary
region must name that region.

## How to fix it
Build the name from the region of the provider.

Source: Amazon CloudWatch Logs user guide, encrypting log data with KMS.
",
    check: Check::Code(service),
};

fn service(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ty in ["aws_kms_key", "aws_kms_replica_key", "aws_kms_key_policy"] {
        for id in mirror.of_type(ty) {
            let Standing::Secondary(at) = mirror.standing(*id) else {
                continue;
            };
            let primary = mirror
                .counterpart(*id)
                .map_or_else(Spot::missing, |twin| Spot::of(twin, "policy"));
            let asked =
                Asked::new(SERVICE.name, primary, Spot::of(*id, "policy")).keyed("policy service");
            let name = &mirror.instance(*id).address;
            let policy = mirror.value(*id, "policy");
            let unknown = format!("which services the policy of {name} names is not known");
            let statements = match policies::statements(mirror, *id, policy, End::Secondary(at)) {
                Ok(statements) => statements,
                Err(because) => {
                    if !crate::mirror::decided_by_aws(&because) {
                        sink.unsure(asked.unsure(unknown, because));
                    }
                    continue;
                }
            };
            let foreign = |meaning: &Meaning| {
                let mut found = false;
                meaning.walk(&mut |part| {
                    if let Part::Letters(text) = part {
                        found |= text.contains(".{peer}.amazonaws.com");
                    }
                });
                found
            };
            let wrong = statements.iter().any(|statement| {
                statement.principals.iter().any(foreign)
                    || statement.conditions.iter().any(|(_, _, values)| {
                        values.iter().any(foreign) && !values.iter().any(names_own)
                    })
            });
            if wrong {
                sink.broken(asked.broken(format!(
                    "the policy of {name} names a service of {}",
                    mirror.roles.primary
                )));
                continue;
            }
            // Names of services end with that of AWS; other principals are no services.
            let service = |meaning: &&Meaning| {
                let mut found = false;
                meaning.walk(&mut |part| {
                    found |=
                        matches!(part, Part::Letters(text) if text.ends_with(".amazonaws.com"));
                });
                found
            };
            let named = statements.iter().flat_map(|statement| {
                let values = statement
                    .conditions
                    .iter()
                    .flat_map(|(_, _, values)| values);
                statement.principals.iter().chain(values)
            });
            let open: Vec<Name> = named.filter(service).flat_map(Meaning::open).collect();
            if open.is_empty() {
                sink.holds();
            } else {
                sink.unsure(asked.unsure(unknown, open));
            }
        }
    }
}
