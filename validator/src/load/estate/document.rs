//! `dr.hcl` as data: what is read of it now. Blocks that belong to comparing regions are let through.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Names at the top that have a meaning.
pub(super) const KNOWN: [&str; 10] = [
    "accept", "estate", "pair", "relation", "root", "rule", "single", "tier", "use", "zones",
];

/// The whole file.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) estate: Labelled<EstateBlock>,
    #[serde(default)]
    pub(super) root: Labelled<RootBlock>,
    #[serde(default)]
    pub(super) zones: BTreeMap<String, Vec<String>>,
}

/// `estate "name" { … }`. Strategy and the like are read by whoever compares.
#[derive(Debug, Default, Deserialize)]
pub(super) struct EstateBlock {
    #[serde(default)]
    pub(super) accounts: BTreeMap<String, String>,
}

/// `root "name" { … }`. All fields are optional here, so that every refusal is about one argument and has its place.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RootBlock {
    pub(super) path: Option<String>,
    #[serde(default)]
    pub(super) var_files: Vec<String>,
    pub(super) workspace: Option<String>,
    #[serde(default)]
    pub(super) outputs_of: BTreeMap<String, String>,
    pub(super) plan: Option<String>,
    pub(super) state: Option<String>,
    pub(super) inventory: Option<String>,
    /// Read by whoever compares.
    #[allow(dead_code, reason = "named so that it is no unknown field")]
    backend_region: Option<String>,
}

/// Blocks with one label, in the order of the file.
#[derive(Debug)]
pub(super) struct Labelled<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Labelled<T> {
    fn default() -> Self {
        Labelled(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Labelled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Blocks<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Blocks<T> {
            type Value = Labelled<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("blocks with one label, each label once")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut blocks = Vec::new();
                while let Some(block) = map.next_entry()? {
                    blocks.push(block);
                }
                Ok(Labelled(blocks))
            }
        }
        deserializer.deserialize_map(Blocks(PhantomData))
    }
}
