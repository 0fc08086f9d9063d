//! The changes of a plan, one after the other: what there will be when it is applied.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::because::Asked;
use super::head::{Head, state_values};
use super::regions::Regions;
use crate::documents::address::module_path;
use crate::documents::evidence;
use crate::documents::values::Sink;
use crate::inventory::normal::{Masked, Normaliser};
use crate::inventory::{Fact, Index, Instance, Mode, Move, Name, Node, Sealer};
use crate::schema;

/// One change.
#[derive(Deserialize)]
#[allow(clippy::struct_field_names, reason = "named as in the document")]
struct Change {
    address: String,
    #[serde(default)]
    module_address: String,
    mode: String,
    #[serde(rename = "type")]
    ty: String,
    name: String,
    #[serde(default)]
    index: Json,
    #[serde(default)]
    deposed: Option<String>,
    #[serde(default)]
    previous_address: Option<String>,
    change: Values,
}

#[derive(Deserialize)]
struct Values {
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    after: Json,
    #[serde(default)]
    after_unknown: Json,
    #[serde(default)]
    after_sensitive: Json,
}

/// A plan while its changes are read.
pub(super) struct Reading<'a> {
    head: &'a Head,
    regions: &'a Regions,
    accounts: &'a BTreeMap<String, String>,
    sealer: &'a Sealer,
    instances: BTreeMap<String, Instance>,
    moved: Vec<Move>,
    data: Vec<(String, crate::documents::values::Shown)>,
}

/// An instance that a plan or the state in it shows.
struct Told<'v> {
    address: String,
    module: String,
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
            data: Vec::new(),
        }
    }

    /// Reads all changes of the document.
    pub(super) fn run(&mut self, text: &[u8]) -> Result<(), serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        Document(self).deserialize(&mut reader)
    }

    /// The instances in the order of their addresses.
    /// Addresses that changed.
    pub(super) fn moved(&mut self) -> Vec<Move> {
        std::mem::take(&mut self.moved)
    }

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

    fn change(&mut self, change: &Change) {
        let gone = matches!(change.change.actions.as_slice(), [only] if only == "delete" || only == "forget");
        if gone || change.deposed.is_some() || !matches!(change.mode.as_str(), "managed" | "data") {
            return;
        }
        if let Some(previous) = &change.previous_address {
            self.moved.push(Move {
                from: previous.as_str().into(),
                to: change.address.as_str().into(),
            });
        }
        let told = Told {
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
            values: Masked {
                value: Some(&change.change.after),
                unknown: Some(&change.change.after_unknown),
                sensitive: Some(&change.change.after_sensitive),
            },
        };
        let instance = self.instance(&told);
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

    fn whereabouts(
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

/// Reads resources of the state before a plan.
pub(super) fn prior<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    sink: &mut Sink<'_>,
) -> Result<(), D::Error> {
    struct Prior<'s, 'x>(&'s mut Sink<'x>);
    impl<'de> Visitor<'de> for Prior<'_, '_> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a state")
        }
        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
            state_values(map, self.0)
        }
    }
    deserializer.deserialize_any(Prior(sink))
}

/// The document: changes, and data sources of the state before.
struct Document<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan as JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "resource_changes" => map.next_value_seed(Changes(self.0))?,
                "prior_state" => map.next_value_seed(Data(self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

struct Data<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Data<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let data = &mut self.0.data;
        prior(deserializer, &mut |module, shown| {
            if shown.mode == "data" {
                data.push((module.to_owned(), shown));
            }
        })
    }
}

struct Changes<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Changes<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Changes<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of changes")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(change) = seq.next_element::<Change>()? {
            self.0.change(&change);
        }
        Ok(())
    }
}
