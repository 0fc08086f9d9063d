//! What rules about a missing counterpart share: one question for each instance of some types.

use crate::mirror::{InstanceId, Mirror};
use crate::verdict::{Asked, Sink, Spot};

/// Asks each primary instance of these types for its counterpart; `counts` says whether it needs one.
pub(super) fn counterparts(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    rule: &'static str,
    types: &[&str],
    counts: &dyn Fn(InstanceId) -> bool,
) {
    for pair in mirror.pairs() {
        if types.contains(&&*mirror.instance(pair.primary).ty) {
            sink.holds();
        }
    }
    for stray in &mirror.pairing.strays {
        let instance = mirror.instance(stray.instance);
        if !types.contains(&&*instance.ty) || stray.single.is_some() || !counts(stray.instance) {
            continue;
        }
        let region = &mirror.roles.secondary[stray.secondary];
        let asked = Asked::new(rule, Spot::at(stray.instance), Spot::missing())
            .keyed("")
            .in_region(region.clone());
        if stray.open.is_empty() {
            sink.broken(
                asked
                    .broken(format!("{} has no counterpart in {region}", instance.address))
                    .fix(format!("Declare the same {} with the provider of {region}, or say in dr.hcl that it is single.", instance.ty)),
            );
        } else {
            let open = stray.open.join(", ");
            sink.unsure(asked.unsure(
                format!("it cannot be told whether {} has a counterpart in {region}: {open} is not known", instance.address),
                stray.open.clone(),
            ));
        }
    }
}
