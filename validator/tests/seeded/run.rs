//! Runs the program on a fixture and reads its report.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Code,
    Plan,
    Joined,
    State,
}

pub(super) const ALL: [Source; 4] = [Source::Code, Source::Plan, Source::Joined, Source::State];

/// The report on a fixture, with this `dr.hcl` beside a copy of its configuration.
pub(super) fn report(estate: &str, source: Source, settings: &str) -> Json {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/estates")
        .join(estate);
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path().join("estate");
    copy(&fixture, &root);
    // A file of its own: for documents alone the configuration must not be read.
    let alone = directory.path().join("alone");
    std::fs::create_dir(&alone).expect("a directory");
    for place in [&root, &alone] {
        std::fs::write(place.join("dr.hcl"), settings).expect("dr.hcl");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_drcheck"));
    command.args(["check", "--format", "json", "--quiet"]);
    let plan = root.join("plan.json");
    let state = root.join("terraform.tfstate");
    match source {
        Source::Code => command.arg(&root),
        Source::Plan => command.current_dir(&alone).arg("--plan").arg(&plan),
        Source::Joined => command.arg(&root).arg("--plan").arg(&plan),
        Source::State => command.current_dir(&alone).arg("--state").arg(&state),
    };
    let output = command.output().expect("drcheck runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn copy(from: &PathBuf, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a fixture") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file");
        }
    }
}

/// Findings as `rule address`, by the primary address and by the secondary one, of all instances.
pub(super) fn named(report: &Json) -> Vec<(String, Vec<String>)> {
    let list = report["findings"].as_array().expect("findings");
    list.iter()
        .map(|finding| {
            let mut addresses: Vec<String> = finding["instances"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect();
            for side in ["primary", "secondary"] {
                addresses.extend(finding[side]["address"].as_str().map(str::to_owned));
            }
            (
                finding["rule"].as_str().unwrap_or_default().to_owned(),
                addresses,
            )
        })
        .collect()
}
