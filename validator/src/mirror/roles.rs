//! Which region is primary and which secondary, and where each instance stands: as told, else inferred and said.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, InstanceId, words};
use crate::inventory::{Instance, Inventory, Mode, Name, Scope};
use crate::settings::Settings;

/// Where an instance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// In the primary region.
    Primary,
    /// In a secondary region, by position in the list.
    Secondary(usize),
    /// Of a global service.
    Global,
    /// In a third region, or no resource of AWS.
    Other,
    /// In a region that is not known.
    Unknown,
}

/// Roles of the regions.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// The primary region.
    pub primary: Name,
    /// Secondary regions, in order.
    pub secondary: Vec<Name>,
    /// How the roles were found, one sentence; empty where they were told.
    pub inferred: String,
    standing: Vec<Standing>,
    words: words::Words,
    /// Zones that were seen, by region, sorted.
    zones: BTreeMap<Name, Vec<Name>>,
}

/// Why no roles can be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{summary}. {detail}")]
pub struct RoleError {
    /// What was seen.
    pub summary: String,
    /// What was expected, and the next move.
    pub detail: String,
    /// A `dr.hcl` to start from, where regions were seen.
    pub suggestion: Option<String>,
    /// Whether there was nothing to check at all.
    pub nothing: bool,
}

/// Types that a region may hold only because edge services want them there.
const EDGE: [&str; 6] = [
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_wafv2_web_acl",
    "aws_wafv2_ip_set",
    "aws_cloudwatch_metric_alarm",
    "aws_lambda_function",
];

impl Roles {
    pub(super) fn new(
        inventory: &Inventory,
        settings: &Settings,
        graph: &Graph,
    ) -> Result<Self, RoleError> {
        let mut roles = match (&settings.primary, settings.secondary.as_slice()) {
            (Some(primary), [_, ..]) => Roles {
                primary: primary.clone(),
                secondary: settings.secondary.clone(),
                ..Roles::default()
            },
            _ => infer(inventory, settings, graph)?,
        };
        roles.standing = inventory
            .instances
            .iter()
            .map(|instance| roles.of(instance))
            .collect();
        roles.words = words::Words::new(&roles.regions());
        roles.zones = zones(inventory, &roles);
        let seen = |region: &Name| {
            inventory
                .instances
                .iter()
                .any(|instance| instance.region.value.as_ref() == Some(region))
        };
        if !seen(&roles.primary) {
            return Err(unseen(inventory, &roles, &roles.primary, "primary"));
        }
        Ok(roles)
    }

    fn of(&self, instance: &Instance) -> Standing {
        if !instance.ty.starts_with("aws_") {
            return Standing::Other;
        }
        if instance.scope == Scope::Global {
            return Standing::Global;
        }
        match &instance.region.value {
            None => Standing::Unknown,
            Some(region) if *region == self.primary => Standing::Primary,
            Some(region) => self
                .secondary
                .iter()
                .position(|secondary| secondary == region)
                .map_or(Standing::Other, Standing::Secondary),
        }
    }

    /// Where an instance stands.
    pub fn standing(&self, id: InstanceId) -> Standing {
        self.standing
            .get(id.index())
            .copied()
            .unwrap_or(Standing::Unknown)
    }

    /// The region of a standing, where it is one of the roles.
    pub fn region(&self, standing: Standing) -> Option<&Name> {
        match standing {
            Standing::Primary => Some(&self.primary),
            Standing::Secondary(at) => self.secondary.get(at),
            _ => None,
        }
    }

    /// Zones of a standing's region that the estate names, sorted: the same position means the same role.
    pub fn zones(&self, standing: Standing) -> Option<&[Name]> {
        self.zones.get(self.region(standing)?).map(Vec::as_slice)
    }

    /// A name without words for regions and roles.
    pub(crate) fn bare(&self, name: &str) -> String {
        self.words.bare(name)
    }

    /// All regions with a role.
    pub fn regions(&self) -> Vec<&str> {
        std::iter::once(&*self.primary)
            .chain(self.secondary.iter().map(|region| &**region))
            .collect()
    }
}

fn unseen(inventory: &Inventory, roles: &Roles, region: &str, role: &str) -> RoleError {
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

/// Managed regional instances of AWS by region.
fn regional(inventory: &Inventory) -> BTreeMap<Name, Vec<&Instance>> {
    let mut regions: BTreeMap<Name, Vec<&Instance>> = BTreeMap::new();
    for instance in &inventory.instances {
        if instance.mode == Mode::Managed
            && instance.scope == Scope::Regional
            && instance.ty.starts_with("aws_")
        {
            if let Some(region) = &instance.region.value {
                regions.entry(region.clone()).or_default().push(instance);
            }
        }
    }
    regions
}

fn infer(inventory: &Inventory, settings: &Settings, graph: &Graph) -> Result<Roles, RoleError> {
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

/// Zones that stand in values or keys, by region: `us-east-1a` and the like.
fn zones(inventory: &Inventory, roles: &Roles) -> BTreeMap<Name, Vec<Name>> {
    let mut found: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for instance in &inventory.instances {
        for name in ["availability_zone", "availability_zones", "names"] {
            let Some(node) = instance.values.get(name) else {
                continue;
            };
            let texts: Vec<&Name> = match node {
                crate::inventory::Node::String(text) => vec![text],
                crate::inventory::Node::List(nodes) | crate::inventory::Node::Set(nodes) => nodes
                    .iter()
                    .filter_map(|node| match node {
                        crate::inventory::Node::String(text) => Some(text),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            };
            for text in texts {
                for region in roles.regions() {
                    let zone = text.strip_prefix(region);
                    if zone.is_some_and(|zone| {
                        zone.len() == 1 && zone.bytes().all(|b| b.is_ascii_lowercase())
                    }) {
                        found.entry(region.into()).or_default().insert(text.clone());
                    }
                }
            }
        }
    }
    found
        .into_iter()
        .map(|(region, zones)| (region, zones.into_iter().collect()))
        .collect()
}
