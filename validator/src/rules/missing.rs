//! What rules about a missing counterpart share: one question for each instance of some types.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Pair};
use crate::verdict::{Asked, Sink, Spot, Unsure};

/// Asks each primary instance of these types for its counterpart; `counts` says whether it needs one.
pub(super) fn counterparts(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    rule: &'static str,
    types: &[&str],
    counts: &dyn Fn(InstanceId) -> bool,
) {
    for pair in mirror.pairs() {
        if !types.contains(&&*mirror.instance(pair.primary).ty) {
            continue;
        }
        match doubt(mirror, pair).filter(|_| counts(pair.primary)) {
            Some(why) => sink.unsure(open(mirror, rule, (pair.primary, pair.secondary), &[why])),
            None => sink.holds(),
        }
    }
    for stray in &mirror.pairing.strays {
        let instance = mirror.instance(stray.instance);
        if !types.contains(&&*instance.ty) || stray.single.is_some() || !counts(stray.instance) {
            continue;
        }
        let region = &mirror.roles.secondary[stray.secondary];
        if stray.open.is_empty() {
            sink.broken(
                asked(mirror, rule, (stray.instance, stray.secondary))
                    .broken(format!("{} has no counterpart in {region}", instance.address))
                    .fix(format!("Declare the same {} with the provider of {region}, or say in dr.hcl that it is single.", instance.ty)),
            );
        } else {
            let about = (stray.instance, stray.secondary);
            sink.unsure(open(mirror, rule, about, &stray.open));
        }
    }
}

/// Why the counterpart of a pair may not exist: how many there are of it is not known, while the primary is there.
pub(super) fn doubt(mirror: &Mirror<'_>, pair: &Pair) -> Option<Name> {
    let secondary = mirror.instance(pair.instance()?);
    let open = !secondary.expansion_known && mirror.instance(pair.primary).expansion_known;
    open.then(|| format!("how many {} there are", secondary.address).into())
}

/// The question for the counterpart of an instance in a secondary region.
pub(super) fn asked(
    mirror: &Mirror<'_>,
    rule: &'static str,
    (id, region): (InstanceId, usize),
) -> Asked {
    Asked::new(rule, Spot::at(id), Spot::missing())
        .keyed("")
        .in_region(mirror.roles.secondary[region].clone())
}

/// The question left open.
pub(super) fn open(
    mirror: &Mirror<'_>,
    rule: &'static str,
    about: (InstanceId, usize),
    because: &[Name],
) -> Unsure {
    let (name, region) = (
        &mirror.instance(about.0).address,
        &mirror.roles.secondary[about.1],
    );
    let why = because.join(", ");
    asked(mirror, rule, about).unsure(
        format!(
            "it cannot be told whether {name} has a counterpart in {region}: {why} is not known"
        ),
        because.to_vec(),
    )
}
