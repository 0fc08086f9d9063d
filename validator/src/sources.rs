//! Gathers what is asked for into one inventory: configurations, plans, states, saved inventories, of one root or several.

mod comments;
mod documents;
mod join;
mod label;
mod spelling;
mod stale;
mod together;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::inventory::{DocumentError, Inventory, Name, Sealer, SourceInfo, SourceKind};
use crate::load::config::Configuration;
use crate::load::{self, LoadError, Request};
use crate::source::Sources;
use crate::world::World;

/// What to read.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Roots, each with its documents.
    pub roots: Vec<WantedRoot>,
    /// Accounts by region; the empty region stands for all.
    pub accounts: BTreeMap<String, String>,
}

/// One root of an estate.
#[derive(Debug, Default)]
pub struct WantedRoot {
    /// Its name, where the estate has several.
    pub name: Option<Name>,
    /// Its directory as places in it are shown, where the estate has several.
    pub directory: Option<String>,
    /// What it is loaded with; none where only documents are given.
    pub request: Option<Request>,
    /// Its configuration, where it was loaded already.
    pub configuration: Option<Arc<Configuration>>,
    /// Plans as JSON; `-` is stdin.
    pub plans: Vec<PathBuf>,
    /// States in either form; `-` is stdin.
    pub states: Vec<PathBuf>,
    /// Saved inventories; `-` is stdin.
    pub inventories: Vec<PathBuf>,
}

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// All of it.
    pub inventory: Inventory,
    /// Diagnostics with the files that their places lie in, root by root.
    pub told: Vec<(Vec<Diagnostic>, Option<Arc<Sources>>)>,
}

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The configuration.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A plan, state or inventory.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

/// Reads everything that is wanted. `progress` hears what goes on.
///
/// # Errors
/// When a source cannot be read at all. What is wrong within one is a diagnostic of the inventory.
pub fn read(
    wanted: &Wanted,
    sealer: &Sealer,
    progress: &dyn Fn(String),
) -> Result<Read, ReadError> {
    documents::check_stdin(wanted)?;
    let mut whole = Read {
        inventory: Inventory::default(),
        told: Vec::new(),
    };
    for root in &wanted.roots {
        let (mut inventory, sources) = one(root, &wanted.accounts, sealer, progress)?;
        whole.told.push((inventory.diagnostics.clone(), sources));
        if wanted.roots.len() > 1 {
            label::with_root(&mut inventory, root);
        }
        whole.inventory.add(inventory);
    }
    Ok(whole)
}

/// One root: its configuration, its documents, or both joined.
fn one(
    root: &WantedRoot,
    accounts: &BTreeMap<String, String>,
    sealer: &Sealer,
    progress: &dyn Fn(String),
) -> Result<(Inventory, Option<Arc<Sources>>), ReadError> {
    let mut configured = None;
    if let Some(request) = &root.request {
        let shown = request.root.display().to_string();
        progress(format!("reading {shown}"));
        let configuration = match &root.configuration {
            Some(loaded) => loaded.clone(),
            None => Arc::new(load::load(request)?),
        };
        progress(format!("evaluating {shown}"));
        let inventory = of_configuration(&configuration, &shown, sealer, progress);
        configured = Some((inventory, configuration.sources.clone()));
    }
    let read = documents::read(root, accounts, sealer, progress)?;
    Ok(match configured {
        None => (read, None),
        Some((inventory, sources)) if read.sources.is_empty() => (inventory, Some(sources)),
        Some((inventory, sources)) => (join::join(inventory, read), Some(sources)),
    })
}

/// The inventory of a configuration; `shown` is the root as it was named.
pub fn of_configuration(
    configuration: &Configuration,
    shown: &str,
    sealer: &Sealer,
    progress: &dyn Fn(String),
) -> Inventory {
    let world = World::new(configuration);
    let instances = world.instances(sealer, &|count| {
        progress(format!("evaluating {shown}: {count} instances"));
    });
    let written = world.written();
    let mut diagnostics = configuration.diagnostics.clone();
    diagnostics.extend(world.take_diagnostics());
    for diagnostic in &mut diagnostics {
        if diagnostic.location.is_none() {
            diagnostic.location = diagnostic
                .place
                .map(|place| configuration.sources.location(place));
        }
    }
    let broken: BTreeSet<_> = diagnostics
        .iter()
        .filter(|diagnostic| {
            diagnostic.kind == Kind::Syntax && diagnostic.severity == Severity::Error
        })
        .map(|diagnostic| {
            diagnostic
                .location
                .as_ref()
                .map(|location| location.file.clone())
        })
        .collect();
    let incomplete = configuration.modules.iter().any(|module| module.incomplete);
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let source = SourceInfo {
        kind: SourceKind::Configuration,
        path: shown.replace('\\', "/").into(),
        root: None,
        terraform_version: None,
        complete: broken.is_empty() && !incomplete && written.unread.is_empty(),
        files: count(configuration.sources.all().len()),
        broken_files: count(broken.len()),
    };
    Inventory {
        sources: vec![source],
        diagnostics,
        instances,
        comments: comments::find(&configuration.sources, &written.calls),
        moved: written.moved,
        stores: vec![world.state_store()],
        unread: written.unread,
        unmade: world.unmade(),
        ..Inventory::default()
    }
}
