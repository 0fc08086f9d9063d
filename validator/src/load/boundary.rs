//! The boundary: what may be read of the file system, resolved after symbolic links.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::LoadError;
use crate::functions::{Files, Found};

/// Largest file that is read.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Files below one directory that are listed.
const MOST_FILES: usize = 100_000;
/// Directories below one another that are listed.
const DEEPEST: usize = 64;

/// A root, and the directory that it may read from.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The root, resolved.
    root: PathBuf,
    /// The boundary, resolved.
    limit: PathBuf,
}

impl Boundary {
    /// Around a root: the directory that was asked for, else the repository that holds the root, else the root.
    ///
    /// # Errors
    /// When one of them is no directory, or the root lies outside.
    pub fn around(root: &Path, asked: Option<&Path>) -> Result<Self, LoadError> {
        let directory = |path: &Path, what: &str| {
            let resolved = path
                .canonicalize()
                .map_err(|error| LoadError::new(path, format!("cannot open {what}: {error}")))?;
            if resolved.is_dir() {
                return Ok(resolved);
            }
            let hint = match path.file_name().and_then(|name| name.to_str()) {
                Some(name) if is_json(name) => "; a plan is given with --plan, a state with --state",
                _ => "",
            };
            Err(LoadError::new(path, format!("{what} is a file, but a directory is needed{hint}")))
        };
        let resolved = directory(root, "the root module")?;
        let limit = match asked {
            Some(asked) => directory(asked, "the boundary")?,
            None => repository(&resolved).unwrap_or_else(|| resolved.clone()),
        };
        if !resolved.starts_with(&limit) {
            return Err(LoadError::new(
                root,
                "the root module lies outside of the boundary; name a boundary that holds it",
            ));
        }
        Ok(Boundary { root: resolved, limit })
    }

    /// The root directory.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a resolved path lies inside.
    pub(crate) fn holds(&self, resolved: &Path) -> bool {
        resolved.starts_with(&self.limit)
    }

    /// A file of Terraform's own below the root; `None` where it is not there, outside, or no plain file.
    pub(crate) fn read_own(&self, path: &str) -> Option<Vec<u8>> {
        match self.resolve(path) {
            Found::Here(resolved) => read_file(&resolved).ok(),
            Found::Missing(_) | Found::Outside(_) => None,
        }
    }

    /// A path relative to the root, resolved.
    fn resolve(&self, path: &str) -> Found<PathBuf> {
        let outside = || {
            Found::Outside(format!(
                "{path:?} lies outside of the boundary of what may be read; a wider one is given with --boundary"
            ))
        };
        let joined = lexical(&self.root.join(path));
        // A path that leads out is outside whether or not there is something.
        let existing = joined.ancestors().find_map(|ancestor| ancestor.canonicalize().ok());
        if !existing.is_some_and(|existing| self.holds(&existing)) || !joined.starts_with(&self.limit) {
            return outside();
        }
        match self.root.join(path).canonicalize() {
            Ok(resolved) if self.holds(&resolved) => Found::Here(resolved),
            Ok(_) => outside(),
            Err(_) => Found::Missing(format!("there is no file {path:?}")),
        }
    }
}

/// Whether a name is that of a JSON document, or of a state.
fn is_json(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    matches!(extension.to_ascii_lowercase().as_str(), "json" | "tfstate" | "tfplan" | "plan")
}

/// The directory of the repository around a directory.
fn repository(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_path_buf)
}

/// The path with `.` and `..` resolved as text.
pub(crate) fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !matches!(out.components().next_back(), Some(Component::Normal(_))) {
                    if !out.has_root() {
                        out.push("..");
                    }
                } else {
                    out.pop();
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// Reads a plain file of a bearable size. Pipes and devices are never opened: they could block for ever.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no regular file".into());
    }
    if metadata.len() > LARGEST {
        return Err(format!("it has {} bytes; files up to {LARGEST} bytes are read", metadata.len()));
    }
    fs::read(path).map_err(|error| error.to_string())
}

impl Files for Boundary {
    fn read(&self, path: &str) -> Found<Arc<[u8]>> {
        match self.resolve(path) {
            Found::Here(resolved) => match read_file(&resolved) {
                Ok(bytes) => Found::Here(bytes.into()),
                Err(why) => Found::Missing(format!("cannot read {path:?}: {why}")),
            },
            Found::Missing(why) => Found::Missing(why),
            Found::Outside(why) => Found::Outside(why),
        }
    }

    fn exists(&self, path: &str) -> Found<bool> {
        match self.resolve(path) {
            Found::Here(resolved) if resolved.is_file() => Found::Here(true),
            Found::Here(_) => Found::Missing(format!("{path:?} is no regular file")),
            Found::Missing(_) => Found::Here(false),
            Found::Outside(why) => Found::Outside(why),
        }
    }

    fn list(&self, directory: &str) -> Found<Vec<String>> {
        let start = match self.resolve(directory) {
            Found::Here(start) => start,
            Found::Missing(why) => return Found::Missing(why),
            Found::Outside(why) => return Found::Outside(why),
        };
        let mut found = Vec::new();
        let mut waiting = vec![(start, String::new(), 0)];
        while let Some((directory, prefix, depth)) = waiting.pop() {
            let Ok(entries) = fs::read_dir(&directory) else {
                continue;
            };
            for entry in entries.flatten() {
                // A name that is not Unicode has no spelling in a configuration.
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let relative = format!("{prefix}{name}");
                let Ok(ty) = entry.file_type() else { continue };
                if ty.is_dir() && depth < DEEPEST {
                    waiting.push((entry.path(), format!("{relative}/"), depth + 1));
                } else if self.is_file_inside(&entry.path(), ty.is_symlink()) {
                    found.push(relative);
                }
                if found.len() > MOST_FILES {
                    return Found::Outside(format!("there are more than {MOST_FILES} files in it"));
                }
            }
        }
        Found::Here(found)
    }
}

impl Boundary {
    fn is_file_inside(&self, path: &Path, link: bool) -> bool {
        if !link {
            return path.is_file();
        }
        path.canonicalize().is_ok_and(|resolved| resolved.is_file() && self.holds(&resolved))
    }
}
