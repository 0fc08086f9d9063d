//! Writes inventories.

use std::io;

use serde_json::{Map, Value as Json, json};

use super::{changes, notes};
use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::inventory::{
    Fact, Index, Instance, Inventory, Link, Mode, Name, Node, Path, Scope, SourceInfo, SourceKind,
    Unknown, Unmade,
};
use crate::source::Location;
use crate::symbol::{self, PathStep};

/// Writes an inventory; what is sensitive appears as digests only.
///
/// # Errors
/// When the output cannot be written.
pub fn write(inventory: &Inventory, out: &mut impl io::Write) -> io::Result<()> {
    let list = |out: &mut dyn io::Write, items: &mut dyn Iterator<Item = Json>| -> io::Result<()> {
        let mut first = true;
        for item in items {
            out.write_all(if first { b"\n    " } else { b",\n    " })?;
            serde_json::to_writer(&mut *out, &item)?;
            first = false;
        }
        if !first {
            out.write_all(b"\n  ")?;
        }
        Ok(())
    };
    write!(
        out,
        "{{\n  \"format_version\": \"{}\",\n  \"sources\": [",
        super::FORMAT_VERSION
    )?;
    list(out, &mut inventory.sources.iter().map(source))?;
    out.write_all(b"],\n  \"diagnostics\": [")?;
    list(out, &mut inventory.diagnostics.iter().map(diagnostic))?;
    out.write_all(b"],\n  \"instances\": [")?;
    list(out, &mut inventory.instances.iter().map(instance))?;
    let beside: [(&str, &mut dyn Iterator<Item = Json>); 7] = [
        ("moved", &mut inventory.moved.iter().map(notes::moved)),
        (
            "comments",
            &mut inventory.comments.iter().map(notes::comment),
        ),
        (
            "changes",
            &mut inventory.changes.iter().map(changes::change),
        ),
        ("stale", &mut inventory.stale.iter().map(changes::stale)),
        ("stores", &mut inventory.stores.iter().map(changes::store)),
        ("unread", &mut inventory.unread.iter().map(notes::unread)),
        ("unmade", &mut inventory.unmade.iter().map(unmade)),
    ];
    for (name, items) in beside {
        let mut items = items.peekable();
        if items.peek().is_some() {
            write!(out, "],\n  \"{name}\": [")?;
            list(out, &mut items)?;
        }
    }
    out.write_all(b"]\n}\n")
}

pub(super) fn kind_of_source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Configuration => "configuration",
        SourceKind::Plan => "plan",
        SourceKind::State => "state",
        SourceKind::Inventory => "inventory",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Syntax => "syntax",
        Kind::Load => "load",
        Kind::Evaluation => "evaluation",
        Kind::Document => "document",
        Kind::Input => "input",
    }
}

fn source(source: &SourceInfo) -> Json {
    json!({
        "kind": kind_of_source(source.kind),
        "path": *source.path,
        "root": source.root.as_deref(),
        "terraform_version": source.terraform_version.as_deref(),
        "complete": source.complete,
        "files": source.files,
        "broken_files": source.broken_files,
    })
}

fn diagnostic(told: &Diagnostic) -> Json {
    json!({
        "severity": severity(told.severity),
        "kind": kind(told.kind),
        "summary": told.summary,
        "detail": told.detail,
        "address": told.address.as_deref(),
        "location": told.location.as_ref().map(location),
    })
}

pub(super) fn location(location: &Location) -> Json {
    json!({ "file": *location.file, "line": location.line, "column": location.column })
}

pub(super) fn path(path: &Path) -> Json {
    let step = |step: &PathStep| match step {
        PathStep::Name(name) => Json::String(name.to_string()),
        PathStep::Index(at) => Json::from(*at),
    };
    path.iter().map(step).collect()
}

fn names(names: &[Name]) -> Json {
    names
        .iter()
        .map(|name| Json::String(name.to_string()))
        .collect()
}

pub(super) fn fact(fact: &Fact) -> (Json, Json) {
    (
        fact.value
            .as_deref()
            .map_or(Json::Null, |value| Json::String(value.into())),
        names(&fact.because),
    )
}

/// What stands beside the values.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) unknown: Vec<Json>,
    pub(super) sensitive: Vec<Json>,
}

fn link(link: &Link) -> Json {
    let mut json = location(&link.location);
    json["what"] = Json::String(link.what.to_string());
    for (name, number) in [("depth", u32::from(link.depth)), ("like", link.like)] {
        if number > 0 {
            json[name] = Json::from(number);
        }
    }
    json
}

fn unmade(unmade: &Unmade) -> Json {
    json!({
        "address": *unmade.address,
        "root": unmade.root.as_deref(),
        "places": unmade.links.iter().map(link).collect::<Vec<_>>(),
    })
}

fn instance(instance: &Instance) -> Json {
    let mut beside = Beside::default();
    let mut values = Map::new();
    for (name, node) in &instance.values {
        let mut at = vec![PathStep::Name(name.clone())];
        if let Some(json) = value(node, &mut at, &mut beside) {
            values.insert(name.to_string(), json);
        }
    }
    let (account, account_because) = fact(&instance.account);
    let (region, region_because) = fact(&instance.region);
    let places: Map<String, Json> = instance
        .places
        .iter()
        .map(|(name, links)| (name.to_string(), links.iter().map(link).collect()))
        .collect();
    let references: Vec<Json> = instance
        .references
        .iter()
        .map(|reference| {
            json!({ "path": path(&reference.path), "to": *reference.to, "to_path": path(&reference.to_path) })
        })
        .collect();
    let assumed: Vec<Json> = instance
        .assumed
        .iter()
        .map(|assumed| json!({ "path": path(&assumed.path), "because": *assumed.because }))
        .collect();
    let mut json = json!({
        "address": *instance.address,
        "root": instance.root.as_deref(),
        "module": *instance.module,
        "type": *instance.ty,
        "name": *instance.name,
        "index": index(instance.index.as_ref()),
        "mode": match instance.mode { Mode::Data => "data", Mode::Managed | Mode::Ephemeral => "managed" },
        "scope": scope(instance.scope),
        "account": account,
        "account_because": account_because,
        "region": region,
        "region_because": region_because,
        "provider_key": instance.provider_key.as_deref(),
        "expansion": if instance.expansion_known { "known" } else { "unknown" },
        "in_schema": instance.in_schema,
        "damaged": instance.damaged,
        "values": values,
        "unknown": beside.unknown,
        "sensitive": beside.sensitive,
        "assumed": assumed,
        "references": references,
        "ignore_changes": names(&instance.ignore_changes),
        "source": instance.source.as_ref().map(location),
        "places": places,
    });
    if !instance.hangs_on.is_empty() {
        let reasons = instance.hangs_on.iter().map(|unknown| reason(unknown));
        json["expansion_because"] = reasons.collect();
    }
    json
}

pub(super) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Regional => "regional",
        Scope::Global => "global",
    }
}

fn index(index: Option<&Index>) -> Json {
    match index {
        None => Json::Null,
        Some(Index::Number(number)) => Json::from(*number),
        Some(Index::Key(key)) => Json::String(key.to_string()),
        Some(Index::Any) => Json::String("*".into()),
    }
}

fn reason(unknown: &Unknown) -> Json {
    let mut json = json!({ "because": names(&unknown.because) });
    if let Some(symbol) = &unknown.symbol {
        json["symbol"] = Json::String(symbol::text(symbol));
    }
    json
}

/// The known part of a node; what is unknown or hidden is written beside, and `None` here.
pub(super) fn value(node: &Node, at: &mut Path, beside: &mut Beside) -> Option<Json> {
    match node {
        Node::Null => Some(Json::Null),
        Node::Bool(truth) => Some(Json::Bool(*truth)),
        Node::Number(number) => {
            let text = number.to_string();
            // All digits stay; an infinity has no JSON of its own.
            Some(serde_json::from_str(&text).unwrap_or(Json::String(text)))
        }
        Node::String(text) => Some(Json::String(text.to_string())),
        Node::List(nodes) | Node::Set(nodes) => {
            let mut list = Vec::with_capacity(nodes.len());
            for (position, node) in nodes.iter().enumerate() {
                at.push(PathStep::Index(u64::try_from(position).unwrap_or(u64::MAX)));
                list.push(value(node, at, beside).unwrap_or(Json::Null));
                at.pop();
            }
            Some(Json::Array(list))
        }
        Node::Map(nodes) | Node::Object(nodes) => {
            let mut object = Map::new();
            for (name, node) in nodes.iter() {
                at.push(PathStep::Name(name.clone()));
                if let Some(json) = value(node, at, beside) {
                    object.insert(name.to_string(), json);
                }
                at.pop();
            }
            Some(Json::Object(object))
        }
        Node::Unknown(unknown) => {
            let mut json = reason(unknown);
            json["path"] = path(at);
            beside.unknown.push(json);
            None
        }
        Node::Sensitive(sealed) => {
            let mut json = json!({ "path": path(at), "digest": sealed.digest.as_deref() });
            if !sealed.because.is_empty() {
                json["because"] = names(&sealed.because);
            }
            if !sealed.regions.is_empty() {
                json["regions"] = names(&sealed.regions);
            }
            beside.sensitive.push(json);
            None
        }
    }
}
