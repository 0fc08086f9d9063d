//! Pages for the Terraform registry, written from schemas and examples, so that they cannot say something else than the
//! provider does.
//!
//! ```no_run
//! # fn pages(provider: impl terraform_framework::Provider) -> std::io::Result<()> {
//! use std::path::Path;
//!
//! let docs = terraform_framework::docs::render(&provider, Path::new("examples"))?;
//! docs.write(Path::new("docs"))?;
//! assert!(docs.check(Path::new("docs"))?.is_empty());
//! # Ok(())
//! # }
//! ```

mod example;
mod page;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use crate::provider::Provider;
use example::Examples;

/// The registry takes no page larger than this, in bytes.
const LARGEST: usize = 500 * 1024;

/// The directories whose pages are all written from schemas; guides and the like are written by hand.
const DIRECTORIES: [&str; 4] = ["resources", "data-sources", "functions", "actions"];

/// Something that is not as it should be with the pages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// The page differs from what the schemas say.
    Stale(PathBuf),
    /// The page is not there.
    Missing(PathBuf),
    /// The page describes nothing that the provider has.
    Extra(PathBuf),
    /// There is no example to show.
    NoExample(PathBuf),
    /// The page is larger than the registry takes.
    TooLarge(PathBuf),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Stale(page) => write!(f, "{}: stale", page.display()),
            Problem::Missing(page) => write!(f, "{}: missing", page.display()),
            Problem::Extra(page) => write!(
                f,
                "{}: describes nothing that the provider has",
                page.display()
            ),
            Problem::NoExample(file) => write!(f, "{}: the example is missing", file.display()),
            Problem::TooLarge(page) => {
                write!(f, "{}: larger than the registry takes", page.display())
            }
        }
    }
}

/// All pages of a provider.
#[derive(Clone, Debug)]
pub struct Docs {
    pages: BTreeMap<PathBuf, String>,
    no_example: BTreeSet<PathBuf>,
}

/// Writes the pages of a provider in memory; `examples` is a tree as the registry's tools expect it
/// (`provider/provider.tf`, `resources/TYPE/resource.tf`, `functions/NAME/function.tf` and so on).
///
/// # Errors
/// When an example is there but cannot be read.
pub fn render<P: Provider>(provider: &P, examples: &Path) -> io::Result<Docs> {
    let mut examples = Examples::of(examples);
    let mut pages = BTreeMap::new();
    pages.insert(
        PathBuf::from("index.md"),
        page::index(provider, &mut examples)?,
    );
    let prefix = format!("{}_", provider.name());
    let file = |directory: &str, name: &str| {
        let name = name.strip_prefix(&prefix).unwrap_or(name);
        Path::new(directory).join(format!("{name}.md"))
    };
    for resource in provider.resources() {
        let text = page::resource(provider.name(), resource.as_ref(), &mut examples)?;
        pages.insert(file("resources", resource.name()), text);
    }
    for source in provider.data_sources() {
        let text = page::data_source(provider.name(), source.as_ref(), &mut examples)?;
        pages.insert(file("data-sources", source.name()), text);
    }
    for action in provider.actions() {
        let text = page::action(provider.name(), action.as_ref(), &mut examples)?;
        pages.insert(file("actions", action.name()), text);
    }
    for function in provider.functions() {
        let text = page::function(provider.name(), &function, &mut examples)?;
        pages.insert(file("functions", function.name), text);
    }
    Ok(Docs {
        pages,
        no_example: examples.missing,
    })
}

impl Docs {
    /// Pages by their place below the directory of all pages.
    pub fn pages(&self) -> &BTreeMap<PathBuf, String> {
        &self.pages
    }

    /// Compares with the pages in a directory. Pages that are written by hand, such as guides, are left alone.
    ///
    /// # Errors
    /// When a page is there but cannot be read.
    pub fn check(&self, directory: &Path) -> io::Result<Vec<Problem>> {
        let mut problems: Vec<Problem> = self
            .no_example
            .iter()
            .cloned()
            .map(Problem::NoExample)
            .collect();
        for (page, text) in &self.pages {
            let path = directory.join(page);
            match fs::read_to_string(&path) {
                Ok(found) if found == *text => {}
                Ok(_) => problems.push(Problem::Stale(path.clone())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    problems.push(Problem::Missing(path.clone()));
                }
                Err(error) => return Err(error),
            }
            if text.len() > LARGEST {
                problems.push(Problem::TooLarge(path));
            }
        }
        problems.extend(self.extra(directory)?.into_iter().map(Problem::Extra));
        Ok(problems)
    }

    /// Writes the pages into a directory, and removes those that describe nothing any more.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        for (page, text) in &self.pages {
            let path = directory.join(page);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        self.extra(directory)?
            .into_iter()
            .try_for_each(fs::remove_file)
    }

    fn extra(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let mut extra = Vec::new();
        for below in DIRECTORIES {
            let entries = match fs::read_dir(directory.join(below)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let path = entry?.path();
                let page = path.strip_prefix(directory).unwrap_or(&path);
                if path.extension().is_some_and(|e| e == "md") && !self.pages.contains_key(page) {
                    extra.push(path);
                }
            }
        }
        extra.sort();
        Ok(extra)
    }
}
