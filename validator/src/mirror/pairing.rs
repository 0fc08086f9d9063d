//! Which instance mirrors which: all evidence is collected, then decided; what stays open is said, never guessed.

mod arrows;
mod embedded;
mod modules;
mod neighbours;
mod numbered;
mod open;
mod regions;
mod sides;
mod twins;

use rustc_hash::FxHashMap;

use super::adrift::Adrift;
use super::{Graph, InstanceId, Roles, Standing};
use crate::inventory::{Inventory, Mode, Name, Path, Scope};
use crate::settings::{Settings, matches};
use crate::symbol::PathStep;

/// A pair, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairId(pub u32);

impl PairId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why two instances are a pair. The order is that of strength.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// `dr.hcl` says so.
    Told,
    /// Two calls of one module, or modules that declare the same; and the same resource in both.
    Twin,
    /// The same address but for words of roles and regions.
    Address,
    /// Both ask the same of their regions.
    Question,
    /// One replicates to the other: the argument that says so.
    Arrow(Name),
    /// An argument of the primary makes the copy.
    Embedded,
    /// The same place among neighbours that are paired.
    Neighbours,
    /// The only ones of their kind.
    OnlyOfKind,
}

/// What mirrors an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counterpart {
    /// Another instance.
    Instance(InstanceId),
    /// A block of an instance that makes the copy.
    Embedded {
        /// The instance that has the block: the primary itself, or one that carries its replication.
        holder: InstanceId,
        /// The block.
        path: Path,
    },
}

/// A primary with its counterpart in one secondary region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its number.
    pub id: PairId,
    /// The primary instance.
    pub primary: InstanceId,
    /// What mirrors it.
    pub counterpart: Counterpart,
    /// The secondary region, by position in the list.
    pub secondary: usize,
    /// Why, the strongest first.
    pub evidence: Vec<Evidence>,
}

impl Pair {
    /// The counterpart, where it is an instance.
    pub fn instance(&self) -> Option<InstanceId> {
        match self.counterpart {
            Counterpart::Instance(id) => Some(id),
            Counterpart::Embedded { .. } => None,
        }
    }

    /// The instance in which the counterpart is declared.
    pub fn holder(&self) -> InstanceId {
        match self.counterpart {
            Counterpart::Instance(id) => id,
            Counterpart::Embedded { holder, .. } => holder,
        }
    }
}

/// An instance without counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The instance.
    pub instance: InstanceId,
    /// The secondary region in which the counterpart is missing; or the one that the instance itself stands in.
    pub secondary: usize,
    /// Why it is not certain that there is none: an unknown count, region or source. Empty where it is certain.
    pub open: Vec<Name>,
    /// Why it needs none, as `dr.hcl` says.
    pub single: Option<Name>,
}

/// Several candidates, none better than another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// In the primary region.
    pub primary: Vec<InstanceId>,
    /// In the secondary region.
    pub secondary: Vec<InstanceId>,
    /// The secondary region, by position in the list.
    pub region: usize,
}

/// All pairs of an estate.
#[derive(Debug, Default)]
pub struct Pairing {
    /// Pairs, by primary and region.
    pub pairs: Vec<Pair>,
    /// Primary instances without counterpart, by region.
    pub strays: Vec<Stray>,
    /// Secondary instances that mirror nothing.
    pub extra: Vec<Stray>,
    /// Candidates that cannot be told apart.
    pub ambiguities: Vec<Ambiguity>,
    /// Arrows that lead to another instance than the counterpart: who, where to, by which argument.
    pub contradictions: Vec<(PairId, InstanceId, Name)>,
    /// Ids and ARNs of copies that are blocks, where they are known.
    pub(super) copies: FxHashMap<Name, PairId>,
    open_strays: FxHashMap<InstanceId, Vec<Name>>,
    by_instance: FxHashMap<InstanceId, Vec<PairId>>,
    by_holder: FxHashMap<InstanceId, Vec<PairId>>,
}

/// What pairing works on, for one secondary region.
pub(super) struct Work<'a> {
    inventory: &'a Inventory,
    roles: &'a Roles,
    graph: &'a Graph,
    adrift: &'a Adrift,
    region: usize,
    /// Candidates that have no counterpart yet.
    primary: Vec<InstanceId>,
    secondary: Vec<InstanceId>,
    /// Counterparts, both ways.
    partner: FxHashMap<InstanceId, InstanceId>,
    found: Vec<(InstanceId, Counterpart, Vec<Evidence>)>,
    ambiguous: Vec<Both>,
}

/// Candidates of both sides.
type Both = (Vec<InstanceId>, Vec<InstanceId>);

impl<'a> Work<'a> {
    fn new(
        inventory: &'a Inventory,
        roles: &'a Roles,
        graph: &'a Graph,
        adrift: &'a Adrift,
        region: usize,
    ) -> Self {
        let (primary, secondary) = sides::sides(inventory, roles, graph, region);
        Work {
            inventory,
            roles,
            graph,
            adrift,
            region,
            primary,
            secondary,
            partner: FxHashMap::default(),
            found: Vec::new(),
            ambiguous: Vec::new(),
        }
    }

    fn instance(&self, id: InstanceId) -> &crate::inventory::Instance {
        &self.inventory.instances[id.index()]
    }

    fn pair(&mut self, primary: InstanceId, secondary: InstanceId, evidence: Evidence) {
        self.partner.insert(primary, secondary);
        self.partner.insert(secondary, primary);
        self.found
            .push((primary, Counterpart::Instance(secondary), vec![evidence]));
    }

    fn is_free(&self, id: InstanceId) -> bool {
        !self.partner.contains_key(&id)
    }

    /// Candidates that are still free, on both sides.
    fn free(&self) -> (Vec<InstanceId>, Vec<InstanceId>) {
        let free =
            |ids: &[InstanceId]| ids.iter().copied().filter(|id| self.is_free(*id)).collect();
        (free(&self.primary), free(&self.secondary))
    }
}

impl Pairing {
    pub(super) fn new(
        inventory: &Inventory,
        settings: &Settings,
        roles: &Roles,
        graph: &Graph,
        adrift: &Adrift,
    ) -> Self {
        let mut pairing = Pairing::default();
        for region in 0..roles.secondary.len() {
            let work = Work::new(inventory, roles, graph, adrift, region);
            pairing.region(work, settings, region);
        }
        pairing
            .pairs
            .sort_by_key(|pair| (pair.primary, pair.secondary, pair.holder()));
        for (at, pair) in pairing.pairs.iter_mut().enumerate() {
            pair.id = PairId(u32::try_from(at).unwrap_or(u32::MAX));
        }
        for pair in &pairing.pairs {
            pairing
                .by_instance
                .entry(pair.primary)
                .or_default()
                .push(pair.id);
            if let Counterpart::Instance(secondary) = pair.counterpart {
                pairing
                    .by_instance
                    .entry(secondary)
                    .or_default()
                    .push(pair.id);
            }
        }
        for stray in pairing.strays.iter().chain(&pairing.extra) {
            if !stray.open.is_empty() {
                let open = pairing.open_strays.entry(stray.instance).or_default();
                open.extend(stray.open.iter().cloned());
            }
        }
        for (at, instance) in inventory.instances.iter().enumerate() {
            let id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
            if instance.mode == Mode::Managed && roles.standing(id) == Standing::Unknown {
                let reason = format!("the region of {}", instance.address);
                pairing
                    .open_strays
                    .entry(id)
                    .or_default()
                    .push(reason.into());
            }
        }
        embedded::remember(inventory, &mut pairing);
        arrows::contradictions(inventory, graph, &mut pairing);
        pairing
    }

    fn region(&mut self, mut work: Work<'_>, settings: &Settings, region: usize) {
        told(&mut work, settings);
        let modules = modules::twins(&work);
        twins::by_module(&mut work, &modules);
        arrows::pair(&mut work);
        twins::kin(&mut work, &modules);
        twins::by_address(&mut work);
        numbered::pair(&mut work, &modules);
        twins::by_question(&mut work);
        twins::global_keys(&mut work);
        let name = work.roles.secondary[region].clone();
        embedded::pair(&mut work, &name);
        neighbours::pair(&mut work, &modules);
        twins::only_of_kind(&mut work);
        self.take(work, settings, region);
    }

    fn take(&mut self, work: Work<'_>, settings: &Settings, region: usize) {
        let (primary, secondary) = work.free();
        let embedded: rustc_hash::FxHashSet<InstanceId> = work
            .found
            .iter()
            .filter(|(_, counterpart, _)| matches!(counterpart, Counterpart::Embedded { .. }))
            .map(|(primary, _, _)| *primary)
            .collect();
        let open = work.opened();
        let stray = |id: InstanceId, is_primary: bool| {
            let instance = work.instance(id);
            let single = settings
                .singles
                .iter()
                .find(|single| matches(&single.address, &instance.address, &instance.ty));
            Stray {
                instance: id,
                secondary: region,
                open: work.open(&open, id, is_primary),
                single: single.map(|single| single.reason.clone()),
            }
        };
        let regional = |id: &InstanceId| {
            let instance = work.instance(*id);
            instance.mode == Mode::Managed && instance.scope == Scope::Regional
        };
        self.strays.extend(
            primary
                .iter()
                .copied()
                .filter(|id| regional(id) && !embedded.contains(id))
                .map(|id| stray(id, true)),
        );
        self.extra.extend(
            secondary
                .iter()
                .copied()
                .filter(regional)
                .map(|id| stray(id, false)),
        );
        self.ambiguities
            .extend(work.ambiguous.iter().map(|(primary, secondary)| Ambiguity {
                primary: primary.clone(),
                secondary: secondary.clone(),
                region,
            }));
        self.pairs.extend(
            work.found
                .into_iter()
                .map(|(primary, counterpart, evidence)| Pair {
                    id: PairId(0),
                    primary,
                    counterpart,
                    secondary: region,
                    evidence,
                }),
        );
    }

    /// The pair of an instance: of a primary one that in this secondary region, or the first; of a secondary one its own.
    pub fn pair_of(&self, id: InstanceId, region: Option<usize>) -> Option<PairId> {
        let pairs = self.by_instance.get(&id)?;
        let fits = |pair: &&PairId| {
            region.is_none_or(|region| self.pairs[pair.index()].secondary == region)
        };
        pairs.iter().find(fits).copied()
    }

    /// The pair whose counterpart is the block of an instance that a path leads into.
    pub(super) fn copy_at(&self, holder: InstanceId, path: &[PathStep]) -> Option<PairId> {
        let into = |pair: &&PairId| match &self.pairs[pair.index()].counterpart {
            Counterpart::Embedded { path: block, .. } => {
                path.len() > block.len() && path.starts_with(block)
            }
            Counterpart::Instance(_) => false,
        };
        self.by_holder.get(&holder)?.iter().find(into).copied()
    }

    /// Why it is not certain that an instance has no counterpart; empty where it is, and where it has one.
    pub(crate) fn open(&self, id: InstanceId) -> &[Name] {
        self.open_strays.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The counterpart of an instance, where it is an instance.
    pub fn counterpart(&self, id: InstanceId) -> Option<InstanceId> {
        let pair = &self.pairs[self.pair_of(id, None)?.index()];
        if pair.primary == id {
            pair.instance()
        } else {
            Some(pair.primary)
        }
    }
}

fn told(work: &mut Work<'_>, settings: &Settings) {
    for told in &settings.pairs {
        let find = |ids: &[InstanceId], address: &Name| {
            let mut hits = ids
                .iter()
                .copied()
                .filter(|id| work.instance(*id).address == *address && work.is_free(*id));
            hits.next()
        };
        let primary = find(&work.primary, &told.primary);
        let secondary = find(&work.secondary, &told.secondary);
        if let (Some(primary), Some(secondary)) = (primary, secondary) {
            work.pair(primary, secondary, Evidence::Told);
        }
    }
}
