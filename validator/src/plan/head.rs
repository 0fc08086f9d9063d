//! What has to be known of a plan before its changes are read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;

use super::configuration::Configuration;
use crate::documents::values::{Shown, Values};
use crate::documents::{check_version, error};
use crate::inventory::DocumentError;

/// Data sources that tell where their provider works.
const TELLING: [&str; 3] = [
    "aws_region",
    "aws_availability_zones",
    "aws_caller_identity",
];

/// The head of a plan.
#[derive(Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each tells another kind of document"
)]
pub(super) struct Head {
    pub(super) format_version: Option<String>,
    pub(super) terraform_version: Option<String>,
    pub(super) variables: BTreeMap<String, Json>,
    pub(super) configuration: Configuration,
    pub(super) complete: Option<bool>,
    pub(super) errored: Option<bool>,
    /// Data sources that were read and tell regions or accounts, with their module.
    pub(super) telling: Vec<(String, Shown)>,
    is_planned: bool,
    has_values: bool,
    has_raw_resources: bool,
    has_instances: bool,
}

#[derive(Deserialize)]
struct Variable {
    #[serde(default)]
    value: Json,
}

impl Head {
    pub(super) fn check(&self, shown: &str) -> Result<(), DocumentError> {
        if self.has_raw_resources && self.format_version.is_none() {
            let detail =
                "It is read with --state; a plan as JSON comes from terraform show -json PLAN.";
            return Err(error(shown, "this is a state, not a plan", detail));
        }
        if self.has_instances {
            let detail =
                "It is read with --inventory; a plan as JSON comes from terraform show -json PLAN.";
            return Err(error(
                shown,
                "this is a saved inventory, not a plan",
                detail,
            ));
        }
        check_version(self.format_version.as_deref(), 1, shown, "plan")?;
        if !self.is_planned {
            let summary = if self.has_values {
                "this is a state, not a plan"
            } else {
                "there are no changes in it"
            };
            let detail = "A plan as JSON has resource_changes; terraform show -json PLAN writes one. A state is read with --state.";
            return Err(error(shown, summary, detail));
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadVisitor)
    }
}

struct HeadVisitor;

impl<'de> Visitor<'de> for HeadVisitor {
    type Value = Head;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a plan as JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "format_version" => head.format_version = map.next_value()?,
                "terraform_version" => head.terraform_version = map.next_value()?,
                "complete" => head.complete = map.next_value()?,
                "errored" => head.errored = map.next_value()?,
                "configuration" => {
                    head.configuration = map.next_value::<Option<_>>()?.unwrap_or_default();
                }
                "variables" => {
                    let variables: Option<BTreeMap<String, Variable>> = map.next_value()?;
                    head.variables = variables
                        .into_iter()
                        .flatten()
                        .map(|(name, v)| (name, v.value))
                        .collect();
                }
                "prior_state" => map.next_value_seed(PriorState(&mut head.telling))?,
                other => {
                    // A root without resources has outputs and no changes.
                    head.is_planned |= matches!(other, "resource_changes" | "planned_values");
                    head.has_values |= other == "values";
                    head.has_raw_resources |= other == "resources";
                    head.has_instances |= other == "instances";
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(head)
    }
}

/// The state before the plan, of which only telling data sources are kept here.
struct PriorState<'a>(&'a mut Vec<(String, Shown)>);

impl<'de> serde::de::DeserializeSeed<'de> for PriorState<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let telling = self.0;
        super::document::prior(deserializer, &mut |module, shown| {
            if shown.mode == "data" && TELLING.contains(&shown.ty.as_str()) {
                telling.push((module.to_owned(), shown));
            }
        })
    }
}

/// `values` of a state within a plan.
pub(super) fn state_values<'de, A: MapAccess<'de>>(
    mut map: A,
    sink: &mut crate::documents::values::Sink<'_>,
) -> Result<(), A::Error> {
    while let Some(key) = map.next_key::<String>()? {
        if key == "values" {
            map.next_value_seed(Values(sink))?;
        } else {
            map.next_value::<IgnoredAny>()?;
        }
    }
    Ok(())
}
