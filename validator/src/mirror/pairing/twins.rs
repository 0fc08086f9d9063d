//! Pairs by name: the same resource in twin modules, the same address but for words of roles, the only one of its kind.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::super::{InstanceId, found, words};
use super::modules::Modules;
use super::{Both, Evidence, Work};
use crate::inventory::{Index, Mode, Name, Scope};

/// The key of an instance without its region: zones by their position.
pub(super) fn bare_key(work: &Work<'_>, id: InstanceId) -> String {
    match &work.instance(id).index {
        None => String::new(),
        Some(Index::Any) => "*".into(),
        Some(Index::Number(number)) => number.to_string(),
        Some(Index::Key(key)) => {
            let standing = work.roles.standing(id);
            let zone = work
                .roles
                .zones(standing)
                .and_then(|zones| zones.iter().position(|zone| zone == key));
            if let Some(at) = zone {
                format!("zone {at}")
            } else {
                let bare = work.roles.bare(key);
                if bare.is_empty() && !key.is_empty() {
                    "role".into()
                } else {
                    bare
                }
            }
        }
    }
}

/// The same type, name and key in twin modules; first by the very name, then without words for roles.
pub(super) fn by_module(work: &mut Work<'_>, modules: &Modules) {
    for exact in [true, false] {
        let (primary, secondary) = work.free();
        let name = |work: &Work<'_>, id: InstanceId| {
            let instance = work.instance(id);
            if exact {
                let key = bare_key(work, id);
                format!("={} {key}", instance.name)
            } else {
                format!("{} {}", work.roles.bare(&instance.name), bare_key(work, id))
            }
        };
        let mut groups: BTreeMap<(super::modules::ModuleKey, Name, bool, String), Both> =
            BTreeMap::new();
        for id in secondary {
            let instance = work.instance(id);
            let module = (instance.root.clone(), instance.module.clone());
            let key = (
                module,
                instance.ty.clone(),
                instance.mode == Mode::Data,
                name(work, id),
            );
            groups.entry(key).or_default().1.push(id);
        }
        for id in primary {
            let instance = work.instance(id);
            let module = (instance.root.clone(), instance.module.clone());
            let Some(twin) = modules.twins.get(&module) else {
                continue;
            };
            let key = (
                twin.clone(),
                instance.ty.clone(),
                instance.mode == Mode::Data,
                name(work, id),
            );
            groups.entry(key).or_default().0.push(id);
        }
        decide(work, groups.into_values(), &Evidence::Twin);
    }
}

/// Pairs groups with one candidate on each side; others are left to better evidence, or to be named as ambiguous.
fn decide(work: &mut Work<'_>, groups: impl Iterator<Item = Both>, evidence: &Evidence) {
    for (primary, secondary) in groups {
        if let ([one], [other]) = (primary.as_slice(), secondary.as_slice()) {
            work.pair(*one, *other, evidence.clone());
        }
    }
}

/// The same address but for words of roles and regions, wherever it lies.
pub(super) fn by_address(work: &mut Work<'_>) {
    let (primary, secondary) = work.free();
    let mut groups: BTreeMap<(Name, bool, String), Both> = BTreeMap::new();
    let key = |work: &Work<'_>, id: InstanceId| {
        let instance = work.instance(id);
        let address = super::super::graph::without_own_key(&instance.address);
        let parts: Vec<String> = crate::documents::address::parts(address)
            .into_iter()
            .map(|part| work.roles.bare(part))
            .collect();
        let text = format!("{} {}", parts.join("."), bare_key(work, id));
        (instance.ty.clone(), instance.mode == Mode::Data, text)
    };
    for id in primary {
        let key = key(work, id);
        groups.entry(key).or_default().0.push(id);
    }
    for id in secondary {
        let key = key(work, id);
        groups.entry(key).or_default().1.push(id);
    }
    decide(work, groups.into_values(), &Evidence::Address);
}

/// Data sources that ask the same in both regions.
pub(super) fn by_question(work: &mut Work<'_>) {
    let (primary, secondary) = work.free();
    let mut groups: BTreeMap<(Name, String), Both> = BTreeMap::new();
    let key = |work: &Work<'_>, id: InstanceId| {
        let instance = work.instance(id);
        let asked = found::is_of_region(instance).then(|| found::question(instance))??;
        let region = instance.region.value.as_deref().unwrap_or("{region}");
        let text = format!("{asked:?}").replace(region, "{region}");
        Some((instance.ty.clone(), text))
    };
    for id in primary {
        if let Some(key) = key(work, id) {
            groups.entry(key).or_default().0.push(id);
        }
    }
    for id in secondary {
        if let Some(key) = key(work, id) {
            groups.entry(key).or_default().1.push(id);
        }
    }
    // Those of one region that ask the same are one.
    for (primary, secondary) in groups.into_values() {
        if let ([one, ..], [other, ..]) = (primary.as_slice(), secondary.as_slice()) {
            work.pair(*one, *other, Evidence::Question);
        }
    }
}

/// Global instances of one resource, or of two, whose key or name says the primary role in one and the secondary role in
/// the other: health checks and records of both regions.
pub(super) fn global_keys(work: &mut Work<'_>) {
    let mut groups: FxHashMap<(Option<Name>, Name, Name), Vec<InstanceId>> = FxHashMap::default();
    for id in work.primary.iter().chain(&work.secondary) {
        let instance = work.instance(*id);
        if instance.scope == Scope::Global && instance.mode == Mode::Managed && work.is_free(*id) {
            groups
                .entry((
                    instance.root.clone(),
                    instance.module.clone(),
                    instance.ty.clone(),
                ))
                .or_default()
                .push(*id);
        }
    }
    let mut found: Vec<(InstanceId, InstanceId)> = Vec::new();
    let primary_region = work.roles.primary.clone();
    let secondary_region = work.roles.secondary.first().cloned().unwrap_or_default();
    let says = |one: &str, other: &str| {
        words::swapped(one, other)
            || (one != other && one.replace(&*primary_region, &secondary_region) == other)
    };
    for ids in groups.values() {
        // Groups are small: what one module declares of one type.
        for one in ids {
            let address = &work.instance(*one).address;
            let twins: Vec<InstanceId> = ids
                .iter()
                .copied()
                .filter(|other| says(address, &work.instance(*other).address))
                .collect();
            if let [other] = twins.as_slice() {
                found.push((*one, *other));
            }
        }
    }
    found.sort();
    for (one, other) in found {
        if work.is_free(one) && work.is_free(other) {
            work.pair(one, other, Evidence::Address);
        }
    }
}

/// Types that are two forms of one thing: the original and its copy, the two halves of a connection.
const KIN: [(&str, &str); 7] = [
    ("aws_kms_key", "aws_kms_replica_key"),
    ("aws_kms_external_key", "aws_kms_replica_external_key"),
    (
        "aws_vpc_peering_connection",
        "aws_vpc_peering_connection_accepter",
    ),
    (
        "aws_ec2_transit_gateway_peering_attachment",
        "aws_ec2_transit_gateway_peering_attachment_accepter",
    ),
    ("aws_db_instance", "aws_rds_cluster"),
    ("aws_ami", "aws_ami_copy"),
    ("aws_ebs_snapshot", "aws_ebs_snapshot_copy"),
];

/// The same name in twin modules, where the types are two forms of one thing.
pub(super) fn kin(work: &mut Work<'_>, modules: &Modules) {
    let (primary, secondary) = work.free();
    for (one, other) in KIN {
        let mut found = Vec::new();
        for id in &primary {
            let instance = work.instance(*id);
            if &*instance.ty != one || instance.mode != Mode::Managed {
                continue;
            }
            let module = (instance.root.clone(), instance.module.clone());
            let Some(twin) = modules.twins.get(&module) else {
                continue;
            };
            let name = (work.roles.bare(&instance.name), bare_key(work, *id));
            let same: Vec<InstanceId> = secondary
                .iter()
                .copied()
                .filter(|id| {
                    let candidate = work.instance(*id);
                    &*candidate.ty == other
                        && (candidate.root.clone(), candidate.module.clone()) == *twin
                        && (work.roles.bare(&candidate.name), bare_key(work, *id)) == name
                })
                .collect();
            if let [only] = same.as_slice() {
                found.push((*id, *only));
            }
        }
        for (one, other) in found {
            if work.is_free(one) && work.is_free(other) {
                work.pair(one, other, Evidence::Twin);
            }
        }
    }
}

/// The only one of its type on each side, paired or not.
pub(super) fn only_of_kind(work: &mut Work<'_>) {
    let count = |ids: &[InstanceId]| {
        let mut by_type: BTreeMap<Name, Vec<InstanceId>> = BTreeMap::new();
        for id in ids {
            let instance = work.instance(*id);
            if instance.mode == Mode::Managed && instance.scope == Scope::Regional {
                by_type.entry(instance.ty.clone()).or_default().push(*id);
            }
        }
        by_type
    };
    let primary = count(&work.primary);
    let secondary = count(&work.secondary);
    for (ty, ids) in primary {
        let others = secondary.get(&ty).map_or(&[][..], Vec::as_slice);
        if let ([one], [other]) = (ids.as_slice(), others)
            && work.is_free(*one)
            && work.is_free(*other)
        {
            work.pair(*one, *other, Evidence::OnlyOfKind);
        }
    }
}
