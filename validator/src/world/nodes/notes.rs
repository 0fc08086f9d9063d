//! What is told of values beside the values: gathered part by part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::instances;
use super::super::trace::{Trace, shared};
use super::Notes;
use crate::inventory::{self, Assumed, Link, Name, Path, Reference};
use crate::symbol::PathStep;

impl Notes {
    /// Takes over what was told of a part.
    pub(crate) fn adopt(&mut self, inner: Notes, at: &[PathStep]) {
        let below = |path: Path| at.iter().cloned().chain(path).collect::<Path>();
        self.assumed
            .extend(inner.assumed.into_iter().map(|assumed| Assumed {
                path: below(assumed.path),
                ..assumed
            }));
        self.places.extend(
            inner
                .places
                .into_iter()
                .map(|(path, links)| (below(path), links)),
        );
        self.references
            .extend(inner.references.into_iter().map(|reference| Reference {
                path: below(reference.path),
                ..reference
            }));
    }

    /// Takes over what was found behind an argument.
    pub(crate) fn traced(&mut self, trace: Trace, at: Path) {
        self.refer(&at, trace.references);
        self.places.push((at, shared(trace.links)));
    }

    pub(crate) fn refer(&mut self, at: &[PathStep], references: BTreeSet<(Name, Path)>) {
        self.references
            .extend(references.into_iter().map(|(to, to_path)| Reference {
                path: at.to_vec(),
                to,
                to_path,
            }));
    }

    /// All references but those to itself; one without a key goes where the same is known with its key.
    pub(crate) fn references(&mut self, own: &str) -> Vec<Reference> {
        let all = std::mem::take(&mut self.references);
        let keyed: BTreeSet<(Path, Name)> = all
            .iter()
            .filter(|reference| reference.to.ends_with(']'))
            .map(|reference| {
                (
                    reference.path.clone(),
                    Name::from(instances::keyless(&reference.to)),
                )
            })
            .collect();
        let vague =
            |reference: &Reference| keyed.contains(&(reference.path.clone(), reference.to.clone()));
        all.into_iter()
            .filter(|reference| *reference.to != *own && !vague(reference))
            .collect()
    }

    /// Place chains by the path as text: `ingress[0].cidr_blocks`.
    pub(crate) fn places(&mut self) -> BTreeMap<Name, Arc<[Link]>> {
        let all = std::mem::take(&mut self.places);
        all.into_iter()
            .map(|(path, links)| (inventory::node::path_text(&path).into(), links))
            .collect()
    }
}
