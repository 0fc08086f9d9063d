//! The configuration files of a directory, in Terraform's order.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::boundary;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Native,
    Json,
}

/// A configuration file.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// As it is shown: what is not Unicode in it, as well as it can be.
    pub(super) name: String,
    pub(super) form: Form,
    /// Merged over the others, instead of standing beside them.
    pub(super) overrides: bool,
    /// Where it is, and how long; or why it cannot be read.
    pub(super) found: Result<(PathBuf, u64), String>,
}

/// Endings of configuration files. Where `OpenTofu`'s stands beside Terraform's, it counts.
const ENDINGS: [(&str, &str, Form); 2] = [
    (".tf", ".tofu", Form::Native),
    (".tf.json", ".tofu.json", Form::Json),
];

/// The files of a resolved directory, those that override last. Links may lead to what lies below `limit`.
///
/// # Errors
/// When the directory cannot be listed.
pub(super) fn files(directory: &Path, limit: &Path) -> io::Result<Vec<File>> {
    let mut names: BTreeMap<String, OsString> = BTreeMap::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        let shown = name.to_string_lossy().into_owned();
        let known = ENDINGS
            .iter()
            .any(|(terraform, tofu, _)| shown.ends_with(terraform) || shown.ends_with(tofu));
        if known && !is_ignored(&shown) {
            names.insert(shown, name);
        }
    }
    let mut files: Vec<File> = names
        .iter()
        .filter_map(|(shown, name)| classify(shown, &names, || find(&directory.join(name), limit)))
        .collect();
    files.sort_by(|a, b| (a.overrides, &a.name).cmp(&(b.overrides, &b.name)));
    Ok(files)
}

/// What stands behind a name; nothing where it is a directory. Pipes and devices are refused: they could block for ever.
fn find(path: &Path, limit: &Path) -> Option<Result<(PathBuf, u64), String>> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(metadata) => metadata,
        Err(error) => return Some(Err(error.to_string())),
    };
    if metadata.is_file() {
        return Some(Ok((path.to_path_buf(), metadata.len())));
    }
    if !metadata.is_symlink() {
        return Some(Err("it is no regular file".into()));
    }
    Some(boundary::link(path, limit).and_then(|resolved| {
        let metadata = fs::metadata(&resolved).map_err(|error| error.to_string())?;
        let refused = || Err("it is a link to what is no regular file".into());
        if metadata.is_file() {
            Ok((resolved, metadata.len()))
        } else {
            refused()
        }
    }))
}

fn classify(
    name: &str,
    all: &BTreeMap<String, OsString>,
    find: impl FnOnce() -> Option<Result<(PathBuf, u64), String>>,
) -> Option<File> {
    // The longer ending first: `.tf.json` is no `.json` of something else.
    for (terraform, tofu, form) in ENDINGS.into_iter().rev() {
        let stem = if let Some(stem) = name.strip_suffix(terraform) {
            if all.contains_key(&format!("{stem}{tofu}")) {
                return None;
            }
            stem
        } else if let Some(stem) = name.strip_suffix(tofu) {
            stem
        } else {
            continue;
        };
        return Some(File {
            name: name.into(),
            form,
            overrides: stem == "override" || stem.ends_with("_override"),
            found: find()?,
        });
    }
    None
}

/// Files of editors and hidden ones.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// The files with values of variables that are read on their own, in their order. Hidden ones are among them.
pub(super) fn automatic_variables(directory: &Path) -> Vec<OsString> {
    let mut found: Vec<OsString> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| !entry.file_type().is_ok_and(|ty| ty.is_dir()))
        .map(|entry| entry.file_name())
        .filter(|name| {
            let name = name.to_string_lossy();
            name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")
        })
        .collect();
    found.sort();
    let own = ["terraform.tfvars", "terraform.tfvars.json"];
    let own = own
        .into_iter()
        .filter(|name| fs::symlink_metadata(directory.join(name)).is_ok_and(|at| !at.is_dir()));
    own.map(OsString::from).chain(found).collect()
}
