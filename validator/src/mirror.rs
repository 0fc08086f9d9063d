//! Two regions of an estate side by side: which instance lies where, which mirrors which, and what a value of the one means
//! in the other. Pure: it is made from an inventory and from settings, and never changes.

mod adrift;
mod cidr;
mod found;
mod graph;
mod lookups;
mod meaning;
mod pairing;
mod read;
mod roles;
mod words;

use std::collections::BTreeSet;

use crate::inventory::{Instance, Inventory, Name, Path};
use crate::settings::{CidrPolicy, Settings, Tier, matches};
use crate::symbol::PathStep;
use crate::verdict::Strategy;

pub(crate) use cidr::{net, parse as parse_range};
pub(crate) use found::{is_of_region, is_thing};
pub(crate) use graph::without_own_key;
pub(crate) use meaning::{End, Key, Meaning, Part};
pub(crate) use read::{decided_by_aws, steps, whole};

pub use graph::{Edge, Graph};
pub use meaning::{Difference, Outcome};
pub use pairing::{Ambiguity, Counterpart, Evidence, Pair, PairId, Pairing, Stray};
pub use read::{Maybe, at, list, number, text, truth};
pub use roles::{RoleError, Roles, Standing};

/// An instance of the inventory, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub u32);

impl InstanceId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Both regions of an estate, ready to be compared.
#[derive(Debug)]
pub struct Mirror<'a> {
    /// Everything that is known.
    pub inventory: &'a Inventory,
    /// What the estate says of itself.
    pub settings: &'a Settings,
    /// Which region is which, and where each instance stands.
    pub roles: Roles,
    /// Who refers to whom.
    pub graph: Graph,
    /// Which instance mirrors which.
    pub pairing: Pairing,
    /// How address ranges relate.
    pub cidr: CidrPolicy,
    /// What may lead anywhere.
    adrift: adrift::Adrift,
    ranges: Vec<(Standing, cidr::Ranges)>,
    /// What data sources found.
    lookups: lookups::Lookups,
    /// What they ask.
    found: found::Found,
    /// Names of paired instances, one of each side.
    names: std::collections::BTreeSet<(Name, Name)>,
}

/// Arguments by which AWS knows an instance.
const NAMES: [&str; 10] = [
    "name",
    "identifier",
    "cluster_identifier",
    "replication_group_id",
    "bucket",
    "function_name",
    "family",
    "domain_name",
    "table_name",
    "id",
];

/// Kinds of ids that mean something in one region only.
const REGIONAL_IDS: [&str; 18] = [
    "acl", "dopt", "eipalloc", "eni", "fs", "i", "igw", "lt", "nat", "pl", "rtb", "sg", "snap",
    "subnet", "tgw", "vol", "vpc", "vpce",
];

/// Whether a text is an id that AWS gave to something in one region, such as `sg-0123456789abcdef0`.
pub(crate) fn is_regional_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(kind, rest)| {
        REGIONAL_IDS.contains(&kind)
            && matches!(rest.len(), 8 | 17)
            && rest.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// Whether a text is the id of a key that lives in one region: keys of several regions begin with `mrk-`.
pub(crate) fn is_key_id(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit())
        })
}

/// Whether AWS knows an instance by this argument.
pub(crate) fn is_name(argument: &str) -> bool {
    NAMES.contains(&argument)
}

impl<'a> Mirror<'a> {
    /// Finds roles, references and pairs.
    ///
    /// # Errors
    /// When it cannot be told which region is primary and which secondary.
    pub fn new(inventory: &'a Inventory, settings: &'a Settings) -> Result<Self, RoleError> {
        let graph = Graph::new(inventory);
        let roles = Roles::new(inventory, settings, &graph)?;
        let adrift = adrift::Adrift::new(inventory, &roles, &graph);
        let pairing = Pairing::new(inventory, settings, &roles, &graph, &adrift);
        let found = found::Found::new(inventory, &|id| roles.standing(id));
        let mut mirror = Mirror {
            inventory,
            settings,
            roles,
            graph,
            pairing,
            cidr: CidrPolicy::Any,
            adrift,
            ranges: Vec::new(),
            lookups: lookups::Lookups::new(inventory),
            found,
            names: std::collections::BTreeSet::new(),
        };
        mirror.names = mirror.paired_names();
        let secondaries = (0..mirror.roles.secondary.len()).map(Standing::Secondary);
        mirror.ranges = std::iter::once(Standing::Primary)
            .chain(secondaries)
            .map(|standing| (standing, cidr::Ranges::of(&mirror, standing)))
            .collect();
        mirror.cidr = settings.cidr.unwrap_or_else(|| cidr::inferred(&mirror));
        let found = std::mem::take(&mut mirror.found);
        mirror.found = found.compared(&mirror);
        Ok(mirror)
    }

    /// The instance.
    pub fn instance(&self, id: InstanceId) -> &'a Instance {
        &self.inventory.instances[id.index()]
    }

    /// All instances with their numbers.
    pub fn instances(&self) -> impl Iterator<Item = (InstanceId, &'a Instance)> {
        self.inventory
            .instances
            .iter()
            .enumerate()
            .map(|(at, instance)| (InstanceId(u32::try_from(at).unwrap_or(u32::MAX)), instance))
    }

    /// Where an instance stands.
    pub fn standing(&self, id: InstanceId) -> Standing {
        self.roles.standing(id)
    }

    /// Managed instances of a type, in every region.
    pub fn of_type(&self, ty: &str) -> &[InstanceId] {
        self.graph.of_type(ty)
    }

    /// Managed instances of a type that stand there.
    pub fn standing_of_type(&self, ty: &str, standing: Standing) -> Vec<InstanceId> {
        self.of_type(ty)
            .iter()
            .copied()
            .filter(|id| self.standing(*id) == standing)
            .collect()
    }

    /// All pairs.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairing.pairs
    }

    /// Pairs whose primary is of this type and whose secondary is an instance.
    pub fn pairs_of(&self, ty: &str) -> impl Iterator<Item = (&Pair, InstanceId)> {
        self.pairing.pairs.iter().filter_map(move |pair| {
            let secondary = pair.instance()?;
            (&*self.instance(pair.primary).ty == ty).then_some((pair, secondary))
        })
    }

    /// The counterpart of an instance: of a primary one in the secondary region (the first one, where there are several),
    /// of a secondary one its primary.
    pub fn counterpart(&self, id: InstanceId) -> Option<InstanceId> {
        self.pairing.counterpart(id)
    }

    /// The value at a path of first-level name and further steps, as `a.b[0].c`.
    pub fn value(&self, id: InstanceId, path: &str) -> Option<&'a crate::inventory::Node> {
        read::at(self.instance(id), path)
    }

    /// The instances that a value at a path leads to.
    pub fn targets(&self, id: InstanceId, path: &str) -> Vec<InstanceId> {
        self.graph.targets(id, path)
    }

    /// Why it is not known what an argument of instances of a type leads to; empty where all lead somewhere. What is not
    /// known may lead anywhere: absence is not proved by what is left.
    pub(crate) fn adrift(&self, ty: &str, argument: &str, standing: Standing) -> BTreeSet<Name> {
        let found = self.adrift.of(ty, argument, standing);
        found
            .flat_map(|loose| loose.because.iter().cloned())
            .collect()
    }

    /// Instances of a type of whose argument it is not known what it leads to.
    pub(crate) fn loose(&self, ty: &str, argument: &str, standing: Standing) -> Vec<InstanceId> {
        let found = self.adrift.of(ty, argument, standing);
        found.map(|loose| loose.id).collect()
    }

    /// Whether the value at a path is proved the same on both sides of a pair, known or not.
    pub(crate) fn same(&self, pair: &Pair, secondary: InstanceId, path: &str) -> bool {
        let value = |id| self.value(id, path);
        self.compare(pair.id, value(pair.primary), value(secondary))
            .is_same()
    }

    /// Whether what stands at two places, one of each side of a pair, is proved the same, known or not.
    pub(crate) fn same_at(
        &self,
        pair: &Pair,
        primary: &crate::verdict::Spot,
        secondary: &crate::verdict::Spot,
    ) -> bool {
        let value = |spot: &crate::verdict::Spot| {
            let instance = self.instance(spot.instance?);
            steps(instance, &spot.path)
        };
        self.compare(pair.id, value(primary), value(secondary))
            .is_same()
    }

    /// The tier of an instance: the first that matches.
    pub fn tier(&self, id: InstanceId) -> Option<&'a Tier> {
        let instance = self.instance(id);
        self.settings.tiers.iter().find(|tier| {
            tier.matches
                .iter()
                .any(|pattern| matches(pattern, &instance.address, &instance.ty))
        })
    }

    /// The strategy that holds for an instance: its tier's, else the estate's.
    pub fn strategy(&self, id: InstanceId) -> Strategy {
        self.tier(id)
            .and_then(|tier| tier.strategy)
            .unwrap_or_else(|| self.settings.strategy())
    }

    fn paired_names(&self) -> std::collections::BTreeSet<(Name, Name)> {
        let mut names = std::collections::BTreeSet::new();
        for pair in self.pairs() {
            let Some(secondary) = pair.instance() else {
                continue;
            };
            let (one, other) = (self.instance(pair.primary), self.instance(secondary));
            for name in NAMES {
                if let (
                    Some(crate::inventory::Node::String(one)),
                    Some(crate::inventory::Node::String(other)),
                ) = (one.values.get(name), other.values.get(name))
                {
                    names.insert((one.clone(), other.clone()));
                }
            }
        }
        names
    }

    /// Whether a text is the name of a primary instance whose counterpart has another name.
    pub fn names_primary(&self, text: &Name) -> bool {
        let first = (text.clone(), Name::from(""));
        let mut found = self
            .names
            .range(first..)
            .take_while(|(one, _)| one == text)
            .peekable();
        found.peek().is_some() && found.all(|(one, other)| one != other)
    }

    /// Whether two texts are names of the two sides of a pair.
    pub fn are_paired_names(&self, primary: &Name, secondary: &Name) -> bool {
        self.names.contains(&(primary.clone(), secondary.clone()))
    }

    /// Whether two texts are what the same question found in each region: an image, a parameter of AWS.
    pub(crate) fn read_alike(
        &self,
        primary: Option<&crate::inventory::Node>,
        secondary: Option<&crate::inventory::Node>,
    ) -> bool {
        use crate::inventory::Node;
        let (Some(Node::String(primary)), Some(Node::String(secondary))) = (primary, secondary)
        else {
            return false;
        };
        primary != secondary && self.lookups.alike(primary, secondary)
    }

    /// The ranges of the VPCs that stand there.
    fn ranges(&self, standing: Standing) -> &cidr::Ranges {
        static NONE: cidr::Ranges = cidr::Ranges::NONE;
        self.ranges
            .iter()
            .find(|(of, _)| *of == standing)
            .map_or(&NONE, |(_, ranges)| ranges)
    }

    /// The text of an instance's region.
    pub fn region(&self, id: InstanceId) -> Option<&'a Name> {
        self.instance(id).region.value.as_ref()
    }

    /// Whether absence proves absence: no source is incomplete.
    pub fn complete(&self) -> bool {
        self.inventory.sources.iter().all(|source| source.complete)
    }
}

/// A path without positions: `rule.destination.bucket`. Keys of maps stay.
pub fn schema_path(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        if let PathStep::Name(name) = step {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(name);
        }
    }
    text
}
