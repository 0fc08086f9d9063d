//! Runs the program on the estates, and makes small ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// What a run printed and how it ended.
pub(super) struct Run {
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) code: Option<i32>,
}

/// The top of the project.
pub(super) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the project")
}

pub(super) const SEEDED: &str = "validator/tests/data/estates/seeded";
pub(super) const TWO_REGION: &str = "validator/tests/data/estates/two-region";
pub(super) const BROKEN: &str = "examples/mirror-check/broken";
pub(super) const LIVE: &str = "examples/mirror-check/live";
pub(super) const ALL: [&str; 4] = [SEEDED, TWO_REGION, BROKEN, LIVE];

/// Runs a command in a directory with some environment; nothing of this machine's settings is seen.
pub(super) fn run_with(arguments: &[&str], directory: &Path, environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drcheck"));
    for (name, _) in std::env::vars() {
        if name.starts_with("TF_") || name.starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .expect("drcheck starts");
    Run {
        stdout: String::from_utf8(output.stdout).expect("reports are UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        code: output.status.code(),
    }
}

/// Runs a command from the top of the project.
pub(super) fn run(arguments: &[&str]) -> Run {
    run_with(arguments, &top(), &[])
}

/// A report in a form.
pub(super) fn report(estate: &str, form: &str) -> String {
    let run = run(&["check", "-q", estate, "--format", form]);
    assert!(
        matches!(run.code, Some(0 | 1)),
        "{estate}: {:?} {}",
        run.code,
        run.stderr
    );
    run.stdout
}

/// The JSON report.
pub(super) fn json(estate: &str) -> Json {
    serde_json::from_str(&report(estate, "json")).expect("JSON")
}

/// A list in JSON.
pub(super) fn list<'a>(json: &'a Json, pointer: &str) -> &'a [Json] {
    json.pointer(pointer)
        .and_then(Json::as_array)
        .unwrap_or_else(|| panic!("no list at {pointer}"))
}

/// Text in JSON.
pub(super) fn text<'a>(json: &'a Json, pointer: &str) -> &'a str {
    json.pointer(pointer)
        .and_then(Json::as_str)
        .unwrap_or_else(|| panic!("no text at {pointer}"))
}

/// Leaves a schema no room for keys that it does not describe.
pub(super) fn closed(schema: &mut Json) {
    match schema {
        Json::Object(all) => {
            if all.contains_key("properties") && all.contains_key("required") {
                all.insert("additionalProperties".into(), Json::Bool(false));
            }
            all.values_mut().for_each(closed);
        }
        Json::Array(all) => all.iter_mut().for_each(closed),
        _ => {}
    }
}

/// A root with one file.
pub(super) fn scene(main: &str) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "main.tf", main);
    directory
}

/// Writes a file of a scene.
pub(super) fn write(directory: &Path, name: &str, text: &str) {
    fs::write(directory.join(name), text).expect("a file");
}

/// Resources of a primary and of a secondary region, whose provider is `aws.west`.
pub(super) fn regions(first: &str, second: &str) -> String {
    format!(
        r#"
provider "aws" {{
  region = "us-east-1"
}}
provider "aws" {{
  alias  = "west"
  region = "us-west-2"
}}
{first}
{second}
"#
    )
}

/// `dr.hcl` with roles only.
pub(super) const ROLES: &str = r#"
estate "scene" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}
"#;

/// Many parameters of which the secondary region has none.
pub(super) fn many(count: usize) -> TempDir {
    let one = |at: usize| {
        format!(
            "resource \"aws_ssm_parameter\" \"setting_{at}\" {{\n  name = \"/scene/setting/{at}\"\n  type = \"String\"\n  value = \"{at}\"\n}}\n"
        )
    };
    let all: String = (0..count).map(one).collect();
    let directory = scene(&regions(&all, ""));
    write(directory.path(), "dr.hcl", ROLES);
    directory
}

/// A value that would run in a page that reads values as markup.
const MARKUP: &str = "</script><img src=x onerror=document.title='run'><!--<script>";

/// An estate with that value wherever a value can stand.
pub(super) fn harmful() -> TempDir {
    let bucket = |name: &str, provider: &str, tag: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"{name}\" {{\n  for_each = toset([\"{tag}\"])\n  {provider}\n  bucket = \"scene-{name}-{tag}\"\n  tags = {{ \"{tag}\" = \"{tag} of {name}\" }}\n}}\n\
             resource \"aws_s3_bucket_versioning\" \"{name}\" {{\n  {provider}\n  bucket = aws_s3_bucket.{name}[\"{tag}\"].id\n  versioning_configuration {{\n    status = \"{tag}{name}\"\n  }}\n}}\n"
        )
    };
    let directory = scene(&regions(
        &bucket("primary", "", MARKUP),
        &bucket("secondary", "provider = aws.west", MARKUP),
    ));
    write(directory.path(), "dr.hcl", ROLES);
    directory
}
