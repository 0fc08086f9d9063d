//! Roles where nobody told them: from replication and from provider aliases, or an error with a `dr.hcl` to start from.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Graph, InstanceId, words};
use super::{RoleError, Roles};
use crate::inventory::{Instance, Inventory, Mode, Name, Node, Scope};
use crate::settings::Settings;
use crate::world::REGIONS;

/// Types that a region may hold only because edge services want them there.
const EDGE: [&str; 6] = [
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_wafv2_web_acl",
    "aws_wafv2_ip_set",
    "aws_cloudwatch_metric_alarm",
    "aws_lambda_function",
];

pub(super) fn unseen(inventory: &Inventory, roles: &Roles, region: &str, role: &str) -> RoleError {
    let regions = regional(inventory);
    let seen: Vec<String> = regions.keys().map(ToString::to_string).collect();
    let seen = if seen.is_empty() {
        "none".to_owned()
    } else {
        seen.join(", ")
    };
    RoleError {
        summary: format!("nothing was found in the {role} region {region}"),
        detail: format!(
            "Regions that were seen: {seen}. Name them as primary and secondary in the estate block of dr.hcl."
        ),
        suggestion: suggestion(&regions, Some(&roles.primary)),
        nothing: inventory.instances.is_empty(),
    }
}

/// Refuses a secondary region that nothing is in and nothing names, where another region could be meant. An estate that has
/// nothing but the primary yet has nothing mirrored: that is for the rules to say.
pub(super) fn check_secondary(inventory: &Inventory, roles: &Roles) -> Result<(), RoleError> {
    let mut regions = regional(inventory);
    regions.retain(|region, instances| {
        *region != roles.primary
            && !roles.secondary.contains(region)
            && !instances.iter().all(|it| EDGE.contains(&&*it.ty))
    });
    let unsure = inventory
        .instances
        .iter()
        .any(|it| it.region.value.is_none() && it.ty.starts_with("aws_"));
    for region in &roles.secondary {
        let is_region = REGIONS.iter().any(|(name, _)| **name == **region);
        let wrong = !is_region || !regions.is_empty();
        if wrong && !unsure && !is_named(inventory, region) {
            return Err(unseen(inventory, roles, region, "secondary"));
        }
    }
    Ok(())
}

/// Whether anything lies in a region, or has its name as a value: a copy is often a block of what it is a copy of.
fn is_named(inventory: &Inventory, region: &Name) -> bool {
    fn names(node: &Node, region: &Name) -> bool {
        match node {
            Node::String(text) => text.contains(&**region),
            Node::List(nodes) | Node::Set(nodes) => nodes.iter().any(|node| names(node, region)),
            Node::Map(nodes) | Node::Object(nodes) => {
                nodes.values().any(|node| names(node, region))
            }
            _ => false,
        }
    }
    let unread = inventory.unread.iter();
    let mut modules = unread.map(|it| it.region.as_ref());
    modules.any(|it| it.is_none_or(|it| it == region))
        || inventory.instances.iter().any(|instance| {
            instance.region.value.as_ref() == Some(region)
                || instance.values.values().any(|node| names(node, region))
        })
}

/// Managed regional instances of AWS by region.
fn regional(inventory: &Inventory) -> BTreeMap<Name, Vec<&Instance>> {
    let mut regions: BTreeMap<Name, Vec<&Instance>> = BTreeMap::new();
    for instance in &inventory.instances {
        if instance.mode == Mode::Managed
            && instance.scope == Scope::Regional
            && instance.ty.starts_with("aws_")
            && let Some(region) = &instance.region.value
        {
            regions.entry(region.clone()).or_default().push(instance);
        }
    }
    regions
}

pub(super) fn infer(
    inventory: &Inventory,
    settings: &Settings,
    graph: &Graph,
) -> Result<Roles, RoleError> {
    let mut regions = regional(inventory);
    regions.retain(|region, instances| {
        settings.primary.as_ref() == Some(region)
            || settings.secondary.contains(region)
            || !instances
                .iter()
                .all(|instance| EDGE.contains(&&*instance.ty))
    });
    let names: Vec<Name> = regions.keys().cloned().collect();
    let [one, other] = names.as_slice() else {
        return Err(too_few_or_many(inventory, &regions));
    };
    let arrows = arrows(inventory, graph, one, other);
    let default = default_region(inventory);
    let (primary, how) = if let Some(told) = &settings.primary {
        (told.clone(), "dr.hcl names the primary region".to_owned())
    } else if arrows != (0, 0) && (arrows.0 == 0 || arrows.1 == 0) {
        let (from, to, count) = if arrows.1 == 0 {
            (one, other, arrows.0)
        } else {
            (other, one, arrows.1)
        };
        (
            from.clone(),
            format!("{count} replication arrows lead from {from} to {to}"),
        )
    } else if let Some(default) = default.filter(|region| names.contains(region)) {
        let how = format!("the default provider is in {default}");
        (default, how)
    } else {
        return Err(RoleError {
            summary: format!("it cannot be told whether {one} or {other} is the primary region"),
            detail: "Replication leads both ways or nowhere, and no default provider names one of them. Name both in the estate block of dr.hcl.".into(),
            suggestion: suggestion(&regions, None),
            nothing: false,
        });
    };
    let secondary = if primary == *one { other } else { one };
    Ok(Roles {
        inferred: format!("{primary} is primary and {secondary} secondary: {how}"),
        secondary: vec![secondary.clone()],
        primary,
        ..Roles::default()
    })
}

fn too_few_or_many(inventory: &Inventory, regions: &BTreeMap<Name, Vec<&Instance>>) -> RoleError {
    let nothing = inventory.instances.is_empty();
    let unknown = inventory
        .instances
        .iter()
        .filter(|instance| instance.region.value.is_none() && instance.ty.starts_with("aws_"))
        .count();
    let hint = if unknown > 0 {
        format!(" The region of {unknown} instances is not known: `drcheck inventory` says why.")
    } else {
        String::new()
    };
    let (summary, detail) = match regions.len() {
        0 if nothing => (
            "no instance was found".to_owned(),
            "There is nothing to compare: name the directory of a root module, a plan or a state."
                .to_owned(),
        ),
        0 => (
            "no instance lies in a region that is known".to_owned(),
            format!("Two regions are needed to compare.{hint}"),
        ),
        1 => {
            let only = regions
                .keys()
                .next()
                .map(|name| &**name)
                .unwrap_or_default();
            (
                format!("everything lies in {only}: there is no secondary region"),
                format!(
                    "If the secondary region is in another root, state or account, name the roots in dr.hcl. If there is none yet, nothing is left when {only} is lost.{hint}"
                ),
            )
        }
        count => (
            format!(
                "{count} regions are in use, and it is not said which are primary and secondary"
            ),
            format!("Name them in the estate block of dr.hcl.{hint}"),
        ),
    };
    RoleError {
        summary,
        detail,
        suggestion: suggestion(regions, None),
        nothing,
    }
}

/// A `dr.hcl` to start from: the region with most instances as primary.
fn suggestion(regions: &BTreeMap<Name, Vec<&Instance>>, primary: Option<&Name>) -> Option<String> {
    let mut by_count: Vec<(&Name, usize)> = regions
        .iter()
        .map(|(region, instances)| (region, instances.len()))
        .collect();
    by_count.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let first = by_count.first()?.0;
    let primary = primary
        .filter(|region| regions.contains_key(*region))
        .unwrap_or(first);
    let second = by_count
        .iter()
        .map(|(region, _)| *region)
        .find(|region| *region != primary)
        .map_or("SECONDARY-REGION", |region| &**region);
    Some(format!(
        "estate \"main\" {{\n  primary   = \"{primary}\"\n  secondary = [\"{second}\"]\n}}\n"
    ))
}

/// Arguments that carry replication from the instance they name to the one that has them, or the other way round.
const TOWARDS_SELF: [(&str, &str); 5] = [
    ("aws_db_instance", "replicate_source_db"),
    ("aws_kms_replica_key", "primary_key_arn"),
    ("aws_rds_cluster", "replication_source_identifier"),
    ("aws_kms_replica_external_key", "primary_key_arn"),
    (
        "aws_db_instance_automated_backups_replication",
        "source_db_instance_arn",
    ),
];

fn arrows(inventory: &Inventory, graph: &Graph, one: &Name, other: &Name) -> (usize, usize) {
    let (mut forward, mut backward) = (0, 0);
    let mut count = |from: Option<&Name>, to: Option<&Name>| {
        if from == Some(one) && to == Some(other) {
            forward += 1;
        } else if from == Some(other) && to == Some(one) {
            backward += 1;
        }
    };
    for (ty, argument) in TOWARDS_SELF {
        for id in graph.of_type(ty) {
            for source in graph.targets(*id, argument) {
                count(region(inventory, source), region(inventory, *id));
            }
        }
    }
    for id in graph.of_type("aws_s3_bucket_replication_configuration") {
        let to: BTreeSet<InstanceId> = graph
            .out(*id)
            .iter()
            .filter(|edge| edge.path.len() > 2 && edge.path.iter().any(|step| matches!(step, crate::symbol::PathStep::Name(name) if &**name == "destination")))
            .map(|edge| edge.to)
            .collect();
        for to in to {
            count(region(inventory, *id), region(inventory, to));
        }
    }
    (forward, backward)
}

fn region(inventory: &Inventory, id: InstanceId) -> Option<&Name> {
    inventory.instances.get(id.index())?.region.value.as_ref()
}

/// The region of the root's default provider, by the instances that it serves.
fn default_region(inventory: &Inventory) -> Option<Name> {
    let regions: BTreeSet<&Name> = inventory
        .instances
        .iter()
        .filter(|instance| instance.provider_key.as_deref() == Some("aws"))
        .filter_map(|instance| instance.region.value.as_ref())
        .collect();
    match regions.len() {
        1 => regions.into_iter().next().cloned(),
        _ => by_words(inventory),
    }
}

/// The one region whose provider alias says a primary role.
fn by_words(inventory: &Inventory) -> Option<Name> {
    let keys: BTreeSet<(&Name, &Name)> = inventory
        .instances
        .iter()
        .filter_map(|instance| {
            Some((
                instance.provider_key.as_ref()?,
                instance.region.value.as_ref()?,
            ))
        })
        .collect();
    let regions: BTreeSet<&Name> = keys
        .iter()
        .filter(|(key, _)| {
            let alias = key.rsplit('.').next().unwrap_or(key);
            keys.iter()
                .any(|(other, _)| words::swapped(alias, other.rsplit('.').next().unwrap_or(other)))
        })
        .map(|(_, region)| *region)
        .collect();
    match regions.len() {
        1 => regions.into_iter().next().cloned(),
        _ => None,
    }
}
