//! `drctl`: runs failover plans without Terraform, its state or its registry.

mod abort;
mod args;
mod assess;
mod bundle;
mod children;
mod doctor;
mod evidence;
mod fence;
mod history;
mod login;
mod manual;
mod orders;
mod plan;
mod run;
mod show;
mod status;
mod world;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Arguments, Command};
use recovery::message::Message;
use show::{Exit, Show, finish};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return finish(usage(&error)).into(),
    };
    let show = Show::new(arguments.common.json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            Show::error(&format!("no runtime can be started: {error}"));
            return Exit::Failed.into();
        }
    };
    finish(runtime.block_on(dispatch(arguments, show))).into()
}

/// Tells what was typed wrongly, or the help that was asked for; as JSON where the command line asks for it.
fn usage(error: &clap::Error) -> Exit {
    let wrong = error.use_stderr();
    let json = std::env::args_os().skip(1).any(|word| word == "--json");
    if wrong && json {
        let seen = error.to_string();
        let (seen, rest) = seen.split_once("\n\n").unwrap_or((&seen, ""));
        let seen = seen.strip_prefix("error: ").unwrap_or(seen);
        let expected = rest.trim().lines().next().unwrap_or_default();
        let next = "drctl help COMMAND shows what a command takes";
        Show::new(true).message(&Message::new(seen.trim(), expected, next));
    } else {
        Show::help(error);
    }
    if wrong { Exit::Usage } else { Exit::Done }
}

async fn dispatch(arguments: Arguments, show: Show) -> Exit {
    let common = &arguments.common;
    let done = match &arguments.command {
        Command::Plan(command) => plan::run(command, common, show).await,
        Command::Run(command) => run::run(command, common, show).await,
        Command::Resume(command) => run::resume(command, common, show).await,
        Command::Pause(execution) => orders::pause(execution, common, show).await,
        Command::Abort(order) => abort::abort(order, common, show).await,
        Command::Retry(order) => orders::retry(order, common, show).await,
        Command::Skip(order) => orders::skip(order, common, show).await,
        Command::Approve(order) => orders::approve(order, common, show).await,
        Command::Status(status) => status::status(status, common, show).await,
        Command::Fence(command) => fence::fence(command, common, show).await,
        Command::Watch(command) => fence::watch(command, common, show).await,
        Command::Observe(observe) => assess::observe(observe, common, show).await,
        Command::Assess(command) => assess::assess(command, common, show).await,
        Command::Doctor(command) => doctor::doctor(command, common, show).await,
        Command::Login(command) => login::login(command, common, show).await,
        Command::Bundle(command) => bundle::bundle(command, show),
        Command::Report(report) => evidence::report(report, common, show).await,
        Command::Verify(execution) => evidence::verify(execution, common, show).await,
        Command::Completions { shell } => {
            Show::completions(*shell, &mut Arguments::command());
            Ok(Exit::Done)
        }
        Command::Man(command) => manual::manual(command, Arguments::command(), show),
    };
    match done {
        Ok(exit) => exit,
        Err(stop) => {
            show.message(&stop.message);
            stop.exit
        }
    }
}
