//! `drcheck init`: what it writes gives the report of a file that people wrote.

use std::path::Path;

use serde_json::Value as Json;

use crate::scene::{ESTATE, QUEUES, Scene, run};

fn report(directory: &Path, arguments: &[&str]) -> Json {
    let mut all = vec![
        "check",
        "--quiet",
        "--format",
        "json",
        "--today",
        "2026-06-15",
    ];
    all.extend(arguments);
    let run = run(&all, directory);
    let mut report = run.report();
    // The name is free.
    report["roles"]["estate"] = Json::Null;
    report
}

#[test]
fn a_written_file_gives_the_report_of_one_by_hand() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    let run = scene.run(&["init"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let own = report(&scene.path(""), &[]);
    scene.write("dr.hcl", ESTATE);
    assert_eq!(own, report(&scene.path(""), &[]));
}

#[test]
fn init_on_the_example_gives_the_report_of_its_own_file() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/mirror-check");
    let copied = tempfile::TempDir::new().expect("a temporary directory");
    copy(&example, copied.path());
    // One repository, as the example is.
    std::fs::create_dir(copied.path().join(".git")).expect("a directory");
    for root in ["live", "broken"] {
        let directory = copied.path().join(root);
        let by_hand = report(&directory, &[]);
        let file = directory.join("dr.hcl");
        std::fs::remove_file(&file).expect("removed");
        let init = run(&["init", "--quiet"], &directory);
        assert_eq!(init.code, Some(0), "{}", init.stderr);
        // What only people know: how the keys are used.
        let text = std::fs::read_to_string(&file).expect("written");
        std::fs::write(&file, text.replace("# use ", "use ")).expect("written");
        let own = report(&directory, &[]);
        assert_eq!(known(&by_hand), known(&own), "{root}");
    }
}

/// A report without tiers, accounts and arguments of rules, which no code says.
fn known(report: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    for list in ["findings", "gaps"] {
        for item in report[list].as_array().expect("a list") {
            lines.push(format!(
                "{list} {} {} {}",
                item["rule"], item["severity"], item["fingerprint"]
            ));
        }
    }
    lines.push(report["pairs"].to_string());
    lines.push(report["strays"].to_string());
    lines.push(report["roles"]["strategy"].to_string());
    lines.push(report["roles"]["cidr"].to_string());
    lines.sort();
    lines
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[test]
fn what_is_there_is_not_written_over() {
    let scene = Scene::queues("");
    let run = scene.run(&["init"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(scene.read("dr.hcl"), ESTATE);
    let run = scene.run(&["init", "--print"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stdout.contains("primary   = \"us-east-1\""),
        "{}",
        run.stdout
    );
    assert_eq!(scene.read("dr.hcl"), ESTATE);
    assert_eq!(scene.run(&["init", "--force"]).code, Some(0));
    assert!(scene.read("dr.hcl").contains(ESTATE.trim_end()));
}

#[test]
fn what_a_file_says_is_kept_and_only_added_to() {
    let said = format!(
        "# by hand\n{ESTATE}\ntier \"jobs\" {{\n  rto   = \"1h\"\n  rpo   = \"5m\"\n  match = [\"aws_sqs_*\"]\n}}\n\nrule \"dns-ttl-too-long\" {{ max = \"30s\" }}\n"
    );
    let builds = "resource \"aws_sqs_queue\" \"builds\" {\n  name = \"builds\"\n}\n";
    let scene = Scene::new(&[
        ("main.tf", &format!("{QUEUES}\n{builds}")),
        ("dr.hcl", &said),
    ]);
    let run = scene.run(&["init", "--print"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.starts_with(&said), "{}", run.stdout);
    let single = "# single \"aws_sqs_queue.builds\" { reason = \"\" }";
    assert!(run.stdout.contains(single), "{}", run.stdout);
    assert_eq!(scene.run(&["init", "--force"]).code, Some(0));
    let once = scene.read("dr.hcl");
    assert_eq!(once, run.stdout);
    // A second time there is nothing to add.
    assert_eq!(scene.run(&["init", "--force"]).code, Some(0));
    assert_eq!(scene.read("dr.hcl"), once);
}

#[test]
fn one_of_a_set_is_no_single_and_the_name_is_that_of_the_resources() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/mirror-check");
    let copied = tempfile::TempDir::new().expect("a temporary directory");
    copy(&example, copied.path());
    std::fs::create_dir(copied.path().join(".git")).expect("a directory");
    let directory = copied.path().join("broken");
    std::fs::remove_file(directory.join("dr.hcl")).expect("removed");
    let run = run(&["init", "--quiet", "--print"], &directory);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.contains("estate \"moleculeflow\" {"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("# single "), "{}", run.stdout);
}

#[test]
fn unclear_roles_are_a_guess_that_says_so() {
    let third = QUEUES.replace("us-west-2", "eu-west-1")
        + "\nprovider \"aws\" {\n  alias  = \"third\"\n  region = \"us-west-2\"\n}\n\nresource \"aws_sqs_queue\" \"jobs_third\" {\n  provider = aws.third\n  name     = \"jobs\"\n}\n";
    let scene = Scene::new(&[("main.tf", &third)]);
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("A dr.hcl to begin with"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("estate \"main\" {"), "{}", run.stderr);
    let run = scene.run(&["init"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        scene
            .read("dr.hcl")
            .starts_with("# A guess: 3 regions are in use")
    );
    assert_ne!(scene.check(&[]).code, Some(2));
}

#[test]
fn what_lives_once_is_proposed_as_a_comment() {
    let scene = Scene::new(&[(
        "main.tf",
        &format!("{QUEUES}\nresource \"aws_sqs_queue\" \"builds\" {{\n  name = \"builds\"\n}}\n"),
    )]);
    assert_eq!(scene.run(&["init"]).code, Some(0));
    let text = scene.read("dr.hcl");
    assert!(
        text.contains("# single \"aws_sqs_queue.builds\" { reason = \"\" }"),
        "{text}"
    );
}
