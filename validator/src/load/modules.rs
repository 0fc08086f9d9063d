//! The tree of modules: from the root along its calls, each directory read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;

use super::boundary::{Boundary, lexical, read_file};
use super::collect::Blocks;
use super::config::{Module, ModuleId, Name, Target};
use super::directory::{self, File, Form};
use super::lower::Lowering;
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::Sources;
use crate::syntax::{self, ast::Ast};

/// Directories that one root may lead to.
const MOST_DIRECTORIES: usize = 5_000;
/// Stack of the threads that parse: nesting of 512 levels, not optimised.
const STACK: usize = 16 * 1024 * 1024;

/// What `terraform init` has installed.
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

/// A tree of modules while it is read.
struct Tree<'a> {
    boundary: &'a Boundary,
    sources: &'a Sources,
    told: &'a mut Vec<Diagnostic>,
    installed: BTreeMap<String, String>,
    modules: Vec<Module>,
    /// Modules by their resolved directory.
    known: BTreeMap<PathBuf, ModuleId>,
    /// Modules whose calls are not followed yet, with the path of calls that led there.
    waiting: Vec<(ModuleId, String)>,
}

/// All modules, the root first; nothing where the root holds no configuration.
pub(super) fn read(boundary: &Boundary, sources: &Sources, told: &mut Vec<Diagnostic>) -> Vec<Module> {
    let installed = manifest(boundary, told);
    let mut tree = Tree {
        boundary,
        sources,
        told,
        installed,
        modules: Vec::new(),
        known: BTreeMap::new(),
        waiting: Vec::new(),
    };
    let root = boundary.root().to_path_buf();
    if tree.module(&root, ".", "").is_none() {
        return Vec::new();
    }
    while let Some((id, path)) = tree.waiting.pop() {
        tree.follow(id, &path);
    }
    tree.modules
}

fn manifest(boundary: &Boundary, told: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let name = ".terraform/modules/modules.json";
    let Some(text) = boundary.read_own(name) else {
        return BTreeMap::new();
    };
    match serde_json::from_slice::<Manifest>(&text) {
        Ok(manifest) => manifest.modules.into_iter().map(|module| (module.key, module.directory)).collect(),
        Err(error) => {
            let detail = "Modules from a registry or repository cannot be found; terraform init writes the file anew.";
            told.push(Diagnostic::warning(Kind::Load, format!("{name} cannot be read: {error}"), detail));
            BTreeMap::new()
        }
    }
}

impl Tree<'_> {
    /// The module of a directory; `None` where it holds no configuration.
    fn module(&mut self, directory: &Path, shown: &str, path: &str) -> Option<ModuleId> {
        if let Some(id) = self.known.get(directory) {
            return Some(*id);
        }
        let files = directory::files(directory).unwrap_or_default();
        if files.is_empty() {
            return None;
        }
        let id = ModuleId(u32::try_from(self.modules.len()).ok()?);
        let blocks = self.blocks(directory, shown, &files);
        let mut lowering = Lowering {
            sources: self.sources,
            told: self.told,
        };
        let module = lowering.module(shown, &blocks);
        self.modules.push(module);
        self.known.insert(directory.to_path_buf(), id);
        self.waiting.push((id, path.to_owned()));
        Some(id)
    }

    /// The blocks of all files of a directory.
    fn blocks(&mut self, directory: &Path, shown: &str, files: &[File]) -> Blocks {
        let mut blocks = Blocks::default();
        for (file, parsed) in files.iter().zip(parse_all(directory, files)) {
            let name = if shown == "." { file.name.clone() } else { format!("{shown}/{}", file.name) };
            match parsed {
                Ok(ast) => {
                    let source = self.sources.add(name, ast);
                    for error in &source.ast.errors {
                        let place = crate::source::Place {
                            file: source.id,
                            span: error.span,
                        };
                        self.told.push(
                            Diagnostic::error(Kind::Syntax, error.message.clone(), String::new()).at(place),
                        );
                    }
                    blocks.add(&source, file.overrides, self.told);
                }
                Err(why) => {
                    blocks.incomplete = true;
                    let detail = "What it declares is not known.";
                    self.told.push(Diagnostic::error(Kind::Syntax, format!("{name} cannot be read: {why}"), detail));
                }
            }
        }
        blocks
    }

    /// Resolves the calls of a module.
    fn follow(&mut self, id: ModuleId, path: &str) {
        let calls: Vec<(Name, Option<Name>)> = self.modules[id.0 as usize]
            .calls
            .iter()
            .map(|(name, call)| (name.clone(), call.source.clone()))
            .collect();
        for (name, source) in calls {
            let Some(source) = source else {
                continue;
            };
            let key = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            let target = self.target(id, &source, &key);
            if let Target::Opaque(why) = &target {
                let place = self.modules[id.0 as usize].calls.get(&name).map(|call| call.place);
                let diagnostic = Diagnostic::warning(
                    Kind::Load,
                    format!("module {name:?} cannot be looked into"),
                    format!("{why}. Its outputs are unknown, and its resources are missing."),
                );
                self.told.push(Diagnostic { place, ..diagnostic });
            }
            if let Some(call) = self.modules[id.0 as usize].calls.get_mut(&name) {
                call.target = target;
            }
        }
    }

    fn target(&mut self, from: ModuleId, source: &str, key: &str) -> Target {
        let local = source.starts_with("./") || source.starts_with("../") || source == "." || source == "..";
        let relative = if local {
            let directory = &self.modules[from.0 as usize].directory;
            lexical(&Path::new(&**directory).join(source))
        } else if let Some(directory) = self.installed.get(key) {
            lexical(Path::new(directory))
        } else {
            return Target::Opaque(format!("{source} is not installed; terraform init installs it").into());
        };
        if self.modules.len() >= MOST_DIRECTORIES {
            return Target::Opaque(format!("more than {MOST_DIRECTORIES} module directories are not read").into());
        }
        let Ok(resolved) = self.boundary.root().join(&relative).canonicalize() else {
            return Target::Opaque(format!("there is no directory {source}").into());
        };
        let shown = shown(&relative);
        if !self.boundary.holds(&resolved) && !self.known.contains_key(&resolved) {
            self.told.push(Diagnostic::note(
                Kind::Load,
                format!("{shown} lies outside of the boundary"),
                "Of this module only the configuration files are read.",
            ));
        }
        match self.module(&resolved, &shown, key) {
            Some(id) => Target::Module(id),
            None => Target::Opaque(format!("there are no configuration files in {shown}").into()),
        }
    }
}

/// A path relative to the root, as it is shown.
fn shown(relative: &Path) -> String {
    let parts: Vec<String> =
        relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if parts.is_empty() { ".".into() } else { parts.join("/") }
}

/// Parses files, several at a time where there are several.
fn parse_all(directory: &Path, files: &[File]) -> Vec<Result<Ast, String>> {
    let parse = |file: &File| {
        let text: Arc<[u8]> = read_file(&directory.join(&file.name))?.into();
        Ok(match file.form {
            Form::Native => syntax::parse(text),
            Form::Json => syntax::parse_json(text),
        })
    };
    if files.len() > 3
        && let Some(pool) = pool()
    {
        return pool.install(|| files.par_iter().map(parse).collect());
    }
    files.iter().map(parse).collect()
}

/// The threads that parse, made when they are first needed.
fn pool() -> Option<&'static rayon::ThreadPool> {
    static POOL: std::sync::OnceLock<Option<rayon::ThreadPool>> = std::sync::OnceLock::new();
    POOL.get_or_init(|| rayon::ThreadPoolBuilder::new().stack_size(STACK).build().ok()).as_ref()
}
