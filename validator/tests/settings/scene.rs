//! A small estate in a directory of its own, and the program run on it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

/// Two queues that should be equal, and one that lives once.
pub(crate) const QUEUES: &str = r#"
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "secondary"
  region = "us-west-2"
}

resource "aws_sqs_queue" "jobs_primary" {
  name                      = "jobs"
  message_retention_seconds = 345600
}

resource "aws_sqs_queue" "jobs_secondary" {
  provider                  = aws.secondary
  name                      = "jobs"
  message_retention_seconds = 86400
}
"#;

/// The regions of the estate.
pub(crate) const ESTATE: &str = r#"
estate "test" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}
"#;

/// The finding about the queues.
pub(crate) const RULE: &str = "attribute-differs";

/// A directory with files.
pub(crate) struct Scene {
    directory: TempDir,
}

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Run {
    /// The report that was printed.
    pub(crate) fn report(&self) -> Json {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no report: {error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Rule, state and message of each finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        let report = self.report();
        let findings = report["findings"].as_array().expect("findings");
        let line = |finding: &Json| {
            let state = match (&finding["accepted"]["by"], &finding["in_baseline"]) {
                (Json::String(by), _) => format!("accepted by {by}"),
                (_, Json::Bool(true)) => "known".to_owned(),
                _ => "counts".to_owned(),
            };
            let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
            format!(
                "{} {state}: {}",
                text(&finding["rule"]),
                text(&finding["message"])
            )
        };
        findings.iter().map(line).collect()
    }
}

impl Scene {
    /// Files by name.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let scene = Scene {
            directory: TempDir::new().expect("a temporary directory"),
        };
        for (name, text) in files {
            scene.write(name, text);
        }
        scene
    }

    /// The estate of the two queues with more in its `dr.hcl`.
    pub(crate) fn queues(settings: &str) -> Self {
        Scene::new(&[
            ("main.tf", QUEUES),
            ("dr.hcl", &format!("{ESTATE}{settings}")),
        ])
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Runs a command in the directory.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(arguments, self.directory.path())
    }

    /// Checks on a day, with the report as JSON.
    pub(crate) fn check(&self, more: &[&str]) -> Run {
        let mut arguments = vec!["check", "--format", "json", "--today", "2026-06-15"];
        arguments.extend(more);
        self.run(&arguments)
    }
}

/// Runs a command; nothing of this machine's settings is seen.
pub(crate) fn run(arguments: &[&str], directory: &Path) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drcheck"));
    for (name, _) in std::env::vars() {
        if name.starts_with("TF_") || name.starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(arguments)
        .current_dir(directory)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("drcheck starts");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Run {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code(),
    }
}
