//! Whether the role of a replication may do what replication does.

use crate::inventory::{Mode, Name};
use crate::mirror::{End, InstanceId, Maybe, Meaning, Mirror, Part, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::buckets;
use crate::views::policies::{self, means};

pub(super) const REPLICATION: Rule = Rule {
    name: "replication-role-cannot",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "The role of a bucket's replication lacks permissions that it needs.",
    impact: "Objects fail to replicate one by one, without an error that anybody sees.",
    doc: "\
## What it asks
All policies of the role together must allow: reading versions of the source, writing to the destination, deletes and tags
where they are replicated, `kms:Decrypt` and `kms:Encrypt` where objects are encrypted by KMS, and
`s3:GetObjectRetention` and `s3:GetObjectLegalHold` where the source has Object Lock.

## How to fix it
Allow the actions that the finding names.

Source: Amazon S3 user guide, setting up permissions for replication, and Object Lock with replication.
",
    check: Check::Code(replication),
};

fn replication(mirror: &Mirror<'_>, sink: &mut Sink) {
    for bucket in mirror.standing_of_type("aws_s3_bucket", Standing::Primary) {
        let replication = buckets::replication(mirror, bucket);
        let Some(holder) = replication.holder.filter(|_| !replication.rules.is_empty()) else {
            continue;
        };
        let roles: Vec<InstanceId> = mirror
            .targets(holder, "role")
            .into_iter()
            .filter(|id| {
                &*mirror.instance(*id).ty == "aws_iam_role"
                    && mirror.instance(*id).mode == Mode::Managed
            })
            .collect();
        let asked = Asked::new(
            REPLICATION.name,
            Spot::of(holder, "role"),
            mirror
                .counterpart(bucket)
                .map_or_else(Spot::missing, Spot::at),
        )
        .keyed("role");
        let [role] = roles.as_slice() else {
            continue;
        };
        match lacking(mirror, bucket, *role, &replication) {
            Ok(lacking) if lacking.is_empty() => sink.holds(),
            Ok(lacking) => sink.broken(
                asked
                    .broken(format!(
                        "{} may not {}",
                        mirror.instance(*role).address,
                        lacking.join(", ")
                    ))
                    .fix(format!("Allow {}.", lacking.join(", "))),
            ),
            Err(because) => sink.unsure(asked.unsure(
                format!(
                    "what {} may do is not known",
                    mirror.instance(*role).address
                ),
                because,
            )),
        }
    }
}

fn lacking(
    mirror: &Mirror<'_>,
    bucket: InstanceId,
    role: InstanceId,
    replication: &buckets::Replication,
) -> Result<Vec<&'static str>, Vec<Name>> {
    let mut allowed: Vec<String> = Vec::new();
    let mut writes: Vec<Meaning> = Vec::new();
    for (policy, path) in policies::of_role(mirror, role) {
        for statement in
            policies::statements(mirror, policy, mirror.value(policy, path), End::Primary)?
        {
            if statement.allows {
                if statement
                    .actions
                    .iter()
                    .any(|pattern| means(pattern, "s3:replicateobject"))
                {
                    writes.extend(statement.resources.iter().cloned());
                }
                allowed.extend(statement.actions);
            }
        }
    }
    let mut needed = vec![
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:ReplicateObject",
    ];
    let enabled = |path: &str| {
        replication.rules.iter().any(|rule| {
            rule.enabled == Maybe::Known(true)
                && crate::mirror::text(buckets::inside(mirror, rule.holder, &rule.path, path))
                    == Maybe::Known("Enabled".into())
        })
    };
    if enabled("delete_marker_replication[0].status") {
        needed.push("s3:ReplicateDelete");
    }
    if enabled("source_selection_criteria[0].sse_kms_encrypted_objects[0].status") {
        needed.extend(["kms:Decrypt", "kms:Encrypt"]);
    }
    let locked = buckets::setting(mirror, bucket, "aws_s3_bucket_object_lock_configuration")
        .is_some()
        || crate::mirror::truth(mirror.value(bucket, "object_lock_enabled")) == Maybe::Known(true);
    if locked {
        needed.extend(["s3:GetObjectRetention", "s3:GetObjectLegalHold"]);
    }
    needed.retain(|action| {
        let action = action.to_ascii_lowercase();
        !allowed.iter().any(|pattern| means(pattern, &action))
    });
    if needed.is_empty() && !writes_to(mirror, bucket, &writes) {
        needed.push("s3:ReplicateObject on the destination bucket");
    }
    if !trusts_s3(mirror, role) {
        needed.push("be assumed by s3.amazonaws.com");
    }
    Ok(needed)
}

/// Whether resources of statements include the counterpart of a bucket. What is not known may.
fn writes_to(mirror: &Mirror<'_>, bucket: InstanceId, resources: &[Meaning]) -> bool {
    let Some(pair) = mirror.pairing.pair_of(bucket, None) else {
        return true;
    };
    let name = mirror.pairing.pairs[pair.index()]
        .instance()
        .and_then(|id| crate::mirror::text(mirror.value(id, "bucket")).known());
    resources.iter().any(|resource| {
        let mut found = !resource.open().is_empty() || matches!(resource, Meaning::Expression(..));
        resource.walk(&mut |part| {
            found |= match part {
                Part::Reference(crate::mirror::Key::Other(other), _) => *other == pair,
                Part::Letters(text) => {
                    text == "*"
                        || name
                            .as_ref()
                            .is_some_and(|name| names_bucket(mirror, text, name))
                }
                _ => false,
            };
        });
        found
    })
}

/// Whether a resource pattern means a bucket of the secondary region.
fn names_bucket(mirror: &Mirror<'_>, pattern: &str, bucket: &str) -> bool {
    let region = mirror
        .roles
        .secondary
        .first()
        .map_or("", |region| &**region);
    let pattern = pattern
        .replace("{peer}", region)
        .replace("{region}", &mirror.roles.primary);
    let arn = format!("arn:aws:s3:::{bucket}");
    crate::settings::glob(pattern.trim_end_matches("/*"), &arn)
        || crate::settings::glob(&pattern, &format!("{arn}/key"))
}

/// Whether S3 may assume a role. What is not known may be.
fn trusts_s3(mirror: &Mirror<'_>, role: InstanceId) -> bool {
    let node = mirror.value(role, "assume_role_policy");
    let Ok(statements) = policies::statements(mirror, role, node, End::Primary) else {
        return true;
    };
    let mut found = statements.is_empty();
    for principal in statements
        .iter()
        .flat_map(|statement| &statement.principals)
    {
        found |= !principal.open().is_empty();
        principal.walk(&mut |part| {
            if let Part::Letters(text) = part {
                found |= text == "s3.amazonaws.com" || text == "*";
            }
        });
    }
    found
}
