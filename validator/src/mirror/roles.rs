//! Which region is primary and which secondary, and where each instance stands: as told, else inferred and said.

mod infer;

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, InstanceId, words};
use crate::inventory::{Instance, Inventory, Name, Scope};
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
            _ => infer::infer(inventory, settings, graph)?,
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
            return Err(infer::unseen(inventory, &roles, &roles.primary, "primary"));
        }
        infer::check_secondary(inventory, &roles)?;
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
