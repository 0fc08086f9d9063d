//! `drcheck inventory`: every instance, from whatever source.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use super::arguments::{Format, Inputs, Inventory as Arguments, SourceArguments};
use super::progress::Progress;
use super::{CliError, Exit, diagnostics, roots, tree};
use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::inventory::Sealer;
use crate::load::{GivenVariable, Request};
use crate::sources::{self, Read};

/// Runs the command.
pub(crate) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let read = self::read(&arguments.sources, used)?;
    match arguments.format {
        Format::Json => {
            // As it is: colours are for people, and values may hold anything.
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            crate::inventory::json::write(&read.inventory, &mut out)?;
            out.flush()?;
        }
        Format::Text => {
            let mut out = std::io::BufWriter::new(anstream::stdout().lock());
            tree::write(&read.inventory, arguments.values, &mut out)?;
            out.flush()?;
        }
    }
    Ok(exit(&read))
}

/// Reads what the arguments name, and says what could not be read.
pub(super) fn read(
    arguments: &SourceArguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Read, CliError> {
    let sealer = sealer(arguments.digest_key.as_deref())?;
    let progress = Progress::new(arguments.quiet);
    let wanted = roots::wanted(arguments, used, &|message| progress.say(message))?;
    let read = sources::read(&wanted, &sealer, &|message| progress.say(message));
    progress.done();
    let read = read?;
    for (told, sources) in &read.told {
        diagnostics::say(told, sources.as_deref(), !arguments.quiet);
    }
    let wrong = |diagnostic: &&Diagnostic| {
        diagnostic.severity == Severity::Error && diagnostic.kind == Kind::Input
    };
    // Values that do not count would make another estate of it than was asked about.
    match read.inventory.diagnostics.iter().filter(wrong).count() {
        0 => Ok(read),
        count => Err(CliError::Usage(format!(
            "{count} {} as above: nothing was checked",
            if count == 1 {
                "input is wrong"
            } else {
                "inputs are wrong"
            }
        ))),
    }
}

fn exit(read: &Read) -> Exit {
    let unread = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if read.inventory.instances.is_empty() || read.inventory.diagnostics.iter().any(unread) {
        Exit::Incomplete
    } else {
        Exit::Fine
    }
}

fn sealer(key: Option<&Path>) -> Result<Sealer, CliError> {
    let Some(path) = key else {
        return Ok(Sealer::random());
    };
    let bytes = std::fs::read(path).map_err(|error| CliError::File {
        path: path.display().to_string(),
        error,
    })?;
    if bytes.is_empty() {
        return Err(CliError::Usage(format!(
            "{}: the digest key is empty",
            path.display()
        )));
    }
    Ok(Sealer::with_key(bytes))
}

/// What to load for a root, with the inputs of the command line in their order.
pub(crate) fn request(
    root: &Path,
    inputs: &Inputs,
    used: Option<&clap::ArgMatches>,
) -> Result<Request, CliError> {
    Ok(Request {
        root: root.to_path_buf(),
        boundary: inputs.boundary.clone(),
        variables: in_order(inputs, used)?,
        environment: environment(),
        workspace: inputs.workspace.clone(),
        accounts: accounts(&inputs.accounts)?,
        use_environment_region: inputs.use_aws_region,
        zones: BTreeMap::new(),
        remote_outputs: BTreeMap::new(),
        edited: crate::load::Edited::default(),
    })
}

/// What of the process's environment counts: Terraform's variables, and the region.
pub(super) fn environment() -> BTreeMap<String, String> {
    let counts = |name: &str| {
        name.starts_with("TF_VAR_")
            || matches!(name, "TF_WORKSPACE" | "AWS_REGION" | "AWS_DEFAULT_REGION")
    };
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| counts(name))
        .collect()
}

/// `--var` and `--var-file` as they were mixed: later ones count.
fn in_order(
    inputs: &Inputs,
    used: Option<&clap::ArgMatches>,
) -> Result<Vec<GivenVariable>, CliError> {
    let positions = |id: &str| -> Vec<usize> {
        used.and_then(|used| used.indices_of(id))
            .map(Iterator::collect)
            .unwrap_or_default()
    };
    let mut all = Vec::new();
    for (at, text) in positions("variables").into_iter().zip(&inputs.variables) {
        let Some((name, value)) = text.split_once('=') else {
            return Err(CliError::Usage(format!(
                "--var {text}: expected NAME=VALUE"
            )));
        };
        let given = GivenVariable::Text {
            name: name.trim().into(),
            value: value.into(),
        };
        all.push((at, given));
    }
    for (at, path) in positions("variable_files")
        .into_iter()
        .zip(&inputs.variable_files)
    {
        all.push((at, GivenVariable::File(path.clone())));
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, given)| given).collect())
}

pub(super) fn accounts(given: &[String]) -> Result<BTreeMap<String, String>, CliError> {
    let mut accounts = BTreeMap::new();
    for text in given {
        let (region, id) = text.split_once('=').unwrap_or(("", text));
        if !crate::world::is_account(id) {
            return Err(CliError::Usage(format!(
                "--account {text}: expected [REGION=]ID with an ID of twelve digits"
            )));
        }
        accounts.insert(region.to_owned(), id.to_owned());
    }
    Ok(accounts)
}
