//! What is handed damaged input.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use drcheck::diagnostic::Severity;
use drcheck::inventory::{Sealer, json};
use drcheck::load::Request;
use drcheck::sources::{self, Wanted, WantedRoot};
use drcheck::syntax::{self, ast::Ast};
use drcheck::{plan, state, symbol};
use tempfile::TempDir;

use crate::dense::FILES;
use crate::round::{corpus, data, rounds};

/// Places of errors lie in the file, on the borders of characters.
fn check(ast: &Ast) {
    let length = ast.own_text().len();
    for error in &ast.errors {
        let (start, end) = (
            ast.real_offset(error.span.start),
            ast.real_offset(error.span.end),
        );
        assert!(
            start <= end && end as usize <= length,
            "an error at {start}..{end} of {length} bytes"
        );
        let _ = ast.slice(error.span);
    }
}

#[test]
fn native_syntax_of_any_shape_is_read() {
    rounds(
        "native",
        &corpus(&[".tf", ".tftpl", ".tsv", ".hcl", ".tfvars"]),
        |_, text| {
            check(&syntax::parse(text));
            check(&syntax::parse_template(text));
            check(&syntax::parse_expression(text));
        },
    );
}

#[test]
fn json_syntax_of_any_shape_is_read() {
    let small = small(corpus(&[".json"]));
    rounds("json", &small, |_, text| {
        check(&syntax::parse_json(text));
        check(&syntax::parse_json_values(text));
    });
}

/// Files short enough for many rounds; of longer ones the beginning.
fn small(files: Vec<(std::path::PathBuf, Vec<u8>)>) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    files
        .into_iter()
        .map(|(path, mut text)| {
            text.truncate(60_000);
            (path, text)
        })
        .collect()
}

#[test]
fn documents_of_any_shape_are_read_or_refused() {
    let files = corpus(&["plan.json", "state.json"]);
    let sealer = Sealer::with_key(*b"key");
    rounds("documents", &files, |path, text| {
        let read = if path.ends_with("plan.json") {
            plan::read(text, "plan.json", &BTreeMap::new(), &sealer)
        } else {
            state::read(text, "state.json", &BTreeMap::new(), &sealer)
        };
        if let Ok(inventory) = read {
            let mut written = Vec::new();
            json::write(&inventory, &mut written).expect("memory takes all");
            json::read(&written, "again").expect("what was written is read");
        }
    });
}

#[test]
fn saved_inventories_of_any_shape_are_read_or_refused() {
    let sealer = Sealer::with_key(*b"key");
    let plan = std::fs::read(data().join("estates/provider-keys/plan.json")).expect("a fixture");
    let inventory = plan::read(&plan, "plan.json", &BTreeMap::new(), &sealer).expect("a plan");
    let mut saved = Vec::new();
    json::write(&inventory, &mut saved).expect("memory takes all");
    rounds("inventory", &[("saved.json".into(), saved)], |_, text| {
        if let Ok(read) = json::read(text, "saved.json") {
            json::write(&read, &mut std::io::sink()).expect("a sink takes all");
        }
    });
}

#[test]
fn symbols_are_read_back_as_they_were_written() {
    let seeds = [
        "\"${module.a[\"x\"].aws_vpc.main[0].id}-x\"",
        "merge(var.a, { b = aws_vpc.x.tags[\"k\"] })",
        "a.b == 1 ? [c.d, null] : {}",
        "unknown(\"why not\")",
        "over::for(toset([data.a.b.c[*].d]))",
        "!(x.y && -z.w >= 3)",
        "provider::aws::f((sensitive), 1.5)",
    ];
    let files: Vec<_> = seeds
        .iter()
        .map(|text| ("seed".into(), text.as_bytes().to_vec()))
        .collect();
    rounds("symbols", &files, |_, text| {
        let Ok(text) = std::str::from_utf8(text) else {
            return;
        };
        if let Some(parsed) = symbol::parse(text) {
            let written = symbol::text(&parsed);
            let again = symbol::parse(&written).map(|symbol| symbol::text(&symbol));
            assert!(
                again.as_deref() == Some(&*written) || written.contains('…'),
                "{text:?} is {written:?}, and then {again:?}"
            );
        }
    });
}

/// Reads a root as the program does, and writes what it finds.
fn read_root(root: &Path) {
    let request = Request {
        root: root.to_path_buf(),
        ..Request::default()
    };
    let wanted = Wanted {
        roots: vec![WantedRoot {
            request: Some(request),
            ..WantedRoot::default()
        }],
        ..Wanted::default()
    };
    if let Ok(read) = sources::read(&wanted, &Sealer::with_key(*b"key"), &|_| {}) {
        let mut written = Vec::new();
        json::write(&read.inventory, &mut written).expect("memory takes all");
        json::read(&written, "again").expect("what was written is read");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a new directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.metadata().expect("a file").len() < 200_000 {
            std::fs::copy(entry.path(), target).expect("room for a file");
        }
    }
}

#[test]
fn roots_with_damaged_files_are_evaluated() {
    for estate in ["two-region", "provider-keys"] {
        let from = data().join("estates").join(estate);
        let directory = TempDir::new().expect("a temporary directory");
        copy(&from, directory.path());
        let files: Vec<_> = corpus(&[".tf", ".tfvars", ".tftpl"])
            .into_iter()
            .filter(|(path, _)| path.starts_with(&from))
            .collect();
        rounds(&format!("root-{estate}"), &files, |path, text| {
            let target = directory
                .path()
                .join(path.strip_prefix(&from).expect("a file of the estate"));
            std::fs::write(&target, text).expect("room for a file");
            read_root(directory.path());
            std::fs::copy(path, target).expect("room for a file");
        });
    }
}

/// Writes the dense root.
fn dense() -> TempDir {
    let directory = TempDir::new().expect("a temporary directory");
    for (path, text) in FILES {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a file in a directory"))
            .expect("a directory");
        std::fs::write(path, text).expect("room for a file");
    }
    directory
}

#[test]
fn the_dense_root_is_sound_before_it_is_damaged() {
    let directory = dense();
    let request = Request {
        root: directory.path().to_path_buf(),
        ..Request::default()
    };
    let wanted = Wanted {
        roots: vec![WantedRoot {
            request: Some(request),
            ..WantedRoot::default()
        }],
        ..Wanted::default()
    };
    let read = sources::read(&wanted, &Sealer::with_key(*b"key"), &|_| {}).expect("a root");
    let errors: Vec<_> = read
        .told
        .iter()
        .flat_map(|(told, _)| told)
        .filter(|d| d.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(read.inventory.instances.len(), 19);
}

#[test]
fn a_dense_root_with_damaged_files_is_evaluated() {
    let directory = dense();
    let files: Vec<_> = FILES
        .iter()
        .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
        .collect();
    rounds("root-dense", &files, |path, text| {
        let target = directory.path().join(path);
        std::fs::write(&target, text).expect("room for a file");
        read_root(directory.path());
        let (_, sound) = FILES
            .iter()
            .find(|(name, _)| Path::new(name) == path)
            .expect("a file of the root");
        std::fs::write(&target, sound).expect("room for a file");
    });
}
