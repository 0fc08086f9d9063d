//! A plan or state joined to its configuration: known values come from the document, places, symbols and references from
//! the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::spelling::{is_left_out, same_text};
use crate::diagnostic::{Diagnostic, Kind};
use crate::inventory::{Instance, Inventory, Mode, Name, Node, SourceKind};

/// Differences that are told one by one before the rest is counted.
const MOST_TOLD: usize = 10;

/// Joins by address.
pub(super) fn join(configuration: Inventory, mut documents: Inventory) -> Inventory {
    let written: BTreeMap<&str, &Instance> = configuration
        .instances
        .iter()
        .map(|instance| (&*instance.address, instance))
        .collect();
    let mut differing = Vec::new();
    let mut unknown_here = Vec::new();
    for instance in &mut documents.instances {
        match written
            .get(&*instance.address)
            .copied()
            .or_else(|| for_all(&written, &instance.address))
        {
            Some(written) => enrich(instance, written, &mut differing),
            None if instance.mode == Mode::Managed => unknown_here.push(instance.address.clone()),
            None => {}
        }
    }
    let plan = documents
        .sources
        .iter()
        .any(|source| source.kind == SourceKind::Plan);
    let what = if plan { "plan" } else { "state" };
    documents.diagnostics.extend(out_of_date(&differing, what));
    documents
        .diagnostics
        .extend(not_written(&unknown_here, what, &configuration));
    documents.sources.splice(0..0, configuration.sources);
    documents.moved.extend(configuration.moved);
    documents.comments.extend(configuration.comments);
    documents
        .diagnostics
        .splice(0..0, configuration.diagnostics);
    documents
}

/// The instance that stands for all where their number is not known from the configuration.
fn for_all<'a>(written: &BTreeMap<&str, &'a Instance>, address: &str) -> Option<&'a Instance> {
    let keyless = crate::world::keyless(address);
    (keyless.len() < address.len())
        .then(|| written.get(&*format!("{keyless}[*]")).copied())
        .flatten()
}

fn enrich(instance: &mut Instance, written: &Instance, differing: &mut Vec<Name>) {
    instance.source.clone_from(&written.source);
    instance.places.clone_from(&written.places);
    instance.ignore_changes.clone_from(&written.ignore_changes);
    instance.damaged |= written.damaged;
    if !written.references.is_empty() {
        instance.references.clone_from(&written.references);
    }
    if instance.region.value.is_none() && written.region.value.is_some() {
        instance.region = written.region.clone();
    }
    if instance.account.value.is_none() && written.account.value.is_some() {
        instance.account = written.account.clone();
    }
    if instance.provider_key.is_none() {
        instance.provider_key.clone_from(&written.provider_key);
    }
    let mut differs = false;
    let kind = written.values.get("load_balancer_type");
    for (name, node) in &written.values {
        if is_left_out(&written.ty, name, kind) {
            continue;
        }
        match instance.values.get_mut(name) {
            Some(planned) => explain(planned, node, &mut differs),
            None => {
                differs |= node.is_wholly_known()
                    && !node.is_empty()
                    && !instance.ignore_changes.contains(name);
            }
        }
    }
    if differs && !instance.ignore_changes.iter().any(|name| &**name == "*") {
        differing.push(instance.address.clone());
    }
}

/// Takes the reason of an unknown part from the configuration; a literal that differs is noticed.
fn explain(planned: &mut Node, written: &Node, differs: &mut bool) {
    match (&mut *planned, written) {
        (Node::Unknown(unknown), Node::Unknown(reason)) => {
            // What AWS decides by the configuration is known best there.
            if reason.symbol.is_some() || unknown.symbol.is_none() {
                *unknown = reason.clone();
            }
        }
        (Node::Unknown(_), _) | (_, Node::Unknown(_) | Node::Sensitive(_)) => {}
        (Node::List(planned), Node::List(written)) if planned.len() == written.len() => {
            let mut all = planned.to_vec();
            for (planned, written) in all.iter_mut().zip(written.iter()) {
                explain(planned, written, differs);
            }
            *planned = all.into();
        }
        (
            Node::Map(planned) | Node::Object(planned),
            Node::Map(written) | Node::Object(written),
        ) => {
            let planned = Arc::make_mut(planned);
            for (name, written) in written.iter() {
                match planned.get_mut(name) {
                    Some(planned) => explain(planned, written, differs),
                    None => {
                        *differs |= written.is_wholly_known()
                            && !written.is_empty()
                            && *written != Node::Null;
                    }
                }
            }
        }
        // Elements of sets have no names by which they could be told apart; providers add to them.
        (Node::Set(planned), Node::Set(written)) => {
            let plain =
                |node: &&Node| matches!(node, Node::String(_) | Node::Number(_) | Node::Bool(_));
            *differs |= written
                .iter()
                .filter(plain)
                .any(|node| !planned.contains(node));
            *planned = explained(planned, written);
        }
        (Node::String(planned), Node::String(written)) => *differs |= !same_text(planned, written),
        (planned, written) => {
            *differs |=
                written.is_wholly_known() && planned.is_wholly_known() && planned != written;
        }
    }
}

/// The elements of a set with reasons of the only written ones that they can be.
fn explained(planned: &[Node], written: &[Node]) -> Arc<[Node]> {
    let one = |node: &Node| {
        if node.is_wholly_known() {
            return node.clone();
        }
        let mut candidates = written.iter().filter(|other| may_be(node, other));
        let mut node = node.clone();
        if let (Some(only), None) = (candidates.next(), candidates.next()) {
            explain(&mut node, only, &mut false);
        }
        node
    };
    planned.iter().map(one).collect()
}

/// Whether what is known of both agrees.
fn may_be(planned: &Node, written: &Node) -> bool {
    match (planned, written) {
        (Node::Unknown(_) | Node::Sensitive(_), _)
        | (_, Node::Unknown(_) | Node::Sensitive(_))
        | (Node::Set(_), Node::Set(_)) => true,
        (Node::Object(planned), Node::Object(written)) => written.iter().all(|(name, written)| {
            planned
                .get(name)
                .is_none_or(|planned| may_be(planned, written))
        }),
        (Node::List(planned), Node::List(written)) => {
            planned.len() == written.len()
                && planned
                    .iter()
                    .zip(written.iter())
                    .all(|(a, b)| may_be(a, b))
        }
        (Node::String(planned), Node::String(written)) => same_text(planned, written),
        (planned, written) => planned == written,
    }
}

fn out_of_date(differing: &[Name], what: &str) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = differing
        .iter()
        .take(MOST_TOLD)
        .map(|address| {
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

fn not_written(addresses: &[Name], what: &str, configuration: &Inventory) -> Option<Diagnostic> {
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
