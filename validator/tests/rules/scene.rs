//! Writes a small estate of two regions, checks it, and returns what was said as lines.

use std::process::Command;

use serde_json::Value as Json;

const PROVIDERS: &str = "\
provider \"aws\" {
  region = \"us-east-1\"
}
provider \"aws\" {
  alias  = \"west\"
  region = \"us-west-2\"
}
";

const ESTATE: &str = "\
estate \"test\" {
  primary   = \"us-east-1\"
  secondary = [\"us-west-2\"]
}
";

/// What rules of some names say of a configuration: `broken RULE: message` and `unsure RULE: message`, sorted.
pub(super) fn said(rules: &[&str], code: &str) -> Vec<String> {
    said_with(rules, code, "")
}

/// The same, with more in `dr.hcl`.
pub(super) fn said_with(rules: &[&str], code: &str, settings: &str) -> Vec<String> {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path();
    std::fs::write(root.join("main.tf"), format!("{PROVIDERS}{code}")).expect("main.tf");
    std::fs::write(root.join("dr.hcl"), format!("{ESTATE}{settings}")).expect("dr.hcl");
    let output = Command::new(env!("CARGO_BIN_EXE_drcheck"))
        .args(["check", "--format", "json", "--quiet"])
        .arg(root)
        .output()
        .expect("drcheck runs");
    let report: Json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(report["summary"]["files_not_parsed"], 0, "the code parses");
    let mut lines = Vec::new();
    for (list, word) in [("findings", "broken"), ("gaps", "unsure")] {
        for entry in report[list].as_array().into_iter().flatten() {
            let rule = entry["rule"].as_str().unwrap_or_default();
            if rules.contains(&rule) {
                let message = entry["message"].as_str().unwrap_or_default();
                lines.push(format!("{word} {rule}: {message}"));
            }
        }
    }
    lines.sort();
    lines
}

/// The same code for both regions: `ROLE` is the role, `PROVIDER` the line that names the provider, `NET` the first two
/// numbers of addresses.
pub(super) fn twins(code: &str) -> String {
    let one = code
        .replace("ROLE", "primary")
        .replace("PROVIDER", "provider = aws")
        .replace("NET", "10.1");
    let other = code
        .replace("ROLE", "secondary")
        .replace("PROVIDER", "provider = aws.west")
        .replace("NET", "10.2");
    one + &other
}
