//! Small estates in two regions, and what is said of them as short lines.

use std::fs;

use drcheck::check::{self, Options};
use drcheck::inventory::Sealer;
use drcheck::load::Request;
use drcheck::settings::{self, Settings};
use drcheck::sources::{self, Wanted, WantedRoot};
use tempfile::TempDir;

/// Providers of both regions, and variables that nobody gives a value.
const HEAD: &str = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
variable "text" { type = string }
variable "number" { type = number }
variable "flag" { type = bool }
"#;

const ROLES: &str = r#"
estate "test" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}
"#;

/// What is found, as `severity rule: message`; what stays open as `? rule: message`.
pub(crate) fn said(hcl: &str) -> Vec<String> {
    said_with(hcl, "")
}

/// The same with more in `dr.hcl`.
pub(crate) fn said_with(hcl: &str, more: &str) -> Vec<String> {
    let directory = TempDir::new().expect("a temporary directory");
    fs::write(directory.path().join("main.tf"), format!("{HEAD}{hcl}")).expect("a new file");
    let wanted = Wanted {
        roots: vec![WantedRoot {
            request: Some(Request {
                root: directory.path().to_owned(),
                ..Request::default()
            }),
            ..WantedRoot::default()
        }],
        ..Wanted::default()
    };
    let sealer = Sealer::with_key(b"test".to_vec());
    let read = sources::read(&wanted, &sealer, &|_| ()).expect("configuration that can be read");
    let settings: Settings =
        settings::read("dr.hcl", format!("{ROLES}{more}").into_bytes()).expect("settings");
    let (_, outcome) =
        check::check(&read.inventory, &settings, &Options::default()).expect("two regions");
    let found = outcome.findings.iter().map(|finding| {
        format!(
            "{} {}: {}",
            finding.severity.word(),
            finding.rule,
            finding.message
        )
    });
    let open = outcome
        .gaps
        .iter()
        .map(|gap| format!("? {}: {}", gap.rule, gap.message));
    found.chain(open).collect()
}

/// Whether something is said by a rule: `Some(true)` found, `Some(false)` open, `None` silent.
pub(crate) fn by(rule: &str, lines: &[String]) -> Option<bool> {
    let about = |line: &&String| line.contains(&format!(" {rule}: "));
    let line = lines.iter().find(about)?;
    Some(!line.starts_with('?'))
}
