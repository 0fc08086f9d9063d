//! Gathers what is asked for into one inventory: configuration, plans, states, saved inventories.

mod documents;
mod join;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::inventory::{DocumentError, Inventory, Sealer, SourceInfo, SourceKind};
use crate::load::config::Configuration;
use crate::load::{self, LoadError, Request};
use crate::source::Sources;
use crate::world::World;

/// What to read.
#[derive(Debug, Default)]
pub struct Wanted {
    /// A root module.
    pub configuration: Option<Request>,
    /// Plans as JSON; `-` is stdin.
    pub plans: Vec<PathBuf>,
    /// States in either form; `-` is stdin.
    pub states: Vec<PathBuf>,
    /// Saved inventories; `-` is stdin.
    pub inventories: Vec<PathBuf>,
    /// Accounts by region; the empty region stands for all.
    pub accounts: BTreeMap<String, String>,
}

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// All of it.
    pub inventory: Inventory,
    /// The files of the configuration, for excerpts.
    pub sources: Option<Arc<Sources>>,
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
    let mut configured = None;
    if let Some(request) = &wanted.configuration {
        progress(format!("reading {}", request.root.display()));
        let configuration = load::load(request)?;
        progress(format!("evaluating {}", request.root.display()));
        let inventory = of_configuration(&configuration, request, sealer, progress);
        configured = Some((configuration, inventory));
    }
    let read = documents::read(wanted, sealer, progress)?;
    let Some((configuration, inventory)) = configured else {
        return Ok(Read {
            inventory: read,
            sources: None,
        });
    };
    let inventory = if read.sources.is_empty() {
        inventory
    } else {
        join::join(inventory, read)
    };
    Ok(Read {
        inventory,
        sources: Some(configuration.sources),
    })
}

/// The inventory of a configuration.
pub fn of_configuration(
    configuration: &Configuration,
    request: &Request,
    sealer: &Sealer,
    progress: &dyn Fn(String),
) -> Inventory {
    let world = World::new(configuration);
    let root = request.root.display().to_string();
    let instances = world.instances(sealer, &|count| {
        progress(format!("evaluating {root}: {count} instances"))
    });
    let mut diagnostics = configuration.diagnostics.clone();
    diagnostics.extend(world.take_diagnostics());
    let located = |diagnostic: &mut Diagnostic| {
        if diagnostic.location.is_none() {
            diagnostic.location = diagnostic
                .place
                .map(|place| configuration.sources.location(place));
        }
    };
    diagnostics.iter_mut().for_each(located);
    let files = configuration.sources.all();
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
    let opaque = configuration.modules.iter().any(|module| {
        module.incomplete
            || module
                .calls
                .values()
                .any(|call| matches!(call.target, load::config::Target::Opaque(_)))
    });
    let source = SourceInfo {
        kind: SourceKind::Configuration,
        path: root.replace('\\', "/").into(),
        root: None,
        terraform_version: None,
        complete: broken.is_empty() && !opaque,
        files: u64::try_from(files.len()).unwrap_or(u64::MAX),
        broken_files: u64::try_from(broken.len()).unwrap_or(u64::MAX),
    };
    Inventory {
        sources: vec![source],
        diagnostics,
        instances,
    }
}
