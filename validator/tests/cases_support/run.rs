//! Runs the program on a case.

use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value as Json;

use super::read::Case;

fn drcheck() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drcheck"));
    // Cases run side by side.
    command
        .env("RAYON_NUM_THREADS", "1")
        .env_remove("AWS_REGION")
        .env_remove("AWS_DEFAULT_REGION");
    command
}

/// The report on a case, or why there is none.
pub(crate) fn check(case: &Case) -> Result<Json, String> {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in &case.files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it lies in a directory"))
            .expect("a directory");
        std::fs::write(path, text).expect("a file");
    }
    let output = drcheck()
        .args(["check", "--format", "json", "--quiet"])
        .current_dir(directory.path())
        .output()
        .expect("drcheck runs");
    let report: Json = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("  no report: {}", String::from_utf8_lossy(&output.stderr)))?;
    let errors: Vec<String> = super::judge::list(&report, "diagnostics")
        .filter(|told| told["severity"] == "error")
        .map(|told| {
            format!(
                "  not read: {} {} ({})",
                told["summary"], told["detail"], told["place"]
            )
        })
        .collect();
    if errors.is_empty() {
        Ok(report)
    } else {
        Err(errors.join("\n"))
    }
}

/// The names of all rules, as the program lists them.
pub(crate) fn rules() -> Vec<String> {
    let output = drcheck()
        .args(["rules", "--format", "json"])
        .output()
        .expect("drcheck runs");
    let all: Vec<Json> = serde_json::from_slice(&output.stdout).expect("a list");
    let mut names: Vec<String> = all
        .iter()
        .filter_map(|rule| rule["name"].as_str())
        .map(str::to_owned)
        .collect();
    assert!(names.len() > 100, "there are {} rules", names.len());
    names.sort();
    names
}

/// Asks of all, side by side, and returns what was answered, in order.
pub(crate) fn on_all<T: Copy + Sync + Send, A: Send>(
    all: &[T],
    ask: impl Fn(T) -> Option<A> + Sync,
) -> Vec<(T, A)> {
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = all.get(at) else {
                        break;
                    };
                    if let Some(answer) = ask(*one) {
                        answers
                            .lock()
                            .expect("no worker fails")
                            .push((at, *one, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no worker fails");
    answers.sort_by_key(|(at, _, _)| *at);
    answers
        .into_iter()
        .map(|(_, one, answer)| (one, answer))
        .collect()
}
