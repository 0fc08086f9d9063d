//! Policies that allow in one region what is needed in the other.

use super::organisation;
use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Meaning, Mirror, Part, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::policies::{self, Statement, names_own, names_peer, region_open};

/// Policies: type and argument.
const POLICIES: [(&str, &str); 22] = [
    ("aws_iam_role_policy", "policy"),
    ("aws_iam_policy", "policy"),
    ("aws_iam_user_policy", "policy"),
    ("aws_iam_role", "assume_role_policy"),
    ("aws_s3_bucket_policy", "policy"),
    ("aws_sqs_queue_policy", "policy"),
    ("aws_sns_topic_policy", "policy"),
    ("aws_vpc_endpoint", "policy"),
    ("aws_ecr_repository_policy", "policy"),
    ("aws_secretsmanager_secret_policy", "policy"),
    ("aws_s3_bucket", "policy"),
    ("aws_sqs_queue", "policy"),
    ("aws_sns_topic", "policy"),
    ("aws_secretsmanager_secret", "policy"),
    ("aws_backup_vault_policy", "policy"),
    ("aws_cloudwatch_event_bus_policy", "policy"),
    ("aws_dynamodb_resource_policy", "policy"),
    ("aws_efs_file_system_policy", "policy"),
    ("aws_s3_access_point", "policy"),
    ("aws_s3control_bucket_policy", "policy"),
    ("aws_vpc_endpoint_policy", "policy"),
    ("aws_organizations_policy", "content"),
];

pub(super) const LOCKED: Rule = Rule {
    name: "role-locked-to-region",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A policy that serves the secondary region allows its actions in the primary region only.",
    impact: "Every call is denied in the region that is left.",
    doc: "\
## What it asks
Conditions on `aws:RequestedRegion`, `ec2:Region`, `kms:ViaService` and source ARNs in policies of the secondary region, and
in policies of global roles and of the organisation that serve both: the secondary region must be among the values. A denial of
everything where the region is the secondary one is the same. Of a policy of the organisation that counts for certain only where
all services of regions are denied on everything, and where it is attached to the root, or nothing says to what it is attached.

## Example
```terraform
condition {
  test     = \"StringEquals\"
  variable = \"aws:RequestedRegion\"
  values   = [\"us-east-1\"]          # in the role of a task in us-west-2
}
```

## How to fix it
Add the secondary region to the values, or build them from the region of the provider.

Source: AWS IAM user guide, global condition keys.
",
    check: Check::Code(locked),
};

/// Keys of conditions whose values hold a region.
pub(super) const REGION_KEYS: [&str; 6] = [
    "aws:requestedregion",
    "ec2:region",
    "kms:viaservice",
    "aws:sourcearn",
    "rds:region",
    "dynamodb:region",
];

/// Policies as seen from the secondary, with the question's primary side.
fn all(mirror: &Mirror<'_>) -> Vec<(InstanceId, &'static str, End)> {
    let mut found = Vec::new();
    for (ty, path) in POLICIES {
        for id in mirror.of_type(ty) {
            if mirror.value(*id, path).is_none() {
                continue;
            }
            if let Some(end) = policies::secondary_end(mirror, *id) {
                found.push((*id, path, end));
            } else if mirror.standing(*id) == Standing::Global
                && mirror.pairing.pair_of(*id, None).is_none()
            {
                // One that serves all regions.
                let regions = 0..mirror.roles.secondary.len();
                found.extend(regions.map(|at| (*id, path, End::Secondary(at))));
            }
        }
    }
    found
}

fn locked(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (id, path, end) in all(mirror) {
        let asked = || {
            let primary = mirror
                .counterpart(id)
                .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
            // The first secondary region is the one that is meant where none is named.
            let key = match end {
                End::Secondary(at) if at > 0 && policies::secondary_end(mirror, id).is_none() => {
                    format!("{path} region {}", mirror.roles.secondary[at])
                }
                _ => format!("{path} region"),
            };
            Asked::new(LOCKED.name, primary, Spot::of(id, path)).keyed(key)
        };
        let name = &mirror.instance(id).address;
        match policies::statements(mirror, id, mirror.value(id, path), end) {
            Ok(statements) => {
                // One that serves both regions may have a statement for each.
                let both = policies::secondary_end(mirror, id).is_none()
                    && statements
                        .iter()
                        .flat_map(|statement| &statement.conditions)
                        .any(|(_, _, values)| values.iter().any(names_own));
                let wrong = statements
                    .iter()
                    .find_map(|statement| Some((region_lock(statement)?, statement)))
                    .filter(|_| !both);
                let serves_both = policies::secondary_end(mirror, id).is_none();
                if let Some(denial) = statements
                    .iter()
                    .find(|statement| serves_both && organisation::denies_own(statement))
                {
                    organisation::denied_there(mirror, (id, end), denial, asked(), sink);
                    continue;
                }
                match wrong {
                    Some((key, statement)) => {
                        let seen = match end {
                            End::Secondary(at) if at > 0 => {
                                let region = &mirror.roles.secondary[at];
                                format!("{name} does not allow where {key} is {region}")
                            }
                            _ => {
                                let region = &mirror.roles.primary;
                                format!("{name} allows only where {key} is {region}")
                            }
                        };
                        organisation::locked(mirror, id, statement, (asked(), seen), sink);
                    }
                    None => match statements.iter().find_map(lock_open).filter(|_| !both) {
                        Some((key, because)) => sink.unsure(asked().unsure(
                            format!("in which region {key} of {name} allows is not known"),
                            because,
                        )),
                        None => sink.holds(),
                    },
                }
            }
            Err(because)
                if because.is_empty() || because.iter().all(|reason| &**reason == "aws") => {}
            Err(because) => {
                sink.unsure(asked().unsure(format!("the policy {name} is not known"), because));
            }
        }
    }
}

/// Conditions that ask for a region, and are not met by name by the own one: their keys and values.
fn locks(statement: &Statement) -> impl Iterator<Item = (&String, &Vec<Meaning>)> {
    let conditions = statement.conditions.iter();
    let counts = conditions.filter(|(operator, key, values)| {
        let negated = operator.to_ascii_lowercase().contains("not");
        let counts = REGION_KEYS.contains(&key.to_ascii_lowercase().as_str());
        // An allow that asks for the region, or a deny for every other one.
        counts && statement.allows != negated && !values.iter().any(names_own)
    });
    counts.map(|(_, key, values)| (key, values))
}

/// The key of a condition that only the other region meets.
fn region_lock(statement: &Statement) -> Option<String> {
    let foreign = |values: &[Meaning]| {
        values.iter().any(names_peer) && values.iter().all(|value| region_open(value).is_empty())
    };
    locks(statement)
        .find(|(_, values)| foreign(values))
        .map(|(key, _)| key.clone())
}

/// The key of a condition of which it is not known which region meets it.
fn lock_open(statement: &Statement) -> Option<(String, Vec<Name>)> {
    locks(statement).find_map(|(key, values)| {
        let open: Vec<Name> = values.iter().flat_map(region_open).collect();
        (!open.is_empty()).then(|| (key.clone(), open))
    })
}

pub(super) const NAMES: Rule = Rule {
    name: "policy-names-primary-arn",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A policy of the secondary region names resources of the primary region.",
    impact: "The action is allowed on what is lost, and denied on its counterpart.",
    doc: "\
## What it asks
Resources of statements in policies that belong to the secondary region must not lead to the primary region, unless the same
statement names something of the own region too, or the primary's policy allows on the counterpart: what is copied in both
directions needs both. A role that serves both regions must allow on the counterpart what it allows on something of the
primary: in any of its policies.

## How to fix it
Name the counterpart, or use a wildcard for the region.
",
    check: Check::Code(names),
};

fn names(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (id, path, end) in all(mirror) {
        if policies::secondary_end(mirror, id).is_none() {
            continue;
        }
        let Ok(statements) = policies::statements(mirror, id, mirror.value(id, path), end) else {
            continue;
        };
        let primary = mirror
            .counterpart(id)
            .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
        let asked =
            Asked::new(NAMES.name, primary, Spot::of(id, path)).keyed(format!("{path} resource"));
        let twin = mirrored(mirror, id, path);
        match foreign(&statements, &twin) {
            Ok(None) => sink.holds(),
            Ok(Some(resource)) => on_primary(mirror, id, resource, asked, sink),
            Err(because) => {
                let name = &mirror.instance(id).address;
                let message = format!("of which region that is what {name} allows on is not known");
                sink.unsure(asked.unsure(message, because));
            }
        }
    }
    super::shared_roles::check(mirror, NAMES.name, sink);
}

/// What of the other region a statement allows on, and nothing of the own one; an error where that is not known of any.
fn foreign<'s>(
    statements: &'s [Statement],
    twin: &[Meaning],
) -> Result<Option<&'s Meaning>, Vec<Name>> {
    let is_own = |resource: &Meaning| !names_peer(resource) && region_open(resource).is_empty();
    let mut unknown = Vec::new();
    for Statement { resources, .. } in statements {
        if resources.iter().any(is_own) || resources.iter().all(|one| twin.contains(one)) {
            continue;
        }
        let open: Vec<Name> = resources.iter().flat_map(region_open).collect();
        if open.is_empty() {
            return Ok(resources.first());
        }
        unknown.extend(open);
    }
    if unknown.is_empty() {
        Ok(None)
    } else {
        Err(unknown)
    }
}

/// Says that a policy allows on something of the primary region, where it is known that there is a counterpart or none.
fn on_primary(
    mirror: &Mirror<'_>,
    id: InstanceId,
    resource: &Meaning,
    asked: Asked,
    sink: &mut Sink,
) {
    let name = &mirror.instance(id).address;
    let strays = strays(resource);
    let open: Vec<Name> = strays
        .iter()
        .flat_map(|id| mirror.pairing.open(*id).iter().cloned())
        .collect();
    if !open.is_empty() {
        let message = format!("whether what {name} allows on has a counterpart is not known");
        return sink.unsure(asked.unsure(message, open));
    }
    let what = shown(mirror, resource);
    let broken = asked.broken(format!(
        "{name} allows on {what} of the primary region only"
    ));
    sink.broken(broken.follows(strays));
}

/// What the counterpart of a policy allows on in the other region: the same, seen from here, is a way in both directions.
fn mirrored(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Vec<Meaning> {
    let Some(twin) = mirror.counterpart(id) else {
        return Vec::new();
    };
    policies::statements(mirror, twin, mirror.value(twin, path), End::Primary)
        .into_iter()
        .flatten()
        .flat_map(|statement| statement.resources)
        .collect()
}

/// Instances of the primary without counterpart that a resource names.
fn strays(meaning: &Meaning) -> Vec<InstanceId> {
    let mut found = Vec::new();
    meaning.walk(&mut |part| {
        if let Part::Reference(crate::mirror::Key::Foreign(id), _) = part {
            found.push(*id);
        }
    });
    found
}

/// A resource in words.
pub(super) fn shown(mirror: &Mirror<'_>, meaning: &Meaning) -> String {
    let mut text = String::new();
    meaning.walk(&mut |part| match part {
        Part::Letters(letters) => text.push_str(&letters.replace("{peer}", &mirror.roles.primary)),
        Part::Reference(key, _) => {
            if let crate::mirror::Key::Other(pair) = key {
                text.push_str(
                    &mirror
                        .instance(mirror.pairing.pairs[pair.index()].primary)
                        .address,
                );
            }
        }
        Part::Hole(_) => {}
    });
    if text.is_empty() {
        "something".into()
    } else {
        text
    }
}
