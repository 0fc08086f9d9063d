//! Pairs of one resource that is counted on one side and has keys on the other, or stands there once: as many on both sides are
//! the same things, told by their names, by their zones, else by their order.

use std::collections::BTreeMap;

use super::super::InstanceId;
use super::modules::{ModuleKey, Modules};
use super::{Both, Evidence, Work};
use crate::inventory::{Index, Mode, Name, Node};
use crate::mirror::is_name;

/// How instances of a resource are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Once,
    Counted,
    Keyed,
}

/// Where a resource stands, without words for roles: its module, type and name.
type Place = (ModuleKey, Name, String);

/// Pairs what twin modules, or addresses without words for roles, say is one resource.
pub(super) fn pair(work: &mut Work<'_>, modules: &Modules) {
    let by_module = |work: &Work<'_>, id: InstanceId, is_primary: bool| {
        let instance = work.instance(id);
        let own = (instance.root.clone(), instance.module.clone());
        let module = if is_primary {
            modules.twins.get(&own)?.clone()
        } else {
            own
        };
        Some((module, instance.ty.clone(), work.roles.bare(&instance.name)))
    };
    resources(work, &by_module, &Evidence::Twin);
    let by_address = |work: &Work<'_>, id: InstanceId, _: bool| {
        let instance = work.instance(id);
        let address = super::super::graph::without_own_key(&instance.address);
        let parts = crate::documents::address::parts(address);
        let parts: Vec<String> = parts
            .into_iter()
            .map(|part| work.roles.bare(part))
            .collect();
        let nowhere = (None, Name::from(""));
        Some((nowhere, instance.ty.clone(), parts.join(".")))
    };
    resources(work, &by_address, &Evidence::Address);
}

fn resources(
    work: &mut Work<'_>,
    place: &dyn Fn(&Work<'_>, InstanceId, bool) -> Option<Place>,
    evidence: &Evidence,
) {
    let (primary, secondary) = work.free();
    let mut groups: BTreeMap<Place, Both> = BTreeMap::new();
    for (ids, is_primary) in [(primary, true), (secondary, false)] {
        for id in ids {
            let instance = work.instance(id);
            if instance.mode != Mode::Managed || !instance.expansion_known {
                continue;
            }
            if let Some(place) = place(work, id, is_primary) {
                let both = groups.entry(place).or_default();
                let side = if is_primary { &mut both.0 } else { &mut both.1 };
                side.push(id);
            }
        }
    }
    for (one, other) in groups.into_values() {
        let forms = (form(work, &one), form(work, &other));
        let (Some(first), Some(second)) = forms else {
            continue;
        };
        // Keys of both sides say by themselves which is which.
        let told = |ids: &[InstanceId]| ids.iter().all(|id| !may_be_told(work, *id));
        if one.len() == other.len() && first != second && told(&one) && told(&other) {
            for (one, other) in matched(work, &one, &other) {
                work.pair(one, other, evidence.clone());
            }
        }
    }
}

/// The form that all instances of one resource have; none where there are several resources.
fn form(work: &Work<'_>, ids: &[InstanceId]) -> Option<Form> {
    let of = |id: &InstanceId| match &work.instance(*id).index {
        None => Some(Form::Once),
        Some(Index::Number(_)) => Some(Form::Counted),
        Some(Index::Key(_)) => Some(Form::Keyed),
        Some(Index::Any) => None,
    };
    let resource =
        |id: &InstanceId| super::super::graph::without_own_key(&work.instance(*id).address);
    let first = ids.first()?;
    let all = |id: &InstanceId| of(id) == of(first) && resource(id) == resource(first);
    of(first).filter(|_| ids.iter().all(all))
}

/// Who answers to whom: by what tells all of them apart on both sides, else in their order.
fn matched(
    work: &Work<'_>,
    one: &[InstanceId],
    other: &[InstanceId],
) -> Vec<(InstanceId, InstanceId)> {
    for sign in [name, zone] {
        let signs = |ids: &[InstanceId]| -> Option<BTreeMap<String, InstanceId>> {
            let found: Option<BTreeMap<String, InstanceId>> =
                ids.iter().map(|id| Some((sign(work, *id)?, *id))).collect();
            found.filter(|found| found.len() == ids.len())
        };
        if let (Some(one), Some(other)) = (signs(one), signs(other))
            && one.keys().eq(other.keys())
        {
            return one.into_values().zip(other.into_values()).collect();
        }
    }
    let ordered = |ids: &[InstanceId]| {
        let mut ids = ids.to_vec();
        ids.sort_by_key(|id| order(work, *id));
        ids
    };
    ordered(one).into_iter().zip(ordered(other)).collect()
}

/// Whether a name or zone hangs on an input that is not known: it would tell what the order does not.
fn may_be_told(work: &Work<'_>, id: InstanceId) -> bool {
    let is_input = |reason: &Name| reason.starts_with("var.") || reason.contains(".var.");
    work.instance(id).values.iter().any(|(argument, node)| {
        (is_name(argument) || &**argument == "availability_zone")
            && matches!(node, Node::Unknown(unknown) if unknown.because.iter().any(is_input))
    })
}

/// The name that AWS knows an instance by, without words for roles.
fn name(work: &Work<'_>, id: InstanceId) -> Option<String> {
    let values = &work.instance(id).values;
    let mut names = values
        .iter()
        .filter(|(argument, _)| is_name(argument) && &***argument != "id")
        .filter_map(|(_, node)| node.as_str());
    names.next().map(|name| work.roles.bare(name))
}

/// The position of the zone that an instance stands in.
fn zone(work: &Work<'_>, id: InstanceId) -> Option<String> {
    let values = &work.instance(id).values;
    let zone = values.get("availability_zone")?.as_str()?;
    let zones = work.roles.zones(work.roles.standing(id))?;
    Some(zones.iter().position(|own| &**own == zone)?.to_string())
}

/// Numbers by their size, zones by their position, keys as Terraform orders them.
fn order(work: &Work<'_>, id: InstanceId) -> (u64, Name) {
    match &work.instance(id).index {
        Some(Index::Number(number)) => (*number, "".into()),
        Some(Index::Key(key)) => {
            let zones = work.roles.zones(work.roles.standing(id));
            let zone = zones.and_then(|zones| zones.iter().position(|zone| zone == key));
            let at = zone
                .and_then(|at| u64::try_from(at).ok())
                .or(key.parse().ok());
            (at.unwrap_or(u64::MAX), key.clone())
        }
        _ => (0, "".into()),
    }
}
