//! A saved inventory is as good as what it was made from, and two runs print the same.

use tempfile::TempDir;

use super::program::{
    ALL, CONFIGURATION, JOINED, KEYS_CONFIGURATION, PLAN, STORED, drcheck, inventory_run, keys,
    printed,
};

/// The lines of the instances: one each.
fn lines(text: &[u8]) -> Vec<&str> {
    let text = std::str::from_utf8(text).expect("UTF-8");
    let (_, instances) = text.split_once("\"instances\": [").expect("instances");
    instances.lines().collect()
}

#[test]
fn a_saved_inventory_gives_the_same_instances_byte_for_byte() {
    let directory = TempDir::new().expect("a directory");
    for source in ALL {
        std::fs::write(directory.path().join("saved.json"), printed(source)).expect("a file");
        let run = drcheck(
            &["inventory", "--inventory", "saved.json", "--format", "json"],
            directory.path(),
        );
        assert_eq!(run.code, Some(0), "{source:?}: {}", run.stderr);
        let (before, after) = (lines(printed(source)), lines(&run.stdout));
        assert_eq!(before.len(), after.len(), "{source:?}");
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after, "{source:?}");
        }
    }
}

#[test]
fn a_saved_inventory_is_read_in_any_encoding_of_a_shell() {
    let directory = TempDir::new().expect("a directory");
    let text = std::str::from_utf8(printed(KEYS_CONFIGURATION)).expect("UTF-8");
    let wide: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(directory.path().join("wide.json"), wide).expect("a file");
    std::fs::write(
        directory.path().join("marked.json"),
        format!("\u{feff}{text}"),
    )
    .expect("a file");
    for file in ["wide.json", "marked.json"] {
        let run = drcheck(
            &["inventory", "--inventory", file, "--format", "json"],
            directory.path(),
        );
        assert_eq!(run.code, Some(0), "{file}: {}", run.stderr);
        assert_eq!(lines(&run.stdout), lines(text.as_bytes()), "{file}");
    }
}

#[test]
fn two_runs_under_one_key_print_the_same_bytes() {
    for source in [CONFIGURATION, PLAN, STORED, JOINED] {
        let again = inventory_run(source, &keys().one());
        assert!(again.stdout == printed(source), "{source:?}");
    }
}
