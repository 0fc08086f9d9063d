//! Documents that are something else, broken or too new: a message that says what was seen and what to do, and exit code 2.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::program::{PLAN, drcheck, estate, printed};

/// A directory with the good documents and room for bad ones.
fn scene() -> TempDir {
    let directory = TempDir::new().expect("a directory");
    for name in ["plan.json", "state.json", "terraform.tfstate"] {
        fs::copy(estate("two-region").join(name), directory.path().join(name)).expect("a copy");
    }
    write(&directory, "saved.json", printed(PLAN));
    directory
}

fn write(directory: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    fs::write(directory.path().join(name), text).expect("a file");
}

fn text(directory: &TempDir, name: &str) -> String {
    fs::read_to_string(directory.path().join(name)).expect("a file")
}

/// Expects a refusal that holds these texts, on one line, with the file's name in front.
fn refused(directory: &Path, arguments: &[&str], expected: &[&str]) {
    let mut all = vec!["inventory"];
    all.extend(arguments);
    let run = drcheck(&all, directory);
    assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
    assert!(run.stdout.is_empty(), "{arguments:?}");
    assert_eq!(
        run.stderr.lines().count(),
        1,
        "{arguments:?}: {}",
        run.stderr
    );
    for text in expected {
        assert!(run.stderr.contains(text), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_document_that_ends_in_the_middle_is_called_truncated() {
    let directory = scene();
    for (option, name) in [
        ("--plan", "plan.json"),
        ("--state", "state.json"),
        ("--state", "terraform.tfstate"),
        ("--inventory", "saved.json"),
    ] {
        let whole = fs::read(directory.path().join(name)).expect("a file");
        for part in [1, 20, 300, 5_000, whole.len() / 2, whole.len() - 3] {
            write(&directory, "cut.json", &whole[..part]);
            let expected = ["cut.json: the document ends in the middle", "truncated"];
            refused(directory.path(), &[option, "cut.json"], &expected);
        }
    }
}

#[test]
fn a_binary_plan_comes_with_the_command_that_makes_json_of_it() {
    let directory = scene();
    write(
        &directory,
        "plan.bin",
        b"PK\x03\x04\x14\x00\x08\x00\x08\x00",
    );
    for option in ["--plan", "--state", "--inventory"] {
        let expected = ["plan.bin: ", "terraform show -json plan.bin > plan.json"];
        refused(directory.path(), &[option, "plan.bin"], &expected);
    }
}

#[test]
fn a_document_of_another_kind_is_named_with_its_option() {
    let directory = scene();
    for (option, name, seen, instead) in [
        (
            "--plan",
            "state.json",
            "this is a state, not a plan",
            "--state",
        ),
        (
            "--plan",
            "terraform.tfstate",
            "this is a state, not a plan",
            "--state",
        ),
        (
            "--plan",
            "saved.json",
            "this is a saved inventory, not a plan",
            "--inventory",
        ),
        (
            "--state",
            "plan.json",
            "this is a plan, not a state",
            "--plan",
        ),
        (
            "--state",
            "saved.json",
            "this is a saved inventory, not a state",
            "--inventory",
        ),
        (
            "--inventory",
            "plan.json",
            "this is a plan, not a saved inventory",
            "--plan",
        ),
        (
            "--inventory",
            "state.json",
            "this is a state, not a saved inventory",
            "--state",
        ),
        (
            "--inventory",
            "terraform.tfstate",
            "this is a state, not a saved inventory",
            "--state",
        ),
    ] {
        refused(directory.path(), &[option, name], &[name, seen, instead]);
    }
}

#[test]
fn versions_that_cannot_be_read_are_named() {
    let directory = scene();
    write(
        &directory,
        "old.tfstate",
        r#"{"version": 3, "serial": 1, "modules": []}"#,
    );
    refused(
        directory.path(),
        &["--state", "old.tfstate"],
        &["the state has version 3", "Version 4"],
    );
    write(
        &directory,
        "new.tfstate",
        r#"{"version": 5, "resources": []}"#,
    );
    refused(
        directory.path(),
        &["--state", "new.tfstate"],
        &["the state has version 5", "newer drcheck"],
    );
    for (option, name, from, to) in [
        (
            "--plan",
            "plan.json",
            r#""format_version":"1.2""#,
            r#""format_version":"2.0""#,
        ),
        (
            "--state",
            "state.json",
            r#""format_version":"1.0""#,
            r#""format_version":"2.1""#,
        ),
        (
            "--inventory",
            "saved.json",
            r#""format_version": "1.2""#,
            r#""format_version": "2.0""#,
        ),
    ] {
        let changed = text(&directory, name).replacen(from, to, 1);
        write(&directory, "newer.json", changed);
        let expected = [
            "newer.json",
            "format version 2.",
            "newer drcheck may read it",
        ];
        refused(directory.path(), &[option, "newer.json"], &expected);
    }
}

#[test]
fn a_newer_minor_version_is_read() {
    let directory = scene();
    let newer = text(&directory, "plan.json").replacen(
        r#""format_version":"1.2""#,
        r#""format_version":"1.99","new_key":{"a":[1]}"#,
        1,
    );
    write(&directory, "newer.json", newer);
    let run = drcheck(&["inventory", "--plan", "newer.json"], directory.path());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn what_is_no_document_at_all_is_refused() {
    let directory = scene();
    write(&directory, "empty.json", "");
    write(&directory, "blank.json", "\n \n");
    write(
        &directory,
        "text.json",
        "Terraform will perform the following actions",
    );
    write(&directory, "list.json", "[]");
    write(&directory, "object.json", "{}");
    for option in ["--plan", "--state", "--inventory"] {
        for (name, seen) in [
            ("empty.json", "the file is empty"),
            ("blank.json", "the file is empty"),
            ("text.json", "this is not JSON (line 1, column 1"),
            ("list.json", "list.json: this is no"),
            ("object.json", "object.json: "),
            ("nosuch.json", "nosuch.json: cannot be read"),
            (".", ".: cannot be read: it is a directory"),
        ] {
            refused(directory.path(), &[option, name], &[seen]);
        }
    }
}

#[test]
fn a_plan_is_read_in_any_encoding_of_a_shell() {
    let directory = scene();
    let plan = text(&directory, "plan.json");
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = "\u{feff}".encode_utf16().chain(plan.encode_utf16());
        units.flat_map(bytes).collect()
    };
    write(&directory, "utf8.json", format!("\u{feff}{plan}"));
    write(&directory, "little.json", wide(u16::to_le_bytes));
    write(&directory, "big.json", wide(u16::to_be_bytes));
    let good = drcheck(&["inventory", "--plan", "plan.json"], directory.path());
    for name in ["utf8.json", "little.json", "big.json"] {
        let run = drcheck(&["inventory", "--plan", name], directory.path());
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        assert!(run.stdout == good.stdout, "{name}");
    }
}

#[test]
fn stdin_can_be_one_document_only() {
    let directory = scene();
    for arguments in [
        ["--plan", "-", "--state", "-"],
        ["--plan", "-", "--plan", "-"],
        ["--state", "-", "--inventory", "-"],
    ] {
        refused(
            directory.path(),
            &arguments,
            &["stdin is named more than once"],
        );
    }
    refused(
        directory.path(),
        &["--plan", "-"],
        &["-: the file is empty"],
    );
}

#[test]
fn a_key_that_cannot_be_used_is_refused() {
    let directory = scene();
    write(&directory, "empty", "");
    for (key, seen) in [
        ("nokey", "cannot read nokey"),
        ("empty", "the digest key is empty"),
    ] {
        refused(
            directory.path(),
            &["--plan", "plan.json", "--digest-key", key],
            &[seen],
        );
    }
}

/// Terraform leaves `resource_changes` out of such a plan.
#[test]
fn a_plan_of_outputs_alone_is_a_plan() {
    let directory = tempfile::TempDir::new().expect("a temporary directory");
    let plan = r#"{"format_version": "1.2", "planned_values": {"outputs": {"a": {"value": 1}}}, "configuration": {"root_module": {}}}"#;
    std::fs::write(directory.path().join("plan.json"), plan).expect("a new file");
    let run = super::program::drcheck(&["inventory", "--plan", "plan.json"], directory.path());
    assert_eq!(run.code, Some(3), "{}", run.stderr);
}
