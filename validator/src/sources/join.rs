//! A plan or state joined to its configuration: known values come from the document, places, symbols and references from
//! the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::spelling::{is_left_out, is_spelled, same_text};
use super::stale;
use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::inventory::{Instance, Inventory, Mode, Name, Node, Path, SourceKind, Unread};
use crate::symbol::PathStep;

/// Joins by address.
pub(super) fn join(configuration: Inventory, mut documents: Inventory) -> Inventory {
    let written: BTreeMap<&str, &Instance> = configuration
        .instances
        .iter()
        .map(|instance| (&*instance.address, instance))
        .collect();
    let mut parted = Parted::default();
    for instance in &mut documents.instances {
        match written
            .get(&*instance.address)
            .copied()
            .or_else(|| for_all(&written, &instance.address))
        {
            Some(written) => {
                let paths = enrich(instance, written);
                if !paths.is_empty() {
                    parted
                        .differing
                        .push((instance.address.clone(), paths, written));
                }
            }
            None if instance.mode == Mode::Managed => {
                parted.not_written.push(instance.address.clone());
            }
            None => {}
        }
    }
    let (stale, told) = stale::find(&parted, &configuration, &documents);
    documents.stale.extend(stale);
    documents.diagnostics.extend(told);
    let planned = documents
        .sources
        .iter()
        .any(|source| source.kind == SourceKind::Plan && source.complete);
    let unread = still_unread(&configuration, &documents, planned);
    let mut sources = configuration.sources;
    if unread.is_empty() {
        for source in &mut sources {
            // What else makes a configuration incomplete lies in files.
            source.complete |= source.broken_files == 0;
        }
    }
    let mut whole = Inventory {
        unread,
        sources,
        diagnostics: still_told(configuration.diagnostics, planned),
        moved: documents.moved.clone(),
        comments: documents.comments.clone(),
        stores: configuration.stores,
        unmade: configuration.unmade,
        ..Inventory::default()
    };
    documents.moved = configuration.moved;
    documents.comments = configuration.comments;
    whole.add(documents);
    whole
}

/// What is still to tell of the configuration: a plan was made with values for all variables.
fn still_told(mut diagnostics: Vec<Diagnostic>, planned: bool) -> Vec<Diagnostic> {
    diagnostics.retain(|it| !planned || it.kind != Kind::Input || it.severity != Severity::Note);
    diagnostics
}

/// Module calls that neither the files nor the documents tell about: a complete plan holds all that they declare, another
/// document what it shows of them.
fn still_unread(configuration: &Inventory, documents: &Inventory, planned: bool) -> Vec<Unread> {
    let shown = |unread: &&Unread| {
        let mut all = documents.instances.iter();
        planned || all.any(|instance| unread.holds(&instance.address))
    };
    let all = configuration.unread.iter();
    all.filter(|unread| !shown(unread)).cloned().collect()
}

/// What a document and its configuration say differently.
#[derive(Default)]
pub(super) struct Parted<'a> {
    /// Instances of both with the places where their values differ, and as they are written.
    pub(super) differing: Vec<(Name, Vec<Path>, &'a Instance)>,
    /// Managed instances that the configuration does not have.
    pub(super) not_written: Vec<Name>,
}

/// The instance that stands for all where their number is not known from the configuration.
fn for_all<'a>(written: &BTreeMap<&str, &'a Instance>, address: &str) -> Option<&'a Instance> {
    let keyless = crate::world::keyless(address);
    (keyless.len() < address.len())
        .then(|| written.get(&*format!("{keyless}[*]")).copied())
        .flatten()
}

/// Takes from the configuration what it knows best; the places where the values differ.
fn enrich(instance: &mut Instance, written: &Instance) -> Vec<Path> {
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
    let mut differing = Vec::new();
    let kind = written.values.get("load_balancer_type");
    for (name, node) in &written.values {
        if is_left_out(&written.ty, name, kind) {
            continue;
        }
        let ignored = instance
            .ignore_changes
            .iter()
            .any(|ignored| ignored == name || &**ignored == "*");
        let mut found = Vec::new();
        let mut explaining = Explaining {
            ty: &written.ty,
            at: vec![PathStep::Name(name.clone())],
            found: &mut found,
        };
        match instance.values.get_mut(name) {
            Some(planned) => explaining.explain(planned, node),
            None if says_something(node) => explaining.differs(),
            None => {}
        }
        if !ignored {
            differing.append(&mut found);
        }
    }
    differing
}

/// Whether a value that the document does not have is missed there: zero and false are what unset means too.
fn says_something(written: &Node) -> bool {
    let zero = match written {
        Node::Null | Node::Bool(false) => true,
        Node::Number(number) => number.to_string() == "0",
        _ => false,
    };
    !zero && written.is_wholly_known() && !written.is_empty()
}

/// Goes through a value of the document and what is written of it.
struct Explaining<'e> {
    ty: &'e str,
    at: Path,
    found: &'e mut Vec<Path>,
}

impl Explaining<'_> {
    fn differs(&mut self) {
        self.found.push(self.at.clone());
    }

    fn inside(&mut self, step: PathStep, planned: &mut Node, written: &Node) {
        self.at.push(step);
        self.explain(planned, written);
        self.at.pop();
    }

    /// Takes the reason of an unknown part from the configuration; a literal that differs is noticed.
    fn explain(&mut self, planned: &mut Node, written: &Node) {
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
                for (at, (planned, written)) in all.iter_mut().zip(written.iter()).enumerate() {
                    let step = PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX));
                    self.inside(step, planned, written);
                }
                *planned = all.into();
            }
            (
                Node::Map(planned) | Node::Object(planned),
                Node::Map(written) | Node::Object(written),
            ) => {
                let planned = Arc::make_mut(planned);
                for (name, written) in written.iter() {
                    let step = PathStep::Name(name.clone());
                    match planned.get_mut(name) {
                        Some(planned) => self.inside(step, planned, written),
                        None if says_something(written) => {
                            self.at.push(step);
                            self.differs();
                            self.at.pop();
                        }
                        None => {}
                    }
                }
            }
            // Elements of sets have no names by which they could be told apart; providers add to them.
            (Node::Set(planned), Node::Set(written)) => {
                let plain = |node: &&Node| {
                    matches!(node, Node::String(_) | Node::Number(_) | Node::Bool(_))
                };
                let missed = written
                    .iter()
                    .filter(plain)
                    .any(|node| !planned.contains(node));
                if missed {
                    self.differs();
                }
                *planned = self.explained(planned, written);
            }
            (Node::String(planned), Node::String(written)) => {
                if !same_text(planned, written) && !is_spelled(self.ty, &self.at, planned, written)
                {
                    self.differs();
                }
            }
            (planned, written) => {
                if written.is_wholly_known() && planned.is_wholly_known() && planned != written {
                    self.differs();
                }
            }
        }
    }

    /// The elements of a set with reasons of the only written ones that they can be.
    fn explained(&self, planned: &[Node], written: &[Node]) -> Arc<[Node]> {
        let one = |node: &Node| {
            if node.is_wholly_known() {
                return node.clone();
            }
            let mut candidates = written.iter().filter(|other| may_be(node, other));
            let mut node = node.clone();
            if let (Some(only), None) = (candidates.next(), candidates.next()) {
                let mut unheard = Explaining {
                    ty: self.ty,
                    at: self.at.clone(),
                    found: &mut Vec::new(),
                };
                unheard.explain(&mut node, only);
            }
            node
        };
        planned.iter().map(one).collect()
    }
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
