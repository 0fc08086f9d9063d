//! Gives each root the outputs of the roots whose states it reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::Value;

use super::remote::{self, Reader, Stored};
use super::{EstateError, Root};
use crate::diagnostic::{Diagnostic, Kind};
use crate::load::config::{Configuration, Name};
use crate::source::Place;
use crate::world::World;

/// What one root reads: the address of the data source, and which root is behind it.
type Links = Vec<(Name, usize, Option<Place>)>;

/// Links all roots: as `outputs_of` says, else by the place where states are kept.
pub(super) fn link(
    mut roots: Vec<Root>,
    wanted: &[&BTreeMap<String, String>],
    refused: impl Fn(&str, String) -> EstateError,
) -> Result<Vec<Root>, EstateError> {
    let stored: Vec<Option<Stored>> = roots
        .iter()
        .map(|root| remote::stored(root.configuration.as_deref()?, &root.request.root))
        .collect();
    let mut links = Vec::with_capacity(roots.len());
    let mut told = Vec::with_capacity(roots.len());
    for (at, root) in roots.iter().enumerate() {
        let Some(configuration) = root.configuration.as_deref() else {
            links.push(Vec::new());
            told.push(Vec::new());
            continue;
        };
        let readers = remote::readers(configuration, &root.request.root);
        let mut found = asked(&roots, at, &readers, wanted[at])
            .map_err(|message| refused(&root.name, message))?;
        let mut notes = Vec::new();
        for reader in readers
            .iter()
            .filter(|reader| !wanted[at].contains_key(&reader.address))
        {
            match by_backend(&roots, at, reader, &stored) {
                Ok(Some(other)) => {
                    let address = Name::from(reader.address.as_str());
                    found.push((address, other, Some(reader.place)));
                }
                Ok(None) => {}
                Err(note) => notes.push(note),
            }
        }
        links.push(found);
        told.push(notes);
    }
    for (root, notes) in roots.iter_mut().zip(told) {
        change(root, |configuration| {
            configuration.diagnostics.extend(notes);
        });
    }
    connect(&mut roots, &links);
    Ok(roots)
}

/// Links that the file names.
fn asked(
    roots: &[Root],
    at: usize,
    readers: &[Reader],
    wanted: &BTreeMap<String, String>,
) -> Result<Links, String> {
    let mut links = Vec::new();
    for (address, name) in wanted {
        let Some(other) = roots.iter().position(|root| *root.name == **name) else {
            let names: Vec<&str> = roots.iter().map(|root| &*root.name).collect();
            return Err(format!(
                "outputs_of: there is no root {name:?}; there are {}",
                names.join(", ")
            ));
        };
        if other == at {
            return Err(format!(
                "outputs_of: root {name:?} cannot read its own outputs"
            ));
        }
        let Some(reader) = readers.iter().find(|reader| reader.address == *address) else {
            let known: Vec<&str> = readers.iter().map(|reader| &*reader.address).collect();
            let known = if known.is_empty() {
                "it has none".into()
            } else {
                format!("it has {}", known.join(", "))
            };
            return Err(format!(
                "outputs_of: root {:?} reads no state as {address:?}; {known}",
                &*roots[at].name
            ));
        };
        links.push((address.as_str().into(), other, Some(reader.place)));
    }
    Ok(links)
}

/// The root whose state a data source reads; the error says why none is taken.
fn by_backend(
    roots: &[Root],
    at: usize,
    reader: &Reader,
    stored: &[Option<Stored>],
) -> Result<Option<usize>, Diagnostic> {
    let Some(reads) = &reader.reads else {
        return Err(note(
            reader,
            "Which state it reads cannot be told from its settings".into(),
            roots,
            at,
        ));
    };
    let keeps = |other: &usize| stored[*other].as_ref() == Some(reads);
    let others: Vec<usize> = (0..roots.len()).filter(keeps).collect();
    match others[..] {
        // A root that reads its own last state.
        [other] if other == at => Ok(None),
        [other] => Ok(Some(other)),
        [] => Err(note(
            reader,
            "No root of this estate keeps its state there".into(),
            roots,
            at,
        )),
        _ => {
            let names: Vec<&str> = others.iter().map(|other| &*roots[*other].name).collect();
            Err(note(
                reader,
                format!("The roots {} keep their states there", names.join(", ")),
                roots,
                at,
            ))
        }
    }
}

fn note(reader: &Reader, why: String, roots: &[Root], at: usize) -> Diagnostic {
    let root = &roots[at].name;
    let detail = format!(
        "{why}, so its outputs are unknown. Name the root that writes it: outputs_of = {{ {:?} = \"ROOT\" }} in root {:?}.",
        reader.address, &**root
    );
    Diagnostic::note(
        Kind::Input,
        format!("{} has no values", reader.address),
        detail,
    )
    .at(reader.place)
}

/// Fills in outputs, those that are read first. Outputs are evaluated once for all that read them.
fn connect(roots: &mut [Root], links: &[Links]) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; roots.len()];
    let mut outputs: Vec<Option<BTreeMap<Name, Value>>> = vec![None; roots.len()];
    for start in 0..roots.len() {
        let mut way = vec![(start, 0)];
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            states[at] = if states[at] == State::New {
                State::Open
            } else {
                states[at]
            };
            let Some((address, other, place)) =
                links[at].get(*next).filter(|_| states[at] == State::Open)
            else {
                states[at] = State::Done;
                way.pop();
                continue;
            };
            match states[*other] {
                State::New => way.push((*other, 0)),
                State::Open => {
                    *next += 1;
                    circular(roots, at, *other, address, *place);
                }
                // Its outputs come with its documents.
                State::Done if roots[*other].configuration.is_none() => *next += 1,
                State::Done => {
                    *next += 1;
                    let values = outputs[*other]
                        .get_or_insert_with(|| values(&roots[*other]))
                        .clone();
                    change(&mut roots[at], |configuration| {
                        configuration.remote_outputs.insert(address.clone(), values);
                    });
                }
            }
        }
    }
}

fn circular(roots: &mut [Root], at: usize, other: usize, address: &Name, place: Option<Place>) {
    let other = roots[other].name.clone();
    let detail = format!(
        "Root {:?} needs outputs of this root before, so these stay unknown.",
        &*other
    );
    let diagnostic = Diagnostic::note(
        Kind::Input,
        format!("{address} reads a root that reads this one"),
        detail,
    );
    change(&mut roots[at], |configuration| {
        configuration.diagnostics.push(Diagnostic {
            place,
            ..diagnostic
        });
    });
}

/// All outputs of a root.
fn values(root: &Root) -> BTreeMap<Name, Value> {
    let Some(configuration) = root.configuration.as_deref() else {
        return BTreeMap::new();
    };
    let world = World::new(configuration);
    let value = |name: &Name| {
        world
            .root_output(name)
            .unwrap_or_else(Value::dynamic_unknown)
    };
    configuration
        .root()
        .outputs
        .keys()
        .map(|name| (name.clone(), value(name)))
        .collect()
}

/// Changes a configuration that nobody else holds yet.
fn change(root: &mut Root, change: impl FnOnce(&mut Configuration)) {
    if let Some(configuration) = root.configuration.as_mut().and_then(Arc::get_mut) {
        change(configuration);
    }
}
