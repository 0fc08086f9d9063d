//! When the process ends: never by Ctrl-C while Terraform runs it, fast on SIGTERM, and with its parent.

use std::time::Duration;

use rustix::process::getppid;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How often the parent is looked for. A parent that was killed asks for nothing any more, so this is soon enough.
const PARENT_POLL: Duration = Duration::from_millis(500);

/// Starts to watch; `done` is cancelled when the process has to end.
///
/// A Ctrl-C in the terminal reaches Terraform and its plugins alike. Terraform then asks with `StopProvider` and waits
/// for what is in flight, so a plugin must not die of the signal itself.
pub(super) fn watch(done: &CancellationToken, debug: bool) -> Result<(), String> {
    let mut interrupts = signal(SignalKind::interrupt()).map_err(|e| format!("no signals: {e}"))?;
    let mut terminations =
        signal(SignalKind::terminate()).map_err(|e| format!("no signals: {e}"))?;
    let ended = done.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupts.recv() => {
                    if debug {
                        break ended.cancel();
                    }
                    tracing::debug!("interrupted; waiting for Terraform to say what to do");
                }
                _ = terminations.recv() => break ended.cancel(),
                () = ended.cancelled() => break,
            }
        }
    });
    if !debug {
        let (ended, parent) = (done.clone(), getppid());
        tokio::spawn(async move {
            while getppid() == parent {
                tokio::time::sleep(PARENT_POLL).await;
            }
            ended.cancel();
        });
    }
    Ok(())
}
