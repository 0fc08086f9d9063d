//! The changes of a plan, one after the other: what there will be when it is applied.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::Value as Json;

use super::because::Asked;
use super::document::Document;
use super::head::Head;
use super::regions::Regions;
use crate::documents::address::module_path;
use crate::documents::evidence;
use crate::inventory::normal::{Masked, Normaliser};
use crate::inventory::{Action, Fact, Index, Instance, Mode, Move, Name, Node, Sealer};
use crate::schema;

/// One change.
#[derive(Deserialize)]
#[allow(clippy::struct_field_names, reason = "named as in the document")]
pub(super) struct Change {
    pub(super) address: String,
    #[serde(default)]
    pub(super) module_address: String,
    pub(super) mode: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) index: Json,
    #[serde(default)]
    pub(super) deposed: Option<String>,
    #[serde(default)]
    pub(super) previous_address: Option<String>,
    #[serde(default)]
    pub(super) action_reason: Option<String>,
    pub(super) change: Values,
}

#[derive(Deserialize)]
pub(super) struct Values {
    #[serde(default)]
    pub(super) actions: Vec<String>,
    #[serde(default)]
    pub(super) after: Json,
    #[serde(default)]
    pub(super) after_unknown: Json,
    #[serde(default)]
    pub(super) after_sensitive: Json,
    #[serde(default)]
    pub(super) before: Json,
    #[serde(default)]
    pub(super) before_sensitive: Json,
    #[serde(default)]
    pub(super) replace_paths: Json,
}

/// A plan while its changes are read.
pub(super) struct Reading<'a> {
    pub(super) head: &'a Head,
    regions: &'a Regions,
    accounts: &'a BTreeMap<String, String>,
    pub(super) sealer: &'a Sealer,
    instances: BTreeMap<String, Instance>,
    moved: Vec<Move>,
    pub(super) changes: Vec<crate::inventory::Change>,
    pub(super) data: Vec<(String, crate::documents::values::Shown)>,
}

/// An instance that a plan or the state in it shows.
pub(super) struct Told<'v> {
    address: String,
    pub(super) module: String,
    mode: Mode,
    ty: &'v str,
    name: &'v str,
    index: &'v Json,
    values: Masked<'v>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        head: &'a Head,
        regions: &'a Regions,
        accounts: &'a BTreeMap<String, String>,
        sealer: &'a Sealer,
    ) -> Self {
        Reading {
            head,
            regions,
            accounts,
            sealer,
            instances: BTreeMap::new(),
            moved: Vec::new(),
            changes: Vec::new(),
            data: Vec::new(),
        }
    }

    /// Reads all changes of the document.
    pub(super) fn run(&mut self, text: &[u8]) -> Result<(), serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        Document(self).deserialize(&mut reader)
    }

    /// What is done, and was done outside, by address.
    pub(super) fn changes(&mut self) -> Vec<crate::inventory::Change> {
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort_by(|a, b| (&a.address, a.outside).cmp(&(&b.address, b.outside)));
        changes
    }

    /// Addresses that changed.
    pub(super) fn moved(&mut self) -> Vec<Move> {
        std::mem::take(&mut self.moved)
    }

    /// The instances in the order of their addresses.
    pub(super) fn finish(mut self) -> Vec<Instance> {
        // Data sources that were read already are in the state before the plan only.
        for (module, shown) in std::mem::take(&mut self.data) {
            if self.instances.contains_key(&shown.address) {
                continue;
            }
            let told = Told {
                address: shown.address.clone(),
                module,
                mode: Mode::Data,
                ty: &shown.ty,
                name: &shown.name,
                index: &shown.index,
                values: Masked {
                    value: Some(&shown.values),
                    unknown: None,
                    sensitive: Some(&shown.sensitive_values),
                },
            };
            let instance = self.instance(&told);
            self.instances.insert(shown.address.clone(), instance);
        }
        self.instances.into_values().collect()
    }

    pub(super) fn change(&mut self, change: &Change) {
        let mut planned = self.planned(change, false);
        let gone = matches!(planned.action, Action::Delete | Action::Forget);
        if change.deposed.is_some() || !matches!(change.mode.as_str(), "managed" | "data") {
            // What was deposed is the rest of a replacement that failed: the instance itself stands beside it.
            return;
        }
        if gone {
            if change.mode == "managed" {
                self.changes.push(planned);
            }
            return;
        }
        if let Some(previous) = &change.previous_address {
            self.moved.push(Move {
                from: previous.as_str().into(),
                to: change.address.as_str().into(),
            });
        }
        let told = told(
            change,
            Masked {
                value: Some(&change.change.after),
                unknown: Some(&change.change.after_unknown),
                sensitive: Some(&change.change.after_sensitive),
            },
        );
        let instance = self.instance(&told);
        if instance.mode == Mode::Managed {
            planned.region = instance.region.clone();
            self.changes.push(planned);
        }
        self.instances.insert(change.address.clone(), instance);
    }

    fn instance(&self, told: &Told<'_>) -> Instance {
        let names = module_path(&told.module);
        let local = match told.mode {
            Mode::Data => format!("data.{}.{}", told.ty, told.name),
            _ => format!("{}.{}", told.ty, told.name),
        };
        let resource = self
            .head
            .configuration
            .module(&names)
            .and_then(|module| module.resource(&local));
        let asked = Asked {
            configuration: &self.head.configuration,
            module: &told.module,
            resource,
        };
        let why = |path: &crate::inventory::Path| asked.why(path);
        let normaliser = Normaliser {
            sealer: self.sealer,
            why: &why,
            absent_is_open: false,
            saved: false,
        };
        let block = match told.mode {
            Mode::Data => schema::data_source(told.ty),
            _ => schema::resource(told.ty),
        };
        let values = match &block {
            Some(block) => normaliser.block(block, told.values),
            None => untyped(&normaliser, told.values),
        };
        let key = resource.and_then(|resource| resource.provider_config_key.as_deref());
        let (region, account) = self.whereabouts(told, key, &values, resource.is_some());
        Instance {
            address: told.address.as_str().into(),
            root: None,
            module: told.module.as_str().into(),
            mode: told.mode,
            ty: told.ty.into(),
            name: told.name.into(),
            index: index(told.index),
            scope: schema::scope(told.ty),
            account,
            region,
            provider_key: key.map(Name::from),
            expansion_known: true,
            hangs_on: Vec::new(),
            in_schema: block.is_some(),
            damaged: false,
            values,
            assumed: Vec::new(),
            references: asked.references(),
            ignore_changes: Vec::new(),
            source: None,
            places: BTreeMap::new(),
        }
    }

    pub(super) fn whereabouts(
        &self,
        told: &Told<'_>,
        key: Option<&str>,
        values: &BTreeMap<Name, Node>,
        declared: bool,
    ) -> (Fact, Fact) {
        if !told.ty.starts_with("aws_") {
            return (
                Fact::unknown("not a resource of AWS"),
                Fact::unknown("not a resource of AWS"),
            );
        }
        let own = evidence::of(told.ty, values);
        let region = match (&own.region, declared) {
            (Some((region, why)), _) if *why == "its own region attribute" => known(region, why),
            (own, _) => match (self.regions.region(key), own) {
                (fact, _) if fact.value.is_some() => fact,
                (_, Some((region, why))) => known(region, why),
                (fact, None) => fact,
            },
        };
        let named = region
            .value
            .as_deref()
            .and_then(|region| self.accounts.get(region));
        let account = own
            .account
            .map(|account| known(&account, "its own values"))
            .or_else(|| {
                self.regions
                    .account(key)
                    .map(|account| known(account, "the caller identity in the plan"))
            })
            .or_else(|| {
                named
                    .or_else(|| self.accounts.get(""))
                    .map(|account| known(account, "named for its region"))
            })
            .unwrap_or_else(|| {
                Fact::unknown("no account is named in the plan: pass --account [REGION=]ID")
            });
        (region, account)
    }
}

/// What a change tells of its instance.
pub(super) fn told<'v>(change: &'v Change, values: Masked<'v>) -> Told<'v> {
    Told {
        address: change.address.clone(),
        module: change.module_address.clone(),
        mode: if change.mode == "data" {
            Mode::Data
        } else {
            Mode::Managed
        },
        ty: &change.ty,
        name: &change.name,
        index: &change.index,
        values,
    }
}

/// A fact with one reason.
pub(crate) fn known(value: &str, why: &str) -> Fact {
    Fact {
        value: Some(value.into()),
        because: vec![why.into()],
    }
}

/// The key of an instance.
pub(crate) fn index(json: &Json) -> Option<Index> {
    match json {
        Json::String(key) => Some(Index::Key(key.as_str().into())),
        Json::Number(number) => number.as_u64().map(Index::Number),
        _ => None,
    }
}

/// Values of a type that is in no schema: as they are written.
pub(crate) fn untyped(normaliser: &Normaliser<'_>, values: Masked<'_>) -> BTreeMap<Name, Node> {
    match normaliser.typed(&cty::Type::Dynamic, values, &mut Vec::new()) {
        Some(Node::Object(values)) => {
            let set = std::sync::Arc::unwrap_or_clone(values).into_iter();
            set.filter(|(_, node)| !matches!(node, Node::Null))
                .collect()
        }
        _ => BTreeMap::new(),
    }
}
