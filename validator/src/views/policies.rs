//! IAM policy documents: statements with their actions, resources and conditions, as seen from one end.

use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Key, Meaning, Mirror, Part, Standing};

/// One statement.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Whether it allows.
    pub(crate) allows: bool,
    /// Actions, lower case; `*` among them for all.
    pub(crate) actions: Vec<String>,
    /// Whether it says what is not meant: `NotAction`, `NotResource`.
    pub(crate) inverted: bool,
    /// What is not known of the actions.
    pub(crate) open: Vec<Name>,
    /// Resources.
    pub(crate) resources: Vec<Meaning>,
    /// Conditions: operator, key, values.
    pub(crate) conditions: Vec<(String, String, Vec<Meaning>)>,
    /// Principals and everything else that may hold text.
    pub(crate) principals: Vec<Meaning>,
    /// All of it.
    pub(crate) whole: Meaning,
}

/// A statement with the policy that holds it.
pub(crate) type Held = (InstanceId, &'static str, Statement);

/// The statements of a document.
///
/// # Errors
/// What is not known of it.
pub(crate) fn statements(
    mirror: &Mirror<'_>,
    id: InstanceId,
    node: Option<&Node>,
    end: End,
) -> Result<Vec<Statement>, Vec<Name>> {
    let document = mirror.document(node, end, mirror.instance(id).root.as_ref())?;
    let Some(statements) = document.get("Statement") else {
        return Ok(Vec::new());
    };
    Ok(statements.items().into_iter().map(statement).collect())
}

fn statement(meaning: &Meaning) -> Statement {
    let texts =
        |name: &str| -> Vec<&Meaning> { meaning.get(name).map(Meaning::items).unwrap_or_default() };
    let mut conditions = Vec::new();
    if let Some(Meaning::Map(operators)) = meaning.get("Condition") {
        for (operator, keys) in operators {
            if let Meaning::Map(keys) = keys {
                for (key, values) in keys {
                    let values = values.items().into_iter().cloned().collect();
                    conditions.push((operator.to_string(), key.to_string(), values));
                }
            }
        }
    }
    Statement {
        allows: meaning.get("Effect").and_then(Meaning::letters) != Some("Deny"),
        actions: texts("Action")
            .into_iter()
            .filter_map(|text| Some(text.letters()?.to_ascii_lowercase()))
            .collect(),
        inverted: meaning.get("NotAction").is_some() || meaning.get("NotResource").is_some(),
        open: texts("Action")
            .into_iter()
            .filter(|text| text.letters().is_none())
            .flat_map(Meaning::open)
            .collect(),
        resources: texts("Resource").into_iter().cloned().collect(),
        principals: texts("Principal").into_iter().cloned().collect(),
        conditions,
        whole: meaning.clone(),
    }
}

/// Whether a pattern of actions means an action; both in lower case.
pub(crate) fn means(pattern: &str, action: &str) -> bool {
    pattern == "*" || crate::settings::glob(pattern, action)
}

/// The end from which a policy of an instance is read, where it serves the secondary region.
pub(crate) fn secondary_end(mirror: &Mirror<'_>, id: InstanceId) -> Option<End> {
    match mirror.standing(id) {
        Standing::Secondary(at) => Some(End::Secondary(at)),
        Standing::Global => {
            let pair = mirror.pairing.pair_of(id, None)?;
            let pair = &mirror.pairing.pairs[pair.index()];
            (pair.primary != id).then_some(End::Secondary(pair.secondary))
        }
        _ => None,
    }
}

/// A word of a text that names the other region.
pub(crate) fn names_peer(meaning: &Meaning) -> bool {
    let mut found = false;
    meaning.walk(&mut |part| {
        found |= match part {
            Part::Letters(text) => text.contains("{peer"),
            Part::Reference(key, name) => {
                matches!(key, Key::Other(_) | Key::Foreign(_)) && !name.contains("cidr")
            }
            Part::Hole(_) => false,
        };
    });
    found
}

/// Whether a text names the own region.
pub(crate) fn names_own(meaning: &Meaning) -> bool {
    let mut found = false;
    meaning.walk(&mut |part| {
        if let Part::Letters(text) = part {
            found |= text.contains("{region}");
        }
    });
    found
}

/// Why it is not known which region something names: of an ARN the part of the region counts, else all of it. What is
/// looked up lies in the region of its own provider.
pub(crate) fn region_open(meaning: &Meaning) -> Vec<Name> {
    let reasons = |found: Vec<Name>| -> Vec<Name> {
        let is_lookup = |name: &Name| {
            (name.starts_with("data.") || name.contains(".data."))
                && !name.contains("terraform_remote_state")
        };
        let told = |name: &Name| &**name != "aws" && !is_lookup(name);
        found.into_iter().filter(told).collect()
    };
    let Meaning::Text(parts) = meaning else {
        return reasons(meaning.open());
    };
    let mut colons = 0;
    let mut open = Vec::new();
    let is_arn = matches!(parts.first(), Some(Part::Letters(text)) if text.starts_with("arn:"));
    for part in parts {
        match part {
            Part::Letters(text) => colons += text.matches(':').count(),
            Part::Hole(hole) if !is_arn || colons == 3 => open.extend(hole.open()),
            Part::Hole(_) | Part::Reference(..) => {}
        }
    }
    reasons(open)
}

/// All policies that a role has: inline, separate and attached.
pub(crate) fn of_role(mirror: &Mirror<'_>, role: InstanceId) -> Vec<(InstanceId, &'static str)> {
    let mut found = Vec::new();
    for id in mirror
        .graph
        .owned(role, mirror.inventory, "aws_iam_role_policy", "role")
    {
        found.push((id, "policy"));
    }
    for ty in [
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
    ] {
        for argument in ["role", "roles"] {
            for id in mirror.graph.owned(role, mirror.inventory, ty, argument) {
                for policy in mirror.targets(id, "policy_arn") {
                    if &*mirror.instance(policy).ty == "aws_iam_policy" {
                        found.push((policy, "policy"));
                    }
                }
            }
        }
    }
    found
}

/// A type of resource, its service as in actions, and types of policies of their own with the argument that names it.
type Holder = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Resources that have policies.
const OF_RESOURCES: [Holder; 11] = [
    ("aws_s3_bucket", "s3", &[("aws_s3_bucket_policy", "bucket")]),
    (
        "aws_sqs_queue",
        "sqs",
        &[("aws_sqs_queue_policy", "queue_url")],
    ),
    ("aws_sns_topic", "sns", &[("aws_sns_topic_policy", "arn")]),
    (
        "aws_secretsmanager_secret",
        "secretsmanager",
        &[("aws_secretsmanager_secret_policy", "secret_arn")],
    ),
    (
        "aws_ecr_repository",
        "ecr",
        &[("aws_ecr_repository_policy", "repository")],
    ),
    (
        "aws_backup_vault",
        "backup",
        &[("aws_backup_vault_policy", "backup_vault_name")],
    ),
    (
        "aws_cloudwatch_event_bus",
        "events",
        &[("aws_cloudwatch_event_bus_policy", "event_bus_name")],
    ),
    (
        "aws_dynamodb_table",
        "dynamodb",
        &[("aws_dynamodb_resource_policy", "resource_arn")],
    ),
    (
        "aws_efs_file_system",
        "elasticfilesystem",
        &[("aws_efs_file_system_policy", "file_system_id")],
    ),
    ("aws_s3_access_point", "s3", &[]),
    (
        "aws_vpc_endpoint",
        "",
        &[("aws_vpc_endpoint_policy", "vpc_endpoint_id")],
    ),
];

/// The service of a resource that has policies, as in actions; empty where it is any.
pub(crate) fn service(ty: &str) -> Option<&'static str> {
    let found = OF_RESOURCES.iter().find(|(of, ..)| *of == ty);
    found.map(|(_, service, _)| *service)
}

/// All policies of a resource, inline and of their own; and why there may be more of them.
pub(crate) fn of_resource(
    mirror: &Mirror<'_>,
    owner: InstanceId,
) -> (Vec<(InstanceId, &'static str)>, Vec<Name>) {
    let (mut found, mut open) = (Vec::new(), Vec::new());
    let ty = &*mirror.instance(owner).ty;
    let Some((.., separate)) = OF_RESOURCES.iter().find(|(of, ..)| *of == ty) else {
        return (found, open);
    };
    if mirror
        .value(owner, "policy")
        .is_some_and(|node| !node.is_empty())
    {
        found.push((owner, "policy"));
    }
    for (ty, argument) in *separate {
        let owned = mirror.graph.owned(owner, mirror.inventory, ty, argument);
        found.extend(owned.into_iter().map(|id| (id, "policy")));
        open.extend(mirror.adrift(ty, argument, mirror.standing(owner)));
    }
    (found, open)
}
