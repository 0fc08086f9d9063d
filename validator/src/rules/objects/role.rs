//! Whether the role of a replication may do what replication does.

use super::replication::at;
use crate::inventory::{Mode, Name, Path};
use crate::mirror::{End, InstanceId, Maybe, Mirror, Part, Standing, decided_by_aws};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::buckets;
use crate::views::permissions::{self, Answer, Level, Need};
use crate::views::policies;

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
        let other = mirror
            .counterpart(bucket)
            .map_or_else(Spot::missing, Spot::at);
        let other = match roles.first().and_then(|role| statements_of(mirror, *role)) {
            Some((document, path)) => other.written(document, path),
            None => other.written(holder, "role"),
        };
        let asked = Asked::new(REPLICATION.name, Spot::of(holder, "role"), other).keyed("role");
        let [role] = roles.as_slice() else {
            if let Maybe::Unknown(because) = crate::mirror::text(mirror.value(holder, "role"))
                && mirror.targets(holder, "role").is_empty()
                && !decided_by_aws(&because)
            {
                let name = &mirror.instance(holder).address;
                let message = format!("which role {name} has, and what that may do, is not known");
                sink.unsure(asked.unsure(message, because));
            }
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

/// Where the permissions of a role are written: the document that its policy is made of, else the policy.
fn statements_of(mirror: &Mirror<'_>, role: InstanceId) -> Option<(InstanceId, &'static str)> {
    let (policy, path) = policies::of_role(mirror, role).into_iter().next()?;
    let instance = mirror.instance(policy);
    let document = instance
        .references
        .iter()
        .filter(|reference| reference.to.contains("data.aws_iam_policy_document."))
        .find_map(|reference| mirror.graph.find(instance.root.as_ref(), &reference.to));
    Some(document.map_or((policy, path), |id| (id, "")))
}

/// What the role may not do, in words; an error where that cannot be told.
fn lacking(
    mirror: &Mirror<'_>,
    bucket: InstanceId,
    role: InstanceId,
    replication: &buckets::Replication,
) -> Result<Vec<String>, Vec<Name>> {
    let (statements, elsewhere) = permissions::of_role(mirror, role, End::Primary)?;
    let needs = needs(mirror, bucket, replication);
    let mut lacking: Vec<String> = Vec::new();
    let mut open = Vec::new();
    // Where everything of a kind is refused on one resource alone, that resource is the news.
    let anywhere = |need: &Need| {
        let anywhere = Need {
            on: None,
            ..need.clone()
        };
        permissions::allows(mirror, &statements, &anywhere, End::Primary) != Answer::No
    };
    for need in &needs {
        match permissions::allows(mirror, &statements, need, End::Primary) {
            Answer::Yes => {}
            Answer::Open(because) => open.extend(because),
            // A policy that is not at hand may allow it.
            Answer::No if !elsewhere.is_empty() => open.extend(elsewhere.iter().cloned()),
            Answer::No => {
                let words = match need.on.filter(|_| anywhere(need)) {
                    Some(on) => format!("{} on {}", need.action, mirror.instance(on).address),
                    None => need.action.to_owned(),
                };
                if !lacking.contains(&words) {
                    lacking.push(words);
                }
            }
        }
    }
    if !trusts_s3(mirror, role) {
        lacking.push("be assumed by s3.amazonaws.com".into());
    }
    if lacking.is_empty() && !open.is_empty() {
        open.sort();
        open.dedup();
        return Err(open);
    }
    Ok(lacking)
}

/// What replication of a bucket does, action by action.
fn needs(mirror: &Mirror<'_>, bucket: InstanceId, replication: &buckets::Replication) -> Vec<Need> {
    let at_source = |action, level| Need {
        action,
        on: Some(bucket),
        level,
        region: "{region}",
    };
    let mut needs = vec![
        at_source("s3:GetReplicationConfiguration", Level::Whole),
        at_source("s3:ListBucket", Level::Whole),
        at_source("s3:GetObjectVersionForReplication", Level::Inside),
        at_source("s3:GetObjectVersionAcl", Level::Inside),
        at_source("s3:GetObjectVersionTagging", Level::Inside),
    ];
    let lock = buckets::setting(mirror, bucket, "aws_s3_bucket_object_lock_configuration");
    let locked = matches!(lock, Ok(Some(_)))
        || crate::mirror::truth(mirror.value(bucket, "object_lock_enabled")) == Maybe::Known(true);
    if locked {
        needs.push(at_source("s3:GetObjectRetention", Level::Inside));
        needs.push(at_source("s3:GetObjectLegalHold", Level::Inside));
    }
    let enabled = replication
        .rules
        .iter()
        .filter(|rule| rule.enabled == Maybe::Known(true));
    for rule in enabled {
        let is_on = |path: &str| {
            crate::mirror::text(buckets::inside(mirror, rule.holder, &rule.path, path))
                == Maybe::Known("Enabled".into())
        };
        let deletes = is_on("delete_marker_replication[0].status");
        let targets: Vec<Option<InstanceId>> = if rule.targets.is_empty() {
            vec![None]
        } else {
            rule.targets.iter().copied().map(Some).collect()
        };
        for on in targets {
            for action in ["s3:ReplicateObject", "s3:ReplicateDelete"] {
                if deletes || action == "s3:ReplicateObject" {
                    needs.push(Need {
                        action,
                        on,
                        level: Level::Inside,
                        region: "{peer}",
                    });
                }
            }
        }
        if is_on("source_selection_criteria[0].sse_kms_encrypted_objects[0].status") {
            needs.push(Need {
                action: "kms:Decrypt",
                on: source_key(mirror, bucket),
                level: Level::Whole,
                region: "{region}",
            });
            let path = at(
                rule,
                "destination[0].encryption_configuration[0].replica_kms_key_id",
            )
            .path;
            needs.push(Need {
                action: "kms:Encrypt",
                on: one_key(mirror, rule.holder, &path),
                level: Level::Whole,
                region: "{peer}",
            });
        }
    }
    needs
}

/// The key that a bucket encrypts with by default, where it is one of the estate.
fn source_key(mirror: &Mirror<'_>, bucket: InstanceId) -> Option<InstanceId> {
    let path = "rule[0].apply_server_side_encryption_by_default[0].kms_master_key_id";
    let ty = "aws_s3_bucket_server_side_encryption_configuration";
    let (holder, path) = match buckets::setting(mirror, bucket, ty) {
        Err(_) => return None,
        Ok(Some(setting)) => (setting.holder, path.to_owned()),
        Ok(None) => (
            bucket,
            format!("server_side_encryption_configuration[0].{path}"),
        ),
    };
    one_key(mirror, holder, &Spot::of(holder, &path).path)
}

/// The one key that a value leads to.
fn one_key(mirror: &Mirror<'_>, holder: InstanceId, path: &Path) -> Option<InstanceId> {
    let mut keys: Vec<InstanceId> = mirror
        .graph
        .out(holder)
        .iter()
        .filter(|edge| edge.path.starts_with(path))
        .map(|edge| edge.to)
        .filter(|id| {
            matches!(
                &*mirror.instance(*id).ty,
                "aws_kms_key" | "aws_kms_replica_key"
            )
        })
        .collect();
    keys.dedup();
    match keys[..] {
        [key] => Some(key),
        _ => None,
    }
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
