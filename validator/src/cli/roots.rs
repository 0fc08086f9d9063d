//! Which roots are asked for: one directory, an estate with its `dr.hcl`, or documents alone.

use std::path::{Path, PathBuf};

use super::CliError;
use super::arguments::SourceArguments as Arguments;
use super::inventory::{accounts, environment, request};
use crate::diagnostic::{Diagnostic, Kind};
use crate::exceptions;
use crate::load::estate::{self, Estate, EstateRequest};
use crate::load::{Edited, Request};
use crate::report::Base;
use crate::settings::{self, Settings};
use crate::sources::{Read, Wanted, WantedRoot};

/// Reads the estate and its file; what is wrong with the file is told before anything is evaluated.
pub(super) fn read(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<(Read, Settings), CliError> {
    let mut settings = settings(arguments)?;
    let mut read = super::inventory::read(arguments, used)?;
    exceptions::follow(&mut settings, &read.inventory);
    let warned: Vec<Diagnostic> = settings::met(&settings, &read.inventory)?
        .into_iter()
        .map(|problem| Diagnostic {
            location: Some(problem.location),
            ..Diagnostic::warning(Kind::Input, problem.message, "")
        })
        .collect();
    super::diagnostics::say(&warned, None, !arguments.quiet);
    read.inventory.diagnostics.extend(warned);
    Ok((read, settings))
}

/// What the estate's file says about comparing; nothing where there is none.
pub(super) fn settings(arguments: &Arguments) -> Result<Settings, CliError> {
    let Some(file) = arguments
        .path
        .as_deref()
        .map_or_else(|| estate_file(Path::new(".")), estate_file)
    else {
        return Ok(Settings::default());
    };
    let text = bytes(&file)?;
    // Places in reports are seen from the directory of the estate; errors name the file as it was found.
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    settings::read(&name, text).map_err(|mut error| {
        let shown = file.display().to_string();
        let shown = shown.strip_prefix("./").unwrap_or(&shown);
        for problem in &mut error.problems {
            problem.location.file = shown.into();
        }
        error.into()
    })
}

fn bytes(file: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(file).map_err(|error| CliError::File {
        path: file.display().to_string(),
        error,
    })
}

/// The text of a file; none where there is no file.
pub(super) fn text(file: &Path) -> Result<String, CliError> {
    if !file.exists() {
        return Ok(String::new());
    }
    String::from_utf8(bytes(file)?)
        .map_err(|_| CliError::Usage(format!("{}: the file is not UTF-8", file.display())))
}

/// The file that describes an estate.
pub(super) const ESTATE: &str = "dr.hcl";

/// What the command line asks for.
pub(super) fn wanted(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
    progress: &dyn Fn(String),
) -> Result<Wanted, CliError> {
    edited(arguments, used, &Edited::default(), progress)
}

/// The same with texts that stand in for those of files.
pub(super) fn edited(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
    edited: &Edited,
    progress: &dyn Fn(String),
) -> Result<Wanted, CliError> {
    let documents = !(arguments.plans.is_empty()
        && arguments.states.is_empty()
        && arguments.inventories.is_empty());
    let path = match (&arguments.path, documents) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => Some(PathBuf::from(".")),
    };
    let mut wanted = Wanted {
        accounts: accounts(&arguments.inputs.accounts)?,
        roots: Vec::new(),
    };
    match path.as_deref().and_then(estate_file) {
        Some(file) => estate_roots(&file, arguments, used, edited, progress, &mut wanted)?,
        None => wanted.roots.push(WantedRoot {
            request: path
                .map(|path| request(&path, &arguments.inputs, used))
                .transpose()?
                .map(|request| Request {
                    edited: edited.clone(),
                    ..request
                }),
            ..WantedRoot::default()
        }),
    }
    add_documents(&mut wanted, arguments)?;
    Ok(wanted)
}

/// The estate's file: named itself, or in the directory that is named.
pub(super) fn estate_file(path: &Path) -> Option<PathBuf> {
    if path.is_file() && path.extension().is_some_and(|extension| extension == "hcl") {
        return Some(path.to_path_buf());
    }
    let inside = path.join(ESTATE);
    inside.is_file().then_some(inside)
}

/// Where files are, from the top of the repository, or from here without one. What lies elsewhere is named from its root.
pub(super) fn base(arguments: &Arguments) -> Base {
    let given = arguments.path.as_deref().unwrap_or(Path::new("."));
    let given = if given.is_file() {
        given.parent().filter(|parent| *parent != Path::new(""))
    } else {
        Some(given)
    };
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let (Ok(here), Ok(directory)) = (here, given.unwrap_or(Path::new(".")).canonicalize()) else {
        return Base::default();
    };
    let top = crate::load::repository(&directory).unwrap_or_else(|| here.clone());
    let inside = |path: &Path| {
        let rest = path.strip_prefix(&top).ok();
        rest.map(|rest| rest.to_string_lossy().replace('\\', "/"))
            .unwrap_or_default()
    };
    Base {
        directory: inside(&directory),
        here: inside(&here),
    }
}

fn estate_roots(
    file: &Path,
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
    edited: &Edited,
    progress: &dyn Fn(String),
    wanted: &mut Wanted,
) -> Result<(), CliError> {
    progress(format!("reading {}", file.display()));
    let inputs = &arguments.inputs;
    let loaded = estate::load(&EstateRequest {
        file: file.to_path_buf(),
        boundary: inputs.boundary.clone(),
        environment: environment(),
        accounts: wanted.accounts.clone(),
        use_environment_region: inputs.use_aws_region,
        edited: edited.clone(),
    })?;
    if edited.is_empty() {
        super::diagnostics::say(&loaded.diagnostics, Some(&loaded.sources), !arguments.quiet);
    }
    wanted.accounts.clone_from(&loaded.accounts);
    if loaded.roots.is_empty() {
        // It names accounts or zones; the directory itself is the root.
        let directory = file.parent().unwrap_or(Path::new("."));
        let directory = if directory.as_os_str().is_empty() {
            Path::new(".")
        } else {
            directory
        };
        let alone = Request {
            accounts: loaded.accounts,
            zones: loaded.zones,
            edited: edited.clone(),
            ..request(directory, inputs, used)?
        };
        wanted.roots.push(WantedRoot {
            request: Some(alone),
            ..WantedRoot::default()
        });
        return Ok(());
    }
    if !(inputs.variables.is_empty()
        && inputs.variable_files.is_empty()
        && inputs.workspace.is_none())
    {
        return Err(CliError::Usage(format!(
            "--var, --var-file and --workspace belong to one root; {} has {}: set var_files and workspace there",
            file.display(),
            loaded.roots.len()
        )));
    }
    wanted.roots.extend(roots(loaded, file));
    Ok(())
}

fn roots(loaded: Estate, file: &Path) -> Vec<WantedRoot> {
    let base = file.parent().unwrap_or(Path::new("."));
    let made = loaded.roots.into_iter().map(|root| {
        let directory = root
            .request
            .root
            .strip_prefix(base)
            .unwrap_or(&root.request.root);
        WantedRoot {
            name: Some(root.name),
            directory: Some(directory.to_string_lossy().replace('\\', "/")),
            request: root.configuration.is_some().then_some(root.request),
            configuration: root.configuration,
            plans: root.plan.into_iter().collect(),
            states: root.state.into_iter().collect(),
            inventories: root.inventory.into_iter().collect(),
        }
    });
    made.collect()
}

/// Documents of the command line go to their root: `ROOT=FILE`, or the only one.
fn add_documents(wanted: &mut Wanted, arguments: &Arguments) -> Result<(), CliError> {
    for (kind, paths) in [
        ("--plan", &arguments.plans),
        ("--state", &arguments.states),
        ("--inventory", &arguments.inventories),
    ] {
        for path in paths {
            let (root, file) = root_of(wanted, path, kind)?;
            let list = match kind {
                "--plan" => &mut root.plans,
                "--state" => &mut root.states,
                _ => &mut root.inventories,
            };
            list.push(file);
        }
    }
    Ok(())
}

fn root_of<'w>(
    wanted: &'w mut Wanted,
    path: &Path,
    kind: &str,
) -> Result<(&'w mut WantedRoot, PathBuf), CliError> {
    let text = path.to_string_lossy();
    let named = text.split_once('=').and_then(|(name, file)| {
        let at = wanted
            .roots
            .iter()
            .position(|root| root.name.as_deref() == Some(name))?;
        Some((at, PathBuf::from(file)))
    });
    let several = wanted.roots.len() > 1;
    match named {
        Some((at, file)) => Ok((&mut wanted.roots[at], file)),
        None if several => {
            let names: Vec<&str> = wanted
                .roots
                .iter()
                .filter_map(|root| root.name.as_deref())
                .collect();
            let names = names.join(", ");
            Err(CliError::Usage(format!(
                "{kind} {text}: expected ROOT=FILE with a root of the estate: {names}"
            )))
        }
        None => match wanted.roots.first_mut() {
            Some(root) => Ok((root, path.to_path_buf())),
            None => Err(CliError::Usage("there is no root".into())),
        },
    }
}
