//! The tree of modules: from the root along its calls, each directory read once.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::boundary::{Boundary, lexical};
use super::collect::Blocks;
use super::config::{Module, ModuleId, Name, Target};
use super::cycles;
use super::directory::{self, File, Form};
use super::installed;
use super::lower::Lowering;
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::Sources;
use crate::syntax::{self, ast::Ast};

/// Directories that one root may lead to.
const MOST_DIRECTORIES: usize = 5_000;
/// Bytes of configuration that one root may lead to.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Stack of the threads that parse: nesting of 512 levels, not optimised.
const STACK: usize = 16 * 1024 * 1024;

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
    waiting: VecDeque<(ModuleId, String)>,
    /// Length of all files so far.
    bytes: u64,
}

/// All modules, the root first; nothing where the root holds no configuration.
///
/// # Errors
/// When the root cannot be listed.
pub(super) fn read(
    boundary: &Boundary,
    sources: &Sources,
    told: &mut Vec<Diagnostic>,
) -> io::Result<Vec<Module>> {
    let installed = installed::read(boundary, told);
    let mut tree = Tree {
        boundary,
        sources,
        told,
        installed,
        modules: Vec::new(),
        known: BTreeMap::new(),
        waiting: VecDeque::new(),
        bytes: 0,
    };
    let root = boundary.root().to_path_buf();
    if tree.module(&root, ".", "")?.is_none() {
        return Ok(Vec::new());
    }
    while let Some((id, path)) = tree.waiting.pop_front() {
        tree.follow(id, &path);
    }
    let mut modules = tree.modules;
    cycles::cut(&mut modules, told);
    Ok(modules)
}

impl Tree<'_> {
    /// The module of a directory; `None` where it holds no configuration.
    fn module(
        &mut self,
        directory: &Path,
        shown: &str,
        path: &str,
    ) -> io::Result<Option<ModuleId>> {
        if let Some(id) = self.known.get(directory) {
            return Ok(Some(*id));
        }
        let mut files = directory::files(directory, self.boundary.limit_of(directory))?;
        if files.is_empty() {
            return Ok(None);
        }
        self.bound(&mut files);
        let id = ModuleId(u32::try_from(self.modules.len()).map_err(io::Error::other)?);
        let blocks = self.blocks(shown, &files);
        let mut lowering = Lowering {
            sources: self.sources,
            told: self.told,
        };
        let module = lowering.module(shown, &blocks);
        self.modules.push(module);
        self.known.insert(directory.to_path_buf(), id);
        self.waiting.push_back((id, path.to_owned()));
        Ok(Some(id))
    }

    /// Refuses files past the bound of all files together.
    fn bound(&mut self, files: &mut [File]) {
        for file in files {
            self.bytes += file.found.as_ref().map_or(0, |(_, length)| *length);
            if self.bytes > MOST_BYTES {
                file.found = Err(format!(
                    "all files together are longer than {MOST_BYTES} bytes, the most that is read"
                ));
            }
        }
    }

    /// The blocks of all files of a directory.
    fn blocks(&mut self, shown: &str, files: &[File]) -> Blocks {
        let mut blocks = Blocks::default();
        for (file, parsed) in files.iter().zip(parse_all(self.boundary, files)) {
            let name = if shown == "." {
                file.name.clone()
            } else {
                format!("{shown}/{}", file.name)
            };
            match parsed {
                Ok(ast) => {
                    let source = self.sources.add(name, ast);
                    for error in &source.ast.errors {
                        let place = crate::source::Place {
                            file: source.id,
                            span: error.span,
                        };
                        self.told.push(
                            Diagnostic::error(Kind::Syntax, error.message.clone(), String::new())
                                .at(place),
                        );
                    }
                    blocks.add(&source, file.overrides, self.told);
                }
                Err(why) => {
                    blocks.incomplete = true;
                    let detail = "What it declares is not known.";
                    self.told.push(Diagnostic::error(
                        Kind::Syntax,
                        format!("{name} cannot be read: {why}"),
                        detail,
                    ));
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
            let key = if path.is_empty() {
                name.to_string()
            } else {
                format!("{path}.{name}")
            };
            let Some(target) = self.target(id, source.as_deref(), &key) else {
                self.opaque(id, &name);
                continue;
            };
            if let Some(call) = self.modules[id.0 as usize].calls.get_mut(&name) {
                call.target = target;
            }
            self.opaque(id, &name);
        }
    }

    /// Says why a call leads nowhere, if it does not.
    fn opaque(&mut self, id: ModuleId, name: &Name) {
        let Some(call) = self.modules[id.0 as usize].calls.get(name) else {
            return;
        };
        let Target::Opaque(why) = &call.target else {
            return;
        };
        let diagnostic = Diagnostic::warning(
            Kind::Load,
            format!("module {name:?} cannot be looked into"),
            format!("{why}. Its outputs are unknown, and its resources are missing."),
        );
        self.told.push(diagnostic.at(call.place));
    }

    /// Where a call leads; `None` where what is said of it already stands: its source is no plain text.
    fn target(&mut self, from: ModuleId, source: Option<&str>, key: &str) -> Option<Target> {
        let opaque = |why: String| Some(Target::Opaque(why.into()));
        let local = source.filter(|source| source.starts_with("./") || source.starts_with("../"));
        let relative = if let Some(source) = local {
            let directory = &self.modules[from.0 as usize].directory;
            lexical(&Path::new(&**directory).join(source))
        } else if let Some(directory) = self.installed.get(key) {
            lexical(Path::new(directory))
        } else {
            return opaque(format!(
                "{} is not installed; terraform init installs it",
                source?
            ));
        };
        let shown = shown(&relative);
        if self.modules.len() >= MOST_DIRECTORIES {
            return opaque(format!(
                "more than {MOST_DIRECTORIES} module directories are not read"
            ));
        }
        let Ok(resolved) = self.boundary.root().join(&relative).canonicalize() else {
            let next = if local.is_some() {
                "correct the source"
            } else {
                "terraform init installs it anew"
            };
            return opaque(format!("there is no directory {shown}; {next}"));
        };
        if !self.boundary.holds(&resolved) && !self.known.contains_key(&resolved) {
            self.told.push(Diagnostic::note(
                Kind::Load,
                format!("{shown} lies outside of the boundary"),
                "Of this module only the configuration files are read.",
            ));
        }
        match self.module(&resolved, &shown, key) {
            Ok(Some(id)) => Some(Target::Module(id)),
            Ok(None) => opaque(format!("there are no configuration files in {shown}")),
            Err(error) => opaque(format!("{shown} cannot be listed: {error}")),
        }
    }
}

/// A path relative to the root, as it is shown.
fn shown(relative: &Path) -> String {
    let parts: Vec<String> = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.is_empty() {
        ".".into()
    } else {
        parts.join("/")
    }
}

/// Parses files, several at a time where there are several.
fn parse_all(boundary: &Boundary, files: &[File]) -> Vec<Result<Ast, String>> {
    let parse = |file: &File| {
        let (path, _) = file.found.as_ref().map_err(Clone::clone)?;
        let text: Arc<[u8]> = boundary.text(path)?.into();
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
    POOL.get_or_init(|| {
        rayon::ThreadPoolBuilder::new()
            .stack_size(STACK)
            .build()
            .ok()
    })
    .as_ref()
}
