//! Writes the pages of the kinds of steps, `docs/steps`, from their declarations; with `--check` only compares.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use recovery::reference;
use recovery::steps::KINDS;

const INDEX: &str = "README.md";

/// Every page by its file name.
fn pages() -> BTreeMap<String, String> {
    let kinds = KINDS.iter().map(|kind| {
        let name = format!("{}.md", kind.name());
        (name, reference::page(*kind))
    });
    let mut pages: BTreeMap<String, String> = kinds.collect();
    pages.insert(INDEX.to_owned(), reference::index(KINDS));
    pages
}

/// Names of the files that are there; none where there is no directory.
fn written(directory: &Path) -> Result<BTreeSet<String>, Error> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// What differs between the files and the pages.
fn differences(directory: &Path, pages: &BTreeMap<String, String>) -> Result<Vec<String>, Error> {
    let names = written(directory)?;
    let mut problems = Vec::new();
    for (name, page) in pages {
        if !names.contains(name) {
            problems.push(format!("docs/steps/{name} is missing"));
        } else if std::fs::read_to_string(directory.join(name))? != *page {
            problems.push(format!("docs/steps/{name} is stale"));
        }
    }
    let strangers = names.iter().filter(|name| !pages.contains_key(*name));
    problems.extend(strangers.map(|name| format!("docs/steps/{name} is of no kind")));
    Ok(problems)
}

fn write(directory: &Path, pages: &BTreeMap<String, String>) -> Result<(), Error> {
    std::fs::create_dir_all(directory)?;
    for (name, page) in pages {
        std::fs::write(directory.join(name), page)?;
    }
    let names = written(directory)?;
    for stranger in names.iter().filter(|name| !pages.contains_key(*name)) {
        std::fs::remove_file(directory.join(stranger))?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/steps");
    let pages = pages();
    let check = std::env::args().any(|argument| argument == "--check");
    let result = if check {
        differences(&directory, &pages)
    } else {
        write(&directory, &pages).map(|()| Vec::new())
    };
    let mut errors = std::io::stderr();
    match result {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            for problem in problems {
                let _ = writeln!(errors, "{problem}");
            }
            let _ = writeln!(errors, "write the pages anew with: make docs");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(errors, "docs: {error}");
            ExitCode::FAILURE
        }
    }
}
