//! Reads inventories back.

mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::changes::{SavedChange, SavedStale, SavedStore};
use super::graft;
use super::notes::{SavedComment, SavedMove, SavedUnread};
use super::reasons;
use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::documents;
use crate::inventory::{
    Assumed, DocumentError, Fact, Index, Instance, Inventory, Link, Mode, Name, Node, Path,
    Reference, Scope, Sealed, SourceInfo, SourceKind, Unmade,
};
use crate::source::Location;
use crate::symbol::PathStep;
pub(super) use values::nodes;
use values::values;

#[derive(Deserialize)]
struct File {
    format_version: Option<String>,
    #[serde(default)]
    sources: Vec<SavedSource>,
    #[serde(default)]
    diagnostics: Vec<SavedDiagnostic>,
    instances: Option<Vec<Saved>>,
    #[serde(default)]
    moved: Vec<SavedMove>,
    #[serde(default)]
    comments: Vec<SavedComment>,
    #[serde(default)]
    changes: Vec<SavedChange>,
    #[serde(default)]
    stale: Vec<SavedStale>,
    #[serde(default)]
    stores: Vec<SavedStore>,
    #[serde(default)]
    unread: Vec<SavedUnread>,
    #[serde(default)]
    unmade: Vec<SavedUnmade>,
    /// What other documents have.
    #[serde(default)]
    version: Option<u64>,
    #[serde(default)]
    resource_changes: Option<IgnoredAny>,
    #[serde(default)]
    values: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct SavedSource {
    kind: String,
    path: String,
    root: Option<String>,
    terraform_version: Option<String>,
    complete: bool,
    files: u64,
    broken_files: u64,
}

#[derive(Deserialize)]
struct SavedDiagnostic {
    severity: String,
    kind: String,
    summary: String,
    #[serde(default)]
    detail: String,
    address: Option<String>,
    location: Option<SavedLocation>,
}

#[derive(Deserialize)]
pub(super) struct SavedLocation {
    file: String,
    line: u32,
    column: u32,
    #[serde(default)]
    what: String,
    #[serde(default)]
    depth: u16,
    #[serde(default)]
    like: u32,
}

#[derive(Deserialize)]
struct SavedUnmade {
    address: String,
    root: Option<String>,
    #[serde(default)]
    places: Vec<SavedLocation>,
}

impl SavedUnmade {
    fn read(self) -> Unmade {
        Unmade {
            address: self.address.into(),
            root: named(self.root),
            links: self.places.into_iter().map(link).collect(),
        }
    }
}

fn link(saved: SavedLocation) -> Link {
    Link {
        what: saved.what.as_str().into(),
        depth: saved.depth,
        like: saved.like,
        location: location(saved),
    }
}

#[derive(Deserialize)]
struct SavedReference {
    path: Vec<Json>,
    to: String,
    #[serde(default)]
    to_path: Vec<Json>,
}

#[derive(Deserialize)]
pub(super) struct SavedNote {
    pub(super) path: Vec<Json>,
    #[serde(default)]
    pub(super) because: Json,
    symbol: Option<String>,
    digest: Option<String>,
    #[serde(default)]
    regions: Vec<String>,
}

#[derive(Deserialize)]
struct Saved {
    address: String,
    root: Option<String>,
    #[serde(default)]
    module: String,
    #[serde(rename = "type")]
    ty: String,
    name: String,
    #[serde(default)]
    index: Json,
    mode: String,
    scope: String,
    account: Option<String>,
    #[serde(default)]
    account_because: Vec<String>,
    region: Option<String>,
    #[serde(default)]
    region_because: Vec<String>,
    provider_key: Option<String>,
    expansion: String,
    #[serde(default)]
    expansion_because: Vec<reasons::SavedReason>,
    #[serde(default)]
    in_schema: bool,
    #[serde(default)]
    damaged: bool,
    #[serde(default)]
    values: Json,
    #[serde(default)]
    unknown: Vec<SavedNote>,
    #[serde(default)]
    sensitive: Vec<SavedNote>,
    #[serde(default)]
    assumed: Vec<SavedNote>,
    #[serde(default)]
    references: Vec<SavedReference>,
    #[serde(default)]
    ignore_changes: Vec<String>,
    source: Option<SavedLocation>,
    #[serde(default)]
    places: BTreeMap<String, Vec<SavedLocation>>,
}

/// Reads an inventory that [`super::write`] wrote.
///
/// # Errors
/// When the text is no inventory, or one of a newer major version.
pub fn read(bytes: &[u8], shown: &str) -> Result<Inventory, DocumentError> {
    let text = documents::text(bytes);
    let how = "drcheck inventory --format json writes one";
    let file: File = documents::parse(&text, shown, "a saved inventory", how)?;
    if file.resource_changes.is_some() {
        let detail = format!("It is read with --plan; {how}.");
        return Err(documents::error(
            shown,
            "this is a plan, not a saved inventory",
            detail,
        ));
    }
    if file.values.is_some() || file.version.is_some() {
        let detail = format!("It is read with --state; {how}.");
        return Err(documents::error(
            shown,
            "this is a state, not a saved inventory",
            detail,
        ));
    }
    documents::check_version(file.format_version.as_deref(), 1, shown, "inventory")?;
    let Some(instances) = file.instances else {
        return Err(documents::error(
            shown,
            "there are no instances in it",
            format!("Expected a saved inventory; {how}."),
        ));
    };
    Ok(Inventory {
        sources: file.sources.into_iter().map(source).collect(),
        diagnostics: file.diagnostics.into_iter().map(diagnostic).collect(),
        instances: instances.into_iter().map(instance).collect(),
        moved: file.moved.into_iter().map(SavedMove::read).collect(),
        comments: file.comments.into_iter().map(SavedComment::read).collect(),
        changes: file.changes.into_iter().map(SavedChange::read).collect(),
        stale: file
            .stale
            .into_iter()
            .filter_map(SavedStale::read)
            .collect(),
        stores: file.stores.into_iter().map(SavedStore::read).collect(),
        unread: file.unread.into_iter().map(SavedUnread::read).collect(),
        unmade: file.unmade.into_iter().map(SavedUnmade::read).collect(),
    })
}

fn named(text: Option<String>) -> Option<Name> {
    text.map(Name::from)
}

fn source(saved: SavedSource) -> SourceInfo {
    SourceInfo {
        kind: match saved.kind.as_str() {
            "plan" => SourceKind::Plan,
            "state" => SourceKind::State,
            "configuration" => SourceKind::Configuration,
            _ => SourceKind::Inventory,
        },
        path: saved.path.into(),
        root: named(saved.root),
        terraform_version: named(saved.terraform_version),
        complete: saved.complete,
        files: saved.files,
        broken_files: saved.broken_files,
    }
}

fn diagnostic(saved: SavedDiagnostic) -> Diagnostic {
    let severity = match saved.severity.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Note,
    };
    let kind = match saved.kind.as_str() {
        "syntax" => Kind::Syntax,
        "load" => Kind::Load,
        "evaluation" => Kind::Evaluation,
        "input" => Kind::Input,
        _ => Kind::Document,
    };
    Diagnostic {
        severity,
        location: saved.location.map(location),
        address: named(saved.address),
        ..Diagnostic::error(kind, saved.summary, saved.detail)
    }
}

pub(super) fn location(saved: SavedLocation) -> Location {
    Location {
        file: saved.file.into(),
        line: saved.line,
        column: saved.column,
    }
}

pub(super) fn path(saved: &[Json]) -> Path {
    let step = |json: &Json| match json.as_u64() {
        Some(at) => PathStep::Index(at),
        None => PathStep::Name(json.as_str().unwrap_or_default().into()),
    };
    saved.iter().map(step).collect()
}

pub(super) fn because(json: &Json) -> Vec<Name> {
    json.as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(Name::from)
        .collect()
}

fn instance(saved: Saved) -> Instance {
    let mode = if saved.mode == "data" {
        Mode::Data
    } else {
        Mode::Managed
    };
    let mut values = values(&saved, mode);
    for note in &saved.unknown {
        let unknown = reasons::unknown(&note.because, note.symbol.as_deref());
        graft::put(
            &mut values,
            &path(&note.path),
            Node::Unknown(Arc::new(unknown)),
        );
    }
    for note in &saved.sensitive {
        let sealed = sealed(note);
        graft::put(
            &mut values,
            &path(&note.path),
            Node::Sensitive(Arc::new(sealed)),
        );
    }
    let fact = |value: Option<String>, because: Vec<String>| Fact {
        value: named(value),
        because: because.into_iter().map(Name::from).collect(),
    };
    Instance {
        index: match &saved.index {
            Json::Null => None,
            Json::String(key) if key == "*" && saved.expansion == "unknown" => Some(Index::Any),
            Json::String(key) => Some(Index::Key(key.as_str().into())),
            number => number.as_u64().map(Index::Number),
        },
        address: saved.address.into(),
        root: named(saved.root),
        module: saved.module.into(),
        mode,
        ty: saved.ty.into(),
        name: saved.name.into(),
        scope: if saved.scope == "global" {
            Scope::Global
        } else {
            Scope::Regional
        },
        account: fact(saved.account, saved.account_because),
        region: fact(saved.region, saved.region_because),
        provider_key: named(saved.provider_key),
        expansion_known: saved.expansion == "known",
        hangs_on: saved
            .expansion_because
            .iter()
            .map(reasons::SavedReason::read)
            .collect(),
        in_schema: saved.in_schema,
        damaged: saved.damaged,
        values,
        assumed: saved
            .assumed
            .iter()
            .map(|note| Assumed {
                path: path(&note.path),
                because: note.because.as_str().unwrap_or_default().into(),
            })
            .collect(),
        references: saved
            .references
            .into_iter()
            .map(|reference| Reference {
                path: path(&reference.path),
                to: reference.to.into(),
                to_path: path(&reference.to_path),
            })
            .collect(),
        ignore_changes: saved.ignore_changes.into_iter().map(Name::from).collect(),
        source: saved.source.map(location),
        places: saved
            .places
            .into_iter()
            .map(|(name, links)| {
                (
                    name.into(),
                    links.into_iter().map(link).collect::<Vec<_>>().into(),
                )
            })
            .collect(),
    }
}

/// What is kept of a sensitive value.
pub(super) fn sealed(note: &SavedNote) -> Sealed {
    Sealed {
        digest: named(note.digest.clone()),
        because: because(&note.because),
        regions: note
            .regions
            .iter()
            .map(|region| region.as_str().into())
            .collect(),
    }
}
