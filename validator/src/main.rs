//! `drcheck`: proves whether the secondary region mirrors the primary one.

use std::process::ExitCode;

/// Stack of the thread that does the work: evaluation follows the nesting of what it evaluates. Pages that are not touched
/// cost nothing.
const STACK: usize = 1 << 30;

fn main() -> ExitCode {
    let work = std::thread::Builder::new()
        .name("drcheck".into())
        .stack_size(STACK)
        .spawn(drcheck::cli::run);
    match work.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // The panic has printed itself.
        Ok(Err(_)) => ExitCode::from(2),
        // No room for the stack: the ordinary one does for ordinary configurations.
        Err(_) => drcheck::cli::run(),
    }
}
