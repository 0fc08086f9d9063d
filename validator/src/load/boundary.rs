//! The boundary: what may be read of the file system, resolved after symbolic links.

mod walk;

use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Edited, LoadError};
use crate::functions::{Files, Found};
use walk::Walked;
pub(crate) use walk::link;

/// Largest file that is read.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Entries below one directory that are listed.
const MOST_ENTRIES: usize = 100_000;
/// Bytes that the functions of a run may read in all, the same file over and over included.
const MOST_READ: u64 = 4 * 1024 * 1024 * 1024;
/// What an opened file or a listed entry costs beside its length.
const ENTRY: u64 = 4096;
/// Directories below one another that are listed.
const DEEPEST: usize = 64;

/// A root, and the directory that it may read from.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The root, resolved.
    root: PathBuf,
    /// The boundary, resolved.
    limit: PathBuf,
    /// Bytes that functions have read so far.
    spent: Arc<AtomicU64>,
    /// What is read instead of what files hold.
    edited: Edited,
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
                Some(name) if is_json(name) => {
                    "; a plan is given with --plan, a state with --state"
                }
                _ => "",
            };
            Err(LoadError::new(
                path,
                format!("{what} is a file, but a directory is needed{hint}"),
            ))
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
        Ok(Boundary {
            root: resolved,
            limit,
            spent: Arc::default(),
            edited: Edited::default(),
        })
    }

    /// The same, with texts that stand in for those of files.
    pub(crate) fn edited(mut self, edited: &Edited) -> Self {
        self.edited.clone_from(edited);
        self
    }

    /// What a file holds, or what stands in for it.
    pub(crate) fn text(&self, path: &Path) -> Result<Vec<u8>, String> {
        match self.stand_in(path) {
            Some(text) => Ok(text),
            None => read_file(path),
        }
    }

    /// The same for a file that was named on the command line.
    pub(crate) fn given(&self, path: &Path) -> Result<Vec<u8>, String> {
        match self.stand_in(path) {
            Some(text) => Ok(text),
            None => read_given(path),
        }
    }

    fn stand_in(&self, path: &Path) -> Option<Vec<u8>> {
        if self.edited.is_empty() {
            return None;
        }
        let text = self.edited.get(&path.canonicalize().ok()?)?;
        Some(text.to_vec())
    }

    /// The root directory.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The directory that may be read from.
    pub(crate) fn limit(&self) -> &Path {
        &self.limit
    }

    /// Where a path relative to the root leads.
    ///
    /// # Errors
    /// Says why it may not be followed.
    pub(crate) fn find(&self, path: &Path) -> Result<PathBuf, String> {
        match self.resolve(path) {
            Found::Here(resolved) => Ok(resolved),
            Found::Missing(why) | Found::Outside(why) => Err(why),
        }
    }

    /// Whether a resolved path lies inside.
    pub(crate) fn holds(&self, resolved: &Path) -> bool {
        resolved.starts_with(&self.limit)
    }

    /// A file of Terraform's own below the root; `None` where it is not there, outside, or no plain file.
    pub(crate) fn read_own(&self, path: &str) -> Option<Vec<u8>> {
        match self.resolve(path) {
            Found::Here(resolved) => self.text(&resolved).ok(),
            Found::Missing(_) | Found::Outside(_) => None,
        }
    }

    /// A path relative to the root, resolved. Names are cleaned as text first, as Terraform does it: `link/../x` is `x`.
    fn resolve(&self, path: impl AsRef<Path>) -> Found<PathBuf> {
        let path = path.as_ref();
        let shown = path.to_string_lossy();
        match walk::inside(&lexical(&self.root.join(path)), &self.limit) {
            Walked::Inside(resolved) => Found::Here(resolved),
            Walked::Missing => Found::Missing(format!("there is no file {shown:?}")),
            Walked::Outside => Found::Outside(format!(
                "{shown:?} lies outside of the boundary of what may be read; a wider one is given with --boundary"
            )),
        }
    }

    /// A file relative to the root, for what configures the run.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(crate) fn read_relative(&self, path: impl AsRef<Path>) -> Result<Vec<u8>, String> {
        self.text(&self.find(path.as_ref())?)
    }

    /// What files of a directory may be links to: what lies inside; for a directory that is outside, what lies in it.
    pub(crate) fn limit_of<'a>(&'a self, directory: &'a Path) -> &'a Path {
        if self.holds(directory) {
            &self.limit
        } else {
            directory
        }
    }
}

/// Whether a name is that of a JSON document, or of a state.
fn is_json(name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    matches!(
        extension.to_ascii_lowercase().as_str(),
        "json" | "tfstate" | "tfplan" | "plan"
    )
}

/// The directory of the repository around a directory.
pub(crate) fn repository(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .find(|ancestor| ancestor.join(".git").exists())
        .map(Path::to_path_buf)
}

/// The path with `.` and `..` resolved as text.
pub(crate) fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if matches!(out.components().next_back(), Some(Component::Normal(_))) {
                    out.pop();
                } else if !out.has_root() {
                    out.push("..");
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
        return Err(format!(
            "it has {} bytes; files up to {LARGEST} bytes are read",
            metadata.len()
        ));
    }
    read_given(path)
}

/// Reads a file that was named on the command line, where a pipe is what a shell makes of `<(command)`.
pub(crate) fn read_given(path: &Path) -> Result<Vec<u8>, String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    // The size is not known before, or may have changed since it was asked for. As a guess it saves most of the calls.
    let likely = file.metadata().map_or(0, |metadata| metadata.len());
    let mut bytes = Vec::with_capacity(usize::try_from(likely.min(LARGEST)).unwrap_or(0) + 1);
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!(
            "it is longer than {LARGEST} bytes, the most that is read"
        ));
    }
    Ok(bytes)
}

impl Files for Boundary {
    fn read(&self, path: &str) -> Found<Arc<[u8]>> {
        if let Some(why) = self.spend(0) {
            return Found::Outside(why);
        }
        match self.resolve(path) {
            Found::Here(resolved) => match self.text(&resolved) {
                Ok(bytes) => {
                    self.spend(bytes.len());
                    Found::Here(bytes.into())
                }
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
        if let Some(why) = self.spend(0) {
            return Found::Outside(why);
        }
        let start = match self.resolve(directory) {
            Found::Here(start) => start,
            Found::Missing(why) => return Found::Missing(why),
            Found::Outside(why) => return Found::Outside(why),
        };
        let mut found = Vec::new();
        let mut seen = 0_usize;
        let mut waiting = vec![(start, String::new(), 0)];
        while let Some((directory, prefix, depth)) = waiting.pop() {
            let Ok(entries) = fs::read_dir(&directory) else {
                continue;
            };
            for entry in entries.flatten() {
                seen += 1;
                if let Some(why) = self.spend(0) {
                    return Found::Outside(why);
                }
                if seen > MOST_ENTRIES {
                    return Found::Outside(format!(
                        "there are more than {MOST_ENTRIES} files in it"
                    ));
                }
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
            }
        }
        Found::Here(found)
    }
}

impl Boundary {
    /// Pays for an entry or a file of this length. Says so where nothing is left.
    fn spend(&self, length: usize) -> Option<String> {
        let cost = ENTRY.saturating_add(length as u64);
        let spent = self.spent.fetch_add(cost, Ordering::Relaxed);
        (spent > MOST_READ).then(|| {
            format!(
                "functions have read {MOST_READ} bytes of files, the most that is read in one run"
            )
        })
    }

    fn is_file_inside(&self, path: &Path, link: bool) -> bool {
        if !link {
            return path.is_file();
        }
        matches!(walk::inside(path, &self.limit), Walked::Inside(resolved) if resolved.is_file())
    }
}
