//! Buckets with their settings, inline or as resources of their own, and the rules that replicate them.

use crate::inventory::{Name, Node, Path};
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, list, steps, text};
use crate::symbol::PathStep;

/// A setting of a bucket: where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// The resource that holds it: the bucket, or a resource of its own.
    pub(crate) holder: InstanceId,
}

/// The resource that holds a kind of setting for a bucket; none where it is inline or nowhere.
///
/// # Errors
/// Why it is not known: one of a bucket that is not known may be of this one.
pub(crate) fn setting(
    mirror: &Mirror<'_>,
    bucket: InstanceId,
    ty: &str,
) -> Result<Option<Setting>, Vec<Name>> {
    let mut found = mirror.graph.owned(bucket, mirror.inventory, ty, "bucket");
    found.retain(|id| mirror.instance(*id).mode == crate::inventory::Mode::Managed);
    if let Some(holder) = found.first() {
        return Ok(Some(Setting { holder: *holder }));
    }
    let open = mirror.adrift(ty, "bucket", mirror.standing(bucket));
    if open.is_empty() {
        Ok(None)
    } else {
        Err(open.into_iter().collect())
    }
}

/// The status of versioning: `Enabled`, `Suspended`, `Disabled`; unset where nothing manages it.
pub(crate) fn versioning(
    mirror: &Mirror<'_>,
    bucket: InstanceId,
) -> (Maybe<String>, InstanceId, &'static str) {
    let path = "versioning_configuration[0].status";
    match setting(mirror, bucket, "aws_s3_bucket_versioning") {
        Ok(Some(setting)) => {
            let status = text(mirror.value(setting.holder, path));
            return (status, setting.holder, path);
        }
        Ok(None) => {}
        Err(because) => return (Maybe::Unknown(because), bucket, "versioning"),
    }
    let inline = "versioning[0].enabled";
    let status = crate::mirror::truth(mirror.value(bucket, inline));
    let word = |enabled: bool| {
        if enabled {
            "Enabled".to_owned()
        } else {
            "Disabled".to_owned()
        }
    };
    match status {
        Maybe::Unknown(because) if because.iter().all(|reason| &**reason == "aws") => {
            (Maybe::Unset, bucket, inline)
        }
        status => (status.map(word), bucket, inline),
    }
}

/// One replication rule.
#[derive(Clone, Debug)]
pub(crate) struct ReplicationRule {
    /// The resource that holds it.
    pub(crate) holder: InstanceId,
    /// Its block.
    pub(crate) path: Path,
    /// Whether it is enabled.
    pub(crate) enabled: Maybe<bool>,
    /// Key prefixes that it covers; empty for all keys.
    pub(crate) prefix: Maybe<String>,
    /// Whether it asks for tags too.
    pub(crate) tags: bool,
    /// Whether it has a `filter` block: the newer form.
    pub(crate) newer: bool,
    /// Buckets that it leads to.
    pub(crate) targets: Vec<InstanceId>,
    /// The destination as text, where it is known.
    pub(crate) destination: Maybe<String>,
}

/// All replication of a bucket.
pub(crate) struct Replication {
    /// The rules.
    pub(crate) rules: Vec<ReplicationRule>,
    /// Why it is not known which there are.
    pub(crate) open: Vec<Name>,
    /// The resource that holds them, where there is one.
    pub(crate) holder: Option<InstanceId>,
}

/// The replication of a bucket.
pub(crate) fn replication(mirror: &Mirror<'_>, bucket: InstanceId) -> Replication {
    let mut found = Replication {
        rules: Vec::new(),
        open: Vec::new(),
        holder: None,
    };
    let (holder, first): (InstanceId, Vec<PathStep>) =
        match setting(mirror, bucket, "aws_s3_bucket_replication_configuration") {
            Ok(Some(setting)) => (setting.holder, vec![PathStep::Name("rule".into())]),
            Err(because) => {
                found.open = because;
                return found;
            }
            Ok(None) => {
                let inline = vec![
                    PathStep::Name("replication_configuration".into()),
                    PathStep::Index(0),
                    PathStep::Name("rules".into()),
                ];
                if steps(mirror.instance(bucket), &inline).is_none() {
                    return found;
                }
                (bucket, inline)
            }
        };
    found.holder = Some(holder);
    match list(steps(mirror.instance(holder), &first)) {
        Maybe::Known(nodes) => {
            for at in 0..nodes.len() {
                let mut path = first.clone();
                path.push(PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX)));
                found.rules.push(rule(mirror, holder, path));
            }
        }
        Maybe::Unset => {}
        Maybe::Unknown(because) => {
            if because.iter().any(|reason| &**reason != "aws") {
                found.open = because;
            }
        }
    }
    found
}

/// The value at a place inside of a block.
pub(crate) fn inside<'a>(
    mirror: &Mirror<'a>,
    holder: InstanceId,
    block: &Path,
    path: &str,
) -> Option<&'a Node> {
    let mut all = block.clone();
    all.extend(crate::verdict::Spot::of(holder, path).path);
    steps(mirror.instance(holder), &all)
}

fn rule(mirror: &Mirror<'_>, holder: InstanceId, path: Path) -> ReplicationRule {
    let at = |inner: &str| inside(mirror, holder, &path, inner);
    let filter = at("filter[0]").is_some();
    let prefixes = ["filter[0].prefix", "filter[0].and[0].prefix", "prefix"];
    let prefix = prefixes
        .iter()
        .map(|inner| text(at(inner)))
        .find(|prefix| *prefix != Maybe::Unset)
        .unwrap_or(Maybe::Known(String::new()));
    let is_set = |node: Option<&Node>| node.is_some_and(|node| !node.is_empty());
    let targets = mirror
        .graph
        .out(holder)
        .iter()
        .filter(|edge| {
            edge.path.starts_with(&path)
                && crate::mirror::schema_path(&edge.path).contains("destination")
        })
        .map(|edge| edge.to)
        .filter(|id| &*mirror.instance(*id).ty == "aws_s3_bucket")
        .collect();
    ReplicationRule {
        enabled: text(at("status")).map(|status| status == "Enabled"),
        prefix,
        tags: is_set(at("filter[0].tag")) || is_set(at("filter[0].and[0].tags")),
        newer: filter,
        targets,
        destination: text(at("destination[0].bucket")),
        holder,
        path,
    }
}

/// Whether a rule leads to a bucket that is proved to be in a secondary region: yes, no, or why it cannot be told.
///
/// # Errors
/// What is not known.
pub(crate) fn leaves(mirror: &Mirror<'_>, rule: &ReplicationRule) -> Result<bool, Vec<Name>> {
    if rule.targets.is_empty() {
        return match &rule.destination {
            Maybe::Unknown(because) => Err(because.clone()),
            // A bucket's ARN holds no region.
            Maybe::Known(name) => Err(vec![format!("the region of {name}").into()]),
            Maybe::Unset => Ok(false),
        };
    }
    Ok(rule
        .targets
        .iter()
        .any(|id| matches!(mirror.standing(*id), Standing::Secondary(_))))
}
