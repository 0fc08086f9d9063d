//! Asks the built program, as a user would.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

/// A command that sees nothing of this machine's Terraform settings.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drcheck"));
    for (name, _) in std::env::vars() {
        if name.starts_with("TF_") || name.starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
}

/// One answer for each expression. Those of one line go through stdin at once; the others are arguments.
pub(crate) fn evaluate(root: &Path, expressions: &[&str]) -> Vec<Json> {
    let lines: Vec<&str> = expressions
        .iter()
        .copied()
        .filter(|text| !text.contains('\n'))
        .collect();
    let mut answers = evaluate_lines(root, &lines).into_iter();
    expressions
        .iter()
        .map(|text| {
            if text.contains('\n') {
                evaluate_one(root, text)
            } else {
                answers.next().unwrap()
            }
        })
        .collect()
}

fn evaluate_lines(root: &Path, lines: &[&str]) -> Vec<Json> {
    let mut child = command()
        .args(["eval", "--format", "json", "--reveal", "--root"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = lines.join("\n") + "\n";
    // Both pipes have an end: who writes everything before reading anything waits for ever.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let answers = answers(&output);
    assert_eq!(
        answers.len(),
        lines.len(),
        "one answer a line: {}",
        errors(&output)
    );
    writer.join().unwrap().unwrap();
    answers
}

fn evaluate_one(root: &Path, expression: &str) -> Json {
    let output = command()
        .args(["eval", "--format", "json", "--reveal", "--root"])
        .arg(root)
        .arg("--")
        // A heredoc ends with a line of its own.
        .arg(format!("{expression}\n"))
        .output()
        .unwrap();
    let mut answers = answers(&output);
    assert_eq!(
        answers.len(),
        1,
        "one answer for {expression}: {}",
        errors(&output)
    );
    answers.remove(0)
}

/// The inventory of a root.
pub(crate) fn inventory(root: &Path, workspace: Option<&str>) -> Json {
    let mut command = command();
    command
        .arg("inventory")
        .arg(root)
        .args(["--format", "json"]);
    if let Some(workspace) = workspace {
        command.args(["--workspace", workspace]);
    }
    let output = command.output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no inventory ({error}): {}", errors(&output)))
}

fn answers(output: &Output) -> Vec<Json> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn errors(output: &Output) -> String {
    format!(
        "{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    )
}
