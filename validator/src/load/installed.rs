//! What `terraform init` has installed, by the path of calls.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::boundary::Boundary;
use crate::diagnostic::{Diagnostic, Kind};

/// The file, relative to the root.
const MANIFEST: &str = ".terraform/modules/modules.json";

#[derive(Debug, Default, Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Installed>,
}

#[derive(Debug, Deserialize)]
struct Installed {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    directory: String,
}

/// Directories by key, as `network.subnets`; nothing where nothing was installed.
pub(super) fn read(boundary: &Boundary, told: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let Some(text) = boundary.read_own(MANIFEST) else {
        return BTreeMap::new();
    };
    match serde_json::from_slice::<Manifest>(&text) {
        Ok(manifest) => manifest
            .modules
            .into_iter()
            .map(|module| (module.key, module.directory))
            .collect(),
        Err(error) => {
            let detail = "Modules from a registry or repository cannot be found; terraform init writes the file anew.";
            told.push(Diagnostic::warning(
                Kind::Load,
                format!("{MANIFEST} cannot be read: {error}"),
                detail,
            ));
            BTreeMap::new()
        }
    }
}
