//! The command line: arguments, output, exit codes.

mod arguments;
mod check;
mod diagnostics;
mod eval;
mod inventory;
mod progress;
mod roots;
mod show;
mod tree;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use arguments::{Arguments, Command};

/// How a run ended. When several apply, the order here is the order of importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was read.
    Fine,
    /// An expression that was asked for cannot be evaluated.
    Refused,
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
            let _ = error.print();
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
        Command::Inventory(inventory) => self::inventory::run(inventory, used),
        Command::Check(check) => self::check::run(check, used),
        Command::Eval(eval) => self::eval::run(eval, used),
    };
    match done {
        Ok(exit) => exit.into(),
        // Whoever reads has seen enough.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Exit::Fine.into()
        }
        Err(error) => {
            diagnostics::say_error(&error);
            Exit::Usage.into()
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
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
    /// A file on the command line cannot be read.
    #[error("cannot read {path}: {error}")]
    File {
        /// As it was given.
        path: String,
        /// Why.
        error: std::io::Error,
    },
}
