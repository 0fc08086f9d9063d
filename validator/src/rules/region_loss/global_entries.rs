//! Global objects that lead users to the primary region only: DNS names and origins of distributions.

use std::collections::BTreeSet;

use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::verdict::{Asked, Sink, Spot};
use crate::views::dns;

/// Names that lead to the primary region and that nothing moves.
pub(super) fn records(mirror: &Mirror<'_>, sink: &mut Sink) {
    for set in dns::names(mirror).into_values() {
        for record in &set.records {
            // The record that proves a domain to a certificate serves all regions.
            let proof =
                |id: &crate::mirror::InstanceId| &*mirror.instance(*id).ty == "aws_acm_certificate";
            let secondary = record.failover == crate::mirror::Maybe::Known("SECONDARY".into());
            if record.routed && !secondary || record.targets.iter().any(proof) {
                continue;
            }
            if secondary {
                secondary_record(mirror, record, sink);
                continue;
            }
            let path = if record.alias { "alias" } else { "records" };
            let asked = Asked::new(
                super::depends_on_primary::RULE.name,
                Spot::of(record.id, path),
                Spot::missing(),
            );
            match dns::region_of(mirror, record) {
                Some(Standing::Primary) => {
                    let instance = mirror.instance(record.id);
                    let target = record
                        .targets
                        .first()
                        .map(|id| &*mirror.instance(*id).address);
                    let what = target.map_or_else(
                        || format!("something of {}", mirror.roles.primary),
                        str::to_owned,
                    );
                    sink.broken(asked.broken(format!(
                        "{} leads to {what} only; a failover must move it",
                        instance.address
                    )));
                }
                Some(_) => sink.holds(),
                None => {
                    let open = dns::leads_open(mirror, record);
                    if !open.is_empty() {
                        let name = &mirror.instance(record.id).address;
                        let message = format!("to which region {name} leads is not known");
                        sink.unsure(asked.unsure(message, open));
                    }
                }
            }
        }
    }
}

/// The record for the secondary region must lead there.
fn secondary_record(mirror: &Mirror<'_>, record: &dns::Record, sink: &mut Sink) {
    let path = if record.alias { "alias" } else { "records" };
    let primary = mirror
        .counterpart(record.id)
        .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
    let asked = Asked::new(
        super::depends_on_primary::RULE.name,
        primary,
        Spot::of(record.id, path),
    );
    if dns::region_of(mirror, record) == Some(Standing::Primary) {
        sink.broken(asked.broken(format!(
            "{} is the record for the secondary region and leads to the primary one",
            mirror.instance(record.id).address
        )));
    } else {
        sink.holds();
    }
}

/// A distribution whose every origin lies in the primary region.
pub(super) fn origins(mirror: &Mirror<'_>, id: InstanceId, sink: &mut Sink) {
    let targets = mirror.targets(id, "origin");
    let standings: BTreeSet<Standing> = targets
        .iter()
        .map(|id| mirror.standing(*id))
        .filter(|standing| matches!(standing, Standing::Primary | Standing::Secondary(_)))
        .collect();
    let asked = Asked::new(
        super::depends_on_primary::RULE.name,
        Spot::of(id, "origin"),
        Spot::missing(),
    );
    match standings.into_iter().collect::<Vec<_>>().as_slice() {
        [] => {}
        [Standing::Primary] => {
            let names: Vec<Name> = targets
                .iter()
                .map(|id| mirror.instance(*id).address.clone())
                .collect();
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            sink.broken(
                asked
                    .broken(format!("all origins of {} lie in the primary region: {}", mirror.instance(id).address, names.join(", ")))
                    .fix("Add an origin of the secondary region and an origin group that fails over to it."),
            );
        }
        _ => sink.holds(),
    }
}
