//! Entries that accept findings: bound to value and day, and told when they mean nothing.

use crate::scene::{QUEUES, RULE, Scene};

/// An entry about the queues.
fn accept(value: &str, expires: &str) -> String {
    format!(
        r#"
accept "retention" {{
  rule            = "{RULE}"
  pair            = "aws_sqs_queue.jobs_primary"
  attribute       = "message_retention_seconds"
  secondary_value = {value}
  owner           = "data team"
  reason          = "the standby drains faster"
  expires         = "{expires}"
}}
"#
    )
}

#[test]
fn without_an_entry_the_finding_counts() {
    let scene = Scene::queues("");
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let findings = run.findings();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].starts_with("attribute-differs counts"));
}

#[test]
fn an_accepted_finding_is_shown_and_does_not_fail() {
    for pair in ["aws_sqs_queue.jobs_primary", "aws_sqs_queue.jobs_secondary"] {
        let entry = accept("86400", "2026-06-15").replace("aws_sqs_queue.jobs_primary", pair);
        let scene = Scene::queues(&entry);
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(0), "{}", run.stdout);
        assert!(run.findings()[0].starts_with("attribute-differs accepted by retention"));
        let report = run.report();
        assert_eq!(report["summary"]["accepted"], 1);
        assert_eq!(report["summary"]["breaks"], 0);
    }
}

#[test]
fn an_entry_ends_with_its_last_day() {
    let scene = Scene::queues(&accept("86400", "2026-06-14"));
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(1));
    let findings = run.findings();
    assert!(
        findings[0].starts_with("attribute-differs counts"),
        "{findings:#?}"
    );
    assert!(
        findings[1].contains("accept-expired counts: accept \"retention\" ended on 2026-06-14")
    );
}

#[test]
fn another_value_reopens_the_finding() {
    let scene = Scene::queues(&accept("43200", "2027-01-01"));
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(1));
    let findings = run.findings();
    assert!(findings[0].starts_with("attribute-differs counts"));
    assert!(
        findings[1].contains("secondary_value is \"43200\", and now it is 86400"),
        "{findings:#?}"
    );
}

#[test]
fn an_entry_without_value_or_attribute_accepts_nothing() {
    let whole = accept("86400", "2027-01-01");
    for (left_out, expected) in [
        (
            "  secondary_value = 86400\n",
            "secondary_value is missing, and it is 86400",
        ),
        (
            "  attribute       = \"message_retention_seconds\"\n",
            "needs attribute = \"message_retention_seconds\"",
        ),
    ] {
        let scene = Scene::queues(&whole.replace(left_out, ""));
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(1));
        let told = run.findings().join("\n");
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn what_accepts_nothing_is_told_and_misspelt_addresses_have_a_hint() {
    let scene =
        Scene::queues(&accept("86400", "2027-01-01").replace("jobs_primary", "jobs_primry"));
    let told = scene.check(&[]).findings().join("\n");
    assert!(
        told.contains("there is no instance aws_sqs_queue.jobs_primry; did you mean aws_sqs_queue.jobs_primary?"),
        "{told}"
    );
    let scene = Scene::queues(&accept("86400", "2027-01-01"));
    scene.write("main.tf", QUEUES.replace("86400", "345600"));
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(0));
    let told = run.findings().join("\n");
    assert!(
        told.contains("accept-unused counts: accept \"retention\" accepts nothing"),
        "{told}"
    );
    // What is not asked is not unused.
    assert!(scene.check(&["--ignore", RULE]).findings().is_empty());
    assert!(
        scene
            .check(&["--ignore", "exceptions"])
            .findings()
            .is_empty()
    );
}

#[test]
fn entries_follow_moved_blocks() {
    let scene = Scene::queues(&accept("86400", "2027-01-01"));
    scene.write(
        "main.tf",
        format!(
            "{}\nmoved {{\n  from = aws_sqs_queue.jobs_primary\n  to   = aws_sqs_queue.work_primary\n}}\n",
            QUEUES.replace("jobs_", "work_")
        ),
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(run.findings()[0].starts_with("attribute-differs accepted"));
    // A saved inventory knows it too.
    let saved = scene.run(&["inventory", "--format", "json"]);
    scene.write("saved.json", &saved.stdout);
    let run = scene.check(&[".", "--inventory", "saved.json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let scene = Scene::queues("");
    scene.write("inventory.json", &saved.stdout);
    assert!(saved.stdout.contains("\"moved\""));
}

#[test]
fn singles_pairs_and_uses_that_mean_nothing_are_told() {
    let scene = Scene::queues(
        r#"
single "aws_sqs_queue.builds" { reason = "only used by builds" }
single "aws_sqs_queue.jobs_primary" { reason = "once" }
use "aws_kms_key.none" { client_side = true }
pair {
  primary   = "aws_sqs_queue.jobs_secondary"
  secondary = "aws_sqs_queue.jobs_primary"
}
pair {
  primary   = "aws_sqs_queue.nobody"
  secondary = "aws_sqs_queue.jobs_secondary"
}
"#,
    );
    let told = scene.check(&[]).findings().join("\n");
    for expected in [
        "single-unused counts: single \"aws_sqs_queue.builds\" means nothing: there is no instance",
        "single-unused counts: single \"aws_sqs_queue.jobs_primary\" means nothing: it has a counterpart",
        "use-unused counts: use \"aws_kms_key.none\"",
        "stands in us-west-2, which is not the primary region",
        "there is no instance aws_sqs_queue.nobody",
    ] {
        assert!(told.contains(expected), "{expected} in:\n{told}");
    }
}

#[test]
fn instances_of_one_resource_are_accepted_by_themselves() {
    let several = QUEUES
        .replace("resource \"aws_sqs_queue\" \"jobs_primary\" {\n  name ", "resource \"aws_sqs_queue\" \"jobs_primary\" {\n  for_each = toset([\"a\", \"b\"])\n  name ")
        .replace("resource \"aws_sqs_queue\" \"jobs_secondary\" {\n", "resource \"aws_sqs_queue\" \"jobs_secondary\" {\n  for_each = toset([\"a\", \"b\"])\n")
        .replace("\"jobs\"", "\"jobs-${each.key}\"");
    let scene = Scene::queues(
        &accept("86400", "2027-01-01").replace("jobs_primary\"", "jobs_primary[\\\"a\\\"]\""),
    );
    scene.write("main.tf", &several);
    let findings = scene.check(&[]).findings();
    assert_eq!(findings.len(), 2, "{findings:#?}");
    let state = |word: &str| findings.iter().filter(|line| line.contains(word)).count();
    assert_eq!((state("accepted by"), state("counts")), (1, 1));
    // Without a key all instances are meant, each with this value.
    scene.write(
        "dr.hcl",
        format!("{}{}", crate::scene::ESTATE, accept("86400", "2027-01-01")),
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(run.findings().len(), 1);
}

#[test]
fn accept_writes_what_check_then_takes() {
    let scene = Scene::queues("# kept as it is\n");
    let run = scene.check(&["--output", "json=report.json"]);
    let report = run.report();
    let fingerprint = report["findings"][0]["fingerprint"].as_str().expect("one");
    let accept = |more: &[&str]| {
        let mut arguments = vec![
            "accept",
            "--from",
            "report.json",
            "--today",
            "2026-06-15",
            "--owner",
            "data team",
        ];
        arguments.extend(more);
        scene.run(&arguments)
    };
    let day = [
        "--reason",
        "it \"drains\" faster",
        "--expires",
        "2026-12-31",
    ];
    let past = accept(&["--reason", "r", "--expires", "2026-06-14"]);
    assert_eq!(past.code, Some(2));
    assert!(past.stderr.contains("that day is over"), "{}", past.stderr);
    let none = accept(&[&day[..], &["--fingerprint", "ffffff"]].concat());
    assert_eq!(none.code, Some(2), "{}", none.stderr);
    let written = accept(&[&day[..], &["--fingerprint", &fingerprint[..8]]].concat());
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let text = scene.read("dr.hcl");
    assert!(text.contains("# kept as it is\n"), "{text}");
    assert!(
        text.contains("reason          = \"it \\\"drains\\\" faster\""),
        "{text}"
    );
    let run = scene.check(&["--output", "json=report.json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    // Which findings, or that all are meant, must be said.
    let unsaid = accept(&day);
    assert_eq!(unsaid.code, Some(2));
    assert!(unsaid.stderr.contains("--fingerprint"), "{}", unsaid.stderr);
    // All is accepted: there is nothing left to write.
    let day = [&day[..], &["--all"]].concat();
    assert_eq!(accept(&day).code, Some(2));
    // Another value takes the place of the old entry.
    scene.write("main.tf", QUEUES.replace("86400", "43200"));
    scene.check(&["--output", "json=report.json"]);
    assert_eq!(accept(&day).code, Some(0));
    assert_eq!(scene.read("dr.hcl"), text.replace("86400", "43200"));
    assert_eq!(scene.check(&[]).code, Some(0));
}

#[test]
fn a_sensitive_value_is_bound_by_its_digest() {
    let secret = QUEUES.replace("= 86400", "= sensitive(86400)");
    let scene = Scene::queues("");
    scene.write("main.tf", &secret);
    scene.write("key", "a key");
    let run = scene.check(&["--output", "json=report.json"]);
    if run.findings().is_empty() {
        // Nothing is found of what must not be shown: then there is nothing to accept.
        return;
    }
    let accept = [
        "accept",
        "--all",
        "--from",
        "report.json",
        "--owner",
        "o",
        "--reason",
        "r",
        "--expires",
        "2099-01-01",
    ];
    let refused = scene.run(&accept);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("--digest-key"),
        "{}",
        refused.stderr
    );
    scene.check(&["--digest-key", "key", "--output", "json=report.json"]);
    assert_eq!(scene.run(&accept).code, Some(0));
    assert!(!scene.read("dr.hcl").contains("86400"));
    assert_eq!(scene.check(&["--digest-key", "key"]).code, Some(0));
    assert_eq!(scene.check(&[]).code, Some(1));
    scene.write("main.tf", secret.replace("86400", "43200"));
    assert_eq!(scene.check(&["--digest-key", "key"]).code, Some(1));
}

#[test]
fn a_far_last_day_is_warned_about() {
    let scene = Scene::queues("");
    scene.check(&["--output", "json=report.json"]);
    let accept = |day: &str| {
        scene.run(&[
            "accept",
            "--all",
            "--from",
            "report.json",
            "--owner",
            "o",
            "--reason",
            "r",
            "--today",
            "2026-06-15",
            "--expires",
            day,
        ])
    };
    let far = accept("2999-01-01");
    assert_eq!(far.code, Some(0), "{}", far.stderr);
    assert!(
        far.stderr.contains("more than a year away"),
        "{}",
        far.stderr
    );
    assert!(!accept("2027-06-15").stderr.contains("year away"));
}
