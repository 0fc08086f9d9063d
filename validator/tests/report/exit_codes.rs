//! How a check ends: the exit codes, outputs that cannot be written, words that do not exist.

use super::program::{
    BROKEN, LIVE, ROLES, SEEDED, TWO_REGION, regions, run, run_with, scene, write,
};

fn code(arguments: &[&str]) -> Option<i32> {
    run(arguments).code
}

#[test]
fn findings_end_with_1_and_a_mirror_with_0() {
    assert_eq!(code(&["check", "-q", LIVE]), Some(0));
    assert_eq!(code(&["check", "-q", BROKEN]), Some(1));
    assert_eq!(code(&["-q", BROKEN]), Some(1), "check is the default");
    assert_eq!(
        code(&["check", "-q", SEEDED, "--fail-on", "never"]),
        Some(0)
    );
    assert_eq!(
        code(&["check", "-q", SEEDED, "--fail-on", "breaks"]),
        Some(1)
    );
}

#[test]
fn only_the_severity_that_is_asked_for_fails() {
    // Of this rule there is one finding, and it degrades.
    let only = |level: &str| {
        code(&[
            "check",
            "-q",
            SEEDED,
            "--select",
            "dns-ttl-too-long",
            "--fail-on",
            level,
        ])
    };
    assert_eq!(only("drifts"), Some(1));
    assert_eq!(only("degrades"), Some(1));
    assert_eq!(only("breaks"), Some(0));
}

#[test]
fn strict_fails_on_what_is_undecided_with_4() {
    let strict = ["check", "-q", SEEDED, "--fail-on", "never", "--strict"];
    assert_eq!(code(&strict), Some(4));
    assert_eq!(code(&["check", "-q", SEEDED, "--strict"]), Some(1));
    assert_eq!(code(&["check", "-q", LIVE, "--strict"]), Some(0));
}

#[test]
fn a_file_that_cannot_be_parsed_ends_with_3() {
    let directory = scene(&regions(
        "resource \"aws_sns_topic\" \"a\" {}",
        "resource \"aws_sns_topic\" \"b\" { provider = aws.west }",
    ));
    write(directory.path(), "dr.hcl", ROLES);
    let fine = run_with(&["check", "-q"], directory.path(), &[]);
    write(
        directory.path(),
        "wrong.tf",
        "resource \"aws_sns_topic\" {{{\n",
    );
    let wrong = run_with(&["check", "-q"], directory.path(), &[]);
    assert_ne!(fine.code, Some(3), "{}", fine.stderr);
    assert_eq!(wrong.code, Some(3), "{}", wrong.stderr);
    assert!(
        wrong.stdout.trim_end().ends_with("; 1 file not parsed"),
        "{}",
        wrong.stdout
    );
}

#[test]
fn what_terraform_would_refuse_ends_with_3() {
    let both = regions(
        "resource \"aws_sns_topic\" \"a\" {\n  name = \"a\"\n}",
        "resource \"aws_sns_topic\" \"b\" {\n  provider = aws.west\n  name     = \"a\"\n}",
    );
    for (name, text) in [
        (
            "again.tf",
            "resource \"aws_sns_topic\" \"a\" {\n  name = \"b\"\n}\n",
        ),
        ("loop.tf", "module \"me\" {\n  source = \"./\"\n}\n"),
        (
            "wrong.tf",
            "resource \"aws_sqs_queue\" \"q\" {\n  name = upper(1, 2)\n}\n",
        ),
    ] {
        let directory = scene(&both);
        write(directory.path(), "dr.hcl", ROLES);
        let fine = run_with(&["check", "-q"], directory.path(), &[]);
        assert_eq!(fine.code, Some(0), "{}{}", fine.stdout, fine.stderr);
        write(directory.path(), name, text);
        let wrong = run_with(&["check", "-q"], directory.path(), &[]);
        assert_eq!(wrong.code, Some(3), "{name}: {}", wrong.stderr);
        assert!(wrong.stderr.contains("error"), "{name}: {}", wrong.stderr);
    }
}

#[test]
fn no_report_is_written_over_another_or_over_a_source() {
    let directory = scene(&regions("", ""));
    let at = directory.path();
    write(at, "dr.hcl", ROLES);
    write(at, "saved.json", "{}");
    write(at, "terraform.tfvars", "");
    let twice = [
        "check",
        "-q",
        "--output",
        "json=a.txt",
        "--output",
        "text=./a.txt",
    ];
    let run = run_with(&twice, at, &[]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("a.txt"), "{}", run.stderr);
    assert!(!at.join("a.txt").exists());
    for name in ["main.tf", "./main.tf", "dr.hcl", "terraform.tfvars"] {
        let before = std::fs::read_to_string(at.join(name)).expect("a source");
        let output = format!("json={name}");
        let run = run_with(&["check", "-q", "--output", &output], at, &[]);
        assert_eq!(run.code, Some(2), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("written over"), "{}", run.stderr);
        let after = std::fs::read_to_string(at.join(name)).expect("a source");
        assert_eq!(before, after);
    }
    let saved = run_with(&["inventory", "-q", "--format", "json"], at, &[]);
    write(at, "saved.json", &saved.stdout);
    let over = [
        "check",
        "-q",
        "--inventory",
        "saved.json",
        ".",
        "--output",
        "json=saved.json",
    ];
    let run = run_with(&over, at, &[]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    let after = std::fs::read_to_string(at.join("saved.json")).expect("a source");
    assert_eq!(saved.stdout, after);
}

#[test]
fn nothing_to_compare_ends_with_3() {
    let directory = scene("locals {\n  nothing = true\n}\n");
    write(directory.path(), "dr.hcl", ROLES);
    let run = run_with(&["check", "-q"], directory.path(), &[]);
    assert_eq!(run.code, Some(3), "{}{}", run.stdout, run.stderr);
}

#[test]
fn wrong_usage_ends_with_2() {
    assert_eq!(code(&["check", "--format", "pdf", SEEDED]), Some(2));
    assert_eq!(code(&["check", "-q", "no/such/directory"]), Some(2));
    for output in ["pdf=a.pdf", "json", "json="] {
        let run = run(&["check", "-q", SEEDED, "--output", output]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("FORMAT=FILE"), "{}", run.stderr);
    }
}

#[test]
fn a_rule_that_does_not_exist_is_told_with_the_nearest() {
    for option in ["--select", "--ignore"] {
        let run = run(&["check", "-q", SEEDED, option, "no-replcia"]);
        assert_eq!(run.code, Some(2));
        assert!(
            run.stderr.contains("did you mean no-replica?"),
            "{}",
            run.stderr
        );
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn what_can_be_written_is_written() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (first, never, last) = (path("a.json"), path("none/b.html"), path("c.sarif"));
    let run = run(&[
        "check",
        "-q",
        TWO_REGION,
        "--output",
        &format!("json={first}"),
        "--output",
        &format!("html={never}"),
        "--output",
        &format!("sarif={last}"),
    ]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains(&format!("cannot write {never}")),
        "{}",
        run.stderr
    );
    for file in [first, last] {
        let text = std::fs::read_to_string(&file).expect("it is written");
        serde_json::from_str::<serde_json::Value>(&text).expect("and whole");
    }
    assert!(run.stdout.contains("relations decided"));
}

#[test]
fn pages_of_rules_are_current() {
    let run = run(&["rules", "--write-docs", "docs/rules", "--check"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn a_stale_page_is_named() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let pages = directory.path().display().to_string();
    assert_eq!(code(&["rules", "--write-docs", &pages]), Some(0));
    write(directory.path(), "no-replica.md", "old");
    write(directory.path(), "no-such-rule.md", "old");
    let stale = run(&["rules", "--write-docs", &pages, "--check"]);
    assert_eq!(stale.code, Some(2));
    for name in ["no-replica.md", "no-such-rule.md", "make docs"] {
        assert!(stale.stderr.contains(name), "{}", stale.stderr);
    }
    assert_eq!(code(&["rules", "--write-docs", &pages]), Some(0));
    assert_eq!(code(&["rules", "--write-docs", &pages, "--check"]), Some(0));
}

/// The complaint of a command that must end with 2.
fn complaint(arguments: &[&str]) -> String {
    let directory = scene("locals {\n  nothing = true\n}\n");
    write(directory.path(), "dr.hcl", ROLES);
    let run = run_with(arguments, directory.path(), &[]);
    assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stdout);
    assert!(!directory.path().join("-").exists());
    let main = std::fs::read_to_string(directory.path().join("main.tf"));
    assert!(main.is_ok_and(|text| text.contains("nothing = true")));
    run.stderr
}

#[test]
fn what_can_only_be_a_slip_is_refused() {
    for (arguments, said) in [
        (&["chek", "broken"][..], "did you mean check?"),
        (
            &["check", "--select", "network", "--ignore", "network"],
            "no rule is left to ask",
        ),
        (&["check", "--output", "json=-"], "is no file"),
        (
            &["check", "--output", "json=main.tf"],
            "is one of the sources",
        ),
        (
            &["check", "--output", "json=a", "--output", "sarif=a"],
            "two reports would be written",
        ),
        (
            &["check", "--select", "foo"],
            "there is no such rule or family (drcheck rules",
        ),
    ] {
        let told = complaint(arguments);
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
}

#[test]
fn a_finding_that_is_not_there_is_not_fixed_in_silence() {
    let run = run(&["fix", "-q", BROKEN, "--finding", "ffffffff"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(
        run.stderr.contains("no finding has such a fingerprint"),
        "{}",
        run.stderr
    );
}

#[test]
fn names_are_suggested_only_where_they_are_close() {
    let told = |text: &str| {
        let directory = scene("");
        write(directory.path(), "dr.hcl", text);
        let run = run_with(&["check", "-q"], directory.path(), &[]);
        assert_eq!(run.code, Some(2), "{}", run.stdout);
        run.stderr
    };
    let slip = told("teir \"a\" {\n}\n");
    assert!(slip.contains("did you mean tier?"), "{slip}");
    let other = told("tier \"a\" {\n  foo = 1\n}\n");
    assert!(!other.contains("did you mean"), "{other}");
    let value = told("estate = \"x\"\n");
    assert!(
        value.contains("expected a block") && !value.contains("did you mean"),
        "{value}"
    );
}
