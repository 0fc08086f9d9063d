//! The same input gives the same bytes, on any number of processors and from a saved inventory.

use std::path::Path;

use serde_json::Value as Json;

use super::program::{ALL, SEEDED, TWO_REGION, report, run, run_with, top};

const FORMS: [&str; 8] = [
    "text", "json", "sarif", "junit", "gitlab", "markdown", "github", "html",
];

#[test]
fn all_forms_are_the_same_twice_and_on_one_processor() {
    for form in FORMS {
        let arguments = ["check", "-q", SEEDED, "--format", form];
        let first = run(&arguments).stdout;
        assert!(!first.is_empty());
        assert!(first == run(&arguments).stdout, "{form} differs");
        let alone = run_with(&arguments, &top(), &[("RAYON_NUM_THREADS", "1")]);
        assert!(first == alone.stdout, "{form} differs on one processor");
    }
}

/// Copies a root; its own files get names that sort the other way round.
fn renamed(from: &Path, to: &Path, top: bool) {
    std::fs::create_dir_all(to).expect("a directory");
    let mut names: Vec<_> = std::fs::read_dir(from)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    let count = names.len();
    for (at, name) in names.iter().enumerate() {
        let source = from.join(name);
        let end = source.extension().and_then(|end| end.to_str());
        if source.is_dir() {
            renamed(&source, &to.join(name), false);
        } else if top && end == Some("tf") {
            let other = format!("f{:03}.tf", count - at);
            std::fs::copy(&source, to.join(other)).expect("a copy");
        } else if !top || end == Some("tfvars") {
            std::fs::copy(&source, to.join(name)).expect("a copy");
        }
    }
}

/// A report without the names of files.
fn without_files(report: &mut Json) {
    match report {
        Json::Object(all) => {
            for key in ["place", "chain", "sources", "diagnostics"] {
                all.remove(key);
            }
            all.values_mut().for_each(without_files);
        }
        Json::Array(all) => all.iter_mut().for_each(without_files),
        _ => {}
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    let directory = tempfile::TempDir::new().expect("a directory");
    renamed(&top().join(SEEDED), directory.path(), true);
    let arguments = ["check", "-q", "--format", "json"];
    let other = run_with(&arguments, directory.path(), &[]).stdout;
    let read = |text: &str| {
        let mut report: Json = serde_json::from_str(text).expect("JSON");
        without_files(&mut report);
        serde_json::to_string_pretty(&report).expect("JSON")
    };
    let (first, second) = (read(&report(SEEDED, "json")), read(&other));
    let differs = first.lines().zip(second.lines()).find(|(a, b)| a != b);
    assert!(first == second, "{differs:?}");
}

#[test]
fn what_is_printed_is_what_is_written() {
    let directory = tempfile::TempDir::new().expect("a directory");
    for form in FORMS {
        let file = directory.path().join(form).display().to_string();
        run(&[
            "check",
            "-q",
            TWO_REGION,
            "--output",
            &format!("{form}={file}"),
        ]);
        let written = std::fs::read_to_string(&file).expect("it is written");
        assert!(written == report(TWO_REGION, form), "{form}");
    }
}

/// Names all files from a directory, without detours.
fn named_from(report: &mut Json, base: &str) {
    match report {
        Json::Object(all) => {
            if let Some(Json::String(file)) = all.get_mut("file") {
                let mut parts: Vec<&str> = Vec::new();
                let whole = format!("{base}/{file}");
                for part in whole.split('/').filter(|part| !part.is_empty()) {
                    if part == ".." {
                        parts.pop();
                    } else {
                        parts.push(part);
                    }
                }
                *file = parts.join("/");
            }
            all.values_mut().for_each(|value| named_from(value, base));
        }
        Json::Array(all) => all.iter_mut().for_each(|value| named_from(value, base)),
        _ => {}
    }
}

#[test]
fn a_saved_inventory_gives_the_same_report() {
    let directory = tempfile::TempDir::new().expect("a directory");
    for estate in ALL {
        let saved = run(&["inventory", "-q", estate, "--format", "json"]).stdout;
        std::fs::write(directory.path().join("inventory.json"), saved).expect("a file");
        let settings = top().join(estate).join("dr.hcl");
        if settings.is_file() {
            std::fs::copy(settings, directory.path().join("dr.hcl")).expect("a file");
        }
        let again = run_with(
            &[
                "check",
                "-q",
                "--inventory",
                "inventory.json",
                "--format",
                "json",
            ],
            directory.path(),
            &[],
        );
        let without_sources = |text: &str, base: &str| {
            let mut report: Json = serde_json::from_str(text).expect("JSON");
            report["sources"] = Json::Null;
            named_from(&mut report, base);
            serde_json::to_string_pretty(&report).expect("JSON")
        };
        // What was saved knows no repository: its files are named from the root.
        assert!(
            without_sources(&again.stdout, estate) == without_sources(&report(estate, "json"), ""),
            "{estate}: {}",
            again.stderr
        );
    }
}
