//! Where a root keeps its state and where it reads the states of others, as plain settings that can be compared.

use std::collections::BTreeMap;
use std::path::Path;

use cty::Value;

use super::super::boundary::lexical;
use super::super::config::{Configuration, Mode, Module, ModuleId, Resource, Target};
use super::super::reading;
use crate::source::{Place, SourceFile};
use crate::syntax::ast::ExprId;
use crate::world::World;

/// Calls that are followed in search of data sources.
const MOST_CALLS: usize = 5_000;

/// Data sources that are linked.
const MOST_READERS: usize = 10_000;

/// Settings by name, those of an inner block behind a dot: `bucket`, `workspaces.name`.
pub(super) type Settings = BTreeMap<String, String>;

/// A data source that reads a state.
#[derive(Debug)]
pub(super) struct Reader {
    /// Its address without keys.
    pub(super) address: String,
    pub(super) place: Place,
    /// What it reads; nothing where it cannot be told.
    pub(super) reads: Option<Stored>,
}

/// A place where a state is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stored {
    backend: String,
    settings: Settings,
    workspace: String,
}

/// The settings that tell states of one backend apart. The first is needed, the others count as empty where they are not
/// set.
fn identity(backend: &str) -> &'static [&'static str] {
    match backend {
        "s3" => &["key", "bucket"],
        "gcs" => &["bucket", "prefix"],
        "azurerm" => &["key", "container_name", "storage_account_name"],
        "local" => &["path"],
        "remote" => &["workspaces.name", "organization", "hostname"],
        "http" => &["address"],
        "consul" => &["path", "address"],
        "oss" | "cos" => &["bucket", "prefix", "key"],
        "kubernetes" => &["secret_suffix", "namespace"],
        _ => &[],
    }
}

/// Where a root keeps its state; `None` where it cannot be told.
pub(super) fn stored(configuration: &Configuration, root: &Path) -> Option<Stored> {
    let Some(backend) = &configuration.root().backend else {
        return stored_as("local", Settings::new(), &configuration.workspace, root);
    };
    let mut settings = Settings::new();
    let text = |place: &super::super::config::Argument| {
        let file = configuration.sources.get(place.value.file);
        reading::text(&file.ast, place.value.id).map(str::to_owned)
    };
    for (name, argument) in &backend.content.arguments {
        settings.extend(text(argument).map(|text| (name.to_string(), text)));
        let file = configuration.sources.get(argument.value.file);
        literal(&file, argument.value.id, &format!("{name}."), &mut settings);
    }
    for nested in &backend.content.blocks {
        let file = configuration.sources.get(nested.file);
        let inner = reading::content(&file, nested.block.body, false);
        let found = inner.arguments.iter().filter_map(|(name, argument)| {
            Some((format!("{}.{name}", nested.ty), text(argument)?))
        });
        settings.extend(found);
    }
    let backend = if &*backend.ty == "cloud" {
        "remote"
    } else {
        &*backend.ty
    };
    stored_as(backend, settings, &configuration.workspace, root)
}

fn stored_as(
    backend: &str,
    mut settings: Settings,
    workspace: &str,
    root: &Path,
) -> Option<Stored> {
    let names = identity(backend);
    if backend == "local" {
        let path = settings.remove("path").unwrap_or_else(|| match workspace {
            "default" => "terraform.tfstate".into(),
            workspace => format!("terraform.tfstate.d/{workspace}/terraform.tfstate"),
        });
        settings.insert(
            "path".into(),
            lexical(&root.join(path)).to_string_lossy().into_owned(),
        );
    }
    settings.retain(|name, value| names.contains(&&**name) && !value.is_empty());
    settings.contains_key(*names.first()?).then(|| Stored {
        backend: backend.into(),
        settings,
        // There each workspace has a name of its own, and none of those that are kept on this machine.
        workspace: if backend == "remote" || backend == "local" {
            String::new()
        } else {
            workspace.into()
        },
    })
}

/// Text in an object that is written out.
fn literal(file: &SourceFile, id: ExprId, prefix: &str, settings: &mut Settings) {
    let text = |id| reading::text(&file.ast, id);
    let found = reading::elements(&file.ast, id)
        .into_iter()
        .flat_map(|object| reading::pairs(&file.ast, object));
    settings.extend(found.filter_map(|(key, value)| {
        Some((format!("{prefix}{}", text(key)?), text(value)?.to_owned()))
    }));
}

/// The data sources of all modules that read states.
pub(super) fn readers(configuration: &Configuration, root: &Path) -> Vec<Reader> {
    let world = World::new(configuration);
    let mut found = Vec::new();
    let mut waiting = vec![(ModuleId(0), String::new())];
    let mut calls = 0;
    while let Some((id, prefix)) = waiting.pop() {
        let module = configuration.module(id);
        let evaluating = (id == ModuleId(0)).then_some(&world);
        if found.len() > MOST_READERS {
            break;
        }
        found.extend(of_module(configuration, module, &prefix, root, evaluating));
        for (name, call) in &module.calls {
            calls += 1;
            if let Target::Module(below) = call.target
                && calls <= MOST_CALLS
            {
                waiting.push((below, format!("{prefix}module.{name}.")));
            }
        }
    }
    found.sort_by(|a, b| a.address.cmp(&b.address));
    found
}

fn of_module(
    configuration: &Configuration,
    module: &Module,
    prefix: &str,
    root: &Path,
    world: Option<&World<'_>>,
) -> Vec<Reader> {
    let states = module
        .resources
        .iter()
        .filter(|(key, _)| key.mode == Mode::Data && &*key.ty == "terraform_remote_state");
    let reader = |(key, resource): (&super::super::config::ResourceKey, &Resource)| Reader {
        address: format!("{prefix}data.terraform_remote_state.{}", key.name),
        place: resource.place,
        reads: read(configuration, resource, root, world),
    };
    states.map(reader).collect()
}

/// What a data source reads. In the root module settings may be expressions, elsewhere they depend on the call.
fn read(
    configuration: &Configuration,
    resource: &Resource,
    root: &Path,
    world: Option<&World<'_>>,
) -> Option<Stored> {
    let value = |name: &str| {
        let argument = resource.content.arguments.get(name)?;
        let file = configuration.sources.get(argument.value.file);
        let value = world.and_then(|world| world.evaluate_in_root(&file, argument.value.id).ok());
        Some((file, argument.value.id, value))
    };
    let text = |name: &str| {
        let (file, id, value) = value(name)?;
        let known = value.and_then(|value| value.unmark().0.as_str().map(str::to_owned));
        known.or_else(|| reading::text(&file.ast, id).map(str::to_owned))
    };
    let mut settings = Settings::new();
    if let Some((file, id, value)) = value("config") {
        if let Some(value) = value {
            evaluated(&value, "", &mut settings);
        } else {
            literal(&file, id, "", &mut settings);
            for (key, inner) in reading::pairs(&file.ast, id) {
                if let Some(key) = reading::text(&file.ast, key) {
                    literal(&file, inner, &format!("{key}."), &mut settings);
                }
            }
        }
    }
    let workspace = if resource.content.arguments.contains_key("workspace") {
        text("workspace")?
    } else {
        "default".into()
    };
    stored_as(&text("backend")?, settings, &workspace, root)
}

/// Text of an object, and of objects in it.
fn evaluated(value: &Value, prefix: &str, settings: &mut Settings) {
    let value = value.clone().unmark().0;
    for (name, value) in value.entries().into_iter().flatten() {
        let inner = value.clone().unmark().0;
        if let Some(text) = inner.as_str() {
            settings.insert(format!("{prefix}{name}"), text.to_owned());
        } else if prefix.is_empty() {
            evaluated(&inner, &format!("{name}."), settings);
        }
    }
}
