//! The configuration that a plan holds: one entry a block, expressions as constants or lists of references.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[allow(clippy::struct_field_names, reason = "named as in the document")]
pub(super) struct Configuration {
    #[serde(default)]
    pub(super) provider_config: BTreeMap<String, ProviderConfig>,
    #[serde(default)]
    pub(super) root_module: Module,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ProviderConfig {
    /// Where a module has a provider of its own.
    #[serde(default)]
    pub(super) module_address: Option<String>,
    #[serde(default)]
    pub(super) expressions: Json,
}

/// A module as it is written.
#[derive(Debug, Default, Deserialize)]
// The names of the document.
#[allow(clippy::struct_field_names)]
pub(super) struct Module {
    #[serde(default)]
    pub(super) resources: Vec<Resource>,
    #[serde(default)]
    pub(super) module_calls: BTreeMap<String, Call>,
    #[serde(default)]
    pub(super) outputs: BTreeMap<String, Output>,
    #[serde(default)]
    pub(super) variables: BTreeMap<String, Variable>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Resource {
    #[serde(default)]
    pub(super) address: String,
    #[serde(default)]
    pub(super) provider_config_key: Option<String>,
    #[serde(default)]
    pub(super) expressions: Json,
    #[serde(default)]
    pub(super) count_expression: Json,
    #[serde(default)]
    pub(super) for_each_expression: Json,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Call {
    #[serde(default)]
    pub(super) expressions: Json,
    #[serde(default)]
    pub(super) module: Box<Module>,
    #[serde(default)]
    pub(super) for_each_expression: Json,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Output {
    #[serde(default)]
    pub(super) expression: Json,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Variable {
    #[serde(default)]
    pub(super) default: Json,
}

impl Configuration {
    /// The module behind names of calls.
    pub(super) fn module(&self, path: &[String]) -> Option<&Module> {
        path.iter().try_fold(&self.root_module, |module, name| {
            Some(&*module.module_calls.get(name)?.module)
        })
    }
}

impl Module {
    /// A resource by its address within the module, without keys.
    pub(super) fn resource(&self, address: &str) -> Option<&Resource> {
        self.resources
            .iter()
            .find(|resource| resource.address == address)
    }
}

/// The references of an expression, without those that only begin others: of `var.a.b` and `var.a` the first stays.
pub(super) fn references(expression: &Json) -> Vec<&str> {
    let all: Vec<&str> = expression["references"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let begins = |short: &str, long: &str| {
        long.len() > short.len()
            && long.starts_with(short)
            && long[short.len()..].starts_with(['.', '['])
    };
    let mut kept: Vec<&str> = all
        .iter()
        .copied()
        .filter(|short| !all.iter().any(|long| begins(short, long)))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    kept
}
