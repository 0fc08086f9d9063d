//! The command line: arguments, output, exit codes.

mod accept;
mod arguments;
mod baseline;
mod check;
mod diagnostics;
mod eval;
mod exceptions;
mod explain;
mod fix;
mod graph;
mod init;
mod inventory;
mod outputs;
mod pairs;
mod progress;
mod roots;
mod rules;
mod show;
mod tree;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use arguments::{Arguments, Command};

/// How a run ended. When several apply, the order here is the order of importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was read.
    Fine,
    /// An expression that was asked for cannot be evaluated, or findings were made.
    Refused,
    /// With `--strict`: relations that could not be decided, and nothing worse.
    Undecided,
    /// Usage, configuration or an internal error.
    Usage,
    /// Nothing was found, or files could not be parsed.
    Incomplete,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Undecided => 4,
        })
    }
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let matches = match Arguments::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are no errors; clap knows where each belongs.
            let code = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Fine
            };
            match misspelt() {
                Some((word, near)) if error.use_stderr() => {
                    let _ = writeln!(
                        std::io::stderr().lock(),
                        "error: there is no command {word}, and no such directory; did you mean {near}?"
                    );
                }
                _ => {
                    let _ = error.print();
                }
            }
            return code.into();
        }
    };
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return Exit::Usage.into();
        }
    };
    let used = matches.subcommand().map(|(_, matches)| matches);
    let done = match &arguments.command {
        None => self::check::run(&arguments.check, Some(&matches)),
        Some(Command::Check(check)) => self::check::run(check, used),
        Some(Command::Pairs(pairs)) => self::pairs::run(pairs, used),
        Some(Command::Rules(rules)) => self::rules::run(rules),
        Some(Command::Explain(explain)) => self::explain::run(explain, used),
        Some(Command::Accept(accept)) => self::accept::run(accept),
        Some(Command::Baseline(baseline)) => self::baseline::run(baseline, used),
        Some(Command::Init(init)) => self::init::run(init, used),
        Some(Command::Fix(fix)) => self::fix::run(fix, used),
        Some(Command::Graph(graph)) => self::graph::run(graph, used),
        Some(Command::Inventory(inventory)) => self::inventory::run(inventory, used),
        Some(Command::Eval(eval)) => self::eval::run(eval, used),
        Some(Command::Completions { shell }) => completions(*shell),
        Some(Command::Man) => manual(),
    };
    match done {
        Ok(exit) => exit.into(),
        // Whoever reads has seen enough.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Exit::Fine.into()
        }
        Err(error) => {
            diagnostics::say_error(&error);
            if let CliError::Roles(crate::mirror::RoleError {
                suggestion: Some(start),
                ..
            }) = &error
            {
                diagnostics::say_suggestion(start);
            }
            error.exit().into()
        }
    }
}

/// A document of the command line that cannot be read.
fn read_error(error: crate::inventory::DocumentError) -> CliError {
    CliError::Read(error.into())
}

fn completions(shell: clap_complete::Shell) -> Result<Exit, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "drcheck", &mut text);
    std::io::Write::write_all(&mut std::io::stdout(), &text)?;
    Ok(Exit::Fine)
}

fn manual() -> Result<Exit, CliError> {
    clap_mangen::Man::new(Arguments::command()).render(&mut std::io::stdout())?;
    Ok(Exit::Fine)
}

impl CliError {
    /// Nothing that was found to check is not a mistake of the command line.
    fn exit(&self) -> Exit {
        match self {
            CliError::Roles(error) if error.nothing => Exit::Incomplete,
            _ => Exit::Usage,
        }
    }
}

/// What ends a run before it has anything to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The configuration cannot be loaded at all.
    #[error(transparent)]
    Load(#[from] crate::load::LoadError),
    /// The estate cannot be loaded.
    #[error(transparent)]
    Estate(#[from] crate::load::estate::EstateError),
    /// A source cannot be read.
    #[error(transparent)]
    Read(#[from] crate::sources::ReadError),
    /// Arguments that do not go together.
    #[error("{0}")]
    Usage(String),
    /// It cannot be told which region is which.
    #[error(transparent)]
    Roles(#[from] crate::mirror::RoleError),
    /// The estate's file says what it cannot mean.
    #[error(transparent)]
    Settings(#[from] crate::settings::SettingsError),
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
    /// A file cannot be written.
    #[error("cannot write {path}: {error}")]
    Write {
        /// As it was given.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file on the command line cannot be read.
    #[error("cannot read {path}: {error}")]
    File {
        /// As it was given.
        path: String,
        /// Why.
        error: std::io::Error,
    },
}

/// The first word of the command line where it is a command with a slip, and that command.
fn misspelt() -> Option<(String, String)> {
    let word = std::env::args().nth(1)?;
    let word = crate::printable::line(&word).into_owned();
    if word.starts_with('-') || std::path::Path::new(&word).exists() {
        return None;
    }
    let command = Arguments::command();
    let names: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    let near = crate::settings::nearest(&word, names.into_iter())?.to_owned();
    Some((word, near))
}
