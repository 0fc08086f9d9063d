//! Changes of plans, what is out of date, and where the state is kept, in the JSON form. Left out where there are none.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::graft;
use super::read::{self, SavedLocation, SavedNote};
use super::write::{self, Beside};
use crate::inventory::{
    Action, Change, Fact, Name, Node, Parting, Scope, Stale, StateStore, Unknown,
};
use crate::symbol::PathStep;

#[derive(Deserialize)]
pub(super) struct SavedChange {
    address: String,
    root: Option<String>,
    #[serde(rename = "type")]
    ty: String,
    #[serde(default)]
    scope: String,
    region: Option<String>,
    #[serde(default)]
    region_because: Vec<String>,
    action: String,
    reason: Option<String>,
    #[serde(default)]
    replace: Vec<Vec<Json>>,
    #[serde(default)]
    before: SavedValues,
    #[serde(default)]
    after: SavedValues,
    #[serde(default)]
    outside: bool,
}

#[derive(Default, Deserialize)]
struct SavedValues {
    #[serde(default)]
    values: Json,
    #[serde(default)]
    unknown: Vec<SavedNote>,
    #[serde(default)]
    sensitive: Vec<SavedNote>,
}

#[derive(Deserialize)]
pub(super) struct SavedStale {
    address: String,
    root: Option<String>,
    region: Option<String>,
    #[serde(default)]
    region_because: Vec<String>,
    plan: String,
    parting: String,
    #[serde(default)]
    paths: Vec<Vec<Json>>,
    written: Option<String>,
    source: Option<SavedLocation>,
}

#[derive(Deserialize)]
pub(super) struct SavedStore {
    root: Option<String>,
    kind: String,
    name: Option<String>,
    region: Option<String>,
    #[serde(default)]
    region_because: Vec<String>,
    source: Option<SavedLocation>,
}

fn named(text: Option<String>) -> Option<Name> {
    text.map(Name::from)
}

fn fact(value: Option<String>, because: Vec<String>) -> Fact {
    Fact {
        value: named(value),
        because: because.into_iter().map(Name::from).collect(),
    }
}

impl SavedValues {
    fn read(&self, ty: &str) -> BTreeMap<Name, Node> {
        let schema = crate::schema::resource(ty);
        let mut values = read::nodes(&self.values, schema.as_deref());
        for note in &self.unknown {
            let unknown = Unknown {
                because: read::because(&note.because),
                symbol: None,
            };
            let at = read::path(&note.path);
            graft::put(&mut values, &at, Node::Unknown(Arc::new(unknown)));
        }
        for note in &self.sensitive {
            let at = read::path(&note.path);
            graft::put(
                &mut values,
                &at,
                Node::Sensitive(Arc::new(read::sealed(note))),
            );
        }
        values
    }
}

impl SavedChange {
    pub(super) fn read(self) -> Change {
        Change {
            before: self.before.read(&self.ty),
            after: self.after.read(&self.ty),
            address: self.address.into(),
            root: named(self.root),
            ty: self.ty.into(),
            scope: if self.scope == "global" {
                Scope::Global
            } else {
                Scope::Regional
            },
            region: fact(self.region, self.region_because),
            action: Action::of(&self.action),
            reason: named(self.reason),
            replace: self.replace.iter().map(|path| read::path(path)).collect(),
            outside: self.outside,
        }
    }
}

impl SavedStale {
    /// What a newer version calls otherwise is left out.
    pub(super) fn read(self) -> Option<Stale> {
        Some(Stale {
            parting: Parting::of(&self.parting)?,
            address: self.address.into(),
            root: named(self.root),
            region: fact(self.region, self.region_because),
            plan: self.plan.into(),
            paths: self.paths.iter().map(|path| read::path(path)).collect(),
            written: named(self.written),
            source: self.source.map(read::location),
        })
    }
}

impl SavedStore {
    pub(super) fn read(self) -> StateStore {
        StateStore {
            root: named(self.root),
            kind: self.kind.into(),
            name: named(self.name),
            region: fact(self.region, self.region_because),
            source: self.source.map(read::location),
        }
    }
}

/// Values with what stands beside them; nothing where there are none.
fn values(nodes: &BTreeMap<Name, Node>) -> Option<Json> {
    if nodes.is_empty() {
        return None;
    }
    let mut beside = Beside::default();
    let mut values = Map::new();
    for (name, node) in nodes {
        let mut at = vec![PathStep::Name(name.clone())];
        if let Some(json) = write::value(node, &mut at, &mut beside) {
            values.insert(name.to_string(), json);
        }
    }
    let mut json = json!({ "values": values });
    if !beside.unknown.is_empty() {
        json["unknown"] = beside.unknown.into();
    }
    if !beside.sensitive.is_empty() {
        json["sensitive"] = beside.sensitive.into();
    }
    Some(json)
}

pub(super) fn change(change: &Change) -> Json {
    let (region, region_because) = write::fact(&change.region);
    let mut json = json!({
        "address": *change.address,
        "type": *change.ty,
        "scope": write::scope(change.scope),
        "region": region,
        "region_because": region_because,
        "action": change.action.word(),
    });
    if let Some(root) = &change.root {
        json["root"] = (**root).into();
    }
    if let Some(reason) = &change.reason {
        json["reason"] = (**reason).into();
    }
    if !change.replace.is_empty() {
        json["replace"] = change.replace.iter().map(write::path).collect();
    }
    for (name, nodes) in [("before", &change.before), ("after", &change.after)] {
        if let Some(values) = values(nodes) {
            json[name] = values;
        }
    }
    if change.outside {
        json["outside"] = true.into();
    }
    json
}

pub(super) fn stale(stale: &Stale) -> Json {
    let (region, region_because) = write::fact(&stale.region);
    json!({
        "address": *stale.address,
        "root": stale.root.as_deref(),
        "region": region,
        "region_because": region_because,
        "plan": *stale.plan,
        "parting": stale.parting.word(),
        "paths": stale.paths.iter().map(write::path).collect::<Vec<_>>(),
        "written": stale.written.as_deref(),
        "source": stale.source.as_ref().map(write::location),
    })
}

pub(super) fn store(store: &StateStore) -> Json {
    let (region, region_because) = write::fact(&store.region);
    json!({
        "root": store.root.as_deref(),
        "kind": *store.kind,
        "name": store.name.as_deref(),
        "region": region,
        "region_because": region_because,
        "source": store.source.as_ref().map(write::location),
    })
}
