//! Where a document and its configuration say different things: of a plan a rule makes findings of it, of a state it is told.

use std::collections::BTreeSet;

use super::join::Parted;
use crate::check::shown;
use crate::diagnostic::{Diagnostic, Kind};
use crate::documents::without_keys;
use crate::inventory::{
    Action, Fact, Instance, Inventory, Mode, Name, Parting, SourceInfo, SourceKind, Stale,
};
use crate::mirror::steps;

/// Differences that are told one by one before the rest is counted.
const MOST_TOLD: usize = 10;

/// What is out of date, and what to say of it.
pub(super) fn find(
    parted: &Parted<'_>,
    configuration: &Inventory,
    documents: &Inventory,
) -> (Vec<Stale>, Vec<Diagnostic>) {
    let plans: Vec<&SourceInfo> = documents
        .sources
        .iter()
        .filter(|source| source.kind == SourceKind::Plan)
        .collect();
    let what = if plans.is_empty() { "state" } else { "plan" };
    let mut told = out_of_date(parted, what);
    told.extend(not_written(parted, what, configuration));
    // Several documents of one configuration are several worlds: which one an instance should be in cannot be told.
    let [plan] = plans.as_slice() else {
        return (Vec::new(), told);
    };
    let mut stale = differing(parted, documents, plan);
    stale.extend(only_written(configuration, documents, plan));
    stale.extend(only_planned(parted, configuration, documents, plan));
    stale.sort_by(|a, b| a.address.cmp(&b.address));
    (stale, told)
}

fn of(address: &Name, region: &Fact, plan: &SourceInfo, parting: Parting) -> Stale {
    Stale {
        address: address.clone(),
        root: plan.root.clone(),
        region: region.clone(),
        plan: plan.path.clone(),
        parting,
        paths: Vec::new(),
        written: None,
        source: None,
    }
}

fn differing(parted: &Parted<'_>, documents: &Inventory, plan: &SourceInfo) -> Vec<Stale> {
    let planned = |address: &Name| {
        documents
            .instances
            .iter()
            .find(|instance| instance.address == *address)
    };
    parted
        .differing
        .iter()
        .map(|(address, paths, written)| {
            let region = planned(address).map_or_else(Fact::default, |one| one.region.clone());
            let first = paths.first().and_then(|path| steps(written, path));
            Stale {
                paths: paths.clone(),
                written: first.map(|node| shown(node).into()),
                source: written.source.clone(),
                ..of(address, &region, plan, Parting::Differs)
            }
        })
        .collect()
}

/// Instances that are written, and that a complete plan does not know, or destroys because they were not written.
fn only_written(configuration: &Inventory, documents: &Inventory, plan: &SourceInfo) -> Vec<Stale> {
    if !plan.complete {
        return Vec::new();
    }
    let mut known: BTreeSet<&str> = documents
        .instances
        .iter()
        .map(|instance| &*instance.address)
        .collect();
    // One that is destroyed for no reason of the configuration belongs to a plan that destroys all.
    let kept = documents.changes.iter().filter(|change| {
        !change.outside && (change.action != Action::Delete || change.reason.is_none())
    });
    known.extend(kept.map(|change| &*change.address));
    let missed = |instance: &&Instance| {
        instance.mode == Mode::Managed
            && instance.expansion_known
            && !instance.address.contains("[*]")
            && !known.contains(&*instance.address)
    };
    configuration
        .instances
        .iter()
        .filter(missed)
        .map(|instance| Stale {
            source: instance.source.clone(),
            ..of(
                &instance.address,
                &instance.region,
                plan,
                Parting::OnlyWritten,
            )
        })
        .collect()
}

/// Instances that the plan keeps or makes, and that a configuration of which all was read does not have.
fn only_planned(
    parted: &Parted<'_>,
    configuration: &Inventory,
    documents: &Inventory,
    plan: &SourceInfo,
) -> Vec<Stale> {
    let complete = configuration.sources.iter().all(|source| source.complete);
    if !complete || configuration.instances.is_empty() {
        return Vec::new();
    }
    let open: BTreeSet<String> = configuration
        .instances
        .iter()
        .filter(|instance| instance.address.contains("[*]") || !instance.expansion_known)
        .flat_map(|instance| {
            let module = without_keys(&instance.module);
            // Of a module whose number is not known nothing is sure, whatever it holds.
            let all = instance.module.contains("[*]").then_some(module);
            [Some(without_keys(&instance.address)), all]
        })
        .flatten()
        .collect();
    let is_open = |address: &str| {
        let bare = without_keys(address);
        open.iter().any(|open| {
            bare.strip_prefix(open.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    parted
        .not_written
        .iter()
        .filter(|address| !is_open(address))
        .filter_map(|address| {
            let planned = documents
                .instances
                .iter()
                .find(|instance| instance.address == *address)?;
            Some(of(address, &planned.region, plan, Parting::OnlyPlanned))
        })
        .collect()
}

fn out_of_date(parted: &Parted<'_>, what: &str) -> Vec<Diagnostic> {
    let differing = &parted.differing;
    let mut told: Vec<Diagnostic> = differing
        .iter()
        .take(MOST_TOLD)
        .map(|(address, _, _)| {
            let detail = format!("The configuration says otherwise than the {what}; make a new {what}, or name the directory that it was made from.");
            Diagnostic::warning(Kind::Document, format!("the {what} is out of date"), detail).about(address.clone())
        })
        .collect();
    if differing.len() > MOST_TOLD {
        let summary = format!(
            "the {what} is out of date for {} more instances",
            differing.len() - MOST_TOLD
        );
        told.push(Diagnostic::warning(Kind::Document, summary, String::new()));
    }
    told
}

fn not_written(parted: &Parted<'_>, what: &str, configuration: &Inventory) -> Option<Diagnostic> {
    let addresses = &parted.not_written;
    if addresses.is_empty() || configuration.instances.is_empty() {
        return None;
    }
    let shown: Vec<&str> = addresses.iter().take(3).map(|address| &**address).collect();
    let summary = format!(
        "{} instances of the {what} are not in the configuration: {}",
        addresses.len(),
        shown.join(", ")
    );
    let detail = format!(
        "They may belong to another root, or the {what} was made from another version of it."
    );
    Some(Diagnostic::warning(Kind::Document, summary, detail))
}
