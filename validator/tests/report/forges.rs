//! The forms that forges and test runners read: `JUnit`, GitLab, Markdown, GitHub annotations, and text.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::program::{ALL, SEEDED, harmful, json, list, many, report, run, run_with, text};

/// Findings that count.
fn counting(report: &Json) -> usize {
    list(report, "/findings")
        .iter()
        .filter(|finding| finding["accepted"].is_null() && finding["in_baseline"] == false)
        .count()
}

/// How much is undecided or was not read in full.
fn besides(report: &Json) -> usize {
    let told = list(report, "/diagnostics").iter();
    list(report, "/gaps").len() + told.filter(|it| it["severity"] != "note").count()
}

#[test]
fn gitlab_has_what_it_requires() {
    for estate in ALL {
        let issues: Json = serde_json::from_str(&report(estate, "gitlab")).expect("JSON");
        let issues = issues.as_array().expect("a list");
        assert_eq!(
            issues.len(),
            counting(&json(estate)) + besides(&json(estate))
        );
        let mut fingerprints = BTreeSet::new();
        for issue in issues {
            assert!(!text(issue, "/description").is_empty());
            assert!(!text(issue, "/check_name").is_empty());
            assert!(fingerprints.insert(text(issue, "/fingerprint")));
            assert!(matches!(
                text(issue, "/severity"),
                "blocker" | "critical" | "major" | "info"
            ));
            let path = text(issue, "/location/path");
            assert!(!path.starts_with('/') && !path.contains("..") && !path.is_empty());
            assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
        }
    }
}

#[test]
fn github_has_a_line_for_each_finding() {
    for estate in ALL {
        let lines = report(estate, "github");
        let annotations: Vec<&str> = lines
            .lines()
            .filter(|line| line.starts_with("::"))
            .collect();
        assert_eq!(
            annotations.len(),
            counting(&json(estate)) + besides(&json(estate))
        );
        assert_eq!(lines.lines().count(), annotations.len() + 1);
        for line in annotations {
            let (head, message) = line[2..].split_once("::").expect("a message");
            let (level, properties) = head.split_once(' ').expect("properties");
            assert!(matches!(level, "error" | "warning" | "notice"));
            assert!(properties.contains("title=") && !message.is_empty());
            if let Some(file) = properties.strip_prefix("file=") {
                assert!(
                    file.starts_with(estate) || file.starts_with("examples/mirror-check/modules"),
                    "{file}"
                );
            }
        }
    }
}

#[test]
fn a_comment_stays_short_and_says_what_it_leaves_out() {
    let directory = many(600);
    let arguments = ["check", "-q", "--format", "markdown"];
    let run = run_with(&arguments, directory.path(), &[]);
    assert!(run.stdout.len() < 60_000, "{} bytes", run.stdout.len());
    assert!(run.stdout.contains("more findings are not shown here"));
    for estate in ALL {
        let comment = report(estate, "markdown");
        assert!(comment.len() < 60_000);
        assert_eq!(
            comment.matches("<details>").count(),
            comment.matches("</details>").count()
        );
        assert!(comment.starts_with("### drcheck: us-east-1 → us-west-2\n"));
    }
}

#[test]
fn a_comment_has_no_markup_of_values() {
    let directory = harmful();
    let comment = run_with(
        &["check", "-q", "--format", "markdown"],
        directory.path(),
        &[],
    )
    .stdout;
    assert!(comment.contains("onerror"), "the value is shown: {comment}");
    assert!(!comment.contains("<img") && !comment.contains("<script"));
}

#[test]
fn text_ends_with_all_figures() {
    for estate in ALL {
        let (shown, report) = (report(estate, "text"), json(estate));
        let last = shown.lines().last().expect("a line");
        let figure = |name: &str| report["summary"][name].as_u64().expect("a figure");
        assert_eq!(
            last,
            format!(
                "{} of {} relations decided: {} hold, {} broken; {} undecided",
                figure("decided"),
                figure("relations"),
                figure("hold"),
                figure("broken"),
                figure("undecided")
            )
        );
        assert!(!shown.contains('\u{1b}'), "no colours in a pipe");
    }
}

#[test]
fn families_can_be_left_out() {
    let chosen = |arguments: &[&str]| -> BTreeSet<String> {
        let all = [&["check", "-q", SEEDED, "--format", "json"], arguments].concat();
        let report: Json = serde_json::from_str(&run(&all).stdout).expect("JSON");
        list(&report, "/findings")
            .iter()
            .map(|finding| text(finding, "/family").to_owned())
            .collect()
    };
    assert_eq!(
        chosen(&["--select", "objects"]),
        BTreeSet::from(["objects".to_owned()])
    );
    assert!(!chosen(&["--ignore", "objects"]).contains("objects"));
}
