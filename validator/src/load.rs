//! Finds, reads and merges the files of a configuration, inside of a boundary: the result is a tree of modules whose
//! expressions are not evaluated yet.

mod boundary;
mod collect;
pub mod config;
mod cycles;
mod directory;
pub mod estate;
mod initialised;
mod inputs;
mod installed;
mod lower;
mod merge;
mod modules;
mod reading;
mod terraform_block;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use boundary::Boundary;
pub(crate) use boundary::{lexical, read_file, repository};
use config::{Configuration, Name, RemoteOutputs};

use crate::diagnostic::{Diagnostic, Kind};
use crate::functions::Environment;
use crate::source::Sources;

/// Texts that stand in for what files hold, by resolved path: edits that are not written yet.
pub type Edited = Arc<BTreeMap<PathBuf, Arc<[u8]>>>;

/// What to load, and with which inputs. The library never looks at the environment of its process: what counts is here.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Directory of the root module.
    pub root: PathBuf,
    /// Directory that files may be read from; else the repository that holds the root, else the root.
    pub boundary: Option<PathBuf>,
    /// Values of variables, in the order in which they were given: later ones count.
    pub variables: Vec<GivenVariable>,
    /// The environment: `TF_VAR_*`, `TF_WORKSPACE`, `AWS_REGION`.
    pub environment: BTreeMap<String, String>,
    /// The workspace; else the one that is selected in the root's `.terraform`.
    pub workspace: Option<String>,
    /// Accounts by region; the empty region stands for all.
    pub accounts: BTreeMap<String, String>,
    /// Take `AWS_REGION` for providers that name no region.
    pub use_environment_region: bool,
    /// Availability zones by region.
    pub zones: BTreeMap<String, Vec<String>>,
    /// Outputs of other roots, by the address of the data source that reads them.
    pub remote_outputs: BTreeMap<String, RemoteOutputs>,
    /// What is read instead of what files hold.
    pub edited: Edited,
}

/// A value for a variable of the root.
#[derive(Clone, Debug)]
pub enum GivenVariable {
    /// `--var name=value`
    Text {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
    },
    /// `--var-file`: always allowed, wherever it is.
    File(PathBuf),
    /// A file relative to the root that a configuration names: it must lie inside of the boundary.
    Own(String),
}

/// A configuration that cannot be loaded at all.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct LoadError {
    /// The root as it was given.
    pub path: String,
    /// What was seen and what to do.
    pub message: String,
}

impl LoadError {
    fn new(path: &std::path::Path, message: impl Into<String>) -> Self {
        LoadError {
            path: path.display().to_string(),
            message: message.into(),
        }
    }
}

/// Loads a root module with everything that it calls.
///
/// # Errors
/// When the root is no directory, holds no configuration, or the boundary does not hold it. What is wrong with single files
/// is a diagnostic of the configuration.
pub fn load(request: &Request) -> Result<Configuration, LoadError> {
    let boundary =
        Boundary::around(&request.root, request.boundary.as_deref())?.edited(&request.edited);
    let sources = Arc::new(Sources::new());
    let mut diagnostics = Vec::new();
    let modules = modules::read(&boundary, &sources, &mut diagnostics).map_err(|error| {
        LoadError::new(
            &request.root,
            format!("the root module cannot be listed: {error}"),
        )
    })?;
    if modules.is_empty() {
        return Err(LoadError::new(
            &request.root,
            "there are no configuration files (.tf, .tf.json, .tofu); name the directory of a root module",
        ));
    }
    let inputs = inputs::read(request, &boundary, &sources, &modules[0], &mut diagnostics);
    let text = |map: &BTreeMap<String, String>| -> BTreeMap<Name, Name> {
        map.iter()
            .map(|(key, value)| (key.as_str().into(), value.as_str().into()))
            .collect()
    };
    let region = request
        .environment
        .get("AWS_REGION")
        .or_else(|| request.environment.get("AWS_DEFAULT_REGION"));
    if request.use_environment_region && region.is_none() {
        diagnostics.push(Diagnostic::warning(
            Kind::Input,
            "AWS_REGION is not set",
            "It was asked for, for providers that name no region. Set it, or name regions in the provider blocks.",
        ));
    }
    Ok(Configuration {
        initialised: initialised::read(&boundary),
        workspace: workspace(request, &boundary),
        accounts: text(&request.accounts),
        zones: request
            .zones
            .iter()
            .map(|(region, zones)| {
                (
                    region.as_str().into(),
                    zones.iter().map(|zone| zone.as_str().into()).collect(),
                )
            })
            .collect(),
        remote_outputs: request
            .remote_outputs
            .iter()
            .map(|(at, o)| (at.as_str().into(), o.clone()))
            .collect(),
        default_region: region
            .filter(|_| request.use_environment_region)
            .map(|region| region.as_str().into()),
        environment: Environment {
            files: Arc::new(boundary),
        },
        sources,
        modules,
        inputs,
        diagnostics,
    })
}

/// A root without any configuration, for expressions that need none.
///
/// # Errors
/// When the root is no directory.
pub fn empty(request: &Request) -> Result<Configuration, LoadError> {
    let boundary = Boundary::around(&request.root, request.boundary.as_deref())?;
    Ok(Configuration {
        workspace: workspace(request, &boundary),
        accounts: BTreeMap::new(),
        zones: BTreeMap::new(),
        remote_outputs: BTreeMap::new(),
        default_region: None,
        initialised: None,
        environment: Environment {
            files: Arc::new(boundary),
        },
        sources: Arc::new(Sources::new()),
        modules: vec![config::Module::empty()],
        inputs: BTreeMap::new(),
        diagnostics: Vec::new(),
    })
}

/// The workspace: as asked for, else `TF_WORKSPACE`, else the one that is selected, else `default`.
fn workspace(request: &Request, boundary: &Boundary) -> Name {
    let selected = || {
        let text = boundary.read_own(".terraform/environment")?;
        let name = String::from_utf8_lossy(&text).trim().to_owned();
        (!name.is_empty()).then_some(name)
    };
    let asked = request.workspace.clone();
    let set = || {
        request
            .environment
            .get("TF_WORKSPACE")
            .filter(|name| !name.is_empty())
            .cloned()
    };
    asked
        .or_else(set)
        .or_else(selected)
        .unwrap_or_else(|| "default".into())
        .into()
}
