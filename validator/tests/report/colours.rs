//! Colours: where somebody sees them, and never where `NO_COLOR` is set.

use super::program::{SEEDED, run_with, top};

const ESCAPE: char = '\u{1b}';

fn shown(form: &str, environment: &[(&str, &str)]) -> String {
    let arguments = ["check", "-q", SEEDED, "--format", form];
    run_with(&arguments, &top(), environment).stdout
}

#[test]
fn text_is_coloured_where_that_is_asked_for() {
    let forced = [("CLICOLOR_FORCE", "1")];
    let coloured = shown("text", &forced);
    assert!(coloured.contains(ESCAPE));
    let refused = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    let plain = shown("text", &refused);
    assert!(!plain.contains(ESCAPE));
    assert!(plain == shown("text", &[]), "a pipe gets the same");
}

#[test]
fn forms_for_programs_are_never_coloured() {
    for form in ["json", "sarif", "junit", "gitlab", "markdown", "github"] {
        let shown = shown(form, &[("CLICOLOR_FORCE", "1")]);
        assert!(!shown.contains(ESCAPE), "{form}");
    }
}

#[test]
fn a_file_of_text_is_never_coloured() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let file = directory.path().join("report.txt");
    let output = format!("text={}", file.display());
    let arguments = ["check", "-q", SEEDED, "--output", &output];
    run_with(&arguments, &top(), &[("CLICOLOR_FORCE", "1")]);
    let written = std::fs::read_to_string(&file).expect("it is written");
    assert!(!written.contains(ESCAPE) && written.contains("relations decided"));
}
