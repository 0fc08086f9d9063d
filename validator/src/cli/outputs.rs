//! Files that reports are written to: what is asked for, what must not be written over, and the writing.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::CliError;
use super::arguments::{Check as Arguments, ReportFormat};
use crate::inventory::Inventory;
use crate::report::{self, Form, Report};

/// The report of an argument.
pub(super) fn form(format: ReportFormat) -> Form {
    match format {
        ReportFormat::Text => Form::Text,
        ReportFormat::Json => Form::Json,
        ReportFormat::Sarif => Form::Sarif,
        ReportFormat::Junit => Form::Junit,
        ReportFormat::Gitlab => Form::Gitlab,
        ReportFormat::Markdown => Form::Markdown,
        ReportFormat::Github => Form::Github,
        ReportFormat::Html => Form::Html,
    }
}

/// The files that reports are written to.
///
/// # Errors
/// When one is no FORMAT=FILE, or two are one file.
pub(super) fn asked(given: &[String]) -> Result<Vec<(Form, String)>, CliError> {
    let outputs = read(given)?;
    for (at, (_, file)) in outputs.iter().enumerate() {
        if file == "-" {
            return Err(CliError::Usage(
                "--output: - is no file; --format F chooses what stdout gets".into(),
            ));
        }
        let place = resolved(Path::new(file));
        if outputs[..at]
            .iter()
            .any(|(_, other)| resolved(Path::new(other)) == place)
        {
            return Err(CliError::Usage(format!(
                "--output: two reports would be written to {file}, and the second over the first; name another file"
            )));
        }
    }
    Ok(outputs)
}

fn read(given: &[String]) -> Result<Vec<(Form, String)>, CliError> {
    use clap::ValueEnum as _;
    given
        .iter()
        .map(|text| {
            let (format, file) = text.split_once('=').unwrap_or((text, ""));
            match ReportFormat::from_str(format, true) {
                Ok(format) if !file.is_empty() => Ok((form(format), file.to_owned())),
                _ => Err(CliError::Usage(format!(
                    "--output {text}: expected FORMAT=FILE with text, json, sarif, junit, gitlab, markdown, github or html"
                ))),
            }
        })
        .collect()
}

/// Refuses to write over what was read.
///
/// # Errors
/// Names the first output that would.
pub(super) fn refuse_sources(
    outputs: &[(Form, String)],
    arguments: &Arguments,
    inventory: &Inventory,
) -> Result<(), CliError> {
    if outputs.is_empty() {
        return Ok(());
    }
    let read = sources(arguments, inventory);
    for (_, file) in outputs {
        let path = Path::new(file);
        if read.contains(&resolved(path)) || (path.is_file() && is_source(file)) {
            return Err(CliError::Usage(format!(
                "--output: {file} is one of the sources, and the report would be written over it; name another file"
            )));
        }
    }
    Ok(())
}

/// Files that the command line names, and those that its sources are.
fn sources(arguments: &Arguments, inventory: &Inventory) -> Vec<PathBuf> {
    let asked = &arguments.sources;
    let base = asked.path.as_deref().unwrap_or(Path::new("."));
    let base = if base.is_file() {
        base.parent().unwrap_or(Path::new("."))
    } else {
        base
    };
    let documents = asked.plans.iter().chain(&asked.states);
    let documents = documents.chain(&asked.inventories).map(|path| {
        let text = path.to_string_lossy();
        // Those of a root are ROOT=FILE.
        match text.split_once('=') {
            Some((_, file)) if !path.is_file() => PathBuf::from(file),
            _ => path.clone(),
        }
    });
    let given = asked.inputs.variable_files.iter().chain(&asked.digest_key);
    let given = given.chain(&arguments.baseline).cloned();
    let told = inventory
        .sources
        .iter()
        .flat_map(|source| [PathBuf::from(&*source.path), base.join(&*source.path)]);
    let all = documents.chain(given).chain(told);
    all.filter(|path| path.is_file())
        .map(|path| resolved(&path))
        .collect()
}

/// Whether a file of this name is read as code or as values of variables.
fn is_source(name: &str) -> bool {
    let endings = [
        ".tf",
        ".tofu",
        ".tfvars",
        ".hcl",
        ".tf.json",
        ".tofu.json",
        ".tfvars.json",
    ];
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Where a path leads, also where nothing is there yet.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let parent = parent.unwrap_or(Path::new(".")).canonicalize();
    match (parent, path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => crate::load::lexical(path),
    }
}

/// Writes all that can be written, and says what cannot.
pub(super) fn write_all(report: &Report, outputs: &[(Form, String)]) -> Vec<String> {
    let mut failed = Vec::new();
    for (form, file) in outputs {
        let written = File::create(file).and_then(|file| {
            let mut out = BufWriter::new(file);
            if *form == Form::Text {
                let mut text = anstream::StripStream::new(Vec::new());
                report::write(report, *form, &mut text)?;
                out.write_all(&text.into_inner())?;
            } else {
                report::write(report, *form, &mut out)?;
            }
            out.flush()
        });
        if let Err(error) = written {
            failed.push(format!("cannot write {file}: {error}"));
        }
    }
    failed
}
