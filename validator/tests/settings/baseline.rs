//! Findings of the first day.

use crate::scene::{QUEUES, Scene};

#[test]
fn only_new_findings_fail() {
    let scene = Scene::queues("");
    let written = scene.run(&["baseline", "write", "--to", "known.json"]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    assert!(
        scene
            .read("known.json")
            .contains("\"format_version\": \"1.0\"")
    );
    let run = scene.check(&["--baseline", "known.json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(run.findings()[0].starts_with("attribute-differs known"));
    assert_eq!(run.report()["summary"]["in_baseline"], 1);
    // Another value is no news; another attribute is.
    scene.write("main.tf", QUEUES.replace("86400", "43200"));
    assert_eq!(scene.check(&["--baseline", "known.json"]).code, Some(0));
    scene.write(
        "main.tf",
        QUEUES.replace("= 345600", "= 345600\n  visibility_timeout_seconds = 60"),
    );
    let run = scene.check(&["--baseline", "known.json"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert_eq!(run.report()["summary"]["in_baseline"], 1);
}

#[test]
fn a_baseline_follows_moved_blocks_and_says_what_is_gone() {
    let scene = Scene::queues("");
    scene.run(&["baseline", "write"]);
    let moved = |from: &str, to: &str| format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n");
    scene.write(
        "main.tf",
        format!(
            "{}{}{}",
            QUEUES.replace("jobs_", "work_"),
            moved("aws_sqs_queue.jobs_primary", "aws_sqs_queue.work_primary"),
            moved(
                "aws_sqs_queue.jobs_secondary",
                "aws_sqs_queue.work_secondary"
            )
        ),
    );
    let run = scene.check(&["--baseline", "drcheck-baseline.json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(!run.stderr.contains("not met"), "{}", run.stderr);
    scene.write("main.tf", QUEUES.replace("86400", "345600"));
    let run = scene.check(&["--baseline", "drcheck-baseline.json"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("1 of 1 fingerprints"), "{}", run.stderr);
}

#[test]
fn what_is_no_baseline_is_refused() {
    let scene = Scene::queues("");
    for (text, expected) in [
        ("{}", "findings"),
        ("[1]", "not a baseline"),
        ("", "empty"),
        ("{\"format_version\": \"2.0\", \"findings\": []}", "2.0"),
    ] {
        scene.write("known.json", text);
        let run = scene.check(&["--baseline", "known.json"]);
        assert_eq!(run.code, Some(2), "{text}");
        assert!(run.stderr.contains(expected), "{text}: {}", run.stderr);
    }
    let run = scene.check(&["--baseline", "missing.json"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("cannot read missing.json"),
        "{}",
        run.stderr
    );
    let run = scene.run(&["baseline", "write", "--to", "no/such/directory.json"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("cannot write"), "{}", run.stderr);
}
