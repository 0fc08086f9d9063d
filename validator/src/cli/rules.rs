//! `drcheck rules`: all rules, as a list or as pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use super::arguments::{Format, Rules as Arguments};
use super::{CliError, Exit};
use crate::rules::{self, Rule};
use crate::verdict::{Family, Strategy};

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, CliError> {
    if let Some(directory) = &arguments.write_docs {
        return pages(directory, arguments.check);
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if arguments.format == Format::Json {
        let all: Vec<serde_json::Value> = rules::all()
            .map(|rule| {
                serde_json::json!({
                    "name": rule.name, "family": rule.family.word(), "severity": rule.severity.word(),
                    "strategies": strategies(rule), "title": rule.title, "impact": rule.impact,
                })
            })
            .collect();
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        for family in Family::ALL {
            let of: Vec<&Rule> = rules::all().filter(|rule| rule.family == family).collect();
            if of.is_empty() {
                continue;
            }
            writeln!(out, "{}", family.word())?;
            for rule in of {
                writeln!(
                    out,
                    "  {:<34} {:<9} {}",
                    rule.name,
                    rule.severity.word(),
                    rule.title
                )?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn strategies(rule: &Rule) -> Vec<&'static str> {
    Strategy::ALL
        .into_iter()
        .filter(|strategy| rule.on.contains(*strategy))
        .map(Strategy::word)
        .collect()
}

/// Writes the pages, or says which are stale.
fn pages(directory: &Path, check: bool) -> Result<Exit, CliError> {
    let wanted = texts();
    let failed = |path: &Path, error: std::io::Error| CliError::File {
        path: path.display().to_string(),
        error,
    };
    let mut stale = Vec::new();
    if !check {
        std::fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    }
    for (name, text) in &wanted {
        let path = directory.join(name);
        let now = std::fs::read_to_string(&path).ok();
        if now.as_ref() != Some(text) {
            stale.push(name.clone());
            if !check {
                std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
            }
        }
    }
    for entry in std::fs::read_dir(directory).map_err(|error| failed(directory, error))? {
        let path = entry.map_err(|error| failed(directory, error))?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if path.extension().is_some_and(|end| end == "md") && !wanted.contains_key(&name) {
            stale.push(name);
            if !check {
                std::fs::remove_file(&path).map_err(|error| failed(&path, error))?;
            }
        }
    }
    if check && !stale.is_empty() {
        return Err(CliError::Usage(format!(
            "{}: stale pages: {}; run make docs",
            directory.display(),
            stale.join(", ")
        )));
    }
    Ok(Exit::Fine)
}

/// The page of each rule and the index, by file name.
fn texts() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut index =
        String::from("# Rules of drcheck\n\nWritten by `make docs` from the rules themselves.\n");
    for family in Family::ALL {
        let of: Vec<&Rule> = rules::all().filter(|rule| rule.family == family).collect();
        if of.is_empty() {
            continue;
        }
        let _ = write!(
            index,
            "\n## {}\n\n| rule | severity | finds |\n|---|---|---|\n",
            family.word()
        );
        for rule in of {
            let _ = writeln!(
                index,
                "| [{0}]({0}.md) | {1} | {2} |",
                rule.name,
                rule.severity.word(),
                rule.title
            );
            let page = format!(
                "# {}\n\n{}\n\n**In a failover:** {}\n\nFamily: {}. Severity: {}. Strategies: {}.\n\n{}",
                rule.name,
                rule.title,
                rule.impact,
                rule.family.word(),
                rule.severity.word(),
                strategies(rule).join(", "),
                rule.doc
            );
            pages.insert(format!("{}.md", rule.name), page);
        }
    }
    pages.insert("README.md".into(), index);
    pages
}
