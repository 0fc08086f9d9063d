//! The configuration files of a directory, in Terraform's order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Native,
    Json,
}

/// A configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) form: Form,
    /// Merged over the others, instead of standing beside them.
    pub(super) overrides: bool,
}

/// Endings of configuration files. Where `OpenTofu`'s stands beside Terraform's, it counts.
const ENDINGS: [(&str, &str, Form); 2] = [(".tf", ".tofu", Form::Native), (".tf.json", ".tofu.json", Form::Json)];

/// The files of a directory, those that override last; `None` where it cannot be listed.
pub(super) fn files(directory: &Path) -> Option<Vec<File>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(directory).ok()?.flatten() {
        // A name that is not Unicode is shown as well as it can be.
        let name = entry.file_name().to_string_lossy().into_owned();
        // Links count for what they lead to; pipes and devices are no files.
        if !is_ignored(&name) && entry.path().is_file() {
            names.insert(name);
        }
    }
    let mut files: Vec<File> = names.iter().filter_map(|name| classify(name, &names)).collect();
    files.sort_by(|a, b| (a.overrides, &a.name).cmp(&(b.overrides, &b.name)));
    Some(files)
}

fn classify(name: &str, all: &BTreeSet<String>) -> Option<File> {
    // The longer ending first: `.tf.json` is no `.json` of something else.
    for (terraform, tofu, form) in ENDINGS.into_iter().rev() {
        let stem = if let Some(stem) = name.strip_suffix(terraform) {
            if all.contains(&format!("{stem}{tofu}")) {
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
        });
    }
    None
}

/// Files of editors and hidden ones.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// The files with values of variables that are read on their own, in their order.
pub(super) fn automatic_variables(directory: &Path) -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !is_ignored(name))
        .filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"))
        .collect();
    found.sort();
    let own = ["terraform.tfvars", "terraform.tfvars.json"];
    let own = own.into_iter().filter(|name| directory.join(name).is_file()).map(str::to_owned);
    own.chain(found).collect()
}
