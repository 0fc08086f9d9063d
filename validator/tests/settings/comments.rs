//! Comments in configuration that accept findings.

use crate::scene::{ESTATE, QUEUES, Scene};

const FIELDS: &str =
    "attribute-differs owner=\"data team\" expires=2027-01-01 value=86400 reason=\"drains faster\"";

/// The line of the secondary's retention, with other text.
fn with(line: &str) -> Scene {
    let scene = Scene::queues("");
    scene.write(
        "main.tf",
        QUEUES.replace(
            "  message_retention_seconds = 86400\n",
            &format!("{line}\n"),
        ),
    );
    scene
}

#[test]
fn a_comment_on_the_line_or_above_it_accepts() {
    for line in [
        format!("  message_retention_seconds = 86400 # drcheck:accept {FIELDS}"),
        format!(
            "  # drcheck:accept {FIELDS}\n  # more about it\n\n  message_retention_seconds = 86400"
        ),
        format!("  // drcheck:accept {FIELDS}\n  message_retention_seconds = 86400"),
        format!("  /* drcheck:accept {FIELDS} */\n  message_retention_seconds = 86400"),
    ] {
        let scene = with(&line);
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(0), "{line}\n{}{}", run.stdout, run.stderr);
        assert!(run.findings()[0].contains("accepted by main.tf:"));
    }
}

#[test]
fn a_comment_on_a_resource_or_module_call_accepts_what_is_in_it() {
    let scene = Scene::queues("");
    scene.write(
        "main.tf",
        QUEUES.replace(
            "resource \"aws_sqs_queue\" \"jobs_secondary\" {",
            &format!("# drcheck:accept {FIELDS}\nresource \"aws_sqs_queue\" \"jobs_secondary\" {{"),
        ),
    );
    assert_eq!(scene.check(&[]).code, Some(0));
    let call = |name: &str, seconds: &str, provider: &str| {
        format!(
            "module \"{name}\" {{\n  source = \"./queue\"\n  seconds = {seconds}\n  providers = {{ aws = {provider} }}\n}}\n"
        )
    };
    let providers = QUEUES.split("resource").next().expect("providers");
    let scene = Scene::new(&[
        ("dr.hcl", ESTATE),
        (
            "queue/main.tf",
            "variable \"seconds\" {}\n\nresource \"aws_sqs_queue\" \"jobs\" {\n  name = \"jobs\"\n  message_retention_seconds = var.seconds\n}\n",
        ),
        (
            "main.tf",
            &format!(
                "{providers}{}# drcheck:accept {FIELDS}\n{}",
                call("queue_primary", "345600", "aws"),
                call("queue_secondary", "86400", "aws.secondary")
            ),
        ),
    ]);
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    // The same from a saved inventory, which has no comments of its own to read.
    let saved = scene.run(&["inventory", "--format", "json"]);
    let other = Scene::new(&[("dr.hcl", ESTATE), ("saved.json", &saved.stdout)]);
    let again = other.run(&[
        "--inventory",
        "saved.json",
        "--format",
        "json",
        "--today",
        "2026-06-15",
    ]);
    assert_eq!(again.code, Some(0), "{}{}", again.stdout, again.stderr);
    assert_eq!(run.findings(), again.findings());
}

#[test]
fn a_missing_field_is_answered_with_the_complete_line() {
    let scene = with(
        "  message_retention_seconds = 86400 # drcheck:accept attribute-differs owner=\"data team\"",
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains(
            "main.tf:19:39: expires, value, reason are missing; the complete line: \
             # drcheck:accept attribute-differs owner=\"data team\" expires=YYYY-MM-DD value=86400 reason=WHY"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn all_that_is_wrong_with_comments_is_told_at_once() {
    let scene = with(
        "  # drcheck:accept attribute-difers owner=a expires=2027-01-01 value=1 reason=b\n  \
         # drcheck:accept attribute-differs owner=a expires=tomorrow value=86400 reason=b\n  \
         # drcheck:accept attribute-differs owner=a until=2027-01-01 value=86400 reason=b\n  \
         message_retention_seconds = 86400",
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(2));
    for expected in [
        "did you mean attribute-differs?",
        "expires is \"tomorrow\"",
        "\"until\" is no field",
    ] {
        assert!(
            run.stderr.contains(expected),
            "{expected} in {}",
            run.stderr
        );
    }
}

#[test]
fn another_value_or_a_passed_day_reopens() {
    for (fields, expected) in [
        (FIELDS.replace("86400", "1"), "accept-unused"),
        (FIELDS.replace("2027-01-01", "2026-06-14"), "accept-expired"),
    ] {
        let scene = with(&format!(
            "  message_retention_seconds = 86400 # drcheck:accept {fields}"
        ));
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(1));
        let told = run.findings().join("\n");
        assert!(told.contains("attribute-differs counts"), "{told}");
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn text_and_downloaded_modules_accept_nothing() {
    let scene = Scene::queues("");
    scene.write(
        "main.tf",
        format!(
            "{QUEUES}\nlocals {{\n  script = <<-EOT\n    # drcheck:accept {FIELDS}\n  EOT\n  text = \"# drcheck:accept nothing\"\n}}\n"
        ),
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(run.findings().len(), 1, "{:#?}", run.findings());
}
